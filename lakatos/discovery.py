"""Discovery: walk the drawers of a corpus, import what is there, report what is broken, carry on.

A corpus is a folder with `theorems/`, and beside it `proofs_check/` and `simulators/`; or any folder or single file
with claims in it. Files are walked, not imported by name from a list: dropping a file in is all it takes.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from lakatos.claims import Claim, Finding, Paper
from lakatos.evidence import Evidence, Figure

STATEMENTS, DRAWERS = "theorems", ("proofs_check", "simulators")
SKIPPED = {"methods", "models", "__pycache__"}


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file, said with file and line. `claim` names the claim concerned, if one is."""

    file: str
    line: int
    message: str
    claim: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Corpus:
    """Everything found: papers by slug, claims by id, evidence, findings, figures, and what is broken."""

    papers: dict[str, Paper | None] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    abouts: dict[str, str] = field(default_factory=dict)

    def serving(self, claim: Claim) -> list[Evidence]:
        """Evidence functions that serve `claim`, in a fixed order."""
        return [evidence for evidence in self.evidence if any(served is claim for served in evidence.claims)]

    def evidence_files(self, slug: str) -> list[str]:
        """Files with evidence for the paper, for messages."""
        return sorted({e.where for e in self.evidence if any(c.paper == slug for c in e.claims)})


def python_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """(slug, file) for every paper module below `folder`: `<slug>.py`, or `<slug>/*.py` for a paper in a folder."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in SKIPPED or path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".py":
            yield path.stem, path
        elif path.is_dir():
            for inner in sorted(path.rglob("*.py")):
                if not (set(inner.relative_to(path).parts) & SKIPPED) and inner.name != "__init__.py":
                    yield path.name, inner


def _module_name(path: Path) -> str:
    """The importable name of a file in a drawer (`theorems.condorcet`), or a private name for a file elsewhere."""
    parts = path.with_suffix("").parts
    for drawer in (STATEMENTS, *DRAWERS):
        if drawer in parts[:-1]:
            return ".".join(parts[len(parts) - 1 - parts[::-1].index(drawer) :])
    return "lakatos_user_" + "_".join(part for part in parts[-2:] if part.isidentifier())


def _clear_of(name: str, path: Path) -> None:
    """Forget a drawer of another corpus that is already imported under the same name."""
    for known in [key for key in sys.modules if key == name or name.startswith(f"{key}.")]:
        origin = getattr(sys.modules[known], "__file__", None)
        if known == name and origin is not None and Path(origin).resolve() != path.resolve():
            del sys.modules[known]


def load_file(path: Path) -> ModuleType:
    """Import one file under its drawer's name. Raises whatever the file raises."""
    name = _module_name(path.resolve())
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None) and Path(str(loaded.__file__)).resolve() == path.resolve():
        return loaded
    _clear_of(name, path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _problem(path: Path, error: BaseException) -> Problem:
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    if line is None:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
        line = frames[-1].lineno if frames else 1
    what = error.msg if isinstance(error, SyntaxError) else str(error)
    return Problem(str(path), line or 1, f"{type(error).__name__}: {what} (this file is left out, the rest runs)")


def _replaced(path: Path) -> Iterator[Problem]:
    """A claim that a later assignment to the same name replaces would vanish without a word."""
    seen: dict[str, int] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name)):
            continue
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "Claim":
            name = node.targets[0].id
            if name in seen:
                yield Problem(str(path), node.lineno, f"the name '{name}' is already the claim of line {seen[name]}; rename one")
            seen[name] = node.lineno


def _open_drawers(root: Path) -> None:
    """Let `theorems`, `proofs_check` and `simulators` be the drawers of `root`, also for imports between its files."""
    for drawer in (STATEMENTS, *DRAWERS):
        folder = root / drawer
        package = sys.modules.get(drawer)
        if package is not None and [Path(part).resolve() for part in package.__path__] == [folder]:
            continue
        for name in [name for name in sys.modules if name == drawer or name.startswith(f"{drawer}.")]:
            del sys.modules[name]
        sys.modules[drawer] = ModuleType(drawer)
        sys.modules[drawer].__path__ = [str(folder)]


class _Collector:
    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.seen: set[int] = set()

    def take(self, slug: str, path: Path) -> None:
        """Import a file and collect what it declares; a broken file becomes a problem."""
        try:
            module = load_file(path.resolve())
        except (Exception, SystemExit) as error:
            self.corpus.problems.append(_problem(path.resolve(), error))
            return
        for name, value in list(vars(module).items()):
            if isinstance(value, Claim):
                self._claim(slug, name, value, path)
            elif isinstance(value, Evidence | Figure | Finding) and id(value) not in self.seen:
                self.seen.add(id(value))
                self._other(slug, name, value, path)
            elif isinstance(value, Paper):
                self.corpus.papers[slug] = value
        self.corpus.papers.setdefault(slug, None)
        self.corpus.problems.extend(_replaced(path.resolve()))
        if module.__doc__ and slug not in self.corpus.abouts:
            self.corpus.abouts[slug] = module.__doc__.strip()

    def _claim(self, slug: str, name: str, claim: Claim, path: Path) -> None:
        if Path(claim.file).resolve() != path.resolve():
            return
        if id(claim) in self.seen:
            if claim.name != name:
                message = f"'{name}' is also named '{claim.name}'"
                self.corpus.problems.append(Problem(claim.file, claim.line, message, claim.id))
            return
        self.seen.add(id(claim))
        claim.name, claim.paper = name, slug
        other = self.corpus.claims.get(claim.id)
        if other is not None:
            message = f"the name {claim.id} is taken by {other.file}:{other.line}; rename one of the two"
            self.corpus.problems.append(Problem(claim.file, claim.line, message, claim.id))
            return
        self.corpus.claims[claim.id] = claim

    def _other(self, slug: str, name: str, value: Any, path: Path) -> None:
        if isinstance(value, Evidence) and Path(value.file).resolve() == path.resolve():
            self.corpus.evidence.append(value)
        elif isinstance(value, Figure) and Path(value.function.__code__.co_filename).resolve() == path.resolve():
            self.corpus.figures.append(value)
        elif isinstance(value, Finding) and Path(value.file).resolve() == path.resolve():
            value.name, value.paper = name, slug
            self.corpus.findings.append(value)


def roots_by_entry_point() -> list[Path]:
    """Folders of installed corpora, from the entry-point group `lakatos.corpora`."""
    found = []
    for entry in entry_points(group="lakatos.corpora"):
        spec = importlib.util.find_spec(entry.value)
        if spec is not None and spec.origin:
            found.append(Path(spec.origin).parent)
    return found


def load(*places: str | Path, statements_only: bool = False) -> Corpus:
    """Load the corpora at `places` (folders or files; default: the installed corpus and those by entry point).

    With `statements_only` no evidence module is imported, so no simulator or solver is.
    """
    from lakatos.declarations import check

    corpus = Corpus()
    collector = _Collector(corpus)
    roots = [Path(place) for place in places] or [default_root(), *roots_by_entry_point()]
    for root in roots:
        if not root.exists():
            corpus.problems.append(Problem(str(root), 1, "no such file or folder"))
        elif root.is_file():
            collector.take(root.stem, root)
        elif not (root / STATEMENTS).is_dir():
            for slug, path in python_files(root):
                collector.take(slug, path)
        else:
            if str(root.resolve()) not in sys.path:
                sys.path.insert(0, str(root.resolve()))
            _open_drawers(root.resolve())
            drawers = (STATEMENTS,) if statements_only else (STATEMENTS, *DRAWERS)
            for drawer in drawers:
                for slug, path in python_files(root / drawer):
                    collector.take(slug, path)
    corpus.problems.extend(check(corpus, evidence_loaded=not statements_only))
    return corpus


def default_root() -> Path:
    """The folder that holds the drawers shipped with Lakatos."""
    return Path(__file__).resolve().parent.parent
