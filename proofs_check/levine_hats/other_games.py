"""Exact evidence for more players and for the continuous game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from lakatos import Certified, certificate, enumeration
from lakatos.trial import Trial
from theorems.levine_hats import other_games as other
from theorems.levine_hats.setting import f, m, n, t

Instances = Iterator[Mapping[Any, Any]]


@enumeration(other.common_level, scope="n = 2..12")
def numbers_of_players(trial: Trial) -> Instances:
    """Two to twelve players."""
    yield from ({n: players} for players in range(2, 13))


@enumeration(other.sums_beat_common_levels, scope="n = 4..12")
def more_players(trial: Trial) -> Instances:
    """Two to twelve players; the hypothesis keeps those it is about."""
    yield from ({n: players} for players in range(2, 13))


@enumeration(other.agreed_sums, scope="n = 2..12, m = 1..12")
def players_and_levels(trial: Trial) -> Instances:
    """Numbers of players and levels."""
    yield from ({n: players, m: levels} for players in range(2, 13) for levels in range(1, 13))


@enumeration(other.three_players_three_hats, scope="the strategy")
def triples_of_stacks(trial: Trial) -> Instances:
    """The tables are constants: one instance."""
    yield {}


@enumeration(other.continuous_value, scope="every strategy, m = 2, 3, 4")
def small_circles(trial: Trial) -> Instances:
    """Circles whose strategies can all be tried."""
    yield from ({m: positions, t: length} for positions in (2, 3, 4) for length in range(1, positions))


@certificate(other.continuous_value, scope="m = 2..12")
def sections_of_one_arc(trial: Trial) -> Iterator[Certified]:
    """Below: sections of {x + y in an arc}. Above: whatever A names, x lies in it for t of m positions x."""
    for positions in range(2, 13):
        for length in range(1, positions):
            start = [(-y) % positions for y in range(positions)]
            yield Certified({m: positions, t: length}, {"start": start}, _both_sides, note=f"m = {positions}, t = {length}")


def _both_sides(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    positions, length, start = instance[m], instance[t], data["start"]
    named = [other.arc(start[seen], length, positions) for seen in range(positions)]
    won = sum(x in named[y] and y in named[x] for x, y in product(range(positions), repeat=2))
    cap = max(len(other.arc(first, length, positions)) for first in range(positions)) * positions
    return {other.arc_game_value(m, t): (Fraction(won, positions**2), Fraction(cap, positions**2))}


@enumeration(other.half_circles, scope="n = 2..20")
def circle_players(trial: Trial) -> Instances:
    """Two to twenty players."""
    yield from ({n: players} for players in range(2, 21))


@enumeration(other.bathtub, scope="values 0, 1/2, 1 on 2, 4 and 6 positions")
def small_value_vectors(trial: Trial) -> Instances:
    """All vectors of three values."""
    for half in (1, 2, 3):
        yield from ({m: half, f: values} for values in product((0, Fraction(1, 2), 1), repeat=2 * half))
