"""Two players in front of stacks of hats: batched best responses, exact counts by bits, classes of tables, games.

A stack of h hats is an integer below 2^h, bit i is hat i, 1 is black. A table is an array of 2^h hat numbers. Array
functions take the array namespace `xp` (NumPy, CuPy or any other of the array API standard) and change no argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np


def stack_bits(xp: Any, hats: int) -> Any:
    """Bits of every stack: (2^h, h) int64."""
    stacks = xp.arange(2**hats, dtype=xp.int64)
    return xp.stack([(stacks >> i) & 1 for i in range(hats)], axis=1)


def black_counts(xp: Any, tables: Any) -> Any:
    """C[..., j, i] = number of stacks x with table(x) = j and hat i black: (B, 2^h) -> (B, h, h) int64."""
    hats = int(tables.shape[-1]).bit_length() - 1
    named = xp.stack([xp.astype(tables == j, xp.int64) for j in range(hats)], axis=-2)
    return xp.matmul(named, stack_bits(xp, hats))


def best_responses(xp: Any, tables: Any) -> tuple[Any, Any]:
    """Best answer to each table, lowest hat first among ties, and its number of wins: (B, 2^h), (B,)."""
    hats = int(tables.shape[-1]).bit_length() - 1
    wins = xp.matmul(stack_bits(xp, hats), black_counts(xp, tables))
    return xp.argmax(wins, axis=-1), xp.sum(xp.max(wins, axis=-1), axis=-1)


def alternate(xp: Any, tables: Any, *, rounds: int = 200) -> tuple[Any, Any, Any]:
    """Alternating best responses from `tables` until no count rises: (first, second, wins), each over the batch.

    The number of wins never falls; it stops at pairs that answer each other best, which need not be optimal.
    """
    second, before = tables, None
    first, wins = best_responses(xp, second)
    for _ in range(rounds):
        if before is not None and bool(xp.all(wins == before)):
            break
        before = wins
        second, wins = best_responses(xp, first)
        first, wins = best_responses(xp, second)
    return first, second, wins


def wins_by_bits(first: Sequence[int], second: Sequence[int]) -> int:
    """Number of pairs (x, y) at which both named hats are black, 2^h pairs at a time on machine words of bits."""
    size = len(second)
    hats = size.bit_length() - 1
    black = [sum(1 << y for y in range(size) if y >> i & 1) for i in range(hats)]
    names = [sum(1 << y for y in range(size) if first[y] == i) for i in range(hats)]
    total = 0
    for x in range(size):
        mine = 0
        for i in range(hats):
            if x >> i & 1:
                mine |= names[i]
        total += (mine & black[second[x]]).bit_count()
    return total


def table_classes(hats: int, *, merge_columns: bool = True) -> Any:
    """Every matrix of black counts that a table can have, up to renaming hats: (K, h) uint16, rows of h nibbles.

    Stacks are assigned one after the other, by number of black hats, to a row; equal matrices are merged, rows sorted
    (renaming the hats that the table names) and, after each level, columns too (renaming the hats it sees). Both leave
    the value of a best response unchanged. `merge_columns=False` omits the second: more classes, same optimum.
    Raises ValueError for more than 4 hats, where counts outgrow a nibble.
    """
    if not 1 <= hats <= 4:
        raise ValueError(f"hats = {hats}: classes are enumerated for 1 to 4 hats")
    classes = np.zeros((1, hats), dtype=np.uint16)
    for level in range(hats + 1):
        for stack in (stack for stack in range(2**hats) if stack.bit_count() == level):
            added = np.uint16(sum((stack >> i & 1) << (4 * i) for i in range(hats)))
            grown = np.repeat(classes[None], hats, axis=0)
            for row in range(hats):
                grown[row, :, row] += added
            classes = np.unique(np.sort(grown.reshape(-1, hats), axis=1), axis=0)
        if merge_columns:
            classes = _least_column_orders(classes, hats)
    return classes


def _least_column_orders(classes: Any, hats: int) -> Any:
    nibbles = [(classes >> np.uint16(4 * i)) & np.uint16(15) for i in range(hats)]
    weights = np.uint64(1) << (np.uint64(16) * np.arange(hats, dtype=np.uint64)[::-1])
    best = np.sort(classes, axis=1)
    keys = (best.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    for order in permutations(range(hats)):
        moved = np.zeros_like(classes)
        for i, column in enumerate(order):
            moved |= nibbles[column] << np.uint16(4 * i)
        moved = np.sort(moved, axis=1)
        key = (moved.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
        best, keys = np.where((key < keys)[:, None], moved, best), np.minimum(key, keys)
    return np.unique(best, axis=0)


def most_wins(hats: int, *, merge_columns: bool = True) -> tuple[int, int]:
    """(4^h V_{2,h}, number of classes): the best response to every class of tables; 1 to 4 hats."""
    classes = table_classes(hats, merge_columns=merge_columns)
    counts = np.stack([(classes >> np.uint16(4 * i)) & np.uint16(15) for i in range(hats)], axis=2).astype(np.int64)
    total = np.zeros(len(classes), dtype=np.int64)
    for stack in range(2**hats):
        rows = [j for j in range(hats) if stack >> j & 1]
        total += counts[:, rows, :].sum(axis=1).max(axis=1)
    return int(total.max()), len(classes)


def block_games(own: Any, other: Any, first: Any, second: Any) -> Any:
    """Games on infinite stacks with block tables, one per pair of 64-bit words that hold the stacks' first hats.

    own, other: (N,) uint64; first, second: (2^h,) tables whose entry h means "continue". A player who continues goes
    on, block by block, whatever the other does, and names the hat that its table gives on the first block at which it
    stops. Returns (N,) uint8, 1 where both named hats are black. Games undecided after floor(64/h) blocks count as
    lost; their share is below 2^-40 for the tables used here.
    """
    return (_named_hat(own, other, first) & _named_hat(other, own, second)).astype(np.uint8)


def _named_hat(own: Any, seen: Any, table: Any) -> Any:
    hats = len(table).bit_length() - 1
    mask = np.uint64(2**hats - 1)
    entries = np.asarray(table, dtype=np.uint64)
    colour = np.zeros(own.shape, dtype=np.uint64)
    waiting = np.ones(own.shape, dtype=bool)
    for block in range(64 // hats):
        shift = np.uint64(hats * block)
        named = entries[((seen >> shift) & mask).astype(np.int64)]
        stops = waiting & (named < hats)
        colour = np.where(stops, (own >> shift >> np.minimum(named, np.uint64(hats - 1))) & np.uint64(1), colour)
        waiting &= named == hats
        if not waiting.any():
            break
    return colour


def biased_stacks(words: Any, chance: float) -> Any:
    """Stacks of 64 hats, each black with probability `chance` rounded down to K bits: (K, N) uniform words -> (N,).

    One bit of the chance per word, for all 64 hats at once: OR with a fair word adds 1/2 to a halved chance, AND halves.
    """
    bits = int(chance * 2.0 ** len(words))
    stacks = np.zeros(words.shape[1], dtype=np.uint64)
    for place, word in enumerate(words):
        stacks = stacks | word if bits >> place & 1 else stacks & word
    return stacks
