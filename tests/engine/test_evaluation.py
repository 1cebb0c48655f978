"""Exact evaluation: rationals stay exact, balls contain the truth, and what has no value says so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    IndexedBase,
    Integral,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    binomial,
    cosh,
    exp,
    floor,
    log,
    sqrt,
)

from lakatos.evaluation import Undefined, ball, evaluate, precision
from lakatos.terms import define, term

x, y, z, k = Symbol("x"), Symbol("y"), Symbol("z"), Symbol("k")
rationals = st.fractions(min_value=-5, max_value=5, max_denominator=12)
leaves = st.one_of(
    st.sampled_from([x, y, z]), rationals.map(lambda value: Rational(value.numerator, value.denominator))
)


def _grow(children: Any) -> Any:
    pair = st.tuples(children, children)
    return st.one_of(
        pair.map(lambda two: two[0] + two[1]),
        pair.map(lambda two: two[0] - two[1]),
        pair.map(lambda two: two[0] * two[1]),
        pair.map(lambda two: two[0] / two[1] if two[1] != 0 else two[0]),
        st.tuples(children, st.integers(0, 3)).map(lambda two: two[0] ** two[1]),
        pair.map(lambda two: sympy.Max(*two)),
        pair.map(lambda two: sympy.Min(*two)),
        children.map(sympy.Abs),
        children.map(floor),
    )


expressions = st.recursive(leaves, _grow, max_leaves=7)


@given(expressions, st.tuples(rationals, rationals, rationals))
def test_rational_expressions_agree_with_sympy(expression: Any, values: tuple[Fraction, ...]) -> None:
    """A rational expression has the value that SymPy's own arithmetic gives, or both call it undefined."""
    instance = dict(zip((x, y, z), values, strict=True))
    expected = sympy.sympify(expression).subs(
        {s: Rational(v.numerator, v.denominator) for s, v in instance.items()}
    )
    try:
        found = evaluate(sympy.sympify(expression), instance)
    except Undefined:
        return  # SymPy may cancel 0 * (1/0) symbolically; refusing is the stricter answer
    assert isinstance(found, Fraction)
    assert expected == Rational(found.numerator, found.denominator)


def _holds(enclosure: Any, truth: Any) -> bool:
    """Whether a ball contains a number known to 60 digits."""
    sign, mantissa, exponent, _ = mpmath.mpf(truth)._mpf_
    with precision(600):
        value, middle = (-1) ** sign * arb(int(mantissa)) * arb(2) ** int(exponent), ball(enclosure).mid()
        return bool(abs(middle - value) <= ball(enclosure).rad() + (1 + abs(value)) * arb(10) ** -55)


ANALYTIC = [
    (exp(x), mpmath.exp),
    (log(x**2 + 1), lambda v: mpmath.log(v * v + 1)),
    (sqrt(x**2 + 2), lambda v: mpmath.sqrt(v * v + 2)),
    (cosh(x), mpmath.cosh),
    (sympy.sinh(x), mpmath.sinh),
    (sympy.tanh(x), mpmath.tanh),
    (sympy.sin(x), mpmath.sin),
    (sympy.cos(x), mpmath.cos),
    (sympy.erf(x), mpmath.erf),
    (sympy.atanh(x / 10), lambda v: mpmath.atanh(v / 10)),
    (exp(x) * sympy.pi, lambda v: mpmath.exp(v) * mpmath.pi),
    ((x**2 + 1) ** Rational(3, 7), lambda v: mpmath.root((v * v + 1) ** 3, 7)),
    (2**x, lambda v: mpmath.power(2, v)),
    (sympy.Max(exp(x), x), lambda v: max(mpmath.exp(v), v)),
]


@pytest.mark.parametrize(("expression", "reference"), ANALYTIC, ids=[str(pair[0]) for pair in ANALYTIC])
@given(value=rationals, bits=st.sampled_from([32, 64, 256]))
def test_balls_contain_the_truth(expression: Any, reference: Any, value: Fraction, bits: int) -> None:
    """At every precision the ball of an analytic expression contains a 60-digit reference value."""
    with mpmath.workdps(60), precision(bits):
        truth = reference(mpmath.mpf(value.numerator) / value.denominator)
        assert _holds(evaluate(expression, {x: value}), truth)


@given(st.fractions(0, 2, max_denominator=9), st.fractions(0, 3, max_denominator=9))
def test_integrals_contain_the_truth(low: Fraction, width: Fraction) -> None:
    """A rigorous integral contains the value that the antiderivative gives."""
    t = Symbol("t")
    found = evaluate(Integral(exp(-t) * x, (t, y, z)), {x: 3, y: low, z: low + width})
    with mpmath.workdps(60):
        a, b = (mpmath.mpf(end.numerator) / end.denominator for end in (low, low + width))
        assert _holds(found, 3 * (mpmath.exp(-a) - mpmath.exp(-b)))


@given(rationals, rationals)
def test_an_interval_becomes_a_ball_around_it(first: Fraction, second: Fraction) -> None:
    """Bounds (low, high) become a ball that contains both ends."""
    low, high = sorted((first, second))
    enclosure = ball((low, high))
    assert enclosure.overlaps(ball(low)) and enclosure.overlaps(ball(high))
    assert not (enclosure.lower() > ball(low)) and not (enclosure.upper() < ball(high))


EXACT: list[tuple[Any, dict[Any, Any], Fraction]] = [
    (sqrt(x), {x: Fraction(9, 4)}, Fraction(3, 2)),
    (x ** Rational(2, 3), {x: 27}, Fraction(9)),
    (x ** Rational(-1, 2), {x: Fraction(1, 4)}, Fraction(2)),
    (exp(x), {x: 0}, Fraction(1)),
    (log(x), {x: 1}, Fraction(0)),
    (binomial(x, y), {x: 10, y: 3}, Fraction(120)),
    (floor(x), {x: Fraction(-7, 2)}, Fraction(-4)),
    (sympy.ceiling(x), {x: Fraction(-7, 2)}, Fraction(-3)),
    (floor(exp(x)), {x: 1}, Fraction(2)),
    (sympy.Mod(x, 3), {x: 8}, Fraction(2)),
    (sympy.factorial(x), {x: 5}, Fraction(120)),
    (Sum(k**2, (k, 1, x)), {x: 4}, Fraction(30)),
    (Sum(k * y, (y, 1, k), (k, 1, x)), {x: 3}, Fraction(1 + 6 + 18)),
    (Sum(k, (k, 1, x)), {x: 0}, Fraction(0)),
    (sympy.Product(k, (k, 1, x)), {x: 5}, Fraction(120)),
    (Piecewise((1 / x, x > 0), (sympy.S(7), True)), {x: 0}, Fraction(7)),
    (Piecewise((1 / x, x > 0), (sympy.S(7), True)), {x: 4}, Fraction(1, 4)),
]


@pytest.mark.parametrize(("expression", "instance", "expected"), EXACT, ids=[str(row[0]) for row in EXACT])
def test_exact_values(expression: Any, instance: dict[Any, Any], expected: Fraction) -> None:
    """Values that are rational come out as Fractions, also through roots, sums and cases."""
    found = evaluate(expression, instance)
    assert isinstance(found, Fraction)
    assert found == expected


def test_entries_of_vectors_and_tables() -> None:
    """Indexed entries, nested tuples and sums over them are exact."""
    pi, table, i = IndexedBase("pi"), IndexedBase("T"), Symbol("i")
    values = {pi.label: (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)), table.label: ((1, 2), (3, 4))}
    assert evaluate(Sum(pi[i], (i, 0, 2)), values) == 1
    assert evaluate(table[1, 0], values) == 3


UNDEFINED: list[tuple[Any, dict[Any, Any]]] = [
    (log(x), {x: 0}),
    (log(x), {x: -1}),
    (log(exp(x) - 2), {x: 0}),
    (1 / x, {x: 0}),
    (x**-2, {x: 0}),
    (sqrt(x), {x: -1}),
    (sqrt(exp(x) - 3), {x: 1}),
    (x ** Rational(1, 3), {x: -8}),
    (sympy.atanh(x), {x: 2}),
    (1 / (exp(x) - exp(y)), {x: 1, y: 1}),
    (Piecewise((x, x > 0)), {x: 0}),
    (x**y, {x: -2, y: sympy.Rational(1, 2)}),
]


@pytest.mark.parametrize(("expression", "instance"), UNDEFINED, ids=[str(row[0]) for row in UNDEFINED])
def test_what_has_no_real_value_is_undefined(expression: Any, instance: dict[Any, Any]) -> None:
    """Logarithms, roots and quotients without a real value raise `Undefined` instead of giving NaN."""
    with pytest.raises(Undefined):
        evaluate(expression, instance)


@pytest.mark.parametrize("instance", [{x: 0.5}, {x: float("nan")}])
def test_floats_are_refused(instance: dict[Any, Any]) -> None:
    """A float in an instance is refused, with advice."""
    with pytest.raises(TypeError, match="use int or Fraction"):
        evaluate(x + 1, instance)


def test_complex_and_undefined_numbers_are_refused() -> None:
    """A complex or undefined constant in a statement is an error, never a value."""
    for expression in (sympy.I * x, x + sympy.nan, x * sympy.Float("0.5")):
        with pytest.raises((TypeError, Undefined)):
            evaluate(expression, {x: 1})


@given(st.integers(0, 30), st.fractions(0, 1, max_denominator=20))
def test_terms_receive_whole_numbers_as_int(count: int, chance: Fraction) -> None:
    """A computed term receives `int` for whole values and `Fraction` otherwise, and its exact value comes out."""

    @term("w")
    def weighted(number: int, share: Fraction) -> Fraction:
        assert isinstance(number, int)
        return number * share

    assert evaluate(weighted(x, y) + 1, {x: Fraction(count), y: chance}) == count * chance + 1


def test_defined_terms_evaluate_and_differentiate_through_their_definition() -> None:
    """A named expression has the value and the derivative of what it stands for."""
    sigma = define(r"\sigma", lambda u: 1 / (1 + exp(-u)))
    assert evaluate(sigma(x), {x: 0}) == Fraction(1, 2)
    assert evaluate(sympy.diff(sigma(x), x), {x: 0}) == Fraction(1, 4)


def test_known_values_replace_terms() -> None:
    """A term that evidence has bounded is not evaluated again: its bounds are used."""

    @term("V")
    def never(_: int) -> Fraction:
        raise AssertionError("evaluated")

    assert evaluate(2 * never(x), {x: 3}, {never(x): Fraction(1, 4)}) == Fraction(1, 2)
    assert evaluate(never(x), {x: 3}, {never(x): (Fraction(1, 4), Fraction(1, 2))}).contains(arb(0.3))
