#!/usr/bin/env python3
"""Set-up and everyday commands, with nothing but Python 3.11+.

    python3 dev.py verify [SELECTOR ...]   set up, verify the corpus, write the report into reports/
    python3 dev.py test [PYTEST ARGUMENT ...]   set up, run the tests
    python3 dev.py lint                    set up, run ruff, mypy and the import contract

Each command creates .venv and installs what pyproject.toml declares, pinned by constraints.txt, unless that was done.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
STAMP = ENVIRONMENT / "lakatos-setup"


def fingerprint() -> str:
    """What the installed environment depends on."""
    wanted = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return hashlib.sha256(wanted + sys.version.encode()).hexdigest()


def groups() -> list[str]:
    """Requirements of the development groups in pyproject.toml."""
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return [requirement for group in ("test", "lint") for requirement in declared[group] if isinstance(requirement, str)]


def set_up() -> None:
    """Create .venv and install the project with its development groups; does nothing if that is up to date."""
    if STAMP.exists() and STAMP.read_text() == fingerprint():
        return
    print("setting up .venv ...", flush=True)
    if not PYTHON.exists():
        try:
            venv.create(ENVIRONMENT, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            sys.exit("dev.py: this Python cannot create environments; install its venv module (Debian: python3-venv)")
    uv = shutil.which("uv")
    install = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install", "--quiet"]
    done = subprocess.run([*install, "--constraint", "constraints.txt", "--editable", ".", *groups()], cwd=ROOT)
    if done.returncode != 0:
        sys.exit("dev.py: installing failed; the lines above say why. Run the same command again once that is mended")
    STAMP.write_text(fingerprint())


def run(*command: str) -> int:
    """Run a module of the environment in the project's root."""
    return subprocess.run([str(PYTHON), "-m", *command], cwd=ROOT).returncode


def main() -> int:
    """Dispatch the first argument."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the reader may run it with an older one
        sys.exit(f"dev.py: Python 3.11 or later is needed, this is {sys.version.split()[0]}")
    command, rest = (sys.argv[1] if len(sys.argv) > 1 else "help"), sys.argv[2:]
    if command not in ("verify", "test", "lint"):
        print(__doc__)
        return 0 if command in ("help", "--help", "-h") else 2
    set_up()
    if command == "verify":
        return run("lakatos", "verify", "--report", "reports", *rest)
    if command == "test":
        return run("pytest", *rest)
    checks = [("ruff", "check", "."), ("mypy",), ("importlinter.cli", "lint")]
    return max(run(*check) if check[0] != "importlinter.cli" else
               subprocess.run([str(PYTHON.with_name("lint-imports"))], cwd=ROOT).returncode for check in checks)


if __name__ == "__main__":
    sys.exit(main())
