"""Preference optimisation of one prompt: policies, rewards, losses, each by its definition.

A pair of responses, w preferred to l, has reward gap D = r(w) - r(l) > 0 and log-ratio delta = log pi(w) - log pi(l);
delta_ref is that of the reference policy. Log-ratios and losses are in nats, rewards and beta share one unit.
"""

from __future__ import annotations

from sympy import IndexedBase, Rational, Sum, Symbol, cosh, exp, log, oo

from lakatos import Paper, Reals, Source, define

PAPER = Paper(
    title="Conditional Equivalence of DPO and RLHF: Implicit Assumption, Failure Modes, and Provable Alignment",
    authors="Zhiqin Yang, Yonggang Zhang, Wei Xue, Dong Fang, Bo Han, Yike Guo",
    year=2026,
    url="arXiv:2605.20834",
    version="ICML 2026",
    access="The theorems' text was not available. Statements are read from the abstract, the authors' released trainer and "
    "public audits that quote theorem and equation numbers, and are re-derived; constants that are ours are said to be ours.",
    summary="RLHF with a KL penalty and DPO are said to be equivalent if the RLHF optimum prefers the human-preferred "
    "response. Otherwise DPO rewards improvement over the reference only. A constraint, in the loss a margin, is to repair it.",
    not_claimed={
        "C12": "state-of-the-art performance of CPO on benchmarks: needs the authors' training runs",
        "C8, Eq 17": "the replacement of pi by pi_ref in the margin: a heuristic, nothing to prove",
        "tokens": "per-token averages of log-probabilities, as the code has them: C1's identity does not hold for them",
    },
)
ABSTRACT = "abstract"

beta = Symbol("beta")
delta, delta_ref, shift, step = Symbol("delta"), Symbol("delta_ref"), Symbol("c"), Symbol("s")
reward_w, reward_l, gap = Symbol("r_w"), Symbol("r_l"), Symbol("D")
target, epsilon, tau, gamma, alpha = Symbol("t"), Symbol("epsilon"), Symbol("tau"), Symbol("gamma"), Symbol("alpha")
n, k = Symbol("n"), Symbol("k")
pi, rho, r = IndexedBase("pi"), IndexedBase("rho"), IndexedBase("r")

BETA = Reals(Rational(1, 20), oo, search=(Rational(1, 20), 4), caption="strength of the KL penalty")
LOG_RATIO = Reals(caption="log-ratio of the policy", search=(-6, 6))
REFERENCE = Reals(caption="log-ratio of the reference policy", search=(-6, 6))
GAP = Reals(0, oo, open="left", search=(Rational(1, 20), 4), caption="reward gap of the pair")

sigma = define(r"\sigma", lambda z: 1 / (1 + exp(-z)), about="Logistic function.")
softplus = define("s", lambda z: log(1 + exp(z)), about="log(1 + e^z).")
rlhf_optimum = define(r"\delta^{*}", lambda reference, distance, strength: reference + distance / strength,
                      about="Log-ratio of the RLHF optimum of a pair with this reference log-ratio, reward gap and beta.")
dpo_loss = define("L", lambda ratio, reference, strength: softplus(-strength * (ratio - reference)),
                  about="DPO loss of one labelled pair: -log sigma(beta (delta - delta_ref)).")
population_loss = define(
    r"L_{\mathrm{pop}}",
    lambda ratio, reference, distance, strength: sigma(distance) * softplus(-strength * (ratio - reference))
    + (1 - sigma(distance)) * softplus(strength * (ratio - reference)),
    about="Expected DPO loss when labels follow Bradley-Terry with reward gap D.")
objective = define(
    "J",
    lambda policy, reference, rewards, strength, count:
    Sum(policy[k] * (rewards[k] - strength * log(policy[k] / reference[k])), (k, 0, count - 1)),
    about="RLHF objective: expected reward minus beta KL(pi || pi_ref).")
penalised = define(
    "F",
    lambda p, q, distance, strength, weight: p * distance - strength * (p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)))
    + weight * (log(p) - log(1 - p)),
    about="Penalised objective of two responses: p = pi(w), q = pi_ref(w), rewards D and 0, gamma times the log-ratio added.")
penalised_at = define(
    "F", lambda ratio, reference, distance, strength, weight:
    sigma(ratio) * distance
    - strength * (sigma(ratio) * (softplus(-reference) - softplus(-ratio))
                  + (1 - sigma(ratio)) * (softplus(reference) - softplus(ratio))) + weight * ratio,
    about="The same in log-ratios, delta = log p - log(1 - p), so that no probability has to be rounded.")
stationarity = define(
    "g", lambda ratio, reference, distance, strength, weight:
    strength * (ratio - reference) - distance - 2 * weight * (1 + cosh(ratio)),
    about="Zero exactly where the penalised objective is stationary; its derivative in p is -g.")


def source(at: str, quote: str) -> Source:
    """A place in the paper."""
    return Source(PAPER, at=at, quote=quote)
