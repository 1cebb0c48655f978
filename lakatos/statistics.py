"""Confidence intervals for means of bounded samples at a sample size fixed in advance.

Both are valid for every distribution within the stated bounds; neither may be looked at before its last sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt


class OutOfBounds(ValueError):
    """A sample is NaN, infinite, or outside the bounds that the simulation declares."""


@dataclass(frozen=True)
class Summary:
    """Sums of `count` samples rescaled to [0, 1]; `binary` when every sample was 0 or 1."""

    count: int
    total: float
    squares: float
    binary: bool


def clopper_pearson(successes: int, count: int, alpha: float) -> tuple[float, float]:
    """Exact two-sided interval for a probability (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv

    low = 0.0 if successes == 0 else float(betaincinv(successes, count - successes + 1, alpha / 2))
    high = 1.0 if successes == count else float(betaincinv(successes + 1, count - successes, 1 - alpha / 2))
    return low, high


def empirical_bernstein(summary: Summary, alpha: float) -> tuple[float, float]:
    """Two-sided interval for the mean of samples in [0, 1] (Maurer and Pontil 2009, Theorem 4, both sides)."""
    count = summary.count
    mean = summary.total / count
    if count < 2:
        return 0.0, 1.0
    variance = max(0.0, (summary.squares - count * mean * mean) / (count - 1))
    spread = log(4 / alpha)
    radius = sqrt(2 * variance * spread / count) + 7 * spread / (3 * (count - 1))
    return max(0.0, mean - radius), min(1.0, mean + radius)


def interval(summary: Summary, alpha: float) -> tuple[float, float]:
    """Interval for the mean in [0, 1] at error `alpha`: exact for 0/1 samples, empirical Bernstein otherwise."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    if summary.count < 1:
        raise ValueError("no samples")
    if summary.binary:
        return clopper_pearson(round(summary.total), summary.count, alpha)
    return empirical_bernstein(summary, alpha)
