"""Arrow's theorem in its base case, as a propositional formula and as an uncertainty theorem (C10)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from typing import Any

from sympy import And, Eq, Piecewise, Rational, Symbol

from lakatos import Certificate, Claim, Enumeration, Fixed, Integers, Mutant, OutOfReach, Source, predicate, term
from theorems.impossibility_uncertainty.setting import PAPER

TRANSFORMED = Source(PAPER, at="abstract", quote="impossibility theorems can be transformed into uncertainty theorems")
SEVERAL = Source(PAPER, at="abstract", quote="Ethicists have proved several impossibility theorems")

m, w, K = Symbol("m"), Symbol("w"), Symbol("K")

# ------------------------------------------------------------------------ rules that decide pair by pair

PAIRS = ((0, 1), (1, 2), (2, 0))
"""Pairs of the three alternatives, oriented round a circle: a view that is the same on all three is a cycle."""
ORDERS = tuple(permutations(range(3)))
Views = tuple[bool, ...]
Rule = dict[tuple[int, Views], Any]
"""For a pair and the voters' views on it (is its first alternative better?), the society's view. That nothing else
counts is independence of irrelevant alternatives."""


def views(order: tuple[int, ...], pairs: tuple[tuple[int, int], ...] = PAIRS) -> Views:
    """For each pair, whether the order (best first) ranks its first alternative higher."""
    return tuple(order.index(a) < order.index(b) for a, b in pairs)


def _pareto(rule: Rule) -> bool:
    """What all voters agree on, society agrees on."""
    return all(answer is seen[0] for (_, seen), answer in rule.items() if len(set(seen)) == 1)


@cache
def profiles(voters: int) -> tuple[tuple[Views, ...], ...]:
    """For all ballots of the voters on three alternatives, their views on each of the three pairs: 6^voters entries."""
    return tuple(tuple(zip(*map(views, ballots), strict=True)) for ballots in product(ORDERS, repeat=voters))


def _transitive(rule: Rule) -> bool:
    """Social views on the three pairs never run round in a circle, for any ballots of the two voters."""
    three = (2, (True, True)) in rule
    return not three or all(len({rule[pair, seen[pair]] for pair in range(3)}) == 2 for seen in profiles(2))


def dictated(rule: Rule, voter: int) -> bool:
    """The voter's view always prevails."""
    return all(answer is seen[voter] for (_, seen), answer in rule.items())


def _free(rule: Rule) -> bool:
    """No voter's view always prevails."""
    return not any(dictated(rule, voter) for voter in range(len(next(iter(rule))[1])))


CONDITIONS: tuple[Callable[[Rule], bool], ...] = (_pareto, _transitive, _free)


@term("N")
@cache
def fair_rules(alternatives: int, dropped: int) -> int:
    """Number of rules for two voters that decide pair by pair and meet Pareto (1), transitivity (2) and
    non-dictatorship (3), without the condition `dropped`; 0 drops none. All rules are tried, 2^12 for three alternatives.
    """
    wanted = [condition for index, condition in enumerate(CONDITIONS, start=1) if index != dropped]
    pairs = {2: 1, 3: 3}[alternatives]
    keys = [(pair, seen) for pair in range(pairs) for seen in product((True, False), repeat=2)]
    rules = (dict(zip(keys, answers, strict=True)) for answers in product((True, False), repeat=len(keys)))
    return sum(all(condition(rule) for condition in wanted) for rule in rules)


arrow_base_case = Claim(
    number="C10",
    says="Arrow, base case: for two voters with strict ballots on three alternatives no rule that decides pair by pair is "
    "Paretian, transitive and free of a dictator.",
    source=SEVERAL, status="theorem", fidelity="special case",
    then=Eq(fair_rules(3, 0), 0), edges={"the statement": {}},
    owes=[Certificate("minimal unsatisfiable core of the propositional form, with a refutation tree"),
          Enumeration("all 4096 rules")],
    must_fail=[Mutant("without Pareto", then=Eq(fair_rules(3, 1), 0), witness={}),
               Mutant("without transitivity", then=Eq(fair_rules(3, 2), 0), witness={}),
               Mutant("without non-dictatorship", then=Eq(fair_rules(3, 3), 0), witness={}),
               Mutant("two alternatives", then=Eq(fair_rules(2, 0), 0), witness={},
                      says="the same for two alternatives, where majority with a fixed tie-break meets all conditions")],
    not_claimed="ballots that are weak orders; more than three alternatives",
)

only_the_dictators = Claim(
    number="C10",
    says="Paretian, transitive rules of two voters that decide pair by pair are exactly the two dictatorships.",
    source=SEVERAL, status="derived", fidelity="special case",
    then=Eq(fair_rules(3, 3), 2), edges={"the statement": {}},
    owes=[Enumeration("all 4096 rules"), Certificate("all models of the propositional form")],
    must_fail=[Mutant("a third one", then=Eq(fair_rules(3, 3), 3), witness={})],
)

@term("N_w")
@cache
def paretian_rules(voters: int) -> int:
    """Number of Paretian, transitive rules on three alternatives that decide pair by pair, for `voters` voters."""
    if voters > 2:
        raise OutOfReach("2^18 rules for three voters: left to the propositional form")
    return int(fair_rules.compute(3, 3))


@term("N_weak")
@cache
def weak_rules(indifferent: int) -> int:
    """Number of Paretian rules for two voters that decide pair by pair with values in a complete, transitive relation, in which
    ties are allowed (`indifferent` 1) or not (0). All rules that agree with unanimous voters are tried: 3^6 or 2^6.
    """
    answers = (1, 0, -1) if indifferent else (1, -1)
    open_keys = [(pair, seen) for pair in range(3) for seen in ((True, False), (False, True))]
    unanimous: dict[tuple[int, tuple[bool, ...]], int] = {
        (pair, (view, view)): 1 if view else -1 for pair in range(3) for view in (True, False)}

    def consistent(first: int, second: int, third: int) -> bool:
        """At least as good all round the circle, and better somewhere, is a contradiction; so is the other direction."""
        around = {first, second, third}
        return around == {0} or {1, -1} <= around

    rules = (unanimous | dict(zip(open_keys, chosen, strict=True)) for chosen in product(answers, repeat=6))
    return sum(all(consistent(*(rule[pair, seen[pair]] for pair in range(3))) for seen in profiles(2)) for rule in rules)


as_many_rules_as_dictators = Claim(
    number="C10",
    says="With two and with three voters on three alternatives, there are as many Paretian, transitive rules that decide pair by "
    "pair as there are voters: each makes one of them the dictator.",
    source=SEVERAL, status="derived", fidelity="special case",
    let={w: Integers(2, 3, caption="number of voters")}, then=Eq(paretian_rules(w), w), edges={"two voters": {w: 2}},
    owes=[Certificate("all models of the propositional form", scope="two and three voters")],
    must_fail=[Mutant("two of three", then=Eq(paretian_rules(w), 2), says="two rules, whatever the number of voters")],
)

indifference_does_not_help = Claim(
    number="C10",
    says="Two rules remain, for two voters on three alternatives, when society may also be indifferent.",
    source=SEVERAL, status="derived", fidelity="special case",
    let={m: Integers(0, 1, caption="1: society may be indifferent")},
    then=Eq(weak_rules(m), 2), edges={"strict": {m: 0}, "with ties": {m: 1}},
    owes=[Enumeration("all rules that agree with unanimous voters")],
    must_fail=[Mutant("a third one", then=Eq(weak_rules(m), 2 + m), says="indifference adds a rule", witness={m: 1})],
)

# -------------------------------------------------------------------------------- the formula, clause by clause

Literals = tuple[tuple[int, bool], ...]
"""A clause: numbers of variables, each with the value wanted."""


def variable(pair: int, seen: Views) -> int:
    """Number of the variable "society ranks the first alternative of the pair higher, given the voters' views"."""
    return sum((not view) << place for place, view in enumerate(reversed(seen))) + (pair << len(seen))


@cache
def arrow_clauses(alternatives: int = 3, voters: int = 2) -> tuple[tuple[str, Literals], ...]:
    """The clauses by name; for three alternatives and two voters 80: 6 of Pareto, 72 of transitivity (36 profiles, both
    directions), 2 of non-dictatorship, in this order. With two alternatives there is one pair and nothing to be transitive.
    """
    pairs = range({2: 1, 3: 3}[alternatives])
    mixed = [seen for seen in product((True, False), repeat=voters) if len(set(seen)) == 2]
    clauses: list[tuple[str, Literals]] = [(f"Pareto {pair} {sign}", ((variable(pair, (sign,) * voters), sign),))
                                           for pair in pairs for sign in (True, False)]
    for index, seen in enumerate(profiles(voters) if alternatives == 3 else ()):
        clauses += [(f"transitive {index} {sign}", tuple((variable(pair, seen[pair]), sign) for pair in pairs))
                    for sign in (True, False)]
    clauses += [(f"voter {voter} is no dictator", tuple((variable(pair, seen), not seen[voter]) for pair in pairs for seen in mixed))
                for voter in range(voters)]
    return tuple(clauses)


@cache
def _falsified(clause: int) -> frozenset[int]:
    """The assignments, as 12-bit numbers, that make a clause false."""
    literals = arrow_clauses()[clause][1]
    return frozenset(bits for bits in range(2**12) if all((bits >> name & 1) != value for name, value in literals))


@term("models")
def models(clauses: tuple[int, ...]) -> int:
    """Number of the 4096 assignments that make all of the given clauses true."""
    return 2**12 - len(frozenset().union(*map(_falsified, clauses)))


@predicate("each needed")
def each_needed(clauses: tuple[int, ...]) -> bool:
    """Without any one of the clauses the others have a model."""
    return all(models.compute(clauses[:j] + clauses[j + 1:]) > 0 for j in range(len(clauses)))


@term("c_min")
def least_core(alternatives: int) -> int:
    """Least number of clauses of the propositional form that cannot be met together."""
    raise OutOfReach("a minimum over all sets of 80 clauses: to be certified from both sides")


CORE = (0, 1, 2, 3, 4, 5, 13, 22, 40, 51, 55, 68, 78, 79)
"""Numbers of fourteen clauses: 6 of Pareto, 6 of transitivity, 2 of non-dictatorship."""

fourteen_clauses_are_impossible = Claim(
    number="C10",
    says="Arrow's base case in fourteen clauses - Pareto (six), transitivity at six profiles, non-dictatorship (two): none of the "
    "4096 rules meets them all, and each clause is needed.",
    source=SEVERAL, status="derived", fidelity="special case",
    let={K: Fixed(value=CORE, caption="numbers of the clauses")},
    then=And(Eq(models(K), 0), each_needed(K)), edges={"the statement": {}},
    owes=[Enumeration("all 4096 assignments, with and without each clause")],
    must_fail=[Mutant("a clause less", let={K: Fixed(value=CORE[:-1])}, witness={K: CORE[:-1]},
                      says="the first thirteen of them are impossible already"),
               Mutant("all eighty", let={K: Fixed(value=tuple(range(80)))}, witness={K: tuple(range(80))},
                      says="each of all eighty clauses is needed")],
)

thirteen_clauses_can_be_met = Claim(
    number="C10",
    says="No thirteen clauses of the propositional form are impossible together: fourteen assignments falsify disjoint sets of "
    "clauses, and an impossible set meets each of these.",
    source=SEVERAL, status="derived", fidelity="special case",
    then=Eq(least_core(3), 14), edges={"the statement": {}},
    owes=[Certificate("a core of fourteen clauses with its refutation, and fourteen assignments")],
    must_fail=[Mutant("eighteen", then=Eq(least_core(3), 18),
                      says="eighteen clauses are needed, as deleting clauses one by one may suggest")],
)

# --------------------------------------------------------------------------------------- random procedures


def _constant(first: tuple[int, ...], second: tuple[int, ...]) -> Views:
    return views((0, 1, 2))


def _borda(first: tuple[int, ...], second: tuple[int, ...]) -> Views:
    """Order by Borda score, ties broken in favour of the lower number."""
    score = {x: first.index(x) + second.index(x) for x in range(3)}
    return views(tuple(sorted(range(3), key=lambda x: (score[x], x))))


def _dictator(first: tuple[int, ...], second: tuple[int, ...]) -> Views:
    return views(first)


def _cyclic_default(first: tuple[int, ...], second: tuple[int, ...]) -> Views:
    """What both agree on; the first alternative of the pair where they disagree."""
    return tuple(a or b for a, b in zip(views(first), views(second), strict=True))


PROCEDURES = (_constant, _borda, _dictator, _cyclic_default)


@cache
def broken_conditions(procedure: int) -> tuple[bool, bool, bool, bool]:
    """Whether a procedure breaks Pareto, independence, non-dictatorship, transitivity, over all 36 profiles."""
    outcomes = {ballots: PROCEDURES[procedure](*ballots) for ballots in product(ORDERS, repeat=2)}
    pareto = all(social[pair] == views(a)[pair] for (a, b), social in outcomes.items() for pair in range(3)
                 if views(a)[pair] == views(b)[pair])
    independent = all(len({social[pair] for (a, b), social in outcomes.items()
                           if (views(a)[pair], views(b)[pair]) == seen}) <= 1
                      for pair in range(3) for seen in product((True, False), repeat=2))
    dictator = any(all(social == views(ballots[voter]) for ballots, social in outcomes.items()) for voter in (0, 1))
    transitive = all(len(set(social)) == 2 for social in outcomes.values())
    return not pareto, not independent, dictator, not transitive


@term("v")
def procedure_mixture(condition: int) -> Fraction:
    """Probability that the uniform mixture of four procedures breaks the condition (0: Pareto ... 3: transitivity)."""
    return Fraction(sum(broken_conditions(procedure)[condition] for procedure in range(4)), 4)


@term("b")
def breaks(procedure: int, condition: int) -> int:
    """1 if the procedure (constant order, Borda's count, dictator, cyclic defaults) breaks the condition."""
    return int(broken_conditions(procedure)[condition])


@term("v^*")
def procedure_value(alternatives: int) -> Fraction:
    """Least, over all random procedures of two voters, of the probability of the condition broken most often, of Pareto,
    independence, non-dictatorship and transitivity.
    """
    raise OutOfReach("8^36 procedures: to be certified from both sides")


four_procedures_break_one_condition_each = Claim(
    number="C10",
    says="A constant order, Borda's count with a fixed tie-break, a dictator, and cyclic defaults unless the voters agree break "
    "each one of Pareto, independence, non-dictatorship and transitivity; their uniform mixture breaks each with probability 1/4.",
    source=TRANSFORMED, status="derived", fidelity="special case",
    let={w: Integers(0, 3, caption="procedure: constant, Borda's, dictator, cyclic defaults"),
         m: Integers(0, 3, caption="condition: Pareto, independence, non-dictatorship, transitivity")},
    then=And(Eq(breaks(w, m), Piecewise((1, Eq(w, m)), (0, True))), Eq(procedure_mixture(m), Rational(1, 4))),
    edges={"constant order, Pareto": {w: 0, m: 0}, "dictator, transitivity": {w: 2, m: 3}},
    owes=[Enumeration("all procedures and conditions over all 36 profiles")],
    must_fail=[Mutant("one third", then=Eq(procedure_mixture(m), Rational(1, 3)), witness={m: 0, w: 0},
                      says="the mixture breaks each condition with probability 1/3"),
               Mutant("Borda is independent", then=Eq(breaks(w, m), Piecewise((1, Eq(w, m) & (w > 1)), (0, True))),
                      witness={w: 1, m: 1}, says="a constant order and Borda's count break none of the four")],
)

arrow_uncertainty = Claim(
    number="C10",
    says="However a procedure for two voters and three alternatives is drawn at random, it breaks one of Pareto, independence, "
    "non-dictatorship and transitivity with probability at least 1/4, and 1/4 is attained.",
    source=TRANSFORMED, status="derived", fidelity="special case",
    then=Eq(procedure_value(3), Rational(1, 4)), edges={"the statement": {}},
    owes=[Certificate("every procedure breaks one condition, by the refutation of the propositional form; four procedures that "
                      "break one each", scope="all random procedures")],
    must_fail=[Mutant("one third", then=Eq(procedure_value(3), Rational(1, 3)), says="the value is 1/3"),
               Mutant("two alternatives", then=Eq(procedure_value(2), Rational(1, 4)), says="the same for two alternatives")],
    remark="C6 applied to Arrow: four conditions that are impossible together, each of which can be dispensed with.",
)
