"""Eckersley 2018: impossibility theorems for objectives, turned into lower bounds on their uncertainty.

Outcomes are 0..n-1. An ethical constraint (a, b), an arc of a digraph G, says that b is strictly better than a. An
order lists all outcomes, worst first; it violates (a, b) when b comes before a. C_n is the directed cycle
0 < 1 < ... < n-1 < 0: constraints that are compelling one by one and cannot all be met. A mixture mu of orders violates
the constraint e with probability v_e(mu).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import lcm
from typing import Any

from lakatos import OutOfReach, Paper, predicate, term

PAPER = Paper(
    title="Impossibility and Uncertainty Theorems in AI Value Alignment "
    "(or why your AGI should not have a utility function)",
    authors="Peter Eckersley",
    year=2018,
    url="https://arxiv.org/abs/1901.00064",
    version="arXiv:1901.00064v3",
    access="Abstract and opening page. The theorems' own wording and numbering were not available: the claims here are "
    "the exact forms, derived independently, of what the abstract announces.",
    summary="Sets of compelling ethical constraints that no total order of outcomes can meet bound from below how "
    "uncertain an objective has to be, whether it is a partial order or a probability distribution over total orders.",
    not_claimed={
        "C12, equality": "That 1/6 and 1/5 are attained for Arrhenius's axiom sets would need a proof that these sets are "
        "minimal (each axiom dispensable); none was found, so only the lower bounds are claimed.",
        "C12, the axioms themselves": "Arrhenius's theorems quantify over all populations; the axioms are not encoded, "
        "his impossibility enters as a named hypothesis.",
        "C13": "The two closing conjectures link uncertain objectives to less severe side effects; their wording was not "
        "available and they are not checkable statements.",
        "C7, planar digraphs": "v* = 1/girth for planar digraphs rests on the Lucchesi-Younger theorem, which is not "
        "re-proved here.",
        "C7, large random tournaments": "That the uncertainty value of large random tournaments tends to 1/2 while their girth "
        "stays three is a limit; only single digraphs are certified.",
        "C12, Archimedean welfare": "That welfare levels ordered lexicographically meet all five conditions of Arrhenius's sixth "
        "theorem needs the axioms themselves.",
    },
)

Arcs = tuple[tuple[int, int], ...]
Order = tuple[int, ...]


def broken(arcs: Arcs, order: Order) -> list[bool]:
    """For each constraint, whether the order violates it."""
    place = {outcome: position for position, outcome in enumerate(order)}
    return [place[a] > place[b] for a, b in arcs]


def violation_probabilities(arcs: Arcs, orders: tuple[Order, ...], weights: tuple[Any, ...]) -> list[Fraction]:
    """v_e(mu) for each constraint, mu being the mixture of `orders` with `weights`."""
    shared = lcm(*(Fraction(weight).denominator for weight in weights))
    parts = [int(weight * shared) for weight in weights]
    rows = [broken(arcs, order) for order in orders]
    return [Fraction(sum(part for part, row in zip(parts, rows, strict=True) if row[e]), shared)
            for e in range(len(arcs))]


# ------------------------------------------------------------------------------------ digraphs and single orders


@term("C")
def cycle(n: int) -> Arcs:
    """The directed cycle 0 -> 1 -> ... -> n-1 -> 0."""
    return tuple((i, (i + 1) % n) for i in range(n))


@term("d")
def violations(arcs: Arcs, order: Order) -> int:
    """Number of constraints that the order violates."""
    return sum(broken(arcs, order))


@predicate("satisfiable")
def satisfiable(n: int, arcs: Arcs) -> bool:
    """Some linear order of n outcomes meets every constraint."""
    if n > 6:
        raise OutOfReach(f"there are {n}! orders")
    return any(all(a != b for a, b in arcs) and not any(broken(arcs, order)) for order in permutations(range(n)))


@predicate("acyclic")
def acyclic(n: int, arcs: Arcs) -> bool:
    """No directed cycle: outcomes without a successor can be taken away, again and again, until none is left."""
    left = set(range(n))
    while left:
        last = {node for node in left if not any(a == node and b in left for a, b in arcs)}
        if not last:
            return False
        left -= last
    return True


@term("girth")
def girth(n: int, arcs: Arcs) -> int:
    """Length of a shortest directed cycle. OutOfReach when there is none (the girth is infinite)."""
    reach = {(a, b) for a, b in arcs}
    walks = set(reach)
    for length in range(1, n + 1):
        if any(a == b for a, b in walks):
            return length
        walks = {(a, c) for a, b in walks for d, c in reach if b == d}
    raise OutOfReach("the digraph is acyclic: its girth is infinite")


@term("minFAS")
def minimum_feedback(n: int, arcs: Arcs) -> int:
    """Least number of constraints that a linear order violates."""
    if n > 6:
        raise OutOfReach(f"there are {n}! orders")
    return min(sum(broken(arcs, order)) for order in permutations(range(n)))


# ------------------------------------------------------------------------------------------------------ mixtures


@term("v_max")
def worst(arcs: Arcs, orders: tuple[Order, ...], weights: tuple[Any, ...]) -> Fraction:
    """Probability at which the mixture violates the constraint that it violates most often."""
    return max(violation_probabilities(arcs, orders, weights))


@term("v_min")
def mildest(arcs: Arcs, orders: tuple[Order, ...], weights: tuple[Any, ...]) -> Fraction:
    """Probability at which the mixture violates the constraint that it violates least often."""
    return min(violation_probabilities(arcs, orders, weights))


@term("v_sum")
def total(arcs: Arcs, orders: tuple[Order, ...], weights: tuple[Any, ...]) -> Fraction:
    """Expected number of violated constraints: the sum of v_e over all constraints e."""
    return sum(violation_probabilities(arcs, orders, weights), Fraction(0))


@term("v^*")
def uncertainty_value(n: int, arcs: Arcs) -> Fraction:
    """Least, over all mixtures of orders, of the probability of the constraint violated most often.

    The value of a zero-sum game between a player who mixes orders and one who picks a constraint; a linear program
    over n! orders, left to certificates unless it is zero.
    """
    if satisfiable.compute(n, arcs):
        return Fraction(0)
    raise OutOfReach("a linear program over all orders: to be certified from both sides")


@term("rotations")
def rotations(n: int) -> tuple[Order, ...]:
    """The n rotations of the order 0, 1, ..., n-1."""
    return tuple(tuple((k + i) % n for i in range(n)) for k in range(n))


@term("uniform")
def uniform(n: int) -> tuple[Fraction, ...]:
    """Equal weights on n objects."""
    return (Fraction(1, n),) * n


@term("v")
def profile(arcs: Arcs, orders: tuple[Order, ...], weights: tuple[Any, ...]) -> tuple[Fraction, ...]:
    """All violation probabilities of the mixture, one for each constraint."""
    return tuple(violation_probabilities(arcs, orders, weights))
