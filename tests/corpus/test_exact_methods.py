"""Exact methods: rational linear programs, finite orders, satisfiability. Checkers must also reject."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs_check.methods import finite_orders as fo
from proofs_check.methods import linear_programs as lp
from proofs_check.methods import satisfiability as sat
from simulators.models import orders as model

entries = st.integers(-4, 4)
seeds = st.integers(0, 2**32 - 1)


def through_json(data: Any) -> Any:
    """The data after a trip through JSON, as a stored certificate comes back."""
    return json.loads(json.dumps(data))


def test_importing_the_methods_loads_no_solver() -> None:
    """Z3 and SciPy are imported by the finders that need them, not by the modules."""
    code = (
        "import sys, proofs_check.methods.linear_programs, proofs_check.methods.finite_orders, "
        "proofs_check.methods.satisfiability, simulators.models.orders; "
        "print(sorted({'z3', 'scipy', 'sympy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == ran.stdout.strip()


# ------------------------------------------------------------------------------------- linear programs


@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_random_games_have_an_exact_value(payoffs: list[list[int]]) -> None:
    """Both players' rational mixtures certify one value, between the pure lower and upper values."""
    data = through_json(lp.game_certificate(payoffs))
    value = lp.check_game(payoffs, data)
    assert max(min(row[j] for row in payoffs) for j in range(3)) <= value <= min(max(row) for row in payoffs)


def test_rock_paper_scissors_is_fair() -> None:
    """The value of rock, paper, scissors (loss 0, draw 1, win 2) is exactly 1."""
    payoffs = [[1, 2, 0], [0, 1, 2], [2, 0, 1]]
    assert 1 == lp.check_game(payoffs, lp.game_certificate(payoffs))


def test_awkward_denominators_are_solved_exactly() -> None:
    """A game whose mixtures have denominators far beyond rounding still gets an exact certificate."""
    payoffs = [[1009, 3, 7, 2], [5, 1013, 11, 1], [13, 17, 1019, 6], [4, 9, 8, 1021]]
    data = lp.game_certificate(payoffs)
    assert Fraction(data["value"]).denominator > 10**6
    lp.check_game(payoffs, data)


def test_the_optimality_checker_rejects_every_kind_of_tampering() -> None:
    """A wrong value, a broken row, a broken column, a negative entry, a float, a missing entry."""
    good = lp.minimise([2, 3], [[1, 1], [1, 3]], [4, 6])
    assert 9 == lp.check_optimality(good)
    for key, entry in [("value", "8"), ("primal", ["4", "0"]), ("dual", ["3", "0"]), ("primal", ["-1", "5"]),
                       ("dual", [1.5, 0.5]), ("primal", ["3"]), ("bounds", ["4", "7"])]:
        with pytest.raises(lp.Rejected):
            lp.check_optimality(good | {key: entry})


@given(st.integers(2, 7), st.integers(0, 6))
def test_a_cycle_is_infeasible_exactly_when_one_arc_is_strict(n: int, strict: int) -> None:
    """u_i < u_{i+1} round a cycle has Farkas multipliers all equal; all-weak cycles have a rational point."""
    assume(strict <= n)
    matrix = [[1 if j == a else -1 if j == b else 0 for j in range(n)] for a, b in model.directed_cycle(n)]
    data = through_json(lp.decide_inequalities(matrix, [0] * n, [i < strict for i in range(n)]))
    if strict:
        lp.check_infeasibility(data)
        assert 1 == len(set(data["multipliers"]))
    else:
        lp.check_feasibility(data)


@given(st.lists(st.tuples(entries, entries, entries, st.booleans()), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_every_small_system_is_decided_with_a_certificate(rows: list[tuple[int, int, int, bool]]) -> None:
    """Weak and strict inequalities in two unknowns: a rational point or multipliers, never neither."""
    matrix, bounds = [[a, b] for a, b, _, _ in rows], [bound for _, _, bound, _ in rows]
    data = through_json(lp.decide_inequalities(matrix, bounds, [flag for *_, flag in rows]))
    if "point" in data:
        lp.check_feasibility(data)
    else:
        lp.check_infeasibility(data)


def test_farkas_multipliers_that_do_not_contradict_are_rejected() -> None:
    """x < 1 and -x < 0 is feasible: no multipliers pass, whether zero, negative or not cancelling."""
    system = {"matrix": [["1"], ["-1"]], "bounds": ["1", "0"], "strict": [True, True]}
    for multipliers in (["1", "1"], ["0", "0"], ["-1", "-1"], ["1", "2"]):
        with pytest.raises(lp.Rejected):
            lp.check_infeasibility(system | {"multipliers": multipliers})
    for point in (["0"], ["1"], ["2"]):
        with pytest.raises(lp.Rejected):
            lp.check_feasibility(system | {"point": point})


# --------------------------------------------------------------------------------------- finite orders


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 3), (3, 19), (4, 219), (5, 4231)])
def test_posets_are_enumerated_once_each(n: int, count: int) -> None:
    """The labelled strict partial orders on up to five elements: each is one, none comes twice."""
    found = list(fo.posets(n))
    assert count == len(found) == len(set(found))
    assert all(fo.is_poset(poset) for poset in found)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_posets_agree_with_filtering_all_relations(n: int) -> None:
    """The same set comes out of testing all 2^(n(n-1)) irreflexive relations."""
    choices = [[row for row in range(1 << n) if not row >> a & 1] for a in range(n)]
    assert {relation for relation in product(*choices) if fo.is_poset(relation)} == set(fo.posets(n))


@pytest.mark.parametrize(("n", "compatible", "silent_on_two"), [(3, 4, 3), (4, 31, 6), (5, 416, 10)])
def test_posets_compatible_with_a_cycle(n: int, compatible: int, silent_on_two: int) -> None:
    """A compatible poset is silent on two constraints or more, and its incomparabilities connect all."""
    cycle = model.directed_cycle(n)
    kept = [poset for poset in fo.posets(n) if not fo.contradicted(poset, cycle)]
    silences = [len(fo.silent(poset, cycle)) for poset in kept]
    assert (compatible, 2, silent_on_two) == (len(kept), min(silences), silences.count(2))
    assert all(fo.is_connected(n, fo.incomparable_pairs(poset)) for poset in kept)
    assert n - 1 == min(len(fo.incomparable_pairs(poset)) for poset in kept)


@given(st.integers(1, 6), st.data())
def test_topological_order_exists_exactly_without_a_cycle(n: int, data: st.DataObject) -> None:
    """Kahn's algorithm, the shortest cycle, and brute force over orders tell the same."""
    outcome = st.integers(0, n - 1)
    arcs = data.draw(st.lists(st.tuples(outcome, outcome), max_size=10, unique=True))
    order, cycle = fo.topological_order(n, arcs), fo.shortest_cycle(n, arcs)
    assert (order is None) == (cycle is not None)
    if order is not None:
        assert [] == fo.violated(order, arcs)
    if cycle is not None:
        assert set(zip(cycle, cycle[1:] + cycle[:1], strict=True)) <= set(arcs)
        assert len(cycle) == len(set(cycle))


@given(st.integers(2, 6), seeds)
@settings(max_examples=40, deadline=None)
def test_minimum_feedback_agrees_with_brute_force(n: int, seed: int) -> None:
    """Dynamic programming over subsets attains the least weight over all n! orders."""
    rng = np.random.default_rng(seed)
    arcs = [arc for arc in model.bidirected_complete(n) if rng.random() < 0.6]
    weights = [int(w) for w in rng.integers(0, 20, len(arcs))]
    least, order = fo.minimum_feedback(n, arcs, weights)

    def cost(candidate: tuple[int, ...]) -> int:
        return sum(weights[index] for index in fo.violated(candidate, arcs))

    assert least == cost(order) == min(cost(candidate) for candidate in permutations(range(n)))
    assert Fraction(least, 7) == fo.minimum_feedback_weight(n, arcs, [Fraction(w, 7) for w in weights])


@pytest.mark.parametrize(
    ("arcs", "n", "girth", "feedback", "value"),
    [(model.directed_cycle(n), n, n, 1, Fraction(1, n)) for n in range(2, 7)]
    + [
        (model.circular_tournament(5), 5, 3, 3, Fraction(1, 3)),
        (model.paley_tournament(7), 7, 3, 7, Fraction(1, 3)),
        (model.fence(3), 6, 4, 2, Fraction(1, 4)),
        (model.bidirected_complete(4), 4, 2, 6, Fraction(1, 2)),
    ],
)
def test_violation_values_of_named_digraphs(
    arcs: model.Arcs, n: int, girth: int, feedback: int, value: Fraction
) -> None:
    """Girth, minimum feedback arc set and the exact value of the violation game, both sides certified."""
    cycle = fo.shortest_cycle(n, arcs)
    assert cycle is not None
    assert (girth, feedback) == (len(cycle), fo.minimum_feedback(n, arcs)[0])
    assert value == fo.check_violation_value(n, arcs, through_json(fo.violation_certificate(n, arcs)))


def test_paley_eleven_exceeds_one_over_girth() -> None:
    """Girth 3, yet the value is 20/55 = 4/11: the 55 automorphisms carry one best order round all arcs."""
    arcs = model.paley_tournament(11)
    group = fo.automorphisms(11, arcs)
    affine = {tuple((x * a + b) % 11 for x in range(11)) for a in (1, 3, 4, 5, 9) for b in range(11)}
    assert affine == set(group)
    assert fo.is_arc_transitive(arcs, group)
    assert 20 == fo.minimum_feedback(11, arcs)[0]
    data = through_json(fo.symmetric_certificate(11, arcs, group))
    assert Fraction(4, 11) == fo.check_violation_value(11, arcs, data)
    assert [Fraction(20, 55)] * 55 == fo.check_mixture(arcs, data)


def test_violation_values_agree_with_the_game_over_all_orders() -> None:
    """Column generation finds the value of the game in which all n! orders stand as rows."""
    rng = np.random.default_rng(11)
    for _ in range(6):
        arcs = tuple(arc for arc in model.bidirected_complete(4) if rng.random() < 0.6)
        broken = [fo.violated(order, arcs) for order in permutations(range(4))]
        rows = [[int(j in indices) for j in range(len(arcs))] for indices in broken]
        whole = lp.check_game(rows, lp.game_certificate(rows))
        assert whole == fo.check_violation_value(4, arcs, fo.violation_certificate(4, arcs))


def test_the_violation_checker_rejects_tampering() -> None:
    """Wrong value either way, a mixture that is none, weights that are none, an order that is none."""
    arcs = model.directed_cycle(4)
    good = fo.violation_certificate(4, arcs)
    assert Fraction(1, 4) == fo.check_violation_value(4, arcs, good)
    bad = [("value", "1/3"), ("value", "1/5"), ("mixture", ["1/2"] * 4), ("weights", ["1/3"] * 4),
           ("weights", ["1", "0", "0", "0"]), ("orders", [[0]] * 4),
           ("orders", good["orders"][:3] + [[0, 1, 2, 2]])]
    for key, entry in bad:
        with pytest.raises(ValueError):
            fo.check_violation_value(4, arcs, good | {key: entry})


def test_too_many_outcomes_are_refused() -> None:
    """The dynamic program says how far it goes instead of filling the memory."""
    with pytest.raises(ValueError, match="at most 16"):
        fo.minimum_feedback(17, ())


# -------------------------------------------------------------------------------------- satisfiability

literals = st.tuples(st.sampled_from("abcde"), st.booleans())
formulas = st.lists(st.lists(literals, min_size=1, max_size=3), min_size=1, max_size=14).map(
    lambda clauses: [sat.Clause(f"clause {i}", tuple(clause)) for i, clause in enumerate(clauses)]
)


@given(formulas)
@settings(max_examples=60, deadline=None)
def test_solver_search_and_exhaustion_agree(formula: list[sat.Clause]) -> None:
    """A model that replays, or a refutation and a minimal core that replay; exhaustion is the judge."""
    model_found = sat.find_model(formula)
    brute = sum(
        all(any(values[v] is wanted for v, wanted in clause.literals) for clause in formula)
        for bits in product((False, True), repeat=len(sat.variables(formula)))
        for values in [dict(zip(sat.variables(formula), bits, strict=True))]
    )
    assert brute == sat.count_models(formula)
    if model_found is not None:
        sat.check_model(formula, model_found)
        with pytest.raises(ValueError, match="satisfiable"):
            sat.find_refutation(formula)
        assert brute > 0
        return
    assert 0 == brute
    assert 1 <= sat.check_refutation(formula, through_json(sat.find_refutation(formula)))
    core = sat.minimal_core(formula)
    assert len(core) == sat.check_minimal_core(formula, through_json(sat.core_certificate(formula, core)))
    smallest = sat.smallest_core(formula)
    assert sat.check_core_bound(formula, smallest["assignments"]) <= len(smallest["core"]) <= len(core)


def pigeonholes(pigeons: int, holes: int) -> list[sat.Clause]:
    """Every pigeon has a hole; no two share one."""
    some = [
        sat.Clause(f"pigeon {p}", tuple((f"{p} in {h}", True) for h in range(holes))) for p in range(pigeons)
    ]
    apart = [
        sat.Clause(f"hole {h}: {p}, {q}", ((f"{p} in {h}", False), (f"{q} in {h}", False)))
        for h in range(holes) for q in range(pigeons) for p in range(q)
    ]
    return some + apart


def test_pigeonholes() -> None:
    """Three pigeons in two holes: unsatisfiable, all nine clauses needed; in three holes: six ways."""
    formula = pigeonholes(3, 2)
    core = sat.core_certificate(formula, sat.minimal_core(formula))
    assert 9 == sat.check_minimal_core(formula, core) == len(formula)
    assert 6 == sat.count_models(pigeonholes(3, 3))


def test_the_satisfiability_checkers_reject_tampering() -> None:
    """A leaf whose clause is not false, a repeated variable, a needless core clause, a partial model."""
    formula = pigeonholes(3, 2)
    tree = sat.find_refutation(formula)
    core = sat.core_certificate(formula, sat.minimal_core(formula))
    wrong_leaf: sat.Tree = copy.deepcopy(tree)
    node = wrong_leaf
    while "clause" not in node:
        node = node["true"]
    node["clause"] = "pigeon 0" if node["clause"] != "pigeon 0" else "pigeon 1"
    repeated = {"variable": "0 in 0", "true": tree, "false": tree}
    for bad in (wrong_leaf, repeated, {"clause": "no such clause"}):
        with pytest.raises(lp.Rejected):
            sat.check_refutation(formula, bad)
    larger = [*formula, sat.Clause("needless", (("0 in 0", True), ("0 in 0", False)))]
    fewer = dict(list(core["without"].items())[1:])
    for data in (core | {"core": [*core["core"], "needless"]}, core | {"without": fewer}):
        with pytest.raises(lp.Rejected):
            sat.check_minimal_core(larger, data)
    with pytest.raises(lp.Rejected):
        sat.check_model(formula, {"0 in 0": True})
    with pytest.raises(lp.Rejected):
        sat.check_core_bound(formula, [dict.fromkeys(sat.variables(formula), True)] * 2)
    with pytest.raises(ValueError, match="called"):
        sat.check_names([formula[0], formula[0]])
