"""One digest for all that a lake holds, to compare lakes made in different ways.

lake_digest(Path("lake"))  ->  "5f0c12ab…"
"""

from __future__ import annotations

import hashlib
from pathlib import Path

_SHORTCUT = "_ledger"
"""Holds what files looked like when they were read, their times among it; may be deleted, and differs for the same content."""


def lake_digest(lake: Path) -> str:
    """SHA-256 over the names and bytes of tables, manifests and lists of inputs, hexadecimal."""
    sha256 = hashlib.sha256()
    for path in sorted(path for path in lake.rglob("*") if path.is_file()):
        name = path.relative_to(lake)
        if name.parts[0] != _SHORTCUT:
            sha256.update(f"{name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return sha256.hexdigest()
