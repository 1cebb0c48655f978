"""The margin: one number per instance, nonnegative where the conclusion holds, derived from the conclusion itself.

`a >= b` and `a > b` give a - b; `a == b` gives -|a - b|; `And` takes the minimum, `Or` the maximum; a predicate gives
1 or -1. Whether the conclusion holds is decided exactly, strictness included; the number is for search and display.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import arb

from lakatos.evaluation import Known, Undefined, ball, evaluate, precision

PRECISIONS = (64, 256, 1024)
"""Bits tried in turn until the sign of a margin is decided."""


@dataclass(frozen=True)
class Margin:
    """`value` is a Fraction or a ball that contains the margin; `holds` is None where the sign is not decided."""

    value: Any
    holds: bool | None

    def __float__(self) -> float:
        return float(self.value if isinstance(self.value, Fraction) else self.value.mid())

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the margin as floats (for display)."""
        if isinstance(self.value, Fraction):
            return float(self.value), float(self.value)
        return float(self.value.lower()), float(self.value.upper())


def _sign_at_least(value: Any, strict: bool) -> bool | None:
    """Whether value >= 0 (or > 0); None when a ball does not decide it."""
    if isinstance(value, Fraction):
        return value > 0 if strict else value >= 0
    if value > 0 or (not strict and value >= 0):
        return True
    if value < 0 or (strict and value <= 0):
        return False
    return None


def _difference(left: Any, right: Any) -> Any:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left - right
    return ball(left) - ball(right)


def _holds_at_the_ends(relation: Any, left: Any, right: Any, known: Known | None, strict: bool) -> bool | None:
    """Decide an inequality between a term with rational bounds and a rational, where balls touch zero."""
    ends = [(known or {}).get(side, (value, value)) for side, value in ((relation.gts, left), (relation.lts, right))]
    if not all(isinstance(end, int | Fraction) for pair in ends for end in pair):
        return None
    least, most = Fraction(ends[0][0]) - ends[1][1], Fraction(ends[0][1]) - ends[1][0]
    if _sign_at_least(least, strict):
        return True
    return False if not _sign_at_least(most, strict) else None


def _of_equality(left: Any, right: Any, negated: bool) -> Margin:
    if not all(isinstance(side, (Fraction, arb)) for side in (left, right)):
        same = left == right
        return Margin(Fraction(1 if same != negated else -1), same != negated)
    gap = abs(_difference(left, right))
    if isinstance(gap, Fraction):
        return Margin(gap if negated else -gap, (gap != 0) if negated else gap == 0)
    apart = None if gap.contains(0) else True
    if negated:
        return Margin(gap, apart)
    return Margin(-gap, False if apart else None)


def _combine(parts: list[Margin], every: bool) -> Margin:
    """Minimum (`every`) or maximum of margins, with three-valued logic for whether it holds."""
    truths = [part.holds for part in parts]
    decisive = not every
    holds = decisive if decisive in truths else (None if None in truths else every)
    pick = min if every else max
    candidates = [part for part in parts if part.holds is holds] or parts
    return Margin(pick(candidates, key=float).value, holds)


def _margin(relation: Any, instance: Mapping[Any, Any], known: Known | None) -> Margin:
    if relation in (sympy.true, True):
        return Margin(Fraction(1), True)
    if relation in (sympy.false, False):
        return Margin(Fraction(-1), False)
    if getattr(type(relation), "compute", None) is not None and isinstance(relation, sympy.logic.boolalg.Boolean):
        truth = bool(evaluate(relation, instance, known))
        return Margin(Fraction(1 if truth else -1), truth)
    if isinstance(relation, sympy.And | sympy.Or):
        return _combine([_margin(part, instance, known) for part in relation.args], isinstance(relation, sympy.And))
    if isinstance(relation, sympy.Not):
        inner = _margin(relation.args[0], instance, known)
        return Margin(-inner.value, None if inner.holds is None else not inner.holds)
    if isinstance(relation, sympy.Implies):
        premise, conclusion = relation.args
        premise_margin = _margin(premise, instance, known)
        if premise_margin.holds is False:
            return Margin(-premise_margin.value, True)
        return _combine([_negated(premise_margin), _margin(conclusion, instance, known)], False)
    if isinstance(relation, sympy.Equivalent):
        parts = [_margin(part, instance, known) for part in relation.args]
        return _combine([_combine(parts, True), _combine([_negated(part) for part in parts], True)], False)
    if isinstance(relation, sympy.Eq | sympy.Ne):
        left, right = (evaluate(side, instance, known) for side in relation.args)
        return _of_equality(left, right, isinstance(relation, sympy.Ne))
    if isinstance(relation, sympy.Ge | sympy.Gt | sympy.Le | sympy.Lt):
        left, right = (evaluate(side, instance, known) for side in (relation.gts, relation.lts))
        gap, strict = _difference(left, right), isinstance(relation, sympy.Gt | sympy.Lt)
        holds = _sign_at_least(gap, strict)
        return Margin(gap, _holds_at_the_ends(relation, left, right, known, strict) if holds is None else holds)
    raise TypeError(f"a conclusion must be a relation or a Boolean of relations, not {type(relation).__name__}")


def _negated(part: Margin) -> Margin:
    return Margin(-part.value, None if part.holds is None else not part.holds)


def margin(relation: Any, instance: Mapping[Any, Any], known: Known | None = None) -> Margin:
    """Margin of `relation` at `instance`, at rising precision until its sign is decided.

    `known` gives values or rigorous (low, high) bounds of terms. Raises `Undefined`, `OutOfReach` as `evaluate` does.
    """
    result: Margin | None = None
    for bits in PRECISIONS:
        try:
            with precision(bits):
                result = _margin(relation, instance, known)
        except Undefined:
            if bits == PRECISIONS[-1]:
                raise
            continue
        if result.holds is not None or (isinstance(result.value, Fraction)):
            break
        if known and any(isinstance(value, tuple) for value in known.values()):
            break
    assert result is not None
    return result


def gap(relation: Any) -> Any:
    """Left minus right of an inequality or equation, oriented so that >= 0 (or == 0) is the conclusion."""
    if isinstance(relation, sympy.Eq):
        return relation.lhs - relation.rhs
    if isinstance(relation, sympy.Ge | sympy.Gt | sympy.Le | sympy.Lt):
        return relation.gts - relation.lts
    raise TypeError(f"{relation} is neither an equation nor an inequality")
