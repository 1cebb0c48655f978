"""One directed cycle of constraints: probability distributions over orders, trade-offs, thresholds (C4, C5, C9)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

from sympy import And, Eq, IndexedBase, Not, Piecewise, Rational, Sum, Symbol, log

from lakatos import (
    Certificate,
    Claim,
    Derivation,
    Drop,
    Enumeration,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Permutations,
    Reals,
    Search,
    Simplex,
    Simulation,
    Vectors,
    define,
    term,
)
from theorems.impossibility_uncertainty.setting import (
    Arcs,
    Order,
    acyclic,
    broken,
    cycle,
    girth,
    mildest,
    profile,
    rotations,
    total,
    uniform,
    violation_probabilities,
    violations,
    worst,
)
from theorems.impossibility_uncertainty.single_cycle import (
    BOUNDS,
    IMPOSSIBILITY,
    MIXED,
    OUTCOMES,
    R,
    k,
    mu,
    n,
)

tau, v, p, i = Symbol("tau"), Symbol("v"), IndexedBase("p"), Symbol("i")

# -------------------------------------------------------------------------- C4: probability distributions over orders

MIXTURE = {
    n: OUTCOMES,
    k: Integers(1, 4, caption="number of orders mixed"),
    R: Vectors(of=Permutations(size=n), length=k, caption="orders, each worst outcome first"),
    mu: Simplex(size=k, caption="probabilities of the orders"),
}
ROTATED = {n: 3, k: 3, R: rotations.compute(3), mu: (Fraction(1, 3),) * 3}
TWO_ROTATIONS = {n: 3, k: 2, R: rotations.compute(3)[:2], mu: (Fraction(1, 2),) * 2}

every_order_violates_some_constraint = Claim(
    number="C4",
    says="Every total order violates at least one and at most n - 1 of the n constraints of a cycle.",
    source=IMPOSSIBILITY,
    status="derived",
    let={n: OUTCOMES, R: Permutations(size=n, caption="total order, worst outcome first")},
    then=And(violations(cycle(n), R) >= 1, violations(cycle(n), R) <= n - 1),
    edges={"along the cycle": {n: 4, R: (0, 1, 2, 3)}, "against it": {n: 4, R: (3, 2, 1, 0)}},
    owes=[Enumeration("all orders", scope="n to 6, in the end 8")],
    must_fail=[
        Mutant("two", then=violations(cycle(n), R) >= 2, witness={n: 3, R: (0, 1, 2)},
               says="every order violates at least two"),
        Mutant("n - 2", then=violations(cycle(n), R) <= n - 2, witness={n: 3, R: (2, 1, 0)},
               says="every order meets at least two"),
    ],
)

mixtures_violate_some_constraint_with_probability_one_over_n = Claim(
    number="C4",
    says="Under every distribution over total orders the violation probabilities of a cycle of n constraints sum to at "
    "least 1 and at most n - 1, so some constraint is violated with probability 1/n or more.",
    source=MIXED,
    status="derived",
    let=MIXTURE,
    then=And(total(cycle(n), R, mu) >= 1, total(cycle(n), R, mu) <= n - 1, worst(cycle(n), R, mu) >= 1 / n),
    edges={
        "three rotations": ROTATED,
        "one order": {n: 3, k: 1, R: ((0, 1, 2),), mu: (Fraction(1),)},
        "two outcomes": {n: 2, k: 2, R: ((0, 1), (1, 0)), mu: (Fraction(1, 3), Fraction(2, 3))},
    },
    owes=[
        Certificate("dual weights 1/n, against which every order loses at least 1/n: all mixtures at once", scope="n to 12"),
        Search("Dirichlet mixtures of random orders at scale, in whole-number weights"),
    ],
    must_fail=[
        Mutant("1/(n - 1)", then=worst(cycle(n), R, mu) >= 1 / (n - 1), witness=ROTATED,
               says="some constraint is violated with probability 1/(n - 1) or more"),
        Mutant("each constraint", then=mildest(cycle(n), R, mu) >= 1 / n, witness=TWO_ROTATIONS,
               says="every constraint is violated with probability 1/n or more"),
    ],
    not_claimed="Nothing on any single constraint: all but two can be certain.",
)

rotations_attain_one_over_n = Claim(
    number="C4",
    says="The uniform mixture of the n rotations violates every constraint of the cycle with probability exactly 1/n.",
    source=MIXED,
    status="derived",
    let={n: Naturals(2, caption="number of constraints", search_to=12)},
    then=Eq(worst(cycle(n), rotations(n), uniform(n)), 1 / n),
    edges={"two": {n: 2}, "three": {n: 3}},
    owes=[Enumeration("the mixture itself", scope="n to 24"), Simulation("frequency of violation by a drawn rotation")],
    must_fail=[
        Mutant("1/(n - 1)", then=Eq(worst(cycle(n), rotations(n), uniform(n)), 1 / (n - 1)), witness={n: 3},
               says="the mixture only reaches 1/(n - 1)"),
        Mutant("independent comparisons", world="independent comparisons",
               says="drawing each comparison on its own, right with probability 1 - 1/(4n), does no better than rotations"),
    ],
    remark="The control shows why distributions over transitive orders are needed: comparisons drawn independently of "
    "each other can violate every constraint as rarely as one likes.",
)

# ------------------------------------------------------------------------------------- C5: the exact trade-off


def _realising(violation: tuple[Any, ...]) -> list[tuple[Order, Fraction]]:
    """Systematic sampling: a point u + integers, u uniform, hits the intervals [c_i, c_{i+1}) of lengths v_i.

    A hit is a violated constraint; each u hits floor or ceil of sum v of them. The pattern of hits orients the cycle;
    unless all agree this is acyclic and an order is read off.
    """
    size = len(violation)
    ends = [sum((Fraction(x) for x in violation[:e]), Fraction(0)) for e in range(size + 1)]
    cuts = sorted({end % 1 for end in ends} | {Fraction(0), Fraction(1)})
    mixture = []
    for low, high in pairwise(cuts):
        hits = [-((low - ends[e + 1]) // 1) + ((low - ends[e]) // 1) > 0 for e in range(size)]
        left, order = set(range(size)), []
        while left:  # the worst outcome left: nothing left lies below it
            lowest = [x for x in sorted(left) if not (
                ((x - 1) % size in left and (x - 1) % size != x and not hits[(x - 1) % size])
                or ((x + 1) % size in left and hits[x]))]
            order.append((lowest or sorted(left))[0])
            left.remove(order[-1])
        mixture.append((tuple(order), high - low))
    return mixture


@term("orders")
def realising_orders(violation: tuple[Any, ...]) -> tuple[Order, ...]:
    """Orders of the mixture built for the violation probabilities by systematic sampling."""
    return tuple(order for order, _ in _realising(violation))


@term("weights")
def realising_weights(violation: tuple[Any, ...]) -> tuple[Fraction, ...]:
    """Weights of the mixture built for the violation probabilities by systematic sampling."""
    return tuple(weight for _, weight in _realising(violation))


@term("sum")
def entry_sum(vector: tuple[Any, ...]) -> Fraction:
    """Sum of the entries."""
    return sum((Fraction(x) for x in vector), Fraction(0))


@term("positive")
def positive_entries(vector: tuple[Any, ...]) -> int:
    """Number of positive entries."""
    return sum(x > 0 for x in vector)


every_trade_off_between_one_and_n_minus_one_is_attained = Claim(
    number="C5",
    says="Every vector of violation probabilities with sum between 1 and n - 1 is attained by an explicit mixture of "
    "orders: together with C4 this is the exact trade-off region of a cycle.",
    source=BOUNDS,
    status="derived",
    let={n: OUTCOMES, v: Vectors(of=Reals(0, 1), length=n, caption="violation probabilities wanted")},
    given={"at least 1": entry_sum(v) >= 1, "at most n - 1": entry_sum(v) <= n - 1},
    then=Eq(profile(cycle(n), realising_orders(v), realising_weights(v)), v),
    edges={
        "centre of the lower facet": {n: 3, v: (Fraction(1, 3),) * 3},
        "two constraints carry all": {n: 4, v: (Fraction(1, 2), 0, Fraction(1, 2), 0)},
        "one is always violated": {n: 3, v: (0, 1, 0)},
        "upper end": {n: 3, v: (1, 1, 0)},
        "two outcomes": {n: 2, v: (Fraction(1, 4), Fraction(3, 4))},
    },
    owes=[
        Enumeration("a grid of violation vectors", scope="n = 2, 3, 4, multiples of 1/6, 1/4, 1/3"),
    ],
    must_fail=[
        Drop("at least 1", witness={n: 3, v: (Fraction(1, 4),) * 3}),
        Drop("at most n - 1", witness={n: 3, v: (Fraction(3, 4),) * 3}),
    ],
)

@term("patterns")
def violation_patterns(outcomes: int) -> int:
    """Number of different sets of constraints of the cycle that an order violates, over all orders."""
    if outcomes > 7:
        raise OutOfReach(f"there are {outcomes}! orders")
    return len({tuple(broken(cycle.compute(outcomes), order)) for order in permutations(range(outcomes))})


every_pattern_but_two_occurs = Claim(
    number="C5",
    says="Orders violate 2^n - 2 different sets of constraints of a cycle: all but none and all. These are the vertices of the "
    "trade-off region.",
    source=BOUNDS,
    status="derived",
    let={n: Naturals(2, caption="number of constraints", search_to=6)},
    then=Eq(violation_patterns(n), 2**n - 2),
    edges={"two": {n: 2}, "three": {n: 3}},
    owes=[Enumeration("all orders", scope="n = 2..7")],
    must_fail=[Mutant("all but none", then=Eq(violation_patterns(n), 2**n - 1), witness={n: 3},
                      says="every nonempty set of constraints is the set that some order violates")],
)

uncertainty_is_spread_over_two_constraints = Claim(
    number="C5",
    says="If no constraint of a cycle is violated with certainty, at least two have a positive chance of being violated.",
    source=MIXED,
    status="derived",
    let=MIXTURE,
    given={"none is surely violated": worst(cycle(n), R, mu) < 1},
    then=positive_entries(profile(cycle(n), R, mu)) >= 2,
    edges={"two rotations": TWO_ROTATIONS, "three rotations": ROTATED},
    owes=[Enumeration("mixtures of all orders", scope="n = 3, every mixture of at most 3 orders with weights in fifths")],
    must_fail=[
        Mutant("three", then=positive_entries(profile(cycle(n), R, mu)) >= 3, witness=TWO_ROTATIONS,
               says="at least three constraints are uncertain"),
        Drop("none is surely violated", witness={n: 3, k: 1, R: ((0, 1, 2),), mu: (Fraction(1),)}),
    ],
    remark="The probabilistic twin of the bound on silent constraints (C2).",
)

binary_entropy = define("h", lambda x: Piecewise((0, Eq(x, 0)), (0, Eq(x, 1)),
                                                 (-x * log(x) - (1 - x) * log(1 - x), True)), about="binary entropy, nats")

entropy_of_majority_respected_cycles = Claim(
    number="C5",
    says="If every constraint of a cycle is respected with probability at least 1/2, the binary entropies of the violation "
    "probabilities sum to at least 2 log 2, that is two bits.",
    source=BOUNDS,
    status="derived",
    let={n: OUTCOMES, p: Vectors(of=Reals(0, 1), length=n, caption="violation probabilities")},
    given={
        "some violation (C4)": Sum(p[i], (i, 0, n - 1)) >= 1,
        "majority-respected": Eq(Sum(Piecewise((1, p[i] > Rational(1, 2)), (0, True)), (i, 0, n - 1)), 0),
    },
    then=Sum(binary_entropy(p[i]), (i, 0, n - 1)) >= 2 * log(2),
    edges={
        "two coin flips, attained": {n: 3, p: (Fraction(1, 2), Fraction(1, 2), 0)},
        "rotations": {n: 4, p: (Fraction(1, 4),) * 4},
    },
    owes=[
        Derivation("the chord h(x) >= 2 x log 2 of a concave function, summed", scope="all n"),
        Enumeration("a grid of violation vectors", scope="n = 2, 3, 4, multiples of 1/12, 1/8, 1/6; ball arithmetic"),
    ],
    must_fail=[
        Mutant("rotations are least uncertain",
               then=Sum(binary_entropy(p[i]), (i, 0, n - 1)) >= n * binary_entropy(1 / n),
               says="the entropies sum to at least that of the rotations, n h(1/n)",
               witness={n: 4, p: (Fraction(1, 2), Fraction(1, 2), 0, 0)}),
        Drop("majority-respected", witness={n: 3, p: (1, 0, 0)}),
    ],
)

# ---------------------------------------------------------------------------------------- C9: certainty thresholds


@term("certain")
def certain(outcomes: int, orders: tuple[Order, ...], weights: tuple[Any, ...], threshold: Fraction) -> Arcs:
    """The comparisons (x, y), "y is better", that hold with probability at least the threshold."""
    pairs = tuple((x, y) for x in range(outcomes) for y in range(outcomes) if x != y)
    against = violation_probabilities(pairs, orders, weights)
    return tuple(pair for pair, chance in zip(pairs, against, strict=True) if 1 - chance >= threshold)


@term(r"P_{cycle}")
def majority_cycle_probability(voters: int) -> Fraction:
    """Chance that majorities of independent, uniformly random orders of three alternatives form a cycle (odd number)."""
    cycles = 0
    for votes in product(permutations(range(3)), repeat=voters):
        ahead = [sum(vote.index(x) < vote.index((x + 1) % 3) for vote in votes) * 2 > voters for x in range(3)]
        cycles += all(ahead) or not any(ahead)
    return Fraction(cycles, 6**voters)


comparisons_held_above_the_threshold_are_acyclic = Claim(
    number="C9",
    says="Comparisons of n outcomes that hold with probability at least tau contain no cycle once tau exceeds 1 - 1/n.",
    source=MIXED,
    status="derived",
    let={**MIXTURE, tau: Reals(Rational(1, 2), 1, open="left", caption="certainty demanded")},
    given={"above the threshold": tau > 1 - 1 / n},
    then=acyclic(n, certain(n, R, mu, tau)),
    edges={"rotations, nearly": ROTATED | {tau: Fraction(7, 10)}, "sure": ROTATED | {tau: 1}},
    owes=[
        Enumeration("mixtures of all orders", scope="n = 3, every mixture of at most 3 orders with weights in sixths"),
        Search("random mixtures close to rotations"),
    ],
    must_fail=[
        Drop("above the threshold", witness=ROTATED | {tau: Fraction(3, 5)}, says="simple majorities contain no cycle"),
        Mutant("at the threshold", given={"at or above the threshold": tau >= 1 - 1 / n},
               says="tau = 1 - 1/n is enough", witness=ROTATED | {tau: Fraction(2, 3)}),
    ],
)

the_certainty_threshold_is_sharp = Claim(
    number="C9",
    says="At tau = 1 - 1/n the comparisons held by the uniform mixture of rotations form a cycle of length n; at 1 - 1/(n + 1) "
    "they form none.",
    source=BOUNDS,
    status="derived",
    let={n: Naturals(3, caption="number of outcomes", search_to=8)},
    then=And(Not(acyclic(n, certain(n, rotations(n), uniform(n), 1 - 1 / n))),
             Eq(girth(n, certain(n, rotations(n), uniform(n), 1 - 1 / n)), n),
             acyclic(n, certain(n, rotations(n), uniform(n), 1 - 1 / (n + 1)))),
    edges={"Condorcet's three": {n: 3}},
    owes=[Enumeration("the mixture itself", scope="n to 12")],
    must_fail=[
        Mutant("already safe", then=acyclic(n, certain(n, rotations(n), uniform(n), 1 - 1 / n)), witness={n: 3},
               says="certainty 1 - 1/n excludes cycles"),
    ],
)

longer_cycles_need_less_doubt = Claim(
    number="C9",
    says="A cycle of length l among the comparisons held with probability at least tau needs tau at most 1 - 1/l.",
    source=BOUNDS,
    status="derived",
    let={**MIXTURE, tau: Reals(Rational(1, 2), 1, open="left", caption="certainty demanded")},
    given={"a cycle": ~acyclic(n, certain(n, R, mu, tau))},
    then=(1 - tau) * girth(n, certain(n, R, mu, tau)) >= 1,
    edges={"rotations, attained": ROTATED | {tau: Fraction(2, 3)}, "simple majorities": ROTATED | {tau: Fraction(3, 5)}},
    owes=[Enumeration("mixtures of all orders", scope="n = 3, every mixture of at most 3 orders with weights in sixths")],
    must_fail=[Mutant("strictly", then=(1 - tau) * girth(n, certain(n, R, mu, tau)) > 1, witness=ROTATED | {tau: Fraction(2, 3)},
                      says="a cycle of length l needs tau below 1 - 1/l")],
)

majorities_of_three_random_orders_cycle_once_in_eighteen = Claim(
    number="C9",
    says="Three independent, uniformly random orders of three outcomes have cyclic majorities with probability 1/18: "
    "majority certainty is not enough in practice either.",
    source=MIXED,
    status="derived",
    then=Eq(majority_cycle_probability(3), Rational(1, 18)),
    owes=[Enumeration("all 216 profiles", scope="three voters"), Simulation("frequency among random profiles")],
    must_fail=[
        Mutant("one in nine", then=Eq(majority_cycle_probability(3), Rational(1, 9)), witness={},
               says="the probability is 1/9 (both directions counted twice)"),
    ],
)
