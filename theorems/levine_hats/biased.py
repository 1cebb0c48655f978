"""Biased hats: black with probability p. The mirror identity, values of block strategies, and which bound is best."""

from __future__ import annotations

from sympy import And, Eq, Rational

from lakatos import Certificate, Claim, Enumeration, Finding, Fixed, Integers, Mutant, Reals, Simulation, Source, define
from theorems.levine_hats.setting import (
    BASE,
    L3_A,
    L3_B,
    PAPER,
    S3_A,
    S3_B,
    S5_A,
    S5_B,
    S5_SYMMETRIC,
    Table,
    biased_value,
    biased_win,
    both_white,
    f,
    g,
    h,
    p,
)
from theorems.levine_hats.two_players import ABSTRACT, TABLES

U1 = define(
    "U_1", lambda x: x * (1 + x + x**2 + 3 * x**3 - 3 * x**4 + x**5) / ((1 + x) * (2 - x) * (1 + x**2)),
    about="Lower bound of the base paper for p <= 1/2.")
U2 = define(
    "U_2", lambda x: x * (1 + 5 * x - 10 * x**2 + 10 * x**3 - 5 * x**4 + x**5) / ((2 - 2 * x + x**2) * (1 + x) * (2 - x)),
    about="Lower bound of the base paper for p >= 1/2.")
U3 = define(
    "U_3",
    lambda x: x * (5 - 15 * x + 36 * x**2 - 46 * x**3 + 39 * x**4 - 13 * x**5 - 3 * x**6 + 7 * x**7)
    / (5 * (1 - x + x**2) * (2 - 5 * x + 10 * x**2 - 10 * x**3 + 5 * x**4)),
    about="The paper's new lower bound for small p, the value of its block of five.")
L3 = define(
    "L_3",
    lambda x: x * (3 - 6 * x + 8 * x**2 - 6 * x**3 + 2 * x**4) / ((2 - x) * (3 - 3 * x + x**2) * (1 - x + x**2)),
    about="Value of three hats, continuing on the all-white block only.")
S3 = define("S_3", lambda x: x * (1 - x + x**2 + x**3) / (2 - 3 * x + 3 * x**2), about="Value of the block of three.")

BIAS = Reals(0, 1, open="both", caption="chance that a hat is black")
IMPROVE = "K_{5} is part of a larger class of strategies that allow us to improve current bounds"
CODE = "rational function in the public code"

mirror = Claim(
    number="C11",
    says="For any two tables, the chance that both named hats are black exceeds the chance that both are white by exactly "
    "2p - 1; hence V_2(1 - p) = V_2(p) + 1 - 2p.",
    source=Source(PAPER, at=ABSTRACT, quote="improve current bounds"), status="derived", fidelity="reconstructed",
    let={h: Integers(1, 3, caption="number of hats"), **TABLES, p: BIAS},
    then=Eq(biased_win(f, g, p), both_white(f, g, p) + 2 * p - 1),
    edges={"one hat, one in four": {h: 1, f: (0, 0), g: (0, 0), p: Rational(1, 4)}},
    owes=[Enumeration("every pair of tables for h = 1, 2, at more points p than the polynomial's degree")],
    must_fail=[
        Mutant("without the bias", then=Eq(biased_win(f, g, p), both_white(f, g, p)),
               witness={h: 1, f: (0, 0), g: (0, 0), p: Rational(1, 4)}),
        Mutant("three players", says="the same formula for three players with one hat each",
               then=Eq(p**3, (1 - p) ** 3 + 2 * p - 1),
               witness={h: 1, f: (0, 0), g: (0, 0), p: Rational(1, 4)})],
)


def _closed_form(says: str, first: Table, second: Table, form: object, wrong: object, at: str, *, number: str = "C12") -> Claim:
    return Claim(
        number=number, says=says, source=Source(PAPER, at=at, quote=IMPROVE), status="theorem", fidelity="exact",
        let={f: Fixed(value=first, caption="A's table"), g: Fixed(value=second, caption="B's table"), p: BIAS},
        then=Eq(biased_value(f, g, p), form(p)),  # type: ignore[operator]
        edges={"fair hats": {p: Rational(1, 2)}, "one in four": {p: Rational(1, 4)}},
        owes=[Certificate("both sides as polynomials in p", scope="every p"), Simulation("games at p = 3/10")],
        must_fail=[Mutant("another strategy's value", then=Eq(biased_value(f, g, p), wrong(p)),  # type: ignore[operator]
                          witness={p: Rational(1, 4)}),
                   Mutant("four per cent more", then=Eq(biased_value(f, g, p), form(p) * Rational(26, 25)),  # type: ignore[operator]
                          witness={p: Rational(1, 4)})],
    )


block_of_five_biased = _closed_form(
    "The block of five, played with biased hats, is worth U_3(p).", S5_A, S5_B, U3, U1, CODE)
block_of_five_of_the_authors_biased = _closed_form(
    "The authors' own table of five, played by both with biased hats, is worth U_3(p) too.", S5_SYMMETRIC, S5_SYMMETRIC,
    U3, U1, CODE)
block_of_three_biased = _closed_form(
    "The block of three, played with biased hats, is worth p(1 - p + p^2 + p^3)/(2 - 3p + 3p^2).", S3_A, S3_B, S3, U1, CODE)
white_block_of_three_biased = _closed_form(
    "Three hats, continuing on the all-white block only, are worth L_3(p) with biased hats.", L3_A, L3_B, L3, U3,
    "not in the paper: our strategy")

base_bounds_mirror = Claim(
    number="C12",
    says="The base paper's two bounds are one: U_2(1 - p) = U_1(p) + 1 - 2p.",
    source=Source(PAPER, at=CODE, quote="improve current bounds"), status="derived", fidelity="exact", let={p: BIAS},
    then=Eq(U2(1 - p), U1(p) + 1 - 2 * p), edges={"fair hats": {p: Rational(1, 2)}},
    owes=[Certificate("cross-multiplied polynomials agree", scope="every p")],
    must_fail=[Mutant("without the shift", then=Eq(U2(1 - p), U1(p)), witness={p: Rational(1, 4)})],
)

five_improves_the_base_bound = Claim(
    number="C12",
    says="For 0 < p < 0.312 the block of five beats the base paper's bound: U_3(p) > U_1(p).",
    source=Source(PAPER, at="abstract of the second version", quote="p < 0.312"), status="theorem", fidelity="exact",
    let={p: Reals(0, Rational(312, 1000), open="both", caption="chance that a hat is black")},
    then=U3(p) > U1(p), edges={"one in four": {p: Rational(1, 4)}},
    owes=[Certificate("no sign change: Sturm's theorem, and Bernstein coefficients", scope="every p")],
    must_fail=[Mutant("up to p = 0.32", let={p: Reals(0, Rational(32, 100), open="both", caption="bias")},
                      witness={p: Rational(63, 200)})],
)

five_is_the_best_known_bound = Claim(
    number="C12",
    says="For p < 0.312 the block of five is the best known strategy: nothing as simple as three hats with a continue on the "
    "all-white block beats it.",
    source=Source(PAPER, at="abstract of the second version", quote="improve current bounds"),
    status="remark", fidelity="reconstructed",
    let={p: Reals(0, Rational(312, 1000), open="both", caption="chance that a hat is black")},
    then=U3(p) >= L3(p), edges={"one in five": {p: Rational(1, 5)}},
    owes=[Certificate("the sign of U_3 - L_3", scope="every p")],
    must_fail=[Mutant("by one per cent", then=U3(p) >= L3(p) * Rational(101, 100), witness={p: Rational(1, 5)})],
    remark="The paper compares with U_1 and U_2 only, and against these it is right; as a statement on what is known it is not.",
)

three_beat_the_published_bounds = Claim(
    number="C12",
    says="For 0 < p <= 0.43 three hats with a continue on the all-white block beat every published bound: "
    "L_3(p) > U_1(p), U_2(p), U_3(p).",
    source=Source(BASE, at="compared with U_1, U_2 and the new U_3", quote="On Levine's notorious hat puzzle"),
    status="repair", fidelity="strengthening", repairs=five_is_the_best_known_bound,
    let={p: Reals(0, Rational(43, 100), open="left", caption="chance that a hat is black")},
    then=And(L3(p) > U1(p), L3(p) > U2(p), L3(p) > U3(p)),
    edges={"one in five": {p: Rational(1, 5)}, "the end of the range": {p: Rational(43, 100)}},
    owes=[Certificate("no sign change: Sturm's theorem, and Bernstein coefficients", scope="every p")],
    must_fail=[Mutant("up to p = 0.44", let={p: Reals(0, Rational(44, 100), open="left", caption="bias")},
                      witness={p: Rational(44, 100)}),
               Mutant("by one per cent", then=L3(p) > U3(p) * Rational(101, 100), witness={p: Rational(1, 5)})],
    remark="The range ends at the root 0.43015970900 of p^3 - 2p^2 + 3p - 1. U_2 is stated for p >= 1/2 and compared for "
    "completeness. Tables of six hats do better still at some p.",
)

published_bound_for_small_bias = Finding(
    title="Three hats beat the published bound for biased hats",
    explains="The new bound U_3 is announced for p < 0.312, where it beats the base paper's U_1. A strategy on three hats that "
    "continues on all-white blocks only is better on the whole of that range and on to p = 0.43: nowhere is U_3 the best bound.",
    printed=five_is_the_best_known_bound, repair=three_beat_the_published_bounds,
)

