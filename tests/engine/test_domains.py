"""Domains: what is drawn lies inside, open ends stay out, lengths follow earlier quantities."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from sympy import Rational, Symbol

from lakatos.domains import (
    Choice,
    Custom,
    Domain,
    Fixed,
    Integers,
    Naturals,
    Permutations,
    Reals,
    Simplex,
    Vectors,
)

n = Symbol("n")
ends = st.fractions(-30, 30, max_denominator=700)
OPENINGS: tuple[Any, ...] = ("", "left", "right", "both")


@st.composite
def _domains(draw: Any) -> Domain:
    low, high = sorted((draw(ends), draw(ends)))
    simple = st.one_of(
        st.sampled_from(OPENINGS).map(
            lambda opening: Reals(low, high if high > low else low + 1, open=opening)
        ),
        st.just(Reals(low)),
        st.just(Reals(high=high)),
        st.just(Reals(search=(-5, 5))),
        st.just(Integers(low, high + 2, parity=draw(st.sampled_from(("", "odd", "even"))))),
        st.just(Integers(low)),
        st.just(Integers(high=high)),
        st.just(Integers()),
        st.just(Naturals(parity="odd")),
        st.integers(1, 5).map(lambda size: Simplex(size=size)),
        st.integers(1, 5).map(lambda size: Simplex(size=size, positive=True)),
        st.integers(0, 6).map(lambda size: Permutations(size=size)),
        st.just(Choice(values=(low, high))),
        st.just(Fixed(value=(low, high))),
        st.just(
            Custom(
                name="even",
                draws=lambda s, _: s.integers().map(lambda k: 2 * k),
                holds=lambda v, _: v % 2 == 0,
            )
        ),
    )
    drawn: Domain = draw(
        st.one_of(
            simple,
            simple.map(lambda inner: Vectors(of=inner, length=3)),
            simple.map(lambda inner: Vectors(of=Vectors(of=inner, length=2), length=n)),
        )
    )
    return drawn


@settings(max_examples=250)
@given(st.data(), _domains(), st.integers(0, 3))
def test_what_is_drawn_lies_inside(data: Any, domain: Domain, size: int) -> None:
    """Every drawn value is contained in its domain, whatever the bounds, parities, shapes and open ends."""
    instance = {n: size}
    assert domain.contains(data.draw(domain.strategy(instance)), instance)


@given(ends, st.sampled_from(OPENINGS))
def test_open_ends(low: Fraction, opening: Any) -> None:
    """An end belongs to the interval unless that end is open."""
    domain = Reals(low, low + 1, open=opening)
    assert domain.contains(low, {}) is (opening not in ("left", "both"))
    assert domain.contains(low + 1, {}) is (opening not in ("right", "both"))
    assert domain.contains(low + Fraction(1, 2), {})
    assert not domain.contains(low + 2, {})


@pytest.mark.parametrize(
    "domain",
    [
        Reals(n, 3),
        Reals(1, 1, open="left"),
        Integers(n, 3),
        Integers(Rational(1, 3), Rational(2, 3)),
        Integers(2, 2, parity="odd"),
    ],
)
def test_an_empty_domain_gives_no_value(domain: Domain) -> None:
    """A domain whose bounds cross yields nothing, rather than a value outside of it."""
    with pytest.raises(Unsatisfiable):
        find(domain.strategy({n: 5}), lambda _: True)


def test_unbounded_integers_are_searched_on_both_sides() -> None:
    """Integers without bounds are searched among negative numbers, zero and positive numbers."""
    strategy = Integers().strategy({})
    assert [find(strategy, wanted) for wanted in (lambda v: v == 0, lambda v: v > 9, lambda v: v < -9)] == [
        0,
        10,
        -10,
    ]


@given(st.data(), st.integers(0, 6))
def test_lengths_follow_earlier_quantities(data: Any, size: int) -> None:
    """A length or a bound may be an expression in quantities declared before."""
    domain = Vectors(of=Integers(0, n), length=2 * n + 1)
    drawn = data.draw(domain.strategy({n: size}))
    assert len(drawn) == 2 * size + 1
    assert max(drawn) <= size
    assert not domain.contains(drawn, {n: size + 1})


@pytest.mark.parametrize(
    ("domain", "outsider"),
    [
        (Reals(), 0.5),
        (Reals(), True),
        (Reals(), "1"),
        (Integers(), Fraction(1, 2)),
        (Integers(), True),
        (Naturals(parity="odd"), 2),
        (Naturals(), 0),
        (Choice(values=(1, 2)), 3),
        (Fixed(value=7), 8),
        (Vectors(of=Reals(), length=2), [1, 2]),
        (Vectors(of=Reals(), length=2), (1,)),
        (Vectors(of=Reals(), length=2), (1, 0.5)),
        (Simplex(size=2), (Fraction(1, 2), Fraction(1, 3))),
        (Simplex(size=2), (2, -1)),
        (Simplex(size=2, positive=True), (1, 0)),
        (Permutations(size=3), (0, 1, 1)),
        (Permutations(size=3), (0, 1)),
    ],
)
def test_outsiders_are_recognised(domain: Domain, outsider: Any) -> None:
    """Values of another type, shape or range do not belong, floats and booleans least of all."""
    assert domain.contains(outsider, {}) is False


@pytest.mark.parametrize(
    "domain",
    [
        Reals(),
        Reals(0, 1, open="both"),
        Integers(),
        Integers(0, 5, parity="even"),
        Naturals(),
        Fixed(value=(1, 2)),
        Choice(values=tuple(range(9))),
        Vectors(of=Reals(), length=n),
        Simplex(size=n, positive=True),
        Permutations(size=n),
        Custom(name="graphs"),
    ],
)
def test_every_domain_is_described_in_latex(domain: Domain) -> None:
    """A description exists for every domain, with balanced braces."""
    written = domain.describe()
    assert written
    assert written.replace(r"\{", "").replace(r"\}", "").count("{") == written.replace(r"\{", "").replace(
        r"\}", ""
    ).count("}")


def test_domains_that_cannot_be_drawn_say_why() -> None:
    """An infinite length, or a domain of one's own without `draws`, is refused with a reason."""
    from sympy import oo

    for domain in (Vectors(length=oo), Simplex(size=oo), Permutations(size=oo), Custom(name="graphs")):
        with pytest.raises(TypeError, match=r"finite|draws"):
            domain.strategy({})
