"""Penalty and constraint: the penalised objective is unbounded; the hard constraint has a closed form that aligns."""

from __future__ import annotations

from sympy import Abs, And, Eq, Max, Rational, Sum, Symbol, asinh, cosh, diff, exp, log, oo, sqrt

from lakatos import (
    Claim,
    Derivation,
    Drop,
    Enumeration,
    Finding,
    Fixed,
    Integers,
    Mutant,
    Reals,
    Simplex,
    Vectors,
    define,
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
multiplier = define(r"\mu", lambda strength, floor, best: strength * Max(0, floor - best) / (1 + exp(floor)),
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
