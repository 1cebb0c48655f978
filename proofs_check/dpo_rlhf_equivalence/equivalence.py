"""Exact evidence on the RLHF optimum, the readings of the equivalence, and the undesirable space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Dummy, Eq, Equivalent, Integer, Sum, exp, log

from lakatos import Proof, Step, derivation, enumeration
from lakatos.trial import Trial
from proofs_check.dpo_rlhf_equivalence.lemmas import (
    exponential_above_its_argument,
    exponential_is_increasing,
    gap_of,
    log_above_its_tangent,
    log_below_its_argument,
    relations,
)
from proofs_check.methods.chain import Ranges, identity, sign
from theorems.dpo_rlhf_equivalence import equivalence as claims
from theorems.dpo_rlhf_equivalence.setting import (
    beta,
    delta,
    delta_ref,
    dpo_loss,
    epsilon,
    gap,
    k,
    pi,
    r,
    reward_l,
    reward_w,
    rho,
    rlhf_optimum,
    sigma,
    step,
)

Instances = Iterator[Mapping[Any, Any]]
a, b, c, Z, c0, c1, b0, b1 = (Dummy(name) for name in ("a", "b", "c", "Z", "c0", "c1", "b0", "b1"))
HALF, TWO = Fraction(1, 2), Fraction(2)
CHANCES: Ranges = {a: (0, 1), b: (0, 1), c: (-2, 2), Z: (HALF, TWO), beta: (HALF, TWO), b0: (0, 1), b1: (0, 1),
                   c0: (-2, 2), c1: (-2, 2)}


def gibbs_inequality() -> list[Step]:
    """beta log Z - J = beta sum of a log(a Z / (b e^(c/beta))) >= beta (sum of a - sum of b e^(c/beta)/Z) = 0.

    a, b, c: policy, reference and reward of one response; Z = sum of b e^(c/beta), and the a sum to one.
    """
    ratio = a * Z / (b * exp(c / beta))
    return [
        identity("one response's share of beta log Z - J", a * beta * log(Z) - a * (c - beta * log(a / b)),
                 beta * a * log(ratio), CHANCES),
        *log_above_its_tangent(),
        identity("the tangent's share", a * (1 - 1 / ratio), a - b * exp(c / beta) / Z, CHANCES),
        identity("shares of Gibbs probabilities sum to one", Z / Z, Integer(1), CHANCES, latex=r"\sum_k b_k e^{c_k/\beta} / Z = 1"),
    ]


def share_of_the_value(value: Any) -> Step:
    """One response's share of the RLHF value under trial."""
    share = value.expanded().function.subs({pi[k]: a, rho[k]: b, r[k]: c})
    return identity("one response's share of the value", share, a * (c - beta * log(a / b)), CHANCES)


@derivation(claims.gibbs_policy_is_optimal, scope="every n")
def gibbs_variational_principle(trial: Trial) -> Proof:
    """The bound under trial must be beta log of the Gibbs normaliser; then the Gibbs inequality."""
    sums = list(trial.rhs.atoms(Sum))
    summand = sums[0].function.subs({rho[k]: b, r[k]: c})
    whole = trial.rhs.subs(sums[0], Z)
    return Proof([share_of_the_value(trial.lhs), identity("the normaliser's summand", summand, b * exp(c / beta), CHANCES),
                  identity("the bound", whole, beta * log(Z), CHANCES), *gibbs_inequality()], trial.then)


@derivation(claims.optimal_log_ratio, scope="every n")
def difference_of_logarithms(trial: Trial) -> Proof:
    """The normaliser cancels."""
    def scalar(side: Any) -> Any:
        sums = dict.fromkeys(side.atoms(Sum), Z)
        return side.doit(deep=False).subs(sums).subs({rho[0]: b0, rho[1]: b1, r[0]: c0, r[1]: c1})

    return Proof([identity("logarithms of the two Gibbs weights", scalar(trial.lhs), scalar(trial.rhs), CHANCES)], trial.then)


def same_sign(one: Any, other: Any, factor: Any, trial: Trial) -> list[Step]:
    """Two comparisons agree: the second gap is the first times a positive factor."""
    return [identity("the gaps differ by a positive factor", gap_of(other), factor * gap_of(one), trial),
            sign("which is positive", factor, trial, signs={beta: 1})]


@derivation(claims.sign_condition)
def one_gap(trial: Trial) -> Proof:
    """delta* > 0 and delta_ref > -D/beta have the same gap."""
    first, second = sorted(trial.then.args, key=lambda part: not part.has(rlhf_optimum))
    return Proof(same_sign(first, second, Integer(1), trial), trial.then)


@enumeration(claims.sign_condition, scope="beta in 1/2, 1, 2; D in 1/2, 1, 3; delta_ref = -8, -31/4, ..., 8")
def grid_of_references(trial: Trial) -> Instances:
    """Both sides of the threshold, and the threshold itself."""
    for strength in (HALF, 1, 2):
        for distance in (HALF, 1, 3):
            yield from ({beta: strength, gap: distance, delta_ref: Fraction(quarter, 4)} for quarter in range(-32, 33))


@enumeration(claims.minimiser_agrees_only_under_the_condition, scope="D = beta = 1, delta_ref = -6..6")
def printed_counterexample(trial: Trial) -> Instances:
    """References on both sides of the condition, first one at which it is clearly violated."""
    yield from ({beta: 1, gap: 1, delta_ref: reference} for reference in (-5, *range(6, -7, -1)))


@enumeration(claims.literal_equivalence, scope="beta = 1, delta_ref = 0, rewards (1, 0), delta = -2..4")
def beyond_the_optimum(trial: Trial) -> Instances:
    """Log-ratios below and above the RLHF optimum, which is 1."""
    yield from ({beta: 1, reward_w: 1, reward_l: 0, delta_ref: 0, delta: ratio} for ratio in range(-2, 5))


@derivation(claims.population_minimiser_is_the_optimum)
def excess_is_a_divergence(trial: Trial) -> Proof:
    """L_pop(delta) - L_pop(delta*) = KL(sigma(D) || sigma(z)), and every term is above its tangent."""
    q, s = sigma(gap).doit(), sigma(beta * (delta - delta_ref)).doit()
    divergence = q * log(q / s) + (1 - q) * log((1 - q) / (1 - s))
    steps = [identity("the excess is a Kullback-Leibler divergence", gap_of(trial.then), divergence, trial,
                      latex=r"L_{\mathrm{pop}}(\delta) - L_{\mathrm{pop}}(\delta^*) = q\log\tfrac{q}{s} + (1-q)\log\tfrac{1-q}{1-s}"),
             *log_above_its_tangent(),
             identity("the tangents sum to zero", q * (1 - s / q) + (1 - q) * (1 - (1 - s) / (1 - q)), Integer(0), trial)]
    return Proof(steps, trial.then)


@derivation(claims.what_survives)
def the_loss_falls(trial: Trial) -> Proof:
    """The sign condition up to beta; the drop of the loss as log(1 + positive)."""
    up, down = exp(-beta * (delta - delta_ref)), exp(-beta * step)
    drop = log(1 + up * (1 - down) / (1 + up * down))
    steps: list[Step] = []
    for part in relations(trial.then):
        if isinstance(part, Equivalent):
            first, second = sorted(part.args, key=lambda side: not side.has(rlhf_optimum))
            steps += same_sign(first, second, beta, trial)
        else:
            steps += [identity("the drop", gap_of(part), drop, trial),
                      sign("it is positive", drop, trial, signs={beta: 1, step: 1})]
    return Proof(steps, trial.then)


@derivation(claims.only_the_advantage_counts)
def shift_and_comparison(trial: Trial) -> Proof:
    """The shift cancels; e^L - 2 = e^(-z) - 1 has the sign of -z."""
    steps = [identity("the shift cancels", part.lhs, part.rhs, trial) for part in relations(trial.then) if isinstance(part, Eq)]
    steps += [identity("e^L", exp(dpo_loss(delta, delta_ref, beta)), 1 + exp(-beta * (delta - delta_ref)), trial),
              *exponential_is_increasing()]
    return Proof(steps, claims.only_the_advantage_counts.then)


@derivation(claims.undesirable_space)
def half_of_the_reference(trial: Trial) -> Proof:
    """With delta_ref = -x: the gaps of delta_ref < delta_ref/2 < 0 are x/2; e^L = 1 + e^(-beta x/2) < 2; sigma(-x/2) < 1/2."""
    x = Dummy("x")
    ranges: Ranges = {x: (Fraction(1, 8), 4), beta: (Fraction(1, 8), 4)}
    inner = [part for found in trial.then.atoms(Equivalent) for part in found.args if isinstance(part, sympy.And)]
    outer = [part for found in trial.then.atoms(Equivalent) for part in found.args if not isinstance(part, sympy.And)]
    steps = [identity("gap of an inner comparison", gap_of(part), -delta_ref / 2, {delta_ref: (-4, 4)})
             for found in inner for part in found.args]
    steps += [identity("gap of the outer comparison", gap_of(part), -delta_ref, {delta_ref: (-4, 4), beta: (1, 4)}) for part in outer]
    steps += [identity("e^L at half of the reference", exp(dpo_loss(-x / 2, -x, beta)), 1 + exp(-beta * x / 2), ranges),
              sign("below two", 1 - exp(-beta * x / 2), ranges, signs={x: 1, beta: 1}),
              identity("distance to one half", Fraction(1, 2) - sigma(-x / 2), (exp(x / 2) - 1) / (2 * (1 + exp(x / 2))), ranges),
              sign("it is positive", (exp(x / 2) - 1) / (2 * (1 + exp(x / 2))), ranges, signs={x: 1})]
    return Proof(steps, claims.undesirable_space.then)


@enumeration(claims.undesirable_space, scope="beta in 1/2, 1, 2; delta_ref = -5, -9/2, ..., 5")
def references(trial: Trial) -> Instances:
    """References on both sides of indifference."""
    for strength in (HALF, 1, 2):
        yield from ({beta: strength, delta_ref: Fraction(half, 2)} for half in range(-10, 11))


@derivation(claims.policies_of_the_space)
def between_the_reference_and_zero(trial: Trial) -> Proof:
    """delta = -y and delta_ref = -y - x with x, y > 0: e^L = 1 + e^(-beta x) < 2, and sigma(-y) < 1/2."""
    x, y = Dummy("x"), Dummy("y")
    ranges: Ranges = {x: (Fraction(0), 4), y: (Fraction(0), 4), beta: (Fraction(0), 4)}
    place = {delta: -y, delta_ref: -y - x}
    premise, conclusion = trial.then.args
    below = sorted((gap_of(part).subs(place) for part in premise.args), key=str)
    steps = [identity("the premises say x > 0 and y > 0", found, wanted, ranges) for found, wanted in zip(below, (x, y), strict=True)]
    for part in conclusion.args:
        if part.has(dpo_loss):
            steps += [identity("e^L", exp(part.lts.doit().subs(place)), 1 + exp(-beta * x), ranges),
                      identity("e^bound", exp(part.gts), TWO, ranges), sign("below two", 1 - exp(-beta * x), ranges, signs={x: 1, beta: 1}),
                      *exponential_is_increasing()]
        elif part.has(sigma):
            room = (exp(y) - 1) / (2 * (1 + exp(y)))
            steps += [identity("distance to one half", gap_of(part).doit().subs(place), room, ranges),
                      sign("it is positive", room, ranges, signs={y: 1})]
        else:
            steps += [identity("the reference's side", gap_of(part).subs(place), x + y, ranges),
                      sign("it prefers the wrong response", x + y, ranges, signs={x: 1, y: 1})]
    return Proof(steps, trial.then)


@enumeration(claims.policies_of_the_space, scope="beta in 1/2, 2; delta_ref and delta = -4, -7/2, ..., 1")
def pairs_of_log_ratios(trial: Trial) -> Instances:
    """References and policies inside and outside of the space."""
    for strength in (HALF, TWO):
        for reference in range(-8, 3):
            yield from ({beta: strength, delta_ref: Fraction(reference, 2), delta: Fraction(half, 2)} for half in range(-8, 3))


@derivation(claims.vanishing_loss)
def loss_at_a_far_reference(trial: Trial) -> Proof:
    """The loss is log(1 + e^(-1/epsilon)) < e^(-1/epsilon) < epsilon."""
    ranges: Ranges = {beta: (HALF, TWO), delta: (-4, 0), epsilon: (Fraction(1, 50), 1)}
    steps = [identity("the loss there", trial.then.lts, log(1 + exp(-1 / epsilon)), ranges),
             identity("the bound", trial.then.gts, epsilon, ranges),
             *log_below_its_argument(), *exponential_above_its_argument()]
    return Proof(steps, trial.then)
