"""Proof by induction that the chain of blocks of three has value floor(7 4^h / 20) / 4^h on h hats, for every h."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import sympy
from sympy import And, Eq, Integer, Rational, floor

from lakatos import Proof, Step, derivation
from lakatos.trial import Trial
from proofs_check.levine_hats.two_players import BEST
from simulators.models.hats import wins_by_bits
from theorems.levine_hats import finite_values as finite
from theorems.levine_hats.setting import S3_A, S3_B, chain_win, h, win

z, w = sympy.Symbol("z"), sympy.Symbol("w")
REMAINDER = {1: 8, 0: 12}
"""7 4^h mod 20 by parity of h."""
FLOOR = floor(Integer(7) * 4**h / 20)
MONOCHROMATIC = (0, 7)


def _counted() -> list[Step]:
    """What C7 needs of the block of three: two finite counts, each done twice."""
    mixed = [x for x in range(8) if x not in MONOCHROMATIC]
    black_first = sum(x & 1 for x in mixed)
    mirrored = sum(1 for x in mixed if not (7 - x) & 1)
    kept = black_first == mirrored == len(mixed) // 2
    colours = [y >> named & 1 == (y == 7) for y in MONOCHROMATIC for table in (S3_A, S3_B) for named in range(3)
               if named in table]
    half_wins = sum(
        2 * (x >> S3_A[y] & y >> S3_B[x] & 1) if x in mixed and y in mixed else (x == 7 or y == 7)
        for x, y in product(range(8), repeat=2) if x in mixed or y in mixed)
    expectation = sum(Fraction((x >> S3_A[y]) & (y >> S3_B[x]) & 1) for x in mixed for y in mixed) + 2 * Fraction(len(mixed), 2)
    return [
        Step("the kept hat of a mixed block is fair", r"\#\{x \text{ mixed}: x_0 = 1\} = 3 \text{ of } 6", kept, not kept,
             ("count", "count of the mirrored stacks")),
        Step("on a monochromatic block any named hat has its colour, so what the other keeps does not matter",
             r"y_j = y_0", all(colours), not all(colours), ("A's entries", "B's entries")),
        Step("pairs of blocks that are not both monochromatic win 21 of 64", r"\tfrac{42}{2} = 21",
             half_wins == 42 and expectation == 21, half_wins != 42, ("half-wins", "expected wins")),
    ]


def _at(expression: Any, odd: int, power: Any) -> Any:
    """The expression at h of the given parity, as a function of 4^h = z power."""
    closed = expression.subs(FLOOR, (7 * Integer(4) ** h - REMAINDER[odd]) / 20)
    return closed.subs(Integer(4) ** h, z * power)


def _identity(name: str, latex: str, difference: Any) -> Step:
    """A difference that must vanish identically in z and w: by normal form, and at a grid of rational points."""
    zero = sympy.cancel(sympy.together(difference)) == 0
    points = all(difference.subs({z: Rational(k, 3), w: Rational(j, 7)}) == 0 for k in range(1, 9) for j in range(1, 5))
    return Step(name, latex, zero and points, not points, ("normal form", "32 rational points"))


@derivation(finite.convergence, scope="every h")
def induction_over_pairs_of_hats(trial: Trial) -> Proof:
    """w(h + 2) = (21 + 4 w(h))/64 for the chain, by C7; the closed form satisfies the same, and h = 1, 2 are counted."""
    remainders = all(7 * 4**k % 20 == REMAINDER[k % 2] for k in (1, 2)) and 7 * 4 * (4**2 - 1) % 20 == 0
    steps = [*_counted(),
             Step("remainders of 7 4^h modulo 20 have period two", r"7\cdot 4^h \equiv 8, 12 \pmod{20}", remainders,
                  not remainders, ("h = 1, 2", "20 divides 7 (4^2 - 1) 4"))]
    for part in trial.then.args if isinstance(trial.then, And) else (trial.then,):
        steps += _value(part) if isinstance(part, Eq) else _distance(part)
    return Proof(steps, trial.then)


def _value(part: Any) -> list[Step]:
    """The claimed value obeys the chain's recursion from h to h + 2, for both parities, and starts right."""
    steps = [_identity(f"recursion, {name} h", r"w_{h+2} = \tfrac{21 + 4 w_h}{64}",
                       _at(part.rhs, odd, 16) - (21 + 4 * _at(part.rhs, odd, 1)) / 64)
             for name, odd in (("odd", 1), ("even", 0))]
    for hats in (1, 2):
        first, second = BEST[hats]
        right = part.lhs == chain_win(h) and part.rhs.subs(h, hats) == Rational(wins_by_bits(first, second), 4**hats)
        again = win.compute(first, second) == chain_win.compute(hats)
        steps.append(Step(f"start, h = {hats}", "w_1 = 1/4, \\ w_2 = 5/16", right and again, not right, ("bits", "definition")))
    return steps


def _distance(part: Any) -> list[Step]:
    """The bound minus the distance of the closed form to 7/20 is a nonnegative multiple of 4^-h, for both parities."""
    closed, steps = FLOOR / Integer(4) ** h, []
    for name, odd in (("odd", 1), ("even", 0)):
        slack = sympy.expand(z * _at((part.gts - part.lts).subs(chain_win(h), closed), odd, 1))
        points = {slack.subs(z, Rational(k, 3)) for k in range(1, 9)}
        fine = slack.is_Rational and slack >= 0 and points == {slack}
        steps.append(Step(f"distance, {name} h", r"4^h (\tfrac{c}{4^h} - \tfrac{7}{20} + w_h) \ge 0", bool(fine), not fine,
                          ("normal form", "eight rational points")))
    return steps
