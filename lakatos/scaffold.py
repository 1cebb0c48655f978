"""`lakatos new` (a working example to start from) and `lakatos doctor` (what this machine can check)."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


class ScaffoldError(ValueError):
    """The example cannot be written; the message says why and what to do."""


STATEMENT = '''"""{title}: replace this line by authors, year and what the paper shows."""

from sympy import Rational, Symbol

from lakatos import Claim, Enumeration, Mutant, Naturals, Paper, Source, term

PAPER = Paper(title="{title}", authors="A. Author", year=2026)

n = Symbol("n")


@term("S")
def sum_of_first(count: int) -> int:
    """1 + 2 + ... + count, by its definition."""
    return sum(range(1, count + 1))


{claim} = Claim(
    says="The sum of the first n integers is at most n^2.",
    source=Source(PAPER, at="Lemma 1", quote="the sum of the first n integers never exceeds n squared"),
    status="lemma",
    fidelity="exact",
    let={{n: Naturals(1, caption="how many integers are added")}},
    then=sum_of_first(n) <= n**2,
    edges={{"one": {{n: 1}}}},
    owes=[Enumeration("every n", scope="n = 1..200")],
    must_fail=[Mutant("half the bound", then=sum_of_first(n) <= Rational(1, 2) * n**2, witness={{n: 1}})],
)
'''

EVIDENCE = '''"""Exact evidence for the statements of `theorems/{paper}.py`."""

from collections.abc import Iterator
from typing import Any

from lakatos import enumeration
from theorems.{paper} import {claim}, n


@enumeration({claim}, scope="n = 1..200")
def first_two_hundred(trial: Any) -> Iterator[dict[Any, Any]]:
    """Hand over every n; the engine evaluates the statement at each."""
    for count in range(1, 201):
        yield {{n: count}}
'''


def write(what: str, folder: Path) -> list[Path]:
    """Write `theorems/<paper>.py` and `proofs_check/<paper>.py` below `folder`, for `what` = "paper/claim".

    Raises ScaffoldError when a name is no Python name, a file exists, or the folder cannot be written.
    """
    paper, _, claim = what.partition("/")
    for name in (paper, claim):
        if not name.isidentifier():
            raise ScaffoldError(f"'{what}': give PAPER/CLAIM, both as Python names, such as condorcet1785/jury_theorem")
    texts = {
        folder / "theorems" / f"{paper}.py": STATEMENT.format(title=paper.replace("_", " "), claim=claim),
        folder / "proofs_check" / f"{paper}.py": EVIDENCE.format(paper=paper, claim=claim),
    }
    taken = [str(path) for path in texts if path.exists()]
    if taken:
        raise ScaffoldError(f"{', '.join(taken)} exists already; add the claim there, or choose another paper name")
    try:
        for path, content in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise ScaffoldError(f"cannot write below {folder}: {error.strerror}") from error
    return list(texts)


NEEDED = {
    "sympy": "statements", "python-flint": "exact numbers and balls", "numpy": "simulation", "scipy": "intervals, LP",
    "hypothesis": "search for counterexamples", "matplotlib": "figures", "z3-solver": "SAT and SMT certificates",
}
OPTIONAL = {
    "pymc": ("posterior evidence", "pip install 'lakatos[bayes]'"),
    "distributed": ("Dask clusters", "pip install 'lakatos[cluster]'"),
    "cupy-cuda13x": ("GPU simulation", "pip install 'lakatos[gpu]' on a machine with an NVIDIA driver"),
}


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def diagnose() -> list[tuple[str, str, str]]:
    """(component, state, what it is for or how to get it), one row each."""
    rows = [("python", platform.python_version(), "")]
    for package, purpose in NEEDED.items():
        found = _installed(package)
        rows.append((package, found or "MISSING", purpose if found else f"pip install {package} ({purpose})"))
    for package, (purpose, advice) in OPTIONAL.items():
        found = _installed(package)
        rows.append((package, found or "not installed (optional)", purpose if found else f"{purpose}: {advice}"))
    return rows
