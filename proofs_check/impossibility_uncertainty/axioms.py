"""Exact evidence on axioms: games between objects and axioms, Arrow as a propositional formula, axiologies compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import sympy
from sympy import Integer, Max

from lakatos import Certified, certificate, enumeration
from lakatos.evaluation import evaluate
from lakatos.randomness import Block
from lakatos.trial import Trial
from proofs_check.methods.linear_programs import (
    NoCertificate,
    Rejected,
    check_game,
    check_infeasibility,
    decide_inequalities,
    game_certificate,
)
from theorems.impossibility_uncertainty import axioms as claims
from theorems.impossibility_uncertainty.axioms import (
    T,
    axiom_value,
    k,
    m,
    mu,
    z,
)

Instances = Iterator[Mapping[Any, Any]]

# ------------------------------------------------------------------------------------------------ C6: the general lemma


@certificate(claims.impossibility_becomes_uncertainty, scope="m = 1..6, any objects and mixtures")
def equal_weights_on_axioms(trial: Trial) -> Iterator[Certified]:
    """Weights 1/m: every nonempty pattern of violations loses at least 1/m, whatever objects have it."""
    for count in range(1, 7):
        yield Certified({m: count, k: 1, T: (1,), mu: (1,)}, {"m": count, "weight": f"1/{count}"}, _every_pattern, note=f"m = {count}")


def _every_pattern(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    """Least loss over the patterns that the hypotheses under trial allow, against each conjunct's bound."""
    count, weight = data["m"], Fraction(data["weight"])
    fewest = 1 if "impossible together" in trial.statement.given else 0
    least = min(weight * pattern.bit_count() for pattern in range(2**count) if pattern.bit_count() >= fewest)
    bounds = {claims.expected_violations: least / weight, claims.worst_axiom: least}
    for part in trial.then.args if isinstance(trial.then, sympy.And) else (trial.then,):
        term = next(found for found in bounds if part.gts.has(found))
        applied = next(iter(part.gts.atoms(term)))
        if evaluate(part.gts, {m: count}, {applied: bounds[term]}) < evaluate(part.lts, {m: count}):
            return False
    return bool(weight * count == 1)


@enumeration(claims.impossibility_becomes_uncertainty, scope="two objects, up to three axioms, weights in fifths")
def pairs_of_objects(trial: Trial) -> Instances:
    """Every pair of patterns, the empty one included."""
    for count in (1, 2, 3):
        for patterns in product(range(2**count), repeat=2):
            yield from ({m: count, k: 2, T: patterns, mu: (Fraction(part, 5), Fraction(5 - part, 5))} for part in range(6))


@certificate(claims.minimal_impossibilities_attain_the_bound, scope="m = 1..6: the minimal patterns alone, and with drawn others; "
             "redundant axioms for the control")
def games_of_axioms(trial: Trial) -> Iterator[Certified]:
    """Both players' optimal mixtures."""
    block = Block(trial.seed, trial.claim.id, "patterns", 0, 1)
    for count in range(1, 7):
        singles = tuple(1 << i for i in range(count))
        others = tuple(1 + int(word) % (2**count - 1) for word in block.words(2)) if count < 6 else ()
        redundant = tuple(pattern for pattern in singles if pattern > 1)
        for patterns in (singles, (*singles, *others)[:7], redundant):
            if patterns:
                table = [[pattern >> i & 1 for i in range(count)] for pattern in patterns]
                try:
                    yield Certified({m: count, k: len(patterns), T: patterns}, game_certificate(table), _game)
                except NoCertificate:
                    continue


def _game(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    table = [[pattern >> i & 1 for i in range(instance[m])] for pattern in instance[T]]
    return {axiom_value(m, T): check_game(table, data)}


# ------------------------------------------------------------------------------------------------ C11, C12: axiologies


@enumeration(claims.the_triangle_in_numbers, scope="three populations, four axiologies")
def populations(trial: Trial) -> Instances:
    """Every population."""
    yield from ({claims.j: population} for population in range(3))


@certificate(claims.the_triangle_costs_one_third, scope="all complete preorders of three populations", whole_domain=True)
def game_of_the_triangle(trial: Trial) -> Iterator[Certified]:
    """Both players' optimal mixtures, over the preorders under trial."""
    patterns = trial.statement.let[T].value  # type: ignore[attr-defined]
    yield Certified({}, game_certificate([[pattern >> i & 1 for i in range(3)] for pattern in patterns]), _triangle)


def _triangle(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    return {axiom_value(Integer(3), T): check_game([[pattern >> i & 1 for i in range(3)] for pattern in instance[T]], data)}


@enumeration(claims.each_axiology_breaks_one_constraint, claims.named_axiologies_attain_the_bound,
             scope="welfare of Z from 1/20 to 150; the hypotheses keep 6/10 to 99")
def welfare_levels(trial: Trial) -> Instances:
    """Levels inside and outside of the triangle's premises."""
    yield from ({z: Fraction(tenth, 10)} for tenth in (*range(6, 100), *range(100, 1000, 50)))
    yield from ({z: level} for level in (Fraction(1, 20), Fraction(1, 2), Fraction(120), Fraction(150)))


@certificate(claims.six_conditions_cost_one_sixth, claims.five_conditions_cost_one_fifth, scope="all probabilities", whole_domain=True)
def farkas(trial: Trial) -> Iterator[Certified]:
    """All probabilities below the bound, and the hypothesis: multipliers that add them up to 0 < 0, or a point."""
    symbols = list(trial.statement.let)
    matrix, bounds, strict = _against(trial)
    data = decide_inequalities(matrix, bounds, strict)
    yield Certified(dict.fromkeys(symbols, Fraction(1, len(symbols))), data, _contradictory)


def _against(trial: Trial) -> tuple[list[list[int]], list[Fraction], list[bool]]:
    """The hypotheses under trial and the negation of the conclusion: q_i < bound for each i, -q_i <= 0, -sum q <= -1."""
    size = len(trial.statement.let)
    assert trial.then.gts.func is Max
    bound = Fraction(str(trial.then.lts))
    rows = [[int(i == j) for j in range(size)] for i in range(size)]
    matrix, bounds, strict = [*rows, *([-x for x in row] for row in rows)], [bound] * size + [Fraction(0)] * size, [True] * size + [False] * size
    if trial.statement.given:
        matrix, bounds, strict = [*matrix, [-1] * size], [*bounds, Fraction(-1)], [*strict, False]
    return matrix, bounds, strict


def _contradictory(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    matrix, bounds, strict = _against(trial)
    same: Any = ([[Fraction(e) for e in row] for row in data["matrix"]], [Fraction(b) for b in data["bounds"]], data["strict"])
    if same != (matrix, bounds, strict) or "multipliers" not in data:
        return False
    try:
        check_infeasibility(data)
    except Rejected:
        return False
    return True


