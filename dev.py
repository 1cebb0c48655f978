#!/usr/bin/env python3
"""Set-up and everyday commands, with nothing but Python 3.11+ and its standard library.

    python3 dev.py verify                    verify the whole corpus and write the report into reports/
    python3 dev.py verify ARGUMENT ...       the same as `lakatos verify ARGUMENT ...`
    python3 dev.py test [ARGUMENT ...]       run the tests; arguments go to pytest
    python3 dev.py lint                      run ruff, mypy and the import contract

Each command first makes .venv and installs what pyproject.toml declares, pinned by constraints.txt, with uv if that
is on the path and with pip otherwise. Once that is done the commands start at once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "lakatos-setup"
GROUPS = ("test", "lint")
CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
)


def stop(message: str) -> NoReturn:
    """End with a message and the exit code for wrong usage or a missing precondition."""
    print(f"dev.py: {message}", file=sys.stderr)
    raise SystemExit(2)


def fingerprint() -> str:
    """What the installed environment depends on: the declared packages, and the folder it points at."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, bytes(ROOT)])).hexdigest()


def development_packages() -> list[str]:
    """Requirements of the development groups in pyproject.toml."""
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return [requirement for group in GROUPS for requirement in declared[group]]


def works(*command: str) -> bool:
    """Whether a command of the environment's Python ends well."""
    return PYTHON.exists() and subprocess.run([str(PYTHON), *command], capture_output=True).returncode == 0


def make_environment(uv: str | None) -> None:
    """Create .venv, or make it anew where an earlier attempt was cut off."""
    if works("-c", "import sys" if uv else "import pip"):
        return
    if uv:
        done = subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)])
        if done.returncode != 0:
            stop("uv could not create .venv; the lines above say why")
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop("this Python cannot make environments: install its venv module (on Debian and Ubuntu: "
             "`apt-get install python3-venv`), or uv, and run the same command again")
    import venv

    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    except (subprocess.CalledProcessError, OSError) as error:
        stop(f"cannot create {ENVIRONMENT}: {error}")


def set_up() -> None:
    """Make the environment and install the project with its development groups, unless that was done."""
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    uv = shutil.which("uv")
    print(f"dev.py: setting up .venv with {'uv' if uv else 'pip, which takes a minute or two'} ...", flush=True)
    make_environment(uv)
    install = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    command = [*install, "--quiet", "--constraint", "constraints.txt", "--editable", ".", *development_packages()]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        stop("installing failed; the lines above say why. The same command goes on from here once that is mended")
    STAMP.write_text(wanted, encoding="utf-8")


def run(*arguments: str, folder: Path = ROOT) -> int:
    """Run the environment's Python in `folder`; an interrupt is the child's to handle."""
    with subprocess.Popen([str(PYTHON), *arguments], cwd=folder) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def main() -> int:
    """Dispatch the first argument."""
    if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons get this far, and should hear why they go no further
        stop(f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}; try `python3.11 dev.py ...`")
    command, arguments = (sys.argv[1] if len(sys.argv) > 1 else "--help"), sys.argv[2:]
    if command in ("help", "--help", "-h"):
        print(__doc__)
        return 0
    if command not in ("verify", "test", "lint"):
        stop(f"unknown command '{command}'; one of verify, test, lint")
    set_up()
    if command == "verify":
        if arguments:
            return run("-m", "lakatos", "verify", *arguments, folder=Path.cwd())
        return run("-m", "lakatos", "verify", "--report", "reports")
    if command == "test":
        return run("-m", "pytest", *arguments)
    return max([run(*check) for check in CHECKS])


if __name__ == "__main__":
    sys.exit(main())
