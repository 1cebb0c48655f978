"""Margins: their sign is the truth of the conclusion, for every kind of relation and connective."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import And, Eq, Equivalent, Ge, Gt, Implies, Le, Lt, Ne, Not, Or, Symbol, cos, exp, log, sin

from lakatos.evaluation import Undefined
from lakatos.margin import gap, margin
from lakatos.terms import predicate

x, y = Symbol("x"), Symbol("y")
values = st.one_of(st.integers(-3, 3).map(Fraction), st.fractions(-3, 3, max_denominator=6))
RELATIONS = {
    Ge: lambda a, b: a >= b,
    Gt: lambda a, b: a > b,
    Le: lambda a, b: a <= b,
    Lt: lambda a, b: a < b,
    Eq: lambda a, b: a == b,
    Ne: lambda a, b: a != b,
}
EQUAL_UNDECIDED = Eq(sin(x) ** 2 + cos(x) ** 2, y)
"""At x = 1, y = 1 an equality of transcendental sides: balls can neither confirm nor refute it."""


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
@given(values, values)
def test_the_sign_is_the_truth(relation: Any, left: Fraction, right: Fraction) -> None:
    """At exact values every relation holds exactly when Python's own comparison says so."""
    found = margin(relation(x, y), {x: left, y: right})
    truth = RELATIONS[relation](left, right)
    assert found.holds is truth
    assert found.value >= 0 if truth else found.value <= 0


@pytest.mark.parametrize("relation", [Ge, Gt, Le, Lt, Ne])
@given(values, values)
def test_the_sign_is_the_truth_between_exponentials(relation: Any, left: Fraction, right: Fraction) -> None:
    """Different exponentials are told apart; equal ones are never decided wrongly."""
    found = margin(relation(exp(x) - 1, exp(y) - 1), {x: left, y: right})
    assert found.holds in (
        (RELATIONS[relation](left, right),) if left != right else (None, RELATIONS[relation](0, 0))
    )


def test_strictness_at_zero() -> None:
    """At equality the weak relation holds with margin 0 and the strict one fails with margin 0."""
    at = {x: 2, y: 2}
    assert [margin(relation(x, y), at).holds for relation in (Ge, Gt, Le, Lt)] == [True, False, True, False]
    assert {margin(relation(x, y), at).value for relation in (Ge, Gt, Le, Lt)} == {Fraction(0)}


def _part(truth: bool | None, name: str) -> tuple[Any, dict[Any, Any]]:
    """A relation of the given truth: true, false, or not decidable by balls."""
    if truth is None:
        a, b = sympy.symbols(f"{name}a {name}b")
        return Eq(sin(a) ** 2 + cos(a) ** 2, b), {a: 1, b: 1}
    a = Symbol(f"{name}c")
    return a > 0, {a: 1 if truth else -1}


def _kleene(kind: Any, first: bool | None, second: bool | None) -> bool | None:
    """Strong Kleene logic, by trying every completion of the unknown parts."""
    tables: dict[Any, Any] = {
        And: lambda p, q: p and q,
        Or: lambda p, q: p or q,
        Implies: lambda p, q: not p or q,
        Equivalent: lambda p, q: p == q,
    }
    results = {
        tables[kind](p, q)
        for p in ((first,) if first is not None else (True, False))
        for q in ((second,) if second is not None else (True, False))
    }
    return results.pop() if len(results) == 1 else None


@pytest.mark.parametrize("kind", [And, Or, Implies, Equivalent], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("first", "second"), list(product((True, False, None), repeat=2)))
def test_connectives_follow_three_valued_logic(kind: Any, first: bool | None, second: bool | None) -> None:
    """`And`, `Or`, `Implies`, `Equivalent` of true, false and undecided parts follow strong Kleene logic."""
    (left, at_left), (right, at_right) = _part(first, "l"), _part(second, "r")
    found = margin(kind(left, right, evaluate=False), {**at_left, **at_right})
    assert found.holds is _kleene(kind, first, second)


@pytest.mark.parametrize("truth", [True, False, None])
def test_negation(truth: bool | None) -> None:
    """`Not` turns true into false and leaves the undecided undecided."""
    part, at = _part(truth, "n")
    assert margin(Not(part, evaluate=False), at).holds is (None if truth is None else not truth)


def test_a_false_premise_shields_an_undefined_conclusion() -> None:
    """`x > 0 implies log x < x` holds at x = -1, where the logarithm has no value."""
    assert margin(Implies(x > 0, log(x) < x), {x: -1}).holds is True


def test_undefined_is_raised() -> None:
    """A conclusion without a value raises, at every precision."""
    with pytest.raises(Undefined):
        margin(log(x) > 0, {x: -1})


def test_precision_rises_until_the_sign_is_decided() -> None:
    """Differences of 1e-24 under a logarithm or a comparison are decided, though 64 bits do not show them."""
    at = {x: Fraction(1, 10**12)}
    assert margin(exp(x) > 1 + x, at).holds is True
    assert margin(log(exp(x) - 1 - x) < 0, at).holds is True


def test_an_equality_of_balls_is_refuted_but_never_confirmed() -> None:
    """Balls refute a wrong transcendental equality; a right one stays undecided."""
    assert margin(EQUAL_UNDECIDED, {x: 1, y: 1}).holds is None
    assert margin(EQUAL_UNDECIDED, {x: 1, y: Fraction(10**30 + 1, 10**30)}).holds is False


def test_predicates_give_one_or_minus_one() -> None:
    """A predicate's margin is 1 where it holds and -1 where it does not, also below connectives."""

    @predicate("even")
    def even(number: int) -> bool:
        return number % 2 == 0

    assert [margin(even(x), {x: value}).value for value in (2, 3)] == [1, -1]
    assert margin(And(even(x), Not(even(y))), {x: 2, y: 3}).holds is True


def test_equality_of_structured_values() -> None:
    """Tuples are compared as they are."""
    assert margin(Eq(x, y), {x: (1, 2), y: (1, 2)}).holds is True
    assert margin(Ne(x, y), {x: (1, 2), y: (2, 1)}).holds is True


@given(values, values, st.fractions(0, 1, max_denominator=5))
def test_bounds_decide_only_what_they_imply(low: Fraction, right: Fraction, width: Fraction) -> None:
    """A quantity known up to an interval decides a comparison exactly when the whole interval lies on one side."""
    found = margin(Gt(x, y), {x: 0, y: right}, {x: (low, low + width)})
    if found.holds is not None:
        assert found.holds == (low > right)
        assert found.holds == (low + width > right)


def test_the_gap_is_oriented() -> None:
    """The gap of a relation is nonnegative where the relation holds, whichever way it is written."""
    assert gap(x <= y) == y - x
    assert gap(x >= y) == x - y
    assert gap(Eq(x, y)) == x - y
    with pytest.raises(TypeError):
        gap(And(x > 0, y > 0))


def test_what_is_no_relation_is_refused() -> None:
    """A number is no conclusion."""
    with pytest.raises(TypeError, match="must be a relation"):
        margin(x + y, {x: 1, y: 2})


def test_rational_bounds_that_touch_the_other_side_are_decided_exactly() -> None:
    """A term known to lie in [1/4, 3/8] satisfies <= 3/8 and not < 3/8 for sure; equal bounds are a value."""
    value = sympy.Function("V")(x)
    known = {value: (Fraction(1, 4), Fraction(3, 8))}
    assert margin(value <= sympy.Rational(3, 8), {x: 1}, known).holds is True
    assert margin(value < sympy.Rational(3, 8), {x: 1}, known).holds is None
    assert margin(value < sympy.Rational(1, 4), {x: 1}, known).holds is False
    assert margin(sympy.Eq(value, sympy.Rational(1, 3)), {x: 1}, {value: (Fraction(1, 3), Fraction(1, 3))}).holds is True
