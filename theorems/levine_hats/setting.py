"""The game: stacks, strategy tables, and what a pair of tables is worth, each by its definition.

A stack of h hats is coded as an integer: bit i is hat i, 1 is black. Player A sees y and names hat f[y] of its own
stack x; player B sees x and names hat g[x] of y. The team wins if both named hats are black. In a table for blocks of
h hats the entry h means "continue": look at the next h hats of the other stack, and play the same table there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product

from sympy import Symbol

from lakatos import OutOfReach, Paper, term

Table = tuple[int, ...]

PAPER = Paper(
    title="An analytical framework for the Levine hats problem: new strategies, bounds and generalizations",
    authors="C. Bouquet, S. Chikhi, T. Charles, Y. Zhou, E. Wang",
    year=2025,
    url="arXiv:2508.01737",
    version="abstracts of v1 (2025) and v2 (2026), tables of the authors' public code",
    access="The full text was not available. Statements are reconstructed from both abstracts and the public code, and "
    "re-derived; constants that are ours are said to be ours.",
    summary="Two players see each other's infinite stack of hats and must each name a black hat of their own. The paper "
    "writes strategies as measurable functions, reaches the conjectured optimum 7/20, improves bounds for biased "
    "hats, and solves a continuous game.",
    not_claimed={
        "C1, n players": "the integral for three and more players: the same computation with one more factor per player",
        "C10b": "V_2 <= 0.37406 and 0.37193 (Heilman and Tamuz): known to us from summaries only, no proof to check",
        "C10c": "V_2 <= 81/224: a computer-assisted proof of the base paper that was not available",
        "C13b": "V_n tends to 0 (Levine's conjecture) is open; V_n strictly decreasing is quoted, its proof not available",
        "7/20": "that 7/20 is optimal for infinite stacks is a conjecture; nothing here proves it",
        "v1": "'resolve conjectured inequalities' in the abstract: which ones could not be learnt",
    },
)
BASE = Paper(
    title="On Levine's notorious hat puzzle",
    authors="J. Buhler, C. Freiling, R. Graham, J. Kariv, J. Roche, M. Tiefenbruck, C. Van Alten, D. Yeroshkin",
    year=2014,
    url="arXiv:1407.4711",
    access="abstract",
)

h, t, n, m, p = Symbol("h"), Symbol("t"), Symbol("n"), Symbol("m"), Symbol("p")
f, g = Symbol("f"), Symbol("g")

S3_A: Table = (3, 1, 2, 1, 0, 0, 2, 3)
S3_B: Table = (3, 2, 0, 0, 1, 2, 1, 3)
S5_A: Table = (5, 3, 0, 3, 1, 3, 1, 3, 2, 3, 2, 3, 1, 3, 1, 3, 4, 4, 4, 4, 1, 4, 1, 0, 4, 4, 4, 4, 1, 3, 1, 5)
S5_B: Table = (5, 1, 2, 2, 3, 1, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 2, 2, 0, 0, 3, 5)
AUTHORS_S5 = (2, 3, 2, 3, 5, 5, 5, 5, 4, 3, 2, 3, 5, 5, 5, 5, 1, 3, 1, 3, 1, 5, 1, 1, 1, 3, 1, 3, 1, 4, 1, 5)
L3_A: Table = (3, 2, 1, 2, 0, 0, 1, 1)
L3_B: Table = (3, 2, 1, 2, 0, 0, 1, 0)
V2_A: Table = (1, 0, 1, 0)
V2_B: Table = (0, 0, 1, 1)
V4_A: Table = (0, 1, 2, 2, 0, 1, 0, 0, 3, 1, 2, 2, 0, 1, 0, 3)
V4_B: Table = (1, 2, 0, 2, 1, 1, 0, 0, 3, 2, 0, 2, 1, 1, 0, 1)


def height(table: Table) -> int:
    """Number of hats that a table looks at: log2 of its length."""
    return len(table).bit_length() - 1


def reversed_bits(stack: int, hats: int) -> int:
    """The stack with its hats in opposite order."""
    return sum((stack >> i & 1) << (hats - 1 - i) for i in range(hats))


def from_authors(table: Table) -> Table:
    """A table in the authors' convention (first hat is the high bit, hats counted from 1) in ours.

    The authors' entries on the two monochromatic stacks are played as "continue".
    """
    hats = height(table)
    ours = [table[reversed_bits(stack, hats)] - 1 for stack in range(len(table))]
    ours[0] = ours[-1] = hats
    return tuple(ours)


S5_SYMMETRIC = from_authors(AUTHORS_S5)


def finite(table: Table) -> Table:
    """A block table used once: every "continue" becomes hat 0."""
    return tuple(0 if entry == height(table) else entry for entry in table)


def pairs(hats: int, chance: Fraction) -> Iterator[tuple[int, int, Fraction]]:
    """Every pair of stacks with its probability, hats being black with probability `chance`."""
    weights = [chance ** stack.bit_count() * (1 - chance) ** (hats - stack.bit_count()) for stack in range(2**hats)]
    for x, y in product(range(2**hats), repeat=2):
        yield x, y, weights[x] * weights[y]


def tallies(first: Table, second: Table, chance: Fraction) -> tuple[Fraction, Fraction]:
    """(probability of winning within the first block, probability that both players continue).

    A player who continues alone names a fresh hat, black with probability `chance`, since the other has stopped.
    """
    hats = height(first)
    won = both = Fraction(0)
    for x, y, weight in pairs(hats, chance):
        a, b = first[y], second[x]
        if a == hats and b == hats:
            both += weight
        else:
            won += weight * (chance if a == hats else x >> a & 1) * (chance if b == hats else y >> b & 1)
    return won, both


@term("w")
@cache
def win(first: Table, second: Table) -> Fraction:
    """w(f, g) = 4^-h #{(x, y): hat f(y) of x and hat g(x) of y are black}, for finite stacks of h hats."""
    hats = height(first)
    if hats > 9:
        raise OutOfReach(f"4^{hats} pairs of stacks")
    return Fraction(sum((x >> first[y]) & (y >> second[x]) & 1 for x in range(2**hats) for y in range(2**hats)), 4**hats)


@term("v")
@cache
def recursive_value(first: Table, second: Table) -> Fraction:
    """v(f, g): value on infinite stacks of a pair of block tables; solves v = won + both v."""
    won, both = tallies(first, second, Fraction(1, 2))
    return won / (1 - both)


@term("v")
@cache
def biased_value(first: Table, second: Table, chance: Fraction) -> Fraction:
    """v(f, g, p): the same with hats black with probability p."""
    won, both = tallies(first, second, Fraction(chance))
    return won / (1 - both)


@term("w")
@cache
def biased_win(first: Table, second: Table, chance: Fraction) -> Fraction:
    """w(f, g, p): probability that both named hats are black, finite stacks."""
    return tallies(first, second, Fraction(chance))[0]


@term("w_0")
@cache
def both_white(first: Table, second: Table, chance: Fraction) -> Fraction:
    """Probability that both named hats are white, finite stacks."""
    return sum((weight for x, y, weight in pairs(height(first), Fraction(chance))
                if not x >> first[y] & 1 and not y >> second[x] & 1), Fraction(0))


def black_counts(table: Table) -> list[list[int]]:
    """C[j][i] = #{x: g(x) = j and hat i of x is black}: all that a best response to g depends on."""
    hats = height(table)
    counts = [[0] * hats for _ in range(hats)]
    for x, named in enumerate(table):
        for i in range(hats):
            counts[named][i] += x >> i & 1
    return counts


@term("b")
@cache
def best_response_value(table: Table) -> Fraction:
    """4^-h sum over y of max over i of the sum of C[j][i] over the black hats j of y."""
    hats, counts = height(table), black_counts(table)
    total = sum(max(sum(counts[j][i] for j in range(hats) if y >> j & 1) for i in range(hats)) for y in range(2**hats))
    return Fraction(total, 4**hats)


@term(r"\max_{f} w")
@cache
def best_win(table: Table) -> Fraction:
    """max over all tables f of w(f, g), by trying every f."""
    hats = height(table)
    if hats > 2:
        raise OutOfReach(f"{hats}^{2**hats} tables")
    return max(Fraction(win.compute(first, table)) for first in product(range(hats), repeat=2**hats))


@term("V_2")
@cache
def optimal_value(hats: int) -> Fraction:
    """V_{2,h}: maximum of w over all pairs of tables, by best responses to every g."""
    if hats > 3:
        raise OutOfReach(f"{hats}^{2**hats} tables")
    return max(Fraction(best_response_value.compute(table)) for table in product(range(hats), repeat=2**hats))


@term("F")
def first_black(hats: int) -> Table:
    """The table "name the index of the first black hat that you see" (hat 0 if there is none)."""
    return tuple((stack & -stack).bit_length() - 1 if stack else 0 for stack in range(2**hats))


def combine(outer: Table, inner: Table) -> Table:
    """Play `outer` on its block of N hats; if that block is monochromatic keep its first hat and play `inner` on it
    together with the next M - 1 hats. Entries of `inner` that name its first hat name the block's first hat."""
    big, small = height(outer), height(inner)
    table = []
    for stack in range(2 ** (big + small - 1)):
        block = stack & (2**big - 1)
        if block not in (0, 2**big - 1):
            table.append(outer[block])
            continue
        entry = inner[(block & 1) | (stack >> big) << 1]
        table.append(0 if entry == 0 else entry + big - 1)
    return tuple(table)


combined = term(r"\ast")(combine)


@term("c")
def chained(table: Table, times: int) -> Table:
    """`table` combined with itself `times` - 1 times: blocks of 2 times + 1 hats for a table of three."""
    if times * (height(table) - 1) + 1 > 9:
        raise OutOfReach(f"{times} links make tables of 2^{times * (height(table) - 1) + 1} entries")
    chain = table
    for _ in range(times - 1):
        chain = combine(chain, table)
    return chain


@term(r"\ell")
@cache
def chain_win(hats: int) -> Fraction:
    """Value on h hats of the chain of blocks of three: odd h a chain closed by one kept hat, even h by the 2-hat game."""
    if hats > 9:
        raise OutOfReach(f"4^{hats} pairs of stacks")
    single: Table = (0, 0)
    first, second = (single, single) if hats % 2 == 1 else (V2_A, V2_B)
    while height(first) < hats:
        first, second = combine(S3_A, first), combine(S3_B, second)
    return Fraction(win.compute(first, second))
