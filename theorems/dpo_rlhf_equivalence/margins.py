"""Gradient flow out of the undesirable space, the bridge from loss to margin, targets of CPO, soft-margin ranking."""

from __future__ import annotations

from sympy import And, Eq, Equivalent, IndexedBase, Integral, Max, Piecewise, Rational, Sum, Symbol, diff, exp, log, oo

from lakatos import Claim, Derivation, Drop, Enumeration, Integers, Mutant, Reals, Search, Simulation, Vectors, define, term
from lakatos.terms import OutOfReach
from theorems.dpo_rlhf_equivalence.setting import (
    BETA,
    LOG_RATIO,
    REFERENCE,
    alpha,
    beta,
    delta,
    delta_ref,
    dpo_loss,
    epsilon,
    gamma,
    k,
    n,
    sigma,
    softplus,
    source,
    target,
    tau,
)

QUOTE_PATHOLOGY = "leading to pathological convergence where policies decrease DPO loss while preferring dispreferred responses"
QUOTE_MARGIN = "DPO implements margin ranking with potentially negative targets"
QUOTE_CPO = "introduce Constrained Preference Optimization (CPO), augmenting RLHF with constraints for provable alignment"
AGAINST = Reals(-oo, 0, open="right", search=(-5, 0), caption="log-ratio of a reference that prefers the wrong response")
TARGET = Reals(0, oo, search=(0, 3), caption="target log-ratio of the loss")
u = Symbol("u")

descent = define("v", lambda ratio, aim, strength: strength * sigma(-strength * (ratio - aim)),
                 about="Speed of gradient flow on the loss with this target: -L'(delta).")
cpo_target = define(
    "t", lambda reference, aim, sharpness, weight: reference + softplus(sharpness * (aim - reference)) / (sharpness * weight),
    about="Target of the released CPO loss: delta_ref + s_tau(gamma - delta_ref)/alpha.")

weak_gradient = Claim(
    number="C5",
    says="The loss falls at speed beta sigma(-beta (delta - delta_ref)); at delta = 0 that is beta sigma(beta delta_ref): "
    "positive, and at most beta e^(beta delta_ref) - tiny for a reference far on the wrong side, but never zero.",
    source=source("Proposition 3.4", QUOTE_PATHOLOGY), status="proposition", fidelity="reconstructed",
    let={beta: BETA, delta: LOG_RATIO, delta_ref: AGAINST},
    then=And(Eq(diff(dpo_loss(delta, delta_ref, beta), delta), -descent(delta, delta_ref, beta)),
             descent(0, delta_ref, beta) > 0, descent(0, delta_ref, beta) <= beta * exp(beta * delta_ref)),
    edges={"reference at -2": {beta: 1, delta: 0, delta_ref: -2}},
    owes=[Derivation("derivative in normal form; signs")],
    must_fail=[Mutant("twice as fast a decay", then=descent(0, delta_ref, beta) <= beta * exp(2 * beta * delta_ref),
                      witness={beta: 1, delta: 0, delta_ref: -2}),
               Mutant("it vanishes at zero", then=descent(0, delta_ref, beta) <= 0,
                      witness={beta: 1, delta: 0, delta_ref: -2})],
)

escape_time = Claim(
    number="C5",
    says="Gradient flow on the DPO loss needs exactly (beta |delta_ref| + e^(beta |delta_ref|) - 1)/beta^2 to bring the "
    "log-ratio from delta_ref to zero: exponential in beta |delta_ref|.",
    source=source("Proposition 3.4", QUOTE_PATHOLOGY), status="derived", fidelity="strengthening",
    let={beta: BETA, delta_ref: AGAINST},
    then=Eq(Integral(1 / descent(u, delta_ref, beta), (u, delta_ref, 0)),
            (-beta * delta_ref + exp(-beta * delta_ref) - 1) / beta**2),
    edges={"e^2 + 1": {beta: 1, delta_ref: -2}},
    owes=[Derivation("an antiderivative, checked by its derivative"), Search("numerical integration of the flow")],
    must_fail=[Mutant("linear", then=Eq(Integral(1 / descent(u, delta_ref, beta), (u, delta_ref, 0)), -delta_ref / beta),
                      witness={beta: 1, delta_ref: -5})],
    remark="Time of the flow on the scalar log-ratio; with two softmax logits as parameters it halves.",
)

escape_time_with_a_target = Claim(
    number="C5",
    says="With a target t >= 0 the same way takes (beta |delta_ref| + e^(-beta t) - e^(beta (delta_ref - t)))/beta^2, at most "
    "(beta |delta_ref| + 1)/beta^2: linear.",
    source=source("Proposition 3.4 for CPO", QUOTE_CPO), status="derived", fidelity="strengthening",
    let={beta: BETA, delta_ref: AGAINST, target: TARGET},
    then=And(Eq(Integral(1 / descent(u, target, beta), (u, delta_ref, 0)),
                (-beta * delta_ref + exp(-beta * target) - exp(beta * (delta_ref - target))) / beta**2),
             (-beta * delta_ref + exp(-beta * target) - exp(beta * (delta_ref - target))) / beta**2
             <= (1 - beta * delta_ref) / beta**2),
    edges={"target zero": {beta: 1, delta_ref: -2, target: 0}},
    owes=[Derivation("an antiderivative, checked by its derivative; signs"), Search("numerical integration of the flow")],
    must_fail=[Mutant("the DPO time", then=Eq(Integral(1 / descent(u, target, beta), (u, delta_ref, 0)),
                                              (-beta * delta_ref + exp(-beta * delta_ref) - 1) / beta**2),
                      witness={beta: 1, delta_ref: -5, target: 1}),
               Mutant("targets may be negative", let={target: Reals(-oo, oo, search=(-4, 4), caption="any target")},
                      then=(-beta * delta_ref + exp(-beta * target) - exp(beta * (delta_ref - target))) / beta**2
                      <= (1 - beta * delta_ref) / beta**2,
                      witness={beta: 1, delta_ref: -5, target: -5})],
)

logit_w, logit_l = Symbol("a_w"), Symbol("a_l")
LOGIT = Reals(search=(-4, 4), caption="logit of a response")
logits_halve_the_time = Claim(
    number="C5",
    says="With the two softmax logits as parameters the log-ratio moves at twice the speed, so that every time halves.",
    source=source("Proposition 3.4", QUOTE_PATHOLOGY), status="derived", fidelity="strengthening",
    let={beta: BETA, delta_ref: AGAINST, logit_w: LOGIT, logit_l: LOGIT},
    then=Eq(diff(dpo_loss(logit_w - logit_l, delta_ref, beta), logit_l) - diff(dpo_loss(logit_w - logit_l, delta_ref, beta), logit_w),
            2 * descent(logit_w - logit_l, delta_ref, beta)),
    edges={"at the start": {beta: 1, delta_ref: -2, logit_w: -2, logit_l: 0}},
    owes=[Derivation("derivatives in both logits")],
    must_fail=[Mutant("the speed of the scalar flow",
                      then=Eq(diff(dpo_loss(logit_w - logit_l, delta_ref, beta), logit_l)
                              - diff(dpo_loss(logit_w - logit_l, delta_ref, beta), logit_w), descent(logit_w - logit_l, delta_ref, beta)),
                      witness={beta: 1, delta_ref: -2, logit_w: -2, logit_l: 0})],
)

bias = Symbol("b")


@term(r"\mathrm{P}_{\mathrm{wrong}}")
def wrong_share(threshold: Rational, strength: Rational) -> Rational:
    """Share of uniformly drawn references from which gradient flow on the DPO loss, after the time that a bias of
    `threshold` needs to escape, has not yet reached zero: a probability."""
    raise OutOfReach("an integral over references; simulated, or known by the logistic function")


how_many_have_not_escaped = Claim(
    number="C5",
    says="After the time (beta b + e^(beta b) - 1)/beta^2 of gradient flow, a share 1/(1 + e^b) of uniformly drawn references "
    "still gives the wrong ranking.",
    source=source("Proposition 3.4", QUOTE_PATHOLOGY), status="derived", fidelity="special case",
    let={bias: Reals(0, oo, search=(0, 5), caption="bias that is just escaped from"), beta: BETA},
    then=Eq(wrong_share(bias, beta), 1 / (1 + exp(bias))), edges={"bias 1": {bias: 1, beta: 1}},
    owes=[Simulation("random tabular policies, flow integrated by Runge-Kutta: b = 1, 2; beta = 1, 1/2")],
    must_fail=[Mutant("half of them", then=Eq(wrong_share(bias, beta), Rational(1, 2))),
               Mutant("after the linear time b/beta", world="linear time")],
)

loss_bounds_the_margin = Claim(
    number="C6",
    says="A loss with target t is at most epsilon exactly when the log-ratio is at least t - log(e^epsilon - 1)/beta.",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={beta: BETA, target: Reals(caption="target", search=(-4, 4)), delta: LOG_RATIO,
         epsilon: Reals(0, oo, open="left", search=(Rational(1, 20), 4), caption="loss")},
    then=Equivalent(dpo_loss(delta, target, beta) <= epsilon, delta >= target - log(exp(epsilon) - 1) / beta),
    edges={"target one, loss one": {beta: 1, target: 1, delta: 1, epsilon: 1}},
    owes=[Derivation("both sides compare e^(-beta (delta - t)) with e^epsilon - 1")],
    must_fail=[Mutant("without beta", then=Equivalent(dpo_loss(delta, target, beta) <= epsilon,
                                                      delta >= target - log(exp(epsilon) - 1)),
                      witness={beta: 2, target: 0, delta: -1, epsilon: Rational(3, 2)})],
)

deltas, targets = IndexedBase("delta"), IndexedBase("t")
wrong_pairs_pay = Claim(
    number="C6",
    says="If every target is at least gamma, the share of pairs ranked wrongly is at most the mean loss divided by "
    "log(1 + e^(beta gamma)).",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={n: Integers(1, 4, caption="pairs"), beta: BETA, gamma: Reals(0, oo, search=(0, 3), caption="least target"),
         targets: Vectors(Reals(gamma, oo, search=(0, 6)), n, caption="targets"),
         deltas: Vectors(Reals(-6, 6), n, caption="log-ratios")},
    then=Sum(Piecewise((1, deltas[k] <= 0), (0, True)), (k, 0, n - 1)) * log(1 + exp(beta * gamma))
    <= Sum(dpo_loss(deltas[k], targets[k], beta), (k, 0, n - 1)),
    edges={"one wrong pair": {n: 1, beta: 1, gamma: Rational(1, 2), targets: (1,), deltas: (0,)}},
    owes=[Derivation("a wrong pair costs at least log(1 + e^(beta gamma))", scope="every n")],
    must_fail=[Mutant("with DPO's targets, which may be anything",
                      let={targets: Vectors(Reals(-20, 20), n, caption="reference log-ratios")},
                      witness={n: 1, beta: 1, gamma: 0, targets: (-20,), deltas: (-1,)}),
               Mutant("twice as cheap", then=Sum(Piecewise((1, deltas[k] <= 0), (0, True)), (k, 0, n - 1))
                      * 2 * log(1 + exp(beta * gamma)) <= Sum(dpo_loss(deltas[k], targets[k], beta), (k, 0, n - 1)),
                      witness={n: 1, beta: 1, gamma: Rational(1, 2), targets: (Rational(1, 2),), deltas: (0,)})],
    remark="Both sides are multiplied by n.",
)

the_bridge_is_tight = Claim(
    number="C6",
    says="A pair at log-ratio zero with target gamma costs exactly log(1 + e^(beta gamma)): the constant cannot be improved.",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={beta: BETA, gamma: Reals(0, oo, search=(0, 3), caption="target")},
    then=Eq(dpo_loss(0, gamma, beta), log(1 + exp(beta * gamma))), edges={"target one": {beta: 1, gamma: 1}},
    owes=[Derivation("normal form")],
    must_fail=[Mutant("twice that", then=Eq(dpo_loss(0, gamma, beta), 2 * log(1 + exp(beta * gamma))),
                      witness={beta: 1, gamma: 1})],
)


small_loss_means_the_right_ranking = Claim(
    number="C6",
    says="The ranking is right exactly when the loss with target t is below log(1 + e^(beta t)).",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={beta: BETA, target: Reals(caption="target", search=(-4, 4)), delta: LOG_RATIO},
    then=Equivalent(dpo_loss(delta, target, beta) < log(1 + exp(beta * target)), delta > 0),
    edges={"right": {beta: 1, target: 1, delta: 1}, "wrong": {beta: 1, target: 1, delta: -1}},
    owes=[Derivation("both sides compare e^(-beta delta) with 1")],
    must_fail=[Mutant("twice that", then=Equivalent(dpo_loss(delta, target, beta) < 2 * log(1 + exp(beta * target)), delta > 0),
                      witness={beta: 1, target: 1, delta: Rational(-1, 10)})],
)

share = Symbol("f")
the_bound_on_wrong_pairs_is_attained = Claim(
    number="C6",
    says="If a share f of the pairs has target gamma and log-ratio 0 and the others are at gamma + 1/(beta epsilon), the mean loss is "
    "within epsilon of the bound f log(1 + e^(beta gamma)): no better constant holds for batches.",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={beta: BETA, gamma: Reals(0, oo, search=(0, 3), caption="target"), share: Reals(0, 1, caption="share of wrong pairs"),
         epsilon: Reals(0, 1, open="left", caption="distance to undercut")},
    then=share * dpo_loss(0, gamma, beta) + (1 - share) * dpo_loss(gamma + 1 / (beta * epsilon), gamma, beta)
    < share * log(1 + exp(beta * gamma)) + epsilon,
    edges={"half wrong": {beta: 1, gamma: Rational(1, 2), share: Rational(1, 2), epsilon: Rational(1, 10)}},
    owes=[Derivation("a pair far above its target costs log(1 + e^(-1/epsilon)) < epsilon")],
    must_fail=[Mutant("a tenth below the bound",
                      then=share * dpo_loss(0, gamma, beta) + (1 - share) * dpo_loss(gamma + 1 / (beta * epsilon), gamma, beta)
                      < share * log(1 + exp(beta * gamma)) * Rational(9, 10) + epsilon,
                      witness={beta: 1, gamma: Rational(1, 2), share: 1, epsilon: Rational(1, 100)})],
)


@term("m")
def mean_excess(strength: Rational, aim: Rational) -> Rational:
    """E[min(L_t / log(1 + e^(beta gamma)), 1) - 1{delta <= 0}] over policies delta ~ N(3/2, 1), targets of CPO with
    gamma, tau = 2, references delta_ref ~ N(-2, 9)."""
    raise OutOfReach("an expectation over random policies; simulated")


the_bridge_on_random_policies = Claim(
    number="C6",
    says="On random policies the bound holds on average: the mean of the capped, scaled loss is at least the share of wrong pairs.",
    source=source("loss-to-margin bridge", QUOTE_CPO), status="derived", fidelity="special case",
    let={beta: BETA, gamma: Reals(0, oo, search=(0, 3), caption="target")},
    then=mean_excess(beta, gamma) >= 0, edges={"defaults": {beta: 1, gamma: Rational(1, 2)}},
    owes=[Simulation("references N(-2, 9), policies N(3/2, 1)")],
    must_fail=[Mutant("with DPO targets", says="each target is the reference log-ratio, N(-12, 9), and policies are N(-3/2, 1)",
                      world="dpo targets")],
)

RATIO = {delta_ref: REFERENCE, gamma: Reals(0, oo, search=(0, 3), caption="least wanted log-ratio"),
         tau: Reals(Rational(1, 10), oo, search=(Rational(1, 10), 4), caption="sharpness"),
         alpha: Reals(0, oo, open="left", search=(Rational(1, 4), 4), caption="weight in the released code")}
cpo_target_is_a_soft_maximum = Claim(
    number="C7",
    says="The target of the released CPO loss, for alpha = 1, lies above the larger of delta_ref and gamma, by at most log 2 / tau; "
    "so it is positive for gamma >= 0.",
    source=source("released trainer, cpo_loss", QUOTE_CPO), status="derived", fidelity="exact", let=RATIO,
    given={"alpha = 1": Eq(alpha, 1)},
    then=And(cpo_target(delta_ref, gamma, tau, alpha) > delta_ref, cpo_target(delta_ref, gamma, tau, alpha) > gamma,
             cpo_target(delta_ref, gamma, tau, alpha) > 0,
             cpo_target(delta_ref, gamma, tau, alpha) <= Max(delta_ref, gamma) + log(2) / tau),
    edges={"defaults": {delta_ref: -3, gamma: Rational(1, 2), tau: 2, alpha: 1}},
    owes=[Derivation("both cases of the maximum"), Enumeration("defaults, references from -6 to 6")],
    must_fail=[Drop("alpha = 1", witness={delta_ref: -3, gamma: Rational(1, 2), tau: 2, alpha: 2}),
               Mutant("by at most log 2 / (2 tau)",
                      then=cpo_target(delta_ref, gamma, tau, alpha) <= Max(delta_ref, gamma) + log(2) / (2 * tau),
                      witness={delta_ref: Rational(1, 2), gamma: Rational(1, 2), tau: 2, alpha: 1})],
)

target_rises_with_the_reference = Claim(
    number="C7",
    says="For alpha = 1 that target rises with delta_ref at slope 1 - sigma(tau (gamma - delta_ref)) > 0, and at delta_ref = gamma it is "
    "log 2 / tau above both: the bound is attained.",
    source=source("released trainer, cpo_loss", QUOTE_CPO), status="derived", fidelity="exact",
    let={symbol: domain for symbol, domain in RATIO.items() if symbol != alpha},
    then=And(Eq(diff(cpo_target(delta_ref, gamma, tau, 1), delta_ref), 1 - sigma(tau * (gamma - delta_ref))),
             1 - sigma(tau * (gamma - delta_ref)) > 0,
             Eq(cpo_target(gamma, gamma, tau, 1), gamma + log(2) / tau)),
    edges={"defaults": {delta_ref: -3, gamma: Rational(1, 2), tau: 2}},
    owes=[Derivation("derivative in normal form; sign")],
    must_fail=[Mutant("at slope sigma(tau (gamma - delta_ref))",
                      then=Eq(diff(cpo_target(delta_ref, gamma, tau, 1), delta_ref), sigma(tau * (gamma - delta_ref))),
                      witness={delta_ref: -3, gamma: Rational(1, 2), tau: 2})],
)

clipped_target = Claim(
    number="C7",
    says="The clipped variant's target max(delta_ref, 0) is never negative, and is DPO's own exactly for references that do not "
    "prefer the wrong response.",
    source=source("released trainer, clip variant", QUOTE_CPO), status="derived", fidelity="exact", let={delta_ref: REFERENCE},
    then=And(Max(delta_ref, 0) >= 0, Equivalent(Eq(Max(delta_ref, 0), delta_ref), delta_ref >= 0)),
    edges={"indifferent": {delta_ref: 0}, "against": {delta_ref: -1}},
    owes=[Derivation("both cases of the maximum"), Enumeration("references from -5 to 5")],
    must_fail=[Mutant("always DPO's own", then=Eq(Max(delta_ref, 0), delta_ref), witness={delta_ref: -1})],
)

soft_margin = Claim(
    number="C11",
    says="Divided by beta, the DPO loss is within log 2 / beta above the hinge max(0, delta_ref - delta): margin ranking whose "
    "target delta_ref may be negative.",
    source=source("Section 5", QUOTE_MARGIN), status="theorem", fidelity="strengthening",
    let={beta: BETA, delta_ref: REFERENCE, delta: LOG_RATIO},
    then=And(dpo_loss(delta, delta_ref, beta) / beta > Max(0, delta_ref - delta),
             dpo_loss(delta, delta_ref, beta) / beta <= Max(0, delta_ref - delta) + log(2) / beta),
    edges={"one below the target": {beta: 1, delta_ref: 0, delta: -1}},
    owes=[Derivation("both cases of the maximum")],
    must_fail=[Mutant("within log 2 / (2 beta)",
                      then=dpo_loss(delta, delta_ref, beta) / beta <= Max(0, delta_ref - delta) + log(2) / (2 * beta),
                      witness={beta: 1, delta_ref: 0, delta: 0})],
)
