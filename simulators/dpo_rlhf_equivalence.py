"""Sampled evidence for the equivalence of DPO and RLHF: random tabular policies, and gradient flow integrated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from sympy import Eq, Integral

from lakatos import search, simulation
from lakatos.evaluation import ball, evaluate
from lakatos.randomness import Block
from lakatos.trial import Trial
from simulators.models.preferences import (
    cpo_targets,
    flow_time,
    flowed,
    gibbs_policies,
    preference_loss,
    two_response_policies,
    uniform_policies,
)
from theorems.dpo_rlhf_equivalence import equivalence, margins
from theorems.dpo_rlhf_equivalence.equivalence import mean, spread
from theorems.dpo_rlhf_equivalence.margins import bias
from theorems.dpo_rlhf_equivalence.setting import beta, delta_ref, gamma, gap, n, target

HALF = Fraction(1, 2)


@simulation(equivalence.how_often_it_is_violated, estimates=equivalence.violating_share(n, gap, beta),
            at=[{n: 2, gap: 1, beta: 1}, {n: 5, gap: 1, beta: 2}, {n: 20, gap: 1, beta: HALF}],
            scope="n = 2, 5, 20; D/beta = 1, 1/2, 2", replications={"smoke": 150_000})
def random_references(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """Uniform references and Gaussian rewards with the pair's gap fixed; 1 if the RLHF optimum does not prefer w."""
    responses, strength = int(instance[n]), float(instance[beta])
    references = uniform_policies(block.exponentials(block.size, responses))
    rewards = block.normals(block.size, responses)
    rewards[:, 0] = rewards[:, 1] + float(instance[gap])
    optima = gibbs_policies(references, rewards, strength)
    return (optima[:, 0] <= optima[:, 1]).astype(np.uint8)


@simulation(equivalence.how_often_gaussian_references_violate_it,
            estimates=equivalence.violating_gaussian_share(mean, spread, gap, beta),
            at=[{mean: 0, spread: 1, gap: 1, beta: 1}, {mean: -2, spread: 3, gap: 1, beta: HALF}],
            scope="m = 0, s = 1, D/beta = 1; m = -2, s = 3, D/beta = 2", replications={"smoke": 150_000})
def gaussian_references(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """Reference policies over two responses with normal log-ratios; 1 if the RLHF optimum does not prefer w."""
    ratios = float(instance[mean]) + float(instance[spread]) * block.normals(block.size)
    references = two_response_policies(ratios)
    rewards = np.array([float(instance[gap]), 0.0]) + block.normals(block.size, 1)
    optima = gibbs_policies(references, rewards, float(instance[beta]))
    return (optima[:, 0] <= optima[:, 1]).astype(np.uint8)


@simulation(margins.how_many_have_not_escaped, estimates=margins.wrong_share(bias, beta),
            at=[{bias: 1, beta: 1}, {bias: 2, beta: 1}, {bias: 2, beta: HALF}], resolution=Fraction(1, 50),
            scope="b = 1, 2; beta = 1, 1/2; five responses", replications={"smoke": 40_000})
def flow_from_random_references(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """Uniform references over five responses, their pair's log-ratio carried by the flow; 1 if it still prefers l."""
    strength, threshold = float(instance[beta]), float(instance[bias])
    references = uniform_policies(block.exponentials(block.size, 5))
    starts = np.log(references[:, 0] / references[:, 1])
    exponent = strength * threshold
    time = threshold / strength if trial.world == "linear time" else (exponent + np.expm1(exponent)) / strength**2
    wrong = np.zeros(block.size, dtype=np.uint8)
    against = starts < 0
    wrong[against] = flowed(starts[against], starts[against], strength, time) < 0
    return wrong


@simulation(margins.the_bridge_on_random_policies, estimates=margins.mean_excess(beta, gamma),
            at=[{beta: 1, gamma: HALF}, {beta: Fraction(1, 10), gamma: HALF}], values=(-1, 1),
            scope="beta = 1 and 1/10, gamma = 1/2, tau = 2")
def random_pairs(trial: Trial, block: Block, instance: Mapping[Any, Any]) -> Any:
    """Capped, scaled loss minus the indicator of a wrong ranking; in the broken world targets are the references."""
    strength, aim = float(instance[beta]), float(instance[gamma])
    references = -2.0 + 3.0 * block.normals(block.size)
    policies = 1.5 + block.normals(block.size)
    if trial.world == "dpo targets":
        references, policies = references - 10.0, -policies
        targets = references
    else:
        targets = cpo_targets(references, aim, 2.0)
    share = preference_loss(policies, targets, strength) / np.log1p(np.exp(strength * aim))
    return np.minimum(share, 1.0) - (policies <= 0)


@cache
def integrated_time(start: int, aim: int, strength: Fraction) -> float:
    """The flow's time, integrated once for all statements that are compared with it."""
    return flow_time(start, aim, float(strength))


@search(margins.escape_time, margins.escape_time_with_a_target, scope="beta in 1/2, 1, 2; delta_ref = -1..-6; targets 0..2")
def integrated_flow(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Instances at which the closed form differs from the integrated flow by more than one part in a million."""
    parts = trial.then.args if not isinstance(trial.then, Eq) else (trial.then,)
    equations = [part for part in parts if isinstance(part, Eq)]
    for strength in (HALF, Fraction(1), Fraction(2)):
        for distance in range(1, 7):
            for aim in (0, 1, 2):
                instance = {beta: strength, delta_ref: -distance, target: aim}
                for equation in equations:
                    closed = equation.rhs if isinstance(equation.lhs, Integral) else equation.lhs
                    aimed = aim if equation.has(target) else -distance
                    time = integrated_time(-distance, aimed, strength)
                    if abs(float(ball(evaluate(closed, instance)).mid()) - time) > 1e-6 * time:
                        yield {symbol: instance[symbol] for symbol in trial.statement.let}
