#!/usr/bin/env python3
"""Build .venv-peers, the environment of the systems we compare with: abcvoting, pref_voting, PEPit, ville.

They bring solvers and pins that do not belong into the main environment. `--torch` adds the CPU build of PyTorch.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("abcvoting", "pref_voting", "PEPit", "ville", "pytest")


def main() -> int:
    """Create the environment and install the peers with pip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch", action="store_true", help="also install torch==2.13.0 for conformance tests")
    wanted = [*PEERS, *(["torch==2.13.0"] if parser.parse_args().torch else [])]
    folder = ROOT / ".venv-peers"
    venv.create(folder, with_pip=True)
    return subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", *wanted]).returncode


if __name__ == "__main__":
    sys.exit(main())
