"""What a person sees in the terminal: progress per claim, and an honest summary by paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lakatos.ledger import Ledger, is_open
from lakatos.records import Record
from lakatos.verdict import VERDICTS
from lakatos.work import Unit

COLOURS = {"proved": "green", "verified": "green", "corroborated": "cyan", "refuted": "red", "undecided": "yellow"}


class Progress:
    """Live progress: one line per finished claim, and on a terminal the work in hand with a rate."""

    def __init__(self, console: Console, planned: Sequence[Unit]) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self.console = console
        self.wanted = Counter(unit.claim.id for unit in planned)
        self.done: dict[str, list[Record]] = {}
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
                   TextColumn("{task.description}"))
        self.bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.task = self.bar.add_task("", total=len(planned))

    def __enter__(self) -> Progress:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def watch(self, event: str, unit: Unit, record: Record | None) -> None:
        """Follow one event of a run."""
        if record is None:
            self.bar.update(self.task, description=escape(unit.label))
            return
        self.bar.advance(self.task)
        records = self.done.setdefault(unit.claim.id, [])
        records.append(record)
        if record.judgement.outcome == "failed":
            self.console.print(f"  [red]failed[/] {escape(record.judgement.detail)}")
        if len(records) == self.wanted[unit.claim.id]:
            from lakatos.verdict import decide

            verdict = decide(records, unit.claim.owes, [control.name for control in unit.claim.must_fail])
            caught = sum(result.caught for result in verdict.controls)
            colour = COLOURS[verdict.verdict]
            flags = f" [yellow]{' '.join(verdict.flags)}[/]" if verdict.flags else ""
            source = " (stored)" if event == "stored" else f" {sum(r.seconds for r in records):.1f} s"
            self.console.print(f"[{colour}]{verdict.verdict:>12}[/]{flags} {escape(unit.claim.id)}  "
                               f"controls {caught}/{len(verdict.controls)}[dim]{source}[/]", highlight=False)


def witness_line(witness: Mapping[str, Any] | None) -> str:
    """A counterexample on one line."""
    if witness is None:
        return ""
    values = ", ".join(f"{name} = {value}" for name, value in witness["text"].items()) or "the statement as it stands"
    sides = " against ".join(side["value"] for side in witness["sides"])
    return f"{values}" + (f": {sides}" if sides else "") + f" (margin {witness['margin']})"


def first_witness(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The witness of the evidence that refutes a claim; exact ones before sampled ones."""
    refuting = [item for item in entry["evidence"] if item["outcome"] == "refutes" and item["witness"]]
    exact = [item for item in refuting if item["kind"] != "simulation"] or refuting
    return min((item["witness"] for item in exact), key=lambda witness: len(str(witness["text"])), default=None)


def summarise(console: Console, ledger: Ledger) -> None:
    """Verdicts by paper, then what is false, what is open, what is broken."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("paper", *VERDICTS, "controls caught", "findings"):
        table.add_column(heading, justify="left" if heading == "paper" else "right")
    for paper in ledger["papers"]:
        entries = [entry for entry in ledger["claims"] if entry["paper"] == paper["slug"]]
        counts = Counter(entry["verdict"] for entry in entries)
        controls = [control["caught"] for entry in entries for control in entry["controls"]]
        findings = sum(finding["paper"] == paper["slug"] for finding in ledger["findings"])
        table.add_row(escape(paper["slug"]), *[str(counts[verdict] or "·") for verdict in VERDICTS],
                      f"{sum(controls)}/{len(controls)}", str(findings))
    console.print(table)
    _list(console, "False as stated", [(entry["id"], witness_line(first_witness(entry)))
                                       for entry in ledger["claims"] if entry["verdict"] == "refuted"])
    _list(console, "Open", [(entry["id"], _why_open(entry)) for entry in ledger["claims"] if is_open(entry)])
    _list(console, "Broken, left out", [(f"{item['file']}:{item['line']}", item["message"]) for item in ledger["problems"]])
    alpha = ledger["alpha"]
    if alpha["intervals"]:
        console.print(f"[dim]{alpha['intervals']} confidence intervals at error {alpha['each']:g} each: "
                      f"at most {alpha['run']:.2g} over the run[/]", highlight=False)


def _why_open(entry: Mapping[str, Any]) -> str:
    parts = [entry["why"]] if entry["verdict"] == "undecided" else []
    parts += [f"owed: {item['kind']} ({item['what']}): {item['reason']}" for item in entry["owed"]]
    survivors = [control["name"] for control in entry["controls"] if not control["caught"]]
    if survivors:
        parts.append(f"controls not caught: {', '.join(survivors)}")
    elif "powerless" in entry["flags"]:
        weak = [item["name"] for item in entry["evidence"] if item["outcome"] == "supports"
                and not any(item["name"] in control["by"] for control in entry["controls"])]
        parts.append(f"no control, so no power was shown{': ' + ', '.join(weak) if weak else ''}")
    if "vacuous" in entry["flags"]:
        parts.append("its hypotheses were hardly ever met")
    return "; ".join(parts)


def _list(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        console.print(f"\n[bold]{title}[/]")
    for name, message in rows:
        console.print(f"  {escape(name)}: {escape(message)}", highlight=False)
