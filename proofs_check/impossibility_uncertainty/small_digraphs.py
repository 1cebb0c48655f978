"""All digraphs on up to seven outcomes that matter for the violation game, once each up to renaming.

Which matter: the value v* of a digraph is the greatest of the values of its strong components (mix orders of each,
worst component first), and it can only grow with the arcs. So v* <= 1/g holds for every digraph on n outcomes without a
cycle shorter than g once it holds for those that are strongly connected, have no such cycle, and would get one from any
further arc. These are the *full* digraphs of girth g on n outcomes listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations, product
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs_check.methods.finite_orders import shortest_cycle, violation_certificate
from proofs_check.methods.linear_programs import DENOMINATORS, nearby_rationals, written

Arcs = tuple[tuple[int, int], ...]
Matrices = NDArray[np.bool_]
Masks = NDArray[np.uint8]
"""Sets of outcomes as bits."""
FAR = 99
"""Distance between outcomes without a path."""


def distances(matrices: Matrices) -> NDArray[np.int16]:
    """Lengths of shortest paths (B, n, n) from adjacency matrices (B, n, n); on the diagonal, of shortest cycles."""
    lengths = np.where(matrices, np.int16(1), np.int16(FAR))
    for node in range(matrices.shape[-1]):
        lengths = np.minimum(lengths, lengths[:, :, [node]] + lengths[:, [node], :])
    return np.minimum(lengths, np.int16(FAR))


def _ways(nodes: int, girth: int) -> tuple[Masks, Masks]:
    """All ways to join a new outcome to `nodes` others by single arcs: bit sets of those below it and above it.

    For girth three by one arc to each: two outcomes without an arc between them can be given one, as opposite arcs are
    the only cycles forbidden, so the full digraphs are the strongly connected tournaments.
    """
    ways = np.array(list(product((1, 2) if girth == 3 else (0, 1, 2), repeat=nodes)))
    return _masks(ways == 1), _masks(ways == 2)


def _masks(members: Matrices) -> Masks:
    """Rows of Booleans (..., n), n up to 8, as bit sets (...)."""
    return np.asarray(members @ (1 << np.arange(members.shape[-1], dtype=np.uint8)), dtype=np.uint8)


def _unions(masks: Masks) -> Masks:
    """For bit sets (B, n), the union over each of the 2^n sets of indices: (B, 2^n)."""
    unions = np.zeros((len(masks), 1), dtype=np.uint8)
    for index in range(masks.shape[1]):
        unions = np.concatenate([unions, unions | masks[:, [index]]], axis=1)
    return unions


def _extended(matrices: Matrices, girth: int, *, strong: bool) -> Matrices:
    """Every digraph that has one outcome more and no cycle shorter than `girth`; only strongly connected ones if asked."""
    nodes = matrices.shape[-1]
    lengths = distances(matrices)
    lengths[:, range(nodes), range(nodes)] = 0
    below, above = _ways(nodes, girth)
    too_close = _unions(_masks(lengths < girth - 2))
    allowed = too_close[:, above] & below == 0  # no cycle below the girth runs through the new outcome
    if strong:
        everything, joined = (1 << nodes) - 1, lengths < FAR
        reached, reaching = _unions(_masks(joined)), _unions(_masks(joined.transpose(0, 2, 1)))
        allowed &= (reached[:, above] == everything) & (reaching[:, below] == everything)
    parent, way = np.nonzero(allowed)
    extended = np.zeros((len(parent), nodes + 1, nodes + 1), dtype=bool)
    extended[:, :nodes, :nodes] = matrices[parent]
    extended[:, :nodes, nodes] = below[way, None] >> np.arange(nodes) & 1
    extended[:, nodes, :nodes] = above[way, None] >> np.arange(nodes) & 1
    return extended


def _full(matrices: Matrices, girth: int) -> Matrices:
    """Those to which no arc can be added without a cycle shorter than `girth`."""
    apart = ~(matrices | matrices.transpose(0, 2, 1)) & ~np.eye(matrices.shape[-1], dtype=bool)
    return matrices[~(apart & (distances(matrices) >= girth - 1)).any(axis=(1, 2))]


@cache
def _renamings(nodes: int) -> NDArray[np.int64]:
    return np.array(list(permutations(range(nodes))))


def _codes(matrices: Matrices) -> NDArray[np.int64]:
    size = matrices.shape[-1] ** 2
    return matrices.reshape(len(matrices), size) @ (1 << np.arange(size, dtype=np.int64))


def renamed(matrix: Matrices) -> Matrices:
    """The digraph (n, n) under all n! renamings, (n!, n, n)."""
    names = _renamings(len(matrix))
    return matrix[names[:, :, None], names[:, None, :]]


def up_to_renaming(matrices: Matrices) -> Matrices:
    """One digraph of each class under renaming, the one of least code."""
    left, chosen = np.unique(_codes(matrices)), []
    nodes = matrices.shape[-1]
    while len(left):
        matrix = (left[0] >> np.arange(nodes**2) & 1).astype(bool).reshape(nodes, nodes)
        chosen.append(matrix)
        left = np.setdiff1d(left, _codes(renamed(matrix)))
    return np.array(chosen, dtype=bool).reshape(-1, nodes, nodes)


@cache
def full_digraphs(nodes: int, girth: int) -> tuple[Arcs, ...]:
    """The strongly connected digraphs on `nodes` outcomes that have no cycle shorter than `girth` and get one from any
    further arc, one of each class under renaming, as arcs (worse, better). `girth` from 3; loops and opposite arcs are cycles.
    """
    matrices = np.zeros((1, 1, 1), dtype=bool)
    for size in range(2, nodes):
        matrices = _extended(matrices, girth, strong=False)
        if size < 6 or girth == 3:
            matrices = up_to_renaming(matrices)
    batches = [_full(_extended(part, girth, strong=True), girth) for part in np.array_split(matrices, 1 + len(matrices) // 4000)]
    return tuple(tuple((int(a), int(b)) for a, b in zip(*np.nonzero(matrix), strict=True))
                 for matrix in up_to_renaming(np.concatenate(batches)))


# ------------------------------------------------------------------------------------ mixtures that attain 1/girth


@cache
def _all_orders(nodes: int) -> NDArray[np.int64]:
    """Places (n!, n) of the outcomes in all orders."""
    return np.argsort(_renamings(nodes), axis=1)


def _short_cycles(nodes: int, arcs: Arcs, length: int) -> Iterator[list[int]]:
    """Indices of the arcs of every cycle of the given length."""
    index = {arc: place for place, arc in enumerate(arcs)}
    for chosen in combinations(range(nodes), length):
        for rest in permutations(chosen[1:]):
            around = (chosen[0], *rest)
            steps = list(zip(around, (*rest, chosen[0]), strict=True))
            if all(step in index for step in steps):
                yield [index[step] for step in steps]


def girth_certificate(nodes: int, arcs: Arcs) -> dict[str, Any]:
    """Certificate of v* = 1/girth for `check_violation_value`: a mixture of orders against one shortest cycle. A finder only.

    A mixture that attains 1/girth violates every shortest cycle exactly once with each order it uses; among these few
    orders nonnegative least squares finds weights, with a slack for each arc. Where rounding fails, the general finder
    is asked.
    """
    from scipy.optimize import nnls

    around = shortest_cycle(nodes, arcs)
    if around is None:
        raise ValueError("the digraph is acyclic")
    girth, tails, heads = len(around), [a for a, _ in arcs], [b for _, b in arcs]
    places = _all_orders(nodes)
    broken = places[:, tails] > places[:, heads]
    for steps in _short_cycles(nodes, arcs, girth):
        kept = broken[:, steps].sum(axis=1) == 1
        places, broken = places[kept], broken[kept]
    _, first = np.unique(broken @ (1 << np.arange(len(arcs), dtype=np.int64)), return_index=True)
    if len(first) == 0:
        return violation_certificate(nodes, arcs)
    table = np.block([[broken[first].T, np.eye(len(arcs))], [np.ones((1, len(first))), np.zeros((1, len(arcs)))]])
    weights, _ = nnls(table, np.append(np.full(len(arcs), 1 / girth), 1))
    used = first[weights[:len(first)] > 1e-9]
    for denominator in DENOMINATORS:
        mixture = nearby_rationals([weight for weight in weights[:len(first)] if weight > 1e-9], denominator)
        scale = lcm(*(weight.denominator for weight in mixture))
        parts = np.array([int(weight * scale) for weight in mixture])
        if parts.sum() == scale and (girth * (parts @ broken[used]) <= scale).all():
            cycle = set(zip(around, (*around[1:], around[0]), strict=True))
            return {"orders": np.argsort(places[used], axis=1).tolist(), "mixture": [written(weight) for weight in mixture],
                    "weights": [f"1/{girth}" if arc in cycle else "0" for arc in arcs], "value": f"1/{girth}"}
    return violation_certificate(nodes, arcs)
