"""Exact evaluation of SymPy expressions at exact values: rationals where possible, rigorous balls elsewhere.

Rational operations stay in `Fraction`; exponentials, logarithms, roots and integrals become `flint.arb` balls, which
always contain the true value. Nothing here rounds a float into a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from math import isqrt
from typing import Any

import flint
import sympy
from flint import arb, fmpq

Known = Mapping[Any, Any]
"""Values or (low, high) bounds of terms that evidence has established, keyed by the term as it stands in `then`."""


class Undefined(ArithmeticError):
    """The expression has no real value at this instance: log of a negative number, division by zero, NaN."""


def ball(value: Any) -> arb:
    """`value` as a ball: an exact number, a ball, or an interval given as a pair (low, high)."""
    if isinstance(value, arb):
        return value
    if isinstance(value, tuple):
        low, high = (ball(end) for end in value)
        middle, radius = (low + high) / 2, (high - low) / 2
        return arb(middle.mid(), (abs(middle - middle.mid()) + abs(radius)).upper())
    fraction = Fraction(value)
    return arb(fmpq(fraction.numerator, fraction.denominator))


def _checked(value: arb, what: str) -> arb:
    if value.is_nan():
        raise Undefined(what)
    return value


def _root(value: Fraction, index: int) -> Fraction | None:
    """Exact `index`-th root of a nonnegative rational, if it has one."""

    def whole(number: int) -> int | None:
        root = isqrt(number) if index == 2 else round(number ** (1 / index)) if number < 2**50 else -1
        return root if root >= 0 and root**index == number else None

    top, bottom = whole(value.numerator), whole(value.denominator)
    return Fraction(top, bottom) if top is not None and bottom is not None else None


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            power = int(exponent)
            if isinstance(base, Fraction):
                if base == 0 and power < 0:
                    raise Undefined("division by zero")
                if abs(power) * max(base.numerator.bit_length(), base.denominator.bit_length()) < 2_000_000:
                    return base**power
            if power < 0 and ball(base).contains(0):
                raise Undefined("division by a number that may be zero")
            return ball(base) ** power
        if isinstance(base, Fraction):
            if base < 0:
                raise Undefined(f"fractional power of {base}")
            root = _root(base, exponent.denominator)
            if root is not None:
                return _power(root, Fraction(exponent.numerator))
        if exponent == Fraction(1, 2):
            return _checked(ball(base).sqrt(), "square root of a negative number")
    if isinstance(base, Fraction) and base == 0 and isinstance(exponent, Fraction) and exponent > 0:
        return Fraction(0)
    if isinstance(base, Fraction) and base == 1:
        return base
    return _checked(ball(base) ** ball(exponent), "power without a real value")


def _logarithm(value: Any) -> Any:
    if isinstance(value, Fraction):
        if value <= 0:
            raise Undefined(f"log of {value}")
        if value == 1:
            return Fraction(0)
    return _checked(ball(value).log(), "log of a number that may not be positive")


def _exponential(value: Any) -> Any:
    return Fraction(1) if isinstance(value, Fraction) and value == 0 else _checked(ball(value).exp(), "exp")


def _extreme(values: list[Any], largest: bool) -> Any:
    if all(isinstance(value, Fraction) for value in values):
        return max(values) if largest else min(values)
    result = ball(values[0])
    for value in values[1:]:
        result = result.max(ball(value)) if largest else result.min(ball(value))
    return result


def _floor(value: Any) -> Any:
    if isinstance(value, Fraction):
        return Fraction(value.numerator // value.denominator)
    whole = value.floor().unique_fmpz()
    if whole is None:
        raise Undefined("floor of a number too close to an integer to tell")
    return Fraction(int(whole))


def _analytic(method: str, zero: Fraction | None = None) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if zero is not None and isinstance(value, Fraction) and value == 0:
            return zero
        return _checked(getattr(ball(value), method)(), method)

    return apply


_ONE_ARGUMENT: dict[Any, Callable[[Any], Any]] = {
    sympy.exp: _exponential,
    sympy.log: _logarithm,
    sympy.Abs: lambda value: abs(value),
    sympy.floor: _floor,
    sympy.ceiling: lambda value: -_floor(-value),
    sympy.sinh: _analytic("sinh", Fraction(0)),
    sympy.cosh: _analytic("cosh", Fraction(1)),
    sympy.tanh: _analytic("tanh", Fraction(0)),
    sympy.asinh: _analytic("asinh", Fraction(0)),
    sympy.atanh: _analytic("atanh", Fraction(0)),
    sympy.sin: _analytic("sin", Fraction(0)),
    sympy.cos: _analytic("cos", Fraction(1)),
    sympy.erf: _analytic("erf", Fraction(0)),
    sympy.erfc: _analytic("erfc", Fraction(1)),
    sympy.gamma: _analytic("gamma"),
    sympy.factorial: lambda value: Fraction(int(sympy.factorial(int(value)))),
}

_CONSTANTS: dict[Any, Callable[[], arb]] = {
    sympy.pi: arb.pi,
    sympy.E: arb.const_e,
    sympy.EulerGamma: arb.const_euler,
    sympy.Catalan: arb.const_catalan,
}


def _exact(value: Any) -> Any:
    """Python's exact numbers as Fractions; everything else (tables, graphs, orders, balls) as it is."""
    if isinstance(value, (bool, Fraction)):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        raise TypeError(f"the float {value!r} in a statement or an instance: use int or Fraction")
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, sympy.Basic) and not isinstance(value, sympy.Symbol):
        return evaluate(value, {})
    return value


def _argument(value: Any) -> Any:
    """What a term's Python function receives: whole rationals as int."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def evaluate(expression: Any, instance: Mapping[Any, Any], known: Known | None = None) -> Any:
    """Value of `expression` with the symbols replaced by `instance`.

    Returns a `Fraction`, a ball, a bool (predicates), or the structured value of a symbol.
    Raises `Undefined` where there is no real value, `OutOfReach` from terms, `KeyError` on an unknown symbol.
    """
    if known and expression in known:
        value = known[expression]
        if isinstance(value, tuple) and value[0] == value[1]:
            value = value[0]
        return ball(value) if isinstance(value, tuple) else _exact(value)
    if isinstance(expression, (int, Fraction)):
        return _exact(expression)
    if not isinstance(expression, sympy.Basic):
        return expression
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    if expression.is_Symbol or isinstance(expression, sympy.IndexedBase):
        return _exact(instance[_key(expression)])
    return _compound(expression, instance, known)


def _key(symbol: Any) -> Any:
    return symbol.label if isinstance(symbol, sympy.IndexedBase) else symbol


def _compound(expression: Any, instance: Mapping[Any, Any], known: Known | None) -> Any:
    kind = type(expression)
    if expression in _CONSTANTS:
        return _CONSTANTS[expression]()
    if getattr(kind, "definition", None) is not None:
        return evaluate(expression.expanded(), instance, known)
    if isinstance(expression, sympy.Indexed):
        value = evaluate(expression.base, instance, known)
        for index in expression.indices:
            value = value[int(evaluate(index, instance, known))]
        return _exact(value)
    if kind in (sympy.Sum, sympy.Product):
        return _series(expression, instance, known)
    if kind is sympy.Integral:
        return _integral(expression, instance, known)
    if kind is sympy.Piecewise:
        return _piecewise(expression, instance, known)
    values = [evaluate(argument, instance, known) for argument in expression.args]
    if getattr(kind, "compute", None) is not None:
        return _exact(kind.compute(*[_argument(value) for value in values]))
    if kind is sympy.Add:
        return _fold(values, lambda a, b: a + b)
    if kind is sympy.Mul:
        return _fold(values, lambda a, b: a * b)
    if kind is sympy.Pow:
        return _power(values[0], values[1])
    if kind in (sympy.Max, sympy.Min):
        return _extreme(values, kind is sympy.Max)
    if kind in _ONE_ARGUMENT:
        return _ONE_ARGUMENT[kind](values[0])
    if kind is sympy.binomial:
        return Fraction(int(sympy.binomial(int(values[0]), int(values[1]))))
    if kind is sympy.Mod:
        return values[0] % values[1]
    if kind is sympy.Tuple:
        return tuple(_argument(value) for value in values)
    raise TypeError(f"no exact evaluation of {kind.__name__} in {expression}")


def _fold(values: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
    result = values[0]
    for value in values[1:]:
        if isinstance(result, Fraction) != isinstance(value, Fraction):
            result, value = ball(result), ball(value)
        result = combine(result, value)
    return result


def _series(expression: Any, instance: Mapping[Any, Any], known: Known | None) -> Any:
    body, *limits = expression.args
    (index, low, high), rest = limits[-1], limits[:-1]
    inner = expression.func(body, *rest) if rest else body
    start, stop = (evaluate(end, instance, known) for end in (low, high))
    values = [evaluate(inner, {**instance, index: Fraction(value)}, known) for value in range(int(start), int(stop) + 1)]
    unit = Fraction(0 if expression.func is sympy.Sum else 1)
    return _fold([unit, *values], (lambda a, b: a + b) if expression.func is sympy.Sum else (lambda a, b: a * b))


def _piecewise(expression: Any, instance: Mapping[Any, Any], known: Known | None) -> Any:
    from lakatos.margin import margin

    for value, condition in expression.args:
        holds = True if condition == sympy.true else margin(condition, instance, known).holds
        if holds is None:
            raise Undefined(f"cannot tell whether {condition} holds")
        if holds:
            return evaluate(value, instance, known)
    raise Undefined("no case of a piecewise expression applies")


_COMPLEX = {sympy.exp: "exp", sympy.log: "log", sympy.sinh: "sinh", sympy.cosh: "cosh", sympy.tanh: "tanh",
            sympy.sin: "sin", sympy.cos: "cos", sympy.erf: "erf"}


def _integral(expression: Any, instance: Mapping[Any, Any], known: Known | None) -> arb:
    """Rigorous integral of an analytic integrand over a finite interval (Arb's `acb.integral`)."""
    integrand, limits = expression.args[0].doit(), expression.args[1:]
    if len(limits) != 1 or len(limits[0]) != 3:
        raise TypeError(f"only single definite integrals are evaluated: {expression}")
    variable, low, high = limits[0]

    def at(node: Any, point: Any) -> Any:
        if node == variable:
            return point
        if variable not in node.free_symbols:
            return flint.acb(ball(evaluate(node, instance, known)))
        values = [at(argument, point) for argument in node.args]
        if node.is_Add or node.is_Mul:
            return _fold(values, (lambda a, b: a + b) if node.is_Add else (lambda a, b: a * b))
        if node.is_Pow:
            return values[0] ** (int(node.exp) if node.exp.is_Integer else values[1])
        if node.func in _COMPLEX:
            return getattr(values[0], _COMPLEX[node.func])()
        raise TypeError(f"cannot integrate {type(node).__name__} rigorously in {expression}")

    start, end = (flint.acb(ball(evaluate(limit, instance, known))) for limit in (low, high))
    value = flint.acb.integral(lambda point, _analytic_flag: at(integrand, point), start, end)
    return _checked(value.real, "integral")


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with `bits` bits inside the block."""
    with flint.ctx.workprec(bits):
        yield
