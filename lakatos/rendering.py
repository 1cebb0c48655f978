"""Formulas and values as text, LaTeX and MathML, all made from the object that is checked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy


@lru_cache(maxsize=4096)
def latex(expression: Any) -> str:
    """LaTeX of a SymPy expression or relation."""
    return str(sympy.latex(expression, mul_symbol=None, fold_short_frac=False))


def text(expression: Any, *, wide: int = 100) -> str:
    """Unicode text of an expression for the terminal, on one line if that is short."""
    line = str(expression)
    if len(line) <= wide and "Piecewise" not in line and "/" not in line:
        return line
    pretty = str(sympy.pretty(expression, use_unicode=True, num_columns=wide, wrap_line=False))
    return line if pretty.count("\n") > 8 or max(map(len, pretty.split("\n"))) > wide else pretty


@lru_cache(maxsize=4096)
def mathml(source: str) -> str:
    """MathML of a LaTeX formula, with the LaTeX as its alternative text."""
    from html import escape

    from latex2mathml.converter import convert

    markup = str(convert(source, display="inline"))
    return markup.replace("<math ", f'<math alttext="{escape(source, quote=True)}" ', 1)


def value_text(value: Any, *, limit: int = 2000) -> str:
    """An exact value as a person would write it: 7/20, (1, 0, 2), True."""
    if isinstance(value, tuple):
        written = "(" + ", ".join(value_text(entry, limit=limit) for entry in value) + ")"
    elif isinstance(value, Fraction):
        written = str(value)
    elif hasattr(value, "mid") and hasattr(value, "rad"):
        written = value.str(15, radius=False) if value.is_finite() else str(value)
    else:
        written = str(value)
    return written if len(written) <= limit else written[: limit - 3] + "..."


def instance_text(instance: Mapping[Any, Any], *, skip: tuple[Any, ...] = ()) -> str:
    """`n = 3, p = 2/5`."""
    shown = [f"{symbol} = {value_text(value)}" for symbol, value in instance.items() if symbol not in skip]
    return ", ".join(shown) or "the statement itself (no free quantity)"


def exact_json(value: Any) -> Any:
    """JSON that keeps exact values: Fractions as "3/4", tuples as lists, integers and strings as they are."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple | list):
        return [exact_json(entry) for entry in value]
    return value_text(value)
