"""Orders, mixtures of orders, constraint digraphs, populations."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.models import orders as model

sizes = st.integers(2, 8)
seeds = st.integers(0, 2**32 - 1)


@given(sizes)
def test_each_rotation_violates_exactly_one_constraint_of_the_cycle(n: int) -> None:
    """The rotations are the mixture that attains 1/n: one violation each, every constraint once."""
    violated = model.violations(model.cycle_rotations(n), model.directed_cycle(n))
    assert [1] * n == list(violated.sum(axis=0)) == list(violated.sum(axis=1))


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_every_order_violates_between_one_and_all_but_one_constraints(n: int) -> None:
    """The least and the largest number of violations over all n! orders are 1 and n - 1."""
    positions = model.positions_of(np.array(list(permutations(range(n)))))
    counts = model.violations(positions, model.directed_cycle(n)).sum(axis=1)
    assert (1, n - 1) == (counts.min(), counts.max())


@given(sizes, seeds)
def test_reversing_an_order_swaps_violated_and_met_constraints(n: int, seed: int) -> None:
    """Linear orders have no ties, so an order and its reverse violate complementary sets."""
    positions = model.random_positions(np.random.default_rng(seed).random((5, n)))
    arcs = model.bidirected_complete(n)
    assert (model.violations(n - 1 - positions, arcs) == ~model.violations(positions, arcs)).all()


@given(sizes, seeds)
def test_renaming_outcomes_renames_violations(n: int, seed: int) -> None:
    """Violations depend on the structure alone, not on the names of outcomes."""
    rng = np.random.default_rng(seed)
    positions, mapping = model.random_positions(rng.random(n)), rng.permutation(n)
    arcs = model.directed_cycle(n)
    renamed = tuple((int(mapping[a]), int(mapping[b])) for a, b in arcs)
    carried = np.empty(n, dtype=np.int64)
    carried[mapping] = positions
    assert (model.violations(positions, arcs) == model.violations(carried, renamed)).all()


@given(st.integers(3, 7), st.integers(1, 30), seeds)
def test_mixtures_meet_the_cycle_bound_exactly(n: int, orders: int, seed: int) -> None:
    """With whole-number weights: between one and n - 1 times the total weight is violated, exactly."""
    rng = np.random.default_rng(seed)
    positions = model.random_positions(rng.random((orders, n)))
    counts = model.dirichlet_counts(rng.random(orders))
    violated = model.violation_counts(counts, positions, model.directed_cycle(n))
    assert counts.sum() <= violated.sum() <= (n - 1) * counts.sum()


@given(st.integers(2, 7), st.integers(1, 12), seeds)
def test_the_three_ways_to_count_violations_agree(n: int, orders: int, seed: int) -> None:
    """General arcs, the shifted form for the cycle, and the float probabilities are one quantity."""
    rng = np.random.default_rng(seed)
    positions = model.random_positions(rng.random((orders, n)))
    counts = model.dirichlet_counts(rng.random(orders))
    general = model.violation_counts(counts, positions, model.directed_cycle(n))
    floats = model.violation_probabilities(counts / counts.sum(), positions, model.directed_cycle(n))
    assert general.tolist() == model.cycle_violation_counts(counts, positions).tolist()
    assert np.allclose(general / counts.sum(), floats, atol=1e-12)


def test_batches_agree_with_single_mixtures() -> None:
    """A leading batch axis changes nothing but the shape."""
    rng = np.random.default_rng(5)
    positions = model.random_positions(rng.random((4, 6, 5)))
    counts = model.dirichlet_counts(rng.random((4, 6)))
    arcs = model.circular_tournament(5)
    batch = model.violation_counts(counts, positions, arcs)
    single = [model.violation_counts(counts[b], positions[b], arcs).tolist() for b in range(4)]
    assert single == batch.tolist()


def test_dirichlet_weights_are_flat_on_the_simplex() -> None:
    """Weights sum to one, with mean 1/k and variance (k-1)/(k^2 (k+1)) as the flat Dirichlet has."""
    weights = model.dirichlet_weights(np.random.default_rng(1).random((40_000, 4)))
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-12)
    assert np.allclose(weights.mean(axis=0), 1 / 4, atol=5 * (3 / 80 / 40_000) ** 0.5)  # five standard errors
    assert np.allclose(weights.var(axis=0), 3 / 80, rtol=0.05)


def test_random_orders_are_uniform() -> None:
    """All 6 orders of 3 outcomes come about equally often (five standard errors)."""
    positions = model.random_positions(np.random.default_rng(2).random((60_000, 3)))
    _, counts = np.unique(positions @ np.array([9, 3, 1]), return_counts=True)
    assert len(counts) == 6
    assert np.abs(counts - 10_000).max() < 5 * (60_000 * 5 / 36) ** 0.5


@pytest.mark.parametrize(
    ("arcs", "n"),
    [(model.paley_tournament(7), 7), (model.paley_tournament(11), 11), (model.circular_tournament(5), 5),
     (model.random_tournament(np.random.default_rng(3).random(21)), 7)],
)
def test_tournaments_compare_every_pair_once(arcs: model.Arcs, n: int) -> None:
    """A tournament has exactly one arc between any two outcomes."""
    assert sorted((a, b) for b in range(n) for a in range(b)) == sorted((min(arc), max(arc)) for arc in arcs)


def test_paley_arcs_are_the_quadratic_residues() -> None:
    """Modulo 11 the nonzero squares are 1, 3, 4, 5, 9; a modulus that is no prime 3 mod 4 is refused."""
    assert (1, 3, 4, 5, 9) == model.quadratic_residues(11)
    for modulus in (5, 15, 8):
        with pytest.raises(ValueError, match="prime"):
            model.paley_tournament(modulus)


def test_the_fence_has_k_squared_arcs() -> None:
    """The 3-fence: 6 outcomes, 9 arcs."""
    assert 9 == len(set(model.fence(3)))


@given(seeds)
def test_insertions_only_improve(seed: int) -> None:
    """Local search never ends above the order it started from, and reports the order it found."""
    rng = np.random.default_rng(seed)
    arcs, start = model.random_tournament(rng.random(45)), model.random_positions(rng.random(10))
    found, positions = model.backward_arcs_after_insertions(arcs, start)
    assert found == model.violations(positions, arcs).sum() <= model.violations(start, arcs).sum()
    assert list(range(10)) == sorted(positions)


def test_the_preference_matrix_of_the_rotations_is_condorcets() -> None:
    """In the three rotations each outcome beats its predecessor in two of three."""
    matrix = model.preference_matrix(np.ones(3, dtype=np.int64), model.cycle_rotations(3))
    assert [2, 2, 2] == [matrix[a, b] for a, b in model.directed_cycle(3)]
    assert (matrix + matrix.T == 3 * (1 - np.eye(3))).all()


def test_axiologies_rank_the_mere_addition_populations() -> None:
    """Exact values of 10@100, then 9990@1/2 added, and 10000@1, under five axiologies."""
    few, many = ((10, Fraction(100)),), ((10_000, Fraction(1)),)
    populations = (few, (*few, (9990, Fraction(1, 2))), many)
    assert [1000, 5995, 10_000] == [model.total_welfare(p) for p in populations]
    assert [100, Fraction(1199, 2000), 1] == [model.average_welfare(p) for p in populations]
    assert [990, -4005, 0] == [model.critical_level_welfare(p, Fraction(1)) for p in populations]
    assert [100, 100, 1] == [model.maximum_welfare(p) for p in populations]
    assert [100, Fraction(1, 2), 1] == [model.minimum_welfare(p) for p in populations]


def test_the_empty_population_has_a_total_but_no_average() -> None:
    """Total welfare of nobody is zero; average, maximum and minimum say why they cannot answer."""
    assert 0 == model.total_welfare(())
    for axiology in (model.average_welfare, model.maximum_welfare, model.minimum_welfare):
        with pytest.raises(ValueError, match="empty population"):
            axiology(())
