"""Terms: the paper's own functions and predicates, usable inside SymPy relations and defined once, executably.

`@term("w")` turns a Python function on exact values into a SymPy function that prints as w(...).
`@predicate("acyclic")` does the same for a yes/no property. `define("\\sigma", lambda x: 1/(1 + exp(-x)))` names a
SymPy expression. A computed term may raise `OutOfReach` where its definition is too large to evaluate; evidence then
has to bound it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sympy
from sympy.logic.boolalg import BooleanFunction


class OutOfReach(Exception):
    """The definition of a term is too large to evaluate at this instance; a certificate has to bound it instead."""


def _printed_name(notation: str, printer: Any) -> str:
    return notation if "\\" in notation else str(printer._print(sympy.Symbol(notation)))


class _Printing:
    """Printing shared by terms and predicates: notation(arguments), in every format."""

    notation: ClassVar[str] = ""
    args: tuple[Any, ...]

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        arguments = ", ".join(printer._print(argument) for argument in self.args)
        text = rf"{_printed_name(self.notation, printer)}\left({arguments}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        name = self.notation.replace("\\", "")
        return f"{name}({', '.join(printer._print(argument) for argument in self.args)})"


class Term(_Printing, sympy.Function):  # type: ignore[misc]
    """Base of the paper's functions. `compute` evaluates exactly; `definition` expands symbolically."""

    compute: ClassVar[Callable[..., Any] | None] = None
    definition: ClassVar[Callable[..., Any] | None] = None

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Stay unevaluated: a statement shows the term, evidence evaluates it."""
        return None

    def _eval_is_extended_real(self) -> bool:
        return True

    def expanded(self) -> Any:
        """The defining SymPy expression, for terms that have one."""
        definition = type(self).definition
        if definition is None:
            raise TypeError(f"{self.notation} is computed, not defined by an expression")
        return definition(*self.args)

    def doit(self, **hints: Any) -> Any:
        """Replace defined terms by their definitions, everywhere below."""
        inner = self.func(*[argument.doit(**hints) for argument in self.args])
        return inner.expanded().doit(**hints) if type(self).definition is not None else inner

    def fdiff(self, argindex: int = 1) -> Any:
        """Derivative through the definition, so that `diff` works on defined terms."""
        definition = type(self).definition
        if definition is None:
            raise TypeError(f"{self.notation} is computed; it cannot be differentiated symbolically")
        variables = [sympy.Dummy() for _ in self.args]
        expanded = definition(*variables)
        return sympy.diff(expanded, variables[argindex - 1]).subs(dict(zip(variables, self.args, strict=True)))


class Predicate(_Printing, BooleanFunction):  # type: ignore[misc]
    """Base of the paper's yes/no properties; a SymPy Boolean, so `And`, `Not`, `Implies`, `Equivalent` apply."""

    compute: ClassVar[Callable[..., Any] | None] = None

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Stay unevaluated."""
        return None


def term(notation: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: a function on exact values (int, Fraction, tuples) becomes a term of statements."""

    def named(function: Callable[..., Any]) -> Any:
        body = {"notation": notation, "compute": staticmethod(function), "__doc__": function.__doc__,
                "__module__": function.__module__}
        return type(function.__name__, (Term,), body)

    return named


def predicate(notation: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: a yes/no function on exact values becomes a Boolean of statements."""

    def named(function: Callable[..., Any]) -> Any:
        body = {"notation": notation, "compute": staticmethod(function), "__doc__": function.__doc__,
                "__module__": function.__module__}
        return type(function.__name__, (Predicate,), body)

    return named


def define(notation: str, definition: Callable[..., Any], *, about: str = "") -> Any:
    """A named SymPy expression: `softplus = define("s", lambda x: log(1 + exp(x)))`."""
    name = "".join(character for character in notation if character.isalnum()) or "term"
    return type(name, (Term,), {"notation": notation, "definition": staticmethod(definition), "__doc__": about})
