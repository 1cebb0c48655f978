"""Constraints with several cycles: what the shortest cycle tells, and what it does not (C7, C8)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from sympy import And, Eq, Integer, Rational, Symbol

from lakatos import (
    Certificate,
    Claim,
    Custom,
    Drop,
    Enumeration,
    Finding,
    Fixed,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Permutations,
    Simplex,
    Source,
    Vectors,
    predicate,
    term,
)
from theorems.impossibility_uncertainty.setting import (
    PAPER,
    Arcs,
    acyclic,
    cycle,
    girth,
    minimum_feedback,
    total,
    uncertainty_value,
)

BOUNDS = Source(PAPER, at="abstract", quote="prove lower bounds on how much uncertainty is implied")
IMPLIED = Source(PAPER, at="abstract", quote="impossibility theorems can be transformed into uncertainty theorems")

n, k, G, R, mu = Symbol("n"), Symbol("k"), Symbol("G"), Symbol("R"), Symbol("mu")
FENCE, CIRCULAR, PALEY, COMPLETE = Symbol("F_3"), Symbol("T_5"), Symbol("P_7"), Symbol("K_4")


def circulant(modulus: int, steps: tuple[int, ...]) -> Arcs:
    """Arcs x -> x + d modulo `modulus`, d in `steps`."""
    return tuple((x, (x + d) % modulus) for x in range(modulus) for d in steps)


PALEY_7, PALEY_11 = circulant(7, (1, 2, 4)), circulant(11, (1, 3, 4, 5, 9))
CIRCULAR_5, CIRCULAR_7 = circulant(5, (1, 2)), circulant(7, (1, 2, 3))
FENCE_3 = tuple((x, 3 + x) for x in range(3)) + tuple((3 + y, x) for y in range(3) for x in range(3) if x != y)
COMPLETE_3, COMPLETE_4 = tuple(permutations(range(3), 2)), tuple(permutations(range(4), 2))
EIGHT = (
    (0, 2), (0, 5), (0, 6), (1, 0), (1, 3), (2, 1), (2, 4), (2, 6), (3, 2), (3, 4), (3, 5), (4, 0), (4, 7), (5, 1), (5, 7),
    (6, 3), (6, 7), (7, 0), (7, 2), (7, 3),
)
"""Twenty constraints on eight outcomes, of which every order violates at least seven: three-cycles that overlap so much that
1/3 is out of reach."""


@term("packing")
def disjoint_cycles(arcs: Arcs) -> int:
    """Largest number of directed cycles no two of which share a constraint."""
    if len(arcs) > 12:
        raise OutOfReach(f"{len(arcs)} constraints have too many sets of cycles")
    outcomes = 1 + max((max(arc) for arc in arcs), default=-1)

    def cycles(available: frozenset[tuple[int, int]]) -> list[frozenset[tuple[int, int]]]:
        found: list[frozenset[tuple[int, int]]] = []

        def walk(path: list[int], used: tuple[tuple[int, int], ...]) -> None:
            for x, y in available:
                if x == path[-1] and y == path[0]:
                    found.append(frozenset((*used, (x, y))))
                elif x == path[-1] and y > path[0] and y not in path:
                    walk([*path, y], (*used, (x, y)))

        for start in range(outcomes):
            walk([start], ())
        return found

    def most(available: frozenset[tuple[int, int]], candidates: list[frozenset[tuple[int, int]]]) -> int:
        usable = [candidate for candidate in candidates if candidate <= available]
        return max((1 + most(available - usable[j], usable[j + 1:]) for j in range(len(usable))), default=0)

    return most(frozenset(arcs), cycles(frozenset(arcs)))


@term("size")
def size(arcs: Arcs) -> int:
    """Number of constraints."""
    return len(arcs)


@predicate("arc-transitive")
def arc_transitive(outcomes: int, arcs: Arcs) -> bool:
    """For any two constraints some renaming of the outcomes carries the first to the second, and the set to itself."""
    present, start = set(arcs), arcs[0]

    def preserved(images: list[int]) -> bool:
        node = len(images) - 1
        return all(((x, node) in present) == ((images[x], images[node]) in present)
                   and ((node, x) in present) == ((images[node], images[x]) in present) for x in range(node))

    def extends(images: list[int], target: tuple[int, int]) -> bool:
        if len(images) > max(start) and (images[start[0]], images[start[1]]) != target:
            return False
        return len(images) == outcomes or any(
            extends([*images, y], target) for y in range(outcomes) if y not in images and preserved([*images, y]))

    return all(extends([], target) for target in arcs)


def _digraphs(strategies: Any, instance: Any) -> Any:
    pairs = list(permutations(range(int(instance[n])), 2))
    return strategies.lists(strategies.sampled_from(pairs), min_size=1, max_size=8, unique=True).map(tuple)


DIGRAPH = Custom(caption="constraints", name="digraphs on n outcomes without loops", draws=_digraphs, depends_on=(n,),
                 holds=lambda arcs, instance: len(set(arcs)) == len(arcs) > 0 and all(
                     x != y and 0 <= min(x, y) and max(x, y) < instance[n] for x, y in arcs))
CONSTRAINTS = {n: Naturals(2, caption="number of outcomes", search_to=5), G: DIGRAPH}
NOT_ACYCLIC = ~acyclic(n, G)

# --------------------------------------------------------------------------------------------- C7: the exact value

the_uncertainty_value_lies_between_one_over_girth_and_one_half = Claim(
    number="C7",
    says="For constraints with a cycle, the least achievable probability of the worst violation lies between 1/girth and "
    "1/2.",
    source=BOUNDS,
    status="derived",
    let=CONSTRAINTS,
    given={"impossible together": NOT_ACYCLIC},
    then=And(uncertainty_value(n, G) >= 1 / girth(n, G), uncertainty_value(n, G) <= Rational(1, 2)),
    edges={"two opposite constraints": {n: 2, G: ((0, 1), (1, 0))}, "three-cycle": {n: 3, G: ((0, 1), (1, 2), (2, 0))},
           "eleven outcomes": {n: 11, G: PALEY_11}},
    owes=[Certificate("rational linear program, both sides", scope="named digraphs, and random ones on 4 to 9 outcomes")],
    must_fail=[
        Mutant("below one half", then=uncertainty_value(n, G) < Rational(1, 2),
               says="less than one half is always achievable"),
        Mutant("one over girth minus one", then=uncertainty_value(n, G) >= 1 / (girth(n, G) - 1),
               says="the value is at least 1/(girth - 1)"),
    ],
)

a_cycle_has_value_one_over_n = Claim(
    number="C4, C7",
    says="A single cycle of n constraints has uncertainty value exactly 1/n.",
    source=BOUNDS,
    status="derived",
    let={n: Naturals(2, caption="number of constraints", search_to=6)},
    then=Eq(uncertainty_value(n, cycle(n)), 1 / n),
    edges={"two": {n: 2}, "three": {n: 3}},
    owes=[Certificate("rational linear program, both sides", scope="n to 10")],
    must_fail=[Mutant("1/(n - 1)", then=Eq(uncertainty_value(n, cycle(n)), 1 / (n - 1)), says="the value is 1/(n - 1)")],
)

the_shortest_cycle_determines_the_value = Claim(
    number="C7",
    says="The naive reading: the uncertainty value of any constraints with a cycle is 1/girth, as if only the shortest "
    "cycle mattered.",
    source=BOUNDS,
    status="conjecture",
    let=CONSTRAINTS,
    given={"impossible together": NOT_ACYCLIC},
    then=Eq(uncertainty_value(n, G), 1 / girth(n, G)),
    edges={"three-cycle": {n: 3, G: ((0, 1), (1, 2), (2, 0))}, "eight outcomes": {n: 8, G: EIGHT},
           "Paley's tournament on eleven": {n: 11, G: PALEY_11}},
    owes=[Certificate("rational linear program, both sides", scope="tournaments on 8 and 11 outcomes")],
    must_fail=[Mutant("1/(girth + 1)", then=Eq(uncertainty_value(n, G), 1 / (girth(n, G) + 1)),
                      says="the value is 1/(girth + 1)")],
    remark="Not asserted by the paper; the bound that a reader would take from the one-cycle case.",
)

paley_on_eleven = Claim(
    number="C7",
    says="Paley's tournament on eleven outcomes has uncertainty value exactly 20/55 = 4/11: minFAS over the number of "
    "constraints, since its renamings carry any constraint to any other.",
    source=BOUNDS, status="derived",
    let={n: Fixed(value=11, caption="number of outcomes"), G: Fixed(value=PALEY_11, caption="constraints")},
    then=And(Eq(uncertainty_value(n, G), Rational(4, 11)), Eq(minimum_feedback(n, G), 20)),
    edges={"the statement": {}},
    owes=[Certificate("one best order carried round by x -> a x + b, against equal weights", scope="the tournament")],
    must_fail=[Mutant("one third", then=Eq(uncertainty_value(n, G), Rational(1, 3)), says="the value is 1/girth"),
               Mutant("nineteen", then=Eq(minimum_feedback(n, G), 19), says="some order violates only 19 constraints")],
)

the_shortest_cycle_determines_small_values = Claim(
    number="C7",
    says="Up to seven outcomes the uncertainty value of any constraints with a cycle is 1/girth.",
    source=BOUNDS,
    status="repair",
    repairs=the_shortest_cycle_determines_the_value,
    let=CONSTRAINTS,
    given={"impossible together": NOT_ACYCLIC, "at most seven outcomes": n <= 7},
    then=Eq(uncertainty_value(n, G), 1 / girth(n, G)),
    edges={"three-cycle": {n: 3, G: ((0, 1), (1, 2), (2, 0))}, "circular tournament": {n: 5, G: CIRCULAR_5},
           "Paley's tournament on seven": {n: 7, G: PALEY_7}},
    owes=[Certificate("rational linear program, both sides, for every full digraph", scope="two to seven outcomes")],
    must_fail=[Drop("at most seven outcomes", says="the same for any number of outcomes"),
               Mutant("at most eight outcomes", given={"impossible together": NOT_ACYCLIC, "at most eight outcomes": n <= 8},
                      says="the same up to eight outcomes")],
    remark="Seven is best possible: the eight outcomes that refute the naive reading are a smallest counterexample. That the "
    "inequalities of cycles describe mixtures of orders on up to five outcomes is known; six and seven are found here.",
)

arc_transitive_constraints = Claim(
    number="C7",
    says="If renamings that preserve the constraints carry any constraint to any other, the uncertainty value is minFAS over the "
    "number of constraints.",
    source=BOUNDS,
    status="derived",
    let=CONSTRAINTS,
    given={"impossible together": NOT_ACYCLIC, "any constraint is like any other": arc_transitive(n, G)},
    then=Eq(uncertainty_value(n, G), minimum_feedback(n, G) / size(G)),
    edges={"three-cycle": {n: 3, G: ((0, 1), (1, 2), (2, 0))}, "all comparisons of three": {n: 3, G: COMPLETE_3}},
    owes=[Certificate("one best order carried round, against equal weights",
                      scope="cycles to eight outcomes, complete digraphs to five, Paley's tournaments on 7 and 11")],
    must_fail=[Drop("any constraint is like any other", says="minFAS over the number of constraints, for any constraints"),
               Mutant("1/girth", then=Eq(uncertainty_value(n, G), 1 / girth(n, G)), says="the value is 1/girth")],
)

values_of_named_constraints = Claim(
    number="C7",
    says="The 3-fence has uncertainty value 1/4, the circular tournament on five and Paley's on seven have 1/3, and all "
    "comparisons of four outcomes, each demanded both ways, 1/2; every order violates at least 2, 3, 7 and 6 of the constraints.",
    source=BOUNDS,
    status="derived",
    let={symbol: Fixed(value=arcs, caption=caption) for symbol, arcs, caption in (
        (FENCE, FENCE_3, "the 3-fence, on six outcomes"), (CIRCULAR, CIRCULAR_5, "the circular tournament on five outcomes"),
        (PALEY, PALEY_7, "Paley's tournament on seven outcomes"), (COMPLETE, COMPLETE_4, "all comparisons of four outcomes"))},
    then=And(*(Eq(uncertainty_value(Integer(count), symbol), value) & Eq(minimum_feedback(Integer(count), symbol), least)
               for count, symbol, value, least in (
                   (6, FENCE, Rational(1, 4), 2), (5, CIRCULAR, Rational(1, 3), 3),
                   (7, PALEY, Rational(1, 3), 7), (4, COMPLETE, Rational(1, 2), 6)))),
    edges={"the statement": {}},
    owes=[Certificate("rational linear program, both sides", scope="the four")],
    must_fail=[Mutant("weights all equal", then=Eq(uncertainty_value(Integer(6), FENCE), Rational(2, 9)),
                      says="the 3-fence has value minFAS over the number of constraints, 2/9")],
)

only_the_shortest_cycle_counts = Finding(
    title="Uncertainty is not determined by the shortest cycle of constraints",
    explains="From one cycle of n constraints, where 1/n of uncertainty is unavoidable, one would read off 1/girth for any set of "
    "constraints. Paley's tournament on eleven outcomes needs 4/11, though its shortest cycles have length three. A smallest "
    "counterexample has twenty constraints on eight outcomes and needs 7/20. Up to seven outcomes the reading is right: all "
    "digraphs that matter are listed, each with its certificate.",
    printed=the_shortest_cycle_determines_the_value, repair=the_shortest_cycle_determines_small_values,
)

# ------------------------------------------------------------------------------------------ C8: disjoint cycles

MIXTURE = {**CONSTRAINTS, k: Integers(1, 4, caption="number of orders mixed"),
           R: Vectors(of=Permutations(size=n), length=k, caption="orders, each worst outcome first"),
           mu: Simplex(size=k, caption="probabilities of the orders")}
TWO_TRIANGLES = ((0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 0))

disjoint_cycles_add_up = Claim(
    number="C8",
    says="Under every distribution over orders the expected number of violated constraints is at least the number of cycles no two "
    "of which share a constraint, and at least the least number of violations of any single order.",
    source=IMPLIED, status="derived", let=MIXTURE,
    then=And(total(G, R, mu) >= disjoint_cycles(G), total(G, R, mu) >= minimum_feedback(n, G)),
    edges={"two triangles at one outcome": {n: 5, G: TWO_TRIANGLES, k: 1, R: ((0, 1, 2, 3, 4),), mu: (1,)}},
    owes=[Enumeration("every order of five outcomes against two triangles, and orders of small digraphs")],
    must_fail=[Mutant("one more", then=total(G, R, mu) >= disjoint_cycles(G) + 1,
                      witness={n: 5, G: TWO_TRIANGLES, k: 1, R: ((0, 1, 2, 3, 4),), mu: (1,)},
                      says="one more than the number of disjoint cycles")],
)
