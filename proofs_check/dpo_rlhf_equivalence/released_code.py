"""Exact evidence on the sign of the 'easy' margin in the authors' released trainer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sympy import Dummy, exp, log

from lakatos import Proof, Step, derivation, enumeration
from lakatos.trial import Trial
from proofs_check.dpo_rlhf_equivalence.lemmas import gap_of, relations
from proofs_check.methods.chain import Ranges, identity, sign
from theorems.dpo_rlhf_equivalence import released_code as claims
from theorems.dpo_rlhf_equivalence.released_code import p_l, p_w
from theorems.dpo_rlhf_equivalence.setting import gamma

x, y = Dummy("x", positive=True), Dummy("y", positive=True)
RANGES: Ranges = {x: (0, 4), y: (0, 4), gamma: (0, 3)}


@derivation(claims.easy_margin_has_the_other_sign)
def likelihoods_as_exponentials(trial: Trial) -> Proof:
    """With p_w = e^(-x), p_l = e^(-y): gamma (e^x + e^y) and gamma (1/x + 1/y) are positive."""
    steps: list[Step] = []
    for part in relations(trial.then):
        inner = gap_of(part).subs({p_w: exp(-x), p_l: exp(-y)})
        positive = gamma * (1 / x + 1 / y) if part.has(log) else gamma * (exp(x) + exp(y))
        steps += [identity("the margin in log-probabilities", inner, positive, RANGES),
                  sign("its sign", positive, RANGES, signs={gamma: 1, x: 1, y: 1})]
    return Proof(steps, trial.then)


@enumeration(claims.easy_margin_is_positive, claims.easy_margin_has_the_other_sign, scope="gamma = 1/20, 1; probabilities in tenths")
def likelihoods_in_tenths(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Pairs of probabilities, two weights."""
    for weight in (Fraction(1, 20), 1):
        for chosen in range(1, 10):
            for rejected in range(1, 10):
                yield {gamma: weight, p_w: Fraction(chosen, 10), p_l: Fraction(rejected, 10)}
