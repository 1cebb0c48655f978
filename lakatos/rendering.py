"""Formulas and values as text, LaTeX and MathML, all made from the object that is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's LaTeX, with words (girth, the max of v_max) upright and set as words, not as products of letters."""

    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        if "{" in string:
            return string
        name, marks = re.fullmatch(r"(?s)([^_^]*)(.*)", str(super()._deal_with_super_sub(string, style))).groups()  # type: ignore[union-attr]
        word = rf"\operatorname{{{name}}}" if re.fullmatch("[A-Za-z]{2,}", name) else name
        return word + re.sub(r"([_^])\{([A-Za-z]{2,})\}", r"\1{\\mathrm{\2}}", marks)


@lru_cache(maxsize=4096)
def latex(expression: Any) -> str:
    """LaTeX of a SymPy expression or relation."""
    return str(_Printer({"mul_symbol": None, "fold_short_frac": False}).doprint(expression))


def text(expression: Any, *, wide: int = 100) -> str:
    """Unicode text of an expression for the terminal, on one line if that is short."""
    line = str(expression)
    if len(line) <= wide and "Piecewise" not in line and "/" not in line:
        return line
    pretty = str(sympy.pretty(expression, use_unicode=True, num_columns=wide, wrap_line=False))
    return line if pretty.count("\n") > 8 or max(map(len, pretty.split("\n"))) > wide else pretty


@lru_cache(maxsize=8192)
def mathml(source: str, *, block: bool = False) -> str:
    """MathML of a LaTeX formula, with the LaTeX as its alternative text; `block` for a formula on a line of its own.

    Raises what the converter raises on LaTeX that it does not know.
    """
    from html import unescape
    from xml.etree import ElementTree

    from latex2mathml.converter import convert_to_element

    root = convert_to_element(source, display="block" if block else "inline")
    for element in root.iter():
        if element.text is not None:  # the converter hands over entities as text, and markup in words as it is
            element.text = unescape(element.text)
        _set_words(element)
    root.set("alttext", source)
    return ElementTree.tostring(root, encoding="unicode")


def _set_words(element: Any) -> None:
    """Make one identifier of a word that the converter has cut into letters or called an operator."""
    if element.tag == "mo" and re.fullmatch("[A-Za-z]{2,}", element.text or ""):
        element.tag = "mi"
    letters = [child.text for child in element if child.tag == "mi" and child.get("mathvariant") == "normal"]
    if element.tag == "mrow" and len(letters) == len(element) > 1:
        element.clear()
        element.tag, element.text = "mi", "".join(letters)


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
