"""Exact evidence for biased hats: polynomials in the bias, counted from the tables; signs by Sturm and Bernstein."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import sympy
from flint import fmpq, fmpq_poly

from lakatos import Certified, Reals, certificate, enumeration, figure
from lakatos.trial import Trial
from proofs_check.methods.polynomials import (
    fraction_of_polynomials,
    identical,
    positive_on,
)
from theorems.levine_hats import biased
from theorems.levine_hats.setting import Table, biased_value, f, g, h, height, p


@enumeration(biased.mirror, scope="every pair of tables on 1 and 2 hats, at 6 points p: more than the degree")
def small_tables_at_many_biases(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Both sides are polynomials in p of degree at most 2h: six points decide h = 1, 2 for every p."""
    for hats in (1, 2):
        for first, second in product(product(range(hats), repeat=2**hats), repeat=2):
            for sixths in range(1, 7):
                yield {h: hats, f: first, g: second, p: Fraction(sixths, 7)}


def value_polynomials(first: Table, second: Table) -> tuple[fmpq_poly, fmpq_poly]:
    """(won, 1 - both) as polynomials in p: pairs of stacks counted by their number of black hats.

    A player who continues alone names a hat that is black with chance p, one more factor p.
    """
    hats = height(first)
    won: Counter[tuple[int, int]] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    for x, y in product(range(2**hats), repeat=2):
        a, b, blacks = first[y], second[x], x.bit_count() + y.bit_count()
        lone = (a == hats) + (b == hats)
        if lone == 2:
            both[blacks, 0] += 1
        elif (a == hats or x >> a & 1) and (b == hats or y >> b & 1):
            won[blacks, lone] += 1

    def polynomial(tally: Counter[tuple[int, int]]) -> fmpq_poly:
        black, white = fmpq_poly([0, 1]), fmpq_poly([1, -1])
        return sum((count * black ** (blacks + lone) * white ** (2 * hats - blacks)
                    for (blacks, lone), count in tally.items()), fmpq_poly([0]))

    return polynomial(won), fmpq_poly([1]) - polynomial(both)


@certificate(biased.block_of_five_biased, biased.block_of_five_of_the_authors_biased, biased.block_of_three_biased,
             biased.white_block_of_three_biased, scope="every p", whole_domain=True)
def value_as_a_function_of_the_bias(trial: Trial) -> Iterator[Certified]:
    """Numerator and denominator of the claimed value; the checker counts the tables' own."""
    numerator, denominator = fraction_of_polynomials(trial.then.rhs, p)
    data = {"numerator": [str(c) for c in numerator.coeffs()], "denominator": [str(c) for c in denominator.coeffs()]}
    yield Certified({p: Fraction(1, 2)}, data, _is_the_value)


def _is_the_value(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    claimed = tuple(fmpq_poly([_rational(c) for c in data[part]]) for part in ("numerator", "denominator"))
    counted = value_polynomials(instance[f], instance[g])
    return trial.then.lhs == biased_value(f, g, p) and identical(counted, claimed)  # type: ignore[arg-type]


def _rational(text: str) -> Any:
    value = Fraction(text)
    return fmpq(value.numerator, value.denominator)


@certificate(biased.base_bounds_mirror, scope="every p", whole_domain=True)
def cross_multiplied(trial: Trial) -> Iterator[Certified]:
    """Both sides as fractions of polynomials, for the checker to cross-multiply."""
    yield Certified({p: Fraction(1, 2)}, {"variable": "p"}, _sides_agree)


def _sides_agree(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    return identical(fraction_of_polynomials(trial.lhs, p), fraction_of_polynomials(trial.rhs, p))


@certificate(biased.five_improves_the_base_bound, biased.five_is_the_best_known_bound,
             biased.three_beat_the_published_bounds, scope="every p in the range", whole_domain=True)
def no_sign_change(trial: Trial) -> Iterator[Certified]:
    """Each inequality's numerator and denominator keep one sign on the range, by Sturm and by Bernstein."""
    domain = trial.statement.let[p]
    assert isinstance(domain, Reals)
    yield Certified({p: Fraction(1, 4)}, {"low": str(domain.low), "high": str(domain.high)}, _signs)


def _signs(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    low, high = Fraction(data["low"]), Fraction(data["high"])
    relations = trial.then.args if isinstance(trial.then, sympy.And) else (trial.then,)
    fractions = [fraction_of_polynomials(relation.gts - relation.lts, p) for relation in relations]
    return all(positive_on(top * bottom, low, high) for top, bottom in fractions)


@figure(biased.five_is_the_best_known_bound, biased.three_beat_the_published_bounds,
        caption="Lower bounds for the chance to win with biased hats, minus the base paper's U_1: the published U_3 is ahead "
        "up to p = 0.312, three hats that continue on the all-white block are ahead of both up to p = 0.430.",
        alt="Two curves over the bias p from 0 to 0.5: L3 minus U1 lies above U3 minus U1 up to p = 0.445.")
def bounds_for_biased_hats() -> Any:
    """U_3 - U_1 and L_3 - U_1 over the bias."""
    from matplotlib.figure import Figure

    grid = [k / 400 for k in range(1, 201)]
    curves = {name: sympy.lambdify(p, (bound(p) - biased.U1(p)).doit())
              for name, bound in (("three hats, $L_3 - U_1$", biased.L3), ("published, $U_3 - U_1$", biased.U3))}
    drawn = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = drawn.add_subplot()
    for (name, curve), style in zip(curves.items(), ("-", "--"), strict=True):
        axes.plot(grid, [curve(x) for x in grid], style, label=name, linewidth=1.8)
    axes.axhline(0, color="0.5", linewidth=0.8)
    for place, text in ((0.3122270159, "0.312"), (0.43015970900, "0.430")):
        axes.plot([place], [0], "o", color="0.3", markersize=4)
        axes.annotate(text, (place, 0), textcoords="offset points", xytext=(4, -12), fontsize=9)
    axes.set(xlabel="chance $p$ that a hat is black", ylabel="gain over the base bound $U_1$", xlim=(0, 0.5),
             ylim=(-0.0012, 0.0011))
    axes.legend(frameon=False)
    return drawn
