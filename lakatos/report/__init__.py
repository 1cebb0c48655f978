"""The report of a run: one self-contained HTML page, Markdown, the ledger as JSON, and the figures as SVG."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from lakatos.discovery import Corpus
from lakatos.ledger import without_timings
from lakatos.report import page

__all__ = ["Drawn", "ReportError", "write"]


class ReportError(OSError):
    """The report cannot be written there."""


@dataclass(frozen=True)
class Drawn:
    """A figure as SVG text, or the error that its function raised."""

    name: str
    claims: tuple[str, ...]
    caption: str
    alt: str
    svg: str = ""
    error: str = ""


def draw(corpus: Corpus, wanted: set[str]) -> list[Drawn]:
    """Every figure of the claims `wanted`, with the same bytes each time; a figure that fails says so and harms no other."""
    import matplotlib

    drawn = []
    settings: Any = {"svg.hashsalt": "lakatos", "svg.fonttype": "path", "figure.dpi": 100}
    for figure in corpus.figures:
        claims = tuple(claim.id for claim in figure.claims if claim.id in wanted)
        if not claims:
            continue
        name = f"{claims[0].split('.')[0]}-{figure.name}"
        try:
            with matplotlib.rc_context(settings):
                text = StringIO()
                figure.function().savefig(text, format="svg", metadata={"Date": None}, facecolor="white")
            drawn.append(Drawn(name, claims, figure.caption, figure.alt, svg=text.getvalue()))
        except Exception as error:
            drawn.append(Drawn(name, claims, figure.caption, figure.alt, error=f"{type(error).__name__}: {error}"))
    return sorted(drawn, key=lambda item: item.name)


def write(ledger: Mapping[str, Any], corpus: Corpus, folder: Path) -> list[Path]:
    """Write index.html, REPORT.md, ledger.json and figures/*.svg into `folder`; returns their paths.

    The same ledger gives the same bytes: timings are left out. Raises `ReportError` if the folder cannot be written.
    """
    data = without_timings(dict(ledger))
    figures = draw(corpus, {entry["id"] for entry in data["claims"]})
    files = {
        "index.html": page.html(data, figures),
        "REPORT.md": page.markdown(data, figures),
        "ledger.json": json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        **{f"figures/{figure.name}.svg": figure.svg for figure in figures if figure.svg},
    }
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReportError(f"cannot write the report into {folder}: {error.strerror}; choose another folder (the ledger is kept)") from error
    return [folder / name for name in files]
