"""Penalty and constraint: the penalised objective is unbounded; the hard constraint has a closed form that aligns."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from sympy import Abs, And, Eq, Max, Rational, Sum, Symbol, asinh, cosh, diff, exp, log, oo, sqrt

from lakatos import (
    Certificate,
    Claim,
    Derivation,
    Drop,
    Enumeration,
    Finding,
    Fixed,
    Integers,
    Mutant,
    OutOfReach,
    Reals,
    Simplex,
    Vectors,
    define,
    term,
)
from theorems.dpo_rlhf_equivalence.setting import (
    BETA,
    GAP,
    LOG_RATIO,
    REFERENCE,
    beta,
    delta,
    delta_ref,
    gamma,
    gap,
    k,
    n,
    objective,
    penalised,
    penalised_at,
    pi,
    r,
    reward_l,
    reward_w,
    rho,
    sigma,
    source,
    stationarity,
)

QUOTE_CPO = "augmenting RLHF with constraints for provable alignment"
QUOTE_ALIGNMENT = "provides solutions preserving simplicity with provable alignment"
p, q, bound, omega, g0 = Symbol("p"), Symbol("q"), Symbol("M"), Symbol("Omega"), Symbol("g_0")
CHANCE = Reals(0, 1, open="both", caption="probability of w")
WEIGHT = Reals(0, oo, open="left", search=(Rational(1, 50), 3), caption="weight of the penalty")
SCALARS = {beta: BETA, gap: GAP, delta_ref: REFERENCE, gamma: WEIGHT}

penalised_slope = Claim(
    number="C8",
    says="The penalised objective of two responses changes with p = pi(w) at rate D - beta (delta - delta_ref) + "
    "gamma (1/p + 1/(1 - p)): stationary points carry the inverse-probability margin.",
    source=source("Eqs 13-17", QUOTE_CPO), status="proposition", fidelity="special case",
    let={beta: BETA, gap: GAP, gamma: WEIGHT, p: CHANCE, q: Reals(0, 1, open="both", caption="reference probability of w")},
    then=Eq(diff(penalised(p, q, gap, beta, gamma), p),
            gap - beta * (log(p / (1 - p)) - log(q / (1 - q))) + gamma * (1 / p + 1 / (1 - p))),
    edges={"even reference": {beta: 1, gap: 1, gamma: 1, p: Rational(1, 4), q: Rational(1, 2)}},
    owes=[Derivation("normal form of the derivative")],
    must_fail=[Mutant("without the penalty's slope",
                      then=Eq(diff(penalised(p, q, gap, beta, gamma), p), gap - beta * (log(p / (1 - p)) - log(q / (1 - q)))),
                      witness={beta: 1, gap: 1, gamma: 1, p: Rational(1, 4), q: Rational(1, 2)})],
)

p_w, p_l, q_w, q_l = Symbol("p_w"), Symbol("p_l"), Symbol("q_w"), Symbol("q_l")
pair_value = define(
    "F_{wl}", lambda pw, pl, qw, ql, rw, rl, strength, weight:
    pw * (rw - strength * log(pw / qw)) + pl * (rl - strength * log(pl / ql)) + weight * (log(pw) - log(pl)),
    about="What the pair contributes to the penalised objective: rewards, KL terms, and gamma times the log-ratio.")
pair = pair_value(p_w, p_l, q_w, q_l, reward_w, reward_l, beta, gamma)
LIKELIHOOD = Reals(0, 1, open="both", caption="probability of a response")
AT_A_QUARTER = {beta: 1, gamma: 1, p_w: Rational(1, 4), p_l: Rational(1, 2), q_w: Rational(1, 2), q_l: Rational(1, 4),
                reward_w: 1, reward_l: 0}
stationarity_on_the_simplex = Claim(
    number="C8",
    says="With any number of responses, moving probability from l to w changes the penalised objective at rate "
    "D - beta (delta - delta_ref) + gamma (1/pi(w) + 1/pi(l)), which is zero at stationary points.",
    source=source("Eqs 13-17", QUOTE_CPO), status="proposition", fidelity="equivalent",
    let={beta: BETA, gamma: WEIGHT, p_w: LIKELIHOOD, p_l: LIKELIHOOD, q_w: LIKELIHOOD, q_l: LIKELIHOOD,
         reward_w: Reals(-5, 5, caption="reward of w"), reward_l: Reals(-5, 5, caption="reward of l")},
    then=Eq(diff(pair, p_w) - diff(pair, p_l),
            reward_w - reward_l - beta * (log(p_w / p_l) - log(q_w / q_l)) + gamma * (1 / p_w + 1 / p_l)),
    edges={"a quarter": AT_A_QUARTER},
    owes=[Derivation("normal form of the two derivatives")],
    must_fail=[Mutant("with the difference of inverse probabilities",
                      then=Eq(diff(pair, p_w) - diff(pair, p_l),
                              reward_w - reward_l - beta * (log(p_w / p_l) - log(q_w / q_l)) + gamma * (1 / p_w - 1 / p_l)),
                      witness=AT_A_QUARTER)],
    remark="The other responses' probabilities stay: along the simplex they need not change.",
)

margin_in_log_ratios = Claim(
    number="C8",
    says="In the log-ratio that rate is minus g(delta) = beta (delta - delta_ref) - D - 2 gamma (1 + cosh delta).",
    source=source("Eqs 13-17", QUOTE_CPO), status="derived", fidelity="special case",
    let={**SCALARS, delta: LOG_RATIO},
    then=Eq(gap - beta * (delta - delta_ref) + gamma * (1 / sigma(delta) + 1 / (1 - sigma(delta))),
            -stationarity(delta, delta_ref, gap, beta, gamma)),
    edges={"the canonical instance at zero": {beta: 1, gap: Rational(1, 2), delta_ref: -1, gamma: Rational(1, 50), delta: 0}},
    owes=[Derivation("1/(sigma (1 - sigma)) = 2 + 2 cosh")],
    must_fail=[Mutant("gamma (1 + cosh delta)",
                      then=Eq(gap - beta * (delta - delta_ref) + gamma * (1 / sigma(delta) + 1 / (1 - sigma(delta))),
                              gap - beta * (delta - delta_ref) + gamma * (1 + cosh(delta))),
                      witness={beta: 1, gap: 1, delta_ref: 0, gamma: 1, delta: 0})],
)

shifted_optimum = define(r"\delta_{\Omega}", lambda reference, distance, margin, strength: reference + (distance + margin) / strength,
                         about="Log-ratio delta_ref + (D + Omega)/beta.")
frozen_margin = Claim(
    number="C8",
    says="With the margin Omega frozen, the population loss is stationary at delta_ref + (D + Omega)/beta: there the modelled "
    "probability is sigma(D); Omega = 0 is DPO.",
    source=source("Eq 17", QUOTE_CPO), status="proposition", fidelity="equivalent",
    let={beta: BETA, gap: GAP, delta_ref: REFERENCE, omega: Reals(0, oo, search=(0, 4), caption="frozen margin")},
    then=Eq(sigma(beta * (shifted_optimum(delta_ref, gap, omega, beta) - delta_ref) - omega), sigma(gap)),
    edges={"no margin": {beta: 1, gap: 1, delta_ref: 0, omega: 0}},
    owes=[Derivation("normal form")],
    must_fail=[Mutant("the margin not divided by beta",
                      then=Eq(sigma(beta * (shifted_optimum(delta_ref, gap, beta * omega, beta) - delta_ref) - omega), sigma(gap)),
                      witness={beta: 2, gap: 1, delta_ref: 0, omega: 1})],
)

CANONICAL = {beta: Fixed(1, caption="beta"), gap: Fixed(Rational(1, 2), caption="reward gap"),
             gamma: Fixed(Rational(1, 50), caption="penalty"), delta_ref: Fixed(-1, caption="reference")}
BEST = penalised_at(Rational(-4165, 10**4), delta_ref, gap, beta, gamma)
penalised_objective_has_a_maximiser = Claim(
    number="C9",
    says="As printed, the penalised objective has an optimal policy. It would be the better stationary point, so that no policy "
    "is worth more: at beta = 1, D = 1/2, gamma = 1/50, delta_ref = -1 none exceeds the value at delta = -0.4165 by 1/1000.",
    source=source("'optimal policy' of the penalised objective, Eqs 13-17", QUOTE_CPO), status="remark", fidelity="special case",
    let={**CANONICAL, delta: Reals(search=(-400, 400), caption="log-ratio")},
    then=penalised_at(delta, delta_ref, gap, beta, gamma) <= BEST + Rational(1, 1000),
    edges={"far out": {delta: 200}},
    owes=[Enumeration("log-ratios to 400")],
    must_fail=[Mutant("by one hundredth of it", then=penalised_at(delta, delta_ref, gap, beta, gamma) <= BEST / 100,
                      witness={delta: 200})],
)

penalised_objective_is_unbounded = Claim(
    number="C9",
    says="For gamma > 0 the penalised objective exceeds every bound M, at the log-ratio (|M| + beta (|delta_ref| + 1))/gamma: it "
    "has no maximiser.",
    source=source("against the wording of Eqs 13-17", QUOTE_CPO), status="repair", fidelity="reconstructed",
    repairs=penalised_objective_has_a_maximiser,
    let={**SCALARS, bound: Reals(0, oo, search=(0, 20), caption="bound to exceed")},
    then=penalised_at((bound + beta * (Abs(delta_ref) + 1)) / gamma, delta_ref, gap, beta, gamma) > bound,
    edges={"bound ten": {beta: 1, gap: 1, delta_ref: -1, gamma: Rational(1, 2), bound: 10}},
    owes=[Derivation("entropy and reward are nonnegative, the rest is linear")],
    must_fail=[Mutant("without a penalty in the objective",
                      then=penalised_at((bound + beta * (Abs(delta_ref) + 1)) / gamma, delta_ref, gap, beta, 0) > bound,
                      witness={beta: 1, gap: 1, delta_ref: -1, gamma: Rational(1, 2), bound: 10})],
)

no_optimal_policy = Finding(
    title="The penalised objective has no optimal policy",
    explains="Adding gamma times the log-ratio makes the objective grow without bound as pi(l) tends to zero. There are at most "
    "two stationary points, the better of them a local maximum that may still prefer the wrong response.",
    printed=penalised_objective_has_a_maximiser, repair=penalised_objective_is_unbounded,
)

stationary_points = Claim(
    number="C9",
    says="g is at most beta asinh(beta/(2 gamma)) - sqrt(4 gamma^2 + beta^2) - 2 gamma - D - beta delta_ref, attained once: "
    "stationary points exist only if that is not negative.",
    source=source("against the wording of Eqs 13-17", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={**SCALARS, delta: LOG_RATIO},
    then=stationarity(delta, delta_ref, gap, beta, gamma)
    <= beta * asinh(beta / (2 * gamma)) - sqrt(4 * gamma**2 + beta**2) - 2 * gamma - gap - beta * delta_ref,
    edges={"canonical": {beta: 1, gap: Rational(1, 2), delta_ref: -1, gamma: Rational(1, 50), delta: 0}},
    owes=[Enumeration("a grid around the maximum"), Derivation("concavity: tangent at asinh(beta / (2 gamma))")],
    must_fail=[Mutant("with half the root", then=stationarity(delta, delta_ref, gap, beta, gamma)
                      <= beta * asinh(beta / (2 * gamma)) - 2 * sqrt(4 * gamma**2 + beta**2) - 2 * gamma - gap - beta * delta_ref,
                      witness={beta: 1, gap: Rational(1, 2), delta_ref: -1, gamma: Rational(1, 50), delta: 4})],
)

peak = beta * asinh(beta / (2 * gamma)) - sqrt(4 * gamma**2 + beta**2) - 2 * gamma - gap - beta * delta_ref
far = 2 * log(1 + (2 * beta + Abs(gap + beta * delta_ref)) / gamma)
two_stationary_points = Claim(
    number="C9",
    says="g is strictly concave, attains that bound at asinh(beta/(2 gamma)), and is negative at delta_ref and at an explicit point far "
    "out: if the bound is positive there are exactly two stationary points, a local maximum and then a local minimum.",
    source=source("against the wording of Eqs 13-17", QUOTE_CPO), status="derived", fidelity="reconstructed",
    let={**SCALARS, delta: LOG_RATIO},
    then=And(Eq(diff(stationarity(delta, delta_ref, gap, beta, gamma), delta, 2), -2 * gamma * cosh(delta)),
             Eq(stationarity(asinh(beta / (2 * gamma)), delta_ref, gap, beta, gamma), peak),
             stationarity(delta_ref, delta_ref, gap, beta, gamma) < 0, stationarity(far, delta_ref, gap, beta, gamma) < 0),
    edges={"canonical": {beta: 1, gap: Rational(1, 2), delta_ref: -1, gamma: Rational(1, 50), delta: 0}},
    owes=[Derivation("identities with gamma = beta/(2 sinh s); log(1 + c) < c far out")],
    must_fail=[Mutant("the bound without its root",
                      then=Eq(stationarity(asinh(beta / (2 * gamma)), delta_ref, gap, beta, gamma),
                              peak + sqrt(4 * gamma**2 + beta**2)),
                      witness={beta: 1, gap: Rational(1, 2), delta_ref: -1, gamma: Rational(1, 50), delta: 0})],
    remark="The rate at which the penalised objective changes is -g: it rises before the lower root and falls until the upper one.",
)

critical_penalty = Claim(
    number="C9",
    says="At beta = 1, D = 1/2, delta_ref = -1 the two stationary points merge at a penalty between 0.302997599 and 0.302997600.",
    source=source("against the wording of Eqs 13-17", QUOTE_CPO), status="derived", fidelity="special case",
    let={symbol: CANONICAL[symbol] for symbol in (beta, gap, delta_ref)},
    then=And(peak.subs(gamma, Rational(302997599, 10**9)) > 0, peak.subs(gamma, Rational(302997600, 10**9)) < 0),
    edges={"the statement": {}}, owes=[Enumeration("signs by balls")],
    must_fail=[Mutant("not before 31/100", then=peak.subs(gamma, Rational(31, 100)) > 0, witness={})],
)

local_maximum_still_wrong = Claim(
    number="C9",
    says="At beta = 1, D = 1/2, delta_ref = -1, gamma = 1/50 the penalised objective has a local maximum between -0.4165 and "
    "-0.4164, which prefers the wrong response, and a local minimum between 5.7359 and 5.7360.",
    source=source("against the wording of Eqs 13-17", QUOTE_CPO), status="derived", fidelity="special case",
    let=CANONICAL,
    then=And(stationarity(Rational(-4165, 10**4), delta_ref, gap, beta, gamma) < 0,
             stationarity(Rational(-4164, 10**4), delta_ref, gap, beta, gamma) > 0,
             stationarity(Rational(57359, 10**4), delta_ref, gap, beta, gamma) > 0,
             stationarity(Rational(57360, 10**4), delta_ref, gap, beta, gamma) < 0),
    edges={"the statement": {}},
    owes=[Enumeration("signs by balls")],
    must_fail=[Mutant("every stationary point prefers w",
                      then=stationarity(Rational(-4164, 10**4), delta_ref, gap, beta, gamma) < 0, witness={})],
)

optimum = Symbol("delta_star")
multiplier = define(r"\mu", cache(lambda strength, floor, best: strength * Max(0, floor - best) / (1 + exp(floor))),
                    about="Multiplier of the constraint delta >= g_0: beta (g_0 - delta*)_+ / (1 + e^{g_0}).")

constrained_margin = Claim(
    number="C10",
    says="Tilting the Gibbs weights of w and l by the multiplier mu = beta (g_0 - delta*)_+ / (1 + e^{g_0}) gives the log-ratio "
    "max(delta*, g_0).",
    source=source("constrained objective, hard form", QUOTE_ALIGNMENT), status="derived", fidelity="reconstructed",
    let={beta: BETA, optimum: Reals(search=(-5, 5), caption="log-ratio of the RLHF optimum"),
         g0: Reals(search=(-3, 3), caption="least wanted log-ratio")},
    then=Eq(optimum + multiplier(beta, g0, optimum) / beta + multiplier(beta, g0, optimum) * exp(g0) / beta, Max(optimum, g0)),
    edges={"active": {beta: 1, optimum: -1, g0: 0}, "inactive": {beta: 1, optimum: 1, g0: 0}},
    owes=[Derivation("both cases of the maximum")],
    must_fail=[Mutant("mu = beta (g_0 - delta*)_+ / 2",
                      then=Eq(optimum + Max(0, g0 - optimum) * (1 + exp(g0)) / 2, Max(optimum, g0)),
                      witness={beta: 1, optimum: -1, g0: 1})],
)

delta_of_gibbs = log(rho[0] / rho[1]) + (r[0] - r[1]) / beta
mu = multiplier(beta, g0, delta_of_gibbs)
tilted = Sum(rho[k] * exp(r[k] / beta), (k, 2, n - 1)) + rho[0] * exp((r[0] + mu) / beta) \
    + rho[1] * exp((r[1] - mu * exp(g0)) / beta)

weight_w, weight_l = rho[0] * exp((r[0] + mu) / beta), rho[1] * exp((r[1] - mu * exp(g0)) / beta)
value_of_the_tilted_policy = (
    Sum(rho[k] * exp(r[k] / beta) * (r[k] - beta * log(rho[k] * exp(r[k] / beta) / rho[k])), (k, 2, n - 1))
    + weight_w * (r[0] - beta * log(weight_w / rho[0])) + weight_l * (r[1] - beta * log(weight_l / rho[1]))
) / tilted + beta * log(tilted)
UNSURE = {n: 3, beta: 1, g0: 1, rho: (Rational(1, 8), Rational(1, 8), Rational(3, 4)), r: (0, 0, 0)}

constrained_optimum_is_attained = Claim(
    number="C10",
    says="The tilted Gibbs policy is worth exactly beta log of its normaliser: with its multiplier it meets the Karush-Kuhn-Tucker "
    "conditions, and the bound on constrained policies is attained.",
    source=source("constrained objective, hard form", QUOTE_ALIGNMENT), status="derived", fidelity="reconstructed",
    let={n: Integers(2, 4, caption="number of responses"), beta: BETA, g0: Reals(-2, 2, caption="least wanted log-ratio"),
         rho: Simplex(n, positive=True, caption="reference policy"), r: Vectors(Reals(-3, 3), n, caption="rewards; the pair is 0, 1")},
    then=Eq(value_of_the_tilted_policy, beta * log(tilted)),
    edges={"constraint active": UNSURE},
    owes=[Derivation("response by response; complementary slackness in both cases", scope="every n")],
    remark="The value J is written over the weights w before they are divided by their sum Z: sum of w (r - beta log(w/pi_ref))/Z, and "
    "beta log Z.",
    must_fail=[Mutant("the constraint costs nothing",
                      then=Eq(value_of_the_tilted_policy, beta * log(Sum(rho[k] * exp(r[k] / beta), (k, 0, n - 1)))), witness=UNSURE)],
)


@term("V")
def constrained_value(reference: tuple[Fraction, ...], rewards: tuple[Fraction, ...], strength: Fraction, floor: Fraction) -> Fraction:
    """Largest RLHF value of a policy with pi(0) >= e^floor pi(1)."""
    raise OutOfReach("a convex program; bounded from both sides by certificates")


def with_multiplier(value: Any) -> Any:
    """beta log of the normaliser, tilted by this multiplier."""
    return beta * log(Sum(rho[k] * exp(r[k] / beta), (k, 2, n - 1)) + rho[0] * exp((r[0] + value) / beta)
                      + rho[1] * exp((r[1] - value * exp(g0)) / beta))


constrained_value_in_closed_form = Claim(
    number="C10",
    says="The largest value under the constraint is beta log of the tilted normaliser, here to within 10^-9.",
    source=source("constrained objective, hard form", QUOTE_ALIGNMENT), status="derived", fidelity="special case",
    let={n: Integers(2, 6, caption="number of responses"), beta: BETA, g0: Reals(-2, 2, caption="least wanted log-ratio"),
         rho: Simplex(n, positive=True, caption="reference policy"), r: Vectors(Reals(-3, 3), n, caption="rewards; the pair is 0, 1")},
    then=Abs(constrained_value(rho, r, beta, g0) - with_multiplier(mu)) <= Rational(1, 10**9),
    edges={"constraint active": UNSURE},
    owes=[Certificate("a feasible policy and a multiplier, both rational")],
    must_fail=[Mutant("mu = beta (g_0 - delta*)_+ / 2",
                      then=Abs(constrained_value(rho, r, beta, g0) - with_multiplier(beta * Max(0, g0 - delta_of_gibbs) / 2))
                      <= Rational(1, 10**9))],
)

constrained_optimum = Claim(
    number="C10",
    says="No policy whose log-ratio is at least g_0 has a higher RLHF value than the tilted Gibbs policy, beta log of its "
    "normaliser: the constraint has a closed-form solution that is aligned by construction.",
    source=source("constrained objective, hard form", QUOTE_ALIGNMENT), status="derived", fidelity="reconstructed",
    let={n: Integers(2, 4, caption="number of responses"), beta: BETA, g0: Reals(-2, 2, caption="least wanted log-ratio"),
         pi: Simplex(n, positive=True, caption="policy"), rho: Simplex(n, positive=True, caption="reference policy"),
         r: Vectors(Reals(-3, 3), n, caption="rewards; the pair is 0, 1")},
    given={"constraint": pi[0] >= exp(g0) * pi[1]},
    then=objective(pi, rho, r, beta, n) <= beta * log(tilted),
    edges={"two responses": {n: 2, beta: 1, g0: 0, pi: (Rational(1, 2), Rational(1, 2)), rho: (Rational(1, 4), Rational(3, 4)),
                             r: (0, 0)}},
    owes=[Derivation("weak duality with the multiplier mu", scope="every n"),
          Enumeration("the closed form, rounded, and policies around it: the bound is attained")],
    must_fail=[Drop("constraint", witness={n: 2, beta: 1, g0: 1, pi: (Rational(1, 4), Rational(3, 4)),
                                           rho: (Rational(1, 4), Rational(3, 4)), r: (0, 0)}),
               Mutant("twice the multiplier in w's weight", then=objective(pi, rho, r, beta, n) <= beta * log(
                   Sum(rho[k] * exp(r[k] / beta), (k, 2, n - 1)) + rho[0] * exp(r[0] / beta)
                   + rho[1] * exp((r[1] - 2 * mu * exp(g0)) / beta)),
                   witness={n: 2, beta: 1, g0: 0, pi: (Rational(1, 2), Rational(1, 2)), rho: (Rational(1, 4), Rational(3, 4)),
                            r: (0, 0)})],
)
