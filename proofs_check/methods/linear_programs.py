"""Rational linear programming: a float solver proposes, fractions decide.

Three kinds of certificate, each plain JSON data with its own checker that recomputes everything in
`Fraction`:

- *optimality* of  minimise c.x  subject to  A x >= b, x >= 0:  a primal and a dual point of equal value;
- *infeasibility* of a system of weak and strict inequalities a.x <= b, a.x < b over free rational x: Farkas
  (Motzkin) multipliers, nonnegative, that add the rows up to 0 <= (negative) or 0 < 0;
- *feasibility* of such a system: a rational point.

Finders use HiGHS and rounding; checkers use neither. Rationals are written "p/q" in JSON.
References: Schrijver, Theory of Linear and Integer Programming (1986), 7.1-7.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Rational = int | str | Fraction
Data = dict[str, Any]
DENOMINATORS = (1, 12, 120, 2520, 10**4, 10**6)
"""Bounds on the denominator tried in turn when a float is rounded to a rational."""


class Rejected(ValueError):
    """A certificate does not show what it says."""


class NoCertificate(ArithmeticError):
    """The finder has no certificate to offer: the solver failed, or rounding did not meet the constraints
    exactly.
    """


# ------------------------------------------------------------------------------------------ plain data


def written(value: Rational) -> str:
    """A rational as JSON text: "3" or "4/11"."""
    return str(Fraction(value))


def _vector(entries: Sequence[Rational], length: int, name: str) -> list[Fraction]:
    if not isinstance(entries, (list, tuple)) or len(entries) != length:
        raise Rejected(f"{name} must have {length} entries")
    if any(isinstance(entry, float) for entry in entries):
        raise Rejected(f"{name} holds a float")
    return [Fraction(entry) for entry in entries]


def _product(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


def _columns(matrix: Sequence[Sequence[Fraction]], width: int) -> list[list[Fraction]]:
    return [[row[j] for row in matrix] for j in range(width)]


# -------------------------------------------------------------------------------------------- checkers


def check_optimality(data: Data) -> Fraction:
    """Optimal value of minimise objective.x, matrix x >= bounds, x >= 0, from a primal and a dual point.

    `data` holds `objective` (n), `matrix` (m, n), `bounds` (m), `primal` (n), `dual` (m), `value`.
    Raises `Rejected` unless both points are feasible and both have exactly the value stated.
    """
    objective = _vector(data["objective"], len(data["objective"]), "objective")
    bounds = _vector(data["bounds"], len(data["bounds"]), "bounds")
    primal = _vector(data["primal"], len(objective), "primal")
    dual = _vector(data["dual"], len(bounds), "dual")
    if len(data["matrix"]) != len(bounds):
        raise Rejected(f"matrix must have {len(bounds)} rows")
    matrix = [_vector(row, len(objective), "a row of the matrix") for row in data["matrix"]]
    value = Fraction(data["value"])
    if any(entry < 0 for entry in primal) or any(entry < 0 for entry in dual):
        raise Rejected("a primal or dual entry is negative")
    for index, (row, bound) in enumerate(zip(matrix, bounds, strict=True)):
        if _product(row, primal) < bound:
            raise Rejected(f"the primal point breaks row {index}")
    for index, (column, cost) in enumerate(zip(_columns(matrix, len(objective)), objective, strict=True)):
        if _product(column, dual) > cost:
            raise Rejected(f"the dual point breaks column {index}")
    if _product(objective, primal) != value or _product(bounds, dual) != value:
        raise Rejected("primal value, dual value and stated value differ")
    return value


def _system(data: Data) -> tuple[list[list[Fraction]], list[Fraction], list[bool]]:
    matrix, bounds = data["matrix"], data["bounds"]
    width = len(matrix[0]) if matrix else 0
    rows = [_vector(row, width, "a row of the matrix") for row in matrix]
    strict = list(data["strict"])
    if len(strict) != len(rows) or not all(isinstance(flag, bool) for flag in strict):
        raise Rejected("one strictness flag per row is needed")
    return rows, _vector(bounds, len(rows), "bounds"), strict


def check_infeasibility(data: Data) -> None:
    """No rational x meets every row a.x <= b (a.x < b where `strict`), shown by `multipliers` (m).

    Raises `Rejected` unless they are nonnegative, cancel every variable, and add the right-hand sides up to a
    negative number, or to zero with a strict row among those used.
    """
    rows, bounds, strict = _system(data)
    multipliers = _vector(data["multipliers"], len(rows), "multipliers")
    if any(entry < 0 for entry in multipliers):
        raise Rejected("a multiplier is negative")
    if any(_product(column, multipliers) != 0 for column in _columns(rows, len(rows[0]) if rows else 0)):
        raise Rejected("the multipliers do not cancel the variables")
    total = _product(bounds, multipliers)
    used_strict = any(flag and entry > 0 for flag, entry in zip(strict, multipliers, strict=True))
    if not (total < 0 or (total == 0 and used_strict)):
        raise Rejected("the rows add up to a true statement")


def check_feasibility(data: Data) -> list[Fraction]:
    """The rational `point` meets every row a.x <= b, strictly where `strict`. Raises `Rejected` otherwise."""
    rows, bounds, strict = _system(data)
    point = _vector(data["point"], len(rows[0]) if rows else len(data["point"]), "point")
    for index, (row, bound, flag) in enumerate(zip(rows, bounds, strict, strict=True)):
        value = _product(row, point)
        if value > bound or (flag and value == bound):
            raise Rejected(f"the point breaks row {index}")
    return point


# --------------------------------------------------------------------------------------------- finders


def nearby_rationals(values: Sequence[float], denominator: int) -> list[Fraction]:
    """Nearest rationals with denominators up to `denominator`; entries within 1e-9 of zero become zero."""
    cleaned = [0.0 if abs(value) < 1e-9 else value for value in values]
    return [Fraction(value).limit_denominator(denominator) for value in cleaned]


def _exact_solution(
    rows: list[list[Fraction]], sides: list[Fraction], guess: list[float]
) -> list[Fraction] | None:
    """A rational solution of rows x = sides near `guess`: pivots solved exactly, free variables rounded."""
    from flint import fmpq, fmpq_mat

    width = len(guess)
    augmented = [[*row, side] for row, side in zip(rows, sides, strict=True)]
    table = [[fmpq(entry.numerator, entry.denominator) for entry in row] for row in augmented]
    if not table:
        return [Fraction(value).limit_denominator(10**6) for value in guess]
    reduced, rank = fmpq_mat(table).rref()
    solution = [Fraction(value).limit_denominator(10**6) for value in guess]
    pivots: list[tuple[int, int]] = []
    for row in range(rank):
        column = next(j for j in range(width + 1) if reduced[row, j] != 0)
        if column == width:
            return None
        pivots.append((row, column))
    basic = {column for _, column in pivots}
    for row, column in pivots:
        value = Fraction(int(reduced[row, width].p), int(reduced[row, width].q))
        for j in range(width):
            if j not in basic and reduced[row, j] != 0:
                value -= Fraction(int(reduced[row, j].p), int(reduced[row, j].q)) * solution[j]
        solution[column] = value
    return solution


def _complementary_solution(
    point: Sequence[float], partner: Sequence[float], rows: list[list[Fraction]], sides: list[Fraction]
) -> list[Fraction] | None:
    """Rational point near `point` on the rows where `partner`, the other program's point, is positive.

    By complementary slackness those rows are tight at every optimum. While they leave freedom, rows that look
    tight are added, the tightest first, and skipped where they contradict the rest.
    """
    support = [j for j, value in enumerate(point) if abs(value) > 1e-9]
    guess = [point[j] for j in support]
    chosen = [i for i, value in enumerate(partner) if abs(value) > 1e-9]
    slack = [
        abs(sum(float(row[j]) * point[j] for j in support) - float(side))
        for row, side in zip(rows, sides, strict=True)
    ]

    def solved(tight: list[int]) -> list[Fraction] | None:
        square = [[rows[i][j] for j in support] for i in tight]
        return _exact_solution(square, [sides[i] for i in tight], guess)

    solution = solved(chosen)
    for i in sorted(set(range(len(rows))) - set(chosen), key=lambda row: slack[row]):
        if solution is None or slack[i] > 1e-6:
            break
        if sum(rows[i][j] * value for j, value in zip(support, solution, strict=True)) != sides[i]:
            tried = solved([*chosen, i])
            if tried is not None:
                chosen, solution = [*chosen, i], tried
    if solution is None:
        return None
    full = [Fraction(0)] * len(point)
    for j, value in zip(support, solution, strict=True):
        full[j] = value
    return full


def minimise(
    objective: Sequence[Rational], matrix: Sequence[Sequence[Rational]], bounds: Sequence[Rational]
) -> Data:
    """Optimality certificate of minimise objective.x, matrix x >= bounds, x >= 0. Raises `NoCertificate`."""
    import numpy as np
    from scipy.optimize import linprog

    costs, sides = [Fraction(entry) for entry in objective], [Fraction(entry) for entry in bounds]
    rows = [[Fraction(entry) for entry in row] for row in matrix]
    table = np.array([[float(entry) for entry in row] for row in rows]).reshape(len(rows), len(costs))
    solved = linprog([float(c) for c in costs], A_ub=-table, b_ub=[-float(b) for b in sides], method="highs")
    if solved.status != 0:
        raise NoCertificate(f"the solver ended with: {solved.message}")
    primal, dual = [float(x) for x in solved.x], [-float(y) for y in solved.ineqlin.marginals]
    columns = _columns(rows, len(costs))
    for denominator in (*DENOMINATORS, 0):
        if denominator:
            exact: list[list[Fraction] | None] = [
                nearby_rationals(primal, denominator), nearby_rationals(dual, denominator)
            ]
        else:
            exact = [
                _complementary_solution(primal, dual, rows, sides),
                _complementary_solution(dual, primal, columns, costs),
            ]
        if exact[0] is None or exact[1] is None:
            continue
        data = {
            "objective": [written(c) for c in costs], "matrix": [[written(e) for e in row] for row in rows],
            "bounds": [written(b) for b in sides], "primal": [written(x) for x in exact[0]],
            "dual": [written(y) for y in exact[1]], "value": written(_product(costs, exact[0])),
        }
        try:
            check_optimality(data)
        except Rejected:
            continue
        return data
    raise NoCertificate("no rounding of the float solution is optimal exactly")


def approximate_game(payoffs: Sequence[Sequence[float]]) -> tuple[list[float], list[float], float]:
    """Both players' mixtures and the value of the game in floats: a proposal, not a certificate."""
    import numpy as np
    from scipy.optimize import linprog

    table = np.asarray(payoffs, dtype=float)
    rows, columns = table.shape
    solved = linprog(
        [1.0] + [0.0] * rows, A_ub=np.hstack([-np.ones((columns, 1)), table.T]), b_ub=np.zeros(columns),
        A_eq=[[0.0] + [1.0] * rows], b_eq=[1.0], bounds=[(None, None)] + [(0, None)] * rows, method="highs",
    )
    if solved.status != 0:
        raise NoCertificate(f"the solver ended with: {solved.message}")
    return [float(x) for x in solved.x[1:]], [-float(y) for y in solved.ineqlin.marginals], float(solved.fun)


def check_game(payoffs: Sequence[Sequence[Rational]], data: Data) -> Fraction:
    """Value of the game `payoffs`, from both players' mixtures: `data` holds `rows`, `columns` and `value`.

    Raises `Rejected` unless no column pays more than the value against `rows` (k,), and no row less against
    `columns` (m,).
    """
    table = [[Fraction(entry) for entry in row] for row in payoffs]
    mixture = _vector(data["rows"], len(table), "rows")
    weights = _vector(data["columns"], len(table[0]), "columns")
    value = Fraction(data["value"])
    for name, vector in (("rows", mixture), ("columns", weights)):
        if any(entry < 0 for entry in vector) or sum(vector) != 1:
            raise Rejected(f"{name} is not a probability vector")
    if max(_product(column, mixture) for column in _columns(table, len(weights))) > value:
        raise Rejected("a column pays more than the value")
    if min(_product(row, weights) for row in table) < value:
        raise Rejected("a row pays less than the value")
    return value


def game_certificate(payoffs: Sequence[Sequence[Rational]]) -> Data:
    """Both players' optimal mixtures and the value, for `check_game`. The row player minimises `payoffs` (k,
    m).

    The program: minimise v subject to v - sum_k mu_k payoffs[k][j] >= 0 for every column j, sum mu >= 1, in
    variables (v, mu). Payoffs are shifted to be positive, which makes v >= 0 and sum mu = 1 no loss; the dual
    holds the column player's mixture, then the value. Raises `NoCertificate` when rounding fails.
    """
    rows = [[Fraction(entry) for entry in row] for row in payoffs]
    shift = 1 - min(entry for row in rows for entry in row)
    matrix = [[Fraction(1)] + [-row[j] - shift for row in rows] for j in range(len(rows[0]))]
    matrix.append([Fraction(0)] + [Fraction(1)] * len(rows))
    data = minimise([1] + [0] * len(rows), matrix, [0] * len(rows[0]) + [1])
    value = Fraction(data["value"]) - shift
    return {"rows": data["primal"][1:], "columns": data["dual"][:-1], "value": written(value)}


def decide_inequalities(
    matrix: Sequence[Sequence[Rational]], bounds: Sequence[Rational], strict: Sequence[bool]
) -> Data:
    """Decide a.x <= b (a.x < b where `strict`) over the rationals, with a certificate either way.

    Returns data with key `point` (accepted by `check_feasibility`) or `multipliers` (by
    `check_infeasibility`). Raises `NoCertificate` when neither could be made exact.
    """
    rows = [[Fraction(entry) for entry in row] for row in matrix]
    sides = [Fraction(entry) for entry in bounds]
    system: Data = {
        "matrix": [[written(e) for e in row] for row in rows], "bounds": [written(b) for b in sides],
        "strict": [bool(flag) for flag in strict],
    }
    width = len(rows[0]) if rows else 0
    # x = p - q; slack t <= 1 in every strict row: maximise t
    room = [
        [-e for e in row] + list(row) + [Fraction(-int(flag))] for row, flag in zip(rows, strict, strict=True)
    ] + [[Fraction(0)] * (2 * width) + [Fraction(-1)]]
    try:
        best = minimise([0] * (2 * width) + [-1], room, [-b for b in sides] + [-1])
    except NoCertificate:
        best = None
    if best is not None and (Fraction(best["value"]) < 0 or not any(strict)):
        parts = [Fraction(entry) for entry in best["primal"]]
        point = [written(p - q) for p, q in zip(parts[:width], parts[width:-1], strict=True)]
        found = system | {"point": point}
        check_feasibility(found)
        return found
    return system | {"multipliers": _multipliers(rows, sides, list(strict))}


def _multipliers(rows: list[list[Fraction]], sides: list[Fraction], strict: list[bool]) -> list[str]:
    """Motzkin multipliers: y >= 0, y A = 0, y b <= 0, with y b <= -1 or total weight on strict rows >= 1."""
    width = len(rows[0]) if rows else 0
    cancel = _columns(rows, width)
    equalities = [row for column in cancel for row in (column, [-e for e in column])]
    sum_of_bounds, strict_weight = [-b for b in sides], [Fraction(int(flag)) for flag in strict]
    for last in (sum_of_bounds, strict_weight):
        try:
            data = minimise([1] * len(rows), [*equalities, sum_of_bounds, last], [0] * (2 * width + 1) + [1])
        except NoCertificate:
            continue
        return list(data["primal"])
    raise NoCertificate("neither a point nor multipliers could be found exactly")
