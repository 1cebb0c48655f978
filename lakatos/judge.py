"""From the material that evidence functions hand over to a judgement. Here, and only here, is it decided.

Every judge takes a trial and answers `Judgement`; the same judges run on a claim and on its controls.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import sympy

from lakatos.claims import _plain
from lakatos.evaluation import Undefined, evaluate
from lakatos.evidence import Case, Certified, Evidence, Proof, Proposals
from lakatos.margin import Margin
from lakatos.records import Judgement
from lakatos.rendering import exact_json, latex, value_text
from lakatos.terms import OutOfReach
from lakatos.trial import Trial


class Malformed(TypeError):
    """An evidence function handed over something that its kind does not allow."""


def describe(trial: Trial, instance: Mapping[Any, Any], found: Margin, known: Mapping[Any, Any]) -> dict[str, Any]:
    """A witness that a person can check by hand: the values, both sides, the margin."""
    sides = []
    if isinstance(trial.then, sympy.core.relational.Relational):
        for side in (trial.then.lhs, trial.then.rhs):
            try:
                value = value_text(evaluate(side, instance, known))
            except (OutOfReach, Undefined, TypeError) as error:
                value = str(error)
            sides.append({"formula": latex(side), "value": value})
    return {
        "instance": {str(symbol): exact_json(value) for symbol, value in instance.items()},
        "text": {str(symbol): value_text(value, limit=400) for symbol, value in instance.items()},
        "margin": value_text(found.value),
        "sides": sides,
        "known": {latex(term): value_text(value) for term, value in known.items()},
    }


class Tally:
    """Counts instances under a trial, keeps the first counterexample and the tightest instance."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.judgement = Judgement("undecided")
        self.open = 0
        self.out_of_reach = 0
        self._least: float | None = None

    def add(self, instance: Mapping[Any, Any], known: Mapping[Any, Any] | None = None, note: str = "") -> bool:
        """Evaluate one instance; True when it refutes the statement."""
        full, known = self.trial.complete(instance), known or {}
        self.judgement.cases += 1
        try:
            if not self.trial.meets(full):
                return False
            self.judgement.reached += 1
            found = self.trial.margin(full, known)
        except OutOfReach:
            self.out_of_reach += 1
            return False
        if found.holds is False:
            self.judgement.outcome = "refutes"
            self.judgement.witness = describe(self.trial, full, found, known) | ({"note": note} if note else {})
            return True
        self.open += found.holds is None
        if self._least is None or float(found) < self._least:
            self._least = float(found)
            self.judgement.tightest = describe(self.trial, full, found, known)
        return False

    def conclude(self, *, supports: bool) -> Judgement:
        """The judgement once every instance was looked at; `supports` if holding everywhere counts as support."""
        judged = self.judgement
        if judged.outcome == "refutes":
            return judged
        complete = judged.reached > 0 and not self.open and not self.out_of_reach
        judged.outcome = "supports" if supports and complete else "undecided"
        notes = [f"{judged.reached} of {judged.cases} instances meet the hypotheses"]
        if self.open:
            notes.append(f"at {self.open} the sign was not decided (equality, to all digits computed)")
        if self.out_of_reach:
            notes.append(f"at {self.out_of_reach} a definition was too large to evaluate")
        judged.detail = "; ".join(notes)
        return judged


def judge_enumeration(trial: Trial, evidence: Evidence) -> Judgement:
    """Every instance handed over must hold exactly."""
    tally = Tally(trial)
    for item in evidence(trial):
        case = item if isinstance(item, Case) else Case(_instance(item, evidence))
        if tally.add(case.instance, case.known, case.note):
            break
    return tally.conclude(supports=True)


def judge_search(trial: Trial, evidence: Evidence) -> Judgement:
    """Replay proposals exactly; a search refutes or finds nothing, it never supports."""
    tally, bulk = Tally(trial), evidence(trial)
    items: Iterable[Any] = bulk.instances if isinstance(bulk, Proposals) else bulk
    for item in items:
        case = item if isinstance(item, Case) else Case(_instance(item, evidence))
        if tally.add(case.instance, case.known, case.note):
            break
    judged = tally.conclude(supports=False)
    if isinstance(bulk, Proposals):
        judged.cases, judged.reached = bulk.tried, bulk.reached
    if judged.outcome != "refutes":
        judged.detail = f"no counterexample in {judged.cases} instances, of which {judged.reached} met the hypotheses"
    return judged


def judge_certificate(trial: Trial, evidence: Evidence) -> Judgement:
    """Let the checker read each certificate from JSON; what it establishes decides the instance."""
    tally = Tally(trial)
    certificates: list[dict[str, Any]] = []
    for item in evidence(trial):
        if not isinstance(item, Certified):
            raise Malformed(f"{evidence.where}: a certificate function yields Certified, not {type(item).__name__}")
        written = json.dumps(item.data)
        full = trial.complete(item.instance)
        established = item.check(trial, full, json.loads(written))
        digest = blake2b(f"{trial.claim.id}\0{written}".encode(), digest_size=12).hexdigest()
        certificates.append({"note": item.note, "bytes": len(written), "digest": digest,
                             "data": json.loads(written) if len(written) <= 4000 else None})
        if isinstance(established, bool):
            tally.judgement.cases += 1
            tally.judgement.reached += established
            if not established:
                tally.judgement.detail = f"the checker rejects the certificate {item.note}".strip()
                return _try_witness(trial, tally.judgement)
        elif tally.add(item.instance, established, item.note):
            break
    judged = tally.conclude(supports=True)
    judged.certificates = certificates
    return judged


def judge_derivation(trial: Trial, evidence: Evidence) -> Judgement:
    """Every step checked by two routes, and the proof's last line is the conclusion under trial."""
    proof = evidence(trial)
    if not isinstance(proof, Proof):
        raise Malformed(f"{evidence.where}: a derivation returns a Proof, not {type(proof).__name__}")
    judged = Judgement("undecided", cases=1)
    judged.steps = [
        {"name": step.name, "latex": step.latex, "checked": step.checked, "refuted": step.refuted,
         "routes": list(step.routes)}
        for step in proof.steps
    ]
    unsound = [step for step in proof.steps if step.refuted or not step.checked]
    if not unsound and proof.steps and _entails(proof.concludes, trial.then):
        judged.outcome, judged.reached = "supports", 1
        judged.detail = f"{len(proof.steps)} steps, each checked by two exact routes"
        return judged
    if unsound:
        state = "is false" if unsound[0].refuted else "was not confirmed by a second route"
        judged.detail = f"the step '{unsound[0].name}' {state}"
    else:
        judged.detail = f"the proof ends in {proof.concludes}, which is not the conclusion"
    counters = [step.counter for step in unsound if step.counter is not None]
    return _try_witness(trial, judged, counters)


def _entails(proved: Any, then: Any) -> bool:
    """Whether every conjunct of `then` stands among the conjuncts of `proved`, up to writing."""

    def conjuncts(relation: Any) -> set[Any]:
        parts = relation.args if isinstance(relation, sympy.And) else (relation,)
        return {getattr(part, "canonical", part) for part in parts} | set(parts)

    wanted = then.args if isinstance(then, sympy.And) else (then,)
    have = conjuncts(proved)
    return all(part in have or getattr(part, "canonical", part) in have or
               getattr(part, "reversed", part) in have for part in wanted)


def _try_witness(trial: Trial, judged: Judgement, counters: Iterable[Mapping[Any, Any]] = ()) -> Judgement:
    """A failed proof refutes only with an instance at which the statement is false: step's, control's, or an edge."""
    candidates = [*counters, *trial.claim.edges.values()]
    if trial.control is not None and trial.control.witness is not None:
        candidates.insert(0, trial.control.witness)
    for candidate in candidates:
        instance = trial.complete(_plain(candidate) or {})
        if set(trial.statement.let) - set(instance) or not trial.meets(instance):
            continue
        try:
            found = trial.margin(instance)
        except OutOfReach:
            continue
        if found.holds is False:
            judged.outcome = "refutes"
            judged.witness = describe(trial, instance, found, {})
            return judged
    return judged


def _instance(item: Any, evidence: Evidence) -> Mapping[Any, Any]:
    if not isinstance(item, Mapping):
        raise Malformed(f"{evidence.where}: yield an instance (a mapping) or a Case, not {type(item).__name__}")
    return item


