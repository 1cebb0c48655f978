"""One unit of work: one evidence function (or the stock search) on one claim and on all its controls."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lakatos import judge, sampling, stock
from lakatos.claims import Claim
from lakatos.evaluation import Undefined
from lakatos.evidence import Evidence
from lakatos.records import Judgement, Record
from lakatos.statistics import OutOfBounds
from lakatos.trial import EdgeError, Profile, Trial


@dataclass(frozen=True)
class Unit:
    """`evidence` on `claim`; `stock_name` names stock evidence instead."""

    claim: Claim
    evidence: Evidence | None = None
    stock_name: str = ""

    @property
    def name(self) -> str:
        """Name of the evidence, as records carry it."""
        return self.stock_name if self.evidence is None else self.evidence.name

    @property
    def label(self) -> str:
        """Claim and evidence, for messages."""
        return f"{self.claim.id} · {self.name}"


STOCK: dict[str, Callable[[Trial], Judgement]] = {"edges": stock.judge_edges, "search": stock.judge_search}


def _judge_of(unit: Unit) -> Callable[[Trial], Judgement]:
    evidence = unit.evidence
    if evidence is None:
        return STOCK[unit.stock_name]
    if evidence.kind == "simulation":
        cache: sampling.Cache = {}
        return lambda trial: sampling.judge_simulation(trial, evidence, cache)
    judges: dict[str, Callable[[Trial, Evidence], Judgement]] = {
        "enumeration": judge.judge_enumeration,
        "search": judge.judge_search,
        "certificate": judge.judge_certificate,
        "derivation": judge.judge_derivation,
    }
    if evidence.kind not in judges:
        return lambda trial: Judgement("not evaluated", f"no judge for evidence of kind {evidence.kind}")
    return lambda trial: judges[evidence.kind](trial, evidence)


def _guarded(judged_by: Callable[[Trial], Judgement], trial: Trial, unit: Unit) -> Judgement:
    """Run a judge; what the corpus's own code raises becomes a failed judgement that names the place."""
    try:
        return judged_by(trial)
    except MemoryError:
        return Judgement("failed", f"{unit.label}: ran out of memory (limit {trial.profile.memory_gib:g} GiB)")
    except (Undefined, EdgeError, OutOfBounds, judge.Malformed) as error:
        prefix = f"{trial.name}: " if trial.claim.id not in str(error) else ""
        named = unit.evidence is None or unit.name in str(error)
        return Judgement("failed", f"{prefix}{'' if named else unit.name + ': '}{error}")
    except ModuleNotFoundError as error:
        return Judgement("not evaluated", f"needs the Python package {error.name}, which is not installed")
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        return Judgement("failed", f"{trial.name}: {unit.name} raised {type(error).__name__}: {error} ({place})")


def perform(unit: Unit, profile: Profile, seed: int) -> Record:
    """Judge the claim and every control with the same evidence at the same budget."""
    started = time.perf_counter()
    judged_by = _judge_of(unit)
    own = _guarded(judged_by, Trial.of(unit.claim, profile, seed), unit)
    controls = {
        control.name: _guarded(judged_by, Trial.of(unit.claim, profile, seed, control), unit)
        for control in unit.claim.must_fail
    } if own.outcome not in ("failed", "not evaluated") else {}
    return blank(unit, own, controls, time.perf_counter() - started)


def blank(unit: Unit, own: Judgement, controls: dict[str, Judgement] | None = None, seconds: float = 0.0) -> Record:
    """A record of `unit` with the given judgements."""
    evidence = unit.evidence
    return Record(
        claim=unit.claim.id,
        name=unit.name,
        kind="search" if evidence is None else evidence.kind,
        scope="stock evidence" if evidence is None else evidence.scope,
        where="" if evidence is None else evidence.where,
        judgement=own,
        controls=controls or {},
        whole_domain=bool(evidence is not None and evidence.options.get("whole_domain")),
        stock=evidence is None,
        seconds=round(seconds, 3),
    )


def units(claim: Claim, serving: list[Evidence]) -> list[Unit]:
    """Everything to be done for a claim: its own evidence, then the stock evidence."""
    return [*[Unit(claim, evidence) for evidence in serving], *[Unit(claim, None, name) for name in STOCK]]


