"""Finite stacks: exact values, convergence to 7/20, and what bounds the value from above."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from sympy import Eq, Integer, Rational, floor

from lakatos import (
    Certificate,
    Claim,
    Derivation,
    Enumeration,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Search,
    Source,
    term,
)
from theorems.levine_hats.setting import BASE, PAPER, chain_win, h, m, n, optimal_value
from theorems.levine_hats.two_players import ABSTRACT, QUOTE_INTEGRAL

HATS = Naturals(1, search_to=3, caption="number of hats in a stack")

finite_values = Claim(
    number="C3",
    says="V_{2,h} is exactly floor(7 4^h / 20) / 4^h for h = 1, 2, 3, 4: 1/4, 5/16, 22/64, 89/256.",
    source=Source(PAPER, at=ABSTRACT, quote=QUOTE_INTEGRAL), status="derived", fidelity="strengthening",
    let={h: Integers(1, 4, caption="number of hats")},
    then=Eq(optimal_value(h), floor(Integer(7) * 4**h / 20) / 4**h),
    edges={"one hat": {h: 1}, "three hats": {h: 3}},
    owes=[Certificate("lower: a pair of tables; upper: best responses to every class of tables", scope="h = 1..4"),
          Enumeration("V_{2,h} by its definition, h = 1, 2, 3")],
    must_fail=[Mutant("rounded up", then=Eq(optimal_value(h), (floor(Integer(7) * 4**h / 20) + 1) / 4**h), witness={h: 1}),
               Mutant("a hill climb that stopped early: 88/256",
                      then=Eq(optimal_value(h), floor(Integer(88) * 4**h / 256) / 4**h))],
    remark="The authors list h = 4 and 5 as values found by hill climbing. For h = 5 only the lower bound 358/1024 is known "
    "to us.",
)

optimum = Claim(
    number="C8",
    says="No strategy on finite stacks wins with probability above 7/20.",
    source=Source(PAPER, at=ABSTRACT, quote="the conjectured optimal probability of victory : 0.35"),
    status="conjecture", fidelity="exact", let={h: HATS},
    then=optimal_value(h) <= Rational(7, 20),
    edges={"one hat": {h: 1}},
    owes=[Enumeration("h = 1..4, all tables up to renaming hats"), Search("alternating best responses, h = 4..8")],
    must_fail=[Mutant("22/64 is the limit", then=optimal_value(h) <= Rational(22, 64)),
               Mutant("1/4 is the limit", then=optimal_value(h) <= Rational(1, 4), witness={h: 2})],
    not_claimed="a proof for all h: that is the open conjecture",
)

convergence = Claim(
    number="C8",
    says="The chain of blocks of three has value floor(7 4^h / 20) / 4^h on h hats, so 7/20 - V_{2,h} <= (3/5) 4^-h: the "
    "finite values come within a constant times 4^-h of 7/20.",
    source=Source(PAPER, at="abstract of the second version", quote="up to 1/4^(1-eps) for any eps > 0"),
    status="theorem", fidelity="strengthening", let={h: Naturals(1, search_to=6, caption="number of hats")},
    then=Eq(chain_win(h), floor(Integer(7) * 4**h / 20) / 4**h)
    & (Rational(7, 20) - chain_win(h) <= Rational(3, 5) / Integer(4) ** h),
    edges={"one hat": {h: 1}, "two hats, where 3/5 is attained": {h: 2}},
    owes=[Enumeration("h = 1..9"), Derivation("induction with the combining lemma", scope="all h")],
    must_fail=[Mutant("rounded up", then=Eq(chain_win(h), (floor(Integer(7) * 4**h / 20) + 1) / 4**h), witness={h: 1}),
               Mutant("2/5 for even h too", then=Rational(7, 20) - chain_win(h) <= Rational(2, 5) / Integer(4) ** h,
                      witness={h: 2})],
    remark="By C7 the win probability w on h hats becomes (21 + 4 w)/64 on h + 2 hats; so does floor(7 4^h / 20) / 4^h.",
)

k, r = m, n
weaker_rates = Claim(
    number="C8",
    says="Three more hats shrink the distance to 7/20 at least sixteenfold: for h = 3k + r with r = 1, 2, 3, "
    "7/20 - V_{2,h} <= (7/20 - V_{2,r}) / 16^k.",
    source=Source(PAPER, at="Proposition 16 (label in the public code)", quote="up to 1/4^(1-eps) for any eps > 0"),
    status="proposition", fidelity="reconstructed",
    let={k: Naturals(0, search_to=1, caption="blocks of three"), r: Integers(1, 3, caption="remaining hats")},
    then=Rational(7, 20) - chain_win(3 * k + r) <= (Rational(7, 20) - optimal_value(r)) / 16**k,
    edges={"one hat": {k: 0, r: 1}, "four hats": {k: 1, r: 1}},
    owes=[Enumeration("3k + r <= 9")],
    must_fail=[Mutant("sixty-fourfold",
                      then=Rational(7, 20) - chain_win(3 * k + r) <= (Rational(7, 20) - optimal_value(r)) / 64**k,
                      witness={k: 1, r: 1})],
    remark="Stated with the chain's value on the left, a lower bound of V_{2,h}, which makes it stronger.",
)


def half_cube_sums(hats: int, size: int) -> Iterator[int]:
    """sum over j of (sum over y in S of y_j)^2, with hats as +1 and -1, for every set S of `size` stacks."""
    signs = [[1 if y >> j & 1 else -1 for j in range(hats)] for y in range(2**hats)]
    for chosen in combinations(signs, size):
        yield sum(sum(column) ** 2 for column in zip(*chosen, strict=True))


@term("P")
@cache
def greatest_square_sum(hats: int, size: int) -> int:
    """max over sets S of `size` stacks of sum_j (sum_{y in S} y_j)^2, by trying every set."""
    if hats > 3:
        raise OutOfReach(f"2^{2**hats} sets of stacks")
    return max(half_cube_sums(hats, size))


few_stacks_correlate_little = Claim(
    number="C10a",
    says="For a set S of stacks of h hats, written as signs, the sum over j of (sum over y in S of y_j)^2 is at most "
    "2^h |S| / 2.",
    source=Source(PAPER, at="derived here by Parseval's identity", quote="improve current bounds"),
    status="derived", fidelity="reconstructed",
    let={h: Naturals(1, search_to=3, caption="number of hats"), n: Integers(1, 2**h, caption="stacks in S")},
    then=greatest_square_sum(h, n) <= Integer(2) ** h * n / 2,
    edges={"one stack of one hat": {h: 1, n: 1}, "a half-cube, equality": {h: 3, n: 4}},
    owes=[Enumeration("every set of stacks, h = 1..4")],
    must_fail=[Mutant("constant 49/100", then=greatest_square_sum(h, n) <= Integer(2) ** h * n * Rational(49, 100),
                      witness={h: 3, n: 4})],
)

three_eighths = Claim(
    number="C10a",
    says="V_{2,h} <= 3/8 for every h.",
    source=Source(BASE, at="upper bounds", quote="On Levine's notorious hat puzzle"), status="derived",
    fidelity="reconstructed", let={h: HATS},
    then=optimal_value(h) <= Rational(3, 8),
    edges={"one hat": {h: 1}},
    owes=[Certificate("Parseval: the Gram matrix of the hats is the identity", scope="h = 1..8"),
          Derivation("the same for all h at once")],
    must_fail=[Mutant("V_2 <= 11/32", then=optimal_value(h) <= Rational(11, 32))],
    remark="W = E[X_f Y_g] is an inner product of two matrices of squared norm at most 1/2 each; the win probability is "
    "(1 + W)/4. Symbolic h is beyond the checker, so the derivation stays owed.",
)
