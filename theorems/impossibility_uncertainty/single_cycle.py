"""One directed cycle of constraints: impossibility, and what partially ordered preferences leave open (C1, C2, C3)."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from typing import Any

from sympy import And, Eq, Equivalent, Piecewise, Symbol, binomial

from lakatos import (
    Certificate,
    Claim,
    Custom,
    Drop,
    Enumeration,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Source,
    predicate,
    term,
)
from theorems.impossibility_uncertainty.setting import (
    PAPER,
    Arcs,
    acyclic,
    cycle,
    satisfiable,
)

IMPOSSIBILITY = Source(PAPER, at="abstract", quote="Ethicists have proved several impossibility theorems")
PARTIAL = Source(PAPER, at="abstract", quote="represented for instance as partially ordered preferences")
MIXED = Source(PAPER, at="abstract", quote="or as probability distributions over total orders")
BOUNDS = Source(PAPER, at="abstract", quote="prove lower bounds on how much uncertainty is implied")

n, k, s, a = Symbol("n"), Symbol("k"), Symbol("s"), Symbol("a")
G, P, R, mu = Symbol("G"), Symbol("P"), Symbol("R"), Symbol("mu")
OUTCOMES = Naturals(2, caption="number of outcomes", search_to=6)

Pairs = tuple[tuple[int, int], ...]

# ------------------------------------------------------------------------------------------ C1: impossibility


@predicate("weakly satisfiable")
def weakly_satisfiable(outcomes: int, arcs: Arcs) -> bool:
    """Some complete preorder has the second outcome of every constraint at least as good as the first."""
    return any(all(level[x] <= level[y] for x, y in arcs) for level in product(range(outcomes), repeat=outcomes))


@predicate("no opposite pair")
def without_opposites(outcomes: int, arcs: Arcs) -> bool:
    """No constraint is demanded both ways, and none of an outcome against itself."""
    return not any((y, x) in arcs for x, y in arcs)


@predicate("met by utilities")
def met_by_utilities(outcomes: int, strict: int) -> bool:
    """Numbers u_x with u_0 ? u_1 ? ... ? u_0 round the cycle: < at the first `strict` constraints, <= at the rest.

    Levels 0..n-1 are enough: only the order of the numbers counts.
    """
    pairs = [((x, (x + 1) % outcomes), x < strict) for x in range(outcomes)]
    levels = product(range(outcomes), repeat=outcomes)
    return any(all(u[x] < u[y] if hard else u[x] <= u[y] for (x, y), hard in pairs) for u in levels)


def _digraphs(strategies: Any, instance: Any) -> Any:
    node = strategies.integers(0, int(instance[n]) - 1)
    return strategies.lists(strategies.tuples(node, node), max_size=8, unique=True).map(tuple)


constraints_are_satisfiable_exactly_when_acyclic = Claim(
    number="C1",
    says="A set of ethical constraints is met by some total order of the outcomes exactly when no cycle is among them.",
    source=IMPOSSIBILITY,
    status="derived",
    let={
        n: Naturals(2, caption="number of outcomes", search_to=5),
        G: Custom(caption="constraints", name="digraphs on n outcomes", draws=_digraphs, depends_on=(n,)),
    },
    then=Equivalent(satisfiable(n, G), acyclic(n, G)),
    edges={
        "nothing demanded": {n: 2, G: ()},
        "an outcome better than itself": {n: 2, G: ((0, 0),)},
        "one cycle": {n: 3, G: ((0, 1), (1, 2), (2, 0))},
        "transitive tournament": {n: 3, G: ((0, 1), (1, 2), (0, 2))},
    },
    owes=[
        Enumeration("satisfaction against acyclicity", scope="every digraph on up to 3 outcomes, in the end 4"),
        Certificate("topological order, or Farkas multipliers that add a cycle up to 0 < 0", scope="to 7 outcomes"),
    ],
    must_fail=[
        Mutant("weak constraints", then=Equivalent(weakly_satisfiable(n, G), acyclic(n, G)),
               says="a cycle of weak constraints (at least as good) is impossible too",
               witness={n: 3, G: ((0, 1), (1, 2), (2, 0))}),
        Mutant("two at a time", then=Equivalent(satisfiable(n, G), without_opposites(n, G)),
               says="constraints can be met unless two of them are opposite",
               witness={n: 3, G: ((0, 1), (1, 2), (2, 0))}),
    ],
)

one_strict_constraint_makes_a_cycle_impossible = Claim(
    number="C1",
    says="A cycle of constraints can be met by a preorder exactly when none of them is strict.",
    source=IMPOSSIBILITY,
    status="derived",
    let={n: OUTCOMES, s: Integers(0, n, caption="number of strict constraints, the rest being weak")},
    then=Equivalent(met_by_utilities(n, s), Eq(s, 0)),
    edges={"all weak": {n: 3, s: 0}, "one strict": {n: 3, s: 1}, "two outcomes": {n: 2, s: 2}},
    owes=[Certificate("Farkas multipliers, all equal, or a rational point", scope="n to 9")],
    must_fail=[
        Mutant("one strict allowed", then=Equivalent(met_by_utilities(n, s), s <= 1),
               says="a cycle with a single strict constraint can be met", witness={n: 3, s: 1}),
    ],
)

# ------------------------------------------------------------------------- C2, C3: partially ordered preferences


@predicate("transitive")
def transitive(relation: Pairs) -> bool:
    """x below y and y below z give x below z."""
    return all((x, z) in relation for x, y in relation for w, z in relation if w == y)


@predicate("compatible")
def compatible(arcs: Arcs, relation: Pairs) -> bool:
    """No constraint is contradicted: (x, y) demanded, yet y below x."""
    return not any((y, x) in relation for x, y in arcs)


@term("silent")
def silent(arcs: Arcs, relation: Pairs) -> int:
    """Number of constraints whose two outcomes are incomparable."""
    return sum((x, y) not in relation and (y, x) not in relation for x, y in arcs)


@term("incomparable")
def incomparable(outcomes: int, relation: Pairs) -> int:
    """Number of pairs of outcomes that the relation leaves incomparable."""
    return outcomes * (outcomes - 1) // 2 - len(relation)


@predicate("incomparability connects all")
def incomparability_connects(outcomes: int, relation: Pairs) -> bool:
    """Any two outcomes are joined by a chain of incomparable pairs."""
    reached, frontier = {0}, [0]
    while frontier:
        x = frontier.pop()
        new = {y for y in range(outcomes) if y not in reached and (x, y) not in relation and (y, x) not in relation}
        reached |= new
        frontier.extend(new)
    return len(reached) == outcomes


@term("chains")
def two_chains(outcomes: int, first: int) -> Pairs:
    """The chain 0 < ... < first-1 and, incomparable to it, the chain first < ... < n-1."""
    return tuple((x, y) for y in range(outcomes) for x in range(y) if (x < first) == (y < first))


def _relations(strategies: Any, instance: Any) -> Any:
    """Asymmetric relations; many of them transitive: what is common to one, two or three orders."""
    size = int(instance[n])
    orders = strategies.lists(strategies.permutations(range(size)), min_size=1, max_size=3)
    pairs = [(x, y) for y in range(size) for x in range(y)]
    signs = strategies.lists(strategies.integers(-1, 1), min_size=len(pairs), max_size=len(pairs))
    common = orders.map(lambda drawn: tuple(sorted(
        (x, y) for x in range(size) for y in range(size) if x != y
        and all(order.index(x) < order.index(y) for order in drawn))))
    any_relation = signs.map(lambda drawn: tuple(sorted(
        pair if sign > 0 else pair[::-1] for pair, sign in zip(pairs, drawn, strict=True) if sign)))
    return strategies.one_of(common, any_relation)


def _is_relation(relation: Any, instance: Any) -> bool:
    inside = range(int(instance[n]))
    return len(set(relation)) == len(relation) and all(
        x in inside and y in inside and x != y and (y, x) not in relation for x, y in relation)


RELATION = Custom(caption="preference relation, as pairs (worse, better)", name="asymmetric relations on n outcomes",
                  draws=_relations, holds=_is_relation, depends_on=(n,))
CYCLIC = ((0, 1), (1, 2), (2, 0))

partial_orders_are_silent_on_two_constraints = Claim(
    number="C2",
    says="A partial order that contradicts no constraint of a cycle is silent on at least two of them.",
    source=PARTIAL,
    status="derived",
    let={n: OUTCOMES, P: RELATION},
    given={"transitive": transitive(P), "compatible": compatible(cycle(n), P)},
    then=silent(cycle(n), P) >= 2,
    edges={
        "nothing compared": {n: 3, P: ()},
        "one chain and one outcome apart": {n: 3, P: ((0, 1),)},
        "two outcomes": {n: 2, P: ()},
    },
    owes=[
        Enumeration("all partial orders", scope="n = 2, 3, 4, in the end 5"),
        Certificate("refutation of a propositional form: no such partial order is silent on one constraint only", scope="n = 3..7"),
    ],
    must_fail=[
        Drop("transitive", witness={n: 3, P: CYCLIC}, says="the bare relation 'next is better' is silent on none"),
        Mutant("three", then=silent(cycle(n), P) >= 3, witness={n: 3, P: ((0, 1),)},
               says="at least three constraints are left open"),
    ],
)

incomparability_connects_all_outcomes = Claim(
    number="C3",
    says="A partial order that contradicts no constraint of a cycle has an incomparability graph that connects all "
    "outcomes, hence at least n - 1 incomparable pairs.",
    source=BOUNDS,
    status="derived",
    let={n: OUTCOMES, P: RELATION},
    given={"transitive": transitive(P), "compatible": compatible(cycle(n), P)},
    then=And(incomparability_connects(n, P), incomparable(n, P) >= n - 1),
    edges={"nothing compared": {n: 3, P: ()}, "one chain and one outcome apart": {n: 3, P: ((0, 1),)}},
    owes=[Enumeration("all partial orders", scope="n = 2, 3, 4, in the end 5")],
    must_fail=[
        Mutant("n pairs", then=incomparable(n, P) >= n, witness={n: 3, P: ((0, 1),)},
               says="at least n pairs are incomparable"),
        Drop("compatible", witness={n: 3, P: ((0, 1), (0, 2), (1, 2))}),
        Drop("transitive", witness={n: 3, P: CYCLIC}),
    ],
)

two_chains_attain_both_bounds = Claim(
    number="C2, C3",
    says="Cutting the cycle at two constraints into chains of a and n - a outcomes gives a compatible partial order that "
    "is silent on exactly two constraints and leaves exactly a(n - a) pairs incomparable (n - 1 of them for a = 1).",
    source=PARTIAL,
    status="derived",
    let={n: Naturals(2, caption="number of outcomes", search_to=12),
         a: Integers(1, n - 1, caption="outcomes in the first chain")},
    then=And(transitive(two_chains(n, a)), compatible(cycle(n), two_chains(n, a)),
             Eq(silent(cycle(n), two_chains(n, a)), 2), Eq(incomparable(n, two_chains(n, a)), a * (n - a))),
    edges={"smallest": {n: 2, a: 1}, "one apart": {n: 5, a: 1}, "halves": {n: 6, a: 3}},
    owes=[Enumeration("the construction itself", scope="n to 14, every a")],
    must_fail=[
        Mutant("always n - 1 pairs", then=Eq(incomparable(n, two_chains(n, a)), n - 1), witness={n: 4, a: 2},
               says="every such cut leaves only n - 1 pairs incomparable"),
    ],
)


@cache
def _silences(outcomes: int) -> list[int]:
    """For each partial order compatible with the cycle, the number of constraints on which it is silent: all relations tried."""
    if outcomes > 5:
        raise OutOfReach(f"3^{outcomes * (outcomes - 1) // 2} asymmetric relations")
    pairs, arcs = list(combinations(range(outcomes), 2)), cycle.compute(outcomes)
    choices = [[(), ((x, y),), ((y, x),)] for x, y in pairs]
    relations = (tuple(pair for chosen in parts for pair in chosen) for parts in product(*choices))
    return [silent.compute(arcs, relation) for relation in relations
            if compatible.compute(arcs, relation) and transitive.compute(frozenset(relation))]


@term("N")
def compatible_orders(outcomes: int) -> int:
    """Number of partial orders on labelled outcomes that contradict no constraint of the cycle."""
    return len(_silences(outcomes))


@term("N_2")
def orders_silent_on_two(outcomes: int) -> int:
    """Number of those that are silent on exactly two constraints."""
    return _silences(outcomes).count(2)


only_two_chains_are_silent_on_two = Claim(
    number="C2, C3",
    says="There are n(n - 1)/2 compatible partial orders that are silent on exactly two constraints: one for each choice of the two, "
    "which leaves two chains.",
    source=PARTIAL,
    status="derived",
    let={n: Naturals(2, caption="number of outcomes", search_to=4)},
    then=Eq(orders_silent_on_two(n), binomial(n, 2)),
    edges={"two outcomes": {n: 2}, "three": {n: 3}},
    owes=[Enumeration("all partial orders", scope="n = 2..5, in the end 6")],
    must_fail=[
        Mutant("n of them", then=Eq(orders_silent_on_two(n), n), witness={n: 4}, says="one for each neighbouring pair of constraints"),
    ],
)

numbers_of_compatible_partial_orders = Claim(
    number="C2, C3",
    says="Of the 19, 219 and 4231 partial orders on three, four and five labelled outcomes, 4, 31 and 416 contradict no constraint of "
    "the cycle.",
    source=PARTIAL,
    status="derived",
    let={n: Integers(3, 5, caption="number of outcomes")},
    then=Eq(compatible_orders(n), Piecewise((4, Eq(n, 3)), (31, Eq(n, 4)), (416, True))),
    edges={"three": {n: 3}, "four": {n: 4}},
    owes=[Enumeration("all partial orders", scope="n = 3, 4, 5")],
    must_fail=[
        Mutant("all", then=Eq(compatible_orders(n), Piecewise((19, Eq(n, 3)), (219, Eq(n, 4)), (4231, True))), witness={n: 3},
               says="every partial order is compatible"),
    ],
)
