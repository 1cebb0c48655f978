"""Constraints with several cycles: the value of the violation game from both sides, by rational linear programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations
from typing import Any

from sympy import Integer

from lakatos import Certified, certificate, enumeration
from lakatos.randomness import Block
from lakatos.trial import Trial
from proofs_check.impossibility_uncertainty.small_digraphs import full_digraphs, girth_certificate
from proofs_check.methods.finite_orders import (
    automorphisms,
    check_mixture,
    check_violation_value,
    minimum_feedback,
    symmetric_certificate,
    topological_order,
    violation_certificate,
)
from theorems.impossibility_uncertainty import several_cycles as several
from theorems.impossibility_uncertainty.setting import Arcs, cycle, uncertainty_value
from theorems.impossibility_uncertainty.setting import (
    minimum_feedback as least_violations,
)
from theorems.impossibility_uncertainty.several_cycles import (
    CIRCULAR_5,
    CIRCULAR_7,
    COMPLETE_4,
    EIGHT,
    FENCE_3,
    PALEY_7,
    PALEY_11,
    TWO_TRIANGLES,
    G,
    R,
    k,
    mu,
    n,
)

NAMED: dict[str, tuple[int, Arcs]] = {
    "three-cycle": (3, cycle.compute(3)), "bidirected K4": (4, COMPLETE_4), "circular tournament on 5": (5, CIRCULAR_5),
    "3-fence": (6, FENCE_3), "Paley's on 7": (7, PALEY_7), "circular tournament on 7": (7, CIRCULAR_7),
    "eight outcomes": (8, EIGHT),
}


_program = cache(violation_certificate)


def _certified(size: int, arcs: Arcs, note: str) -> Certified:
    return Certified({n: size, G: arcs}, _program(size, arcs), _value, note=note)


def _value(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    """v* from a mixture of orders above and weights on constraints below, all orders looked at by dynamic programming."""
    return {uncertainty_value(n, G): check_violation_value(instance[n], instance[G], data)}


def drawn(trial: Trial, count: int, sizes: range, density: float) -> Iterator[tuple[int, Arcs]]:
    """Random digraphs with a cycle; tournaments for density 1."""
    block = Block(trial.seed, "impossibility_uncertainty", "digraphs", sizes.start, count)
    for draw in range(count):
        size = sizes[draw % len(sizes)]
        coins = block.uniforms(2, size, size)
        arcs = tuple((a, b) if coins[0, a, b] < 0.5 else (b, a) for a, b in combinations(range(size), 2)
                     if coins[1, a, b] < density)
        if arcs and topological_order(size, arcs) is None:
            yield size, arcs


@certificate(several.the_uncertainty_value_lies_between_one_over_girth_and_one_half,
             scope="seven named digraphs, and drawn ones on 4 to 7 outcomes")
def programs(trial: Trial) -> Iterator[Certified]:
    """Named digraphs first."""
    for note, (size, arcs) in NAMED.items():
        yield _certified(size, arcs, note)
    for size, arcs in drawn(trial, 20, range(4, 8), 0.8):
        yield _certified(size, arcs, "drawn")


@certificate(several.a_cycle_has_value_one_over_n, scope="n = 2..10")
def programs_of_cycles(trial: Trial) -> Iterator[Certified]:
    """Single cycles."""
    for size in range(2, 11):
        arcs = cycle.compute(size)
        yield Certified({n: size}, violation_certificate(size, arcs), _cycle_value, note=f"n = {size}")


def _cycle_value(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    size = instance[n]
    return {uncertainty_value(n, cycle(n)): check_violation_value(size, cycle.compute(size), data)}


def _paley_certificate() -> dict[str, Any]:
    group = [tuple((a * x + b) % 11 for x in range(11)) for a in (1, 3, 4, 5, 9) for b in range(11)]
    return symmetric_certificate(11, PALEY_11, group)


@certificate(several.the_shortest_cycle_determines_the_value, scope="three-cycle, 3-fence, eight and eleven outcomes")
def beyond_the_girth(trial: Trial) -> Iterator[Certified]:
    """Small digraphs where it holds, then the smallest and the most regular where it does not."""
    for note in ("three-cycle", "3-fence", "eight outcomes"):
        yield _certified(*NAMED[note], note)
    yield Certified({n: 11, G: PALEY_11}, _paley_certificate(), _value, note="Paley's tournament on 11")


@certificate(several.paley_on_eleven, scope="the tournament", whole_domain=True)
def one_order_carried_round(trial: Trial) -> Iterator[Certified]:
    """55 images of one best order, each constraint violated by 20 of them, against equal weights."""
    yield Certified({}, _paley_certificate(), _paley)


def _paley(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    if set(check_mixture(PALEY_11, data)) != {Fraction(20, 55)}:
        raise ValueError("the mixture does not violate every constraint with probability 20/55")
    return {uncertainty_value(n, G): check_violation_value(11, PALEY_11, data),
            least_violations(n, G): minimum_feedback(11, PALEY_11)[0]}


@certificate(several.the_shortest_cycle_determines_small_values, scope="every digraph with a cycle on two to seven outcomes",
             whole_domain=True)
def every_full_digraph(trial: Trial) -> Iterator[Certified]:
    """One digraph on eight outcomes for the controls, and on two to seven all that matter; see `small_digraphs`."""
    yield _certified(*NAMED["eight outcomes"], "eight outcomes")
    for size in range(2, 8):
        yield _certified(size, tuple(permutations(range(size), 2)), f"all comparisons of {size}, both ways")
        for girth in range(3, size + 1):
            entries = [{"arcs": arcs, "game": _girth_certificate(size, arcs)} for arcs in full_digraphs(size, girth)]
            yield Certified({}, {"outcomes": size, "digraphs": entries}, _all_hold,
                            note=f"{len(entries)} full digraphs on {size} outcomes without a cycle below {girth}")


def _all_hold(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    """Whether the conclusion under trial holds for each digraph, its value read from its certificate."""
    for entry in data["digraphs"]:
        arcs = tuple((int(a), int(b)) for a, b in entry["arcs"])
        value = check_violation_value(data["outcomes"], arcs, entry["game"])
        full = {n: data["outcomes"], G: arcs}
        if not trial.meets(full) or trial.margin(full, {uncertainty_value(n, G): value}).holds is not True:
            return False
    return True


_girth_certificate = cache(girth_certificate)


@certificate(several.arc_transitive_constraints, scope="cycles to eight outcomes, complete digraphs to five, Paley's tournaments on 7 "
             "and 11; the circular tournament on five for the control")
def best_orders_carried_round(trial: Trial) -> Iterator[Certified]:
    """One best order under all renamings that preserve the constraints; a program where they are too few."""
    chosen = [(size, cycle.compute(size)) for size in range(2, 9)]
    chosen += [(size, tuple(permutations(range(size), 2))) for size in range(3, 6)]
    for size, arcs in (*chosen, (7, PALEY_7), (11, PALEY_11)):
        yield Certified({n: size, G: arcs}, symmetric_certificate(size, arcs, _automorphisms(size, arcs)), _value_and_minimum)
    yield Certified({n: 5, G: CIRCULAR_5}, violation_certificate(5, CIRCULAR_5), _value_and_minimum)


_automorphisms = cache(automorphisms)


def _value_and_minimum(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    return {**_value(trial, instance, data), least_violations(n, G): minimum_feedback(instance[n], instance[G])[0]}


@certificate(several.values_of_named_constraints, scope="the four", whole_domain=True)
def programs_of_named(trial: Trial) -> Iterator[Certified]:
    """All four in one certificate."""
    yield Certified({}, {str(symbol): _program(size, arcs) for symbol, (size, arcs) in FOUR.items()}, _four)


FOUR = {several.FENCE: (6, FENCE_3), several.CIRCULAR: (5, CIRCULAR_5), several.PALEY: (7, PALEY_7), several.COMPLETE: (4, COMPLETE_4)}


def _four(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    known: dict[Any, Any] = {}
    for symbol, (size, arcs) in FOUR.items():
        known[uncertainty_value(Integer(size), symbol)] = check_violation_value(size, arcs, data[str(symbol)])
        known[least_violations(Integer(size), symbol)] = minimum_feedback(size, arcs)[0]
    return known


@enumeration(several.disjoint_cycles_add_up, scope="every order against two triangles, a bidirected pair and a circular tournament")
def orders_of_named_digraphs(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Point masses suffice: the expected number of violations of a mixture is an average of these."""
    for size, arcs in ((5, TWO_TRIANGLES), (2, ((0, 1), (1, 0))), (3, cycle.compute(3)), (5, CIRCULAR_5)):
        yield from ({n: size, G: arcs, k: 1, R: (order,), mu: (1,)} for order in permutations(range(size)))
