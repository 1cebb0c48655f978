"""Sampled evidence for more players and for the continuous game: every player acts on what that player sees."""

from __future__ import annotations

from typing import Any

import numpy as np

from lakatos import simulation
from lakatos.randomness import Block
from lakatos.trial import Trial
from theorems.levine_hats import other_games as other
from theorems.levine_hats.setting import n

ENOUGH = {"smoke": 150_000}


@simulation(other.common_level, estimates=other.first_common_level(n), at=[{n: 2}, {n: 3}, {n: 4}],
            scope="n = 2, 3, 4 on 64 levels", replications=ENOUGH)
def common_levels(trial: Trial, block: Block, instance: Any) -> Any:
    """Each player names the first of 64 levels at which all others are black (the first level if there is none)."""
    stacks = block.words(instance[n], block.size)
    won = np.ones(block.size, dtype=bool)
    for player in range(instance[n]):
        others = np.bitwise_and.reduce(np.delete(stacks, player, axis=0), axis=0)
        level = np.where(others == 0, np.uint64(1), others & (~others + np.uint64(1)))
        won &= (stacks[player] & level) != 0
    return won.astype(np.uint8)


@simulation(other.half_circles, estimates=other.half_circle_win(n), at=[{n: 2}, {n: 3}, {n: 5}],
            scope="n = 2, 3, 5", replications=ENOUGH)
def circles(trial: Trial, block: Block, instance: Any) -> Any:
    """Points of the circle as 64-bit words, sums modulo 2^64; in the broken world only binary digits can be named."""
    points = block.words(instance[n], block.size)
    won = np.ones(block.size, dtype=bool)
    for player in range(instance[n]):
        seen = np.delete(points, player, axis=0)
        if trial.world == "dyadic":
            common = np.bitwise_and.reduce(seen, axis=0)
            named = np.where(common == 0, np.uint64(1), common & (~common + np.uint64(1)))
            won &= (points[player] & named) != 0
        else:
            total = seen.sum(axis=0, dtype=np.uint64) + points[player]
            won &= total < np.uint64(2**63)
    return won.astype(np.uint8)
