"""How evidence is written: functions that propose, decorated with the claim they serve. The engine decides.

An evidence function receives a `Trial` - a claim, or one of its false siblings - and hands over material: instances
(enumeration, search), certificates with a checker, chains of proof steps, samples. It never returns a yes or a no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from lakatos.claims import Claim, Kind


@dataclass(frozen=True)
class Case:
    """One instance, with the terms that were worked out for it by other means than their definition.

    `known` maps a term, written as in the conclusion, to its exact value or to rigorous bounds (low, high).
    """

    instance: Mapping[Any, Any] = field(default_factory=dict)
    known: Mapping[Any, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Certified:
    """A certificate: JSON data, and the small exact checker that reads it.

    `check(trial, instance, data)` returns the terms it establishes (value or (low, high) bounds by term), or a bool:
    whether the data prove the conclusion under trial. It sees the data after a trip through JSON.
    """

    instance: Mapping[Any, Any]
    data: Any
    check: Callable[[Any, Mapping[Any, Any], Any], Mapping[Any, Any] | bool]
    note: str = ""


@dataclass(frozen=True)
class Proposals:
    """The worst instances of a bulk search in floats, to be replayed exactly; `tried` of them, `reached` in scope."""

    instances: Sequence[Mapping[Any, Any]]
    tried: int
    reached: int


@dataclass(frozen=True)
class Step:
    """One step of a proof. `checked`: two exact routes agree. `refuted`: one of them shows the step to be false."""

    name: str
    latex: str
    checked: bool
    refuted: bool = False
    routes: tuple[str, ...] = ()
    counter: Mapping[Any, Any] | None = None


@dataclass(frozen=True)
class Proof:
    """Steps, and the relation that they establish. The engine compares `concludes` with the conclusion under trial."""

    steps: Sequence[Step]
    concludes: Any


@dataclass(frozen=True, eq=False)
class Evidence:
    """An evidence function with the claims it serves."""

    kind: Kind
    claims: tuple[Claim, ...]
    function: Callable[..., Any]
    scope: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__

    @property
    def file(self) -> str:
        """Path of the file that holds the function."""
        return self.function.__code__.co_filename

    @property
    def line(self) -> int:
        """Line of the function."""
        return self.function.__code__.co_firstlineno

    @property
    def where(self) -> str:
        """Drawer and file, as in `proofs_check/my_paper.py`, for messages; a paper may be a folder of files."""
        path = Path(self.file)
        depth = 3 if self.claims and path.parent.name == self.claims[0].paper else 2
        return f"{'/'.join(path.parts[-depth:])}:{self.line}"

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)


class _Decorator(Protocol):
    def __call__(self, function: Callable[..., Any]) -> Evidence: ...


def _decorator(kind: Kind, claims: tuple[Claim, ...], scope: str, **options: Any) -> _Decorator:
    return lambda function: Evidence(kind, claims, function, scope, options)


def derivation(*claims: Claim, scope: str = "all instances") -> _Decorator:
    """`function(trial) -> Proof`: a chain of checked steps that ends in the conclusion. Establishes all instances."""
    return _decorator("derivation", claims, scope)


def certificate(*claims: Claim, scope: str, whole_domain: bool = False) -> _Decorator:
    """`function(trial) -> iterable of Certified`. `whole_domain` says that they cover every instance of the claim."""
    return _decorator("certificate", claims, scope, whole_domain=whole_domain)


def enumeration(*claims: Claim, scope: str) -> _Decorator:
    """`function(trial) -> iterable of instances or Cases`: every element of a finite set, in a fixed order.

    Yield the set regardless of the hypotheses: the engine counts those that meet them, so that a control which drops
    a hypothesis is tried on the instances it lets in.
    """
    return _decorator("enumeration", claims, scope)


def search(*claims: Claim, scope: str) -> _Decorator:
    """`function(trial) -> iterable of instances, or Proposals`: candidates for a counterexample, replayed exactly."""
    return _decorator("search", claims, scope)


def simulation(
    *claims: Claim,
    estimates: Any,
    at: Sequence[Mapping[Any, Any]] = ({},),
    values: tuple[Any, Any] = (0, 1),
    resolution: Any = Fraction(1, 100),
    scope: str = "",
    replications: Mapping[str, int] | None = None,
) -> _Decorator:
    """`function(trial, block, instance) -> array of samples` whose mean is the term `estimates` at `instance`.

    `values`: the bounds within which every sample lies. `resolution`: the smallest margin that matters; the claim is
    corroborated when the confidence interval of the margin lies above minus `resolution`, refuted when below zero.
    `at`: the instances to simulate. Quantities that are `Fixed` need not be repeated there.
    """
    return _decorator(
        "simulation", claims, scope, estimates=estimates, at=tuple(at), values=values, resolution=resolution,
        replications=dict(replications or {}),
    )


@dataclass(frozen=True, eq=False)
class Figure:
    """A plot for readers of the report: a function without arguments that returns a Matplotlib figure."""

    claims: tuple[Claim, ...]
    function: Callable[[], Any]
    caption: str
    alt: str

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__


def figure(*claims: Claim, caption: str, alt: str = "") -> Callable[[Callable[[], Any]], Figure]:
    """Decorator for a plot that belongs to `claims`; `alt` describes it to those who cannot see it."""
    return lambda function: Figure(claims, function, caption, alt or caption)
