"""Bad input: each kind gets a clear message that names file and claim; the other claims complete; the exit code fits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

START = (
    "from lakatos.trial import PROFILES, Profile; PROFILES['smoke'] = Profile('smoke', 30, 2000, 2.5, 1.5); "
    "from lakatos.cli import main; main()"
)
"""The command with a smaller budget than its own smallest, so that a hang costs seconds."""
FINE = """
squares = Claim(says="A square is at least its root.", source=SOURCE, let={n: Naturals()}, then=n**2 >= n, edges={"one": {n: 1}},
                must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
"""
GRID = '@enumeration(squares, scope="n = 1..9")\ndef grid(trial):\n    for count in range(1, 10):\n        yield {n: count}'
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}


def lakatos(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the small budget."""
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def _others_complete(done: subprocess.CompletedProcess[str]) -> None:
    assert "verified toy.squares  controls 1/1" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def fine(toy: Any) -> Any:
    """A toy corpus with one claim that verifies."""
    toy.state(FINE)
    toy.prove(GRID)
    return toy


def test_broken_files(fine: Any) -> None:
    """A syntax error, an import error, an exit at import and a clash of names: each named with file and line, code 2."""
    fine.write("theorems/with_syntax.py", "x = 1\ny = = 2\n")
    fine.write("theorems/with_import.py", "\nimport no_such_package\n")
    fine.write("theorems/with_exit.py", "import sys\nsys.exit(0)\n")
    fine.write("proofs_check/with_error.py", "1 / 0\n")
    text = (fine.root / "theorems/toy.py").read_text()
    fine.write("theorems/clash/one.py", text)
    fine.write("theorems/clash/two.py", text)
    done = lakatos(fine.root.parent, "verify", "corpus/", "--json", "out.json")
    assert done.returncode == 2
    _others_complete(done)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if row.startswith("squares"))
    for place, message in {
        "theorems/with_syntax.py:2": "SyntaxError",
        "theorems/with_import.py:2": "no_such_package",
        "theorems/with_exit.py:2": "SystemExit",
        "proofs_check/with_error.py:1": "ZeroDivisionError",
        f"theorems/clash/two.py:{line}": "the name clash.squares is taken by",
    }.items():
        assert any(place in row and message in row for row in done.stderr.splitlines()), place
        assert place.split("/")[-1] in done.stdout
    assert len(json.loads((fine.root.parent / "out.json").read_text())["problems"]) == 5


def test_margins_without_a_value(fine: Any) -> None:
    """NaN, complex and infinite margins fail the claim with the instance that shows it, and nothing else; code 4."""
    fine.state(
        FINE,
        """
    import sympy
    @term("f")
    def not_a_number(value):
        return float("nan")
    @term("g")
    def complex_number(value):
        return 1j
    CONTROLS = [Mutant("other", then=x > 5, witness={x: 0})]
    logarithm = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=log(x - 5) > 0, must_fail=CONTROLS)
    root = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=sqrt(x - 5) > 0, must_fail=CONTROLS)
    pole = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=1 / x > 0, must_fail=CONTROLS)
    hypothesis = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, given={"a": log(-x) > 0}, then=x > -1, must_fail=CONTROLS)
    nan = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=not_a_number(x) > 0, must_fail=CONTROLS)
    complex_ = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=complex_number(x) > 0, must_fail=CONTROLS)
    imaginary = Claim(says="s", source=SOURCE, let={x: Reals(0, 1)}, then=sympy.I * x > 0, must_fail=CONTROLS)
    """,
    )
    done = lakatos(fine.root.parent, "verify", "corpus/")
    assert done.returncode == 4
    _others_complete(done)
    for name, message in {
        "logarithm": "log of",
        "root": "fractional power of -5",
        "pole": "division by zero",
        "hypothesis": "log of",
        "nan": "float nan",
        "complex_": "complex",
        "imaginary": "ImaginaryUnit",
    }.items():
        rows = [
            row for row in done.stdout.splitlines() if row.startswith("  failed") and f"toy.{name}" in row
        ]
        assert rows, name
        assert any(message in row for row in rows), (name, rows)
    assert "at x = 0, which meets every hypothesis; add a hypothesis or narrow a domain" in done.stdout


def test_misbehaving_evidence(fine: Any) -> None:
    """Evidence that raises, never returns, allocates without bound or leaves: named with its claim, code 4."""
    fine.prove(
        GRID,
        """
    @enumeration(squares, scope="x")
    def raises(trial):
        raise ValueError("on [bold]purpose[/bold] <b>")
    @enumeration(squares, scope="x")
    def hangs(trial):
        while True: pass
    @enumeration(squares, scope="x")
    def allocates(trial):
        held = []
        while True: held.append(np.empty(5 * 10**7))
    @enumeration(squares, scope="x")
    def leaves(trial):
        os._exit(3)
    @enumeration(squares, scope="x")
    def prints(trial):
        print("noise", flush=True)
        os.write(1, b"noise")
        yield {n: 2}
    """,
    )
    done = lakatos(fine.root.parent, "verify", "corpus/", "--workers", "2")
    assert done.returncode == 4
    assert "noise" not in done.stdout
    for message in (
        "toy.squares: raises raised ValueError: on [bold]purpose[/bold] <b> (toy.py:",
        "toy.squares · hangs: exceeded 2.5 s, the limit of the profile 'smoke'",
        "toy.squares · allocates: ran out of memory (limit 1.5 GiB)",
        "toy.squares · leaves: the process exited with code 3",
    ):
        assert message in done.stdout
    assert "verified powerless failed toy.squares  controls 1/1" in done.stdout


def test_hostile_texts_are_shown_as_they_are(toy: Any, inside: Any) -> None:
    """HTML and terminal markup in a title, a sentence or a name changes nothing: it is shown and stored as text."""
    hostile = '<script>alert(1)</script> [red]&amp; [/] "quoted" {x} %s \\\\'
    toy.write(
        "theorems/toy.py",
        (
            "from sympy import Symbol\nfrom lakatos import Claim, Mutant, Naturals, Paper, Source\n"
            f"TEXT = '{hostile}'\nn = Symbol('n')\n"
            "hostile = Claim(says=TEXT, source=Source(Paper(TEXT, TEXT, 2026), at=TEXT, quote=TEXT), let={n: Naturals(caption=TEXT)},\n"
            "    then=n**2 >= n, edges={TEXT: {n: 1}}, must_fail=[Mutant(TEXT, then=n**2 > n, witness={n: 1})], remark=TEXT)\n"
        ),
    )
    folder, shown = toy.root.parent, hostile.replace("\\\\", "\\")
    done = inside("verify", "corpus/", "--json", "out.json")
    assert done.returncode == 3
    entry = json.loads((folder / "out.json").read_text())["claims"][0]
    assert entry["says"] == entry["remark"] == entry["controls"][0]["name"] == shown
    for command in (["list", "corpus/"], ["show", "toy.hostile", "--in", "corpus"]):
        again = inside(*command)
        assert (again.returncode, shown in again.stdout) == (0, True)


@pytest.mark.parametrize("option", ["--json", "--store", "--report"])
def test_an_output_place_that_cannot_be_written(fine: Any, option: str) -> None:
    """A ledger, store or report below something that is no folder: the message names it and says what to do, code 2."""
    folder = fine.root.parent
    (folder / "occupied").write_text("a file")
    done = lakatos(folder, "verify", "corpus/", option, "occupied/out")
    assert done.returncode == 2
    assert "occupied" in done.stderr
    assert "Traceback" not in done.stderr
    if option != "--store":
        _others_complete(done)
        assert "(stored)" in lakatos(folder, "verify", "corpus/").stdout


def test_a_damaged_store_says_what_to_do(inside: Any, fine: Any) -> None:
    """A store that is no database: the message gives the option that helps, code 2."""
    folder = fine.root.parent
    (folder / ".lakatos").mkdir()
    (folder / ".lakatos" / "store.sqlite").write_bytes(b"no database" * 300)
    done = inside("verify", "corpus/")
    assert (done.returncode, "--store PATH, or move the file away" in done.stderr) == (2, True)
    _others_complete(inside("verify", "corpus/", "--fresh"))


def test_an_interrupted_run_says_how_to_go_on(fine: Any) -> None:
    """Ctrl-C says what is done and how to go on, ends in 130, leaves no process behind, and the same command resumes."""
    fine.state(FINE, FINE.replace("squares", "twice"))
    fine.prove(
        GRID,
        """
    @enumeration(twice, scope="n = 1")
    def waits(trial):
        while os.environ.get("TOY_WAITS"): pass
        yield {n: 1}
        yield {n: 2}
    """,
    )
    folder, command = (
        fine.root.parent,
        [sys.executable, "-m", "lakatos", "verify", "corpus/", "--workers", "1"],
    )
    running = subprocess.Popen(
        command,
        cwd=folder,
        env={**ENVIRONMENT, "TOY_WAITS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    first = running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert "verified toy.squares" in first
    assert running.returncode == 130
    assert "interrupted: 1 of 2 claims are done and stored; the same command goes on from here" in told
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
    resumed = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert resumed.returncode == 0
    assert "verified toy.squares  controls 1/1 (stored)" in resumed.stdout
    assert "verified toy.twice  controls 1/1" in resumed.stdout
