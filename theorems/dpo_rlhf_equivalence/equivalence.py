"""When DPO and RLHF agree: the RLHF optimum, three readings of the equivalence, relative advantage, undesirable space."""

from __future__ import annotations

from fractions import Fraction

from sympy import And, Eq, Equivalent, Implies, Integer, Max, Rational, Sum, Symbol, erf, exp, log, oo, sqrt

from lakatos import (
    Claim,
    Derivation,
    Enumeration,
    Finding,
    Integers,
    Mutant,
    OutOfReach,
    Reals,
    Simplex,
    Simulation,
    Vectors,
    term,
)
from theorems.dpo_rlhf_equivalence.setting import (
    ABSTRACT,
    BETA,
    GAP,
    LOG_RATIO,
    REFERENCE,
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
    population_loss,
    r,
    reward_l,
    reward_w,
    rho,
    rlhf_optimum,
    shift,
    sigma,
    source,
    step,
)

QUOTE_CONDITION = "the RLHF-optimal policy must prefer human-preferred responses"
QUOTE_CONDITIONAL = "We prove this equivalence is conditional rather than universal"
QUOTE_RELATIVE = "DPO optimizes relative advantage over the reference policy rather than absolute alignment"
QUOTE_SPACE = "show the existence of an undesirable solution space"
VIOLATED = "We characterize when this assumption is violated"

gibbs_policy_is_optimal = Claim(
    number="C1",
    says="No policy has a higher KL-regularised value than beta log Z, which the Gibbs policy pi* = pi_ref e^(r/beta)/Z attains.",
    source=source("Theorem 3.5", QUOTE_CONDITION), status="theorem", fidelity="equivalent",
    let={n: Integers(2, 5, caption="number of responses"), beta: BETA,
         pi: Simplex(n, positive=True, caption="policy"), rho: Simplex(n, positive=True, caption="reference policy"),
         r: Vectors(Reals(-5, 5), n, caption="rewards")},
    then=objective(pi, rho, r, beta, n) <= beta * log(Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1))),
    edges={"two responses": {n: 2, beta: 1, pi: (Rational(3, 4), Rational(1, 4)), rho: (Rational(1, 2), Rational(1, 2)), r: (1, 0)}},
    owes=[Derivation("termwise: log x >= 1 - 1/x", scope="every n")],
    must_fail=[Mutant("twice the temperature inside",
                      then=objective(pi, rho, r, beta, n) <= beta * log(Sum(rho[k] * exp(r[k] / (2 * beta)), (k, 0, n - 1))),
                      witness={n: 2, beta: 1, pi: (Rational(3, 4), Rational(1, 4)), rho: (Rational(1, 2), Rational(1, 2)),
                               r: (1, 0)})],
)

optimal_log_ratio = Claim(
    number="C1",
    says="At the Gibbs policy the log-ratio of every pair is delta* = delta_ref + D/beta, for any number of responses.",
    source=source("Theorem 3.5", QUOTE_CONDITION), status="theorem", fidelity="equivalent",
    let={n: Integers(2, 5, caption="number of responses"), beta: BETA,
         rho: Simplex(n, positive=True, caption="reference policy"), r: Vectors(Reals(-5, 5), n, caption="rewards")},
    then=Eq(log(rho[0] * exp(r[0] / beta) / Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1)))
            - log(rho[1] * exp(r[1] / beta) / Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1))),
            rlhf_optimum(log(rho[0] / rho[1]), r[0] - r[1], beta)),
    edges={"rewards as wide as beta": {n: 2, beta: 1, rho: (Rational(1, 4), Rational(3, 4)), r: (1, 0)}},
    owes=[Derivation("normal form in logarithms", scope="every n, pairs renamed to 0, 1")],
    must_fail=[Mutant("without beta",
                      then=Eq(log(rho[0] * exp(r[0] / beta) / Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1)))
                              - log(rho[1] * exp(r[1] / beta) / Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1))),
                              log(rho[0] / rho[1]) + r[0] - r[1]),
                      witness={n: 2, beta: 2, rho: (Rational(1, 4), Rational(3, 4)), r: (1, 0)})],
)

SCALARS = {beta: BETA, gap: GAP, delta_ref: REFERENCE}
sign_condition = Claim(
    number="C1",
    says="The RLHF optimum prefers the preferred response exactly when delta_ref > -D/beta.",
    source=source("Theorem 3.5", QUOTE_CONDITION), status="theorem", fidelity="equivalent", let=SCALARS,
    then=Equivalent(rlhf_optimum(delta_ref, gap, beta) > 0, delta_ref > -gap / beta),
    edges={"reference against it, reward for it": {beta: 1, gap: 1, delta_ref: Rational(-1, 2)},
           "indifference": {beta: 1, gap: 1, delta_ref: -1}},
    owes=[Derivation("both sides have the same gap"), Enumeration("a grid of rationals with both sides of the threshold")],
    must_fail=[Mutant("threshold -D", then=Equivalent(rlhf_optimum(delta_ref, gap, beta) > 0, delta_ref > -gap),
                      witness={beta: 2, gap: 1, delta_ref: Rational(-3, 4)}),
               Mutant("a reference in favour is necessary",
                      then=Equivalent(rlhf_optimum(delta_ref, gap, beta) > 0, delta_ref > 0),
                      witness={beta: 1, gap: 1, delta_ref: Rational(-1, 2)})],
)


@term(r"\mathrm{P}_{\delta^{*} \le 0}")
def violating_share(responses: int, distance: Fraction, strength: Fraction) -> Fraction:
    """Share of uniformly drawn reference policies over n responses whose RLHF optimum does not prefer w: a probability."""
    raise OutOfReach("an integral over the simplex; simulated, or known by its closed form")


how_often_it_is_violated = Claim(
    number="C1",
    says="Of uniformly drawn reference policies, a share 1/(1 + e^(D/beta)) violates the condition, whatever the number of "
    "responses: never all, never none.",
    source=source(ABSTRACT, VIOLATED), status="derived", fidelity="special case",
    let={n: Integers(2, 50, caption="number of responses"), gap: GAP, beta: BETA},
    then=Eq(violating_share(n, gap, beta), 1 / (1 + exp(gap / beta))),
    edges={"two responses": {n: 2, gap: 1, beta: 1}},
    owes=[Simulation("random tabular policies: n = 2, 5, 20; D/beta = 1/2, 1, 2")],
    must_fail=[Mutant("without beta", then=Eq(violating_share(n, gap, beta), 1 / (1 + exp(gap)))),
               Mutant("one half", then=Eq(violating_share(n, gap, beta), Rational(1, 2)))],
    remark="The log-ratio of two coordinates of a uniform point of the simplex is logistic, whatever the other coordinates.",
)

mean, spread = Symbol("m"), Symbol("s")


@term(r"\mathrm{P}_{\delta^{*} \le 0}")
def violating_gaussian_share(centre: Fraction, deviation: Fraction, distance: Fraction, strength: Fraction) -> Fraction:
    """Share of references with delta_ref ~ N(centre, deviation^2) whose RLHF optimum does not prefer w: a probability."""
    raise OutOfReach("a Gaussian integral; simulated, or known by the error function")


how_often_gaussian_references_violate_it = Claim(
    number="C1",
    says="Of references whose log-ratio is normal with mean m and deviation s, a share Phi((-D/beta - m)/s) violates the condition.",
    source=source(ABSTRACT, VIOLATED), status="derived", fidelity="special case",
    let={mean: Reals(search=(-4, 4), caption="mean log-ratio"), spread: Reals(0, oo, open="left", search=(Rational(1, 4), 3),
                                                                              caption="its standard deviation"),
         gap: GAP, beta: BETA},
    then=Eq(violating_gaussian_share(mean, spread, gap, beta), (1 + erf((-gap / beta - mean) / (spread * sqrt(2)))) / 2),
    edges={"one standard deviation": {mean: 0, spread: 1, gap: 1, beta: 1}},
    owes=[Simulation("m = 0, -2; s = 1, 3; D/beta = 1, 2")],
    must_fail=[Mutant("without the gap", then=Eq(violating_gaussian_share(mean, spread, gap, beta),
                                                 (1 + erf(-mean / (spread * sqrt(2)))) / 2))],
)

population_minimiser_is_the_optimum = Claim(
    number="C2a",
    says="If labels follow Bradley-Terry and both orders occur, the population DPO loss is least at the RLHF optimum, for every "
    "reference: no condition is needed.",
    source=source("Theorem on equivalence, repaired for the population loss", QUOTE_CONDITIONAL), status="repair",
    fidelity="reconstructed",
    let={**SCALARS, delta: LOG_RATIO},
    then=population_loss(delta, delta_ref, gap, beta)
    >= population_loss(rlhf_optimum(delta_ref, gap, beta), delta_ref, gap, beta),
    edges={"condition violated": {beta: 1, gap: 1, delta_ref: -5, delta: 0}},
    owes=[Derivation("the excess is a Kullback-Leibler divergence")],
    must_fail=[Mutant("least at delta_ref + D",
                      then=population_loss(delta, delta_ref, gap, beta)
                      >= population_loss(delta_ref + gap, delta_ref, gap, beta),
                      witness={beta: 2, gap: 1, delta_ref: 0, delta: Rational(1, 2)}),
               Mutant("one order only: the loss of pairs always labelled w",
                      then=dpo_loss(delta, delta_ref, beta) >= dpo_loss(rlhf_optimum(delta_ref, gap, beta), delta_ref, beta),
                      witness={beta: 1, gap: 1, delta_ref: 0, delta: 2})],
    remark="That no other policy attains the minimum is proved beside it, for one pair and for a connected comparison graph.",
)

@term(r"\arg\min L_{\mathrm{pop}}")
def population_minimiser(reference: Fraction, distance: Fraction, strength: Fraction) -> Fraction:
    """The log-ratio at which the population loss is least.

    Its slope there, beta (sigma(beta (delta - delta_ref)) - sigma(D)), vanishes: beta (delta - delta_ref) = D.
    """
    return reference + distance / Fraction(strength)


minimiser_agrees_only_under_the_condition = Claim(
    number="C2a",
    says="As printed, 'only if': where the population DPO loss is least at the RLHF optimum, delta_ref > -D/beta.",
    source=source("Theorem on equivalence, 'only if'", QUOTE_CONDITIONAL), status="theorem", fidelity="reconstructed",
    let=SCALARS, given={"DPO finds the RLHF optimum": Eq(population_minimiser(delta_ref, gap, beta),
                                                           rlhf_optimum(delta_ref, gap, beta))},
    then=delta_ref > -gap / beta,
    edges={"D = beta = 1, delta_ref = -5: both are -4": {beta: 1, gap: 1, delta_ref: -5}},
    owes=[Enumeration("references on both sides of the condition")],
    must_fail=[Mutant("only if the reference prefers w", then=delta_ref > 0, witness={beta: 1, gap: 1, delta_ref: -5})],
    remark="The minimiser enters by its stationarity condition; that it is the only minimiser is proved beside it.",
)

literal_equivalence = Claim(
    number="C2b",
    says="As printed, 'if': for pairs always labelled w, the DPO loss is least at the RLHF optimum whenever delta_ref > -D/beta.",
    source=source("Theorem on equivalence, 'if'", QUOTE_CONDITIONAL), status="theorem", fidelity="reconstructed",
    let={beta: BETA, reward_w: Reals(-5, 5, caption="reward of w"), reward_l: Reals(-5, 5, caption="reward of l"),
         delta_ref: REFERENCE, delta: LOG_RATIO},
    given={"w is preferred": reward_w > reward_l, "condition": delta_ref > -(reward_w - reward_l) / beta},
    then=dpo_loss(delta, delta_ref, beta)
    >= dpo_loss(rlhf_optimum(delta_ref, reward_w - reward_l, beta), delta_ref, beta),
    edges={"beta = 1, delta_ref = 0, rewards (1, 0)": {beta: 1, reward_w: 1, reward_l: 0, delta_ref: 0, delta: 2}},
    owes=[Enumeration("log-ratios above the optimum, at beta = 1, delta_ref = 0, rewards (1, 0)")],
    must_fail=[Mutant("least at twice the optimum",
                      then=dpo_loss(delta, delta_ref, beta)
                      >= dpo_loss(2 * rlhf_optimum(delta_ref, reward_w - reward_l, beta), delta_ref, beta),
                      witness={beta: 1, reward_w: 1, reward_l: 0, delta_ref: 0, delta: 3})],
    remark="L falls strictly in delta and has no minimiser: L(1) = 0.3133 at the optimum, L(2) = 0.1269 beyond it.",
)

what_survives = Claim(
    number="C2c",
    says="The DPO loss of pairs always labelled w falls strictly as the log-ratio grows, so it drives delta to infinity; the RLHF "
    "optimum's sign is that of beta delta_ref + D: where that is negative they disagree even in ranking.",
    source=source("Theorem on equivalence, repaired", "DPO and RLHF optimize fundamentally different objectives in such cases"),
    status="repair", fidelity="reconstructed", repairs=literal_equivalence,
    let={**SCALARS, delta: LOG_RATIO, step: Reals(0, oo, open="left", search=(Rational(1, 20), 4), caption="increase")},
    then=And(Equivalent(rlhf_optimum(delta_ref, gap, beta) > 0, beta * delta_ref + gap > 0),
             dpo_loss(delta + step, delta_ref, beta) < dpo_loss(delta, delta_ref, beta)),
    edges={"the printed witness": {beta: 1, gap: 1, delta_ref: 0, delta: 1, step: 1}},
    owes=[Derivation("the drop is the logarithm of a number above one")],
    must_fail=[Mutant("by at least beta s / 2", then=dpo_loss(delta + step, delta_ref, beta)
                      <= dpo_loss(delta, delta_ref, beta) - beta * step / 2,
                      witness={beta: 1, gap: 1, delta_ref: 0, delta: 1, step: 1})],
)

equivalence_if = Finding(
    title="'DPO is equivalent to RLHF if the condition holds' is false as printed",
    explains="With pairs always labelled the same way the DPO loss has no minimiser: at beta = 1, delta_ref = 0, rewards (1, 0) "
    "the RLHF optimum is delta = 1, and delta = 2 has a lower loss. What survives is the sign condition and the disagreement in "
    "ranking when it fails.",
    printed=literal_equivalence, repair=what_survives,
)
equivalence_only_if = Finding(
    title="'Only if the condition holds' is false for the population loss",
    explains="With Bradley-Terry labels in both orders the population DPO loss is least exactly at the RLHF optimum for every "
    "reference policy, also where the RLHF optimum prefers the wrong response (D = beta = 1, delta_ref = -5).",
    printed=minimiser_agrees_only_under_the_condition, repair=population_minimiser_is_the_optimum,
)

only_the_advantage_counts = Claim(
    number="C3",
    says="The DPO loss depends on the policy and the reference only through the difference of their log-ratios, and is below the "
    "reference's own, log 2, exactly when the policy's log-ratio is above the reference's.",
    source=source(ABSTRACT, QUOTE_RELATIVE), status="proposition", fidelity="equivalent",
    let={beta: BETA, delta_ref: REFERENCE, delta: LOG_RATIO, shift: Reals(caption="common shift", search=(-4, 4))},
    then=And(Eq(dpo_loss(delta + shift, delta_ref + shift, beta), dpo_loss(delta, delta_ref, beta)),
             Equivalent(dpo_loss(delta, delta_ref, beta) < log(2), delta > delta_ref)),
    edges={"better than the reference, still wrong": {beta: 1, delta_ref: -3, delta: -1, shift: 1}},
    owes=[Derivation("normal form; log is increasing")],
    must_fail=[Mutant("a loss below log 2 means the right ranking",
                      then=Implies(dpo_loss(delta, delta_ref, beta) < log(2), delta > 0),
                      witness={beta: 1, delta_ref: -3, delta: -1, shift: 0})],
)

undesirable_space = Claim(
    number="C4",
    says="There is a log-ratio between the reference's and zero exactly when delta_ref < 0, and then delta_ref/2 is one; there "
    "the loss is below the reference's and w is still the less likely response.",
    source=source("Definition 3.3, Eq 14", QUOTE_SPACE), status="theorem", fidelity="equivalent",
    let={beta: BETA, delta_ref: REFERENCE},
    then=And(Equivalent(delta_ref < 0, And(delta_ref < delta_ref / 2, delta_ref / 2 < 0)),
             Implies(delta_ref < 0, And(dpo_loss(delta_ref / 2, delta_ref, beta) < log(2), sigma(delta_ref / 2) < Rational(1, 2)))),
    edges={"reference against w": {beta: 1, delta_ref: -1}, "reference indifferent": {beta: 1, delta_ref: 0}},
    owes=[Derivation("signs of delta_ref and of delta_ref / 2"), Enumeration("references from -5 to 5")],
    must_fail=[Mutant("empty unless the RLHF optimum is wrong too (D = 1)",
                      then=Equivalent(delta_ref < -1 / beta, And(delta_ref < delta_ref / 2, delta_ref / 2 < 0)),
                      witness={beta: 1, delta_ref: Rational(-1, 2)})],
)

policies_of_the_space = Claim(
    number="C4",
    says="Every log-ratio between the reference's and zero has a loss below the reference's and still prefers the wrong response; "
    "there is one only if delta_ref < 0.",
    source=source("Definition 3.3, Eq 14", QUOTE_SPACE), status="theorem", fidelity="equivalent",
    let={beta: BETA, delta_ref: REFERENCE, delta: LOG_RATIO},
    then=Implies(And(delta_ref < delta, delta < 0),
                 And(delta_ref < 0, dpo_loss(delta, delta_ref, beta) < log(2), sigma(delta) < Rational(1, 2))),
    edges={"half way": {beta: 1, delta_ref: -1, delta: Rational(-1, 2)}, "outside": {beta: 1, delta_ref: 1, delta: 2}},
    owes=[Derivation("e^L and sigma(delta) at delta = delta_ref + x < 0"), Enumeration("references and policies from -4 to 1")],
    must_fail=[Mutant("below half of the reference's loss",
                      then=Implies(And(delta_ref < delta, delta < 0),
                                   And(delta_ref < 0, dpo_loss(delta, delta_ref, beta) < log(2) / 2, sigma(delta) < Rational(1, 2))),
                      witness={beta: 1, delta_ref: -1, delta: Rational(-1, 2)})],
)

vanishing_loss = Claim(
    number="C4",
    says="A small DPO loss does not bound misalignment: for any wrong log-ratio delta < 0 and any epsilon there is a reference, "
    "delta - 1/(beta epsilon), at which the loss is below epsilon.",
    source=source(ABSTRACT, "policies decrease DPO loss while preferring dispreferred responses"), status="derived",
    fidelity="strengthening",
    let={beta: BETA, delta: Reals(-oo, 0, open="right", search=(-6, 0), caption="log-ratio of a wrong policy"),
         epsilon: Reals(0, 1, open="left", caption="loss to undercut")},
    then=dpo_loss(delta, delta - 1 / (beta * epsilon), beta) < epsilon,
    edges={"one tenth": {beta: 1, delta: -1, epsilon: Rational(1, 10)}},
    owes=[Derivation("log(1 + x) <= x, and e^y > y")],
    must_fail=[Mutant("with references no lower than -10",
                      then=dpo_loss(delta, Max(delta - 1 / (beta * epsilon), Integer(-10)), beta) < epsilon,
                      witness={beta: 1, delta: -1, epsilon: Rational(1, 10**6)})],
)
