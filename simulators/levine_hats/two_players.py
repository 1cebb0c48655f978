"""Sampled evidence for the hat problem: games on random stacks, and hill climbing by alternating best responses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from lakatos import Case, search, simulation
from lakatos.randomness import Block
from lakatos.trial import Trial
from simulators.models.hats import alternate, block_games, wins_by_bits
from theorems.levine_hats import finite_values as finite
from theorems.levine_hats import two_players as two
from theorems.levine_hats.setting import f, g, h, m, n, optimal_value, recursive_value

STARTS = {"smoke": 40, "standard": 1_000, "deep": 20_000}
TALLEST = {"smoke": 6, "standard": 8, "deep": 10}


@simulation(two.three_hat_blocks, two.five_hat_blocks, two.five_hat_blocks_of_the_authors,
            estimates=recursive_value(f, g), scope="the strategy on stacks of 64 hats",
            replications={"smoke": 200_000})
def games(trial: Trial, block: Block, instance: Any) -> Any:
    """Both players name a hat on fresh random stacks; 1 if both are black."""
    constants = trial.complete({})
    return block_games(block.words(block.size), block.words(block.size), constants[f], constants[g])


@simulation(two.digits_beyond_a_float, estimates=two.late_search(m, n), at=[{m: 24, n: 40}],
            scope="m = 24, n = 40 on stacks of 64 hats", replications={"smoke": 200_000})
def late_games(trial: Trial, block: Block, instance: Any) -> Any:
    """First black hat from hat 24 on, stacks as 64-bit words; in the broken world as digits of 32-bit floats."""
    own, other = block.words(block.size), block.words(block.size)
    if trial.world == "float32":
        own, other = _digits_of_float32(own), _digits_of_float32(other)
    return (_first_black_from(own, other, instance[m]) & _first_black_from(other, own, instance[m])).astype(np.uint8)


def _digits_of_float32(words: Any) -> Any:
    """Stacks whose bit i is the (i+1)-th binary digit of a 32-bit uniform in [0, 1)."""
    uniforms = ((words >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)).astype(np.float64)
    stacks = np.zeros(words.shape, dtype=np.uint64)
    for digit in range(53):
        stacks |= (np.floor(uniforms * 2.0 ** (digit + 1)).astype(np.uint64) & np.uint64(1)) << np.uint64(digit)
    return stacks


def _first_black_from(own: Any, seen: Any, skipped: int) -> Any:
    """Colour of the own hat at the first place, `skipped` or later, where the seen stack is black (else the first)."""
    rest = seen >> np.uint64(skipped)
    lowest = rest & (~rest + np.uint64(1))
    lowest = np.where(rest == 0, np.uint64(1), lowest)
    return ((own >> np.uint64(skipped)) & lowest) != 0


@search(finite.optimum, scope="alternating best responses from random tables, h = 4..6 (smoke), 8, 10 (deep)")
def hill_climb(trial: Trial) -> Iterator[Case]:
    """The best pair of tables per height, counted exactly: a lower bound of V_{2,h} that may break the statement."""
    for hats in range(4, TALLEST[trial.profile.name] + 1):
        starts = STARTS[trial.profile.name]
        block = Block(trial.seed, trial.claim.id, "hill_climb", hats, starts)
        tables = (block.words(starts, 2**hats) % np.uint64(hats)).astype(np.int64)
        first, second, wins = alternate(np, tables)
        best = int(np.argmax(wins))
        count = wins_by_bits(first[best].tolist(), second[best].tolist())
        yield Case({h: hats}, {optimal_value(h): (Fraction(count, 4**hats), Fraction(1))},
                   note=f"alternating best responses reach {count} of 4^{hats} pairs")
