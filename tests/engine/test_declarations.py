"""Mistakes in statements: every one is reported, all at once, with file and line, before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

SOUND = """let={n: Naturals()}, then=n**2 >= n, edges={"one": {n: 1}},
    must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})]"""
MISTAKES = {
    "unknown symbol": ("let={n: Naturals()}, then=n**2 >= p", "uses p, which `let` does not declare"),
    "unknown symbol in a hypothesis": (
        'let={n: Naturals()}, given={"big": p > 1}, then=n > 0',
        "the hypothesis 'big' uses p",
    ),
    "dropped hypothesis": (
        'let={n: Naturals()}, given={"big": n > 1}, then=n > 0, must_fail=[Drop("bigger")]',
        "drops the hypothesis 'bigger', which does not exist (there are: 'big')",
    ),
    "float in the conclusion": ("let={n: Naturals()}, then=n >= 0.5", "contains the float 0.5"),
    "float in an edge": (
        'let={x: Reals()}, then=x**2 >= 0 * x - 1, edges={"half": {x: 0.5}}',
        "the edge 'half' contains a float",
    ),
    "float in a nested edge": (
        'let={x: Fixed(value=1), n: Naturals()}, then=n > x, edges={"t": {n: (1, 0.5)}}',
        "the edge 't' contains a float",
    ),
    "float in a domain": ("let={x: Reals(0, 0.3)}, then=x < 1", "the domain of x contains the float 0.3"),
    "itself": ("let={n: Naturals()}, then=n + 1 >= 1 + n", "the conclusion compares n + 1 with itself"),
    "trivially true": ("let={n: Naturals()}, then=Rational(1) > 0", "is True before anything is checked"),
    "trivially false": ("let={n: Naturals()}, then=Rational(1) < 0", "is False before anything is checked"),
    "Python bool": ("let={n: Naturals()}, then=1 < 2", "is True before anything is checked"),
    "no relation": ("let={n: Naturals()}, then=n + 1", "must be a SymPy relation or Boolean"),
    "later symbol in a bound": (
        "let={p: Reals(0, n), n: Naturals()}, then=p <= n",
        "the domain of p uses n, which `let` does not declare before it",
    ),
    "edge without a value": (
        'let={n: Naturals(), p: Reals()}, then=n > p, edges={"one": {n: 1}}',
        "the edge 'one' gives no value for p",
    ),
    "edge with a stranger": ('let={n: Naturals()}, then=n > 0, edges={"one": {n: 1, p: 1}}', "names p"),
    "witness without a value": (
        'let={n: Naturals(), p: Reals()}, then=n > p, must_fail=[Mutant("m", then=n < p, witness={n: 1})]',
        "the witness of the control 'm' gives no value for p",
    ),
    "control that changes nothing": (
        'let={n: Naturals()}, then=n > 0, must_fail=[Mutant("same")]',
        "the control 'same' changes nothing",
    ),
    "controls of one name": (
        'let={n: Naturals()}, then=n > 0, must_fail=[Mutant("m", then=n > 1), Mutant("m", then=n > 2)]',
        "2 controls are named 'm'",
    ),
    "mutant with an unknown symbol": (
        'let={n: Naturals()}, then=n > 0, must_fail=[Mutant("m", then=n > x)]',
        "control 'm': the conclusion uses x",
    ),
    "no domain": ("let={n: 3}, then=n > 0", "`let` gives n a int instead of a domain"),
    "status": ('let={n: Naturals()}, then=n > 0, status="guess"', "unknown status 'guess'"),
    "fidelity": ('let={n: Naturals()}, then=n > 0, fidelity="loose"', "unknown fidelity 'loose'"),
}


def _claim(name: str, body: str, source: str = "SOURCE", says: str = "Something.") -> str:
    return f'{name} = Claim(says="{says}", source={source}, {body})'


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_reported_where_it_stands(toy: Any, mistake: str) -> None:
    """The message says what is wrong, names the claim, and points at its file and line."""
    body, message = MISTAKES[mistake]
    path = toy.state(_claim("fine", SOUND), _claim("wrong", body))
    problems = [problem for problem in toy.load().problems if message in problem.message]
    line = next(i for i, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("wrong = "))
    assert [(problem.file, problem.line, problem.claim) for problem in problems] == [
        (str(path), line, "toy.wrong")
    ]
    assert problems[0].message.startswith("toy.wrong: ")
    assert str(problems[0]).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("source", "says", "message"),
    [
        ('Source(PAPER, at="Lemma 1", quote=" ")', "Something.", "the source has no quote"),
        ('Source(PAPER, at="", quote="q")', "Something.", "does not say at which place"),
        ("None", "Something.", "the declaration cannot be read"),
        ("SOURCE", " ", "`says` is empty"),
    ],
)
def test_a_claim_needs_words_and_a_source(toy: Any, source: str, says: str, message: str) -> None:
    """A claim without a sentence, a quote, a place or a source is reported."""
    toy.state(_claim("wrong", SOUND, source, says))
    assert any(message in problem.message for problem in toy.load().problems)


def test_all_mistakes_are_reported_at_once(toy: Any) -> None:
    """One load reports the mistakes of all claims, and several of one claim."""
    toy.state(
        *[_claim(f"wrong_{i}", body) for i, (body, _) in enumerate(MISTAKES.values())], _claim("fine", SOUND)
    )
    corpus = toy.load()
    assert len({problem.claim for problem in corpus.problems}) == len(MISTAKES)
    for _, message in MISTAKES.values():
        assert any(message in problem.message for problem in corpus.problems)
    assert "toy.fine" not in {problem.claim for problem in corpus.problems}


def test_several_mistakes_of_one_claim(toy: Any) -> None:
    """A claim with three mistakes gets three messages."""
    toy.state(_claim("wrong", 'let={n: Naturals()}, then=n >= p, status="guess", must_fail=[Drop("x")]'))
    assert len(toy.load().problems) == 3


def test_the_sound_claim_is_sound(toy: Any) -> None:
    """The claim on which the mistakes are made has none itself."""
    toy.state(_claim("fine", SOUND))
    assert toy.load().problems == []


def test_a_broken_claim_is_left_out_and_the_others_run(toy: Any) -> None:
    """Only sound claims are verified; the ledger lists the broken one as a problem."""
    toy.state(_claim("fine", SOUND), _claim("wrong", MISTAKES["unknown symbol"][0]))
    ledger = toy.run()
    assert [entry["id"] for entry in ledger["claims"]] == ["toy.fine"]
    assert [problem["claim"] for problem in ledger["problems"]] == ["toy.wrong"]


@pytest.mark.parametrize(
    ("decorator", "message"),
    [
        ('@enumeration(scope="all")', "evidence serves no claim"),
        (
            '@enumeration(Claim(says="s", source=SOURCE, then=n > 0), scope="all")',
            "which no file in this corpus declares",
        ),
        ('@enumeration("toy.fine", scope="all")', "which no file in this corpus declares"),
    ],
)
def test_evidence_without_a_claim_is_reported(toy: Any, decorator: str, message: str) -> None:
    """Evidence that serves no claim of the corpus is reported with the line of its function."""
    toy.state(_claim("fine", SOUND))
    path = toy.prove(f"{decorator}\ndef evidence(trial):\n    yield {{}}")
    problems = toy.load().problems
    assert [(problem.file, message in problem.message) for problem in problems] == [(str(path), True)]
    assert path.read_text().splitlines()[problems[0].line - 1].startswith(("@enumeration", "def evidence"))


@pytest.mark.parametrize("name", ["search", "edges", "twice"])
def test_evidence_names_are_unique_per_claim(toy: Any, name: str) -> None:
    """Two evidence functions of one name on one claim (or one named like stock evidence) are reported."""
    toy.state(_claim("fine", SOUND))
    toy.prove('@enumeration(fine, scope="a")\ndef twice(trial):\n    yield {n: 1}')
    body = f'@enumeration(fine, scope="b")\ndef {name}(trial):\n    yield {{n: 2}}'
    path = toy.prove(body, drawer="simulators")
    assert [problem.file for problem in toy.load().problems] == [str(path)]


def test_a_finding_must_name_a_claim(toy: Any) -> None:
    """A finding about nothing is reported."""
    toy.state(_claim("fine", SOUND), 'lost = Finding(title="t", explains="e")')
    assert ["the finding lost names no claim" in problem.message for problem in toy.load().problems] == [True]
