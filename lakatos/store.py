"""The store: finished records on disk, found again by what they depend on. Resume and cache are the same thing.

A record's key is a digest of the claim, the evidence, the profile, the seed and the source code it runs through: the
engine, the file of the claim, the file of the evidence, and every project file that these import.
"""

from __future__ import annotations

import ast
import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from lakatos.records import Record
from lakatos.trial import Profile
from lakatos.work import Unit


class StoreError(RuntimeError):
    """The store cannot be opened, read or written; the message says what to do."""


@lru_cache(maxsize=1)
def _engine() -> str:
    digest = blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _imports(path: Path) -> list[Path]:
    """Files of the same corpus that `path` imports (`theorems.x`, `simulators.models.y`)."""
    found = []
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, OSError):
        return []
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names += [f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
              for alias in node.names]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    for name in names:
        parts = name.split(".")
        if parts[0] == "lakatos":
            continue
        for parent in path.parents:
            if (parent / parts[0]).is_dir() or (parent / f"{parts[0]}.py").is_file():
                target = parent.joinpath(*parts).with_suffix(".py")
                found += [target] if target.is_file() else sorted(parent.joinpath(*parts).glob("*.py"))
                break
    return found


@lru_cache(maxsize=4096)
def code_digest(path: str) -> str:
    """Digest of a file and of all corpus files it imports, directly or not."""
    seen: set[Path] = set()
    stack = [Path(path).resolve()]
    while stack:
        current = stack.pop()
        if current not in seen and current.is_file():
            seen.add(current)
            stack.extend(_imports(current))
    digest = blake2b(digest_size=16)
    for part in sorted(seen):
        digest.update(part.name.encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()


def key_of(unit: Unit, profile: Profile, seed: int) -> str:
    """The key under which the record of `unit` is stored."""
    code = code_digest(unit.claim.file) + (code_digest(unit.evidence.file) if unit.evidence is not None else "")
    parts = (unit.claim.id, unit.name, repr(profile), str(seed), _engine(), code)
    return blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


class Store:
    """Records in an SQLite file; `Store(None)` keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as connection, connection:
                connection.execute("CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, record TEXT NOT NULL)")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the store {path} cannot be used ({error}); give another with --store PATH, or move the file away "
                "(it holds only results that can be computed again)"
            ) from error

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self.path), timeout=30)

    def get(self, key: str) -> Record | None:
        """The stored record, or None. A record that cannot be read counts as absent and is computed again."""
        if self.path is None:
            return None
        try:
            with closing(self._open()) as connection:
                row = connection.execute("SELECT record FROM records WHERE key = ?", (key,)).fetchone()
            return None if row is None else Record.from_json(json.loads(row[0]))
        except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, key: str, record: Record) -> None:
        """Keep a finished record. Failed ones are not kept: they are tried again next time."""
        if self.path is None or record.judgement.outcome in ("failed", "not evaluated"):
            return
        try:
            with closing(self._open()) as connection, connection:
                connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?)", (key, json.dumps(record.to_json())))
        except sqlite3.Error as error:
            raise StoreError(f"the store {self.path} cannot be written ({error}); free disk space or give --store PATH") from error
