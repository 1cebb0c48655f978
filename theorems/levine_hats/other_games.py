"""More players, and the continuous game in which uncountably many hats raise the value to 1/2."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import comb, isqrt

from sympy import Eq, Ge, Rational

from lakatos import (
    Certificate,
    Claim,
    Enumeration,
    Fixed,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Reals,
    Simulation,
    Source,
    Vectors,
    term,
)
from theorems.levine_hats.setting import BASE, PAPER, Table, f, m, n, t
from theorems.levine_hats.two_players import ABSTRACT

QUOTE_HALF = "extending to uncountable hat stacks increases the optimal winning probability to exactly 1/2"
QUOTE_FINITE = "a game with n geq 2 players, each seeing an infinite stack of hats on each of their teammates' heads"
PLAYERS = Naturals(2, search_to=6, caption="number of players")


@term("a")
@cache
def first_common_level(players: int) -> Fraction:
    """Value of "name the first level at which all other players' hats are black".

    A level at which all hats are black wins, one at which a single player's is white loses (that player names it, or
    all do), any other is passed over by at least one player and decides nothing: v = won + v passed.
    """
    if players > 12:
        raise OutOfReach(f"2^{players} colourings of a level")
    won = lost = 0
    for colours in product((0, 1), repeat=players):
        won += sum(colours) == players
        lost += sum(colours) == players - 1
    return Fraction(won, won + lost)


common_level = Claim(
    number="C13a",
    says="If everyone names the first level at which all other players' hats are black, n players win with probability "
    "exactly 1/(n + 1).",
    source=Source(BASE, at="lower bounds for n players", quote=QUOTE_FINITE), status="derived", fidelity="reconstructed",
    let={n: PLAYERS}, then=Eq(first_common_level(n), 1 / (n + 1)), edges={"two players": {n: 2}},
    owes=[Enumeration("n = 2..12"), Simulation("every player names a level of their own, n = 2, 3, 4")],
    must_fail=[Mutant("1/n", then=Eq(first_common_level(n), 1 / n), witness={n: 2})],
)


@cache
def distribution_of_sums(players: int, levels: int) -> tuple[Fraction, ...]:
    """P(all T_a <= m and sum of T_a = r mod m) for r = 0..m-1, T_a the level of player a's first black hat."""
    mass = [Fraction(0)] * levels
    mass[0] = Fraction(1)
    for _ in range(players):
        mass = [sum((mass[(r - level) % levels] * Fraction(1, 2**level) for level in range(1, levels + 1)), Fraction(0))
                for r in range(levels)]
    return tuple(mass)


@term("k")
@cache
def agreed_sum(players: int, levels: int) -> Fraction:
    """max over r of P(all T_a <= m, sum of T_a = r mod m): everyone names the level that makes the sum r."""
    return max(distribution_of_sums(players, levels))


@term(r"\max_m k")
@cache
def best_agreed_sum(players: int) -> Fraction:
    """The same with the best m from 1 to 12."""
    return max(Fraction(agreed_sum.compute(players, levels)) for levels in range(1, 13))


agreed_sums = Claim(
    number="C13b",
    says="If everyone assumes that the levels of the first black hats sum to r modulo m, the team wins with probability at "
    "least (1 - 2^-m)^n / m for the best r; with m near log n this is of order 1/log n.",
    source=Source(BASE, at="lower bounds for n players", quote=QUOTE_FINITE), status="derived", fidelity="reconstructed",
    let={n: PLAYERS, m: Naturals(1, search_to=8, caption="levels looked at")},
    then=agreed_sum(n, m) >= (1 - Rational(1, 2) ** m) ** n / m, edges={"two players, one level": {n: 2, m: 1}},
    owes=[Enumeration("n = 2..12, m = 1..12")],
    must_fail=[Mutant("ten per cent more", then=agreed_sum(n, m) >= Rational(11, 10) * (1 - Rational(1, 2) ** m) ** n / m,
                      witness={n: 2, m: 1})],
    not_claimed="the order 1/log n itself, which follows by choosing m; the paper's exact constants are unknown to us",
)

sums_beat_common_levels = Claim(
    number="C13b",
    says="From four players on, agreeing on a sum beats naming the first common level: V_n > 1/(n + 1).",
    source=Source(BASE, at="lower bounds for n players", quote=QUOTE_FINITE), status="derived", fidelity="special case",
    let={n: Naturals(2, search_to=9, caption="number of players")}, given={"four players or more": Ge(n, 4)},
    then=best_agreed_sum(n) > 1 / (n + 1), edges={"four players: 421/2048": {n: 4}},
    owes=[Enumeration("n = 4..12")],
    must_fail=[Mutant("three players too", given={"three players or more": Ge(n, 3)}, witness={n: 3}),
               Mutant("V_n <= 1/(n + 1)", then=best_agreed_sum(n) <= 1 / (n + 1), witness={n: 4})],
    not_claimed="n > 12: there (1 - 2^-m)^n / m decides, which is not carried out for all n",
)


@term("w_3")
@cache
def three_player_win(tables: tuple[Table, Table, Table]) -> Fraction:
    """Win probability of three tables on finite stacks; player a's table is indexed by the next player's stack times
    2^h plus the one after, in cyclic order."""
    size = isqrt(len(tables[0]))
    hats = size.bit_length() - 1
    won = sum((x >> tables[0][y * size + z]) & (y >> tables[1][z * size + x]) & (z >> tables[2][x * size + y]) & 1
              for x, y, z in product(range(size), repeat=3))
    return Fraction(won, 8**hats)


THREE_PLAYERS: tuple[Table, Table, Table] = (
    tuple(map(int, "0000000000102211012100220011202202021100001022110202110001012200")),
    tuple(map(int, "0000000000102210020211020010221201210021012100200202110102021100")),
    tuple(map(int, "0000000000201011010121200020112102120202021200120101220000221010")),
)

three_players_three_hats = Claim(
    number="C13b",
    says="Three players with three hats each can win with probability 136/512, more than the 1/4 of naming common levels on "
    "infinite stacks.",
    source=Source(BASE, at="values for n players", quote=QUOTE_FINITE), status="derived", fidelity="special case",
    let={t: Fixed(value=THREE_PLAYERS, caption="tables of the three players")},
    then=Eq(three_player_win(t), Rational(136, 512)) & (three_player_win(t) > first_common_level(3)),
    edges={"the statement": {}}, owes=[Enumeration("all 512 triples of stacks")],
    must_fail=[Mutant("137/512", then=Eq(three_player_win(t), Rational(137, 512)), witness={})],
    not_claimed="that 136/512 is optimal: the tables come from hill climbing",
)


def arc(start: int, length: int, positions: int) -> frozenset[int]:
    """The arc of `length` positions of the circle Z_positions from `start` on."""
    return frozenset((start + step) % positions for step in range(length))


@term("A")
@cache
def arc_game_value(positions: int, length: int) -> Fraction:
    """Value of the two-player game on the circle Z_m whose hats are the arcs of given length, by its definition.

    A hat is black if it contains its player's hidden point. Each of A's maps from B's point to an arc is tried, B
    answering best.
    """
    if positions**positions > 4**4:
        raise OutOfReach(f"{positions}^{positions} maps from points to arcs")
    arcs = [arc(start, length, positions) for start in range(positions)]
    best = 0
    for choice in product(arcs, repeat=positions):
        best = max(best, sum(max(sum(x in choice[y] and y in named for y in range(positions)) for named in arcs)
                             for x in range(positions)))
    return Fraction(best, positions**2)


CIRCLE = {m: Naturals(2, search_to=4, caption="positions on the circle"), t: Integers(1, m - 1, caption="length of an arc")}

continuous_value = Claim(
    number="C14",
    says="In the continuous game, on a circle of m positions whose hats are the arcs of length t, two players win with "
    "probability exactly t/m: 1/2 for half circles.",
    source=Source(PAPER, at=ABSTRACT, quote=QUOTE_HALF), status="theorem", fidelity="reconstructed",
    let=CIRCLE, then=Eq(arc_game_value(m, t), t / m), edges={"two positions": {m: 2, t: 1}, "half circles": {m: 4, t: 2}},
    owes=[Enumeration("every strategy, m = 2, 3, 4"), Certificate("both sides", scope="m = 2..12")],
    must_fail=[Mutant("3/4 of it, as for dyadic hats", then=Eq(arc_game_value(m, t), t / m * Rational(3, 4)),
                      witness={m: 2, t: 1})],
    remark="The paper's own definition of the uncountable game was not available: hats here are sets of measure 1/2 of the "
    "other's view, black if they contain the hidden point.",
)


@term("H")
def half_circle_win(players: int) -> Fraction:
    """P(frac(u_1 + ... + u_n) < 1/2) for independent uniform points, by the Irwin-Hall distribution."""
    def below(x: Fraction) -> Fraction:
        total = sum((Fraction((-1) ** k * comb(players, k)) * (x - k) ** players for k in range(int(x) + 1)), Fraction(0))
        factorial = 1
        for k in range(2, players + 1):
            factorial *= k
        return total / factorial

    return sum((below(k + Fraction(1, 2)) - below(Fraction(k)) for k in range(players)), Fraction(0))


half_circles = Claim(
    number="C14",
    says="If every player names the half circle that makes the sum of all hidden points lie in the lower half circle, n "
    "players win with probability exactly 1/2, for every n.",
    source=Source(PAPER, at=ABSTRACT, quote=QUOTE_HALF), status="theorem", fidelity="reconstructed",
    let={n: PLAYERS}, then=Eq(half_circle_win(n), Rational(1, 2)), edges={"two players": {n: 2}},
    owes=[Enumeration("n = 2..20"), Simulation("each player names a half circle, n = 2, 3, 5")],
    must_fail=[Mutant("3/8", then=Eq(half_circle_win(n), Rational(3, 8)), witness={n: 2}),
               Mutant("dyadic hats only", says="only the sets {B_i = 1} are hats: the original game", world="dyadic")],
    not_claimed="more than 1/2 is impossible since each player alone is right with probability 1/2",
)


def best_half_by_trial(values: tuple[Fraction, ...]) -> Fraction:
    """max over all half-sized sets of positions of the sum of the values on it."""
    return max(sum(chosen, Fraction(0)) for chosen in combinations(values, len(values) // 2))


best_half = term(r"\max_E \mu")(best_half_by_trial)


@term(r"\mu_\uparrow")
def upper_half(values: tuple[Fraction, ...]) -> Fraction:
    """Sum over the upper half of the values: the bathtub filled from the top."""
    return sum(sorted(values)[len(values) // 2 :], Fraction(0))


@term(r"\mu_0")
def first_half(values: tuple[Fraction, ...]) -> Fraction:
    """Sum over the first half of the positions."""
    return sum(values[: len(values) // 2], Fraction(0))


bathtub = Claim(
    number="C15",
    says="Against given strategies of the others, the best set of measure 1/2 is the upper half level set of the chance that "
    "the others are right.",
    source=Source(PAPER, at=ABSTRACT, quote="we also describe how to compute optimal responses to a range of strategies"),
    status="proposition", fidelity="reconstructed",
    let={m: Integers(1, 4, caption="half the number of positions"),
         f: Vectors(Reals(0, 1), 2 * m, caption="chance that the others are right, by own position")},
    then=Eq(best_half(f), upper_half(f)), edges={"two positions": {m: 1, f: (0, 1)}},
    owes=[Enumeration("values 0, 1/2, 1 on 2, 4 and 6 positions")],
    must_fail=[Mutant("any half will do", then=Eq(best_half(f), first_half(f)), witness={m: 1, f: (0, 1)})],
)
