"""Domains of the quantities in a statement: what values are allowed, how to draw one, how to say it.

A bound or a length may be a SymPy expression in quantities declared earlier (`Vectors(Reals(), length=n)`); it is
evaluated at the values already drawn. Values are exact: `int`, `Fraction`, `bool`, and nested tuples of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any, Literal

import sympy

from lakatos.evaluation import evaluate

Instance = Mapping[Any, Any]
"""Values of the quantities of a statement, keyed by their symbols."""


def exact_value(value: Any) -> Any:
    """SymPy numbers and tuples as Python's own exact values."""
    if isinstance(value, sympy.Integer):
        return int(value)
    if isinstance(value, sympy.Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, tuple | sympy.Tuple | list):
        return tuple(exact_value(entry) for entry in value)
    return value


@cache
def _read(bound: Any) -> tuple[Any, Any]:
    """A bound as an expression, and its value where it depends on nothing: rational, or None if infinite."""
    expression = sympy.sympify(bound)
    if expression.is_infinite:
        return None, None
    if expression.free_symbols:
        return expression, None
    return None, _rational(expression, {})


def _rational(expression: Any, instance: Instance) -> Fraction:
    value = evaluate(expression, instance)
    if not isinstance(value, Fraction):
        raise TypeError(f"the bound {expression} is not rational")
    return value


def _bound(bound: Any, instance: Instance) -> Fraction | None:
    """Value of a bound at the quantities already drawn; None when it is infinite."""
    expression, value = _read(bound)
    return value if expression is None else _rational(expression, instance)


@cache
def _multiples(low: Fraction, high: Fraction, unit: int) -> Any:
    """Multiples of 1/unit from `low` to `high`."""
    from hypothesis import strategies as st

    return st.integers(ceil(low * unit), floor(high * unit)).map(lambda count: Fraction(count, unit))


@cache
def _fractions(low: Fraction, high: Fraction, finest: int) -> Any:
    """Fractions from `low` to `high` of denominator up to `finest`, or `low` plus such shares of the width."""
    from hypothesis import strategies as st

    if max(low.denominator, high.denominator) > finest:
        return _fractions(Fraction(0), Fraction(1), finest).map(lambda share: low + share * (high - low))
    units = [unit for unit in range(1, finest + 1) if ceil(low * unit) <= floor(high * unit)]
    return st.sampled_from(units).flatmap(lambda unit: _multiples(low, high, unit))


@cache
def _rationals(low: Fraction, high: Fraction, ends: str) -> Any:
    """Rationals between `low` and `high`, mostly of small denominators, without the `ends` that are open."""
    from hypothesis import strategies as st

    small, fine = _fractions(low, high, 8), _fractions(low, high, 1000)
    drawn = fine if high - low < Fraction(1, 4) else st.one_of(small, fine)
    left, right = ends in ("left", "both"), ends in ("right", "both")
    return drawn.filter(lambda value: not (left and value == low) and not (right and value == high)) if ends else drawn


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Set of values of one quantity. `caption` says what the quantity is, `unit` in which unit it is measured."""

    caption: str = ""
    unit: str = ""

    def contains(self, value: Any, instance: Instance) -> bool:
        """Whether `value` lies in the domain, given the quantities declared before it."""
        raise TypeError(f"{type(self).__name__} does not say which values it contains")

    def strategy(self, instance: Instance) -> Any:
        """Hypothesis strategy that draws exact values of the domain, simplest first."""
        raise TypeError(f"{type(self).__name__} cannot be drawn from")

    def describe(self) -> str:
        """The domain as LaTeX."""
        raise TypeError(f"{type(self).__name__} has no description")

    @property
    def sizes(self) -> tuple[Any, ...]:
        """Expressions in earlier quantities on which the domain depends."""
        return ()


@dataclass(frozen=True)
class Reals(Domain):
    """Real numbers between `low` and `high`; drawn as rationals. `open` says which finite ends are left out.

    `search` narrows where unbounded quantities are searched (default -20 to 20), not what the statement covers.
    """

    low: Any = -sympy.oo
    high: Any = sympy.oo
    open: Literal["", "left", "right", "both"] = ""
    search: tuple[Any, Any] = (-20, 20)

    def contains(self, value: Any, instance: Instance) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
            return False
        low, high = _bound(self.low, instance), _bound(self.high, instance)
        above = low is None or value > low or (value == low and self.open not in ("left", "both"))
        below = high is None or value < high or (value == high and self.open not in ("right", "both"))
        return above and below

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        low, high = _bound(self.low, instance), _bound(self.high, instance)
        lowest, highest = (Fraction(str(end)) for end in self.search)
        low = low if low is not None else (lowest if high is None else min(lowest, high - (highest - lowest)))
        high = high if high is not None else max(highest, low + (highest - lowest))
        if low > high or (low == high and self.open):
            return st.nothing()
        return _rationals(low, high, self.open)

    def describe(self) -> str:
        if sympy.sympify(self.low) == -sympy.oo and sympy.sympify(self.high) == sympy.oo:
            return r"\mathbb{R}"
        left = "(" if self.open in ("left", "both") or sympy.sympify(self.low).is_infinite else "["
        right = ")" if self.open in ("right", "both") or sympy.sympify(self.high).is_infinite else "]"
        return f"{left}{sympy.latex(sympy.sympify(self.low))}, {sympy.latex(sympy.sympify(self.high))}{right}"

    @property
    def sizes(self) -> tuple[Any, ...]:
        return (self.low, self.high)


@dataclass(frozen=True)
class Integers(Domain):
    """Integers from `low` to `high`, all of them or those of one parity.

    `search_to` bounds how far an unbounded quantity is searched (default `low` + 12, or -20 to 20 without bounds),
    not what the statement covers.
    """

    low: Any = -sympy.oo
    high: Any = sympy.oo
    parity: Literal["", "odd", "even"] = ""
    search_to: int | None = None

    def contains(self, value: Any, instance: Instance) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)) or value != int(value):
            return False
        low, high = _bound(self.low, instance), _bound(self.high, instance)
        parity = {"": True, "odd": value % 2 == 1, "even": value % 2 == 0}[self.parity]
        return parity and (low is None or value >= low) and (high is None or value <= high)

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        low, high = _bound(self.low, instance), _bound(self.high, instance)
        if low is None:
            lowest, reach = (-20, 20) if high is None else (min(-20, floor(high) - 12), floor(high))
        else:
            lowest, reach = ceil(low), ceil(low) + 12
        highest = floor(high) if high is not None else max(lowest, reach if self.search_to is None else self.search_to)
        if lowest > highest:
            return st.nothing()
        drawn = st.integers(lowest, highest)
        return drawn.filter(lambda value: self.contains(value, instance)) if self.parity else drawn

    def describe(self) -> str:
        low, high = sympy.sympify(self.low), sympy.sympify(self.high)
        if low == -sympy.oo and high == sympy.oo:
            text = r"\mathbb{Z}"
        elif high == sympy.oo:
            text = rf"\{{{sympy.latex(low)}, {sympy.latex(low + (2 if self.parity else 1))}, \dots\}}"
        else:
            text = rf"\{{{sympy.latex(low)}, \dots, {sympy.latex(high)}\}}"
        return text + (rf"\ \text{{({self.parity})}}" if self.parity else "")

    @property
    def sizes(self) -> tuple[Any, ...]:
        return (self.low, self.high)


def Naturals(
    low: int = 1,
    *,
    caption: str = "",
    parity: Literal["", "odd", "even"] = "",
    search_to: int | None = None,
) -> Integers:
    """Integers from `low` (default 1) upwards."""
    return Integers(low, caption=caption, parity=parity, search_to=search_to)


@dataclass(frozen=True)
class Fixed(Domain):
    """A single named constant, such as a strategy table: part of the statement, shown with its value."""

    value: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", exact_value(self.value))

    def contains(self, value: Any, instance: Instance) -> bool:
        return bool(value == self.value)

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        return st.just(self.value)

    def describe(self) -> str:
        from lakatos.rendering import value_text

        return rf"\{{\text{{{value_text(self.value, limit=120)}}}\}}"


@dataclass(frozen=True)
class Choice(Domain):
    """One of finitely many values, listed from simplest to most involved."""

    values: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", exact_value(self.values))

    def contains(self, value: Any, instance: Instance) -> bool:
        return value in self.values

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        return st.sampled_from(self.values)

    def describe(self) -> str:
        from lakatos.rendering import value_text

        shown = ", ".join(value_text(value, limit=40) for value in self.values[:6])
        return rf"\{{\text{{{shown}{', ...' if len(self.values) > 6 else ''}}}\}}"


@dataclass(frozen=True)
class Vectors(Domain):
    """Tuples of `length` values of the domain `of`; nest it for tables and matrices."""

    of: Domain = Reals()
    length: Any = 2

    def contains(self, value: Any, instance: Instance) -> bool:
        return (
            isinstance(value, tuple)
            and len(value) == _bound(self.length, instance)
            and all(self.of.contains(entry, instance) for entry in value)
        )

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        length = _bound(self.length, instance)
        if length is None:
            raise TypeError("a vector needs a finite length")
        return st.tuples(*[self.of.strategy(instance)] * int(length))

    def describe(self) -> str:
        return rf"{self.of.describe()}^{{{sympy.latex(sympy.sympify(self.length))}}}"

    @property
    def sizes(self) -> tuple[Any, ...]:
        return (self.length, *self.of.sizes)


@dataclass(frozen=True)
class Simplex(Domain):
    """Probability vectors of `size` entries, as tuples of Fractions that sum to one; all positive if `positive`."""

    size: Any = 2
    positive: bool = False

    def contains(self, value: Any, instance: Instance) -> bool:
        return (
            isinstance(value, tuple)
            and len(value) == _bound(self.size, instance)
            and all(isinstance(entry, (int, Fraction)) for entry in value)
            and all(entry > 0 if self.positive else entry >= 0 for entry in value)
            and sum(value) == 1
        )

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        size = _bound(self.size, instance)
        if size is None:
            raise TypeError("a simplex needs a finite size")
        least = 1 if self.positive else 0
        weights = st.tuples(*[st.integers(least, 60)] * int(size)).filter(lambda drawn: sum(drawn) > 0)
        return weights.map(lambda drawn: tuple(Fraction(weight, sum(drawn)) for weight in drawn))

    def describe(self) -> str:
        interior = r"\operatorname{int}" if self.positive else ""
        return rf"{interior}\Delta_{{{sympy.latex(sympy.sympify(self.size))}}}"

    @property
    def sizes(self) -> tuple[Any, ...]:
        return (self.size,)


@dataclass(frozen=True)
class Permutations(Domain):
    """Orders of `size` items as tuples of 0..size-1, first the identity."""

    size: Any = 3

    def contains(self, value: Any, instance: Instance) -> bool:
        size = _bound(self.size, instance)
        return isinstance(value, tuple) and size is not None and sorted(value) == list(range(int(size)))

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        size = _bound(self.size, instance)
        if size is None:
            raise TypeError("a permutation needs a finite size")
        return st.permutations(range(int(size))).map(tuple)

    def describe(self) -> str:
        return rf"S_{{{sympy.latex(sympy.sympify(self.size))}}}"

    @property
    def sizes(self) -> tuple[Any, ...]:
        return (self.size,)


@dataclass(frozen=True)
class Custom(Domain):
    """A domain of the paper's own: `draws(strategies, instance)` returns a Hypothesis strategy, `holds` checks membership.

    `strategies` is the module `hypothesis.strategies`, handed over so that statements need not import it.
    """

    name: str = ""
    draws: Callable[[Any, Instance], Any] | None = None
    holds: Callable[[Any, Instance], bool] | None = None
    depends_on: tuple[Any, ...] = ()

    def contains(self, value: Any, instance: Instance) -> bool:
        return self.holds is None or self.holds(value, instance)

    def strategy(self, instance: Instance) -> Any:
        from hypothesis import strategies as st

        if self.draws is None:
            raise TypeError(f"the domain of {self.name} cannot be drawn from: give it `draws`")
        return self.draws(st, instance)

    def describe(self) -> str:
        return rf"\text{{{self.name}}}"

    @property
    def sizes(self) -> tuple[Any, ...]:
        return self.depends_on
