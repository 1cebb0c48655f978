"""The store: what is there is not done again, what has changed is, and a broken store says what to do."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from lakatos import execution
from lakatos.ledger import without_timings
from lakatos.records import Judgement, Record
from lakatos.store import Store, StoreError, code_digest, key_of
from lakatos.trial import PROFILES

SQUARES = """
squares = Claim(says="A square is at least its root.", source=SOURCE, let={n: Naturals()}, then=n**2 >= n,
                edges={"one": {n: 1}}, must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
"""
GRID = '@enumeration(squares, scope="to 9")\ndef grid(trial):\n    for count in range(1, 10):\n        yield {n: count}'
RECORD = Record(
    "toy.c",
    "grid",
    "enumeration",
    "s",
    "w",
    Judgement("supports", cases=3, interval=[0.5, 1.0]),
    {"c": Judgement("refutes", witness={"instance": {"n": 1}})},
    seconds=1.25,
)


def events(run: Any) -> list[str]:
    """Names of the finished evidence, with whether it came from the store."""
    seen: list[str] = []
    run.execute(
        lambda event, unit, record: seen.append(f"{event} {unit.name}") if record is not None else None
    )
    return seen


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    """Writing and reading gives an equal record; an unknown key gives none."""
    store = Store(tmp_path / "deep" / "store.sqlite")
    store.put("key", RECORD)
    assert store.get("key") == RECORD
    assert store.get("other") is None
    assert Store(None).get("key") is None


@pytest.mark.parametrize("outcome", ["failed", "not evaluated"])
def test_failures_are_not_kept(tmp_path: Path, outcome: Any) -> None:
    """A failed record is tried again next time."""
    store = Store(tmp_path / "store.sqlite")
    store.put("key", Record("toy.c", "g", "search", "", "", Judgement(outcome)))
    assert store.get("key") is None


def test_a_second_run_takes_everything_from_the_store(toy: Any, tmp_path: Path) -> None:
    """A second run computes nothing and gives the same ledger, timings included."""
    toy.state(SQUARES)
    toy.prove(GRID)
    path = tmp_path / "store.sqlite"
    first, second = toy.prepared(store=path), toy.prepared(store=path)
    assert events(first) == ["done grid", "done edges", "done search"]
    assert events(second) == ["stored grid", "stored edges", "stored search"]
    assert json.dumps(first.ledger()) == json.dumps(second.ledger())


def test_an_interrupted_run_goes_on_where_it_stopped(toy: Any, tmp_path: Path) -> None:
    """What was finished before an interruption is stored, and the rest completes to the same ledger."""
    toy.state(SQUARES)
    toy.prove(GRID)
    run = toy.prepared(store=tmp_path / "store.sqlite")

    def stop(event: str, unit: Any, record: Any) -> None:
        if record is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.execute(stop)
    assert (run.complete, run.ledger()["claims"]) == ([], [])
    resumed = toy.prepared(store=tmp_path / "store.sqlite")
    assert events(resumed) == ["stored grid", "done edges", "done search"]
    assert without_timings(resumed.ledger()) == without_timings(toy.run())


@pytest.mark.parametrize(
    ("file", "old", "new", "redone"),
    [
        ("theorems/toy.py", "at least its root", "no less than its root", ["grid", "edges", "search"]),
        ("proofs_check/toy.py", "range(1, 10)", "range(1, 11)", ["grid"]),
        ("simulators/models/world.py", "SIDES = 6", "SIDES = 7", ["grid"]),
        ("helper.py", "STEP = 1", "STEP = 2", ["grid"]),
        ("theorems/other.py", "A = 1", "A = 2", []),
    ],
)
def test_changed_code_is_run_again(
    toy: Any, tmp_path: Path, file: str, old: str, new: str, redone: list[str]
) -> None:
    """A changed statement, evidence or imported file makes exactly what depends on it run again."""
    toy.write("theorems/other.py", "A = 1\n")
    toy.write("simulators/models/world.py", "SIDES = 6\n")
    toy.write("helper.py", "STEP = 1\n")
    toy.state(SQUARES)
    toy.prove("from simulators.models.world import SIDES\nfrom helper import STEP", GRID)
    assert toy.load().problems == []
    toy.run(store=tmp_path / "store.sqlite")
    path = toy.root / file
    path.write_text(path.read_text().replace(old, new))
    run = toy.prepared(store=tmp_path / "store.sqlite")
    assert [event.split()[1] for event in events(run) if event.startswith("done")] == redone


def test_profile_and_seed_change_the_key(toy: Any) -> None:
    """Another budget or another seed is another result."""
    toy.state(SQUARES)
    run = toy.prepared()
    keys = {key_of(run.planned[0], profile, seed) for profile in PROFILES.values() for seed in (0, 1)}
    assert len(keys) == 2 * len(PROFILES)
    assert len({key_of(unit, run.profile, 0) for unit in run.planned}) == len(run.planned)


def test_the_code_digest_survives_imports_in_a_circle(toy: Any) -> None:
    """Files that import each other have a digest, and it covers both."""
    first = toy.write("theorems/a.py", "from theorems.b import y\nx = 1\n")
    second = toy.write("theorems/b.py", "from theorems.a import x\ny = 1\n")
    before = code_digest(str(first))
    second.write_text("from theorems.a import x\ny = 2\n")
    code_digest.cache_clear()
    assert code_digest(str(first)) != before


@pytest.mark.parametrize("kind", ["garbage", "folder", "below a file"])
def test_an_unusable_store_says_what_to_do(tmp_path: Path, kind: str) -> None:
    """A store that is no database, a folder, or in an impossible place raises with advice."""
    path = tmp_path / "store.sqlite"
    if kind == "garbage":
        path.write_bytes(b"this is not a database" * 100)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_text("")
        path = path / "store.sqlite"
    with pytest.raises(StoreError, match=r"give another with --store PATH, or move the file away"):
        Store(path)


@pytest.mark.parametrize(
    "damage", ["not json", "{}", "[1, 2]", '"text"', '{"claim": "toy.squares"}', "null", "3"]
)
def test_a_corrupted_row_is_computed_again(toy: Any, tmp_path: Path, damage: str) -> None:
    """A stored record that cannot be read counts as absent."""
    toy.state(SQUARES)
    path = tmp_path / "store.sqlite"
    expected = without_timings(toy.run(store=path))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records SET record = ?", (damage,))
    run = toy.prepared(store=path)
    assert events(run) == ["done edges", "done search"]
    assert without_timings(run.ledger()) == expected


def test_a_store_that_fails_while_writing_says_so(tmp_path: Path) -> None:
    """A store that is damaged during a run raises with advice."""
    store = Store(tmp_path / "store.sqlite")
    (tmp_path / "store.sqlite").write_bytes(b"damaged" * 500)
    with pytest.raises(StoreError, match="cannot be written"):
        store.put("key", RECORD)


def test_nothing_to_do_is_done_at_once() -> None:
    """Executing no units starts no worker."""
    assert list(execution.run([], PROFILES["smoke"], 0, 2)) == []
