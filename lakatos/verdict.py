"""Verdicts: a pure, total function of what the evidence showed. No I/O, no clock, no chance.

1. An exact counterexample refutes; so does a simulation at its stated error.
2. A proof beside a counterexample is a contradiction: a bug of ours.
3. Evidence that caught none of the controls it was tried on has no power, and its support does not count.
4. Otherwise the strongest kind that supports decides: all instances proved, a finite set verified, samples corroborate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lakatos.claims import Owed
from lakatos.records import Judgement, Record

PROVED, VERIFIED, CORROBORATED, REFUTED, UNDECIDED = "proved", "verified", "corroborated", "refuted", "undecided"
VERDICTS = (PROVED, VERIFIED, CORROBORATED, REFUTED, UNDECIDED)
FLAGS = ("contradiction", "owed", "powerless", "vacuous", "failed")
HARDLY_EVER = 0.005
"""A search whose instances meet the hypotheses less often than this is no evidence that they are ever met."""


@dataclass(frozen=True)
class ControlResult:
    """Whether a false sibling was caught, by which evidence, and after how many instances or samples."""

    name: str
    caught: bool
    by: tuple[str, ...]
    judgements: dict[str, Judgement] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The verdict, its flags, the reason in one sentence, and the scope it holds over."""

    verdict: str
    flags: tuple[str, ...]
    why: str
    scope: str
    controls: tuple[ControlResult, ...] = ()
    owed: tuple[tuple[Owed, str], ...] = ()


def _reach(record: Record) -> str:
    """The verdict that support of this record's kind can give."""
    if record.kind == "derivation" or (record.kind == "certificate" and record.whole_domain):
        return PROVED
    if record.kind in ("certificate", "enumeration"):
        return VERIFIED
    return CORROBORATED if record.kind == "simulation" else UNDECIDED


def _error(record: Record) -> str:
    return "" if record.judgement.alpha is None else f" at error {record.judgement.alpha:g}"


def has_power(record: Record) -> bool:
    """Whether the record caught at least one control. Evidence that never says no says nothing by saying yes."""
    return any(judged.outcome == "refutes" for judged in record.controls.values())


def _control_results(records: Sequence[Record], controls: Sequence[str]) -> tuple[ControlResult, ...]:
    results = []
    for name in controls:
        judgements = {record.name: record.controls[name] for record in records if name in record.controls}
        by = tuple(sorted(label for label, judged in judgements.items() if judged.outcome == "refutes"))
        results.append(ControlResult(name, bool(by), by, judgements))
    return tuple(results)


def _undischarged(records: Sequence[Record], owed: Sequence[Owed]) -> tuple[tuple[Owed, str], ...]:
    """What is still owed, each with the reason. A refuting record discharges what it was owed for."""
    spent: set[int] = set()
    missing = []
    for item in owed:
        matching = [(index, record) for index, record in enumerate(records)
                    if record.kind == item.kind and not record.stock and index not in spent]
        settled = [index for index, record in matching
                   if record.judgement.outcome == "refutes" or item.kind in ("search", "posterior")
                   or (record.judgement.outcome == "supports" and has_power(record))]
        if settled:
            spent.add(settled[0])
        elif not matching:
            missing.append((item, "no evidence function discharges it"))
        else:
            record = matching[0][1]
            reason = record.judgement.detail or record.judgement.outcome
            missing.append((item, f"{record.name}: {reason}"))
    return tuple(missing)


def _vacuous(records: Sequence[Record]) -> bool:
    """Whether the hypotheses were met never, or hardly ever in search and nowhere else."""
    looked = [record.judgement for record in records if record.judgement.cases > 0]
    if not looked or any(judged.outcome == "refutes" for judged in looked):
        return False
    elsewhere = sum(record.judgement.reached for record in records if record.kind != "search")
    searched = [record.judgement for record in records if record.kind == "search" and record.name != "edges"]
    cases, reached = sum(judged.cases for judged in searched), sum(judged.reached for judged in searched)
    if elsewhere == 0 and reached == 0:
        return not any(record.judgement.reached for record in records)
    return elsewhere == 0 and cases >= 100 and reached < HARDLY_EVER * cases


def decide(records: Sequence[Record], owed: Sequence[Owed] = (), controls: Sequence[str] = ()) -> Verdict:
    """The verdict on a claim from the records of its evidence, what it owes, and the names of its controls."""
    results = _control_results(records, controls)
    missing = _undischarged(records, owed)
    refuting = [record for record in records if record.judgement.outcome == "refutes"]
    supporting = [record for record in records if record.judgement.outcome == "supports"]
    strong = [record for record in supporting if has_power(record)]
    weak = [record for record in supporting if not has_power(record)]

    flags = set()
    if any(record.judgement.outcome == "failed" for record in records):
        flags.add("failed")
    if missing:
        flags.add("owed")
    if not controls or weak or not all(result.caught for result in results):
        flags.add("powerless")
    if _vacuous(records):
        flags.add("vacuous")

    proofs = [record for record in supporting if _reach(record) == PROVED]
    if refuting and proofs:
        flags.add("contradiction")
        verdict, scope = UNDECIDED, ""
        why = f"{proofs[0].name} proves it and {refuting[0].name} refutes it: one of the two is wrong"
    elif refuting:
        exact = [record for record in refuting if record.kind != "simulation"] or refuting
        verdict, scope = REFUTED, "at the witness"
        why = f"{exact[0].name} found a counterexample{_error(exact[0])}"
    elif strong:
        order = [PROVED, VERIFIED, CORROBORATED, UNDECIDED]
        best = min(strong, key=lambda record: order.index(_reach(record)))
        verdict, scope = _reach(best), best.scope
        why = f"{best.kind} {best.name}{_error(best)}: {best.judgement.detail}"
    else:
        verdict, scope = UNDECIDED, ""
        why = f"{weak[0].name} supports it but caught no control" if weak else _no_support(records)
    return Verdict(verdict, tuple(flag for flag in FLAGS if flag in flags), why, scope, results, missing)


def _no_support(records: Sequence[Record]) -> str:
    failed = [record for record in records if record.judgement.outcome == "failed"]
    if failed:
        return f"{failed[0].name} failed: {failed[0].judgement.detail}"
    own = [record for record in records if not record.stock] or list(records)
    return "; ".join(f"{record.name}: {record.judgement.detail}" for record in own) or "no evidence was run"
