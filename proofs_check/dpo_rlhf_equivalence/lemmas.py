"""Steps that several proofs share: logarithms and exponentials against their tangents, comparisons up to a factor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Dummy, Integer, exp, log

from lakatos import Step
from proofs_check.methods.chain import Ranges, identity, least_at, sign

x = Dummy("x")
POSITIVE: Ranges = {x: (Fraction(1, 8), Fraction(4))}


def relations(relation: Any) -> list[Any]:
    """The conjuncts of a conclusion."""
    return list(relation.args) if isinstance(relation, sympy.And) else [relation]


def gap_of(relation: Any) -> Any:
    """Greater side minus lesser side."""
    return relation.gts - relation.lts


def log_above_its_tangent() -> list[Step]:
    """log x >= 1 - 1/x for x > 0: equal at 1, and the difference has derivative (x - 1)/x^2, of the sign of x - 1."""
    return least_at("log x above 1 - 1/x", log(x) - 1 + 1 / x, x, Integer(1), 1 / x**2, POSITIVE, signs={x: 1})


def log_below_its_argument() -> list[Step]:
    """log(1 + x) < x for x > 0: equal at 0, and the difference x - log(1 + x) has derivative x/(1 + x) > 0."""
    difference = x - log(1 + x)
    return [
        identity("log(1 + x) and x agree at 0", difference.subs(x, 0), Integer(0), POSITIVE, latex=r"\log(1+0) = 0"),
        identity("derivative of x - log(1 + x)", sympy.diff(difference, x), x / (1 + x), POSITIVE,
                 latex=r"\tfrac{d}{dx}(x - \log(1+x)) = \tfrac{x}{1+x}"),
        sign("it is positive", x / (1 + x), POSITIVE, signs={x: 1}),
    ]


def exponential_above_its_argument() -> list[Step]:
    """e^x > x for x > 0: at 0 it is 1, and the difference has derivative e^x - 1 > 0."""
    return [
        identity("e^x - x at 0", (exp(x) - x).subs(x, 0), Integer(1), POSITIVE, latex="e^0 - 0 = 1"),
        identity("derivative of e^x - x", sympy.diff(exp(x) - x, x), exp(x) - 1, POSITIVE, latex=r"\tfrac{d}{dx}(e^x - x) = e^x - 1"),
        sign("it is positive", exp(x) - 1, POSITIVE, signs={x: 1}),
    ]


def exponential_is_increasing() -> list[Step]:
    """e^x > 1 for x > 0, so that e^a < e^b exactly when a < b."""
    return [sign("the exponential is increasing", exp(x) - 1, POSITIVE, signs={x: 1}, latex="x > 0: e^x > 1")]


def cosh_above_its_tangents() -> list[Step]:
    """cosh d >= cosh s + (d - s) sinh s: at d = s value and slope agree, the second derivative is cosh d > 0."""
    d, s = Dummy("d"), Dummy("s")
    ranges: Ranges = {d: (-3, 3), s: (Fraction(1, 8), 3)}
    difference = sympy.cosh(d) - sympy.cosh(s) - (d - s) * sympy.sinh(s)
    return [
        identity("value at d = s", difference.subs(d, s), Integer(0), ranges),
        identity("slope at d = s", sympy.diff(difference, d).subs(d, s), Integer(0), ranges),
        identity("second derivative", sympy.diff(difference, d, 2), sympy.cosh(d), ranges),
        sign("it is positive", sympy.cosh(d), ranges),
    ]
