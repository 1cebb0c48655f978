"""Exact evidence on what the losses single out: divergences, Pinsker's inequality, chains of comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sympy import Dummy, Eq, Integer, Sum, exp, log

from lakatos import Proof, Step, derivation, enumeration
from lakatos.trial import Trial
from proofs_check.dpo_rlhf_equivalence.lemmas import (
    exponential_above_its_argument,
    gap_of,
    log_below_its_argument,
    relations,
)
from proofs_check.methods.chain import Ranges, identity, least_at, sign
from theorems.dpo_rlhf_equivalence import comparisons as claims
from theorems.dpo_rlhf_equivalence.comparisons import j, weights
from theorems.dpo_rlhf_equivalence.setting import (
    beta,
    delta,
    delta_ref,
    dpo_loss,
    epsilon,
    gap,
    k,
    n,
    objective,
    pi,
    r,
    rho,
    rlhf_optimum,
    sigma,
    step,
)

Instances = Iterator[Mapping[Any, Any]]
a, b, c, Z = (Dummy(name) for name in ("a", "b", "c", "Z"))
SHARES: Ranges = {a: (0, 1), b: (0, 1), c: (-2, 2), Z: (Fraction(1, 2), 2), beta: (Fraction(1, 2), 2)}


def summand(total: Any) -> Any:
    """The share of one response with policy a, reference b, reward c in a sum over responses, Z for the normaliser."""
    inner = dict.fromkeys(total.function.atoms(Sum), Z)
    return total.function.subs(inner).subs({pi[k]: a, rho[k]: b, r[k]: c})


@derivation(claims.lost_value_is_a_divergence, scope="every n")
def response_by_response(trial: Trial) -> Proof:
    """beta log Z is shared out by the policy, which sums to one; then both sides agree at every response."""
    normaliser = next(found for found in trial.lhs.atoms(Sum) if found.function.has(j))
    value = next(found for found in trial.lhs.atoms(objective))
    left = trial.lhs.subs({value: c * a, normaliser: Z})
    whole = next(found for found in trial.rhs.atoms(Sum) if found.function.has(pi))
    scale = trial.rhs.subs(whole, Integer(1))
    return Proof([
        identity("the left side is beta log Z less the value", left, beta * log(Z) - c * a, SHARES),
        identity("one response's share", a * beta * log(Z) - summand(value.expanded()), scale * summand(whole), SHARES),
        identity("summand of the normaliser", normaliser.function.subs({rho[j]: b, r[j]: c}), b * exp(c / beta), SHARES),
    ], trial.then)


@derivation(claims.only_the_optimum_is_least)
def pinsker(trial: Trial) -> Proof:
    """KL(q || s) - 2 (s - q)^2 is zero at s = q, with slope (s - q) (1 - 2 s)^2 / (s (1 - s))."""
    modelled, true = sigma(beta * (delta - delta_ref)), sigma(gap)

    def divergence(x: Any, y: Any) -> Any:
        return x * log(x / y) + (1 - x) * log((1 - x) / (1 - y))

    s, q = Dummy("s"), Dummy("q")
    ranges: Ranges = {s: (0, 1), q: (0, 1)}
    scale = trial.then.lts.as_coeff_Mul()[0]
    return Proof([
        identity("the excess is a Kullback-Leibler divergence", gap_of(trial.then),
                 divergence(true, modelled) - scale * (modelled - true) ** 2, trial,
                 latex=r"L_{\mathrm{pop}}(\delta) - L_{\mathrm{pop}}(\delta^*) = q\log\tfrac{q}{s} + (1-q)\log\tfrac{1-q}{1-s}"),
        *least_at("divergence less squared error", divergence(q, s) - scale * (s - q) ** 2, s, q,
                  (1 - 2 * s) ** 2 / (s * (1 - s)), ranges, signs={s: 1, 1 - s: 1}),
    ], trial.then)


@derivation(claims.comparisons_single_out_the_optimum, scope="every n")
def along_the_chain(trial: Trial) -> Proof:
    """If all ratios fit, pi_k = p a_k / a_0 by induction; the sum is one, so p = a_0 / Z and pi is the optimum."""
    p, first, here, after = (Dummy(name) for name in ("p", "a0", "ak", "ak1"))
    ranges: Ranges = dict.fromkeys((p, first, here, after, Z, a), (0, 2))
    mismatch = (pi[k] * weights[k + 1] - pi[k + 1] * weights[k]) ** 2
    chain = trial.then == (Sum(mismatch, (k, 0, n - 2)) > 0)
    other = (pi[k] * Sum(weights[j], (j, 0, n - 1)) - weights[k]) ** 2
    supposed = trial.statement.given.get("not the optimum") == (Sum(other, (k, 0, n - 1)) > 0)
    return Proof([
        Step("every response is compared with the next", r"k = 0, \dots, n - 2", chain, not chain, ("the sum under trial", "its form")),
        Step("another policy than the optimum", r"\pi \ne a / Z", supposed, not supposed, ("the hypothesis under trial", "its form")),
        identity("a ratio that fits determines the next probability", a * after - p * here, here * (a * after / here - p), ranges),
        identity("by induction all are those of a", (p * here / first) * after / here, p * after / first, ranges),
        identity("the sum of p a_k / a_0 is one at p = a_0 / Z", (first / Z) * Z / first, Integer(1), ranges),
        identity("so that pi_k Z = a_k", (first / Z) * here / first * Z - here, Integer(0), ranges),
    ], trial.then)


@enumeration(claims.comparisons_single_out_the_optimum, scope="n = 3, policies in ninths; weights (1, 1, 1), (2, 1, 6), (1, 3, 2)")
def policies_in_ninths(trial: Trial) -> Instances:
    """All positive policies on three responses in ninths, among them the optimum of each weight up to rounding."""
    for drawn in ((1, 1, 1), (2, 1, 6), (1, 3, 2)):
        for first in range(1, 8):
            for second in range(1, 9 - first):
                policy = tuple(Fraction(part, 9) for part in (first, second, 9 - first - second))
                yield {n: 3, pi: policy, weights: drawn}


@derivation(claims.one_sided_loss_has_no_minimiser)
def slope_infimum_and_drop(trial: Trial) -> Proof:
    """Each conjunct by itself: the slope, the loss's sign, the loss far out, the drop beyond the optimum."""
    optimum = rlhf_optimum(delta_ref, gap, beta).expanded()
    up, down = exp(-beta * (optimum - delta_ref)), exp(-beta * step)
    drop = log(1 + up * (1 - down) / (1 + up * down))
    steps: list[Step] = []
    for part in relations(trial.then):
        if isinstance(part, Eq):
            steps.append(identity("slope of the loss", part.lhs, part.rhs, trial))
        elif part.has(step):
            steps += [identity("the drop beyond the optimum", gap_of(part), drop, trial),
                      sign("it is positive", drop, trial, signs={beta: 1, step: 1})]
        elif part.has(epsilon):
            steps += [identity("the loss far out", part.lts, log(1 + exp(-1 / epsilon)), trial),
                      identity("the bound there", part.gts, epsilon, trial),
                      *log_below_its_argument(), *exponential_above_its_argument()]
        else:
            steps += [identity("the loss itself", gap_of(part), dpo_loss(delta, delta_ref, beta), trial),
                      sign("the loss is positive", gap_of(part), trial)]
    return Proof(steps, trial.then)
