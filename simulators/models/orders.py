"""Linear orders of outcomes, constraint digraphs, mixtures of orders, populations and axiologies.

An order of `n` outcomes is kept as a vector of *positions*: `positions[x]` is the place of outcome `x`, 0 for
the worst. A constraint `(a, b)` says that `b` is strictly better than `a`; an order violates it when
`positions[a] > positions[b]`. Everything is a pure function of its arguments; randomness comes in as arrays
of uniforms (or of integer weights), so that the caller decides where it stems from.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Arcs = tuple[tuple[int, int], ...]
"""Constraints "the second outcome is strictly better than the first"."""
Population = tuple[tuple[int, Fraction], ...]
"""Groups of lives as (number of people, welfare of each)."""
Integers = NDArray[np.int64]


# --------------------------------------------------------------------------------- constraint digraphs


def directed_cycle(n: int) -> Arcs:
    """Constraints 0 < 1 < ... < n-1 < 0 on n >= 2 outcomes: the smallest impossibility."""
    if n < 2:
        raise ValueError(f"a directed cycle needs at least 2 outcomes, not {n}")
    return tuple((i, (i + 1) % n) for i in range(n))


def circulant(n: int, steps: Sequence[int]) -> Arcs:
    """Arcs i -> i + d modulo n for every d in `steps`."""
    return tuple((i, (i + d) % n) for i in range(n) for d in steps)


def quadratic_residues(prime: int) -> tuple[int, ...]:
    """The nonzero squares modulo an odd prime, ascending."""
    return tuple(sorted({x * x % prime for x in range(1, prime)}))


def paley_tournament(prime: int) -> Arcs:
    """Tournament on the integers modulo a prime = 3 mod 4: a -> b when b - a is a nonzero square.

    Raises ValueError for other moduli: the relation would be symmetric, or no field.
    """
    if prime % 4 != 3 or any(prime % d == 0 for d in range(2, prime)):
        raise ValueError(f"a Paley tournament needs a prime that is 3 modulo 4, not {prime}")
    return circulant(prime, quadratic_residues(prime))


def circular_tournament(n: int) -> Arcs:
    """Rotational tournament on odd n: each outcome points to the next (n - 1) / 2 ones."""
    if n < 3 or n % 2 == 0:
        raise ValueError(f"a circular tournament needs an odd number of outcomes from 3, not {n}")
    return circulant(n, range(1, (n + 1) // 2))


def random_tournament(uniforms: NDArray[np.float64]) -> Arcs:
    """Tournament whose pair i < j points upwards when its entry of `uniforms` (n(n-1)/2,) is below 1/2."""
    n = round((1 + (1 + 8 * len(uniforms)) ** 0.5) / 2)
    if n * (n - 1) // 2 != len(uniforms):
        raise ValueError(f"{len(uniforms)} is not the number of pairs of any number of outcomes")
    first, second = np.triu_indices(n, 1)
    upwards = uniforms < 0.5
    tails, heads = np.where(upwards, first, second), np.where(upwards, second, first)
    return tuple((int(a), int(b)) for a, b in zip(tails, heads, strict=True))


def fence(k: int) -> Arcs:
    """The k-fence on outcomes u_0..u_{k-1}, w_0..w_{k-1}: arcs u_i -> w_i, and w_j -> u_i for i != j."""
    rungs = tuple((i, k + i) for i in range(k))
    return rungs + tuple((k + j, i) for j in range(k) for i in range(k) if i != j)


def bidirected_complete(n: int) -> Arcs:
    """Every ordered pair of distinct outcomes: each comparison is demanded both ways."""
    return tuple((i, j) for i in range(n) for j in range(n) if i != j)


# --------------------------------------------------------------------------------- orders and mixtures


def positions_of(orders: NDArray[np.int64]) -> Integers:
    """Positions (..., n) of orders written worst first, (..., n)."""
    return np.asarray(np.argsort(orders, axis=-1, kind="stable"), dtype=np.int64)


def cycle_rotations(n: int) -> Integers:
    """Positions (n, n) of the rotations of 0 < 1 < ... < n-1: row k violates only the constraint (k-1, k)."""
    outcomes = np.arange(n)
    return np.asarray((outcomes[None, :] - outcomes[:, None]) % n, dtype=np.int64)


def random_positions(uniforms: NDArray[np.float64]) -> Integers:
    """Uniformly random orders, as positions (..., n), from independent uniforms (..., n)."""
    return positions_of(np.argsort(uniforms, axis=-1, kind="stable"))


def violations(positions: NDArray[np.integer], arcs: Arcs) -> NDArray[np.bool_]:
    """Which constraints each order violates: (..., m) from positions (..., n) and m arcs."""
    tails, heads = np.array(arcs, dtype=np.int64).reshape(-1, 2).T
    return np.asarray(positions[..., tails] > positions[..., heads])


def dirichlet_weights(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flat Dirichlet weights (..., k) from independent uniforms (..., k) in [0, 1)."""
    exponentials = -np.log1p(-uniforms)
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def dirichlet_counts(uniforms: NDArray[np.float64], resolution: int = 2**20) -> Integers:
    """Flat Dirichlet weights (..., k) as whole numbers, not all zero, for exact sums in int64.

    Dividing by their sum gives rational weights within about k / `resolution` of the Dirichlet draw.
    """
    counts = np.floor(-np.log1p(-uniforms) * resolution).astype(np.int64)
    counts[..., 0] += counts.sum(axis=-1) == 0
    return np.asarray(counts, dtype=np.int64)


def violation_counts(counts: Integers, positions: NDArray[np.integer], arcs: Arcs) -> Integers:
    """Weight that violates each constraint, exactly: (..., m) from counts (..., k), positions (..., k, n)."""
    return np.asarray(np.einsum("...k,...km->...m", counts, violations(positions, arcs).astype(np.int64)))


def violation_probabilities(
    weights: NDArray[np.float64], positions: NDArray[np.integer], arcs: Arcs
) -> NDArray[np.float64]:
    """Probability of violating each constraint: (..., m) from weights (..., k), positions (..., k, n)."""
    return np.asarray(np.einsum("...k,...km->...m", weights, violations(positions, arcs).astype(np.float64)))


def cycle_violation_counts(counts: Integers, positions: NDArray[np.integer]) -> Integers:
    """`violation_counts` for the directed cycle on all n outcomes, by shifting instead of indexing."""
    violated = positions > np.roll(positions, -1, axis=-1)
    return np.asarray(np.einsum("...k,...km->...m", counts, violated.astype(np.int64)))


def preference_matrix(counts: Integers, positions: NDArray[np.integer]) -> Integers:
    """Weight (n, n) of the orders in which the column's outcome is better than the row's."""
    better = positions[:, :, None] < positions[:, None, :]
    return np.asarray(np.einsum("k,kab->ab", counts, better.astype(np.int64)))


def backward_arcs_after_insertions(
    arcs: Arcs, positions: NDArray[np.integer], sweeps: int = 20
) -> tuple[int, Integers]:
    """Upper bound on the minimum feedback arc set: local search that moves one outcome at a time.

    Returns the number of violated constraints of the improved order, and its positions (n,).
    """
    n = len(positions)
    forward = np.zeros((n, n), dtype=np.int64)
    for tail, head in arcs:
        forward[tail, head] += 1
    order = list(np.argsort(positions, kind="stable"))
    for _ in range(sweeps):
        improved = False
        for outcome in range(n):
            place = order.index(outcome)
            rest = np.array(order[:place] + order[place + 1 :])
            # cost[p]: constraints of `outcome` violated when it stands before rest[p:]
            before, after = forward[outcome, rest], forward[rest, outcome]
            cost = np.concatenate(([0], np.cumsum(before)))
            cost += np.concatenate((np.cumsum(after[::-1])[::-1], [0]))
            best = int(np.argmin(cost))
            if cost[best] < cost[place]:
                order, improved = [*rest[:best], outcome, *rest[best:]], True
        if not improved:
            break
    final = positions_of(np.array(order, dtype=np.int64))
    return int(violations(final, arcs).sum()), final


# -------------------------------------------------------------------------- populations and axiologies


def total_welfare(population: Population) -> Fraction:
    """Total utilitarianism: the sum of all welfare."""
    return sum((count * Fraction(welfare) for count, welfare in population), Fraction(0))


def population_size(population: Population) -> int:
    """Number of people."""
    return sum(count for count, _ in population)


def average_welfare(population: Population) -> Fraction:
    """Average utilitarianism: welfare per head. Raises ValueError for the empty population."""
    if population_size(population) == 0:
        raise ValueError("the empty population has no average welfare")
    return total_welfare(population) / population_size(population)


def critical_level_welfare(population: Population, level: Fraction) -> Fraction:
    """Critical-level utilitarianism: the sum of each person's welfare above `level`."""
    return total_welfare(population) - population_size(population) * Fraction(level)


def maximum_welfare(population: Population) -> Fraction:
    """The welfare of the best-off person. Raises ValueError for the empty population."""
    if population_size(population) == 0:
        raise ValueError("the empty population has no best-off person")
    return max(Fraction(welfare) for count, welfare in population if count > 0)


def minimum_welfare(population: Population) -> Fraction:
    """Welfare of the worst-off person (leximin's first criterion). ValueError for the empty population."""
    if population_size(population) == 0:
        raise ValueError("the empty population has no worst-off person")
    return min(Fraction(welfare) for count, welfare in population if count > 0)
