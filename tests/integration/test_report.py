"""The report's files: same bytes each time, hostile texts escaped, failures told, the committed one not stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lakatos import api, discovery
from lakatos.ledger import build
from lakatos.report import ReportError, write
from lakatos.trial import PROFILES

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = """
squares = Claim(says="Squares <img src=x onerror=alert(1)> | *more*.", source=SOURCE, number="T1", let={n: Naturals()}, then=n**2 >= n,
                edges={"one": {n: 1}}, must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
"""
FIGURES = """
@figure(squares, caption="Broken.")
def broken():
    raise ValueError("on purpose")
@figure(squares, caption="Fine.", alt="A line.")
def line():
    from matplotlib.figure import Figure
    drawn = Figure()
    drawn.add_subplot().plot([0, 1], [0, 1])
    return drawn
"""


@pytest.fixture
def run(toy: Any) -> api.Run:
    """A finished run of one claim with hostile text and two figures."""
    toy.state(CLAIMS)
    toy.prove("from lakatos import figure\n" + FIGURES)
    prepared: api.Run = toy.prepared()
    prepared.execute()
    return prepared


def test_the_same_ledger_gives_the_same_bytes(run: api.Run, tmp_path: Path) -> None:
    """Written twice, every file of the report is the same."""
    first, second = (write(run.ledger(), run.corpus, tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_texts_are_escaped_and_a_broken_figure_is_told(run: api.Run, tmp_path: Path) -> None:
    """No tag of a title reaches page or Markdown; a figure that fails says so, the other one is there."""
    page, text, *_ = (path.read_text() for path in write(run.ledger(), run.corpus, tmp_path))
    assert "<img src=x" not in page and "&lt;img src=x" in page
    assert "\\<img src=x" in text
    assert "this figure could not be drawn: ValueError: on purpose" in page
    assert (tmp_path / "figures" / "toy-line.svg").exists()


def test_an_unwritable_folder_is_told(run: api.Run, tmp_path: Path) -> None:
    """A report into something that is a file names it and says what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="choose another folder"):
        write(run.ledger(), run.corpus, tmp_path / "file")


def test_the_committed_report_is_not_stale() -> None:
    """reports/ledger.json has the claims, controls and statements of the corpus as it is now."""
    corpus = discovery.load(ROOT)
    now = build(corpus, {identity: [] for identity in corpus.claims}, PROFILES["smoke"], 0)
    committed = json.loads((ROOT / "reports" / "ledger.json").read_text())

    def structure(ledger: dict[str, Any]) -> dict[str, Any]:
        return {entry["id"]: (entry["then"]["latex"], sorted(control["name"] for control in entry["controls"])) for entry in ledger["claims"]}

    assert structure(now) == structure(committed), "run `python3 dev.py verify` and commit reports/"
