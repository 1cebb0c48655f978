"""Stacks of hats: counts by bits, best responses, classes of tables, games; independent routes agree."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import array_api_strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakatos.randomness import Block
from simulators.models.hats import (
    alternate,
    best_responses,
    biased_stacks,
    black_counts,
    block_games,
    most_wins,
    table_classes,
    wins_by_bits,
)
from theorems.levine_hats.other_games import best_half, first_common_level, half_circle_win, upper_half
from theorems.levine_hats.setting import (
    AUTHORS_S5,
    S3_A,
    S3_B,
    S5_A,
    S5_B,
    S5_SYMMETRIC,
    V4_A,
    V4_B,
    best_response_value,
    biased_value,
    combine,
    finite,
    from_authors,
    optimal_value,
    recursive_value,
    win,
)


@st.composite
def tables(draw: st.DrawFn, count: int = 2, most: int = 4) -> tuple[tuple[int, ...], ...]:
    """`count` tables on the same number of hats."""
    hats = draw(st.integers(1, most))
    return tuple(tuple(draw(st.lists(st.integers(0, hats - 1), min_size=2**hats, max_size=2**hats))) for _ in range(count))


@given(tables())
def test_counting_by_bits_agrees_with_the_definition(pair: tuple[tuple[int, ...], ...]) -> None:
    """Machine words of stacks count the same wins as a loop over pairs of stacks."""
    first, second = pair
    assert win.compute(first, second) == Fraction(wins_by_bits(first, second), len(first) ** 2)


@given(tables())
def test_the_game_is_symmetric_in_its_players(pair: tuple[tuple[int, ...], ...]) -> None:
    """Exchanging the players exchanges the stacks and keeps the wins."""
    assert wins_by_bits(pair[0], pair[1]) == wins_by_bits(pair[1], pair[0])


@given(tables(count=1))
def test_renaming_hats_keeps_the_value_of_a_best_response(single: tuple[tuple[int, ...], ...]) -> None:
    """Classes of tables are sound: the order of the hats that a table names does not matter to its best response."""
    table, hats = single[0], len(single[0]).bit_length() - 1
    renamed = tuple((named + 1) % hats for named in table)
    assert best_response_value.compute(table) == best_response_value.compute(renamed)


@given(tables(count=1))
def test_best_responses_are_best(single: tuple[tuple[int, ...], ...]) -> None:
    """The batched answer attains the value of the formula, and its count is what counting by bits says."""
    table = single[0]
    answers, wins = best_responses(np, np.asarray([table]))
    assert Fraction(int(wins[0]), len(table) ** 2) == best_response_value.compute(table)
    assert int(wins[0]) == wins_by_bits(tuple(answers[0].tolist()), table)


@given(tables(count=3, most=3))
def test_alternation_never_loses_and_ends_in_mutual_best_responses(batch: tuple[tuple[int, ...], ...]) -> None:
    """Counts do not fall below the first best response, and neither player can gain at the end."""
    start = np.asarray(batch)
    _, before = best_responses(np, start)
    first, second, wins = alternate(np, start)
    assert (wins >= before).all()
    assert (best_responses(np, first)[1] == wins).all()
    assert (best_responses(np, second)[1] == wins).all()


def test_array_functions_run_on_any_array_library() -> None:
    """The strict array library gives the same tables and counts as NumPy."""
    start = np.asarray([[0, 1, 2, 1, 0, 0, 2, 1], [2, 2, 1, 0, 0, 1, 2, 0]])
    strict = alternate(array_api_strict, array_api_strict.asarray(start))
    for ours, theirs in zip(alternate(np, start), strict, strict=True):
        assert np.asarray(ours).tolist() == [np.asarray(row).tolist() for row in np.asarray(theirs)]
    counts = black_counts(array_api_strict, array_api_strict.asarray(start))
    assert np.array_equal(np.asarray(counts), black_counts(np, start))


@pytest.mark.parametrize("hats", [1, 2, 3])
def test_classes_of_tables_miss_no_optimum(hats: int) -> None:
    """The optimum over classes, with and without merging columns, is the optimum over all tables."""
    expected = optimal_value.compute(hats)
    assert expected == Fraction(most_wins(hats)[0], 4**hats)
    assert expected == Fraction(most_wins(hats, merge_columns=False)[0], 4**hats)


def test_the_optimum_on_four_hats() -> None:
    """V_{2,4} = 89/256: 70158 classes above, a pair of tables below."""
    assert (89, 70158) == most_wins(4)
    assert wins_by_bits(V4_A, V4_B) == 89


@pytest.mark.slow
def test_the_optimum_on_four_hats_without_merging_columns() -> None:
    """The larger set of classes, which uses one symmetry less, has the same optimum."""
    assert most_wins(4, merge_columns=False)[0] == 89


def test_too_many_hats_are_refused() -> None:
    """Counts outgrow their four bits at five hats."""
    with pytest.raises(ValueError, match="1 to 4 hats"):
        table_classes(5)


def test_single_changes_of_the_optimal_tables_never_gain() -> None:
    """Neither player of the 89-pair can gain by changing one entry."""
    for stack, named in product(range(16), range(4)):
        assert wins_by_bits((*V4_A[:stack], named, *V4_A[stack + 1 :]), V4_B) <= 89


def test_the_authors_table_in_our_convention() -> None:
    """Bits and hats are renumbered; the value is exactly 7/20, and once on five hats 358 of 1024."""
    ours = from_authors(AUTHORS_S5)
    assert ours == S5_SYMMETRIC
    assert recursive_value.compute(ours, ours) == Fraction(7, 20)
    assert wins_by_bits(finite(S5_A), finite(S5_B)) == 358


def test_known_values_of_biased_block_strategies() -> None:
    """Values at p = 1/4 and 2/5, computed independently."""
    assert biased_value.compute(S3_A, S3_B, Fraction(1, 4)) == Fraction(53, 368)
    assert biased_value.compute(S5_A, S5_B, Fraction(2, 5)) == Fraction(209411, 807500)


def test_combined_tables_continue_on_monochromatic_stacks_only() -> None:
    """S3 chained with itself looks at five hats and continues on exactly two stacks."""
    chain = combine(S3_A, S3_A)
    assert len(chain) == 32
    assert [stack for stack in range(32) if chain[stack] == 5] == [0, 31]


def test_games_end_with_the_named_hat() -> None:
    """Both stop on the first block: the named hats decide; a monochromatic block sends both to the next."""
    stop = np.asarray([0b001, 0b110001], dtype=np.uint64)
    seen = np.asarray([0b010, 0b010 << 3], dtype=np.uint64)
    expected = [(int(stop[0]) >> S3_A[2]) & (int(seen[0]) >> S3_B[1]) & 1, 0]
    assert block_games(stop[:1], seen[:1], S3_A, S3_B).tolist() == expected[:1]
    both = np.asarray([0b001 << 3], dtype=np.uint64), np.asarray([0b010 << 3], dtype=np.uint64)
    assert block_games(*both, S3_A, S3_B).tolist() == expected[:1]


def test_biased_stacks_carry_the_bias_in_every_hat() -> None:
    """Frequencies of black hats by place lie within six standard errors of 3/10."""
    words = Block(0, "hats", "biased", 0, 40_000).words(32, 40_000)
    stacks = biased_stacks(words, 0.3)
    for place in (0, 1, 31, 63):
        assert abs(((stacks >> np.uint64(place)) & np.uint64(1)).mean() - 0.3) < 6 * (0.21 / 40_000) ** 0.5


@given(st.lists(st.fractions(0, 1), min_size=2, max_size=8).filter(lambda values: len(values) % 2 == 0))
def test_the_best_half_is_the_upper_half(values: list[Fraction]) -> None:
    """Trying all halves finds what sorting finds."""
    assert best_half.compute(tuple(values)) == upper_half.compute(tuple(values))


@pytest.mark.parametrize("players", [2, 3, 7])
def test_many_players(players: int) -> None:
    """Common levels are worth 1/(n + 1), half circles 1/2."""
    assert first_common_level.compute(players) == Fraction(1, players + 1)
    assert half_circle_win.compute(players) == Fraction(1, 2)
