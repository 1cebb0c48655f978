"""Preference learning on one prompt with finitely many responses: random tabular policies, optima, gradient flow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def uniform_policies(exponentials: Array) -> Array:
    """Policies uniform on the simplex from independent exponentials: (N, n) -> (N, n), rows sum to one."""
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def two_response_policies(ratios: Array) -> Array:
    """Policies over two responses with these log-ratios: (N,) -> (N, 2)."""
    preferred = 1.0 / (1.0 + np.exp(-ratios))
    return np.stack([preferred, 1.0 / (1.0 + np.exp(ratios))], axis=1)


def gibbs_policies(references: Array, rewards: Array, strength: float) -> Array:
    """RLHF optima pi_ref e^(r/beta)/Z, row by row: (N, n), (N, n) -> (N, n)."""
    logits = np.log(references) + rewards / strength
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def preference_loss(ratios: Array, targets: Array, strength: float) -> Array:
    """log(1 + e^(-beta (delta - t))), in nats, without overflow."""
    return np.asarray(np.logaddexp(0.0, -strength * (ratios - targets)), dtype=np.float64)


def cpo_targets(references: Array, aim: float, sharpness: float) -> Array:
    """delta_ref + log(1 + e^(tau (gamma - delta_ref)))/tau."""
    return references + np.logaddexp(0.0, sharpness * (aim - references)) / sharpness


def flow_time(start: float, target: float, strength: float) -> float:
    """Time at which gradient flow on the loss with this target brings the log-ratio from `start` < 0 to zero.

    Solves d delta/dt = beta sigma(-beta (delta - t)) in time with an adaptive Runge-Kutta method of order 8, relative
    error 1e-10, until delta crosses zero. Raises `ValueError` if it does not by the time 1e9.
    """
    from scipy.integrate import solve_ivp

    def velocity(_time: float, ratio: Array) -> Array:
        return np.asarray(strength / (1.0 + np.exp(strength * (ratio - target))), dtype=np.float64)

    def at_zero(_time: float, ratio: Array) -> float:
        return float(ratio[0])

    at_zero.terminal = True  # type: ignore[attr-defined]
    solved = solve_ivp(velocity, (0.0, 1e9), [start], method="DOP853", rtol=1e-10, atol=1e-12, events=at_zero)
    if not len(solved.t_events[0]):
        raise ValueError(f"the flow from {start} does not reach zero")
    return float(solved.t_events[0][0])


def flowed(starts: Array, targets: Array, strength: float, time: float, steps: int = 50) -> Array:
    """Log-ratios after `time` of gradient flow on the loss with these targets: classical Runge-Kutta, `steps` equal steps."""
    size, ratios = time / steps, starts.copy()

    def velocity(at: Array) -> Array:
        return np.asarray(strength / (1.0 + np.exp(strength * (at - targets))), dtype=np.float64)

    for _ in range(steps):
        first = velocity(ratios)
        second = velocity(ratios + size / 2 * first)
        third = velocity(ratios + size / 2 * second)
        ratios += size / 6 * (first + 2 * second + 2 * third + velocity(ratios + size * third))
    return ratios
