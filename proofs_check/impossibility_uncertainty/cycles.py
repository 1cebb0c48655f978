"""One cycle: orders, partial orders and mixtures enumerated; Farkas multipliers, duals and a chord as certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, permutations, product
from typing import Any

import sympy
from sympy import Dummy, Integer, Rational, log

from lakatos import Case, Certified, Proof, Step, certificate, derivation, enumeration
from lakatos.evaluation import evaluate
from lakatos.randomness import Block
from lakatos.trial import Trial
from proofs_check.methods.chain import identity, sign
from proofs_check.methods.finite_orders import (
    contradicted,
    minimum_feedback_weight,
    posets,
    shortest_cycle,
    silent,
    topological_order,
)
from proofs_check.methods.linear_programs import (
    check_feasibility,
    check_infeasibility,
    decide_inequalities,
)
from proofs_check.methods.satisfiability import (
    Clause,
    Formula,
    check_model,
    check_refutation,
    find_model,
    find_refutation,
)
from theorems.impossibility_uncertainty import mixtures as mixed
from theorems.impossibility_uncertainty import single_cycle as one
from theorems.impossibility_uncertainty.mixtures import binary_entropy, p, tau, v
from theorems.impossibility_uncertainty.setting import (
    cycle,
    mildest,
    satisfiable,
    total,
    violations,
    worst,
)
from theorems.impossibility_uncertainty.single_cycle import R, k, mu, n

Instances = Iterator[Mapping[Any, Any]]

# ------------------------------------------------------------------------------------------------- C1: impossibility


@enumeration(one.constraints_are_satisfiable_exactly_when_acyclic, scope="every digraph on 2 and 3 outcomes")
def small_digraphs(trial: Trial) -> Instances:
    """All sets of arcs, loops included, the small ones first."""
    for size in (2, 3):
        arcs = list(product(range(size), repeat=2))
        for count in range(len(arcs) + 1):
            yield from ({n: size, one.G: chosen} for chosen in combinations(arcs, count))


@certificate(one.constraints_are_satisfiable_exactly_when_acyclic, scope="35 drawn digraphs on 3 to 9 outcomes")
def order_or_farkas(trial: Trial) -> Iterator[Certified]:
    """An order that meets every constraint, or a cycle whose strict inequalities add up to 0 < 0."""
    block = Block(trial.seed, trial.claim.id, "digraphs", 0, 35)
    for draw in range(35):
        size = 3 + draw % 7
        keep = block.uniforms(size, size) < 1.3 / size
        arcs = tuple((a, b) for a in range(size) for b in range(size) if a != b and keep[a, b])
        order = topological_order(size, arcs)
        data = {"order": order} if order is not None else {"cycle": shortest_cycle(size, arcs)}
        yield Certified({n: size, one.G: arcs}, data, _order_or_cycle)


def _order_or_cycle(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    size, arcs = instance[n], instance[one.G]
    if "order" in data:
        meets = sorted(data["order"]) == list(range(size)) and violations.compute(arcs, tuple(data["order"])) == 0
        return {satisfiable(n, one.G): True} if meets else {}
    around = list(zip(data["cycle"], [*data["cycle"][1:], data["cycle"][0]], strict=True))
    if not all(arc in arcs for arc in around):
        return {}
    rows = [[int(x == a) - int(x == b) for x in range(size)] for a, b in around]
    check_infeasibility({"matrix": rows, "bounds": [0] * len(rows), "strict": [True] * len(rows), "multipliers": [1] * len(rows)})
    return {satisfiable(n, one.G): False}


@certificate(one.one_strict_constraint_makes_a_cycle_impossible, scope="n = 2..9, any number of strict constraints")
def point_or_multipliers(trial: Trial) -> Iterator[Certified]:
    """A rational point of the cycle's inequalities, or Farkas multipliers that show there is none."""
    for size in range(2, 10):
        rows = [[int(x == a) - int(x == (a + 1) % size) for x in range(size)] for a in range(size)]
        for strict in range(size + 1):
            data = decide_inequalities(rows, [0] * size, [a < strict for a in range(size)])
            yield Certified({n: size, one.s: strict}, data, _utilities, note=f"n = {size}, {strict} strict")


def _utilities(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    size, strict = instance[n], instance[one.s]
    rows = [[int(x == a) - int(x == (a + 1) % size) for x in range(size)] for a in range(size)]
    if [[Fraction(e) for e in row] for row in data["matrix"]] != rows or data["strict"] != [a < strict for a in range(size)]:
        return {}
    if "point" in data:
        check_feasibility(data)
    else:
        check_infeasibility(data)
    return {one.met_by_utilities(n, one.s): "point" in data}


# --------------------------------------------------------------------------------------------- C2, C3: partial orders


@enumeration(one.partial_orders_are_silent_on_two_constraints, one.incomparability_connects_all_outcomes,
             scope="all partial orders on 2, 3, 4 outcomes; 5 beyond the smoke profile")
def all_partial_orders(trial: Trial) -> Instances:
    """3, 19, 219 and 4231 labelled partial orders."""
    for size in (2, 3, 4) if trial.profile.name == "smoke" else (2, 3, 4, 5):
        for above in posets(size):
            yield {n: size, one.P: tuple((a, b) for a in range(size) for b in range(size) if above[a] >> b & 1)}


@enumeration(one.only_two_chains_are_silent_on_two, scope="all partial orders on 2 to 5 outcomes; 6 beyond the smoke profile")
def counted_silences(trial: Trial) -> Iterator[Case]:
    """Counted among the partial orders built up outcome by outcome, not among all relations."""
    for size in range(2, 6 if trial.profile.name == "smoke" else 7):
        yield Case({n: size}, {one.orders_silent_on_two(n): _silences(size).count(2)})


@enumeration(one.numbers_of_compatible_partial_orders, scope="all partial orders on 3, 4, 5 outcomes")
def counted_orders(trial: Trial) -> Iterator[Case]:
    """Counted in the same way."""
    yield from (Case({n: size}, {one.compatible_orders(n): len(_silences(size))}) for size in (3, 4, 5))


@cache
def _silences(size: int) -> list[int]:
    arcs = cycle.compute(size)
    return [len(silent(above, arcs)) for above in posets(size) if not contradicted(above, arcs)]


@enumeration(one.two_chains_attain_both_bounds, scope="n = 2..14, every a")
def cuts(trial: Trial) -> Instances:
    """Both chains of every cut."""
    yield from ({n: size, one.a: first} for size in range(2, 15) for first in range(1, size))


@certificate(one.partial_orders_are_silent_on_two_constraints, scope="n = 3..7, every partial order")
def no_poset_is_silent_on_one(trial: Trial) -> Iterator[Certified]:
    """A refutation tree for: a partial order, compatible, silent on fewer constraints than claimed; or a model of it."""
    for size in range(3, 8):
        formula = _few_silences(trial, size)
        model = find_model(formula)
        data = {"model": model} if model is not None else {"refutation": find_refutation(formula)}
        yield Certified({n: size, one.P: ()}, {"n": size, **data}, _no_such_poset, note=f"n = {size}")


def _few_silences(trial: Trial, size: int) -> Formula:
    """Variables "a<b"; among any `bound` constraints, one is decided, and not against the constraint."""
    bound, arcs, given = int(trial.rhs), cycle.compute(size), trial.statement.given
    clauses = [Clause(f"not both {a}<{b} and {b}<{a}", ((f"{a}<{b}", False), (f"{b}<{a}", False)))
               for a, b in combinations(range(size), 2)]
    if "transitive" in given:
        clauses += [Clause(f"{a}<{b}<{c}", ((f"{a}<{b}", False), (f"{b}<{c}", False), (f"{a}<{c}", True)))
                    for a, b, c in permutations(range(size), 3)]
    if "compatible" in given:
        clauses += [Clause(f"not {b}<{a}", ((f"{b}<{a}", False),)) for a, b in arcs]
    return [*clauses, *(Clause(f"some of {chosen}", tuple((f"{a}<{b}", True) for a, b in chosen))
                        for chosen in combinations(arcs, bound))]


def _no_such_poset(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    formula = _few_silences(trial, data["n"])
    if "model" in data:
        check_model(formula, data["model"])
        return False
    return check_refutation(formula, data["refutation"]) > 0


# ------------------------------------------------------------------------------------------- C4: mixtures of orders


@enumeration(mixed.every_order_violates_some_constraint, scope="all orders of 2 to 6 outcomes")
def all_orders(trial: Trial) -> Instances:
    """Every order."""
    yield from ({n: size, R: order} for size in range(2, 7) for order in permutations(range(size)))


@certificate(mixed.mixtures_violate_some_constraint_with_probability_one_over_n, scope="n = 2..12, every mixture of orders")
def equal_weights(trial: Trial) -> Iterator[Certified]:
    """Against weights 1/n on the constraints every order loses at least 1/n, and against their reversals too."""
    for size in range(2, 13):
        yield Certified({n: size, k: 1, R: (tuple(range(size)),), mu: (1,)}, {"n": size, "weight": f"1/{size}"}, _duals,
                        note=f"n = {size}")


def _duals(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    """Whether the least loss, by dynamic programming over all orders, implies every conjunct for every mixture."""
    size, weight = data["n"], Fraction(data["weight"])
    arcs = cycle.compute(size)
    least = minimum_feedback_weight(size, arcs, [weight] * size)
    backwards = minimum_feedback_weight(size, tuple((b, a) for a, b in arcs), [weight] * size)
    shown = {total: (least / weight, size - backwards / weight), worst: (least, None), mildest: (None, None)}
    for part in trial.then.args if isinstance(trial.then, sympy.And) else (trial.then,):
        for term, (low, high) in shown.items():
            if part.gts.has(term) and not (low is not None and low >= evaluate(part.lts, {n: size})):
                return False
            if part.lts.has(term) and not (high is not None and high <= evaluate(part.gts, {n: size})):
                return False
    return bool(weight * size == 1)


@enumeration(mixed.rotations_attain_one_over_n, scope="n = 2..24")
def rotation_mixtures(trial: Trial) -> Instances:
    """Numbers of constraints."""
    yield from ({n: size} for size in range(2, 25))


def small_mixtures(parts: int) -> Instances:
    """Mixtures of at most three orders of three outcomes, with weights in multiples of 1/parts."""
    orders = list(permutations(range(3)))
    for count in (1, 2, 3):
        for chosen in combinations(orders, count):
            for cut in combinations(range(parts + count - 1), count - 1):
                ends = (-1, *cut, parts + count - 1)
                weights = tuple(Fraction(b - a - 1, parts) for a, b in pairwise(ends))
                yield {n: 3, k: count, R: chosen, mu: weights}


# ----------------------------------------------------------------------------------------------- C5: trade-offs


@enumeration(mixed.every_trade_off_between_one_and_n_minus_one_is_attained, scope="n = 2, 3, 4; multiples of 1/6, 1/4, 1/3")
def violation_vectors(trial: Trial) -> Instances:
    """All vectors of a grid; the hypotheses keep those of the region."""
    for size, parts in ((2, 6), (3, 4), (4, 3)):
        yield from ({n: size, v: tuple(Fraction(x, parts) for x in entries)}
                    for entries in product(range(parts + 1), repeat=size))


@enumeration(mixed.every_pattern_but_two_occurs, scope="all orders of 2 to 7 outcomes")
def numbers_of_patterns(trial: Trial) -> Instances:
    """Numbers of constraints."""
    yield from ({n: size} for size in range(2, 8))


@enumeration(mixed.uncertainty_is_spread_over_two_constraints, scope="n = 3, mixtures of up to 3 orders, weights in fifths")
def mixtures_in_fifths(trial: Trial) -> Instances:
    """All of them."""
    yield from small_mixtures(5)


@enumeration(mixed.entropy_of_majority_respected_cycles, scope="n = 2, 3, 4; multiples of 1/10, 1/6, 1/5")
def entropy_grid(trial: Trial) -> Instances:
    """Violation vectors below and above one half; where the bound is attained, equality of logarithms stays undecided."""
    for size, parts in ((2, 10), (3, 7), (4, 5)):
        for entries in product(range(parts + 1), repeat=size):
            vector = tuple(Fraction(x, parts) for x in entries)
            if sum(sorted(vector)[-2:]) < 1 or sum(vector) == max(vector):
                yield {n: size, p.label: vector}


@derivation(mixed.entropy_of_majority_respected_cycles, scope="every n")
def chord_of_the_entropy(trial: Trial) -> Proof:
    """h is concave with h(0) = 0 and h(1/2) = log 2, so h(x) >= 2 x log 2 up to 1/2; summed over probabilities that sum to 1."""
    x, i = Dummy("x"), mixed.i
    entropy, ranges = -x * log(x) - (1 - x) * log(1 - x), {x: (0, Fraction(1, 2))}
    hypotheses = mixed.entropy_of_majority_respected_cycles.given
    given = all(trial.statement.given.get(name) == relation for name, relation in hypotheses.items())
    inside = binary_entropy.definition(x).args[-1].expr
    return Proof([
        Step("probabilities up to one half that sum to one or more", r"p_i \le \tfrac12, \sum p_i \ge 1", given, not given,
             ("the hypotheses under trial", "those used here")),
        identity("inside (0, 1), the binary entropy", inside, entropy, ranges),
        identity("second derivative", sympy.diff(entropy, x, 2), -1 / x - 1 / (1 - x), ranges),
        sign("minus it is positive: the entropy is concave", 1 / x + 1 / (1 - x), ranges, signs={x: 1, 1 - x: 1}),
        identity("it meets the chord 2 x log 2 at one half", entropy.subs(x, Rational(1, 2)), log(2), ranges),
        identity("and at zero", sympy.limit(entropy, x, 0), Integer(0), ranges),
    ], sympy.Sum(binary_entropy(p[i]), (i, 0, n - 1)) >= 2 * log(2))


# ---------------------------------------------------------------------------------------------- C9: thresholds


@enumeration(mixed.comparisons_held_above_the_threshold_are_acyclic, mixed.longer_cycles_need_less_doubt, scope="n = 3, mixtures of up to 3 orders in sixths, 4 thresholds")
def mixtures_and_thresholds(trial: Trial) -> Instances:
    """Thresholds below, at and above 2/3."""
    for mixture in small_mixtures(6):
        yield from ({**mixture, tau: threshold} for threshold in (Fraction(3, 5), Fraction(2, 3), Fraction(7, 10), Fraction(1)))


@enumeration(mixed.the_certainty_threshold_is_sharp, scope="n = 3..12")
def sharp_thresholds(trial: Trial) -> Instances:
    """Numbers of outcomes."""
    yield from ({n: size} for size in range(3, 13))


@enumeration(mixed.majorities_of_three_random_orders_cycle_once_in_eighteen, scope="all 216 profiles")
def all_profiles(trial: Trial) -> Instances:
    """The definition counts all profiles."""
    yield {}


