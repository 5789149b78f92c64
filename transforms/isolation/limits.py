"""What one record may cost, and from when on it is worked on outside the worker: one frozen value, from `[limits]`.

Before: `[limits] seconds = 10` in the settings. After: `Limits(seconds=10.0, …)`, which pickles to every worker.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.units import MIB


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A record that exceeds one of these is worked on in a child process. Bytes of its own text or markup; counts of the characters
    "<" and "&"; characters of its longest line, which is measured in plain text only (pages have lines of any length)."""

    bytes: int = 4 * MIB
    tags: int = 30_000
    references: int = 50_000
    line: int = 500_000
    looked_into: int = 256 * 1024
    """Below this many bytes nothing is counted: the parsers take what is so short in any form."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of processor time for one record; `memory_bytes` that a child may take on top of what it starts with;
    `output_bytes` that the rows of one record may take, serialised; `hang_seconds` after which a worker that a record holds
    inside C code is given up."""

    seconds: float = 10.0
    memory_bytes: int = 1024 * MIB
    output_bytes: int = 256 * MIB
    hang_seconds: float = 60.0
    suspect: Suspicion = Suspicion()
    deadly: frozenset[bytes] = frozenset()
    """Records and files at which a worker has died in this run, as `journal.note_of` notes them."""
    journal: str = ""
    """Folder of the journal; empty where nobody would read it."""
