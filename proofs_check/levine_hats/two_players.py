"""Exact evidence for the hat problem with two players: counting, classes of tables, polynomial identities in the bias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from sympy import Pow

from lakatos import Case, Certified, certificate, enumeration, figure
from lakatos.trial import Trial
from simulators.models.hats import most_wins, wins_by_bits
from theorems.levine_hats import finite_values as finite
from theorems.levine_hats import two_players as two
from theorems.levine_hats.setting import (
    S3_A,
    S3_B,
    S5_SYMMETRIC,
    V2_A,
    V2_B,
    V4_A,
    V4_B,
    Table,
    chain_win,
    f,
    g,
    h,
    height,
    m,
    n,
    optimal_value,
    recursive_value,
    reversed_bits,
    t,
)
from theorems.levine_hats.setting import finite as played_once

Instances = Iterator[Mapping[Any, Any]]
BEST: dict[int, tuple[Table, Table]] = {
    1: ((0, 0), (0, 0)), 2: (V2_A, V2_B), 3: (played_once(S3_A), played_once(S3_B)), 4: (V4_A, V4_B),
}


def pairs_of_tables(most: int) -> Instances:
    """Every pair of tables up to `most` hats."""
    for hats in range(1, most + 1):
        for first, second in product(product(range(hats), repeat=2**hats), repeat=2):
            yield {h: hats, f: first, g: second}


@enumeration(two.integral_form, two.one_hat_more_helps, scope="every pair of tables, h = 1, 2, and S3 for h = 3")
def small_tables(trial: Trial) -> Instances:
    """All 257 pairs on one and two hats, and the best pair on three."""
    yield from pairs_of_tables(2)
    yield {h: 3, f: BEST[3][0], g: BEST[3][1]}


@enumeration(two.continue_on_white_blocks, two.combining, scope="every pair of tables, h = 1, 2; best known pair, h = 3")
def continued_tables(trial: Trial) -> Instances:
    """The same set, where a lemma is about what follows a block."""
    yield from pairs_of_tables(2)
    yield {h: 3, f: BEST[3][0], g: BEST[3][1]}


@enumeration(two.digits_beyond_a_float, scope="m + n <= 6")
def late_searches(trial: Trial) -> Instances:
    """Every number of skipped and searched hats whose pairs of stacks can be counted."""
    for searched in range(1, 7):
        for skipped in range(7 - searched):
            yield {m: skipped, n: searched}


@enumeration(two.best_response_formula, scope="every g, h = 1, 2")
def single_tables(trial: Trial) -> Instances:
    """Every table on one and two hats."""
    for hats in (1, 2):
        for table in product(range(hats), repeat=2**hats):
            yield {h: hats, g: table}


@enumeration(two.first_black_is_stuck, scope="h = 1..6")
def heights(trial: Trial) -> Instances:
    """Stacks of one to six hats."""
    yield from ({h: hats} for hats in range(1, 7))


@certificate(two.three_hat_blocks, two.five_hat_blocks, two.five_hat_blocks_of_the_authors,
             scope="the strategy", whole_domain=True)
def wins_and_continuations(trial: Trial) -> Iterator[Certified]:
    """Integers W, C with v = (W/2 + C v) / 4^h, counted by the checker on half-wins."""
    constants = trial.complete({})
    wins, both = _half_wins(constants[f], constants[g])
    yield Certified({}, {"half_wins": wins, "both_continue": both}, _fixed_point)


def _half_wins(first: Table, second: Table) -> tuple[int, int]:
    """(twice the weighted wins, pairs at which both continue); a lone continuer's hat is worth one half."""
    hats = height(first)
    wins = both = 0
    for x in range(2**hats):
        for y in range(2**hats):
            a, b = first[y], second[x]
            if a == b == hats:
                both += 1
            elif a == hats:
                wins += y >> b & 1
            elif b == hats:
                wins += x >> a & 1
            else:
                wins += 2 * (x >> a & y >> b & 1)
    return wins, both


def _fixed_point(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    if [*_half_wins(instance[f], instance[g])] != [data["half_wins"], data["both_continue"]]:
        raise ValueError("the counts of the certificate are not those of the tables")
    pairs = 4 ** height(instance[f])
    return {recursive_value(f, g): Fraction(data["half_wins"], 2 * (pairs - data["both_continue"]))}


@enumeration(two.three_hats_once, scope="the strategy")
def once(trial: Trial) -> Instances:
    """The tables are constants: one instance."""
    yield {}


@enumeration(two.no_single_change_helps, scope="all 32 changes of each table")
def single_changes(trial: Trial) -> Instances:
    """Every stack and every entry."""
    yield from ({t: stack, n: entry} for stack in range(8) for entry in range(4))


@enumeration(two.block_sizes, scope="t = 2..300")
def many_block_sizes(trial: Trial) -> Instances:
    """Block sizes, one by one."""
    yield from ({t: size} for size in range(2, 301))


@certificate(two.block_sizes, scope="every t", whole_domain=True)
def block_sizes_modulo_five(trial: Trial) -> Iterator[Certified]:
    """4^2 = 1 mod 5 and (-1)^2 = 1, so the statement at t is the statement at t + 2; t = 2, 3 decide."""
    yield Certified({t: 2}, {"modulus": 5, "period": 2, "representatives": [2, 3]}, _periodic)


def _periodic(trial: Trial, instance: Mapping[Any, Any], data: Any) -> bool:
    """7 (4^t - 4) / 20 = 7 (4^(t-1) - 1) / 5 is whole according to 4^(t-1) mod 5; nothing else may depend on t."""
    period, modulus = data["period"], data["modulus"]
    powers = {power.base for power in trial.then.atoms(Pow) if t in power.free_symbols}
    repeats = pow(4, period, modulus) == 1 and (-1) ** period == 1
    covers = data["representatives"] == list(range(2, 2 + period)) and powers <= {4, -1}
    return repeats and covers and all(trial.margin({t: size}).holds is True for size in data["representatives"])


@enumeration(two.odd_block_sizes_exist, scope="blocks of 3, 5 and 7 hats")
def chains(trial: Trial) -> Instances:
    """One to three links."""
    yield from ({t: links} for links in (1, 2, 3))


@cache
def most(hats: int) -> Fraction:
    """V_{2,h} by best responses to every class of tables."""
    return Fraction(most_wins(hats)[0], 4**hats)


@certificate(finite.finite_values, scope="h = 1..4")
def tables_below_classes_above(trial: Trial) -> Iterator[Certified]:
    """A pair of tables from below; from above, best responses to all tables up to renaming hats."""
    for hats, (first, second) in BEST.items():
        yield Certified({h: hats}, {"first": first, "second": second}, _two_sided, note=f"h = {hats}")


def _two_sided(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    return {optimal_value(h): (Fraction(wins_by_bits(data["first"], data["second"]), 4 ** instance[h]), most(instance[h]))}


@enumeration(finite.finite_values, scope="h = 1, 2, 3, by the definition")
def values_by_definition(trial: Trial) -> Instances:
    """Every g and a best response to it, as the definition says."""
    yield from ({h: hats} for hats in (1, 2, 3))


@enumeration(finite.optimum, scope="h = 1..4, all tables up to renaming hats")
def all_classes(trial: Trial) -> Iterator[Case]:
    """The optimum on each height, from the classes of tables."""
    yield from (Case({h: hats}, {optimal_value(h): most(hats)}) for hats in range(1, 5))


@enumeration(finite.convergence, scope="h = 1..9")
def chain_heights(trial: Trial) -> Instances:
    """Stacks of one to nine hats."""
    yield from ({h: hats} for hats in range(1, 10))


@enumeration(finite.weaker_rates, scope="3k + r <= 9")
def blocks_and_rest(trial: Trial) -> Instances:
    """Blocks of three and a rest."""
    yield from ({m: blocks, n: rest} for blocks in range(3) for rest in (1, 2, 3))


@enumeration(finite.few_stacks_correlate_little, scope="every set of stacks, h = 1..4")
def sets_of_stacks(trial: Trial) -> Iterator[Case]:
    """All 65535 sets on four hats, by their greatest square sums per size; smaller heights by the definition."""
    for hats in range(1, 4):
        yield from (Case({h: hats, n: size}) for size in range(1, 2**hats + 1))
    for size, greatest in _square_sums_on_four_hats().items():
        yield Case({h: 4, n: size}, {finite.greatest_square_sum(h, n): greatest})


@cache
def _square_sums_on_four_hats() -> dict[int, int]:
    """Greatest sum of squares by size of the set, adding one stack at a time along a Gray code of all 2^16 sets."""
    signs = [[1 if y >> j & 1 else -1 for j in range(4)] for y in range(16)]
    sums, inside, size = [0] * 4, [False] * 16, 0
    greatest: dict[int, int] = {}
    for step in range(1, 2**16):
        stack = (step & -step).bit_length() - 1
        turn = -1 if inside[stack] else 1
        inside[stack] = not inside[stack]
        size += turn
        sums = [total + turn * sign for total, sign in zip(sums, signs[stack], strict=True)]
        greatest[size] = max(greatest.get(size, 0), sum(total * total for total in sums))
    return dict(sorted(greatest.items()))


@certificate(finite.three_eighths, scope="h = 1..8")
def orthonormal_hats(trial: Trial) -> Iterator[Certified]:
    """W = <A, B> with squared norms at most 1/2 by Bessel's inequality, which needs only orthonormal, odd hats."""
    for hats in range(1, 9):
        yield Certified({h: hats}, {"hats": hats}, _bessel, note=f"h = {hats}")


def _bessel(trial: Trial, instance: Mapping[Any, Any], data: Any) -> Mapping[Any, Any]:
    """Check E[Y_i Y_j] = [i = j] and Y(-y) = -Y(y) exactly; then V <= (1 + 1/2)/4, and the chain gives a lower bound.

    For a set S of measure s, F = 1_S - 1_{-S} is odd with E F^2 <= 2 s, and E[1_S Y_j] = E[F Y_j]/2. Bessel:
    4 sum_j E[1_S Y_j]^2 <= 2 s. Summed over the level sets of a table, the squared norm is at most 1/2.
    """
    hats = data["hats"]
    signs = [[1 if y >> j & 1 else -1 for y in range(2**hats)] for j in range(hats)]
    for i in range(hats):
        odd = all(signs[i][y] == -signs[i][2**hats - 1 - y] for y in range(2**hats))
        gram = [sum(a * b for a, b in zip(signs[i], signs[j], strict=True)) for j in range(hats)]
        if not odd or gram != [2**hats if i == j else 0 for j in range(hats)]:
            raise ValueError("the hats are not orthonormal and odd")
    return {optimal_value(h): (chain_win.compute(hats), Fraction(3, 8))}


@figure(two.three_hat_blocks, two.five_hat_blocks_of_the_authors,
        caption="The unit square of pairs of stacks, first hat = first binary digit: dark squares are won, white ones lost; "
        "shades between: one or both players go on to the next block, and win with chance 1/2 or 7/20.",
        alt="Checkerboards of 8 by 8 and 32 by 32 squares for the block-of-three and the authors' block-of-five strategy.")
def checkerboards() -> Any:
    """Outcome of the first block for every pair of stacks."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(6.4, 3.4), layout="constrained")
    for axes, (name, first, second) in zip(
        drawn.subplots(1, 2), (("blocks of three, S3", S3_A, S3_B), ("blocks of five, S5", S5_SYMMETRIC, S5_SYMMETRIC)), strict=True
    ):
        hats = height(first)
        places = [reversed_bits(cell, hats) for cell in range(2**hats)]
        shade = [[_outcome(first, second, x, y) for x in places] for y in places]
        axes.imshow(shade, cmap="Blues", vmin=0, vmax=1.2, origin="lower", extent=(0, 1, 0, 1), interpolation="nearest")
        axes.set(title=name, xlabel="A's stack", ylabel="B's stack", xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        axes.title.set_fontsize(10)
    return drawn


def _outcome(first: Table, second: Table, x: int, y: int) -> float:
    """Chance to win after the first block: 0, 1, or 1/2 and 7/20 where one or both players continue."""
    hats = height(first)
    a, b = first[y], second[x]
    if a == hats and b == hats:
        return 0.35
    return (0.5 if a == hats else x >> a & 1) * (0.5 if b == hats else y >> b & 1)
