"""What the losses single out: by how much they exceed their minimum, and which comparisons determine the minimiser."""

from __future__ import annotations

from sympy import And, Eq, IndexedBase, Rational, Sum, Symbol, diff, exp, log, oo

from lakatos import Claim, Derivation, Enumeration, Integers, Mutant, Reals, Simplex, Vectors
from theorems.dpo_rlhf_equivalence.setting import (
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
    rho,
    rlhf_optimum,
    sigma,
    source,
    step,
)

QUOTE_CONDITIONAL = "We prove this equivalence is conditional rather than universal"
QUOTE_PATHOLOGY = "leading to pathological convergence where policies decrease DPO loss while preferring dispreferred responses"
j, weights = Symbol("j"), IndexedBase("a")
POLICIES = {n: Integers(2, 4, caption="number of responses"), beta: BETA,
            pi: Simplex(n, positive=True, caption="policy"), rho: Simplex(n, positive=True, caption="reference policy"),
            r: Vectors(Reals(-5, 5), n, caption="rewards")}
partition = Sum(rho[j] * exp(r[j] / beta), (j, 0, n - 1))
divergence = Sum(pi[k] * log(pi[k] * partition / (rho[k] * exp(r[k] / beta))), (k, 0, n - 1))
TWO_RESPONSES = {n: 2, beta: 2, pi: (Rational(3, 4), Rational(1, 4)), rho: (Rational(1, 2), Rational(1, 2)), r: (1, 0)}

lost_value_is_a_divergence = Claim(
    number="C1",
    says="What a policy loses against the RLHF optimum is exactly beta KL(pi || pi*).",
    source=source("Theorem 3.5", "the RLHF-optimal policy must prefer human-preferred responses"), status="derived",
    fidelity="strengthening", let=POLICIES,
    then=Eq(beta * log(partition) - objective(pi, rho, r, beta, n), beta * divergence),
    edges={"two responses": TWO_RESPONSES},
    owes=[Derivation("response by response", scope="every n")],
    must_fail=[Mutant("without beta", then=Eq(beta * log(partition) - objective(pi, rho, r, beta, n), divergence),
                      witness=TWO_RESPONSES)],
)

SCALARS = {beta: BETA, gap: GAP, delta_ref: REFERENCE, delta: LOG_RATIO}
excess = population_loss(delta, delta_ref, gap, beta) - population_loss(rlhf_optimum(delta_ref, gap, beta), delta_ref, gap, beta)
mismatch = (sigma(beta * (delta - delta_ref)) - sigma(gap)) ** 2

only_the_optimum_is_least = Claim(
    number="C2a",
    says="The population loss of a pair exceeds its minimum by at least twice the squared error of the modelled probability, so "
    "that the RLHF optimum is its only minimiser.",
    source=source("Theorem on equivalence, repaired for the population loss", QUOTE_CONDITIONAL), status="derived",
    fidelity="strengthening", let=SCALARS, then=excess >= 2 * mismatch,
    edges={"condition violated": {beta: 1, gap: 1, delta_ref: -5, delta: 0}},
    owes=[Derivation("Pinsker's inequality for two outcomes")],
    must_fail=[Mutant("three times", then=excess >= 3 * mismatch,
                      witness={beta: 1, gap: Rational(1, 20), delta_ref: 0, delta: Rational(-1, 20)})],
)

comparisons_single_out_the_optimum = Claim(
    number="C2a",
    says="If responses 0, 1, ..., n - 1 are compared one with the next, only the RLHF optimum fits all comparisons: any other "
    "policy has a wrong ratio somewhere in the chain.",
    source=source("Theorem on equivalence, repaired for the population loss", QUOTE_CONDITIONAL), status="derived",
    fidelity="special case",
    let={n: Integers(2, 5, caption="number of responses"), pi: Simplex(n, positive=True, caption="policy"),
         weights: Vectors(Reals(0, oo, open="left", search=(Rational(1, 10), 4)), n, caption="Gibbs weights pi_ref e^(r/beta)")},
    given={"not the optimum": Sum((pi[k] * Sum(weights[j], (j, 0, n - 1)) - weights[k]) ** 2, (k, 0, n - 1)) > 0},
    then=Sum((pi[k] * weights[k + 1] - pi[k + 1] * weights[k]) ** 2, (k, 0, n - 2)) > 0,
    edges={"two responses": {n: 2, pi: (Rational(1, 2), Rational(1, 2)), weights: (2, 1)}},
    owes=[Derivation("equal ratios give pi = a/Z", scope="every n"), Enumeration("three responses, policies in ninths")],
    must_fail=[Mutant("only 0 and 1 are compared", then=(pi[0] * weights[1] - pi[1] * weights[0]) ** 2 > 0,
                      says="a disconnected comparison graph leaves the ratio to the third response free",
                      witness={n: 3, pi: (Rational(1, 4), Rational(1, 4), Rational(1, 2)), weights: (1, 1, 1)})],
    remark="A chain connects all responses; so does any connected comparison graph, by a spanning tree.",
)

one_sided_loss_has_no_minimiser = Claim(
    number="C2b",
    says="For pairs always labelled w the loss falls everywhere, at slope -beta sigma(-beta (delta - delta_ref)); it is positive, "
    "comes below any epsilon at delta_ref + 1/(beta epsilon), and is never least at an RLHF optimum, condition or not.",
    source=source("Theorem on equivalence, 'if'", QUOTE_PATHOLOGY), status="derived", fidelity="strengthening",
    let={**SCALARS, step: Reals(0, oo, open="left", search=(Rational(1, 20), 4), caption="increase"),
         epsilon: Reals(0, 1, open="left", caption="loss to undercut")},
    then=And(Eq(diff(dpo_loss(delta, delta_ref, beta), delta), -beta * sigma(-beta * (delta - delta_ref))),
             dpo_loss(delta, delta_ref, beta) > 0,
             dpo_loss(delta_ref + 1 / (beta * epsilon), delta_ref, beta) < epsilon,
             dpo_loss(rlhf_optimum(delta_ref, gap, beta) + step, delta_ref, beta)
             < dpo_loss(rlhf_optimum(delta_ref, gap, beta), delta_ref, beta)),
    edges={"the printed witness": {beta: 1, gap: 1, delta_ref: 0, delta: 1, step: 1, epsilon: Rational(1, 10)}},
    owes=[Derivation("slope in normal form; the drop is the logarithm of a number above one; log(1 + x) < x < e^x")],
    must_fail=[Mutant("its infimum is above 1/100", then=dpo_loss(delta, delta_ref, beta) > Rational(1, 100),
                      witness={beta: 1, gap: 1, delta_ref: 0, delta: 6, step: 1, epsilon: 1}),
               Mutant("least at the optimum", then=dpo_loss(rlhf_optimum(delta_ref, gap, beta) + step, delta_ref, beta)
                      >= dpo_loss(rlhf_optimum(delta_ref, gap, beta), delta_ref, beta),
                      witness={beta: 1, gap: 1, delta_ref: 0, delta: 1, step: 1, epsilon: 1})],
)
