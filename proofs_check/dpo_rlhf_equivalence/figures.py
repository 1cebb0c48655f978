"""Plots for readers: where DPO and RLHF disagree, the undesirable space, and the penalised objective without a maximum."""

from __future__ import annotations

from typing import Any

import numpy as np

from lakatos import figure
from theorems.dpo_rlhf_equivalence import constraints, equivalence


@figure(equivalence.sign_condition, equivalence.what_survives, equivalence.literal_equivalence, equivalence.policies_of_the_space,
        caption="Left: the RLHF optimum prefers w only above the line D/beta = -delta_ref; below it DPO on one-sided labels, which drives "
        "delta to infinity, disagrees even in ranking. Right: policies above the diagonal have a lower DPO loss than the reference; those "
        "of the undesirable space still prefer l. The dashed line is the RLHF optimum at D/beta = 1.",
        alt="Two shaded planes. Left: reference log-ratio against reward gap over beta, the lower left triangle is where RLHF prefers the "
        "wrong response. Right: reference against policy log-ratio, the undesirable space is the triangle below zero and above the "
        "diagonal.")
def where_they_disagree() -> Any:
    """Regions of the sign condition and of the undesirable space."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(8.4, 3.8), layout="constrained")
    left, right = drawn.subplots(1, 2)
    reference = np.linspace(-4, 2, 121)
    border = np.clip(-reference, 0, 4)
    left.fill_between(reference, border, 4, color="#4c9f70", alpha=0.35, linewidth=0)
    left.fill_between(reference, 0, border, color="#c8553d", alpha=0.35, linewidth=0)
    left.plot(reference, -reference, color="black", linewidth=1.2)
    left.text(-0.9, 3.0, "RLHF optimum\nprefers w", ha="center")
    left.text(-2.9, 1.0, "RLHF optimum\nprefers l", ha="center")
    left.plot([0], [1], "o", color="black", markersize=4)
    left.annotate("refutes 'if'", (0, 1), (0.15, 0.55))
    left.set(xlim=(-4, 2), ylim=(0, 4), xlabel=r"reference, $\delta_{ref}$", ylabel=r"reward gap, $D/\beta$")
    right.fill_between(reference, reference, 4, color="#4c9f70", alpha=0.2, linewidth=0)
    right.fill_between(reference, reference, 0, where=(reference < 0).tolist(), color="#c8553d", alpha=0.5, linewidth=0)
    right.plot(reference, reference, color="black", linewidth=1.2)
    right.plot(reference, reference + 1, "--", color="black", linewidth=1.2)
    right.axhline(0, color="black", linewidth=0.6)
    right.text(-3.0, -1.0, "undesirable\nspace", ha="center", va="bottom")
    right.text(-2.2, 1.6, "lower DPO loss,\nright ranking", ha="center")
    right.text(0.3, -3.0, "higher DPO loss", ha="center")
    right.set(xlim=(-4, 2), ylim=(-4, 3), xlabel=r"reference, $\delta_{ref}$", ylabel=r"policy, $\delta$")
    return drawn


@figure(constraints.penalised_objective_has_a_maximiser, constraints.local_maximum_still_wrong, constraints.penalised_objective_is_unbounded,
        caption="The penalised objective over the log-ratio at beta = 1, D = 1/2, delta_ref = -1. With gamma = 1/50 its local maximum, at "
        "delta = -0.416, still prefers the wrong response; past the local minimum at 5.736 it grows without bound.",
        alt="Three curves over the log-ratio from -4 to 60: without penalty a single maximum at -0.5, with penalty a local maximum near it, "
        "then a valley, then steady growth that passes the local maximum near 48.")
def no_maximum() -> Any:
    """Penalised objective of two responses for three penalties."""
    from matplotlib.figure import Figure

    ratio = np.linspace(-4, 60, 1281)
    chosen, rejected = 1 / (1 + np.exp(-ratio)), 1 / (1 + np.exp(ratio))
    above, below = np.log1p(np.exp(-ratio)), np.log1p(np.exp(ratio))
    divergence = chosen * (np.log1p(np.e) - above) + rejected * (np.log1p(np.exp(-1)) - below)
    drawn = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = drawn.add_subplot()
    for weight, style in ((0.0, ":"), (0.02, "-"), (0.05, "--")):
        axes.plot(ratio, chosen / 2 - divergence + weight * ratio, style, linewidth=1.8, label=rf"$\gamma = {weight:g}$")
    axes.axhline(0.1516, color="black", linewidth=0.6)
    axes.set(xlabel=r"log-ratio of the policy, $\delta$", ylabel="penalised objective", xlim=(-4, 60), ylim=(-1.2, 1))
    axes.legend(frameon=False)
    return drawn
