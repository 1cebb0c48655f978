"""The command line: `lakatos list | show | verify | report | new | doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from lakatos import __version__
from lakatos.trial import PROFILES

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False,
    help="Check the claims of research papers. A claim goes in as code that reads like the paper's statement; out comes "
    "a verdict - proved, verified, corroborated, refuted, undecided - with what would have made the check say no.\n\n"
    "Start with `lakatos verify`, read on with `lakatos show PAPER.CLAIM`, add your own with `lakatos new PAPER/CLAIM`.",
)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
STATE = Path(".lakatos")

Selectors = Annotated[list[str] | None, typer.Argument(
    metavar="[SELECTOR]...", help="Globs on ids (`levine_hats.*`), or paths of files and folders. Default: the corpus.")]


def _fail(message: str, code: int = 2) -> NoReturn:
    err.print(f"[red]lakatos:[/] {escape(message)}", highlight=False)
    raise typer.Exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"lakatos {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Options that stand before a command."""


@app.command("list")
def list_(selectors: Selectors = None) -> None:
    """List papers and claims. Imports statements only, no evidence."""
    from lakatos import api
    from lakatos.discovery import load

    paths, globs = api.split_selectors(selectors or [])
    corpus = load(*paths, statements_only=True)
    claims = api.select(corpus, globs)
    paper = ""
    for claim in claims:
        if claim.paper != paper:
            paper = claim.paper
            known = corpus.papers.get(paper)
            out.print(f"\n[bold]{escape(paper)}[/]  {escape(known.title if known else '')}", highlight=False)
        out.print(f"  {claim.number:>4}  {escape(claim.id)}  [dim]{escape(claim.says)}[/]", highlight=False)
    for problem in corpus.problems:
        err.print(f"[red]{escape(str(problem))}[/]", highlight=False)
    raise typer.Exit(2 if corpus.problems or not claims else 0)


@app.command()
def show(claim: Annotated[str, typer.Argument(help="Id of a claim, `PAPER.CLAIM`.")],
         path: Annotated[list[str] | None, typer.Option("--in", help="Corpus to look in.")] = None) -> None:
    """Show one claim: statement, source, hypotheses, what it owes, its controls, its evidence."""
    from lakatos.claims import Modelled
    from lakatos.discovery import load
    from lakatos.rendering import text, value_text

    corpus = load(*(path or []))
    found = corpus.claims.get(claim)
    if found is None:
        near = [identity for identity in corpus.claims if claim.split(".")[-1] in identity]
        _fail(f"no claim {claim}" + (f"; did you mean {', '.join(near[:5])}?" if near else "; `lakatos list` names them"))
    out.print(f"[bold]{escape(found.id)}[/]  {found.number} {found.status}, {found.fidelity}", highlight=False)
    out.print(f"{escape(found.says)}\n\n{escape(text(found.then))}\n", highlight=False)
    for symbol, domain in found.let.items():
        out.print(f"  let   {escape(str(symbol))}: {escape(domain.caption)} [dim]{escape(domain.describe())}[/]", highlight=False)
    for name, given in found.given.items():
        shown = given.world if isinstance(given, Modelled) else text(given)
        out.print(f"  given {escape(name)}: {escape(shown)}", highlight=False)
    for name, edge in found.edges.items():
        values = ", ".join(f"{symbol} = {value_text(value, limit=60)}" for symbol, value in edge.items())
        out.print(f"  edge  {escape(name)}: {escape(values)}", highlight=False)
    for owed in found.owes:
        out.print(f"  owes  {owed.kind}: {escape(owed.what)} {escape(owed.scope)}", highlight=False)
    for control in found.must_fail:
        out.print(f"  must fail: {escape(control.name)} [dim]{escape(control.says)}[/]", highlight=False)
    for evidence in corpus.serving(found):
        out.print(f"  evidence {evidence.kind}: {escape(evidence.where)} {evidence.name} [dim]{escape(evidence.scope)}[/]", highlight=False)
    source = found.source
    out.print(f"\n  source: {escape(source.paper.title)}, {escape(source.at)}: “{escape(source.quote)}”", highlight=False)
    for label, note in (("remark", found.remark), ("not claimed", found.not_claimed)):
        if note:
            out.print(f"  {label}: {escape(note)}", highlight=False)
    out.print(f"  reproduce: lakatos verify {escape(found.id)}", highlight=False)


@app.command()
def verify(
    selectors: Selectors = None,
    profile: Annotated[str, typer.Option(help="Budget: smoke (a minute), standard (minutes), deep (hours).")] = "smoke",
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = os.cpu_count() or 1,
    store: Annotated[Path | None, typer.Option(help="Where finished records are kept and resumed from.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Keep and reuse nothing.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the ledger to this file.")] = None,
    against: Annotated[Path | None, typer.Option(help="A ledger; exit 1 when a verdict differs from it.")] = None,
    report: Annotated[Path | None, typer.Option(help="Also write the report into this folder.")] = None,
) -> None:
    """Try every selected claim and its controls, and say what was established.

    Exit codes: 0 everything is decided and every control was caught (a refuted claim is a result, not a failure);
    1 a verdict differs from --against, or a contradiction; 2 wrong usage or a broken statement; 3 something is
    undecided, owed, powerless or vacuous; 4 an evidence function failed; 130 interrupted.
    """
    from lakatos import api
    from lakatos import ledger as ledgers
    from lakatos.discovery import load
    from lakatos.store import Store, StoreError
    from lakatos.terminal import Progress, summarise

    if profile not in PROFILES:
        _fail(f"unknown profile '{profile}'; one of {', '.join(PROFILES)}")
    paths, globs = api.split_selectors(selectors or [])
    try:
        corpus = load(*paths)
    except KeyboardInterrupt:
        _fail("interrupted while reading the corpus; nothing was verified", 130)
    claims = api.select(corpus, globs)
    for problem in corpus.problems:
        err.print(f"[red]{escape(str(problem))}[/]", highlight=False)
    if not claims:
        _fail("nothing to verify: no sound claim matches; `lakatos list` names what there is")
    try:
        recorded = ledgers.read(against) if against is not None else None
        keeping = Store(None if fresh else store or STATE / "store.sqlite")
        run = api.Run(corpus, claims, PROFILES[profile], seed, workers, keeping)
        with Progress(out, run.planned) as progress:
            run.execute(progress.watch)
    except (StoreError, ValueError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        done = len(run.complete)
        err.print(f"\ninterrupted: {done} of {len(claims)} claims are done" + (
            "" if fresh else " and stored; the same command goes on from here"), highlight=False)
        raise typer.Exit(130) from None
    ledger = run.ledger()
    out.print()
    summarise(out, ledger)
    changed = ledgers.differences(ledger, recorded) if recorded is not None else []
    for line in changed:
        err.print(f"[red]differs from {escape(str(against))}:[/] {escape(line)}", highlight=False)
    written = [_write(json_file, ledger)] if json_file is not None else []
    if not fresh:
        written.append(_write(STATE / "ledger.json", ledger))
    if report is not None:
        written.extend(_report(ledger, corpus, report))
    if report is not None or json_file is not None:
        out.print("[dim]written: " + escape(", ".join(str(path) for path in written)) + "[/]", highlight=False)
    raise typer.Exit(ledgers.exit_code(ledger, changed))


def _write(path: Path, ledger: dict[str, object]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(ledger, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except OSError as error:
        _fail(f"cannot write {path}: {error.strerror}; choose another place (finished records are in the store)")
    return path


def _report(ledger: dict[str, object], corpus: object, folder: Path) -> list[Path]:
    from lakatos import report as reports

    try:
        return list(reports.write(ledger, corpus, folder))  # type: ignore[arg-type]
    except reports.ReportError as error:
        _fail(str(error))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder to write index.html, REPORT.md, ledger.json and figures into.")] = Path("reports"),
    ledger: Annotated[Path, typer.Option(help="Ledger to report on; `lakatos verify` leaves one here.")] = STATE / "ledger.json",
    path: Annotated[list[str] | None, typer.Option("--in", help="Corpus that holds the figures.")] = None,
) -> None:
    """Write the report of the last run: one self-contained HTML page, Markdown, JSON, figures."""
    from lakatos import ledger as ledgers
    from lakatos.discovery import load

    if not ledger.exists():
        _fail(f"there is no ledger at {ledger}; run `lakatos verify` first, or name one with --ledger")
    try:
        data = ledgers.read(ledger)
    except ValueError as error:
        _fail(str(error))
    for written in _report(data, load(*(path or [])), folder):
        out.print(f"[dim]{escape(str(written))}[/]", highlight=False)


@app.command()
def new(
    what: Annotated[str, typer.Argument(metavar="PAPER/CLAIM", help="Names of the paper's file and of the claim in it.")],
    folder: Annotated[Path, typer.Option("--in", help="Corpus to write into.")] = Path(),
) -> None:
    """Write a working example of a claim, with its evidence, to start from."""
    from lakatos.scaffold import ScaffoldError, write

    try:
        written = write(what, folder)
    except ScaffoldError as error:
        _fail(str(error))
    for path in written:
        out.print(f"wrote {escape(str(path))}", highlight=False)
    out.print(f"\nnow: lakatos verify {escape(str(folder / 'theorems' / written[0].name))}" if folder == Path() and not
              (folder / "proofs_check").is_dir() else f"\nnow: lakatos verify {escape(str(folder))}/ '{what.replace('/', '.')}'",
              highlight=False)


@app.command()
def doctor() -> None:
    """Say what this machine can and cannot check, and what to install for the rest."""
    from lakatos.scaffold import diagnose

    for name, state, advice in diagnose():
        out.print(f"  {name:<14} {state:<28} [dim]{escape(advice)}[/]", highlight=False)


def main() -> None:
    """Entry point of the `lakatos` command."""
    app()
