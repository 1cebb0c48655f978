#!/usr/bin/env python3
"""Build .venv-peers, the environment of the systems that we compare with: abcvoting, pref_voting, PEPit, ville.

They bring solvers and version pins that do not belong into the main environment, so they never go there. Tests marked
`peer` and benchmarks call them through this environment's own Python. Pip installs them, also where uv is at hand:
uv ignores pip's configuration, and would fetch the CUDA build of PyTorch.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("abcvoting", "pref_voting", "PEPit", "ville", "pytest")
MODULES = ("abcvoting", "pref_voting", "PEPit", "ville")
TORCH = "torch==2.13.0"


def main() -> int:
    """Create the environment, install the peers, and see that each can be imported."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", action="store_true", help=f"also install {TORCH} for conformance tests")
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv-peers", help="where to build it (%(default)s)")
    options = parser.parse_args()
    python = options.folder / "bin" / "python"
    if not python.exists():
        venv.create(options.folder, with_pip=True)
    wanted, modules = [*PEERS, *([TORCH] if options.torch else [])], [*MODULES, *(["torch"] if options.torch else [])]
    installed = subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted]).returncode
    if installed != 0:
        print("peers.py: installing failed; the lines above say why", file=sys.stderr)
        return installed
    failed = [name for name in modules
              if subprocess.run([str(python), "-c", f"import {name}"], capture_output=True).returncode != 0]
    print(f"{options.folder}: {', '.join(name for name in modules if name not in failed)} ready"
          + (f"; cannot be imported: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
