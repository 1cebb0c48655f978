"""Confidence intervals: exact coverage by summing probabilities, and samples that are refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb, factorial, prod
from typing import Any

import numpy as np
import pytest

from lakatos.statistics import Summary, clopper_pearson, empirical_bernstein, interval

GRID = [Fraction(k, 40) for k in range(41)]


@pytest.mark.parametrize("alpha", [0.2, 0.05, 1e-3])
def test_clopper_pearson_covers_for_every_chance(alpha: float) -> None:
    """For every n up to 60 and every p of a grid, the probability that the interval misses p is at most alpha."""
    for count in (*range(1, 13), 20, 37, 60):
        ends = [clopper_pearson(successes, count, alpha) for successes in range(count + 1)]
        for chance in GRID:
            missed = sum(
                comb(count, k) * chance**k * (1 - chance) ** (count - k)
                for k, (low, high) in enumerate(ends)
                if not low <= float(chance) <= high
            )
            assert float(missed) <= alpha * (1 + 1e-9)


def test_clopper_pearson_has_its_known_ends() -> None:
    """With no successes the upper end is 1 - (alpha/2)^(1/n), and all successes mirror it."""
    low, high = clopper_pearson(0, 10, 0.05)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 10), rel=1e-12)
    assert clopper_pearson(10, 10, 0.05)[0] == pytest.approx(1 - high, rel=1e-12)
    assert clopper_pearson(10, 10, 0.05)[1] == 1.0


@pytest.mark.parametrize("alpha", [0.2, 0.05])
def test_empirical_bernstein_covers_binary_samples(alpha: float) -> None:
    """The hardest bounded samples, zeros and ones, are covered at every p of a grid (exact sums)."""
    for count in (2, 5, 10, 40, 200):
        ends = [empirical_bernstein(Summary(count, k, k, binary=True), alpha) for k in range(count + 1)]
        for chance in GRID:
            missed = sum(
                comb(count, k) * float(chance) ** k * float(1 - chance) ** (count - k)
                for k, (low, high) in enumerate(ends)
                if not low <= float(chance) <= high
            )
            assert missed <= alpha


def test_empirical_bernstein_covers_rare_large_values() -> None:
    """Three-valued samples with a rare extreme, where the sampled variance misleads, are covered (exact sums)."""
    values, alpha, count = (0.0, 0.1, 1.0), 0.1, 30
    for weights in ((0.5, 0.49, 0.01), (0.0, 0.95, 0.05), (0.9, 0.0, 0.1), (0.3, 0.3, 0.4)):
        mean = sum(value * weight for value, weight in zip(values, weights, strict=True))
        missed = 0.0
        for a, b in product(range(count + 1), repeat=2):
            counts = (a, b, count - a - b)
            if counts[2] < 0:
                continue
            total = sum(value * times for value, times in zip(values, counts, strict=True))
            squares = sum(value * value * times for value, times in zip(values, counts, strict=True))
            low, high = empirical_bernstein(Summary(count, total, squares, binary=False), alpha)
            if not low <= mean <= high:
                ways = factorial(count) // prod(factorial(times) for times in counts)
                missed += ways * prod(weight**times for weight, times in zip(weights, counts, strict=True))
        assert missed <= alpha


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_alpha_must_be_an_error_probability(alpha: float) -> None:
    """An alpha outside (0, 1) is refused."""
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        interval(Summary(10, 5.0, 5.0, binary=True), alpha)


def test_no_samples_are_refused() -> None:
    """There is no interval without samples."""
    with pytest.raises(ValueError, match="no samples"):
        interval(Summary(0, 0.0, 0.0, binary=True), 0.05)


def test_one_sample_says_nothing() -> None:
    """One sample that is neither 0 nor 1 leaves the whole range."""
    assert interval(Summary(1, 0.5, 0.25, binary=False), 0.05) == (0.0, 1.0)


def test_the_interval_shrinks_with_the_sample() -> None:
    """Constant samples narrow the interval around their value, as 1/n."""
    widths = [
        np.subtract(*interval(Summary(m, m / 2, m / 4, binary=False), 0.05)[::-1])
        for m in (10, 100, 1000, 10000)
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.01


SIMULATED = """
flips = Claim(says="A fair coin.", source=SOURCE, let={p: Reals(0, 1)}, then=Eq(chance(p), p), edges={"fair": {p: Rational(1, 2)}},
              must_fail=[Mutant("off", then=Eq(chance(p), p + Rational(1, 10)), witness={p: Rational(1, 2)})])
"""
CHANCE = """
@term("c")
def chance(value):
    return value
"""


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ("np.full(block.size, np.nan)", "NaN or infinite"),
        ("np.where(np.arange(block.size) == 7, np.inf, 0)", "NaN or infinite"),
        ("np.full(block.size, 1.5)", "lies outside [0.0, 1.0]"),
        ("np.full(block.size, -0.1)", "lies outside [0.0, 1.0]"),
        ("np.zeros(3)", "expected 20000 samples"),
        ("np.zeros((block.size, 2))", "expected 20000 samples"),
    ],
)
def test_bad_samples_are_refused(toy: Any, entry_of: Any, samples: str, message: str) -> None:
    """NaN, infinite, out-of-bounds and miscounted samples fail the evidence, with claim and place named."""
    toy.state(CHANCE, SIMULATED)
    toy.prove(
        f"""
    @simulation(flips, estimates=chance(p), at=[{{p: Fraction(1, 2)}}])
    def play(trial, block, instance):
        return {samples}
    """,
        drawer="simulators",
    )
    entry = entry_of(toy.run(), "flips")
    detail = next(item["detail"] for item in entry["evidence"] if item["name"] == "play")
    assert "failed" in entry["flags"]
    assert message in detail
    assert "toy.flips" in detail
    assert "simulators/toy.py" in detail
