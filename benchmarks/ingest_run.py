"""Runs `copydesk ingest` as its users do and measures it from outside: wall time, processor time, peak memory.

ingest(folder, lake, workers=2)  ->  IngestRun(articles=500, seconds=9.1, peak_mib=410, …)
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
_PAUSE = 0.1
_PROC = Path("/proc")


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


def ingest(folder: Path, lake: Path, workers: int) -> IngestRun:
    """Ingests `folder` into the new `lake`. Raises IngestError unless it ends with 0."""
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(folder), "--lake", str(lake)]
    command += ["--workers", str(workers), "--json", "--quiet"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    output, errors = lake.with_suffix(".out"), lake.with_suffix(".err")
    with output.open("wb") as out, errors.open("wb") as err:
        # A session of its own, by which its worker processes are found.
        child = subprocess.Popen(command, cwd=_ROOT, stdout=out, stderr=err, start_new_session=True)
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, _session_mib(child.pid))
            time.sleep(_PAUSE)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode:
        raise IngestError(f"exit code {child.returncode}: {errors.read_text(errors='replace')[-2000:].strip()}")
    summary = json.loads(output.read_text(encoding="utf-8"))
    return IngestRun(
        articles=int(summary["articles"]),
        rejects=int(summary["rejects"]),
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        # Without /proc (macOS) the largest process so far has to do.
        peak_mib=peak or after.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    )


def _session_mib(session: int) -> float:
    """Resident memory of all processes of a session, in MiB; 0 where there is no /proc."""
    pages = 0
    for stat in _PROC.glob("[0-9]*/stat") if _PROC.is_dir() else ():
        try:
            # The name, in brackets, may hold anything; the session is the 4th field after it, the pages the 22nd.
            fields = stat.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
