#!/usr/bin/env python3
"""Write the verdict table of README.md from reports/ledger.json: `.venv/bin/python scripts/readme_table.py`.

With --check nothing is written, and the exit code is 1 if the table in README.md is another one.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakatos import ledger as ledgers
from lakatos.verdict import VERDICTS

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- verdicts: written by scripts/readme_table.py -->\n", "<!-- verdicts: end -->\n"


def _row(name: str, entries: list[Mapping[str, Any]]) -> str:
    counts = Counter(entry["verdict"] for entry in entries)
    caught = [control["caught"] for entry in entries for control in entry["controls"]]
    cells = [str(counts[verdict] or "·") for verdict in VERDICTS]
    return f"| {name} | {' | '.join(cells)} | {sum(caught)}/{len(caught)} |"


def table(ledger: Mapping[str, Any]) -> str:
    """Verdicts by paper, a line with the sums, and the findings."""
    claims = ledger["claims"]
    lines = [f"| paper | {' | '.join(VERDICTS)} | controls caught |", "|---|" + "--:|" * (len(VERDICTS) + 1)]
    for paper in ledger["papers"]:
        lines.append(_row(f"`{paper['slug']}`", [claim for claim in claims if claim["paper"] == paper["slug"]]))
    lines.append(_row(f"**{len(claims)} claims**", claims))
    lines += ["", f"Profile {ledger['profile']}, seed {ledger['seed']}. What was found to be false as printed, or better known:",
              "", *[f"- {finding['title']}" for finding in ledger["findings"]]]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Put the table between the two marks of README.md, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if README.md has another table")
    check = parser.parse_args().check
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    inside, after = rest.split(END)
    wanted = table(ledgers.read(ROOT / "reports" / "ledger.json"))
    if check:
        return 0 if inside == wanted else 1
    readme.write_text(before + BEGIN + wanted + END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
