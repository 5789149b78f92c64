"""Measures how long a file waits in `copydesk watch`: from its appearance to its committed rows, and what watching costs.

    watch_latency.py               a table: start, first and later files, idle processor time, one look at 10,000 files
    watch_latency.py --every 5s    with another interval

Files appear whole, by a rename. The median says what a file waits on average, half an interval included; processor time says what a
run over one file costs. Wall times are those of this machine with whatever else runs on it.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

from benchmarks.generator import write_pages  # noqa: E402

_WITHIN = 300.0
_IDLE_SECONDS = 10.0


class Latency(NamedTuple):
    """Seconds. `start` is from the start of the command to the committed rows of a file that was there before; `drops` from a file's
    appearance to its rows, `cpu` the processor time of each; `idle_cpu` is the share of a core while nothing comes, `look` the
    processor time of one look at `looked_at` known files, `memory` the resident MiB at the end."""

    start: float
    drops: tuple[float, ...]
    cpu: tuple[float, ...]
    idle_cpu: float
    look: float
    looked_at: int
    memory: float


def watch_latency(folder: Path, every: str = "1s", files: int = 8, crowd: int = 10_000) -> Latency:
    """Watches a new inbox below `folder`, into which pages of the generator are dropped one by one. Raises TimeoutError."""
    pages = sorted(write_pages(folder / "pages", files + 1))
    inbox, runs = folder / "in", folder / "lake" / "_runs"
    inbox.mkdir()
    pages[0].rename(inbox / pages[0].name)
    began = time.monotonic()
    with _watching(inbox, folder / "lake", every) as process:
        _wait_for(runs, 1)
        start = time.monotonic() - began
        drops, costs = [], []
        for number, page in enumerate(pages[1:], 2):
            time.sleep(0.37)  # not in step with the looks
            used, dropped = _cpu_seconds(process.pid), time.monotonic()
            page.rename(inbox / page.name)
            _wait_for(runs, number)
            drops.append(time.monotonic() - dropped)
            costs.append(_cpu_seconds(process.pid) - used)
        time.sleep(1)
        used = _cpu_seconds(process.pid)
        time.sleep(_IDLE_SECONDS)
        idle = (_cpu_seconds(process.pid) - used) / _IDLE_SECONDS
        memory = _memory_mib(process.pid)
    return Latency(start, tuple(drops), tuple(costs), idle, _look(folder, crowd), crowd, memory)


@contextmanager
def _watching(inbox: Path, lake: Path, every: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "pipeline.cli", "watch", str(inbox), "--lake", str(lake), "--every", every]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    process = subprocess.Popen([*command, "--quiet"], env=environment, cwd=lake.parent)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(runs: Path, number: int) -> None:
    until = time.monotonic() + _WITHIN
    while len(list(runs.glob("*.json"))) < number:
        if time.monotonic() > until:
            raise TimeoutError(f"{number} runs within {_WITHIN:.0f} s")
        time.sleep(0.01)


def _family(pid: int) -> list[int]:
    """A process and its children; the supervising one has one."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu_seconds(pid: int) -> float:
    ticks = 0
    for each in _family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory_mib(pid: int) -> float:
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in _family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _look(folder: Path, files: int) -> float:
    """Processor seconds of one look at so many files that the lake has."""
    from pipeline.watch.plan import NOTHING_KNOWN, Stillness, plan_poll
    from transforms.listing.place import Walk
    from transforms.listing.seen import SeenFiles, keys_of
    from transforms.match import list_inputs

    crowd = folder / "crowd"
    for number in range(files):
        place = crowd / f"{number // 1000:04d}" / f"{number}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        os.utime(place, ns=(0, 1_700_000_000_500_000_000 + number))
    known = keys_of(list_inputs([str(crowd)], Walk())[0], time.time_ns())
    seconds = []
    for _ in range(3):
        began = time.process_time()
        listed, _ = list_inputs([str(crowd)], Walk())
        plan = plan_poll(NOTHING_KNOWN, SeenFiles(known).new(listed), time.time_ns(), Stillness(0, 0), at_most=5000)
        seconds.append(time.process_time() - began)
        assert not plan.ready
    return min(seconds)


def table(found: Latency, every: str) -> str:
    """The figures as lines of a table in Markdown."""
    lines = [
        ("start of the command to the rows of a file that was there", f"{found.start:.1f} s"),
        (f"a file's appearance to its rows, `--every {every}`, median", f"{statistics.median(found.drops):.1f} s"),
        ("the same, slowest", f"{max(found.drops):.1f} s"),
        ("processor time of a run over one page, median", f"{statistics.median(found.cpu):.1f} s"),
        ("processor time while nothing comes", f"{100 * found.idle_cpu:.1f} % of a core"),
        (f"processor time of a look at {found.looked_at:,} known files", f"{1000 * found.look:.0f} ms"),
        ("memory after these runs", f"{found.memory:.0f} MiB"),
    ]
    return "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in lines)])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Measure how long a file waits in copydesk watch.")
    parser.add_argument("--every", default="1s", help="as for copydesk watch (default 1s)")
    parser.add_argument("--files", type=int, default=8, help="how many files are dropped (default 8)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-watch-") as folder:
        print(table(watch_latency(Path(folder), given.every, given.files), given.every))


if __name__ == "__main__":
    main()
