"""What a stream is, before it starts: small, frozen and picklable, the same on every worker.

Before: settings, a lake. After: `StreamPlan(root="/data/lake", name="wire", …)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.layout import STREAM, LakePaths
from pipeline.lake.ledger import already_in
from pipeline.streaming.windows import Windows
from schemas.records import InputFile


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """One stream. `root` is the lake's absolute path; `name` tells the stream from others of the lake; `settings` are those that shape
    rows. `learned_lines` and `learned_sha256` tell which learned lines are cut. Sizes are in bytes."""

    root: str
    name: str
    settings: Mapping[str, Any]
    pipeline_version: str
    windows: Windows
    find_mentions: bool
    learned_lines: int
    learned_sha256: str
    target_file_bytes: int
    row_group_bytes: int
    flush_bytes: int

    @property
    def folder(self) -> str:
        """Where the stream keeps what it has in hand, relative to the lake."""
        return f"{STREAM}/{self.name}"


def not_in_lake(root: str, files: Sequence[InputFile]) -> tuple[InputFile, ...]:
    """Those of `files` that the lake at `root` does not hold, each once."""
    return already_in(filesystem_of(root), LakePaths(root), files)[0]
