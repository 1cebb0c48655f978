"""The vocabulary of a statement: papers, sources, claims, what they owe, their controls, and findings.

Construction never raises for a mistake in the statement; `lakatos.declarations` reports all mistakes at once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import sympy

from lakatos.domains import Domain, exact_value

Status = Literal[
    "theorem", "proposition", "lemma", "corollary", "conjecture", "definition", "empirical", "remark", "repair",
    "derived",
]
Fidelity = Literal["exact", "equivalent", "special case", "strengthening", "reconstructed"]
Kind = Literal["derivation", "certificate", "enumeration", "search", "simulation", "posterior"]


def _declared_at() -> tuple[str, int]:
    """File and line of the statement that is being written: the first frame outside the vocabulary itself."""
    here = str(Path(__file__).parent)
    frame = sys._getframe(1)
    while frame.f_back is not None and (
        frame.f_code.co_filename.startswith((here, "<")) or frame.f_code.co_name == "__post_init__"
    ):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


@dataclass(frozen=True)
class Paper:
    """A paper as a whole: bibliographic data, what of it could be read, and what is deliberately not claimed of it."""

    title: str
    authors: str
    year: int
    url: str = ""
    version: str = ""
    access: str = ""
    summary: str = ""
    not_claimed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where a statement stands: the paper, the place in it, and a short quote."""

    paper: Paper
    at: str
    quote: str


@dataclass(frozen=True)
class Modelled:
    """A hypothesis on the world of a simulation ("votes are independent"): named, but not a relation to evaluate."""

    world: str


@dataclass(frozen=True)
class Owed:
    """Evidence a claim should have: its kind, what it is to show and over which scope. Discharged by kind."""

    kind: Kind
    what: str
    scope: str = ""


def Derivation(what: str, *, scope: str = "") -> Owed:
    """A symbolic chain whose every step is re-checked by a second exact route."""
    return Owed("derivation", what, scope)


def Certificate(what: str, *, scope: str = "") -> Owed:
    """A witness that a small exact checker accepts."""
    return Owed("certificate", what, scope)


def Enumeration(what: str, *, scope: str = "") -> Owed:
    """Every instance of a finite set, exactly."""
    return Owed("enumeration", what, scope)


def Search(what: str, *, scope: str = "") -> Owed:
    """A search for counterexamples beyond the stock one."""
    return Owed("search", what, scope)


def Simulation(what: str, *, scope: str = "") -> Owed:
    """A confidence interval at a stated error."""
    return Owed("simulation", what, scope)


def Posterior(what: str, *, scope: str = "") -> Owed:
    """A Bayesian summary of a calibrated model; describes, never decides."""
    return Owed("posterior", what, scope)


@dataclass(frozen=True, kw_only=True)
class Control:
    """A false sibling of a claim, with an exact instance at which it is seen to be false (if one is known)."""

    name: str
    says: str = ""
    witness: Mapping[Any, Any] | None = None
    world: str = ""

    def apply(self, statement: Statement) -> Statement:
        """The statement of the false sibling."""
        return statement


@dataclass(frozen=True, kw_only=True)
class Dropped(Control):
    """The claim without one of its hypotheses."""

    hypothesis: str = ""

    def apply(self, statement: Statement) -> Statement:
        kept = {name: given for name, given in statement.given.items() if name != self.hypothesis}
        return replace(statement, given=kept)


@dataclass(frozen=True, kw_only=True)
class Mutated(Control):
    """The claim with another conclusion, other hypotheses, or other domains."""

    then: Any = None
    given: Mapping[str, Any] | None = None
    let: Mapping[Any, Domain] | None = None

    def apply(self, statement: Statement) -> Statement:
        return Statement(
            let={**statement.let, **_keyed(self.let or {})},
            given=statement.given if self.given is None else dict(self.given),
            then=statement.then if self.then is None else self.then,
        )


def Drop(hypothesis: str, *, witness: Mapping[Any, Any] | None = None, world: str = "", says: str = "") -> Control:
    """Control: the claim must fail once `hypothesis` is dropped. `world` names the simulated world without it."""
    return Dropped(
        name=f"drop {hypothesis}", says=says or f"the claim without the hypothesis '{hypothesis}'",
        hypothesis=hypothesis, witness=_plain(witness), world=world,
    )


def Mutant(
    name: str,
    *,
    then: Any = None,
    given: Mapping[str, Any] | None = None,
    let: Mapping[Any, Domain] | None = None,
    witness: Mapping[Any, Any] | None = None,
    world: str = "",
    says: str = "",
) -> Control:
    """Control: a false sibling with another conclusion, other hypotheses, other domains, or in a broken world."""
    return Mutated(name=name, says=says or name, then=then, given=given, let=let, witness=_plain(witness), world=world)


def _key(symbol: Any) -> Any:
    return symbol.label if isinstance(symbol, sympy.IndexedBase) else symbol


def _keyed(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
    return {_key(symbol): value for symbol, value in mapping.items()}


def _plain(instance: Mapping[Any, Any] | None) -> dict[Any, Any] | None:
    return None if instance is None else {_key(symbol): exact_value(value) for symbol, value in instance.items()}


@dataclass(frozen=True)
class Statement:
    """What is put on trial: quantities, hypotheses, conclusion. A claim has one, each control another."""

    let: Mapping[Any, Domain]
    given: Mapping[str, Any]
    then: Any

    @property
    def checkable(self) -> dict[str, Any]:
        """The hypotheses that can be evaluated at an instance."""
        return {name: given for name, given in self.given.items() if not isinstance(given, Modelled)}


@dataclass(eq=False, kw_only=True)
class Claim:
    """A statement of a paper and its trial.

    `says` one sentence; `source` where; `number` its number in our reading of the paper; `status` what the source
    calls it; `fidelity` how our form relates to the source's; `let`, `given`, `then` the statement; `edges` smallest
    and boundary instances by name; `owes` evidence it should have; `must_fail` controls; `not_claimed` what it does
    not say; `repairs` the claim whose printed form this one mends; `remark` anything a reader needs beside it.
    """

    says: str
    source: Source
    then: Any
    number: str = ""
    status: Status = "theorem"
    fidelity: Fidelity = "reconstructed"
    let: Mapping[Any, Domain] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    edges: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    owes: list[Owed] = field(default_factory=list)
    must_fail: list[Control] = field(default_factory=list)
    not_claimed: str = ""
    repairs: Claim | None = None
    remark: str = ""
    name: str = ""
    paper: str = ""

    def __post_init__(self) -> None:
        self.file, self.line = _declared_at()
        self.let = _keyed(self.let)
        self.edges = {name: _plain(instance) or {} for name, instance in self.edges.items()}

    @property
    def id(self) -> str:
        """`<paper>.<name>`."""
        return f"{self.paper}.{self.name}"

    @property
    def statement(self) -> Statement:
        """The statement itself, apart from its trial."""
        return Statement(let=self.let, given=self.given, then=self.then)

    def __repr__(self) -> str:
        return f"<claim {self.id}>"

    def _repr_latex_(self) -> str:
        from lakatos.rendering import latex

        return f"$\\displaystyle {latex(self.then)}$"


@dataclass(eq=False, kw_only=True)
class Finding:
    """A claim false as printed, or code that contradicts its paper, beside what holds instead."""

    title: str
    explains: str
    printed: Claim | None = None
    repair: Claim | None = None
    name: str = ""
    paper: str = ""

    def __post_init__(self) -> None:
        self.file, self.line = _declared_at()
