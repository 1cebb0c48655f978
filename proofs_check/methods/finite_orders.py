"""Exact methods on finite orders: posets, feedback arc sets, cycles, automorphisms, and the violation game.

Outcomes are 0..n-1; an arc (a, b) demands that b be strictly better than a; an order is written worst first
and violates the arc when b comes before a. The *violation game* of a digraph: one player mixes orders, the
other picks an arc; its value is the least probability at which some arc is violated whatever the mixture,

    v*(G) = min over mixtures of max over arcs P(arc violated) = max over arc weights w of minFAS_w(G),

where minFAS_w is the least weight of violated arcs, computed exactly by dynamic programming over subsets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs_check.methods.linear_programs import (
    NoCertificate,
    Rational,
    Rejected,
    approximate_game,
    game_certificate,
    written,
)

Arcs = Sequence[tuple[int, int]]
Order = tuple[int, ...]
Poset = tuple[int, ...]
"""Strict partial order: entry a is the bit set of the elements above a (transitively closed)."""
LARGEST = 16
"""Most outcomes for which subsets are enumerated (2^16 subsets)."""

# ---------------------------------------------------------------------------------------------- posets


def posets(n: int) -> Iterator[Poset]:
    """Every strict partial order on n labelled elements, once each: 1, 3, 19, 219, 4231, 130023, ...

    A poset on n elements is one on the first n - 1, with a down-set below the last element and an up-set
    above it, all of the one below all of the other.
    """
    if n <= 0:
        yield ()
        return
    last, universe = n - 1, (1 << (n - 1)) - 1
    for above in posets(n - 1):
        below = [sum(1 << a for a in range(last) if above[a] >> b & 1) for b in range(last)]
        for lower in range(universe + 1):
            members = [a for a in range(last) if lower >> a & 1]
            if any(below[a] & ~lower for a in members):
                continue
            common = universe & ~lower
            for a in members:
                common &= above[a]
            upper = common
            while True:
                if all(above[b] & ~upper == 0 for b in range(last) if upper >> b & 1):
                    yield (*(above[a] | (lower >> a & 1) << last for a in range(last)), upper)
                if upper == 0:
                    break
                upper = (upper - 1) & common


def is_poset(above: Poset) -> bool:
    """Whether the relation is irreflexive and transitive."""
    elements = range(len(above))
    irreflexive = not any(above[a] >> a & 1 for a in elements)
    pairs = [(a, b) for a in elements for b in elements if above[a] >> b & 1]
    return irreflexive and all(above[b] & ~above[a] == 0 for a, b in pairs)


def contradicted(above: Poset, arcs: Arcs) -> list[tuple[int, int]]:
    """The arcs (a, b) for which the poset holds b below a."""
    return [(a, b) for a, b in arcs if above[b] >> a & 1]


def silent(above: Poset, arcs: Arcs) -> list[tuple[int, int]]:
    """The arcs whose ends the poset leaves incomparable."""
    return [(a, b) for a, b in arcs if not above[a] >> b & 1 and not above[b] >> a & 1]


def incomparable_pairs(above: Poset) -> list[tuple[int, int]]:
    """Unordered incomparable pairs (a < b)."""
    return silent(above, [(a, b) for b in range(len(above)) for a in range(b)])


def is_connected(n: int, pairs: Arcs) -> bool:
    """Whether the undirected graph on 0..n-1 with edges `pairs` is connected; on n <= 1 nodes it is."""
    reached, frontier = {0}, [0]
    while frontier:
        node = frontier.pop()
        for a, b in pairs:
            other = b if a == node else a if b == node else None
            if other is not None and other not in reached:
                reached.add(other)
                frontier.append(other)
    return len(reached) >= n


# ---------------------------------------------------------------------------------- acyclicity, cycles


def topological_order(n: int, arcs: Arcs) -> Order | None:
    """An order, worst first, that meets every arc, by Kahn's algorithm; None when there is a cycle."""
    entering = [sum(head == node for _, head in arcs) for node in range(n)]
    order: list[int] = []
    ready = [node for node in range(n) if entering[node] == 0]
    while ready:
        node = min(ready)
        ready.remove(node)
        order.append(node)
        for tail, head in arcs:
            if tail == node:
                entering[head] -= 1
                if entering[head] == 0:
                    ready.append(head)
    return tuple(order) if len(order) == n else None


def shortest_cycle(n: int, arcs: Arcs) -> Order | None:
    """Outcomes of a shortest directed cycle (its length is the girth), in order; None when there is none."""
    successors: list[list[int]] = [[head for tail, head in arcs if tail == node] for node in range(n)]
    best: Order | None = None
    for start in range(n):
        parent, queue = {start: start}, deque([start])
        while queue:
            node = queue.popleft()
            if start in successors[node]:
                path = [node]
                while path[-1] != start:
                    path.append(parent[path[-1]])
                if best is None or len(path) < len(best):
                    best = tuple(reversed(path))
                break
            for head in successors[node]:
                if head not in parent:
                    parent[head] = node
                    queue.append(head)
    return best


def violated(order: Order, arcs: Arcs) -> list[int]:
    """Indices of the arcs (a, b) for which the order puts b before a. Raises ValueError if it is no order."""
    if sorted(order) != list(range(len(order))):
        raise ValueError(f"{order} is not an order of 0..{len(order) - 1}")
    place = {outcome: position for position, outcome in enumerate(order)}
    return [index for index, (a, b) in enumerate(arcs) if place[a] > place[b]]


# ------------------------------------------------------------------------------- minimum feedback arcs


@cache
def _layers(n: int) -> list[NDArray[np.int64]]:
    """Subsets of n elements as bit masks, by number of elements."""
    masks = np.arange(1 << n, dtype=np.int64)
    sizes = np.bitwise_count(masks)
    return [masks[sizes == size] for size in range(n + 1)]


def minimum_feedback(n: int, arcs: Arcs, weights: Sequence[int] | None = None) -> tuple[int, Order]:
    """Least total weight of violated arcs over all n! orders, and an order that attains it (integer weights).

    Dynamic programming over subsets as in Held and Karp (1962): the best cost of a set placed first is the
    least, over its last element v, of the best cost of the rest plus the weight of arcs from v into the rest.
    Raises ValueError beyond 16 outcomes.
    """
    if n > LARGEST:
        raise ValueError(f"2^{n} subsets are too many: at most {LARGEST} outcomes")
    weights = [1] * len(arcs) if weights is None else weights
    matrix = np.zeros((n, n), dtype=np.int64)
    for (tail, head), weight in zip(arcs, weights, strict=True):
        matrix[tail, head] += weight
    into = np.zeros((n, 1 << n), dtype=np.int64)
    for element in range(n):
        bit = 1 << element
        into[:, bit : 2 * bit] = into[:, :bit] + matrix[:, element : element + 1]
    best = np.full(1 << n, np.iinfo(np.int64).max, dtype=np.int64)
    best[0] = 0
    for layer in _layers(n)[1:]:
        for element in range(n):
            sets = layer[layer >> element & 1 == 1]
            rest = sets ^ (1 << element)
            best[sets] = np.minimum(best[sets], best[rest] + into[element, rest])
    order, members = [], (1 << n) - 1
    while members:
        for element in range(n):
            rest = members ^ (1 << element)
            if members >> element & 1 and best[rest] + into[element, rest] == best[members]:
                order.append(element)
                members = rest
                break
    return int(best[-1]), tuple(reversed(order))


def minimum_feedback_weight(n: int, arcs: Arcs, weights: Sequence[Rational]) -> Fraction:
    """minFAS_w for rational weights, exactly: scaled to integers, solved, scaled back."""
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact)) if exact else 1
    whole = [int(weight * scale) for weight in exact]
    if sum(abs(weight) for weight in whole) >= 2**62:
        raise OverflowError("the weights have no common denominator that fits 64-bit sums")
    return Fraction(minimum_feedback(n, arcs, whole)[0], scale)


# --------------------------------------------------------------------------------------- automorphisms


def is_automorphism(mapping: Sequence[int], arcs: Arcs) -> bool:
    """Whether the permutation `mapping` (x -> mapping[x]) sends the set of arcs onto itself."""
    is_permutation = sorted(mapping) == list(range(len(mapping)))
    return is_permutation and {(mapping[a], mapping[b]) for a, b in arcs} == set(arcs)


def automorphisms(n: int, arcs: Arcs) -> list[Order]:
    """All automorphisms of the digraph, by backtracking over the images of 0, 1, ..."""
    present = set(arcs)
    found: list[Order] = []

    def extend(images: list[int]) -> None:
        node = len(images)
        if node == n:
            found.append(tuple(images))
            return
        for image in range(n):
            if image not in images and all(
                ((a, node) in present) == ((images[a], image) in present)
                and ((node, a) in present) == ((image, images[a]) in present)
                for a in range(node)
            ):
                extend([*images, image])

    extend([])
    return found


def is_arc_transitive(arcs: Arcs, group: Sequence[Sequence[int]]) -> bool:
    """Whether the automorphisms in `group` carry the first arc to every other one."""
    first = arcs[0]
    return {(mapping[first[0]], mapping[first[1]]) for mapping in group} == set(arcs)


def images(order: Order, group: Sequence[Sequence[int]]) -> list[Order]:
    """The order carried by each mapping: outcome x is renamed mapping[x]."""
    return [tuple(mapping[x] for x in order) for mapping in group]


# ---------------------------------------------------------------------------------- the violation game


def violation_certificate(n: int, arcs: Arcs) -> dict[str, Any]:
    """Certificate of v*(G) for `check_violation_value`: orders with weights, arc weights, value. A finder
    only.

    Column generation in floats: solve the game on the orders known, ask the dynamic program for the order
    best against (rounded) arc weights, until none does better; then the same with exact rationals. Raises
    `NoCertificate` when rounding fails, ValueError without arcs or beyond 16 outcomes.
    """
    if not arcs:
        raise ValueError("the digraph has no arcs, so there is nothing to violate")
    start = minimum_feedback(n, arcs)[1]
    orders: list[Order] = [start, tuple(reversed(start))]
    payoffs = [_indicator(order, arcs) for order in orders]
    while True:
        _, columns, value = approximate_game(payoffs)
        least, order = minimum_feedback(n, arcs, [round(weight * 10**9) for weight in columns])
        if least / 10**9 < value - 1e-6:
            orders.append(order)
            payoffs.append(_indicator(order, arcs))
            continue
        data = game_certificate(payoffs)
        weights = [Fraction(entry) for entry in data["columns"]]
        scale = lcm(*(weight.denominator for weight in weights))
        if scale > 10**12:
            raise NoCertificate("the arc weights have too large a common denominator")
        least, order = minimum_feedback(n, arcs, [int(weight * scale) for weight in weights])
        if Fraction(least, scale) >= Fraction(data["value"]):
            used = [k for k, entry in enumerate(data["rows"]) if Fraction(entry) > 0]
            return {
                "orders": [list(orders[k]) for k in used], "mixture": [data["rows"][k] for k in used],
                "weights": data["columns"], "value": data["value"],
            }
        orders.append(order)
        payoffs.append(_indicator(order, arcs))


def _indicator(order: Order, arcs: Arcs) -> list[int]:
    broken = set(violated(order, arcs))
    return [int(index in broken) for index in range(len(arcs))]


def symmetric_certificate(n: int, arcs: Arcs, group: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Certificate of v*(G) = minFAS / |arcs| for an arc-transitive `group`: one best order, carried round."""
    least, order = minimum_feedback(n, arcs)
    carried = images(order, group)
    return {
        "orders": [list(image) for image in carried],
        "mixture": [written(Fraction(1, len(carried)))] * len(carried),
        "weights": [written(Fraction(1, len(arcs)))] * len(arcs),
        "value": written(Fraction(least, len(arcs))),
    }


def check_mixture(arcs: Arcs, data: dict[str, Any]) -> list[Fraction]:
    """Violation probability of each arc under `orders` mixed with `mixture`. `Rejected` if it is none."""
    mixture = [Fraction(entry) for entry in data["mixture"]]
    if len(mixture) != len(data["orders"]) or any(entry < 0 for entry in mixture) or sum(mixture) != 1:
        raise Rejected("the mixture is not a probability vector on the orders")
    probabilities = [Fraction(0)] * len(arcs)
    for order, weight in zip(data["orders"], mixture, strict=True):
        for index in violated(tuple(order), arcs):
            probabilities[index] += weight
    return probabilities


def check_violation_value(n: int, arcs: Arcs, data: dict[str, Any]) -> Fraction:
    """v*(G), from `orders`, `mixture`, `weights` and `value`.

    No arc is violated more often than the value under the mixture, and no order violates arcs of less weight
    than the value. Raises `Rejected` otherwise.
    """
    value = Fraction(data["value"])
    if any(len(order) != n for order in data["orders"]):
        raise Rejected(f"an order does not list all {n} outcomes")
    if max(check_mixture(arcs, data)) > value:
        raise Rejected("an arc is violated with a probability above the value")
    weights = [Fraction(entry) for entry in data["weights"]]
    if len(weights) != len(arcs) or any(weight < 0 for weight in weights) or sum(weights) != 1:
        raise Rejected("the weights are not a probability vector on the arcs")
    if minimum_feedback_weight(n, arcs, weights) < value:
        raise Rejected("an order violates arcs of less weight than the value")
    return value
