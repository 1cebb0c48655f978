"""Two players, fair hats: integral form, best responses, strategies of value 7/20, and how they are built."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from sympy import Eq, Equivalent, Integer, Rational

from lakatos import (
    Certificate,
    Claim,
    Enumeration,
    Fixed,
    Integers,
    Mutant,
    Naturals,
    OutOfReach,
    Simulation,
    Source,
    Vectors,
    predicate,
    term,
)
from theorems.levine_hats.setting import (
    PAPER,
    S3_A,
    S3_B,
    S5_A,
    S5_B,
    S5_SYMMETRIC,
    V2_A,
    V2_B,
    Table,
    best_response_value,
    best_win,
    chained,
    combined,
    f,
    finite,
    first_black,
    g,
    h,
    height,
    m,
    n,
    optimal_value,
    recursive_value,
    reversed_bits,
    t,
    win,
)

ABSTRACT = "abstract"
TABLES = {
    f: Vectors(Integers(0, h - 1), 2**h, caption="A's table: which of its hats A names on seeing y"),
    g: Vectors(Integers(0, h - 1), 2**h, caption="B's table"),
}
SMALL = {h: Integers(1, 3, caption="number of hats in a stack"), **TABLES}
QUOTE_S5 = "we construct a new strategy K_{5} that reaches the conjectured optimal probability of victory : 0.35"
QUOTE_INTEGRAL = (
    "a unified treatment of the game for finite and for infinite stacks via integral formulations"
)


@term(r"\int\!\!\int B_f B_g")
def integral(first: Table, second: Table) -> Fraction:
    """Double integral over the unit square of B_{f(v)}(u) B_{g(u)}(v), with B_i(u) = floor(2^i u) mod 2, i = 1, 2, ...

    The integrand is constant on squares of side 2^-h, so its value at their centres gives the integral exactly.
    """
    hats = height(first)
    centres = [Fraction(2 * cell + 1, 2 ** (hats + 1)) for cell in range(2**hats)]

    def digit(i: int, u: Fraction) -> int:
        return int(2**i * u) % 2

    def strategy(table: Table, u: Fraction) -> int:
        return 1 + table[reversed_bits(int(2**hats * u), hats)]

    total = sum(digit(strategy(first, v), u) * digit(strategy(second, u), v) for u in centres for v in centres)
    return Fraction(total, 4**hats)


integral_form = Claim(
    number="C1",
    says="The win probability of two tables is a double integral of binary digits over the unit square.",
    source=Source(PAPER, at=ABSTRACT, quote="providing a new expression of V_{n} and a unified treatment of the game for "
                  "finite and for infinite stacks via integral formulations"),
    status="proposition", fidelity="reconstructed",
    let=SMALL, then=Eq(integral(f, g), win(f, g)),
    edges={"one hat": {h: 1, f: (0, 0), g: (0, 0)}, "two hats, optimal": {h: 2, f: V2_A, g: V2_B}},
    owes=[Enumeration("every pair of tables for h = 1, 2")],
    must_fail=[Mutant("an extra quarter of the square", then=Eq(integral(f, g), win(f, g) + Rational(1, 4) ** h),
                      witness={h: 1, f: (0, 0), g: (0, 0)})],
    not_claimed="nothing on non-measurable strategies",
)


@term("u")
@cache
def late_search(skipped: int, searched: int) -> Fraction:
    """Win probability of "name the first black hat among `searched` hats, after skipping `skipped` hats"."""
    if skipped + searched > 6:
        raise OutOfReach(f"4^{skipped + searched} pairs of stacks")
    inner = first_black.compute(searched)
    table = tuple(skipped + inner[stack >> skipped] for stack in range(2 ** (skipped + searched)))
    return Fraction(win.compute(table, table))


digits_beyond_a_float = Claim(
    number="C1",
    says="Skipping m hats before searching n of them for the first black one changes nothing: both players still win with "
    "probability (1 - 4^-n)/3. Stacks need all their digits: 24-bit floats have too few.",
    source=Source(PAPER, at=ABSTRACT, quote=QUOTE_INTEGRAL), status="derived", fidelity="special case",
    let={m: Naturals(0, search_to=4, caption="hats skipped"), n: Naturals(1, search_to=4, caption="hats searched")},
    then=Eq(late_search(m, n), (1 - Rational(1, 4) ** n) / 3),
    edges={"one hat": {m: 0, n: 1}, "one skipped": {m: 1, n: 1}},
    owes=[Enumeration("m + n <= 6"), Simulation("m = 24, n = 40 on 64-bit words")],
    must_fail=[Mutant("single-precision stacks", says="stacks drawn as 32-bit floats, which carry 24 digits",
                      world="float32"),
               Mutant("three eighths", then=Eq(late_search(m, n), (1 - Rational(1, 4) ** n) * Rational(3, 8)),
                      witness={m: 0, n: 1})],
)

best_response_formula = Claim(
    number="C2",
    says="The best answer to g is worth the sum over y of the largest total count of black hats, and depends on g only "
    "through the counts C[j][i].",
    source=Source(PAPER, at=ABSTRACT, quote="describe how to compute optimal responses to a range of strategies"),
    status="derived", fidelity="reconstructed",
    let={h: Integers(1, 2, caption="number of hats"), g: TABLES[g]},
    then=Eq(best_win(g), best_response_value(g)),
    edges={"one hat": {h: 1, g: (0, 0)}},
    owes=[Enumeration("every g for h = 1, 2, against every f")],
    must_fail=[Mutant("a larger value", then=Eq(best_win(g), best_response_value(g) + Rational(1, 16)),
                      witness={h: 1, g: (0, 0)})],
)

first_black_is_stuck = Claim(
    number="C2",
    says="Naming the other's first black hat is a best response to itself, worth (1 - 4^-h)/3: alternating best responses "
    "can stop below the optimum.",
    source=Source(PAPER, at=ABSTRACT, quote="how to compute optimal responses"), status="derived",
    fidelity="reconstructed",
    let={h: Naturals(1, search_to=6, caption="number of hats")},
    then=Eq(best_response_value(first_black(h)), (1 - Rational(1, 4) ** h) / 3)
    & Eq(win(first_black(h), first_black(h)), (1 - Rational(1, 4) ** h) / 3),
    edges={"one hat": {h: 1}, "three hats: 21/64, while V_{2,3} = 22/64": {h: 3}},
    owes=[Enumeration("h = 1..6")],
    must_fail=[Mutant("alternating best responses reach the optimum from any start",
                      then=Eq(best_response_value(first_black(h)), optimal_value(h)), witness={h: 3}),
               Mutant("worth 1/3 at once", then=Eq(best_response_value(first_black(h)), Rational(1, 3)), witness={h: 1})],
)


def _seven_twentieths(number: str, says: str, first: Table, second: Table, quote: str, at: str, remark: str = "") -> Claim:
    broken = tuple(0 if stack == len(first) - 1 else entry for stack, entry in enumerate(first))
    return Claim(
        number=number, says=says, source=Source(PAPER, at=at, quote=quote), status="theorem", fidelity="exact",
        let={f: Fixed(value=first, caption="A's table"), g: Fixed(value=second, caption="B's table")},
        then=Eq(recursive_value(f, g), Rational(7, 20)), edges={"the statement": {}},
        owes=[Certificate("wins and continuations counted, v = won + both v"), Simulation("games on fresh blocks")],
        must_fail=[Mutant("value 3/8", then=Eq(recursive_value(f, g), Rational(3, 8)), witness={}),
                   Mutant("A does not continue on the all-black block",
                          let={f: Fixed(value=broken, caption="A's table without one continue")}, witness={})],
        not_claimed="that 7/20 is optimal", remark=remark,
    )


three_hat_blocks = _seven_twentieths(
    "C4", "The block-of-three strategy S3 (K3) wins with probability exactly 7/20.", S3_A, S3_B,
    "the conjectured optimal probability of victory : 0.35", "tables of the public code")
five_hat_blocks = _seven_twentieths(
    "C5", "A block-of-five strategy (a K5) wins with probability exactly 7/20.", S5_A, S5_B, QUOTE_S5, ABSTRACT,
    "An independently found pair of tables; the authors' own table is the next claim.")
five_hat_blocks_of_the_authors = _seven_twentieths(
    "C5", "The authors' block-of-five strategy K5, one table played by both, wins with probability exactly 7/20.",
    S5_SYMMETRIC, S5_SYMMETRIC, QUOTE_S5, "abstract; table of the public code")

three_hats_once = Claim(
    number="C4",
    says="Played once on three hats, S3 attains the optimum V_{2,3} = 22/64.",
    source=Source(PAPER, at="tables of the public code", quote="a unified treatment of the game for finite and for "
                  "infinite stacks"), status="derived", fidelity="special case",
    let={f: Fixed(value=finite(S3_A), caption="A's table"), g: Fixed(value=finite(S3_B), caption="B's table")},
    then=Eq(win(f, g), optimal_value(3)), edges={"the statement": {}},
    owes=[Enumeration("both sides by definition")],
    must_fail=[Mutant("A's table on both sides", let={g: Fixed(value=finite(S3_A), caption="A's table")}, witness={})],
)


@term("f")
def changed(table: Table, stack: int, entry: int) -> Table:
    """The table with another entry for one stack."""
    return (*table[:stack], entry, *table[stack + 1 :])


no_single_change_helps = Claim(
    number="C4",
    says="Changing any one entry of either table of S3 does not raise its value.",
    source=Source(PAPER, at="tables of the public code", quote="how to compute optimal responses"),
    status="derived", fidelity="special case",
    let={f: Fixed(value=S3_A, caption="A's table"), g: Fixed(value=S3_B, caption="B's table"),
         t: Integers(0, 7, caption="stack seen"), n: Integers(0, 3, caption="new entry, 3 to continue")},
    then=(recursive_value(changed(f, t, n), g) <= Rational(7, 20)) & (recursive_value(f, changed(g, t, n)) <= Rational(7, 20)),
    edges={"stop on the all-black block": {t: 7, n: 0}},
    owes=[Enumeration("all 32 changes of each table")],
    must_fail=[Mutant("any change lowers the value", then=recursive_value(changed(f, t, n), g) < Rational(7, 20),
                      witness={t: 0, n: 3})],
)

continue_on_white_blocks = Claim(
    number="C9",
    says="Continuing on the all-white block turns any finite pair of tables into one worth w/(1 - 4^-h) on infinite stacks.",
    source=Source(PAPER, at=ABSTRACT, quote="a larger class of strategies that allow us to improve current bounds"),
    status="derived", fidelity="reconstructed", let=SMALL,
    then=Eq((1 - Rational(1, 4) ** h) * recursive_value(changed(f, 0, h), changed(g, 0, h)), win(f, g)),
    edges={"one hat: 1/4 becomes 1/3": {h: 1, f: (0, 0), g: (0, 0)}, "two hats: 5/16 becomes 1/3": {h: 2, f: V2_A, g: V2_B}},
    owes=[Enumeration("every pair of tables for h = 1, 2, and the best known for h = 3, 4")],
    must_fail=[Mutant("twice the gain",
                      then=Eq((1 - 2 * Rational(1, 4) ** h) * recursive_value(changed(f, 0, h), changed(g, 0, h)), win(f, g)),
                      witness={h: 1, f: (0, 0), g: (0, 0)})],
)


@term("f'")
def one_hat_more(table: Table) -> Table:
    """The table on one hat more: on seeing an all-white first part, name the new hat; otherwise play as before."""
    hats = height(table)
    return tuple(hats if stack & (2**hats - 1) == 0 else table[stack & (2**hats - 1)] for stack in range(2 ** (hats + 1)))


one_hat_more_helps = Claim(
    number="C9",
    says="One hat more raises the win probability of any pair of tables by exactly 4^-(h+1) if an all-white part is answered "
    "by the new hat: V_{2,h} increases strictly.",
    source=Source(PAPER, at=ABSTRACT, quote="a larger class of strategies"), status="derived", fidelity="reconstructed",
    let=SMALL, then=Eq(win(one_hat_more(f), one_hat_more(g)), win(f, g) + Rational(1, 4) ** (h + 1)),
    edges={"one hat": {h: 1, f: (0, 0), g: (0, 0)}},
    owes=[Enumeration("every pair of tables for h = 1, 2")],
    must_fail=[Mutant("by 4^-h", then=Eq(win(one_hat_more(f), one_hat_more(g)), win(f, g) + Rational(1, 4) ** h),
                      witness={h: 1, f: (0, 0), g: (0, 0)})],
)


@predicate(r"\mathrm{whole}")
def whole(number: Fraction) -> bool:
    """Whether the number is an integer."""
    return Fraction(number).denominator == 1


block_sizes = Claim(
    number="C6",
    says="Blocks of t hats with both players continuing on exactly the two monochromatic blocks can reach 7/20 only for "
    "odd t: the required number of wins 7(4^t - 4)/20 is an integer exactly then.",
    source=Source(PAPER, at="Theorem 22 (label in the public code)", quote="a larger class of strategies"),
    status="theorem", fidelity="reconstructed",
    let={t: Naturals(2, search_to=60, caption="block size")},
    then=Equivalent(whole(7 * (Integer(4) ** t - 4) / Integer(20)), Eq(Integer(-1) ** t, -1)),
    edges={"two": {t: 2}, "three": {t: 3}, "four: 88.2 wins would be needed": {t: 4}},
    owes=[Certificate("both sides repeat with period two in t; checked at t = 2, 3", scope="every t"),
          Enumeration("t = 2..300")],
    must_fail=[Mutant("blocks of four would do", then=whole(7 * (Integer(4) ** t - 4) / Integer(20)), witness={t: 4})],
    remark="Players who continue alone add 2(2^(t-1) - 1) wins, an integer, so the number of wins must be one.",
)

odd_block_sizes_exist = Claim(
    number="C6",
    says="Chaining S3 with itself gives blocks of 3, 5, 7, ... hats of value exactly 7/20.",
    source=Source(PAPER, at="Theorem 26 (label in the public code)", quote="K_{5} is part of a larger class of strategies"),
    status="theorem", fidelity="special case",
    let={f: Fixed(value=S3_A, caption="A's table"), g: Fixed(value=S3_B, caption="B's table"),
         t: Naturals(1, search_to=3, caption="links of the chain; blocks have 2t + 1 hats")},
    then=Eq(recursive_value(chained(f, t), chained(g, t)), Rational(7, 20)),
    edges={"one link": {t: 1}},
    owes=[Enumeration("1 to 3 links")],
    must_fail=[Mutant("A's chain on both sides", then=Eq(recursive_value(chained(f, t), chained(f, t)), Rational(7, 20)),
                      witness={t: 1})],
)

combining = Claim(
    number="C7",
    says="If both players keep one hat of a monochromatic block of three and go on with it, the value of what follows enters "
    "with weight 4/64: w(S3 * T) = w(S3) + (4 w(T) - 1)/64.",
    source=Source(PAPER, at="Lemma 25 (label in the public code)", quote="K_{5} is part of a larger class of strategies"),
    status="lemma", fidelity="special case",
    let={m: Fixed(value=S3_A, caption="A's table S3"), n: Fixed(value=S3_B, caption="B's table S3"), **SMALL},
    then=Eq(win(combined(m, f), combined(n, g)), Rational(22, 64) + (4 * win(f, g) - 1) / 64),
    edges={"one hat: S3 itself": {h: 1, f: (0, 0), g: (0, 0)}},
    owes=[Enumeration("every pair of tables with h = 1, 2; the best known with h = 3")],
    must_fail=[Mutant("on new hats only", then=Eq(win(combined(m, f), combined(n, g)), Rational(21, 64) + win(f, g) / 64),
                      witness={h: 1, f: (0, 0), g: (0, 0)})],
    not_claimed="outer blocks other than S3: the argument is the same, the tables are longer",
)
