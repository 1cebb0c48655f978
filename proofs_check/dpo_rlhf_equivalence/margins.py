"""Exact evidence on gradient flow, the bridge from loss to margin, the targets of CPO, and soft-margin ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Dummy, Eq, Equivalent, Integer, Integral, Max, exp, log

from lakatos import Proof, Reals, Step, Vectors, derivation, enumeration, figure
from lakatos.trial import Trial
from proofs_check.dpo_rlhf_equivalence.lemmas import (
    exponential_above_its_argument,
    exponential_is_increasing,
    gap_of,
    log_below_its_argument,
    relations,
)
from proofs_check.methods.chain import Ranges, identity, sign
from theorems.dpo_rlhf_equivalence import margins as claims
from theorems.dpo_rlhf_equivalence.constraints import (
    frozen_margin,
    margin_in_log_ratios,
    penalised_slope,
    stationarity_on_the_simplex,
)
from theorems.dpo_rlhf_equivalence.setting import (
    alpha,
    beta,
    delta,
    delta_ref,
    dpo_loss,
    epsilon,
    gamma,
    k,
    target,
    tau,
)

Instances = Iterator[Mapping[Any, Any]]
x, y = Dummy("x", positive=True), Dummy("y", positive=True)
SCALES: Ranges = {x: (Fraction(1, 8), 3), y: (Fraction(1, 8), 3), beta: (Fraction(1, 8), 3), tau: (Fraction(1, 8), 3),
                  gamma: (Fraction(1, 8), 3), delta: (-3, 3), delta_ref: (-3, 3), target: (0, 3)}


@derivation(claims.the_bridge_is_tight, claims.logits_halve_the_time, margin_in_log_ratios, frozen_margin, penalised_slope,
            stationarity_on_the_simplex)
def both_sides_in_normal_form(trial: Trial) -> Proof:
    """An identity: both sides have the same normal form."""
    return Proof([identity("both sides", trial.lhs, trial.rhs, trial)], trial.then)


@derivation(claims.weak_gradient)
def slope_and_its_size(trial: Trial) -> Proof:
    """The derivative; beta e^(beta delta_ref) minus the speed at zero is beta e^(2 beta delta_ref)/(1 + e^(beta delta_ref))."""
    steps: list[Step] = []
    power = exp(beta * delta_ref)
    for part in relations(trial.then):
        if isinstance(part, Eq):
            steps.append(identity("derivative of the loss", part.lhs, part.rhs, trial))
        elif part.has(exp):
            steps += [identity("distance to beta e^(beta delta_ref)", gap_of(part), beta * power**2 / (1 + power), trial),
                      sign("it is positive", beta * power**2 / (1 + power), trial, signs={beta: 1})]
        else:
            steps += [identity("the speed at zero", gap_of(part), beta * power / (1 + power), trial),
                      sign("it is positive", beta * power / (1 + power), trial, signs={beta: 1})]
    return Proof(steps, trial.then)


@derivation(claims.escape_time, claims.escape_time_with_a_target)
def antiderivative(trial: Trial) -> Proof:
    """(beta (u - t) + e^(beta (u - t)))/beta^2 has derivative one over the speed; its increase from delta_ref to 0."""
    steps: list[Step] = []
    for part in relations(trial.then):
        if isinstance(part, Eq):
            integral = part.lhs if isinstance(part.lhs, Integral) else part.rhs
            other = part.rhs if integral is part.lhs else part.lhs
            u, low, high = integral.limits[0]
            aim = target if integral.has(target) else delta_ref
            whole = (beta * (u - aim) + exp(beta * (u - aim))) / beta**2
            steps += [identity("derivative of the antiderivative", sympy.diff(whole, u), integral.function, {**SCALES, u: (-3, 3)}),
                      identity("its increase", whole.subs(u, high) - whole.subs(u, low), other, trial)]
        else:
            rest = ((1 - exp(-beta * target)) + exp(beta * (delta_ref - target))) / beta**2
            steps += [identity("distance to the bound", gap_of(part), rest, trial),
                      sign("it is not negative", rest, trial, strict=False, signs={beta: 1, target: 0})]
    return Proof(steps, trial.then)


@derivation(claims.loss_bounds_the_margin)
def exponentials_of_both_sides(trial: Trial) -> Proof:
    """L <= epsilon says e^(-beta (delta - t)) <= e^epsilon - 1; its logarithm, divided by beta, is the other side."""
    loss = next(part for part in trial.then.args if part.has(dpo_loss))
    other = next(part for part in trial.then.args if not part.has(dpo_loss))
    return Proof([
        identity("e^L", exp(loss.lts), 1 + exp(-beta * (delta - target)), trial),
        identity("the bound on L", loss.gts, epsilon, trial),
        sign("e^epsilon - 1 is positive", exp(epsilon) - 1, trial, signs={epsilon: 1}),
        identity("beta times the other gap", beta * gap_of(other), log(exp(epsilon) - 1) + beta * (delta - target), trial),
        sign("beta is positive", beta, trial, signs={beta: 1}), *exponential_is_increasing()], trial.then)


@derivation(claims.small_loss_means_the_right_ranking)
def loss_against_the_loss_at_zero(trial: Trial) -> Proof:
    """e^L - e^bound = e^(beta t) (e^(-beta delta) - 1), which is negative exactly for delta > 0."""
    loss = next(part for part in trial.then.args if part.has(dpo_loss))
    ranking = next(part for part in trial.then.args if not part.has(dpo_loss))
    return Proof([
        identity("e^L less e^bound", exp(loss.lts) - exp(loss.gts), exp(beta * target) * (exp(-beta * delta) - 1), trial),
        sign("the factor is positive", exp(beta * target), trial),
        identity("the ranking is that of delta", gap_of(ranking), delta, trial),
        sign("beta is positive", beta, trial, signs={beta: 1}), *exponential_is_increasing()], trial.then)


@derivation(claims.the_bound_on_wrong_pairs_is_attained)
def pairs_far_above_their_target(trial: Trial) -> Proof:
    """The room is f epsilon + (1 - f) (epsilon - log(1 + e^(-1/epsilon))), and log(1 + e^(-1/epsilon)) < e^(-1/epsilon) < epsilon."""
    share, rest = claims.share, Dummy("y")
    ranges: Ranges = {share: (0, 1), epsilon: (0, 1), rest: (0, 1)}
    room = share * epsilon + (1 - share) * rest
    return Proof([
        identity("room below the bound", gap_of(trial.then), room.subs(rest, epsilon - log(1 + exp(-1 / epsilon))), trial),
        *log_below_its_argument(), *exponential_above_its_argument(),
        sign("a mixture of two positive numbers", room, ranges, signs={share: 1, 1 - share: 1, epsilon: 1, rest: 1}),
        sign("all wrong", room.subs(share, 1), ranges, signs={epsilon: 1}),
        sign("none wrong", room.subs(share, 0), ranges, signs={rest: 1})], trial.then)


@derivation(claims.wrong_pairs_pay, scope="every n")
def cost_of_a_wrong_pair(trial: Trial) -> Proof:
    """At delta = -y <= 0 and target gamma + x: e^L - (1 + e^(beta gamma)) = e^(beta gamma) (e^(beta (x + y)) - 1) >= 0."""
    domain = trial.statement.let[claims.targets.label]
    assert isinstance(domain, Vectors) and isinstance(domain.of, Reals)
    above = domain.of.low == gamma
    share = next(term for term in trial.then.lts.atoms(log) if term.has(gamma))
    paid = trial.then.gts.function.subs({claims.deltas[k]: delta, claims.targets[k]: target})
    unit = trial.then.lts.as_independent(sympy.Sum)[0]
    excess = exp(beta * gamma) * (exp(beta * (x + y)) - 1)
    return Proof([
        Step("targets are at least gamma", r"t \ge \gamma", above, not above, ("the domain under trial", "its lower end")),
        identity("cost per wrong pair under trial", unit, log(1 + exp(beta * gamma)), SCALES),
        identity("what a pair pays under trial", paid, dpo_loss(delta, target, beta), SCALES),
        identity("e^cost", exp(share), 1 + exp(beta * gamma), SCALES),
        identity("e^L minus e^cost", exp(dpo_loss(-y, gamma + x, beta)) - 1 - exp(beta * gamma), excess, SCALES),
        sign("it is not negative", excess, SCALES, strict=False, signs={beta: 1, x: 0, y: 0}),
        sign("a right pair costs nothing and pays at least nothing", dpo_loss(y, gamma, beta), SCALES),
        *exponential_is_increasing()], trial.then)


@derivation(claims.cpo_target_is_a_soft_maximum)
def both_cases_of_the_target(trial: Trial) -> Proof:
    """With alpha = 1 and u = tau (gamma - delta_ref): t - delta_ref = log(1 + e^u)/tau, t - gamma = log(1 + e^-u)/tau."""
    alone = trial.statement.given.get("alpha = 1") == Eq(alpha, 1)
    steps = [Step("alpha is one", r"\alpha = 1", alone, not alone, ("the hypothesis under trial", "its value"))]
    share = {delta_ref: log(1 + exp(tau * (gamma - delta_ref))) / tau, gamma: log(1 + exp(tau * (delta_ref - gamma))) / tau}
    share[Integer(0)] = gamma + share[gamma]
    for part in relations(trial.then):
        if not part.has(Max):
            steps += [identity(f"distance to {part.lts}", gap_of(part).subs(alpha, 1), share[part.lts], SCALES),
                      sign("it is positive", share[part.lts], SCALES, signs={tau: 1, gamma: 0})]
    bounds = [part for part in relations(trial.then) if part.has(Max)]
    below = log(1 + (1 - exp(-tau * x)) / (1 + exp(-tau * x))) / tau
    for part in bounds:
        for larger, values in (("delta_ref", {delta_ref: gamma + x}), ("gamma", {gamma: delta_ref + x})):
            room = gap_of(part).subs(alpha, 1).subs(values)
            steps += [identity(f"room below the bound, {larger} larger", room, below, SCALES),
                      sign("it is not negative", below, SCALES, strict=False, signs={tau: 1, x: 0})]
    return Proof(steps, trial.then)


@derivation(claims.target_rises_with_the_reference)
def slope_of_the_target(trial: Trial) -> Proof:
    """Identities in normal form; the slope is 1/(1 + e^(tau (gamma - delta_ref)))."""
    steps: list[Step] = []
    for part in relations(trial.then):
        if isinstance(part, Eq):
            steps.append(identity("both sides", part.lhs, part.rhs, trial))
        else:
            positive = 1 / (1 + exp(tau * (gamma - delta_ref)))
            steps += [identity("the slope", gap_of(part), positive, trial), sign("it is positive", positive, trial)]
    return Proof(steps, trial.then)


@derivation(claims.clipped_target)
def both_cases_of_the_clip(trial: Trial) -> Proof:
    """At delta_ref = x >= 0 the target is x; at delta_ref = -x < 0 it is 0, which is x above delta_ref."""
    steps: list[Step] = []
    equations = [found for found in (trial.then, *trial.then.atoms(Eq)) if isinstance(found, Eq)]
    sides = [part.gts for part in relations(trial.then) if isinstance(part, sympy.Ge)]
    for equation in equations:
        difference = equation.lhs - equation.rhs
        unequal = Integer(0) if equation is trial.then else difference.coeff(delta_ref) * -x
        steps += [identity("in favour: DPO's own", difference.subs(delta_ref, x), Integer(0), SCALES),
                  identity("against: above DPO's own", difference.subs(delta_ref, -x), unequal, SCALES)]
    steps += [identity("the cases are those of delta_ref", gap_of(part), delta_ref, SCALES)
              for found in trial.then.atoms(Equivalent) for part in found.args if not isinstance(part, Eq)]
    steps += [identity("against: the target is zero", side.subs(delta_ref, -x), Integer(0), SCALES) for side in sides]
    return Proof(steps, trial.then)


@derivation(claims.soft_margin)
def both_cases_of_the_hinge(trial: Trial) -> Proof:
    """At delta = delta_ref - x and + x: L/beta minus the hinge is log(1 + e^(-beta x))/beta."""
    rest = log(1 + exp(-beta * x)) / beta
    below = log(1 + (1 - exp(-beta * x)) / (1 + exp(-beta * x))) / beta
    steps: list[Step] = []
    for part in relations(trial.then):
        upper = part.gts.has(Max)
        for name, value in (("below the target", delta_ref - x), ("above the target", delta_ref + x)):
            gap = gap_of(part).subs(delta, value)
            steps += [identity(f"{'room under the bound' if upper else 'loss above the hinge'}, {name}", gap,
                               below if upper else rest, SCALES),
                      sign("it is not negative", below if upper else rest, SCALES, strict=not upper, signs={beta: 1, x: 0 if upper else 1})]
    if any(not part.gts.has(Max) for part in relations(trial.then)):
        steps.append(sign("at the target too", log(2) / beta, SCALES, signs={beta: 1}))
    return Proof(steps, trial.then)


@enumeration(claims.cpo_target_is_a_soft_maximum, scope="gamma = 1/2, tau = 2, alpha = 1; delta_ref = -6..6 by fifths")
def default_targets(trial: Trial) -> Instances:
    """The released defaults."""
    yield from ({delta_ref: Fraction(fifth, 5), gamma: Fraction(1, 2), tau: 2, alpha: weight}
                for fifth in range(-30, 31) for weight in (1, 2))


@enumeration(claims.clipped_target, scope="delta_ref = -5..5 by quarters")
def clipped_references(trial: Trial) -> Instances:
    """References on both sides of indifference."""
    yield from ({delta_ref: Fraction(quarter, 4)} for quarter in range(-20, 21))


@figure(claims.escape_time, claims.escape_time_with_a_target,
        caption="Time that gradient flow needs to leave the undesirable space, from delta_ref to 0 at beta = 1: exponential in the "
        "reference's bias for DPO, linear with a target of 0 or above.",
        alt="Logarithmic plot of escape times over the bias of the reference from 0 to 8; the DPO curve is straight, the other flat.")
def escape_times() -> Any:
    """Closed forms of both escape times over |delta_ref|."""
    from matplotlib.figure import Figure

    bias = [k / 20 for k in range(1, 161)]
    drawn = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = drawn.add_subplot()
    axes.semilogy(bias, [b + 2.718281828459045**b - 1 for b in bias], "--", label="DPO", linewidth=1.8)
    axes.semilogy(bias, [b + 1 - 2.718281828459045**-b for b in bias], "-", label="target 0 (clipped CPO)", linewidth=1.8)
    axes.set(xlabel=r"bias of the reference, $|\delta_{ref}|$", ylabel="time to reach $\\delta = 0$", xlim=(0, 8))
    axes.legend(frameon=False)
    return drawn
