"""Judging simulations: samples of a bounded variable, its mean's confidence interval, the margin's interval."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np

from lakatos.claims import _plain
from lakatos.evaluation import ball, evaluate
from lakatos.evidence import Evidence
from lakatos.judge import Malformed, describe
from lakatos.margin import margin
from lakatos.randomness import Block
from lakatos.records import Judgement
from lakatos.rendering import instance_text, latex
from lakatos.statistics import OutOfBounds, Summary, interval
from lakatos.trial import ALPHA, BLOCK, Trial

Cache = dict[tuple[str, str], Summary]
"""Summaries of samples by (instance, world), shared by a claim and its controls: equal worlds, equal samples."""


def _bounds(evidence: Evidence, instance: Mapping[Any, Any]) -> tuple[float, float]:
    low, high = (float(ball(evaluate(end, instance)).mid()) for end in evidence.options["values"])
    if not low < high:
        raise Malformed(f"{evidence.where}: the bounds of the samples must satisfy low < high, not [{low}, {high}]")
    return low, high


def draw(trial: Trial, evidence: Evidence, instance: Mapping[Any, Any], bounds: tuple[float, float]) -> Summary:
    """Run the simulator block by block and sum its samples, rescaled to [0, 1], in block order."""
    low, high = bounds
    wanted = evidence.options["replications"].get(trial.profile.name, trial.profile.replications)
    totals: list[float] = []
    squares: list[float] = []
    count, number, binary = 0, 0, True
    while count < wanted:
        block = Block(trial.seed, trial.claim.id, f"{evidence.name}/{trial.world}/{instance_text(instance)}", number,
                      min(BLOCK, wanted - count))
        samples = np.asarray(evidence(trial, block, instance))
        if samples.shape != (block.size,):
            raise Malformed(f"{evidence.where}: expected {block.size} samples, got an array of shape {samples.shape}")
        scaled = (samples.astype(np.float64) - low) / (high - low)
        if not np.isfinite(scaled).all():
            raise OutOfBounds(f"{evidence.where}: block {number} has a sample that is NaN or infinite")
        if scaled.min() < 0 or scaled.max() > 1:
            raise OutOfBounds(f"{evidence.where}: a sample of block {number} lies outside [{low}, {high}]")
        binary = binary and bool(np.isin(scaled, (0.0, 1.0)).all())
        totals.append(float(scaled.sum()))
        squares.append(float((scaled * scaled).sum()))
        count, number = count + block.size, number + 1
    return Summary(count, fsum(totals), fsum(squares), binary)


def judge_simulation(trial: Trial, evidence: Evidence, cache: Cache) -> Judgement:
    """Confidence interval of the simulated term at every instance, carried through the conclusion."""
    judged = Judgement("supports", alpha=ALPHA)
    estimated, resolution = evidence.options["estimates"], Fraction(evidence.options["resolution"])
    worst: float | None = None
    for item in evidence.options["at"]:
        instance = trial.complete(_plain(item) or {})
        judged.cases += 1
        if not trial.meets(instance):
            continue
        judged.reached += 1
        bounds, key = _bounds(evidence, instance), (instance_text(instance), trial.world)
        if key not in cache:
            cache[key] = draw(trial, evidence, instance, bounds)
        summary = cache[key]
        ends = interval(summary, ALPHA)
        low, high = (Fraction(bounds[0] + end * (bounds[1] - bounds[0])) for end in ends)
        found = margin(trial.then, instance, {estimated: (low, high)})
        least, most = found.interval
        judged.samples += summary.count
        judged.estimates.append({"instance": instance_text(instance), "term": latex(estimated),
                                 "mean": bounds[0] + summary.total / summary.count * (bounds[1] - bounds[0]),
                                 "interval": [float(low), float(high)], "margin": [least, most]})
        if worst is None or least < worst:
            worst, judged.interval = least, [least, most]
        if found.holds is False:
            judged.outcome = "refutes"
            judged.interval = [least, most]
            judged.witness = describe(trial, instance, found, {estimated: (low, high)})
            judged.detail = f"the margin lies below zero, in [{least:.3g}, {most:.3g}], at error {ALPHA:g}"
            return judged
    if worst is None:
        judged.outcome, judged.detail = "undecided", "no simulated instance meets the hypotheses"
    elif worst < -float(resolution):
        judged.outcome = "undecided"
        judged.detail = f"the interval reaches down to {worst:.3g}, below minus the resolution {float(resolution):.3g}"
    else:
        judged.detail = f"no instance's margin lies below {min(worst, 0.0):.3g} (resolution {float(resolution):.3g})"
    return judged
