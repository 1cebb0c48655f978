"""Sampled evidence for biased hats: games at p = 3/10."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from lakatos import simulation
from lakatos.randomness import Block
from lakatos.trial import Trial
from simulators.models.hats import biased_stacks, block_games
from theorems.levine_hats import biased
from theorems.levine_hats.setting import biased_value, f, g, p

BITS = 32
"""Bits to which the chance of a black hat is realised; the rounding, 2^-32, is far below the resolution."""


@simulation(biased.block_of_five_biased, biased.block_of_five_of_the_authors_biased, biased.block_of_three_biased,
            biased.white_block_of_three_biased, estimates=biased_value(f, g, p), at=[{p: Fraction(3, 10)}],
            scope="p = 3/10", resolution=Fraction(1, 200), replications={"smoke": 400_000})
def biased_games(trial: Trial, block: Block, instance: Any) -> Any:
    """Both players name a hat on fresh stacks with black hats at chance p; 1 if both are black.

    A player meets nothing but monochromatic blocks with chance below 10^-8 (0.37^21, 0.171^12), counted as lost.
    """
    tables = trial.complete({})
    own = biased_stacks(block.words(BITS, block.size), float(instance[p]))
    other = biased_stacks(block.words(BITS, block.size), float(instance[p]))
    return block_games(own, other, np.asarray(tables[f]), np.asarray(tables[g]))
