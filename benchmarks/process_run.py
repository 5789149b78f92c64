"""Runs a command and measures it from outside: wall time, processor time, peak memory of all its processes.

measured(["copydesk", …], Path("summary.json"))  ->  ProcessRun(exit_code=0, seconds=9.1, cpu_seconds=8.7, peak_mib=410, …)
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_PAUSE = 0.1
_PROC = Path("/proc")


class ProcessRun(NamedTuple):
    """One command. `peak_mib` is the highest sum of the resident memory of its processes, sampled ten times a second (pages that
    they share count in each), `cpu_seconds` the processor time of all of them; `errors` the end of what it wrote there."""

    exit_code: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    errors: str


def measured(
    command: Sequence[str],
    output: Path,
    *,
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
    core: int | None = None,
) -> ProcessRun:
    """Runs `command`, its standard output to the file `output`. `core` is the only one that it may use (on Linux); None: all."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    errors = output.with_suffix(".err")
    environment = {**os.environ, **(variables or {})}
    with output.open("wb") as out, errors.open("wb") as err:
        # A session of its own, by which its worker processes are found.
        child = subprocess.Popen(
            [*_pinned(core), *command], cwd=cwd, stdout=out, stderr=err, env=environment, start_new_session=True
        )
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, session_mib(child.pid))
            time.sleep(_PAUSE)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ProcessRun(
        exit_code=child.returncode,
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        # Without /proc (macOS) the largest process so far has to do.
        peak_mib=peak or after.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
        errors=errors.read_text(errors="replace")[-2000:].strip(),
    )


def _pinned(core: int | None) -> Sequence[str]:
    if core is None or not hasattr(os, "sched_setaffinity"):
        return ()
    code = f"import os, sys; os.sched_setaffinity(0, {{{core}}}); os.execv(sys.argv[1], sys.argv[1:])"
    return (sys.executable, "-c", code)


def session_mib(session: int) -> float:
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
