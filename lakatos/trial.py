"""A trial: one statement - a claim's own or a control's - under one budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Number
from typing import Any

from lakatos.claims import Claim, Control, Statement, _plain
from lakatos.domains import Fixed
from lakatos.evaluation import Known, Undefined
from lakatos.margin import Margin, gap, margin


@dataclass(frozen=True)
class Profile:
    """A budget. `examples` per stock search, `replications` per simulated instance, limits per evidence function."""

    name: str
    examples: int
    replications: int
    seconds: float
    memory_gib: float = 4.0


PROFILES = {
    "smoke": Profile("smoke", examples=100, replications=20_000, seconds=60),
    "standard": Profile("standard", examples=1_000, replications=400_000, seconds=600),
    "deep": Profile("deep", examples=20_000, replications=20_000_000, seconds=36_000, memory_gib=16.0),
}

ALPHA = 1e-6
"""Error of each confidence interval; a run's family-wise error is at most this times the intervals it draws."""

BLOCK = 20_000
"""Replications in a block."""


class EdgeError(ValueError):
    """An instance that a claim or a control names is outside its domains or breaks its hypotheses."""


@dataclass(frozen=True)
class Trial:
    """What an evidence function sees: the statement under trial and its budget. `control` is None for the claim."""

    claim: Claim
    statement: Statement
    profile: Profile
    seed: int
    control: Control | None = None

    @classmethod
    def of(cls, claim: Claim, profile: Profile, seed: int, control: Control | None = None) -> Trial:
        """The trial of `claim`, or of the false sibling that `control` makes of it."""
        statement = claim.statement if control is None else control.apply(claim.statement)
        return cls(claim, statement, profile, seed, control)

    @property
    def then(self) -> Any:
        """The conclusion under trial."""
        return self.statement.then

    @property
    def lhs(self) -> Any:
        """Left side of the conclusion."""
        return self.then.lhs

    @property
    def rhs(self) -> Any:
        """Right side of the conclusion."""
        return self.then.rhs

    @property
    def gap(self) -> Any:
        """Left minus right, oriented so that the conclusion says >= 0 (or == 0)."""
        return gap(self.then)

    @property
    def world(self) -> str:
        """Name of the broken world that a control asks a simulation for; empty for the claim's own."""
        return "" if self.control is None else self.control.world

    @property
    def name(self) -> str:
        """The claim's id, with the control's name behind it."""
        return self.claim.id if self.control is None else f"{self.claim.id} [{self.control.name}]"

    def complete(self, instance: Mapping[Any, Any]) -> dict[Any, Any]:
        """`instance` with exact Python values, and the constants of the statement filled in."""
        fixed = {symbol: domain.value for symbol, domain in self.statement.let.items() if isinstance(domain, Fixed)}
        return {**fixed, **(_plain(instance) or {})}

    def within(self, instance: Mapping[Any, Any]) -> bool:
        """Whether every quantity lies in its domain."""
        missing = [str(symbol) for symbol in self.statement.let if symbol not in instance]
        if missing:
            raise EdgeError(f"{self.name}: the instance gives no value for {', '.join(missing)}")
        for symbol, value in instance.items():
            if isinstance(value, Number) and not isinstance(value, int | Fraction):
                raise EdgeError(f"{self.name}: {symbol} = {value} is a {type(value).__name__}: use int or Fraction")
        return all(domain.contains(instance[symbol], instance) for symbol, domain in self.statement.let.items())

    def meets(self, instance: Mapping[Any, Any]) -> bool:
        """Whether the instance lies in the domains and meets every checkable hypothesis."""
        if not self.within(instance):
            return False
        return all(margin(given, instance).holds is True for given in self.statement.checkable.values())

    def margin(self, instance: Mapping[Any, Any], known: Known | None = None) -> Margin:
        """Margin of the conclusion; `Undefined` is re-raised with the claim and the instance in its message."""
        try:
            return margin(self.then, instance, known)
        except Undefined as error:
            from lakatos.rendering import instance_text

            raise Undefined(
                f"{self.name}: the conclusion is undefined ({error}) at {instance_text(instance)}, which meets every "
                "hypothesis; add a hypothesis or narrow a domain"
            ) from error
