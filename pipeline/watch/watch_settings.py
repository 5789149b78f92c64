"""The settings section [watch]; `configs/copydesk.toml` explains each key. None of them changes a row.

Before: `[watch]` / `every = "2m"`. After: `WatchSettings(every=120.0, …)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipeline.setting_kinds import Duration, Text, Whole

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """[watch]: when `copydesk watch` looks for new files and how much it takes at once. Times in seconds."""

    every: Annotated[float, Duration(0.1, _DAY)]
    idle_every: Annotated[float, Duration(0.1, _DAY)]
    settle: Annotated[float, Duration(0, _DAY)]
    settle_moved: Annotated[float, Duration(0, _DAY)]
    max_files_per_batch: Annotated[int, Whole(1, 10_000_000, "files")]
    max_mib_per_batch: Annotated[int, Whole(1, 1_048_576, "MiB")]
    workers_from_mib: Annotated[int, Whole(0, 1_048_576, "MiB")]
    compact_after: Annotated[int, Whole(0, 1_000_000, "runs")]
    retry_most: Annotated[float, Duration(1, _DAY)]
    metrics_port: Annotated[int, Whole(0, 65_535)]
    metrics_host: Annotated[str, Text()]
