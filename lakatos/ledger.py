"""The ledger: one run's verdicts as plain data, for the report, for other programs, and for comparing runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sympy

from lakatos import __version__
from lakatos.claims import Claim, Modelled
from lakatos.discovery import Corpus, Problem
from lakatos.records import Judgement, Record
from lakatos.rendering import exact_json, latex, text, value_text
from lakatos.terms import Predicate, Term
from lakatos.trial import ALPHA, Profile
from lakatos.verdict import Verdict, decide

SCHEMA = 1
Ledger = dict[str, Any]


def _relative(path: str) -> str:
    """Drawer and file, without the machine's folders."""
    parts = Path(path).parts
    return "/".join(parts[-3:] if len(parts) > 2 and parts[-3] in ("theorems", "proofs_check", "simulators") else parts[-2:])


def _judged(judged: Judgement) -> dict[str, Any]:
    return {"outcome": judged.outcome, "detail": judged.detail, "cases": judged.cases, "reached": judged.reached,
            "samples": judged.samples, "alpha": judged.alpha, "interval": judged.interval, "witness": judged.witness}


def _evidence(record: Record) -> dict[str, Any]:
    judged = record.judgement
    return {"name": record.name, "kind": record.kind, "scope": record.scope, "where": record.where,
            "stock": record.stock, "seconds": record.seconds, **_judged(judged), "tightest": judged.tightest,
            "estimates": judged.estimates, "steps": judged.steps, "certificates": judged.certificates}


def _hypothesis(name: str, given: Any) -> dict[str, str]:
    if isinstance(given, Modelled):
        return {"name": name, "latex": rf"\text{{{given.world}}}", "text": given.world}
    return {"name": name, "latex": latex(given), "text": text(given)}


def _terms(claim: Claim) -> list[dict[str, str]]:
    """The paper's own functions in a statement, first those of the conclusion, each with its meaning.

    `definition` is empty for computed terms; a named expression also brings the terms that its definition uses.
    """
    found: dict[Any, dict[str, str]] = {}
    waiting = [claim.then, *claim.statement.checkable.values()]
    while waiting:
        for node in sympy.preorder_traversal(waiting.pop(0)):
            if not isinstance(node, Term | Predicate) or type(node) in found:
                continue
            definition = ""
            if getattr(type(node), "definition", None) is not None:
                try:
                    waiting.append(node.expanded())
                    definition = latex(waiting[-1])
                except Exception as error:  # the statement's own code; a report of it must not fail with it
                    definition = rf"\text{{cannot be expanded: {type(error).__name__}}}"
            about = " ".join((type(node).__doc__ or "").split("\n\n")[0].split())
            found[type(node)] = {"latex": latex(node), "definition": definition, "says": about}
    return list(found.values())


def _then(relation: Any) -> dict[str, Any]:
    """The conclusion, and its conjuncts one by one."""
    parts = sorted(relation.args, key=sympy.default_sort_key) if isinstance(relation, sympy.And) else [relation]
    return {"latex": latex(relation), "text": text(relation), "parts": [latex(part) for part in parts]}


def claim_entry(claim: Claim, records: Sequence[Record], verdict: Verdict) -> dict[str, Any]:
    """Everything about one claim."""
    controls = {control.name: control for control in claim.must_fail}
    return {
        "id": claim.id, "paper": claim.paper, "name": claim.name, "number": claim.number, "says": claim.says,
        "status": claim.status, "fidelity": claim.fidelity, "remark": claim.remark, "not_claimed": claim.not_claimed,
        "source": {"at": claim.source.at, "quote": claim.source.quote},
        "let": [{"latex": latex(symbol), "text": str(symbol), "domain": domain.describe(), "caption": domain.caption,
                 "unit": domain.unit} for symbol, domain in claim.let.items()],
        "given": [_hypothesis(name, given) for name, given in claim.given.items()],
        "then": _then(claim.then), "terms": _terms(claim),
        "edges": [{"name": name, "text": {str(symbol): value_text(value, limit=200) for symbol, value in edge.items()},
                   "instance": {str(symbol): exact_json(value) for symbol, value in edge.items()}}
                  for name, edge in claim.edges.items()],
        "verdict": verdict.verdict, "flags": list(verdict.flags), "why": verdict.why, "scope": verdict.scope,
        "evidence": [_evidence(record) for record in records],
        "controls": [
            {"name": result.name, "says": controls[result.name].says, "caught": result.caught, "by": list(result.by),
             "then": latex(controls[result.name].apply(claim.statement).then),
             "judgements": {name: _judged(judged) for name, judged in result.judgements.items()}}
            for result in verdict.controls
        ],
        "owed": [{"kind": item.kind, "what": item.what, "scope": item.scope, "reason": reason}
                 for item, reason in verdict.owed],
        "repairs": claim.repairs.id if claim.repairs is not None else None,
        "file": _relative(claim.file), "line": claim.line,
    }


def _paper_entry(slug: str, corpus: Corpus) -> dict[str, Any]:
    paper = corpus.papers.get(slug)
    entry: dict[str, Any] = {"slug": slug, "about": corpus.abouts.get(slug, "")}
    names = ("title", "authors", "year", "url", "version", "access", "summary")
    entry.update({name: getattr(paper, name) if paper is not None else "" for name in names})
    entry["title"] = entry["title"] or slug
    entry["not_claimed"] = [{"number": number, "reason": reason}
                            for number, reason in (paper.not_claimed if paper is not None else {}).items()]
    return entry


def _findings(corpus: Corpus, verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
    """Declared findings about claims of this run, and every refuted claim that no finding names."""
    entries: list[dict[str, Any]] = []
    named: set[str] = set()
    for finding in corpus.findings:
        ids = {role: claim.id if claim is not None else None
               for role, claim in (("printed", finding.printed), ("repair", finding.repair))}
        if not any(identity in verdicts for identity in ids.values()):
            continue
        named.update(identity for identity in ids.values() if identity is not None)
        entries.append({"title": finding.title, "explains": finding.explains, "paper": finding.paper, **ids,
                        "confirmed": all(verdicts[i].verdict == ("refuted" if role == "printed" else verdicts[i].verdict)
                                         for role, i in ids.items() if i is not None and i in verdicts)})
    for identity, verdict in verdicts.items():
        if verdict.verdict == "refuted" and identity not in named:
            claim = corpus.claims[identity]
            entries.append({"title": claim.says, "explains": verdict.why, "paper": claim.paper, "printed": identity,
                            "repair": None, "confirmed": True})
    return entries


def _problem(problem: Problem) -> dict[str, Any]:
    return {"file": _relative(problem.file), "line": problem.line, "message": problem.message, "claim": problem.claim}


def build(corpus: Corpus, records: Mapping[str, Sequence[Record]], profile: Profile, seed: int) -> Ledger:
    """The ledger of a run: `records` by claim id."""
    verdicts = {identity: decide(found, corpus.claims[identity].owes, [c.name for c in corpus.claims[identity].must_fail])
                for identity, found in records.items()}
    slugs = list(dict.fromkeys(corpus.claims[identity].paper for identity in records))
    intervals = sum(len(r.judgement.estimates) for found in records.values() for r in found)
    return {
        "schema": SCHEMA, "lakatos": __version__, "profile": profile.name, "seed": seed,
        "alpha": {"each": ALPHA, "intervals": intervals, "run": ALPHA * intervals},
        "papers": [_paper_entry(slug, corpus) for slug in slugs],
        "claims": [claim_entry(corpus.claims[identity], found, verdicts[identity]) for identity, found in records.items()],
        "findings": _findings(corpus, verdicts),
        "problems": [_problem(problem) for problem in corpus.problems],
    }


OPEN_FLAGS = ("owed", "powerless", "vacuous")


def is_open(entry: Mapping[str, Any]) -> bool:
    """Whether a claim is undecided or carries a flag that keeps a run from ending in 0."""
    return entry["verdict"] == "undecided" or any(flag in OPEN_FLAGS for flag in entry["flags"])


def differences(ledger: Ledger, against: Ledger) -> list[str]:
    """Claims of `ledger` whose verdict differs from the one recorded in `against`."""
    recorded = {entry["id"]: entry["verdict"] for entry in against["claims"]}
    return [f"{entry['id']}: {recorded[entry['id']]} -> {entry['verdict']}" for entry in ledger["claims"]
            if entry["id"] in recorded and recorded[entry["id"]] != entry["verdict"]]


def exit_code(ledger: Ledger, changed: Sequence[str] = ()) -> int:
    """0 all decided, 1 contradiction or a verdict that differs, 2 broken statements, 3 open claims, 4 failed evidence."""
    flags = {flag for entry in ledger["claims"] for flag in entry["flags"]}
    if changed or "contradiction" in flags:
        return 1
    if ledger["problems"]:
        return 2
    if "failed" in flags:
        return 4
    return 3 if any(is_open(entry) for entry in ledger["claims"]) else 0


def without_timings(ledger: Ledger) -> Ledger:
    """The ledger with every `seconds` removed: what must be equal from run to run."""
    copied: Ledger = json.loads(json.dumps(ledger))
    for entry in copied["claims"]:
        for evidence in entry["evidence"]:
            evidence.pop("seconds", None)
    return copied


def read(path: Path) -> Ledger:
    """Read a ledger. Raises ValueError with a message that names the file if it is not one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not a readable ledger ({error})") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or "claims" not in data:
        raise ValueError(f"{path}: not a ledger of schema {SCHEMA}; `lakatos verify --json FILE` writes one")
    return data
