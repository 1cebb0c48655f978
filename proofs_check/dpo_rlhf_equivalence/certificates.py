"""Primal and dual certificates for the constrained optimum: a feasible policy below, a multiplier above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from math import exp, log
from random import Random
from typing import Any

from flint import arb

from lakatos import Certified, certificate
from lakatos.evaluation import ball, precision
from lakatos.trial import Trial
from theorems.dpo_rlhf_equivalence import constraints as claims
from theorems.dpo_rlhf_equivalence.constraints import constrained_value, g0
from theorems.dpo_rlhf_equivalence.setting import beta, n, r, rho

REFERENCE, REWARDS = rho.label, r.label
Bounds = tuple[Fraction, Fraction]
UNIT = 10**15
"""Policies are rounded to multiples of 1/UNIT, bounds outward to the same."""


@cache
def problems() -> list[dict[Any, Any]]:
    """Twenty-four constrained problems: the worked example, and drawn ones with 2 to 6 responses, active or not."""
    draw = Random(0)
    found = [{n: 4, beta: Fraction(4, 5), g0: Fraction(1, 2), REFERENCE: tuple(Fraction(part, 20) for part in (1, 10, 3, 6)),
              REWARDS: (Fraction(1), Fraction(-1, 2), Fraction(2, 5), Fraction(-1, 5))}]
    for index in range(23):
        count = 2 + index % 5
        parts = [draw.randrange(1, 30) for _ in range(count)]
        found.append({n: count, beta: Fraction(draw.randrange(2, 16), 8), g0: Fraction(draw.randrange(-8, 9), 4),
                      REFERENCE: tuple(Fraction(part, sum(parts)) for part in parts),
                      REWARDS: tuple(Fraction(draw.randrange(-12, 13), 6) for _ in range(count))})
    return found


def proposed(problem: Mapping[Any, Any]) -> dict[str, list[int] | int]:
    """Rounded policy and multiplier, from bisection on the slope of the dual function in floats; nothing is known of a closed form."""
    strength, ratio = float(problem[beta]), exp(float(problem[g0]))
    logits = [log(weight) + float(reward) / strength for weight, reward in zip(problem[REFERENCE], problem[REWARDS], strict=True)]

    def tilted(multiplier: float) -> list[float]:
        moved = [logits[0] + multiplier / strength, logits[1] - multiplier * ratio / strength, *logits[2:]]
        weights = [exp(logit - max(moved)) for logit in moved]
        return [weight / sum(weights) for weight in weights]

    low, high = 0.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        policy = tilted(middle)
        low, high = (middle, high) if policy[0] < ratio * policy[1] else (low, middle)
    policy = tilted(high)
    counts = [round(share * UNIT) for share in policy]
    counts[1] -= 40
    counts[0] += UNIT - sum(counts)
    return {"policy": counts, "multiplier": round(high * UNIT)}


def rounded_outward(low: arb, high: arb) -> Bounds:
    """Rationals below `low` and above `high`."""
    floor, ceiling = (low * UNIT).lower().floor().unique_fmpz(), (high * UNIT).upper().ceil().unique_fmpz()
    if floor is None or ceiling is None:
        raise ArithmeticError("a bound is not finite")
    if floor is None or ceiling is None:
        raise ValueError("the balls are too wide to round")
    return Fraction(int(floor), UNIT), Fraction(int(ceiling), UNIT)


def bounds(problem: Mapping[Any, Any], data: Mapping[str, Any]) -> Bounds | None:
    """Value of a feasible policy, and the dual function at a nonnegative multiplier; None if the policy is not feasible.

    Weak duality: J <= J + mu (pi_0 - e^g0 pi_1) <= beta log of the normaliser with r_0 + mu and r_1 - mu e^g0.
    """
    policy = [Fraction(count, UNIT) for count in data["policy"]]
    multiplier, strength = Fraction(data["multiplier"], UNIT), problem[beta]
    if sum(policy) != 1 or min(policy) <= 0 or multiplier < 0:
        return None
    with precision(256):
        ratio = ball(problem[g0]).exp()
        if not ball(policy[0]) >= ratio * ball(policy[1]):
            return None
        value, normaliser = arb(0), arb(0)
        for index, (share, reference, reward) in enumerate(zip(policy, problem[REFERENCE], problem[REWARDS], strict=True)):
            value += ball(share) * (ball(reward) - ball(strength) * ball(share / reference).log())
            tilt = (ball(multiplier), -ball(multiplier) * ratio)[index] if index < 2 else arb(0)
            normaliser += ball(reference) * ((ball(reward) + tilt) / ball(strength)).exp()
        return rounded_outward(value, ball(strength) * normaliser.log())


@certificate(claims.constrained_value_in_closed_form, scope="24 problems with 2 to 6 responses, constraint active in some")
def policy_and_multiplier(trial: Trial) -> Iterator[Certified]:
    """A feasible policy bounds the value from below, a multiplier from above; the two are 10^-12 apart."""
    def check(_: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any] | bool:
        found = bounds(instance, data)
        return False if found is None else {constrained_value(rho, r, beta, g0): found}

    for index, problem in enumerate(problems()):
        yield Certified(problem, proposed(problem), check, note=f"problem {index + 1}")
