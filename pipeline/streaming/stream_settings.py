"""The settings section [stream]; `configs/copydesk.toml` explains each key. None of them changes a row.

Before: `[stream]` / `window_seconds = 300` in `mine.toml`. After: `StreamSettings(window_seconds=300.0, …)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipeline.setting_kinds import Choice, Number, Text, Whole

ARRIVAL, MODIFIED = "arrival", "modified"
BEAM, PYTHON = "beam", "python"


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """[stream]: windows, panes and sources of `copydesk stream`."""

    name: Annotated[str, Text()]
    window_seconds: Annotated[float, Number(0.1, 86_400)]
    lateness_seconds: Annotated[float, Number(0, 31_536_000)]
    early_inputs: Annotated[int, Whole(0, 10_000_000, "inputs")]
    late_inputs: Annotated[int, Whole(0, 10_000_000, "inputs")]
    event_time: Annotated[str, Choice((ARRIVAL, MODIFIED))]
    poll_seconds: Annotated[float, Number(0.1, 86_400)]
    still_seconds: Annotated[float, Number(0, 86_400)]
    stop_after_seconds: Annotated[float, Number(0, 31_536_000)]
    kafka_reader: Annotated[str, Choice((BEAM, PYTHON))]
    kafka_group: Annotated[str, Text()]
    expansion_service: Annotated[str, Text()]
