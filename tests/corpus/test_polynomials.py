"""Signs and identities of rational functions: two exact routes, and what happens when they differ."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from flint import fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.methods import polynomials
from proofs_check.methods.polynomials import Disagreement, fraction_of_polynomials, identical, positive_on, roots_within

x = sympy.Symbol("x")
ROOTS = st.lists(st.integers(-6, 6), max_size=5)


def product_of(roots: list[int]) -> fmpq_poly:
    """The monic polynomial with these roots."""
    result = fmpq_poly([1])
    for root in roots:
        result *= fmpq_poly([-root, 1])
    return result


@given(ROOTS, st.integers(-7, 0), st.integers(1, 7))
def test_sturm_counts_distinct_roots(roots: list[int], low: int, high: int) -> None:
    """The number of sign changes lost between the ends is the number of distinct roots in (low, high]."""
    ends_are_simple = all(roots.count(end) <= 1 for end in (low, high))
    if ends_are_simple:
        expected = len({root for root in roots if low < root <= high})
        assert expected == roots_within(product_of(roots), Fraction(low), Fraction(high))


@given(st.lists(st.sampled_from([-5, -3, -1, 5, 7]), max_size=5))
def test_sign_on_an_interval_without_roots(roots: list[int]) -> None:
    """Positive on (0, 4] exactly if the number of roots to the right of it is even."""
    assert positive_on(product_of(roots), Fraction(0), Fraction(4)) == (sum(root > 4 for root in roots) % 2 == 0)


def test_a_zero_at_the_lower_end_is_allowed() -> None:
    """x (1 - x) is positive on (0, 1/2], not on (0, 1]."""
    bump = fmpq_poly([0, 1, -1])
    assert positive_on(bump, Fraction(0), Fraction(1, 2))
    assert not positive_on(bump, Fraction(0), Fraction(1))


def test_a_double_root_is_not_positive() -> None:
    """(3x - 1)^2 touches zero at 1/3, between all dyadic points; the routes say no or refuse to decide."""
    with pytest.raises(Disagreement, match="do not decide"):
        positive_on(fmpq_poly([1, -6, 9]), Fraction(0), Fraction(1), depth=12)


def test_identities_by_cross_multiplication() -> None:
    """Equal fractions in different form are identical; a changed coefficient is seen."""
    left = fraction_of_polynomials((x**2 - 1) / (x - 1) ** 2, x)
    assert identical(left, fraction_of_polynomials((x + 1) / (x - 1), x))
    assert not identical(left, fraction_of_polynomials((x + 2) / (x - 1), x))


def test_functions_that_are_not_rational_are_refused() -> None:
    """exp(x) is no fraction of polynomials."""
    with pytest.raises(TypeError, match="not a rational function"):
        fraction_of_polynomials(sympy.exp(x), x)


def test_routes_that_differ_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """If Sturm's count were wrong, Bernstein's coefficients would say so."""
    monkeypatch.setattr(polynomials, "roots_within", lambda *_: 1)
    with pytest.raises(Disagreement, match="Sturm"):
        positive_on(fmpq_poly([1, 1]), Fraction(0), Fraction(1))
