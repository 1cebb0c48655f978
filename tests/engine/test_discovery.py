"""Discovery: files are walked, drawers are paired by name, and a broken file takes nothing else down."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from lakatos import discovery
from lakatos.discovery import load, python_files

CLAIM = """
{name} = Claim(says="A square is at least its root.", source=SOURCE, let={{n: Naturals()}}, then=n**2 >= n,
               edges={{"one": {{n: 1}}}}, must_fail=[Mutant("strict", then=n**2 > n, witness={{n: 1}})])
"""
GRID = '@enumeration({name}, scope="to 9")\ndef grid(trial):\n    for count in range(1, 10):\n        yield {{n: count}}'
ROOT = Path(__file__).resolve().parents[2]


def test_drawers_are_paired_by_name(toy: Any) -> None:
    """Evidence in either drawer finds the claim whose file it imports."""
    toy.state(CLAIM.format(name="squares"))
    toy.prove(GRID.format(name="squares"))
    toy.prove('@search(squares, scope="x")\ndef hunt(trial):\n    yield {n: 5}', drawer="simulators")
    corpus = toy.load()
    assert [evidence.name for evidence in corpus.serving(corpus.claims["toy.squares"])] == ["grid", "hunt"]
    assert (list(corpus.papers), corpus.problems) == (["toy"], [])


def test_statements_only_leaves_evidence_alone(toy: Any) -> None:
    """Listing statements imports no evidence file, so a broken one does not matter there."""
    toy.state(CLAIM.format(name="squares"))
    toy.write("proofs_check/toy.py", "raise RuntimeError('imported')")
    assert toy.load(statements_only=True).problems == []
    assert len(toy.load().problems) == 1


def test_a_paper_in_a_folder(toy: Any) -> None:
    """A paper that outgrew a file is a folder; all its files count as one paper."""
    toy.state(CLAIM.format(name="first"), paper="toy/part_one")
    toy.state(CLAIM.format(name="second"), paper="toy/deeper/part_two")
    toy.write("theorems/toy/__init__.py", '"""The toy paper."""')
    assert sorted(toy.load().claims) == ["toy.first", "toy.second"]


def test_helpers_are_not_papers(toy: Any) -> None:
    """Folders for methods and models, hidden and private files are not walked."""
    for name in ("methods/tool.py", "models/world.py", "_private.py", ".hidden.py", "__pycache__/x.py"):
        toy.write(f"theorems/{name}", "raise RuntimeError('walked')")
    toy.state(CLAIM.format(name="squares"))
    assert [slug for slug, _ in python_files(toy.root / "theorems")] == ["toy"]
    assert toy.load().problems == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\ny = = 2\n", 2, "SyntaxError"),
        ("x = 1\n\nimport a_package_that_is_not_there\n", 3, "ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit"),
        ("def f():\n    raise ValueError('inside')\n\nf()\n", 2, "ValueError: inside"),
        ("from lakatos import Claim\nc = Claim(says='s')\n", 2, "TypeError"),
        ("x = '\0'\n", 1, ""),
    ],
)
@pytest.mark.parametrize("drawer", ["theorems", "proofs_check", "simulators"])
def test_a_broken_file_is_reported_and_the_rest_loads(
    toy: Any, drawer: str, text: str, line: int, message: str
) -> None:
    """A syntax error, an import error, an exit or an exception at import is told with file and line."""
    toy.state(CLAIM.format(name="squares"), paper="alright")
    path = toy.write(f"{drawer}/broken.py", text)
    corpus = toy.load()
    assert list(corpus.claims) == ["alright.squares"]
    assert [(problem.file, problem.line) for problem in corpus.problems] == [(str(path), line)]
    assert message in corpus.problems[0].message
    assert "this file is left out, the rest runs" in corpus.problems[0].message


def test_a_name_clash_is_reported(toy: Any) -> None:
    """Two files of one paper that declare the same name: the second is reported, with the place of the first."""
    first = toy.state(CLAIM.format(name="squares"), paper="toy/a")
    second = toy.state(CLAIM.format(name="squares"), paper="toy/b")
    corpus = toy.load()
    assert [problem.file for problem in corpus.problems] == [str(second)]
    assert f"is taken by {first}:" in corpus.problems[0].message
    assert corpus.claims["toy.squares"].file == str(first)


def test_a_name_used_twice_in_one_file_is_reported(toy: Any) -> None:
    """A claim that a later assignment of the same name would silently replace is reported."""
    path = toy.state(CLAIM.format(name="squares"), CLAIM.format(name="squares"))
    problems = toy.load().problems
    assert [(problem.file, "'squares'" in problem.message) for problem in problems] == [(str(path), True)]


def test_a_claim_with_two_names_is_reported(toy: Any) -> None:
    """One claim object under two names has no id of its own."""
    toy.state(CLAIM.format(name="squares"), "alias = squares")
    assert ["also named" in problem.message for problem in toy.load().problems] == [True]


def test_imported_claims_stay_where_they_are_declared(toy: Any) -> None:
    """A claim that another file imports belongs to the file that declares it."""
    toy.state(CLAIM.format(name="squares"))
    toy.write("theorems/other.py", "from theorems.toy import squares\n")
    corpus = toy.load()
    assert (list(corpus.claims), corpus.problems) == (["toy.squares"], [])


def test_a_single_file_and_a_plain_folder(toy: Any) -> None:
    """One file anywhere is a corpus, and so is a folder of such files."""
    text = toy.state(CLAIM.format(name="squares")).read_text()
    toy.write("elsewhere/mine.py", text + "\nfrom lakatos import enumeration\n" + GRID.format(name="squares"))
    for place in ("elsewhere/mine.py", "elsewhere"):
        corpus = load(toy.root / place)
        assert (list(corpus.claims), len(corpus.evidence), corpus.problems) == (["mine.squares"], 1, [])


def test_a_missing_place_is_reported(tmp_path: Path) -> None:
    """A path that does not exist is a problem, not an exception."""
    assert [problem.message for problem in load(tmp_path / "nothing").problems] == ["no such file or folder"]


def test_loading_twice_gives_the_same_corpus(toy: Any) -> None:
    """Loading again finds the same claims and evidence."""
    toy.state(CLAIM.format(name="squares"))
    toy.prove(GRID.format(name="squares"))
    first, second = toy.load(), toy.load()
    assert list(first.claims) == list(second.claims)
    assert len(first.evidence) == len(second.evidence) == 1


def test_installed_corpora_are_found_by_entry_point(toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that announces itself in the group `lakatos.corpora` is a corpus; one that is gone is passed over."""
    toy.state(CLAIM.format(name="squares"))
    toy.write("__init__.py", "")
    monkeypatch.syspath_prepend(str(toy.root.parent))
    entries = [
        EntryPoint("mine", "corpus", "lakatos.corpora"),
        EntryPoint("gone", "no_such_corpus", "lakatos.corpora"),
    ]
    monkeypatch.setattr(
        discovery, "entry_points", lambda group: entries if group == "lakatos.corpora" else []
    )
    assert discovery.roots_by_entry_point() == [toy.root]


def test_two_corpora_do_not_mix(toy: Any) -> None:
    """Two corpora with files of the same name keep their own claims and evidence."""
    toy.state(CLAIM.format(name="squares"))
    toy.prove(GRID.format(name="squares"))
    toy.load()
    other = type(toy)(toy.root.parent / "other")
    other.state(CLAIM.format(name="cubes"))
    other.prove(GRID.format(name="cubes"))
    corpus = other.load()
    assert (list(corpus.claims), [e.claims[0].name for e in corpus.evidence]) == (["toy.cubes"], ["cubes"])
    assert corpus.problems == []


def test_statements_load_no_solver_sampler_or_gpu_library() -> None:
    """Importing the shipped statements brings in no optimiser, SMT solver, PyMC, CuPy, plotting or test generator."""
    script = (
        "import sys; from lakatos.discovery import default_root, load; corpus = load(default_root(), statements_only=True);"
        "heavy = ('scipy.optimize', 'z3', 'pymc', 'cupy', 'matplotlib', 'hypothesis', 'cvc5', 'numba');"
        "evidence = [name for name in sys.modules if name.startswith(('simulators.', 'proofs_check.'))];"
        "print(len(corpus.claims)); print([name for name in heavy if name in sys.modules] + evidence)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    claims, loaded = done.stdout.splitlines()[-2:]
    assert int(claims) > 0
    assert loaded == "[]"


def test_every_statement_file_is_found() -> None:
    """Walking the shipped corpus misses no file: each holds a claim, a paper or shared definitions that others import."""
    folder = ROOT / "theorems"
    expected = {path for path in folder.rglob("*.py") if path.name != "__init__.py"}
    assert {path for _, path in python_files(folder)} == expected
