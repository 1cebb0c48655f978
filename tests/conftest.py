"""Shared set-up: reproducible Hypothesis runs, and toy corpora written to a temporary folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from lakatos import api, store
from lakatos.cli import app
from lakatos.discovery import Corpus, load
from lakatos.ledger import Ledger
from lakatos.store import Store
from lakatos.trial import PROFILES, Profile

settings.register_profile("lakatos", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("lakatos")

STATEMENT_HEADER = """\
import os, signal, time
from fractions import Fraction
from sympy import And, Eq, Rational, Symbol, binomial, exp, log, oo, sqrt
from lakatos import (
    Certificate, Choice, Claim, Derivation, Drop, Enumeration, Finding, Fixed, Modelled, Mutant, Naturals, Paper, Reals,
    Search, Simulation, Source, term,
)
PAPER = Paper(title="A toy paper", authors="A. Author", year=2026)
SOURCE = Source(PAPER, at="Lemma 1", quote="a short quote")
n, p, x = Symbol("n"), Symbol("p"), Symbol("x")
"""
EVIDENCE_HEADER = """\
import os, signal, time
from fractions import Fraction
import numpy as np
from sympy import Eq, Rational
from lakatos import Case, Certified, Proof, Proposals, Step, certificate, derivation, enumeration, search, simulation
from theorems.toy import *
"""
SQUARES = """
squares = Claim(
    says="The square of a positive integer is at least the integer.", source=SOURCE,
    let={n: Naturals(caption="a number")}, then=n**2 >= n, edges={"one": {n: 1}},
    must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})],
)
"""
GRID = """
@enumeration(squares, scope="n = 1..20")
def grid(trial):
    for count in range(1, 21):
        yield {n: count}
"""
QUICK = Profile("quick", examples=40, replications=20_000, seconds=20, memory_gib=2.0)
ROOT = Path(__file__).resolve().parents[1]
DRAWERS = ("theorems", "proofs_check", "simulators", "lakatos_user_")


@dataclass(frozen=True)
class Toy:
    """A corpus in a temporary folder, with one paper called `toy` unless files are written by hand."""

    root: Path

    def write(self, where: str, text: str) -> Path:
        """Write one file of the corpus as it is."""
        path = self.root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def state(self, *statements: str, paper: str = "toy") -> Path:
        """Write `theorems/<paper>.py` with the usual imports before `statements`."""
        return self.write(f"theorems/{paper}.py", STATEMENT_HEADER + "\n".join(map(dedent, statements)))

    def prove(self, *evidence: str, drawer: str = "proofs_check", paper: str = "toy") -> Path:
        """Write an evidence file of the paper."""
        return self.write(f"{drawer}/{paper}.py", EVIDENCE_HEADER + "\n".join(map(dedent, evidence)))

    def load(self, **options: Any) -> Corpus:
        """Load what is there now."""
        store.code_digest.cache_clear()
        return load(self.root, **options)

    def run(
        self, *, profile: Profile = QUICK, workers: int = 1, seed: int = 0, store: Path | None = None
    ) -> Ledger:
        """Verify every sound claim and return the ledger."""
        run = self.prepared(profile=profile, workers=workers, seed=seed, store=store)
        run.execute()
        return run.ledger()

    def prepared(
        self, *, profile: Profile = QUICK, workers: int = 1, seed: int = 0, store: Path | None = None
    ) -> api.Run:
        """A run that has not started."""
        corpus = self.load()
        return api.Run(corpus, api.select(corpus, []), profile, seed, workers, Store(store))


@pytest.fixture(autouse=True)
def _forget_corpora() -> Iterator[None]:
    """Forget the modules and paths of corpora other than the shipped one that a test has loaded."""
    path = list(sys.path)
    before = {name: module for name, module in sys.modules.items() if name.startswith(DRAWERS)}
    yield
    sys.path[:] = path
    for name in [name for name in sys.modules if name.startswith(DRAWERS) and name not in before]:
        if not str(getattr(sys.modules[name], "__file__", None)).startswith(str(ROOT)):
            del sys.modules[name]
    sys.modules.update(before)
    store.code_digest.cache_clear()


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    """An empty corpus."""
    return Toy(tmp_path / "corpus")


@pytest.fixture
def entry_of() -> Any:
    """Function that picks a claim out of a ledger by the name of the claim."""
    return lambda ledger, name: next(entry for entry in ledger["claims"] if entry["name"] == name)


@pytest.fixture(scope="session")
def smoke() -> Profile:
    """The profile of a quick run."""
    return PROFILES["smoke"]


@pytest.fixture
def inside(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Function that runs the command line inside this process, beside a toy corpus that lies in `corpus/`."""
    toy.root.mkdir()
    monkeypatch.chdir(toy.root.parent)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(app, arguments, env={"NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"})
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return run
