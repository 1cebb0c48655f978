"""Preference learning on one prompt with finitely many responses: random tabular policies, optima, gradient flow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def uniform_policies(exponentials: Array) -> Array:
    """Policies uniform on the simplex from independent exponentials: (N, n) -> (N, n), rows sum to one."""
    return exponentials / exponentials.sum(axis=1, keepdims=True)


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

    Solves d delta/dt = beta sigma(-beta (delta - t)) with an adaptive Runge-Kutta method of order 8, relative error 1e-10;
    the integration is over delta, dt/d delta, so that its length is known beforehand.
    """
    from scipy.integrate import solve_ivp

    def slowness(ratio: float, _time: Any) -> float:
        return float((1.0 + np.exp(strength * (ratio - target))) / strength)

    solved = solve_ivp(slowness, (start, 0.0), [0.0], method="DOP853", rtol=1e-10, atol=1e-12)
    return float(solved.y[0, -1])
