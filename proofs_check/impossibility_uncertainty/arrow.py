"""Arrow's base case: a propositional formula refuted, its smallest core, its models, and the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from lakatos import Certified, certificate, enumeration
from lakatos.trial import Trial
from proofs_check.methods.linear_programs import Rejected
from proofs_check.methods.satisfiability import (
    Clause,
    Formula,
    check_core_bound,
    check_minimal_core,
    check_model,
    core_certificate,
    count_models,
    find_model,
    minimal_core,
    smallest_core,
)
from theorems.impossibility_uncertainty import arrow as claims
from theorems.impossibility_uncertainty.arrow import fair_rules, least_core, m, paretian_rules, procedure_value, w

GROUPS = {1: "Pareto", 2: "transitive", 3: "voter"}
"""First word of the names of the clauses for each condition."""


@cache
def arrow_formula(alternatives: int = 3, voters: int = 2, dropped: int = 0) -> Formula:
    """The clauses of the base case without those of one condition; 0 drops none."""
    return tuple(Clause(name, tuple((f"x{variable}", value) for variable, value in literals))
                 for name, literals in claims.arrow_clauses(alternatives, voters)
                 if dropped == 0 or not name.startswith(GROUPS[dropped]))


@cache
def _answer(formula: Formula) -> dict[str, Any]:
    """A model of the formula, or a minimal core with a refutation."""
    model = find_model(formula)
    return {"model": model} if model is not None else core_certificate(formula, minimal_core(formula))


# ------------------------------------------------------------------------------------------------ impossibility


def _formula_under(trial: Trial) -> Formula:
    alternatives, dropped = (int(entry) for entry in next(iter(trial.lhs.atoms(fair_rules))).args)
    return arrow_formula(alternatives, 2, dropped)


@certificate(claims.arrow_base_case, scope="the base case", whole_domain=True)
def core_and_refutation(trial: Trial) -> Iterator[Certified]:
    """A minimal core with a refutation tree, and for each of its clauses a model of the others; or a model of all."""
    yield Certified({}, _answer(_formula_under(trial)), _unsatisfiable)


def _unsatisfiable(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    formula = _formula_under(trial)
    if "model" in data:
        check_model(formula, data["model"])
        return False
    return check_minimal_core(formula, data) > 0 and bool(trial.rhs == 0)


@enumeration(claims.arrow_base_case, claims.only_the_dictators, scope="all 4096 rules")
def all_rules(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """The definition tries all rules."""
    yield {}


@certificate(claims.only_the_dictators, scope="the base case", whole_domain=True)
def all_models(trial: Trial) -> Iterator[Certified]:
    """Models of the formula without non-dictatorship, all assignments tried by truth tables; a route beside the rules."""
    yield Certified({}, {"dropped": 3}, _models)


def _models(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    return {fair_rules(3, 3): count_models(arrow_formula(dropped=data["dropped"]))}


@certificate(claims.as_many_rules_as_dictators, scope="two and three voters", whole_domain=True)
def models_by_voters(trial: Trial) -> Iterator[Certified]:
    """Models without non-dictatorship: 2^6 and 2^18 assignments, Pareto having fixed six variables."""
    for voters in (2, 3):
        yield Certified({w: voters}, {"voters": voters}, _models_by_voters)


def _models_by_voters(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    return {paretian_rules(w): _count(data["voters"])}


@cache
def _count(voters: int) -> int:
    return count_models(arrow_formula(3, voters, 3))


@enumeration(claims.indifference_does_not_help, scope="all rules that agree with unanimous voters")
def strict_and_weak(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Without ties and with them."""
    yield from ({m: indifferent} for indifferent in (0, 1))


# -------------------------------------------------------------------------------------------------- small cores


@enumeration(claims.fourteen_clauses_are_impossible, scope="all 4096 assignments, fifteen sets of clauses")
def all_assignments(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """The definition tries all assignments."""
    yield {}


@cache
def _smallest() -> dict[str, Any]:
    formula = arrow_formula()
    found = smallest_core(formula)
    return core_certificate(formula, found["core"]) | {"assignments": found["assignments"]}


@certificate(claims.thirteen_clauses_can_be_met, scope="the base case", whole_domain=True)
def covering_and_packing(trial: Trial) -> Iterator[Certified]:
    """A core above; below, assignments that falsify disjoint sets of clauses. Both found by integer programs."""
    yield Certified({}, _smallest(), _between)


def _between(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    least = Fraction(check_core_bound(arrow_formula(), data["assignments"]))
    return {least_core(3): (least, Fraction(check_minimal_core(arrow_formula(), data)))}


# -------------------------------------------------------------------------------------------- random procedures


@enumeration(claims.four_procedures_break_one_condition_each, scope="four procedures, four conditions, 36 profiles")
def procedures_and_conditions(trial: Trial) -> Iterator[Mapping[Any, Any]]:
    """Every procedure against every condition."""
    yield from ({w: procedure, m: condition} for procedure, condition in product(range(4), repeat=2))


@certificate(claims.arrow_uncertainty, scope="all random procedures", whole_domain=True)
def refutation_and_mixture(trial: Trial) -> Iterator[Certified]:
    """Each procedure breaks one condition: the refutation, or a model of all conditions; and the four mixed evenly."""
    alternatives = int(next(iter(trial.lhs.atoms(procedure_value))).args[0])
    yield Certified({}, _answer(arrow_formula(alternatives)) | {"alternatives": alternatives, "mixture": ["1/4"] * 4}, _quarter)


def _quarter(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    """A procedure that is independent is a rule; if no rule meets the rest, probabilities of the four sum to at least one."""
    alternatives, mixture = data["alternatives"], [Fraction(weight) for weight in data["mixture"]]
    formula = arrow_formula(alternatives)
    if "model" in data:
        check_model(formula, data["model"])
        return {procedure_value(alternatives): Fraction(0)}
    check_minimal_core(formula, data)
    if min(mixture) < 0 or sum(mixture) != 1 or alternatives != 3:
        raise Rejected("the weights are not a mixture of the four procedures on three alternatives")
    most = max(sum(weight * claims.broken_conditions(index)[condition] for index, weight in enumerate(mixture))
               for condition in range(4))
    return {procedure_value(3): (Fraction(1, 4), most)}
