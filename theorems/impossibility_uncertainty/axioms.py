"""From any impossibility to uncertainty (C6): the mere-addition triangle (C11), Arrhenius's axioms (C12)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import And, Eq, Integer, Max, Piecewise, Rational, Symbol

from lakatos import (
    Certificate,
    Claim,
    Drop,
    Enumeration,
    Fixed,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Reals,
    Simplex,
    Source,
    Vectors,
    predicate,
    term,
)
from theorems.impossibility_uncertainty.setting import PAPER

TRANSFORMED = Source(PAPER, at="abstract", quote="impossibility theorems can be transformed into uncertainty theorems")
SEVERAL = Source(PAPER, at="abstract", quote="Ethicists have proved several impossibility theorems")

m, k, T, mu, z, j = Symbol("m"), Symbol("k"), Symbol("T"), Symbol("mu"), Symbol("z"), Symbol("j")
Patterns = tuple[int, ...]
"""For each object (order, axiology, rule) the axioms that it violates, as a bit mask."""

# --------------------------------------------------------------------------------------------- C6: the general lemma


def axiom_probabilities(count: int, patterns: Patterns, weights: tuple[Any, ...]) -> list[Fraction]:
    """Probability that each of `count` axioms is violated by an object drawn with `weights`."""
    return [sum((Fraction(w) for pattern, w in zip(patterns, weights, strict=True) if pattern >> i & 1), Fraction(0))
            for i in range(count)]


@term("v_sum")
def expected_violations(count: int, patterns: Patterns, weights: tuple[Any, ...]) -> Fraction:
    """Expected number of axioms violated."""
    return sum(axiom_probabilities(count, patterns, weights), Fraction(0))


@term("v_max")
def worst_axiom(count: int, patterns: Patterns, weights: tuple[Any, ...]) -> Fraction:
    """Probability at which the axiom violated most often is violated."""
    return max(axiom_probabilities(count, patterns, weights))


@term("d_min")
def fewest_violations(patterns: Patterns) -> int:
    """Least number of axioms that an object violates: 0 when the axioms can be met together."""
    return min(pattern.bit_count() for pattern in patterns)


@predicate("minimal")
def minimal(count: int, patterns: Patterns) -> bool:
    """Each axiom is violated alone by some object: without it the others can be met."""
    return all(1 << i in patterns for i in range(count))


@term("v^*")
def axiom_value(count: int, patterns: Patterns) -> Fraction:
    """Least, over all mixtures of the objects, of the probability of the axiom violated most often."""
    if 0 in patterns:
        return Fraction(0)
    raise OutOfReach("a linear program: to be certified from both sides")


AXIOMS = {m: Naturals(1, caption="number of axioms", search_to=6), k: Naturals(1, caption="number of objects", search_to=7),
          T: Vectors(Integers(0, 2**m - 1), k, caption="axioms that each object violates, as bit masks")}
IMPOSSIBLE = fewest_violations(T) >= 1

impossibility_becomes_uncertainty = Claim(
    number="C6",
    says="If no object meets all of m axioms, then under every distribution over objects the expected number of violated axioms is "
    "at least one, and some axiom is violated with probability at least 1/m.",
    source=TRANSFORMED, status="theorem", fidelity="reconstructed",
    let={**AXIOMS, mu: Simplex(k, caption="distribution over objects")}, given={"impossible together": IMPOSSIBLE},
    then=And(expected_violations(m, T, mu) >= 1, worst_axiom(m, T, mu) >= 1 / m),
    edges={"two axioms, a coin flip": {m: 2, k: 2, T: (1, 2), mu: (Rational(1, 2), Rational(1, 2))}},
    owes=[Certificate("equal weights: every pattern of violations loses at least 1/m", scope="m = 1..6, any objects"),
          Enumeration("two objects, three axioms, weights in fifths")],
    must_fail=[Drop("impossible together", witness={m: 1, k: 1, T: (0,), mu: (1,)}),
               Mutant("1/(m - 1)", then=(m - 1) * worst_axiom(m, T, mu) >= 1,
                      witness={m: 2, k: 2, T: (1, 2), mu: (Rational(1, 2), Rational(1, 2))})],
)

minimal_impossibilities_attain_the_bound = Claim(
    number="C6",
    says="If moreover each axiom can be dispensed with (without it the others can be met), the least achievable probability of the "
    "worst violation is exactly 1/m.",
    source=TRANSFORMED, status="derived", fidelity="reconstructed", let=AXIOMS,
    given={"impossible together": IMPOSSIBLE, "minimal": minimal(m, T)},
    then=Eq(axiom_value(m, T), 1 / m), edges={"two axioms": {m: 2, k: 2, T: (1, 2)}},
    owes=[Certificate("rational linear program, both sides", scope="m = 1..6, with up to 7 objects")],
    must_fail=[Drop("minimal"), Mutant("1/(m + 1)", then=Eq(axiom_value(m, T), 1 / (m + 1)))],
)

# ------------------------------------------------------------------------------------ C11: the mere-addition triangle

Population = tuple[tuple[int, Any], ...]


def triangle(welfare: Fraction) -> tuple[Population, Population, Population]:
    """A: ten people at 100. A+: the same and 9990 at 1/2. Z: 10000 at `welfare`."""
    return ((10, 100),), ((10, 100), (9990, Fraction(1, 2))), ((10000, welfare),)


def total_welfare(population: Population) -> Fraction:
    """Sum of everyone's welfare."""
    return sum((count * Fraction(level) for count, level in population), Fraction(0))


AXIOLOGIES: tuple[Callable[[Population], Fraction], ...] = (
    total_welfare,
    lambda population: total_welfare(population) / sum(count for count, _ in population),
    lambda population: max(Fraction(level) for _, level in population),
    lambda population: sum((count * (Fraction(level) - 1) for count, level in population), Fraction(0)),
)
"""Total, average and greatest welfare, and total welfare above the critical level 1."""


@term("W")
def value(axiology: int, population: int, welfare: Fraction) -> Fraction:
    """Value by total (0), average (1), greatest (2) or critical-level (3) welfare of A (0), A+ (1) or Z (2)."""
    return AXIOLOGIES[axiology](triangle(Fraction(welfare))[population])


@term("c")
def triangle_broken(welfare: Fraction, axiology: int) -> int:
    """The constraints that an axiology breaks, as a bit mask: 1: A is no better than A+; 2: A+ worse than Z; 4: Z worse than A."""
    before, added, equal = (AXIOLOGIES[axiology](population) for population in triangle(Fraction(welfare)))
    return (before > added) + 2 * (added >= equal) + 4 * (equal >= before)


def preorder_patterns(*, strict: bool = True) -> Patterns:
    """For each complete preorder of A, A+ and Z, the constraints of the triangle that it breaks; the last two strict or weak."""
    preorders = sorted({tuple(sorted(set(levels)).index(level) for level in levels) for levels in product(range(3), repeat=3)})
    return tuple(int(before > added) + 2 * (added >= equal if strict else added > equal)
                 + 4 * (equal >= before if strict else equal > before) for before, added, equal in preorders)


NUMBERS = ((1000, 5995, 10000), (100, Rational(1199, 2000), 1), (100, 100, 1), (990, -4005, 0))
"""Values of A, A+ and Z at welfare one, by total, average, greatest and critical-level welfare."""
WELFARE = {z: Reals(0, 200, open="left", caption="welfare of everyone in Z")}
HIGHER_TOTAL, WORSE = 10000 * z > 5995, z < 100

@term("v")
def triangle_probability(welfare: Fraction, constraint: int) -> Fraction:
    """Probability that the uniform mixture of total, average and greatest welfare breaks the constraint 0, 1 or 2."""
    return Fraction(sum(triangle_broken.compute(welfare, axiology) >> constraint & 1 for axiology in range(3)), 3)


each_axiology_breaks_one_constraint = Claim(
    number="C11",
    says="Of the mere-addition triangle - adding people with lives worth living is no worse; the same number, equal, with a higher "
    "total is better; a vast equal population at low welfare is worse than ten at 100 - total welfare breaks exactly the last, "
    "average welfare exactly the first, greatest welfare exactly the second.",
    source=SEVERAL, status="derived", fidelity="special case", let=WELFARE,
    given={"a higher total": HIGHER_TOTAL, "a low level": WORSE},
    then=And(Eq(triangle_broken(z, 0), 4), Eq(triangle_broken(z, 1), 1), Eq(triangle_broken(z, 2), 2)),
    edges={"welfare one": {z: 1}}, owes=[Enumeration("welfare from 6/10 to 99")],
    must_fail=[Drop("a higher total", witness={z: Rational(1, 20)}), Drop("a low level", witness={z: 150})],
)

the_triangle_in_numbers = Claim(
    number="C11",
    says="With welfare one in Z, the populations A, A+ and Z have total welfare 1000, 5995, 10000, average welfare 100, 1199/2000, 1, "
    "greatest welfare 100, 100, 1, and 990, -4005, 0 above the critical level one, which breaks exactly the first constraint.",
    source=SEVERAL, status="derived", fidelity="special case",
    let={j: Integers(0, 2, caption="population: A, A+, Z")},
    then=And(*(Eq(value(axiology, j, Integer(1)), Piecewise((before, Eq(j, 0)), (added, Eq(j, 1)), (equal, True)))
               for axiology, (before, added, equal) in enumerate(NUMBERS)), Eq(triangle_broken(Integer(1), Integer(3)), 1)),
    edges={"A": {j: 0}, "A+": {j: 1}, "Z": {j: 2}}, owes=[Enumeration("the three populations")],
    must_fail=[Mutant("A+ at 6000", then=Eq(value(Integer(0), j, Integer(1)), Piecewise((1000, Eq(j, 0)), (6000, Eq(j, 1)), (10000, True))),
                      witness={j: 1}, says="the total of A+ is 6000")],
)

the_triangle_costs_one_third = Claim(
    number="C11",
    says="No complete preorder of the three populations meets the triangle's three constraints, the first of which is weak; the "
    "least achievable probability of the worst violation is 1/3.",
    source=TRANSFORMED, status="derived", fidelity="special case",
    let={T: Fixed(value=preorder_patterns(), caption="constraints that each of the 13 complete preorders breaks, as bit masks")},
    then=And(fewest_violations(T) >= 1, Eq(axiom_value(Integer(3), T), Rational(1, 3))), edges={"the statement": {}},
    owes=[Certificate("rational linear program, both sides", scope="all complete preorders of three populations")],
    must_fail=[Mutant("all weak", let={T: Fixed(value=preorder_patterns(strict=False))}, witness={T: preorder_patterns(strict=False)},
                      says="the same when all three constraints are weak: indifference meets them"),
               Mutant("one half", then=Eq(axiom_value(Integer(3), T), Rational(1, 2)), says="the value is 1/2")],
)

named_axiologies_attain_the_bound = Claim(
    number="C11",
    says="The uniform mixture of total, average and greatest welfare breaks each of the three constraints with probability exactly "
    "1/3: the uncertainty that the triangle makes unavoidable is attained by named axiologies.",
    source=TRANSFORMED, status="derived", fidelity="special case", let=WELFARE,
    given={"a higher total": HIGHER_TOTAL, "a low level": WORSE},
    then=And(*(Eq(triangle_probability(z, Integer(constraint)), Rational(1, 3)) for constraint in range(3))),
    edges={"welfare one": {z: 1}}, owes=[Enumeration("welfare from 6/10 to 99")],
    must_fail=[Mutant("one half", then=Eq(triangle_probability(z, Integer(0)), Rational(1, 2)), witness={z: 1}),
               Drop("a higher total", witness={z: Rational(1, 20)})],
)

# ------------------------------------------------------------------------------------------ C12: Arrhenius's axiom sets

q = [Symbol(f"q_{index}") for index in range(1, 7)]
PROBABILITIES = {symbol: Reals(0, 1, caption=f"chance that condition {index} fails") for index, symbol in enumerate(q, start=1)}


def _arrhenius(count: int, says: str, conditions: str) -> Claim:
    used = q[:count]
    return Claim(
        number="C12", says=says, source=SEVERAL, status="derived", fidelity="reconstructed",
        let={symbol: PROBABILITIES[symbol] for symbol in used}, given={f"Arrhenius: {conditions}": sum(used) >= 1},
        then=Max(*used) >= Rational(1, count), edges={"equal shares": {symbol: Rational(1, count) for symbol in used}},
        owes=[Certificate("Farkas multipliers: all equal", scope="all probabilities")],
        must_fail=[Drop(f"Arrhenius: {conditions}", witness=dict.fromkeys(used, Integer(0))),
                   Mutant(f"1/{count - 1}", then=Max(*used) >= Rational(1, count - 1),
                          witness={symbol: Rational(1, count) for symbol in used})],
        not_claimed="Arrhenius's impossibility itself, which enters as a hypothesis; that the bound is attained",
    )


six_conditions_cost_one_sixth = _arrhenius(
    6, "Six conditions of which one must fail - Arrhenius 2000: Dominance, Addition, Minimal Non-Extreme Priority, and avoidance of "
    "the Repugnant, the Sadistic and the Anti-Egalitarian Conclusion - leave one that fails with probability at least 1/6.",
    "the six fail together")
five_conditions_cost_one_fifth = _arrhenius(
    5, "Five conditions of which one must fail - Arrhenius's sixth theorem: Egalitarian Dominance, General Non-Extreme Priority, "
    "Non-Elitism, Weak Non-Sadism, Weak Quality Addition - leave one that fails with probability at least 1/5.",
    "the five fail together")
