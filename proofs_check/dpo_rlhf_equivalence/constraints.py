"""Exact evidence on penalty and constraint: unboundedness, stationary points, the closed form of the hard constraint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Abs, Dummy, Integer, Max, Sum, asinh, cosh, exp, log, sinh, sqrt

from lakatos import Proof, Step, derivation, enumeration
from lakatos.trial import Trial
from proofs_check.dpo_rlhf_equivalence.equivalence import (
    CHANCES,
    Z,
    b,
    b0,
    b1,
    c,
    c0,
    c1,
    gibbs_inequality,
    share_of_the_value,
)
from proofs_check.dpo_rlhf_equivalence.lemmas import (
    cosh_above_its_tangents,
    gap_of,
    log_below_its_argument,
    relations,
)
from proofs_check.methods.chain import Ranges, identity, sign
from theorems.dpo_rlhf_equivalence import constraints as claims
from theorems.dpo_rlhf_equivalence.constraints import bound, g0, optimum
from theorems.dpo_rlhf_equivalence.setting import (
    beta,
    delta,
    delta_ref,
    gamma,
    gap,
    k,
    n,
    pi,
    r,
    rho,
    sigma,
    softplus,
)

Instances = Iterator[Mapping[Any, Any]]
x, s = Dummy("x", positive=True), Dummy("s", positive=True)
SCALES: Ranges = {x: (Fraction(1, 8), 3), s: (Fraction(1, 8), 3), beta: (Fraction(1, 8), 3), gamma: (Fraction(1, 8), 2),
                  gap: (Fraction(1, 8), 3), delta: (-3, 3), delta_ref: (-3, 3), bound: (0, 5), g0: (-2, 2), optimum: (-2, 2)}


@enumeration(claims.penalised_objective_has_a_maximiser, scope="delta = -400, -399, ..., 400")
def far_out(trial: Trial) -> Instances:
    """Whole log-ratios, those near zero first."""
    yield from ({delta: ratio} for ratio in sorted(range(-400, 401), key=abs))


@derivation(claims.penalised_objective_is_unbounded)
def linear_lower_bound(trial: Trial) -> Proof:
    """F = p D + entropy - beta (p s(-delta_ref) + (1-p) s(delta_ref)) + gamma delta, with s(-+delta_ref) <= s(x) < x + 1.

    x = |delta_ref|; both signs of delta_ref are looked at. At gamma delta = M + beta (x + 1) more than M is left.
    """
    steps: list[Step] = []
    for name, reference in (("w disfavoured", -x), ("w favoured", x)):
        value = trial.then.gts.subs(Abs(delta_ref), x).subs(delta_ref, reference)
        ratio = (bound + beta * (x + 1)) / gamma
        p = sigma(ratio)
        entropy = beta * (p * softplus(-ratio) + (1 - p) * softplus(ratio))
        cross = beta * (p * softplus(-reference) + (1 - p) * softplus(reference))
        room = p * gap + entropy + bound + beta * (x + 1) - cross
        steps.append(identity(f"reward, entropy, cross-entropy and margin, {name}", value, room, SCALES))
    tail = (1 - exp(-x)) + (exp(-x) - log(1 + exp(-x)))
    steps += [
        sign("reward and entropy", sigma(delta) * gap + softplus(delta), SCALES, signs={gap: 1}),
        identity("s(-x) is the smaller one", softplus(x) - softplus(-x), x, SCALES),
        identity("x + 1 - s(x)", x + 1 - softplus(x), tail, SCALES),
        sign("1 - e^(-x) is not negative", 1 - exp(-x), SCALES, strict=False, signs={x: 0}),
        *log_below_its_argument(),
        identity("the bound under trial", trial.then.lts, bound, SCALES),
    ]
    return Proof(steps, trial.then)


@derivation(claims.stationary_points)
def tangent_at_the_maximum(trial: Trial) -> Proof:
    """With gamma = beta/(2 sinh s), the room is 2 gamma (cosh delta - cosh s - (delta - s) sinh s) >= 0."""
    weight = beta / (2 * sinh(s))
    room = gap_of(trial.then).subs(asinh(beta / (2 * gamma)), s).subs(sqrt(4 * gamma**2 + beta**2), beta * cosh(s) / sinh(s))
    steps = [
        identity("asinh(beta / (2 gamma)) is s", beta / (2 * weight), sinh(s), SCALES),
        identity("the root is beta cosh s / sinh s", 4 * weight**2 + beta**2, (beta * cosh(s) / sinh(s)) ** 2, SCALES),
        identity("room below the bound", room.doit().subs(gamma, weight),
                 2 * weight * (cosh(delta) - cosh(s) - (delta - s) * sinh(s)), SCALES),
        *cosh_above_its_tangents(),
    ]
    return Proof(steps, trial.then)


@enumeration(claims.stationary_points, scope="canonical beta, D, gamma, delta_ref; delta = -2, -7/4, ..., 8")
def around_the_maximum(trial: Trial) -> Instances:
    """Log-ratios around asinh 25 = 3.91."""
    yield from ({beta: 1, gap: Fraction(1, 2), gamma: Fraction(1, 50), delta_ref: -1, delta: Fraction(quarter, 4)}
                for quarter in range(-8, 33))


@derivation(claims.two_stationary_points)
def concave_and_negative_at_both_ends(trial: Trial) -> Proof:
    """gamma = beta/(2 sinh s) at the peak; at delta_ref all terms are negative; far out, e^(delta/2) = 1 + c outgrows 2 beta delta."""
    a, c = Dummy("a", positive=True), Dummy("c", positive=True)
    ranges: Ranges = {**SCALES, a: (0, 3), c: (0, 3)}
    steps: list[Step] = []
    for part in relations(trial.then):
        if isinstance(part, sympy.Eq) and part.has(asinh):
            place = {asinh(beta / (2 * gamma)): s, sqrt(4 * gamma**2 + beta**2): beta * cosh(s) / sinh(s),
                     sqrt(1 + beta**2 / (4 * gamma**2)): cosh(s)}
            left, right = (side.doit().subs(place).subs(gamma, beta / (2 * sinh(s))) for side in part.args)
            steps += [identity("asinh(beta / (2 gamma)) is s", beta / (2 * (beta / (2 * sinh(s)))), sinh(s), SCALES),
                      identity("the root", 4 * (beta / (2 * sinh(s))) ** 2 + beta**2, (beta * cosh(s) / sinh(s)) ** 2, SCALES),
                      identity("cosh of it", 1 + beta**2 / (4 * (beta / (2 * sinh(s))) ** 2), cosh(s) ** 2, SCALES),
                      identity("value at the peak", left, right, SCALES)]
        elif isinstance(part, sympy.Eq):
            steps += [identity("second derivative", part.lhs, part.rhs, SCALES),
                      sign("it is negative", 2 * gamma * cosh(delta), trial, signs={gamma: 1})]
        elif part.has(Abs):
            value = gap_of(part).doit().subs(Abs(gap + beta * delta_ref), a)
            for name, side in (("positive", 1), ("negative", -1)):
                room = value.subs(delta_ref, (side * a - gap) / beta).subs(gamma, (2 * beta + a) / c)
                least = (3 * (2 * beta + a) / c + 4 * beta + (2 + side) * a + c * a + (2 * beta + a) / c / (1 + c) ** 2)
                steps += [identity(f"far out, D + beta delta_ref {name}", room, least + 2 * beta * (c - log(1 + c)), ranges),
                          sign("the first terms are positive", least, ranges, signs={beta: 1, a: 1, c: 1})]
            steps += log_below_its_argument()
        else:
            near = gap + 2 * gamma * (1 + cosh(delta_ref))
            steps += [identity("at delta_ref", gap_of(part), near, trial), sign("it is negative there", near, trial, signs={gap: 1, gamma: 1})]
    return Proof(steps, trial.then)


@enumeration(claims.local_maximum_still_wrong, claims.critical_penalty, scope="the instance")
def signs_by_balls(trial: Trial) -> Instances:
    """All quantities are constants."""
    yield {}


@derivation(claims.constrained_margin)
def active_and_inactive(trial: Trial) -> Proof:
    """delta* = g_0 + x: no tilt. delta* = g_0 - x: the tilt is x."""
    steps = []
    for name, value, positive_part in (("inactive", g0 + x, Integer(0)), ("active", g0 - x, x)):
        def case(side: Any, value: Any = value, part: Any = positive_part) -> Any:
            return side.doit().subs(Max(0, g0 - optimum), part).subs(Max(optimum, g0), g0 if part == x else value).subs(optimum, value)

        steps.append(identity(f"log-ratio after tilting, {name}", case(trial.lhs), case(trial.rhs), SCALES))
    return Proof(steps, trial.then)


@derivation(claims.constrained_optimum, scope="every n")
def weak_duality(trial: Trial) -> Proof:
    """J <= J + mu (pi_w - e^g0 pi_l) <= beta log of the normaliser of the tilted rewards r_w + mu, r_l - mu e^g0."""
    multiplier = Dummy("mu")
    ranges = {**CHANCES, multiplier: (0, 2), g0: (-1, 1)}
    constraint = trial.statement.given.get("constraint") == (pi[0] >= exp(g0) * pi[1])
    inside = next(found for found in trial.rhs.atoms(log) if found.has(Sum)).args[0]
    sums = [found for found in sympy.Add.make_args(inside) if isinstance(found, Sum)]
    others = sum(found for found in sympy.Add.make_args(inside) if not isinstance(found, Sum))
    others = others.subs(claims.mu, multiplier).subs({rho[0]: b0, rho[1]: b1, r[0]: c0, r[1]: c1})
    tilted = b0 * exp((c0 + multiplier) / beta) + b1 * exp((c1 - multiplier * exp(g0)) / beta)
    return Proof([
        Step("the constraint", r"\pi_w \ge e^{g_0} \pi_l", constraint, not constraint, ("the hypothesis under trial", "its form")),
        share_of_the_value(trial.lhs),
        sign("the multiplier is not negative", beta * Max(0, optimum) / (1 + exp(g0)), SCALES, strict=False, signs={beta: 1}),
        identity("the bound under trial", trial.rhs.subs(inside, Z), beta * log(Z), CHANCES),
        identity("summand of the normaliser", sums[0].function.subs({rho[k]: b, r[k]: c}), b * exp(c / beta), CHANCES),
        identity("tilted summands of the pair", others, tilted, ranges),
        *gibbs_inequality()], trial.then)


@derivation(claims.constrained_optimum_is_attained, scope="every n")
def complementary_slackness(trial: Trial) -> Proof:
    """w (r - beta log(w / pi_ref)) is zero but for the pair, whose sum -mu (w_w - e^g0 w_l) is zero in both cases."""
    multiplier, others = Dummy("mu"), Dummy("Z", positive=True)
    ranges: Ranges = {**CHANCES, others: (0, 2), multiplier: (0, 2), g0: (-1, 1), x: (0, 2)}
    untilted = b0 * exp(c0 / beta) + b1 * exp(c1 / beta)
    steps: list[Step] = []
    room = trial.lhs - trial.rhs
    for total in sorted(room.atoms(Sum), key=str):
        entry = total.function.subs({rho[k]: b, r[k]: c})
        if entry.has(log):
            steps.append(identity("the others add nothing", entry, Integer(0), CHANCES))
            room = room.subs(total, 0)
        else:
            steps.append(identity("summand of the normaliser", entry, b * exp(c / beta), CHANCES))
            room = room.subs(total, others + (untilted if total.limits[0][1] == 0 else 0))
    room = room.subs(claims.mu, multiplier).subs({rho[0]: b0, rho[1]: b1, r[0]: c0, r[1]: c1})
    best, y = log(b0 / b1) + (c0 - c1) / beta, x
    active = {multiplier: beta * y, b1: b0 * exp((c0 - c1) / beta - g0 + y * (1 + exp(g0)))}
    steps += [identity("log-ratio of the active case, y (1 + e^g0) below g0", g0 - best.subs(active), y * (1 + exp(g0)), ranges),
              identity("its multiplier", beta * (g0 - best.subs(active)) / (1 + exp(g0)), beta * y, ranges),
              identity("active: w is e^g0 times l", room.subs(active), Integer(0), ranges),
              identity("inactive: the multiplier is zero", room.subs(multiplier, 0), Integer(0), ranges)]
    return Proof(steps, trial.then)


@enumeration(claims.constrained_optimum, scope="the closed form rounded to 12 digits, and 60 policies around it")
def policies_around_the_solution(trial: Trial) -> Instances:
    """pi_ref = (1, 10, 3, 6)/20, r = (1, -1/2, 2/5, -1/5), beta = 4/5, g_0 = 1/2: the bound is attained to 10^-9."""
    best = [Fraction(part, 10**12) for part in (281834924063, 170941522540, 281387324404)]
    best.append(1 - sum(best, Fraction(0)))
    fixed = {n: 4, beta: Fraction(4, 5), g0: Fraction(1, 2), rho: tuple(Fraction(part, 20) for part in (1, 10, 3, 6)),
             r: (1, Fraction(-1, 2), Fraction(2, 5), Fraction(-1, 5))}
    yield {**fixed, pi: tuple(best)}
    for i in range(4):
        for j in range(4):
            for size in range(1, 6) if i != j else ():
                moved = list(best)
                moved[i] += Fraction(size, 40)
                moved[j] -= Fraction(size, 40)
                yield {**fixed, pi: tuple(moved)}
