"""Supervised execution: every unit runs in a worker process with a time and a memory limit.

A worker that dies, hangs or eats memory takes down only the unit it was running; that unit gets a `failed` record
that says what happened, and a new worker takes over. Workers are forked, so the corpus is loaded once.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from lakatos.records import Judgement, Record
from lakatos.trial import Profile
from lakatos.work import Unit, blank, perform


def _limit_memory(gib: float) -> None:
    limit = int(gib * 2**30)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > limit:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _die_with(parent: int) -> None:
    """End this worker soon after its parent is gone, whatever it is doing."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _worker(pipe: Connection, units: Sequence[Unit], profile: Profile, seed: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(ValueError, OSError):
        _limit_memory(profile.memory_gib)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    while True:
        index = pipe.recv()
        if index is None:
            return
        pipe.send(perform(units[index], profile, seed).to_json())


class _Slot:
    """One worker process and the unit it is running."""

    def __init__(self, context: Any, units: Sequence[Unit], profile: Profile, seed: int) -> None:
        self.pipe, child = context.Pipe()
        self.process = context.Process(target=_worker, args=(child, units, profile, seed), daemon=True)
        self.process.start()
        child.close()
        self.index: int | None = None
        self.deadline = 0.0

    def give(self, index: int, seconds: float) -> None:
        self.index, self.deadline = index, time.monotonic() + seconds
        self.pipe.send(index)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _death(process: Any) -> str:
    process.join(1)
    code = process.exitcode
    if code is not None and code < 0:
        return f"the process was killed by {signal.Signals(-code).name} (a crash, or out of memory)"
    return f"the process exited with code {code} in the middle of the work"


def run(units: Sequence[Unit], profile: Profile, seed: int, workers: int) -> Iterator[tuple[int, str, Record | None]]:
    """Perform all units; yields (index, "started", None) and (index, "done", record) as they happen."""
    context = mp.get_context("fork")
    waiting = list(range(len(units)))[::-1]
    slots: list[_Slot] = []
    try:
        while waiting or any(slot.index is not None for slot in slots):
            while waiting and len(slots) < workers:
                slots.append(_Slot(context, units, profile, seed))
            for slot in slots:
                if slot.index is None and waiting:
                    slot.give(waiting.pop(), profile.seconds)
                    yield slot.index or 0, "started", None
            busy = [slot for slot in slots if slot.index is not None]
            nearest = min(slot.deadline for slot in busy) - time.monotonic()
            ready = wait([slot.pipe for slot in busy], timeout=max(0.0, nearest))
            for slot in busy:
                record = _collect(slot, units, profile, slot.pipe in ready)
                if record is not None:
                    index, slot.index = slot.index, None
                    if record.judgement.outcome == "failed" and not slot.process.is_alive():
                        slots.remove(slot)
                    yield index or 0, "done", record
    finally:
        for slot in slots:
            slot.stop()


def _collect(slot: _Slot, units: Sequence[Unit], profile: Profile, ready: bool) -> Record | None:
    """The record of a slot's unit, if there is one by now; stops the worker if it is dead or too late."""
    assert slot.index is not None
    unit = units[slot.index]
    if ready:
        try:
            return Record.from_json(slot.pipe.recv())
        except (EOFError, ConnectionResetError):
            reason = _death(slot.process)
    elif time.monotonic() >= slot.deadline:
        reason = f"exceeded {profile.seconds:g} s, the limit of the profile '{profile.name}'"
    else:
        return None
    slot.stop()
    return blank(unit, Judgement("failed", f"{unit.label}: {reason}"))
