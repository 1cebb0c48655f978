"""Symbolic steps that two exact routes must agree on: a normal form over a field, and balls at rational points.

Identities: exponentials and logarithms are split into independent generators, the numerator must vanish as a
polynomial over the rationals; and at forty rational points the difference's ball must contain zero and be tiny. Signs:
the expression is manifestly of one sign (sums, products, squares, exponentials of known signs), and so it is at forty
points. Signs of symbols must be those of their ranges. `sympy.simplify` and `.equals` are never asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from math import lcm
from random import Random
from typing import Any

import sympy
from flint import arb

from lakatos import Step
from lakatos.domains import Reals
from lakatos.evaluation import Undefined, ball, evaluate, precision
from lakatos.trial import Trial

POINTS = 40
BITS = 256
TINY = arb(2) ** -150
Ranges = Mapping[Any, tuple[Any, Any]]


class NotNormal(ValueError):
    """The expression has no normal form here: a logarithm of something negative, an unknown function."""


def normal_form_vanishes(expression: Any) -> bool:
    """Whether the expression is identically zero, with exp and log of different arguments as independent generators.

    Logarithms of products are split as if all factors were positive; the second route sees to it that they are.
    """
    rewritten = sympy.sympify(expression).doit().rewrite(sympy.exp)
    generators: dict[Any, Any] = {}
    for found in rewritten.atoms(sympy.exp):
        for part in sympy.Add.make_args(sympy.expand(found.args[0])):
            coefficient, monomial = part.as_coeff_Mul()
            generators["unit", monomial] = lcm(generators.get(("unit", monomial), 1), int(coefficient.q))
    try:
        numerator = sympy.fraction(sympy.together(_field(rewritten, generators)))[0]
        return bool(sympy.Poly(numerator, sympy.Dummy("constant"), *numerator.free_symbols, domain=sympy.QQ).is_zero)
    except (NotNormal, sympy.PolynomialError, sympy.CoercionFailed):
        return False


def _generator(kind: str, argument: Any, generators: dict[Any, Any]) -> Any:
    """The symbol that stands for one kernel; exponentials and roots are positive, logarithms may be anything."""
    sort = {"positive": True} if kind in ("exp", "root") else {}
    return generators.setdefault((kind, argument), sympy.Dummy(f"{kind}{len(generators)}", **sort))


def _field(node: Any, generators: dict[Any, Any]) -> Any:
    """The node as a rational function of symbols and generators."""
    if node.is_Symbol or node.is_Rational:
        return node
    if isinstance(node, sympy.Indexed):
        return _generator("entry", node, generators)
    if isinstance(node, sympy.exp):
        return _exponential(sympy.expand(node.args[0]), generators)
    if isinstance(node, sympy.log):
        return _logarithm(_field(node.args[0], generators), generators)
    if node.is_Pow and not node.exp.is_Integer:
        if node.base == sympy.E:
            return _exponential(sympy.expand(node.exp), generators)
        return _generator("root", (_field(node.base, generators), node.exp), generators)
    if node.is_Add or node.is_Mul or node.is_Pow:
        return node.func(*[_field(argument, generators) for argument in node.args])
    raise NotNormal(f"no normal form of {type(node).__name__}")


def _exponential(exponent: Any, generators: dict[Any, Any]) -> Any:
    """exp of a sum as a product; exp(c m) for rational c as an integer power of one generator per monomial m."""
    result: Any = sympy.Integer(1)
    for part in sympy.Add.make_args(exponent):
        logarithms = [factor for factor in sympy.Mul.make_args(part) if isinstance(factor, sympy.log)]
        rest = part / logarithms[0] if len(logarithms) == 1 else None
        if rest is not None and rest.is_Integer:
            result *= _field(logarithms[0].args[0], generators) ** rest
            continue
        coefficient, monomial = part.as_coeff_Mul()
        unit = generators.get(("unit", monomial), coefficient.q)
        if unit % coefficient.q:
            raise NotNormal(f"exponent with denominator {coefficient.q}")
        result *= _generator("exp", monomial / unit, generators) ** (unit * coefficient)
    return result


def _logarithm(argument: Any, generators: dict[Any, Any]) -> Any:
    """log of a rational function as a sum of logs of its irreducible factors and of primes."""
    result: Any = sympy.Integer(0)
    for part, sign in zip(sympy.fraction(sympy.together(argument)), (1, -1), strict=True):
        constant, factors = sympy.factor_list(part)
        if not constant.is_Rational or constant == 0:
            raise NotNormal(f"logarithm of {argument}")
        if constant < 0:
            if not factors or factors[0][1] % 2 == 0:
                raise NotNormal(f"logarithm of {argument}")
            constant, factors = -constant, [(-factors[0][0], factors[0][1]), *factors[1:]]
        for prime, power in (*sympy.factorint(constant.p).items(), *((p, -k) for p, k in sympy.factorint(constant.q).items())):
            result += sign * power * _generator("log", prime, generators)
        for factor, power in factors:
            inverse = {value: key for key, value in generators.items() if key[0] != "unit"}
            if factor in inverse and inverse[factor][0] == "exp":
                result += sign * power * _field(inverse[factor][1], generators)
            else:
                result += sign * power * _generator("log", sympy.expand(factor), generators)
    return result


def points(ranges: Ranges, count: int = POINTS, seed: int = 0) -> Iterator[dict[Any, Fraction]]:
    """`count` rational points of a box given by (low, high) per symbol, the ends excluded; always the same ones."""
    draw = Random(seed)
    for _ in range(count):
        yield {symbol: Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(draw.randrange(1, 210), 210)
               for symbol, (low, high) in ranges.items()}


def box(trial: Trial) -> dict[Any, tuple[Fraction, Fraction]]:
    """A box inside the domains of the trial's scalar quantities, unbounded ones cut where they are searched."""
    ranges: dict[Any, tuple[Fraction, Fraction]] = {}
    for symbol, domain in trial.statement.let.items():
        if isinstance(domain, Reals):
            ends = [sympy.sympify(end) for end in (domain.low, domain.high)]
            low, high = (Fraction(str(cut if end.is_infinite else end)) for end, cut in zip(ends, domain.search, strict=True))
            ranges[symbol] = (low, high)
    return ranges


def _where(expression: Any, ranges: Ranges | Trial) -> Iterator[dict[Any, Fraction]]:
    if isinstance(ranges, Trial):
        inside = (point for point in points(box(ranges), 40 * POINTS) if ranges.meets(ranges.complete(point)))
        yield from islice(inside, POINTS)
    else:
        yield from points({symbol: ranges[symbol] for symbol in ranges if symbol in expression.free_symbols} or ranges)


def _values(expression: Any, ranges: Ranges | Trial) -> Iterator[tuple[dict[Any, Fraction], arb]]:
    with precision(BITS):
        for point in _where(expression, ranges):
            try:
                yield point, ball(evaluate(expression, point))
            except Undefined:
                continue


def identity(name: str, left: Any, right: Any, ranges: Ranges | Trial, *, latex: str = "") -> Step:
    """The step left = right, for all values of the symbols in `ranges` (or in the trial's own domains)."""
    difference = sympy.sympify(left) - sympy.sympify(right)
    seen, counter = 0, None
    for point, value in _values(difference, ranges):
        if not value.contains(0):
            counter = point
            break
        seen += bool(value.abs_upper() < TINY)
    vanishes = counter is None and normal_form_vanishes(difference)
    return Step(name, latex or _latex(left, right, "="), vanishes and seen >= POINTS, counter is not None,
                ("normal form", f"balls at {seen} rational points"), counter)


def sign(name: str, expression: Any, ranges: Ranges | Trial, *, strict: bool = True, signs: Mapping[Any, int] | None = None,
         latex: str = "") -> Step:
    """The step expression > 0 (>= 0 if not strict); `signs` says what is positive (1) or nonnegative (0).

    Its keys are symbols or linear expressions in one symbol, such as 1 - s; each must follow from the symbol's range.
    """
    seen, counter = 0, None
    for point, value in _values(expression, ranges):
        if value < 0:
            counter = point
            break
        seen += bool(value > 0 or (not strict and value >= 0))
    known = dict(signs or {})
    unfounded = [symbol for symbol, claimed in known.items() if not _has_sign(symbol, claimed, ranges)]
    found = None if unfounded else manifest_sign(sympy.sympify(expression).doit(), known)
    manifest = found is not None and (found > 0 or not strict)
    routes = ("manifest sign" if not unfounded else f"the sign of {unfounded[0]} does not follow from its range",
              f"balls at {seen} rational points")
    return Step(name, latex or _latex(expression, 0, ">" if strict else r"\ge"),
                counter is None and manifest and seen >= POINTS, counter is not None, routes, counter)


def _interval(symbol: Any, ranges: Ranges | Trial) -> tuple[Any, Any, bool, bool]:
    """Lower and upper end of a symbol's range, and whether each belongs to it."""
    if not isinstance(ranges, Trial):
        low, high = ranges.get(symbol, (-sympy.oo, sympy.oo))
        return sympy.sympify(low), sympy.sympify(high), False, False
    domain = ranges.statement.let.get(symbol)
    if not isinstance(domain, Reals):
        return -sympy.oo, sympy.oo, False, False
    return (sympy.sympify(domain.low), sympy.sympify(domain.high),
            domain.open not in ("left", "both"), domain.open not in ("right", "both"))


def _has_sign(expression: Any, claimed: int, ranges: Ranges | Trial) -> bool:
    """Whether a symbol, or a linear expression in one symbol, is positive (1) or nonnegative (0) on its range."""
    symbols = sympy.sympify(expression).free_symbols
    if len(symbols) != 1:
        return False
    (symbol,) = symbols
    slope = sympy.diff(expression, symbol)
    low, high, with_low, with_high = _interval(symbol, ranges)
    end, closed = (low, with_low) if slope.is_positive else (high, with_high)
    if not slope.is_Rational or slope == 0 or end.is_infinite or not end.is_Rational:
        return False
    least = expression.subs(symbol, end)
    return bool(least > 0 or (least == 0 and (claimed == 0 or not closed)))


def least_at(name: str, function: Any, variable: Any, at: Any, factor: Any, ranges: Ranges | Trial, *,
             signs: Mapping[Any, int] | None = None) -> list[Step]:
    """Steps that show function >= 0 on an interval around `at`: zero there, with slope (variable - at) times `factor` >= 0."""
    return [
        identity(f"{name}: zero at the least point", function.subs(variable, at), sympy.Integer(0), ranges),
        identity(f"{name}: slope", sympy.diff(function, variable), (variable - at) * factor, ranges),
        sign(f"{name}: the slope's sign is that of the distance", factor, ranges, strict=False, signs=signs),
    ]


def _latex(left: Any, right: Any, relation: str) -> str:
    from lakatos.rendering import latex

    return f"{latex(sympy.sympify(left))} {relation} {latex(sympy.sympify(right))}"


def manifest_sign(node: Any, signs: Mapping[Any, int]) -> int | None:
    """1 if the expression is positive, 0 if it is nonnegative, as can be read off its form; None otherwise."""
    if node.is_Rational:
        return 1 if node > 0 else (0 if node == 0 else None)
    if node in signs:
        return signs[node]
    if isinstance(node, sympy.exp | sympy.cosh):
        return 1
    if isinstance(node, sympy.Abs) or (isinstance(node, sympy.Max) and sympy.Integer(0) in node.args):
        return 0
    if isinstance(node, sympy.log):
        return manifest_sign(node.args[0] - 1, signs)
    if node.is_Pow:
        base = manifest_sign(node.base, signs)
        if base == 1 or node.base == sympy.E:
            return 1
        return 0 if node.exp.is_Integer and node.exp % 2 == 0 and node.exp > 0 else (base if node.exp.is_positive else None)
    if node.is_Mul:
        found = [manifest_sign(argument, signs) for argument in node.args]
        if None not in found:
            return min(found)  # type: ignore[type-var]
        flipped = [manifest_sign(-argument, signs) if one is None else one
                   for argument, one in zip(node.args, found, strict=True)]
        return min(flipped) if None not in flipped and found.count(None) % 2 == 0 else None  # type: ignore[type-var]
    if node.is_Add:
        return _sign_of_sum(node, signs)
    return None


def _sign_of_sum(node: Any, signs: Mapping[Any, int]) -> int | None:
    """Sums of nonnegative terms, after e^a - 1 and 1 - e^(-a) with nonnegative a are taken together."""
    constant, rest = node.as_coeff_Add()
    found: list[int | None] = []
    for part in sympy.Add.make_args(rest):
        sign_of_part = manifest_sign(part, signs)
        scale, power = part.as_coeff_Mul()
        if isinstance(power, sympy.exp) and (sign_of_part is None or constant < 0):
            sign_of_part = manifest_sign(power.args[0] if scale > 0 else -power.args[0], signs)
            constant += scale
        found.append(sign_of_part)
    if constant != 0:
        found.append(1 if constant > 0 else None)
    return None if None in found else max(found)  # type: ignore[type-var]
