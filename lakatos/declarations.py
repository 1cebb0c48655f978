"""Mistakes in statements, found before anything runs and reported all at once, each with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

import sympy

from lakatos.claims import Claim, Dropped, Fidelity, Modelled, Mutated, Status
from lakatos.domains import Domain

if TYPE_CHECKING:
    from lakatos.discovery import Corpus, Problem


def _symbols(expression: Any) -> set[Any]:
    """Free symbols by label: `pi[0]` counts as `pi`."""
    if not isinstance(expression, sympy.Basic):
        return set()
    bases = {base.label for base in expression.atoms(sympy.IndexedBase)}
    plain = {symbol for symbol in expression.free_symbols if isinstance(symbol, sympy.Symbol)}
    return plain | bases


def _unknown(what: str, expression: Any, let: dict[Any, Domain]) -> Iterator[str]:
    unknown = sorted(str(symbol) for symbol in _symbols(expression) - set(let))
    if unknown:
        yield f"{what} uses {', '.join(unknown)}, which `let` does not declare"


def _relation(what: str, relation: Any) -> Iterator[str]:
    if isinstance(relation, bool) or relation in (sympy.true, sympy.false):
        yield f"{what} is {relation} before anything is checked: SymPy (or Python) has evaluated it away"
    elif not isinstance(relation, sympy.logic.boolalg.Boolean):
        yield f"{what} must be a SymPy relation or Boolean, not {type(relation).__name__}"
    elif isinstance(relation, sympy.core.relational.Relational) and relation.lhs == relation.rhs:
        yield f"{what} compares {relation.lhs} with itself"
    elif relation.atoms(sympy.Float):
        yield f"{what} contains the float {sorted(relation.atoms(sympy.Float), key=str)[0]}: write a Rational"


def _statement(let: dict[Any, Domain], given: dict[str, Any], then: Any, prefix: str = "") -> Iterator[str]:
    seen: dict[Any, Domain] = {}
    for symbol, domain in let.items():
        if not isinstance(domain, Domain):
            yield f"{prefix}`let` gives {symbol} a {type(domain).__name__} instead of a domain"
            continue
        for size in domain.sizes:
            for message in _unknown(f"{prefix}the domain of {symbol}", sympy.sympify(size), seen):
                yield message + " before it"
            if sympy.sympify(size).atoms(sympy.Float):
                yield f"{prefix}the domain of {symbol} contains the float {size}: write a Rational"
        seen[symbol] = domain
    for name, hypothesis in given.items():
        if not isinstance(hypothesis, Modelled):
            yield from _relation(f"{prefix}the hypothesis '{name}'", hypothesis)
            yield from _unknown(f"{prefix}the hypothesis '{name}'", hypothesis, let)
    yield from _relation(f"{prefix}the conclusion", then)
    yield from _unknown(f"{prefix}the conclusion", then, let)


def _has_float(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(_has_float(entry) for entry in value)
    return isinstance(value, float | sympy.Float)


def _instance(what: str, instance: Any, let: dict[Any, Domain]) -> Iterator[str]:
    from lakatos.domains import Fixed

    unknown = sorted(str(symbol) for symbol in instance if symbol not in let)
    missing = sorted(str(symbol) for symbol, domain in let.items()
                     if symbol not in instance and not isinstance(domain, Fixed))
    if unknown:
        yield f"{what} names {', '.join(unknown)}, which `let` does not declare"
    if missing:
        yield f"{what} gives no value for {', '.join(missing)}"
    if any(_has_float(value) for value in instance.values()):
        yield f"{what} contains a float: write Rational or Fraction"


def mistakes(claim: Claim) -> Iterator[str]:
    """Everything wrong with one claim's declaration."""
    let, given = dict(claim.let), dict(claim.given)
    if not claim.says.strip():
        yield "`says` is empty: one sentence says what the claim is"
    if not claim.source.quote.strip():
        yield "the source has no quote: a short one shows what is being checked"
    if not claim.source.at.strip():
        yield "the source does not say at which place the statement stands"
    if claim.status not in get_args(Status):
        yield f"unknown status '{claim.status}'; one of {', '.join(get_args(Status))}"
    if claim.fidelity not in get_args(Fidelity):
        yield f"unknown fidelity '{claim.fidelity}'; one of {', '.join(get_args(Fidelity))}"
    yield from _statement(let, given, claim.then)
    for name, edge in claim.edges.items():
        yield from _instance(f"the edge '{name}'", edge, let)
    for name, count in Counter(control.name for control in claim.must_fail).items():
        if count > 1:
            yield f"{count} controls are named '{name}'"
    for control in claim.must_fail:
        inner = dict(control.apply(claim.statement).let)
        if isinstance(control, Dropped) and control.hypothesis not in given:
            named = ", ".join(f"'{name}'" for name in given) or "none"
            yield f"a control drops the hypothesis '{control.hypothesis}', which does not exist (there are: {named})"
        elif isinstance(control, Mutated):
            changed = control.apply(claim.statement)
            if (changed.then, dict(changed.given), changed.let) == (claim.then, given, claim.let) and not control.world:
                yield f"the control '{control.name}' changes nothing"
            yield from _statement(inner, dict(changed.given), changed.then, f"control '{control.name}': ")
        if control.witness is not None:
            yield from _instance(f"the witness of the control '{control.name}'", control.witness, inner)


def check(corpus: Corpus, *, evidence_loaded: bool = True) -> list[Problem]:
    """All mistakes of a corpus: in its claims, and evidence or findings that serve no claim of it."""
    from lakatos.discovery import Problem

    problems: list[Problem] = []
    for claim in corpus.claims.values():
        try:
            found = list(mistakes(claim))
        except (TypeError, ValueError, AttributeError) as error:
            found = [f"the declaration cannot be read: {type(error).__name__}: {error}"]
        problems.extend(Problem(claim.file, claim.line, f"{claim.id}: {message}", claim.id) for message in found)
    known = {id(claim) for claim in corpus.claims.values()}
    taken = {(claim.id, name) for claim in corpus.claims.values() for name in ("edges", "search")}
    for evidence in corpus.evidence:
        for claim in dict.fromkeys(evidence.claims):
            key = (getattr(claim, "id", ""), evidence.name)
            if key in taken:
                problems.append(Problem(evidence.file, evidence.line, f"{key[0]}: the evidence name '{evidence.name}' is taken "
                                        "(by stock evidence or another function); rename it", key[0]))
            taken.add(key)
        if not evidence.claims:
            problems.append(Problem(evidence.file, evidence.line, f"{evidence.name} serves no claim"))
        for claim in evidence.claims:
            if id(claim) not in known:
                label = claim.id if isinstance(claim, Claim) else repr(claim)
                problems.append(Problem(evidence.file, evidence.line, f"{evidence.name} serves {label}, which no file in "
                                        f"this corpus declares"))
    for finding in corpus.findings:
        if finding.printed is None and finding.repair is None:
            problems.append(Problem(finding.file, finding.line, f"the finding {finding.name} names no claim"))
    return problems
