"""One directed cycle of constraints: impossibility, and the exact uncertainty that follows from it (C1 to C5, C9)."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from typing import Any

from sympy import And, Eq, Equivalent, IndexedBase, Not, Piecewise, Rational, Sum, Symbol, Tuple, log

from lakatos import (
    Certificate,
    Claim,
    Custom,
    Derivation,
    Drop,
    Enumeration,
    Integers,
    Mutant,
    Naturals,
    Permutations,
    Reals,
    Search,
    Simplex,
    Simulation,
    Source,
    Vectors,
    define,
    predicate,
    term,
)
from theorems.impossibility_uncertainty.setting import (
    PAPER,
    Arcs,
    Order,
    acyclic,
    cycle,
    girth,
    mildest,
    profile,
    rotations,
    satisfiable,
    total,
    uniform,
    violation_probabilities,
    violations,
    worst,
)

IMPOSSIBILITY = Source(PAPER, at="abstract", quote="Ethicists have proved several impossibility theorems")
PARTIAL = Source(PAPER, at="abstract", quote="represented for instance as partially ordered preferences")
MIXED = Source(PAPER, at="abstract", quote="or as probability distributions over total orders")
BOUNDS = Source(PAPER, at="abstract", quote="prove lower bounds on how much uncertainty is implied")

n, k, s, a, i = Symbol("n"), Symbol("k"), Symbol("s"), Symbol("a"), Symbol("i")
G, P, R, mu, tau = Symbol("G"), Symbol("P"), Symbol("R"), Symbol("mu"), Symbol("tau")
v, p = Symbol("v"), IndexedBase("p")
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
        Certificate("no partial order silent on fewer: a refutation tree of the propositional encoding", scope="n to 6"),
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
    for low, high in zip(cuts, cuts[1:], strict=False):
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
        Certificate("rational point of the linear program of all n! orders, found independently", scope="n to 5"),
    ],
    must_fail=[
        Drop("at least 1", witness={n: 3, v: (Fraction(1, 4),) * 3}),
        Drop("at most n - 1", witness={n: 3, v: (Fraction(3, 4),) * 3}),
    ],
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
    says="At tau = 1 - 1/n the comparisons held by the uniform mixture of rotations form a cycle of length n, and a "
    "cycle of length n needs tau at most 1 - 1/n.",
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
