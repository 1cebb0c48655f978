"""The vocabulary: what a claim, a control and their renderings are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import And, Eq, Equivalent, Implies, IndexedBase, Not, Or, Rational, Sum, Symbol, exp, log

from lakatos import (
    Claim,
    Drop,
    Fixed,
    Modelled,
    Mutant,
    Naturals,
    Paper,
    Reals,
    Source,
    define,
    predicate,
    term,
)
from lakatos.rendering import exact_json, latex, mathml, text, value_text
from lakatos.trial import PROFILES, EdgeError, Trial

n, p, x = Symbol("n"), Symbol("p"), Symbol("x")
SOURCE = Source(Paper("Toy", "A", 2026), at="Lemma 1", quote="q")


@term("M")
def majority(jurors: int, chance: Fraction) -> Fraction:
    """A term of two arguments."""
    return chance**jurors


@predicate("acyclic")
def acyclic(arcs: Any) -> bool:
    """A predicate."""
    return not arcs


sigma = define(r"\sigma", lambda value: 1 / (1 + exp(-value)))


def claim(**changes: Any) -> Claim:
    """A sound claim, changed."""
    given_ = {"competent": p > Rational(1, 2), "independent": Modelled("independent votes")}
    base: dict[str, Any] = {
        "says": "s",
        "source": SOURCE,
        "let": {n: Naturals(), p: Reals(0, 1)},
        "given": given_,
        "then": majority(n + 2, p) <= majority(n, p),
        "name": "c",
        "paper": "toy",
    }
    return Claim(**{**base, **changes})


def test_a_claim_knows_where_it_stands() -> None:
    """File and line of a claim are those of its call, and its id is paper and name."""
    found = claim()
    assert found.file == __file__
    assert (found.id, repr(found)) == ("toy.c", "<claim toy.c>")


def test_a_dropped_hypothesis_is_gone_and_nothing_else() -> None:
    """`Drop` removes exactly one hypothesis from the statement."""
    found = claim(must_fail=[Drop("competent", witness={n: 1, p: Rational(2, 5)})])
    changed = found.must_fail[0].apply(found.statement)
    assert set(changed.given) == {"independent"}
    assert (changed.then, changed.let) == (found.then, found.let)
    assert found.must_fail[0].witness == {n: 1, p: Fraction(2, 5)}


def test_a_mutant_changes_what_it_says_and_nothing_else() -> None:
    """`Mutant` replaces the conclusion, the hypotheses or some domains, and keeps the rest."""
    found = claim()
    other = Mutant("m", then=n > 0).apply(found.statement)
    assert (other.then, other.given, other.let) == (n > 0, found.given, found.let)
    wider = Mutant("w", let={p: Reals(0, 2)}, given={}).apply(found.statement)
    assert (wider.let[p].high, wider.let[n], wider.given, wider.then) == (2, found.let[n], {}, found.then)  # type: ignore[attr-defined]


def test_indexed_quantities_are_kept_by_their_label() -> None:
    """An `IndexedBase` may be declared, given in edges and in witnesses; all mean the same quantity."""
    pi = IndexedBase("pi")
    found = claim(
        let={pi: Reals()},
        given={},
        then=pi[0] >= 0,
        edges={"zero": {pi: (0,)}},
        must_fail=[Mutant("m", then=pi[0] > 0, witness={pi: (0,)})],
    )
    assert (
        list(found.let) == list(found.edges["zero"]) == list(found.must_fail[0].witness or {}) == [pi.label]
    )


def test_constants_are_filled_in() -> None:
    """A `Fixed` quantity need not be given in an instance; a free one that is missing is named."""
    found = claim(let={n: Naturals(), x: Fixed(value=7)}, given={}, then=n <= x)
    trial = Trial.of(found, PROFILES["smoke"], 0)
    assert trial.complete({n: 3}) == {n: 3, x: 7}
    with pytest.raises(EdgeError, match="no value for n"):
        trial.within(trial.complete({}))


STATEMENTS = [
    majority(n + 2, p) > majority(n, p),
    Eq(sigma(x), 1 / (1 + exp(-x))),
    And(x > 0, Or(n > 1, Not(Eq(p, 0)))),
    Implies(acyclic(x), n > 0),
    Equivalent(p > 0, log(p) > -n),
    Sum(IndexedBase("pi")[n], (n, 0, 3)) <= 1,
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_a_statement_renders_in_every_format(statement: Any) -> None:
    """Terminal text, LaTeX and MathML are all made from the object that is checked, with balanced markup."""
    from xml.etree import ElementTree

    source = latex(statement)
    assert source.count("{") == source.count("}")
    assert text(statement)
    root = ElementTree.fromstring(mathml(source))
    assert root.tag.endswith("math")
    assert root.attrib["alttext"] == source


def test_terms_print_in_the_notation_of_the_paper() -> None:
    """Terms and named expressions appear as the paper writes them, in LaTeX and in the terminal."""
    assert latex(majority(n, p)) == r"M\left(n, p\right)"
    assert latex(sigma(x)) == r"\sigma\left(x\right)"
    assert (text(majority(n + 2, p) > 0), text(sigma(x))) == ("M(n + 2, p) > 0", "sigma(x)")
    assert latex(majority(n, p) ** 2) == r"M\left(n, p\right)^{2}"


def test_markup_in_a_formula_is_escaped() -> None:
    """A symbol named like an HTML element does not become one in MathML."""
    written = mathml(latex(Symbol('<script>alert("x")</script>') > 0))
    assert "<script" not in written


@given(
    st.recursive(
        st.one_of(st.integers(), st.fractions(), st.booleans()), lambda inner: st.tuples(inner, inner)
    )
)
def test_exact_values_survive_as_json_and_text(value: Any) -> None:
    """An exact value becomes JSON without floats, and text that a person can read back."""
    import json

    def floats(found: Any) -> bool:
        return any(map(floats, found)) if isinstance(found, list) else isinstance(found, float)

    written = exact_json(value)
    assert json.loads(json.dumps(written)) == written
    assert not floats(written)
    if isinstance(value, Fraction):
        assert Fraction(written) == Fraction(value_text(value)) == value


def test_long_values_are_cut() -> None:
    """A huge table is cut at the limit, and the cut is visible."""
    written = value_text(tuple(range(10_000)), limit=100)
    assert (len(written), written[-3:]) == (100, "...")
