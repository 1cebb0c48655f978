"""The report as HTML and as Markdown, from the same ledger and the same templates' data. Everything is escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lakatos.rendering import mathml

HERE = Path(__file__).parent
MEANING = {
    "proved": "shown for every instance, each step or certificate re-checked exactly",
    "verified": "every instance of the stated finite scope was checked exactly",
    "corroborated": "sampled; the confidence interval at the stated error agrees",
    "refuted": "false as stated; a counterexample was replayed exactly",
    "undecided": "the evidence at hand does not decide it",
}
FLAGS = {
    "owed": "evidence that the claim should have is missing",
    "powerless": "a false sibling survived, or evidence that can say no to nothing was set aside",
    "vacuous": "the hypotheses are hardly ever met",
    "contradiction": "a proof stands beside a counterexample: a bug of ours",
    "failed": "an evidence function failed",
}
SHAPES = {"proved": "■", "verified": "◆", "corroborated": "●", "refuted": "✕", "undecided": "○"}


def _math(source: str) -> Markup:
    """MathML of a formula; its LaTeX as text where that cannot be converted."""
    try:
        return Markup(mathml(source))
    except Exception:
        return Markup("<code>{}</code>").format(source)


def _witness(claim: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The counterexample that is shortest to write down."""
    found = [item["witness"] for item in claim["evidence"] if item["outcome"] == "refutes" and item["witness"]]
    return min(found, key=lambda witness: len(str(witness["text"])), default=None)


def _data(ledger: Mapping[str, Any], figures: Sequence[Any]) -> dict[str, Any]:
    claims = {entry["id"]: {**entry, "witness": _witness(entry)} for entry in ledger["claims"]}
    papers = [{**paper, "claims": [entry for entry in claims.values() if entry["paper"] == paper["slug"]]} for paper in ledger["papers"]]
    counts = {verdict: sum(entry["verdict"] == verdict for entry in claims.values()) for verdict in MEANING}
    controls = [control for entry in claims.values() for control in entry["controls"]]
    return {"ledger": ledger, "claims": claims, "papers": papers, "counts": counts, "figures": figures, "shapes": SHAPES,
            "meaning": MEANING, "flags": FLAGS, "caught": sum(control["caught"] for control in controls), "controls": len(controls)}


def _environment(escape: bool) -> Environment:
    made = Environment(loader=FileSystemLoader(HERE), autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["math"] = _math
    made.filters["md"] = _plain_markdown
    made.filters["slug"] = lambda text: re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return made


def _plain_markdown(text: Any) -> str:
    """Text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~&])", r"\\\1", " ".join(str(text).split()))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def html(ledger: Mapping[str, Any], figures: Sequence[Any]) -> str:
    """One page without any request to the network: style, script and figures are in it, and the policy allows no others."""
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("style.css", "table.js"))
    images = {figure.name: "data:image/svg+xml;base64," + base64.b64encode(figure.svg.encode()).decode() for figure in figures if figure.svg}
    policy = f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    return _environment(True).get_template("page.html.j2").render(
        **_data(ledger, figures), style=Markup(style), script=Markup(script), images=images, policy=policy)


def markdown(ledger: Mapping[str, Any], figures: Sequence[Any]) -> str:
    """The same content as text for repositories."""
    return _environment(False).get_template("page.md.j2").render(**_data(ledger, figures))
