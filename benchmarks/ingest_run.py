"""Runs `copydesk ingest` as its users do and measures it from outside: wall time, processor time, peak memory.

ingest(folder, lake, workers=2)  ->  IngestRun(articles=500, seconds=9.1, peak_mib=410, …)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.process_run import measured

_ROOT = Path(__file__).resolve().parent.parent


class IngestError(Exception):
    """`copydesk ingest` ended with another exit code than 0; the message has the end of what it printed."""


class IngestRun(NamedTuple):
    """One run. `peak_mib` is the highest sum of the resident memory of its processes, sampled ten times a second (pages that
    they share count in each), `cpu_seconds` the processor time of all of them."""

    articles: int
    rejects: int
    seconds: float
    cpu_seconds: float
    peak_mib: float

    @property
    def articles_a_second(self) -> float:
        """Start-up included."""
        return self.articles / self.seconds


def ingest(
    folder: Path, lake: Path, workers: int, *, variables: Mapping[str, str] | None = None, core: int | None = None
) -> IngestRun:
    """Ingests `folder` into the new `lake`. Raises IngestError unless it ends with 0. `variables` are settings as environment
    variables; `core` is the one that it may use."""
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(folder), "--lake", str(lake)]
    command += ["--workers", str(workers), "--json", "--quiet"]
    output = lake.with_suffix(".out")
    process = measured(command, output, cwd=_ROOT, variables=variables, core=core)
    if process.exit_code:
        raise IngestError(f"exit code {process.exit_code}: {process.errors}")
    summary = json.loads(output.read_text(encoding="utf-8"))
    return IngestRun(
        articles=int(summary["articles"]),
        rejects=int(summary["rejects"]),
        seconds=process.seconds,
        cpu_seconds=process.cpu_seconds,
        peak_mib=process.peak_mib,
    )
