"""The Python interface: `load` a corpus, `verify` claims of it, get a ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from lakatos import execution
from lakatos.claims import Claim
from lakatos.discovery import Corpus, load
from lakatos.ledger import Ledger, build
from lakatos.records import Record
from lakatos.store import Store, key_of
from lakatos.trial import PROFILES, Profile
from lakatos.work import Unit, units

__all__ = ["Run", "load", "select", "split_selectors", "verify"]

Watcher = Callable[[str, Unit, Record | None], None]
"""Called as (event, unit, record) with the events "stored", "started", "done"."""


def split_selectors(selectors: Sequence[str]) -> tuple[list[str], list[str]]:
    """Selectors as (paths of corpora, globs on claim ids): what exists on disk, or looks like a path, is a path."""
    paths = [selector for selector in selectors
             if os.sep in selector or selector.endswith(".py") or os.path.exists(selector)]
    return paths, [selector for selector in selectors if selector not in paths]


def select(corpus: Corpus, globs: Sequence[str]) -> list[Claim]:
    """Claims whose id matches any of `globs` (all if there are none), without those whose declaration is broken."""
    broken = {problem.claim for problem in corpus.problems if problem.claim}
    wanted = [glob if "." in glob or "*" in glob else f"{glob}.*" for glob in globs] or ["*"]
    return [claim for identity, claim in corpus.claims.items()
            if identity not in broken and any(fnmatchcase(identity, glob) for glob in wanted)]


@dataclass
class Run:
    """A verification that can be interrupted: `records` holds what is finished, by claim id."""

    corpus: Corpus
    claims: Sequence[Claim]
    profile: Profile
    seed: int = 0
    workers: int = 1
    store: Store = field(default_factory=lambda: Store(None))
    records: dict[str, list[Record]] = field(default_factory=dict)
    planned: list[Unit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.planned = [unit for claim in self.claims for unit in units(claim, self.corpus.serving(claim))]

    def execute(self, watch: Watcher = lambda event, unit, record: None) -> None:
        """Take finished records from the store, perform the rest, keep each as soon as it is there."""
        finished: dict[int, Record] = {}
        missing: list[int] = []
        for index, unit in enumerate(self.planned):
            record = self.store.get(key_of(unit, self.profile, self.seed))
            if record is None:
                missing.append(index)
                continue
            finished[index] = record
            watch("stored", unit, record)
        self._arrange(finished)
        work = [self.planned[index] for index in missing]
        for position, event, record in execution.run(work, self.profile, self.seed, self.workers):
            if record is not None:
                self.store.put(key_of(work[position], self.profile, self.seed), record)
                finished[missing[position]] = record
                self._arrange(finished)
            watch(event, work[position], record)

    def _arrange(self, finished: dict[int, Record]) -> None:
        self.records = {}
        for index in sorted(finished):
            self.records.setdefault(finished[index].claim, []).append(finished[index])

    @property
    def complete(self) -> list[str]:
        """Ids of the claims all of whose evidence is there."""
        wanted: dict[str, int] = {}
        for unit in self.planned:
            wanted[unit.claim.id] = wanted.get(unit.claim.id, 0) + 1
        return [identity for identity, count in wanted.items() if len(self.records.get(identity, [])) == count]

    def ledger(self) -> Ledger:
        """The ledger of the claims that are complete."""
        order = {claim.id: None for claim in self.claims}
        complete = set(self.complete)
        records = {identity: self.records[identity] for identity in order if identity in complete}
        return build(self.corpus, records, self.profile, self.seed)


def verify(
    *selectors: str,
    profile: str = "smoke",
    seed: int = 0,
    workers: int | None = None,
    store: Path | None = None,
) -> Ledger:
    """Verify the claims that the selectors name and return the ledger.

    Selectors are globs on ids (`levine_hats.*`) or paths of files and folders; none means the whole corpus.
    Raises KeyError for an unknown profile.
    """
    paths, globs = split_selectors(selectors)
    corpus = load(*paths)
    run = Run(corpus, select(corpus, globs), PROFILES[profile], seed, workers or os.cpu_count() or 1, Store(store))
    run.execute()
    return run.ledger()
