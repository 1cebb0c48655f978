"""The command line as other programs and people use it: exit codes, output, JSON, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SQUARES = """
squares = Claim(says="A square is at least its root.", source=SOURCE, number="L1", let={n: Naturals(caption="a number")},
                given={"positive": n > 0}, then=n**2 >= n, edges={"one": {n: 1}}, remark="An easy one.",
                owes=[Enumeration("every n")], must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
"""
GRID = '@enumeration(squares, scope="n = 1..9")\ndef grid(trial):\n    for count in range(1, 10):\n        yield {n: count}'
FALSE = """
bounded = Claim(says="False.", source=SOURCE, let={n: Naturals()}, then=n**2 <= 6 * n, edges={"one": {n: 1}},
                must_fail=[Mutant("lower", then=n**2 <= n, witness={n: 2})])
"""
WRONG_PROOF = """
@derivation(bounded)
def wrong(trial):
    return Proof([Step("hand waving", "s", checked=True)], n**2 <= 6 * n)
"""
BROKEN_EVIDENCE = '@enumeration(squares, scope="x")\ndef broken(trial):\n    raise RuntimeError("on purpose")'
UNCAUGHT = SQUARES.replace("then=n**2 > n, witness={n: 1}", "then=n**2 >= n - 1")


def lakatos(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, without colours."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}
    return subprocess.run(
        [sys.executable, "-m", "lakatos", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def cli(toy: Any) -> Any:
    """Run the command beside a toy corpus that lies in `corpus/`."""
    toy.root.mkdir()
    return lambda *arguments: lakatos(*arguments, folder=toy.root.parent)


def test_everything_decided_is_0(toy: Any, cli: Any) -> None:
    """A verified claim whose control was caught ends in 0; a second run takes it from the store and ends in 0 too."""
    toy.state(SQUARES)
    toy.prove(GRID)
    first, second = cli("verify", "corpus/"), cli("verify", "corpus/")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "verified toy.squares  controls 1/1" in first.stdout
    assert "(stored)" not in first.stdout
    assert "verified toy.squares  controls 1/1 (stored)" in second.stdout
    assert first.stderr == second.stderr == ""


def test_a_refuted_claim_is_a_result(toy: Any, inside: Any) -> None:
    """A refuted claim ends in 0, with its witness on one line."""
    toy.state(FALSE)
    done = inside("verify", "corpus/", "--fresh")
    assert done.returncode == 0
    assert "toy.bounded: n = 7: 49 against 42 (margin -7)" in done.stdout
    assert not (toy.root.parent / ".lakatos").exists()


def test_a_changed_verdict_is_1(toy: Any, cli: Any) -> None:
    """A verdict that differs from the ledger given by --against ends in 1 and is named; an equal one does not."""
    toy.state(SQUARES)
    toy.prove(GRID)
    assert cli("verify", "corpus/", "--json", "out.json").returncode == 0
    assert cli("verify", "corpus/", "--against", "out.json").returncode == 0
    (toy.root / "proofs_check" / "toy.py").unlink()
    done = cli("verify", "corpus/", "--against", "out.json")
    assert done.returncode == 1
    assert "toy.squares: verified -> undecided" in done.stderr


def test_a_contradiction_is_1(toy: Any, inside: Any) -> None:
    """A proof beside a counterexample ends in 1."""
    toy.state(FALSE)
    toy.prove(WRONG_PROOF)
    done = inside("verify", "corpus/")
    assert done.returncode == 1
    assert "contradiction" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "corpus/", "--profile", "huge"], "unknown profile 'huge'; one of smoke, standard, deep"),
        (["verify", "corpus/", "nothing.*"], "nothing to verify"),
        (["verify", "no/such/folder"], "no such file or folder"),
        (["verify", "corpus/", "--workers", "0"], "--workers"),
        (["verify", "corpus/", "--nonsense"], "--nonsense"),
        (["verify", "corpus/", "--against", "missing.json"], "missing.json: not a readable ledger"),
        (["verify", "corpus/", "--against", "corpus/theorems/toy.py"], "not a readable ledger"),
        (["show", "toy.nothing", "--in", "corpus"], "toy.nothing"),
        (["report", "--ledger", "missing.json"], "run `lakatos verify` first"),
        (["frobnicate"], "frobnicate"),
        (["new", "no-name"], "give PAPER/CLAIM"),
    ],
)
def test_wrong_usage_is_2(toy: Any, inside: Any, arguments: list[str], message: str) -> None:
    """Wrong usage ends in 2 with one clear message and no traceback."""
    toy.state(SQUARES)
    done = inside(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_open_claims_are_3(toy: Any, cli: Any) -> None:
    """An undecided claim with owed evidence ends in 3, and the summary says what is owed."""
    toy.state(SQUARES)
    done = cli("verify", "corpus/")
    assert done.returncode == 3
    assert "owed: enumeration (every n): no evidence function discharges it" in done.stdout


def test_an_uncaught_control_is_3(toy: Any, inside: Any) -> None:
    """A claim whose control survives is open, and the control is named."""
    toy.state(UNCAUGHT)
    toy.prove(GRID)
    done = inside("verify", "corpus/")
    assert done.returncode == 3
    assert "controls not caught: strict" in done.stdout


def test_failed_evidence_is_4(toy: Any, cli: Any) -> None:
    """Evidence that raises ends in 4, with claim, evidence, exception and place."""
    toy.state(SQUARES)
    toy.prove(GRID, BROKEN_EVIDENCE)
    done = cli("verify", "corpus/")
    assert done.returncode == 4
    assert "toy.squares: broken raised RuntimeError: on purpose (toy.py:" in done.stdout
    assert cli("verify", "corpus/").returncode == 4


def test_the_ledger_meets_its_schema(toy: Any, inside: Any) -> None:
    """`--json` writes what the published JSON Schema describes, for every kind of verdict and evidence."""
    toy.state(
        SQUARES,
        FALSE,
        """
    @term("c")
    def chance(value):
        return value
    coin = Claim(says="A coin.", source=SOURCE, then=Eq(chance(Rational(1, 2)), Rational(1, 2)), number="E1",
                 must_fail=[Mutant("biased", then=Eq(chance(Rational(1, 2)), Rational(3, 5)))])
    wrong = Claim(says="A broken one.", source=SOURCE, let={n: Naturals()}, then=n > p)
    found = Finding(title="Six is too small", explains="Seven shows it.", printed=bounded)
    """,
    )
    toy.prove(
        GRID,
        BROKEN_EVIDENCE,
        """
    @simulation(coin, estimates=chance(Rational(1, 2)), resolution=Fraction(1, 20))
    def flips(trial, block, instance):
        return block.uniforms(block.size) < 0.5
    @derivation(squares)
    def chain(trial):
        return Proof([Step("s", "n^2 - n = n(n - 1)", checked=True, routes=("a", "b"))], n**2 >= n)
    @certificate(squares, scope="n = 3")
    def shown(trial):
        yield Certified({n: 3}, {"n": 3}, lambda trial, instance, data: {})
    """,
    )
    done = inside("verify", "corpus/", "--json", "deep/er/out.json")
    assert done.returncode == 2
    ledger = json.loads((toy.root.parent / "deep/er/out.json").read_text())
    schema = json.loads((files("lakatos") / "ledger.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(ledger, schema)
    assert {entry["id"]: entry["verdict"] for entry in ledger["claims"]} == {
        "toy.squares": "proved",
        "toy.bounded": "refuted",
        "toy.coin": "corroborated",
    }
    assert {
        "id",
        "paper",
        "says",
        "status",
        "fidelity",
        "verdict",
        "flags",
        "scope",
        "evidence",
        "controls",
    } <= set(ledger["claims"][0])
    damaged = {**ledger, "claims": [{**ledger["claims"][0], "verdict": "probably"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(damaged, schema)


def test_list_names_papers_and_claims(toy: Any, inside: Any) -> None:
    """`list` shows every claim with its number and sentence, and imports no evidence."""
    toy.state(SQUARES, FALSE)
    toy.write("proofs_check/toy.py", "raise RuntimeError('imported')")
    done = inside("list", "corpus/")
    assert done.returncode == 0
    assert "A toy paper" in done.stdout
    assert "L1  toy.squares  A square is at least its root." in done.stdout
    assert "toy.bounded" in done.stdout


def test_show_tells_everything_about_a_claim(toy: Any, inside: Any) -> None:
    """`show` prints statement, domain, hypothesis, edge, debt, control, evidence, source and the command to reproduce."""
    toy.state(SQUARES)
    toy.prove(GRID)
    done = inside("show", "toy.squares", "--in", "corpus")
    assert done.returncode == 0
    for piece in (
        "A square is at least its root.",
        "n**2 >= n",
        "a number",
        "given positive: n > 0",
        "edge  one: n = 1",
        "owes  enumeration: every n",
        "must fail: strict",
        "evidence enumeration: proofs_check/toy.py:",
        "grid",
        "A toy paper",
        "Lemma 1",
        "a short quote",
        "An easy one.",
        "lakatos verify toy.squares",
    ):
        assert piece in done.stdout
    near = inside("show", "squares", "--in", "corpus")
    assert near.returncode == 2
    assert "toy.squares" in near.stderr


def test_the_new_example_works(toy: Any, cli: Any) -> None:
    """`new` writes files that verify as they are, and refuses to overwrite them."""
    made = cli("new", "my_paper/my_claim", "--in", "corpus")
    assert made.returncode == 0
    written = [line.removeprefix("wrote ") for line in made.stdout.splitlines() if line.startswith("wrote ")]
    assert written == ["corpus/theorems/my_paper.py", "corpus/proofs_check/my_paper.py"]
    done = cli("verify", "corpus/")
    assert (done.returncode, "verified my_paper.my_claim  controls 1/1" in done.stdout) == (0, True)
    again = cli("new", "my_paper/my_claim", "--in", "corpus")
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_doctor_says_what_is_there(inside: Any) -> None:
    """`doctor` names Python, the needed packages and the optional ones with what to install."""
    done = inside("doctor")
    assert done.returncode == 0
    for name in ("python", "sympy", "python-flint", "hypothesis", "pymc", "cupy"):
        assert name in done.stdout
    assert "MISSING" not in done.stdout


def test_help_and_version_teach(inside: Any) -> None:
    """`--help` names every command, `verify --help` tells the exit codes, `--version` the version."""
    shown = inside("--help").stdout
    for command in ("list", "show", "verify", "report", "new", "doctor"):
        assert command in shown
    told = " ".join(inside("verify", "--help").stdout.split())
    for piece in ("Exit codes", "contradiction", "--against", "--json", "--store"):
        assert piece in told
    assert inside("--version").stdout.startswith("lakatos ")


CONJECTURE = '''"""A conjecture of our own."""
from sympy import Symbol, sqrt
from lakatos import Claim, Enumeration, Mutant, Naturals, Paper, Source, term

n = Symbol("n")

@term("d")
def divisors(number: int) -> int:
    """How many numbers divide it."""
    return sum(number % k == 0 for k in range(1, number + 1))

few_divisors = Claim(
    says="A number has at most twice the root of itself many divisors{twist}.",
    source=Source(Paper("Notes", "A. Author", 2026), at="Conjecture 1", quote="few divisors"),
    status="conjecture",
    let={{n: Naturals(search_to=40, caption="a number")}},
    then=divisors(n) <= 2 * sqrt(n){constant},
    edges={{"one": {{n: 1}}}},
    owes=[Enumeration("every n", scope="n = 1..1000")],
    must_fail=[Mutant("root itself", then=divisors(n) <= sqrt(n) - 1, witness={{n: 1}})],
)
'''


def test_a_false_conjecture_in_one_file_is_refuted_with_a_witness(tmp_path: Path) -> None:
    """A made-up false conjecture of at most 25 lines is refuted, with a witness on one line."""
    text = CONJECTURE.format(twist=", less one", constant=" - 1")
    assert len(text.splitlines()) <= 25
    (tmp_path / "conjecture.py").write_text(text)
    done = lakatos("verify", "conjecture.py", folder=tmp_path)
    line = next(line for line in done.stdout.splitlines() if "few_divisors: n =" in line)
    assert "conjecture.few_divisors: n = 2: 2 against 1.82842712474619 (margin -0.171572875253810)" in line
    assert "refuted" in done.stdout


def test_a_true_conjecture_says_what_is_owed(tmp_path: Path) -> None:
    """The true original is undecided, and what would settle it is named with its scope."""
    (tmp_path / "conjecture.py").write_text(CONJECTURE.format(twist="", constant=""))
    done = lakatos("verify", "conjecture.py", folder=tmp_path)
    assert done.returncode == 3
    assert "no counterexample in" in done.stdout
    assert "owed: enumeration (every n): no evidence function discharges it" in done.stdout
