"""Sampled evidence for impossibility and uncertainty: drawn rotations, random mixtures, random profiles."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from lakatos import Proposals, figure, search, simulation
from lakatos.randomness import Block
from lakatos.trial import Trial
from simulators.models.orders import (
    cycle_rotations,
    cycle_violation_counts,
    dirichlet_counts,
    random_positions,
)
from theorems.impossibility_uncertainty import mixtures as claims
from theorems.impossibility_uncertainty.mixtures import tau
from theorems.impossibility_uncertainty.setting import cycle, rotations, uniform, worst
from theorems.impossibility_uncertainty.single_cycle import R, k, mu, n

DRAWS = {"smoke": 20_000, "standard": 200_000, "deep": 5_000_000}
MIXED_ORDERS = 4


@simulation(claims.rotations_attain_one_over_n, estimates=worst(cycle(n), rotations(n), uniform(n)), at=[{n: 3}, {n: 4}],
            scope="n = 3, 4: the constraint from the last outcome to the first", replications={"smoke": 100_000})
def drawn_rotations(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """1 if a drawn rotation violates the last constraint; in the broken world comparisons are drawn one by one."""
    size = int(instance[n])
    uniforms = block.uniforms(block.size)
    if trial.world == "independent comparisons":
        return uniforms < 1 / (4 * size)
    positions = cycle_rotations(size)[(uniforms * size).astype(np.int64)]
    return positions[:, -1] > positions[:, 0]


@search(claims.mixtures_violate_some_constraint_with_probability_one_over_n,
        scope="Dirichlet mixtures of four random orders of 3 to 6 outcomes, and of rotations")
def random_mixtures(trial: Trial) -> Proposals:
    """The mixtures whose worst and whose mildest violation are rarest, in whole-number weights."""
    found: list[Mapping[Any, Any]] = []
    draws = DRAWS[trial.profile.name]
    for size in range(3, 7):
        found.append({n: size, k: size, R: rotations.compute(size), mu: uniform.compute(size)})
        block = Block(trial.seed, trial.claim.id, "random_mixtures", size, draws)
        positions = random_positions(block.uniforms(draws, MIXED_ORDERS, size))
        counts = dirichlet_counts(block.uniforms(draws, MIXED_ORDERS), resolution=2**10)
        violated = cycle_violation_counts(counts, positions) / counts.sum(axis=1, keepdims=True)
        for index in {int(violated.max(axis=1).argmin()), int(violated.min(axis=1).argmin()), int(violated.sum(axis=1).argmax())}:
            orders = np.argsort(positions[index], axis=1)
            total = int(counts[index].sum())
            found.append({n: size, k: MIXED_ORDERS, R: tuple(tuple(map(int, order)) for order in orders),
                          mu: tuple(Fraction(int(count), total) for count in counts[index])})
    return Proposals(found, tried=4 * (draws + 1), reached=4 * (draws + 1))


@search(claims.comparisons_held_above_the_threshold_are_acyclic, scope="rotations of 3 to 6 outcomes, thresholds at and just above 1 - 1/n")
def near_the_threshold(trial: Trial) -> list[Mapping[Any, Any]]:
    """The mixture that comes closest to a cycle."""
    return [{n: size, k: size, R: rotations.compute(size), mu: uniform.compute(size), tau: 1 - Fraction(1, size) + above}
            for size in range(3, 5) for above in (Fraction(0), Fraction(1, 1000), Fraction(1, 50))]


@simulation(claims.majorities_of_three_random_orders_cycle_once_in_eighteen, estimates=claims.majority_cycle_probability(3),
            scope="three voters", replications={"smoke": 60_000})
def random_profiles(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """1 if the three majorities of three random orders run in a circle."""
    positions = random_positions(block.uniforms(block.size, 3, 3))
    ahead = (positions < np.roll(positions, -1, axis=-1)).sum(axis=1) >= 2
    return ahead.all(axis=1) | ~ahead.any(axis=1)


@figure(claims.mixtures_violate_some_constraint_with_probability_one_over_n, claims.rotations_attain_one_over_n,
        caption="Worst violation probability of 2000 random mixtures of four orders, for each length n of the cycle, above the bound 1/n, "
        "which the mixture of rotations attains.",
        alt="Point clouds for n from 3 to 8, all above the falling curve 1/n, with a marker on the curve at each n.")
def random_mixtures_and_the_bound() -> Any:
    """Clouds of worst violations above 1/n."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = drawn.add_subplot()
    sizes = range(3, 9)
    for size in sizes:
        block = Block(0, "impossibility_uncertainty", "figure", size, 2000)
        positions = random_positions(block.uniforms(2000, MIXED_ORDERS, size))
        counts = dirichlet_counts(block.uniforms(2000, MIXED_ORDERS))
        worst_violation = (cycle_violation_counts(counts, positions) / counts.sum(axis=1, keepdims=True)).max(axis=1)
        axes.plot(size + 0.6 * (block.uniforms(2000) - 0.5), worst_violation, ".", color="C0", markersize=1.5, alpha=0.4, rasterized=True)
    axes.plot(list(sizes), [1 / size for size in sizes], "-o", color="C1", label="bound 1/n, attained by rotations")
    axes.set(xlabel="constraints in the cycle, n", ylabel="worst violation probability", ylim=(0, 1.02))
    axes.legend(frameon=False, loc="upper right")
    return drawn
