"""Where the authors' released trainer departs from the paper's formula: the sign of the 'easy' margin."""

from __future__ import annotations

from sympy import And, Rational, Symbol, log, oo

from lakatos import Claim, Derivation, Enumeration, Finding, Mutant, Reals
from theorems.dpo_rlhf_equivalence.setting import gamma, source

p_w, p_l = Symbol("p_w"), Symbol("p_l")
QUOTE_CPO = "introduce Constrained Preference Optimization (CPO), augmenting RLHF with constraints for provable alignment"
LIKELIHOOD = Reals(0, 1, open="both", search=(Rational(1, 100), Rational(99, 100)), caption="probability of a response")
in_the_paper = gamma * (1 / p_w + 1 / p_l)
in_the_code = gamma * (1 / log(p_w) + 1 / log(p_l))

easy_margin_is_positive = Claim(
    number="C7",
    says="If the released 'easy' loss implements the paper's constraint, its margin gamma (1/log p_w + 1/log p_l) is positive, as "
    "the paper's gamma (1/p_w + 1/p_l) is.",
    source=source("released trainer, easy variant, against Eq 17", QUOTE_CPO), status="remark", fidelity="exact",
    let={gamma: Reals(0, oo, open="left", search=(Rational(1, 50), 3), caption="weight of the penalty"),
         p_w: LIKELIHOOD, p_l: LIKELIHOOD},
    then=And(in_the_paper > 0, in_the_code > 0),
    edges={"even": {gamma: 1, p_w: Rational(1, 2), p_l: Rational(1, 2)}},
    owes=[Enumeration("probabilities in tenths")],
    must_fail=[Mutant("the code's margin is above the paper's", then=in_the_code >= in_the_paper,
                      witness={gamma: 1, p_w: Rational(1, 2), p_l: Rational(1, 2)})],
)

easy_margin_has_the_other_sign = Claim(
    number="C7",
    says="The margin of the released 'easy' loss is always negative, the paper's always positive: the code lowers the target below "
    "DPO's own.",
    source=source("released trainer, easy variant, against Eq 17", QUOTE_CPO), status="repair", fidelity="exact",
    repairs=easy_margin_is_positive, let=easy_margin_is_positive.let,
    then=And(in_the_paper > 0, in_the_code < 0),
    edges={"even": {gamma: 1, p_w: Rational(1, 2), p_l: Rational(1, 2)}},
    owes=[Derivation("logarithms of probabilities are negative"), Enumeration("probabilities in tenths")],
    must_fail=[Mutant("below minus gamma", then=And(in_the_paper > 0, in_the_code < -gamma),
                      witness={gamma: 1, p_w: Rational(1, 10), p_l: Rational(1, 10)})],
)

code_departs_from_the_paper = Finding(
    title="The released 'easy' loss lowers the target that the paper raises",
    explains="Eq 17 adds gamma (1/pi_ref(w) + 1/pi_ref(l)), which is positive. The released trainer adds the reciprocals of "
    "log-probabilities, which are negative, so that its target lies below DPO's own.",
    printed=easy_margin_is_positive, repair=easy_margin_has_the_other_sign,
)
