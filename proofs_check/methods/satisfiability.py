"""Propositional satisfiability with answers that need not be believed.

A formula is a list of *named* clauses, so that an unsatisfiable core reads as an argument. Z3 finds models
and cores; what it finds is checked without it: a model is replayed on every clause, unsatisfiability is shown
by a tree of case distinctions (a tree-like resolution refutation, found by a small DPLL search of our own and
replayed by a few lines) or by exhaustion of all assignments, and minimality of a core by one model for each
clause left out.

JSON form of a clause: {"name": "unanimity on ab", "literals": [["a>b", true], ...]}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs_check.methods.linear_programs import Rejected

Literal = tuple[str, bool]
Model = dict[str, bool]
Tree = dict[str, Any]
LARGEST = 26
"""Most variables whose assignments are enumerated."""


@dataclass(frozen=True)
class Clause:
    """A disjunction of literals (variable, value wanted), with a name that says what it demands."""

    name: str
    literals: tuple[Literal, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data for a certificate."""
        return {"name": self.name, "literals": [[variable, value] for variable, value in self.literals]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Clause:
        """The clause that `as_json` wrote."""
        literals = tuple((str(variable), bool(value)) for variable, value in data["literals"])
        return cls(str(data["name"]), literals)


Formula = Sequence[Clause]


def variables(formula: Formula) -> list[str]:
    """The variables of a formula in order of first appearance."""
    return list(dict.fromkeys(variable for clause in formula for variable, _ in clause.literals))


def check_names(formula: Formula) -> None:
    """Raise ValueError if two clauses share a name: a core would be ambiguous."""
    names = [clause.name for clause in formula]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two clauses are called {twice[0]!r}")


# -------------------------------------------------------------------------------------------- checkers


def check_model(formula: Formula, model: Mapping[str, bool]) -> None:
    """Raise `Rejected` unless the assignment is total and makes every clause true."""
    for variable in variables(formula):
        if not isinstance(model.get(variable), bool):
            raise Rejected(f"the model gives no value to {variable}")
    for clause in formula:
        if not any(model[variable] is value for variable, value in clause.literals):
            raise Rejected(f"the model breaks the clause {clause.name!r}")


def check_refutation(formula: Formula, tree: Tree) -> int:
    """Raise `Rejected` unless `tree` refutes the formula; returns the number of its leaves.

    A leaf {"clause": name} stands where every literal of that clause is false; a node {"variable": v, "true":
    ..., "false": ...} distinguishes the two values of a variable not yet decided.
    """
    clauses = {clause.name: clause for clause in formula}

    def leaves(node: Tree, assigned: Mapping[str, bool]) -> int:
        if "clause" in node:
            clause = clauses.get(node["clause"])
            if clause is None:
                raise Rejected(f"no clause is called {node['clause']!r}")
            if not all(assigned.get(variable) is (not value) for variable, value in clause.literals):
                raise Rejected(f"the clause {clause.name!r} is not false there")
            return 1
        variable = node["variable"]
        if variable in assigned:
            raise Rejected(f"{variable} is distinguished twice")
        return sum(leaves(node[str(value).lower()], {**assigned, variable: value}) for value in (True, False))

    return leaves(tree, {})


def check_minimal_core(formula: Formula, data: Mapping[str, Any]) -> int:
    """Raise `Rejected` unless `data` shows a minimal unsatisfiable core of the formula; returns its size.

    `data` holds `core` (names), `refutation` (a tree over the core) and `without`: for each name a model
    of the rest.
    """
    named = {clause.name: clause for clause in formula}
    missing = [name for name in data["core"] if name not in named]
    if missing or len(set(data["core"])) != len(data["core"]):
        raise Rejected(f"the core does not list distinct clauses of the formula {missing}")
    core = [named[name] for name in data["core"]]
    check_refutation(core, data["refutation"])
    for clause in core:
        rest = [other for other in core if other.name != clause.name]
        if clause.name not in data["without"]:
            raise Rejected(f"no model shows that {clause.name!r} is needed")
        check_model(rest, data["without"][clause.name])
    return len(core)


def falsified(formula: Formula, assignment: Mapping[str, bool]) -> set[str]:
    """Names of the clauses that a total assignment makes false. Raises `Rejected` if it is not total."""
    for variable in variables(formula):
        if not isinstance(assignment.get(variable), bool):
            raise Rejected(f"the assignment gives no value to {variable}")
    return {
        clause.name for clause in formula
        if not any(assignment[variable] is value for variable, value in clause.literals)
    }


def check_core_bound(formula: Formula, assignments: Sequence[Mapping[str, bool]]) -> int:
    """Least number of clauses of any unsatisfiable core: the number of `assignments`.

    Each assignment must falsify some clause of a core; if the sets of clauses that they falsify are disjoint,
    a core has as many clauses as there are assignments. Raises `Rejected` when two of the sets meet.
    """
    seen: set[str] = set()
    for assignment in assignments:
        broken = falsified(formula, assignment)
        if broken & seen:
            raise Rejected(f"two assignments falsify {sorted(broken & seen)[0]!r}")
        seen |= broken
    return len(assignments)


def _truth(formula: Formula, fixed: Model, free: Sequence[str]) -> Iterator[tuple[Clause, Any]]:
    """Each clause with a Boolean array over the 2^k assignments of `free`: where it holds, given `fixed`."""
    import numpy as np

    if len(free) > LARGEST:
        raise ValueError(f"{len(free)} free variables are too many: at most {LARGEST}")
    numbers = np.arange(1 << len(free), dtype=np.int64)
    place = {name: index for index, name in enumerate(free)}
    for clause in formula:
        held = np.zeros(len(numbers), dtype=bool)
        for variable, value in clause.literals:
            if variable in place:
                held |= (numbers >> place[variable] & 1).astype(bool) == value
            elif fixed[variable] is value:
                held[:] = True
        yield clause, held


def count_models(formula: Formula, names: Sequence[str] | None = None) -> int:
    """Number of assignments of `names` (default: all variables) that meet every clause: all are tried.

    Unit clauses fix variables first; ValueError when more than 2^26 assignments of the rest would be left.
    """
    import numpy as np

    names = variables(formula) if names is None else list(names)
    fixed: Model = {}
    for clause in formula:
        if len(clause.literals) == 1:
            variable, value = clause.literals[0]
            if fixed.setdefault(variable, value) is not value:
                return 0
    free = [name for name in names if name not in fixed]
    alive = np.ones(1 << min(len(free), LARGEST), dtype=bool)
    for _, held in _truth(formula, fixed, free):
        alive &= held
    return int(alive.sum())


# --------------------------------------------------------------------------------------------- finders


def find_model(formula: Formula) -> Model | None:
    """A model by Z3, every variable given a value; None when Z3 says there is none. Check either answer."""
    import z3

    solver, symbols = z3.Solver(), {variable: z3.Bool(variable) for variable in variables(formula)}
    for clause in formula:
        solver.add(z3.Or([symbols[v] if value else z3.Not(symbols[v]) for v, value in clause.literals]))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    return {variable: bool(z3.is_true(model.eval(symbol, True))) for variable, symbol in symbols.items()}


def find_core(formula: Formula) -> list[str]:
    """Names of an unsatisfiable subset, by Z3's assumptions. Raises ValueError when satisfiable."""
    import z3

    check_names(formula)
    solver, symbols = z3.Solver(), {variable: z3.Bool(variable) for variable in variables(formula)}
    guards = {clause.name: z3.Bool(f"clause {index}") for index, clause in enumerate(formula)}
    for clause in formula:
        literals = [symbols[v] if value else z3.Not(symbols[v]) for v, value in clause.literals]
        solver.add(z3.Implies(guards[clause.name], z3.Or(literals)))
    if solver.check(*guards.values()) != z3.unsat:
        raise ValueError("the formula is satisfiable")
    used = {str(guard) for guard in solver.unsat_core()}
    return [name for name, guard in guards.items() if str(guard) in used]


def minimal_core(formula: Formula) -> list[str]:
    """Names of a minimal unsatisfiable core, by deletion in the order of the formula; see `core_certificate`.

    Raises ValueError when the formula is satisfiable.
    """
    named = {clause.name: clause for clause in formula}
    core = find_core(formula)
    for name in list(core):
        rest = [other for other in core if other != name]
        if find_model([named[other] for other in rest]) is None:
            core = rest
    return core


def smallest_core(formula: Formula) -> dict[str, Any]:
    """A core with fewest clauses, and assignments for `check_core_bound`, by integer programming.

    A set of clauses is unsatisfiable when it meets the falsified set of every assignment: a minimum hitting
    set, whose dual is a packing of disjoint falsified sets. Returns `core` (names) and `assignments`, as many
    as the core has clauses exactly when packing and covering agree.
    Raises ValueError when satisfiable or beyond 20 variables.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = variables(formula)
    if len(names) > 20:
        raise ValueError(f"{len(names)} variables are too many: at most 20")
    table = np.array([~held for _, held in _truth(formula, {}, names)]).T
    if not table.any(axis=1).all():
        raise ValueError("the formula is satisfiable")
    falsified_sets, first = np.unique(table, axis=0, return_index=True)
    sizes = falsified_sets.sum(axis=1)
    overlaps = falsified_sets.astype(np.int64) @ falsified_sets.T
    contains_another = ((overlaps == sizes[None, :]) & (sizes[None, :] < sizes[:, None])).any(axis=1)
    sets, first = falsified_sets[~contains_another].astype(float), first[~contains_another]
    covering, disjoint = LinearConstraint(sets, 1, np.inf), LinearConstraint(sets.T, 0, 1)
    cover = milp(np.ones(len(formula)), constraints=covering, integrality=1, bounds=Bounds(0, 1))
    packing = milp(-np.ones(len(sets)), constraints=disjoint, integrality=1, bounds=Bounds(0, 1))
    return {
        "core": [clause.name for clause, taken in zip(formula, cover.x, strict=True) if taken > 0.5],
        "assignments": [
            {name: bool(first[row] >> index & 1) for index, name in enumerate(names)}
            for row in range(len(sets)) if packing.x[row] > 0.5
        ],
    }


def core_certificate(formula: Formula, core: Sequence[str]) -> dict[str, Any]:
    """Refutation and models that show `core` to be a minimal unsatisfiable core, for `check_minimal_core`.

    Raises ValueError when it is satisfiable, or not minimal.
    """
    named = {clause.name: clause for clause in formula}
    clauses = [named[name] for name in core]
    without: dict[str, Model] = {}
    for name in core:
        model = find_model([clause for clause in clauses if clause.name != name])
        if model is None:
            raise ValueError(f"the core is not minimal: {name!r} is not needed")
        without[name] = {**dict.fromkeys(variables(clauses), False), **model}
    return {"core": list(core), "refutation": find_refutation(clauses), "without": without}


def find_refutation(formula: Formula) -> Tree:
    """A tree for `check_refutation` by DPLL: unit clauses first, then a variable of a shortest open clause.

    Raises ValueError when the formula is satisfiable.
    """
    tree = _search(list(formula), {})
    if tree is None:
        raise ValueError("the formula is satisfiable")
    return tree


def _search(formula: list[Clause], assigned: Model) -> Tree | None:
    shortest: tuple[int, Literal] | None = None
    for clause in formula:
        if any(assigned.get(variable) is value for variable, value in clause.literals):
            continue
        open_literals = [literal for literal in clause.literals if literal[0] not in assigned]
        if not open_literals:
            return {"clause": clause.name}
        if shortest is None or len(open_literals) < shortest[0]:
            shortest = (len(open_literals), open_literals[0])
    if shortest is None:
        return None
    variable, value = shortest[1]
    branches: Tree = {"variable": variable}
    for choice in (not value, value):
        branch = _search(formula, {**assigned, variable: choice})
        if branch is None:
            return None
        branches[str(choice).lower()] = branch
    return branches
