"""Rational functions of one variable over the rationals: identities by cross-multiplication, signs on intervals.

Two exact routes each: FLINT polynomials beside evaluation at degree-many rational points; Sturm sequences beside
Bernstein coefficients with subdivision. Both must agree, or `Disagreement` is raised.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import sympy
from flint import fmpq, fmpq_poly


class Disagreement(ArithmeticError):
    """Two exact routes differ: a bug in one of them."""


def fraction_of_polynomials(expression: Any, variable: Any) -> tuple[fmpq_poly, fmpq_poly]:
    """(numerator, denominator) of a rational expression in `variable`, terms with definitions expanded.

    Raises TypeError if the expression is not rational in the variable over the rationals.
    """
    numerator, denominator = sympy.fraction(sympy.together(sympy.sympify(expression).doit()))
    try:
        return tuple(_flint(sympy.Poly(part, variable, domain="QQ")) for part in (numerator, denominator))  # type: ignore[return-value]
    except (sympy.PolynomialError, sympy.CoercionFailed) as error:
        raise TypeError(f"{expression} is not a rational function of {variable}: {error}") from error


def _flint(polynomial: Any) -> fmpq_poly:
    return fmpq_poly([fmpq(int(c.p), int(c.q)) for c in reversed(polynomial.all_coeffs())])


def identical(left: tuple[fmpq_poly, fmpq_poly], right: tuple[fmpq_poly, fmpq_poly]) -> bool:
    """Whether two fractions of polynomials are equal: cross-multiplied, and at more points than the degree."""
    first, second = left[0] * right[1], right[0] * left[1]
    degree = max(first.degree(), second.degree(), 0)
    by_points = all(left[0](x) * right[1](x) == right[0](x) * left[1](x) for x in map(fmpq, range(2, degree + 4)))
    if (first == second) != by_points:
        raise Disagreement("polynomial identity: coefficients and points differ")
    return bool(first == second)


def roots_within(polynomial: fmpq_poly, low: Fraction, high: Fraction) -> int:
    """Number of distinct real roots in (low, high], by Sturm's theorem."""
    chain = [polynomial, polynomial.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))
    chain = [member for member in chain if member.degree() >= 0]

    def changes(point: Fraction) -> int:
        values = [member(fmpq(point.numerator, point.denominator)) for member in chain]
        signs = [value > 0 for value in values if value != 0]
        return sum(a != b for a, b in zip(signs, signs[1:], strict=False))

    return changes(low) - changes(high)


def positive_on(polynomial: fmpq_poly, low: Fraction, high: Fraction, *, depth: int = 60) -> bool:
    """Whether the polynomial is positive on the half-open interval (low, high]; a zero at `low` is divided out."""
    at_low = fmpq_poly([fmpq(-low.numerator, low.denominator), 1])
    while polynomial.degree() >= 0 and polynomial(fmpq(low.numerator, low.denominator)) == 0:
        polynomial = polynomial // at_low
    if polynomial.degree() < 0:
        return False
    end = polynomial(fmpq(high.numerator, high.denominator))
    by_sturm = bool(end > 0) and roots_within(polynomial, low, high) == 0
    by_bernstein = _bernstein_positive(_bernstein(polynomial, low, high), depth)
    if by_bernstein is not None and by_bernstein != by_sturm:
        raise Disagreement(f"sign on ({low}, {high}]: Sturm says {by_sturm}, Bernstein says {by_bernstein}")
    if by_bernstein is None:
        raise Disagreement(f"sign on ({low}, {high}]: {depth} subdivisions do not decide it")
    return by_sturm


def _bernstein(polynomial: fmpq_poly, low: Fraction, high: Fraction) -> list[Fraction]:
    """Bernstein coefficients on [low, high]."""
    shift = polynomial(fmpq_poly([fmpq(low.numerator, low.denominator), fmpq((high - low).numerator, (high - low).denominator)]))
    power = [Fraction(int(c.p), int(c.q)) for c in shift.coeffs()]
    degree = len(power) - 1
    return [sum((Fraction(comb(i, k), comb(degree, k)) * power[k] for k in range(i + 1)), Fraction(0))
            for i in range(degree + 1)]


def _bernstein_positive(coefficients: list[Fraction], depth: int) -> bool | None:
    """Positive on the closed interval, by subdivision at the middle (de Casteljau); None if undecided."""
    if min(coefficients) > 0:
        return True
    if coefficients[0] <= 0 or coefficients[-1] <= 0:
        return False
    if depth == 0:
        return None
    left, right, row = [coefficients[0]], [coefficients[-1]], coefficients
    while len(row) > 1:
        row = [(a + b) / 2 for a, b in zip(row, row[1:], strict=False)]
        left.append(row[0])
        right.append(row[-1])
    first = _bernstein_positive(left, depth - 1)
    return first if first is not True else _bernstein_positive(right[::-1], depth - 1)
