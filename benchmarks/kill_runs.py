"""Kills `ingest` with SIGKILL at random moments, runs it again, and compares the lake byte for byte with an undisturbed one.

    kill_runs.py                    10 kills with one worker    ->  a table, exit 0 if every lake equals the undisturbed one
    kill_runs.py --workers 2        the same with two worker processes, which are killed too

The moments are drawn from the seed: half of them anywhere in the time of an undisturbed run, half of them in its last fifth and a little
later, so that start-up, reading, staging, merging, publishing and tidying up are all hit.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the drill also runs from a clone that isn't installed.
from benchmarks.generator import write_pages, write_texts  # noqa: E402

KILLED = -signal.SIGKILL
LATE_FROM, LATE_TO = 0.8, 1.05
"""Shares of an undisturbed run's time between which it writes the lake; a run may be a little slower than that one."""


class Kill(NamedTuple):
    """One drill: seconds until the kill (None: the run had ended), what was seen of the run then, and which paths differ after
    the second run."""

    after: float
    killed: bool
    left: str
    repaired_in: float
    differing: tuple[str, ...]


def contents(lake: Path) -> dict[str, str]:
    """SHA-256 of every file under `lake`, by its path relative to it; folders as "folder"."""
    found: dict[str, str] = {}
    for path in sorted(lake.rglob("*")):
        name = path.relative_to(lake).as_posix()
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


def difference(expected: Mapping[str, str], seen: Mapping[str, str]) -> tuple[str, ...]:
    """Paths that are missing, too many or of other bytes, sorted, each with which of the three it is."""
    lines = [f"missing: {path}" for path in expected.keys() - seen.keys()]
    lines += [f"too many: {path}" for path in seen.keys() - expected.keys()]
    lines += [f"other bytes: {path}" for path in expected.keys() & seen.keys() if expected[path] != seen[path]]
    return tuple(sorted(lines))


def moments(count: int, seconds: float, seed: int) -> tuple[float, ...]:
    """`count` moments, in seconds from the start: half of them anywhere in the run, half of them near its end, where it stages,
    merges and publishes. Each is drawn from an equal part of its range, so that none is left out."""
    rng = random.Random(seed)
    late = count // 2
    anywhere = [(number + rng.random()) / (count - late) for number in range(count - late)]
    near_the_end = [LATE_FROM + (number + rng.random()) / late * (LATE_TO - LATE_FROM) for number in range(late)]
    return tuple(share * seconds for share in sorted(anywhere + near_the_end))


def start(inputs: Path, lake: Path, workers: int) -> subprocess.Popen[bytes]:
    """`copydesk ingest` as the leader of a process group of its own, which its workers join. What they say goes to `stderr.log`
    beside the inputs."""
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(inputs), "--lake", str(lake), "--quiet"]
    with (inputs.parent / "stderr.log").open("ab") as log:
        return subprocess.Popen(
            [*command, "--workers", str(workers)], cwd=ROOT, start_new_session=True, stderr=log, stdout=log
        )


def run_to_end(inputs: Path, lake: Path, workers: int) -> float:
    """Runs `ingest` undisturbed and gives its seconds; raises SystemExit where it fails."""
    started = time.monotonic()
    code = start(inputs, lake, workers).wait()
    if code != 0:
        raise SystemExit(f"kill_runs: ingest into {lake} ended with exit code {code}; see stderr.log beside it")
    return time.monotonic() - started


def state_of(lake: Path) -> str:
    """What an interrupted run left: nothing, staged files, a run about to be published, or a whole run."""
    if not lake.exists():
        return "no lake"
    if list((lake / "_runs").glob("*.json")):
        return "committed"
    shown = sum(1 for path in lake.rglob("part-*.parquet") if "_staging" not in path.parts)
    staged = sum(1 for path in (lake / "_staging").rglob("*") if path.is_file())
    return f"{staged} staged, {shown} moved" if staged or shown else "empty lake"


def kill(inputs: Path, lake: Path, workers: int, after: float, expected: Mapping[str, str]) -> Kill:
    """Starts a run, kills its whole process group after `after` seconds, runs again, compares."""
    running = start(inputs, lake, workers)
    try:
        running.wait(timeout=after)
    except subprocess.TimeoutExpired:
        # The group outlives its leader while a worker lives, so both die at once.
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    left = state_of(lake)
    repaired_in = run_to_end(inputs, lake, workers)
    return Kill(after, running.returncode == KILLED, left, repaired_in, difference(expected, contents(lake)))


def drill(arguments: argparse.Namespace, work: Path) -> int:
    """All kills; prints a line each and gives the number of lakes that differ."""
    inputs = work / "inputs"
    write_texts(inputs / "texts", arguments.texts, seed=arguments.seed)
    write_pages(inputs / "pages", arguments.pages, seed=arguments.seed)
    seconds = run_to_end(inputs, work / "undisturbed", arguments.workers)
    expected = contents(work / "undisturbed")
    print(
        f"{arguments.texts} texts + {arguments.pages} pages, {arguments.workers} worker(s), seed {arguments.seed}: "
        f"undisturbed in {seconds:.1f} s, {len(expected)} paths"
    )
    print(
        f"{'kill':>4}  {'after s':>7}  {'of run':>6}  {'killed':6}  {'left behind':24}  {'again s':>7}  equal",
        flush=True,
    )
    broken = 0
    for number, after in enumerate(moments(arguments.kills, seconds, arguments.seed), 1):
        lake = work / f"lake-{number}"
        result = kill(inputs, lake, arguments.workers, after, expected)
        equal = "yes" if not result.differing else "NO"
        killed = "yes" if result.killed else "ended"
        print(
            f"{number:>4}  {result.after:>7.2f}  {after / seconds:>6.0%}  {killed:6}  {result.left:24}  "
            f"{result.repaired_in:>7.1f}  {equal}",
            flush=True,
        )
        for line in result.differing[:5]:
            print(f"      {line}")
        if result.differing:
            broken += 1
        else:
            shutil.rmtree(lake)
    print(f"{arguments.kills - broken} of {arguments.kills} lakes equal the undisturbed one, byte for byte")
    return broken


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: every lake was equal; 1: one was not (its folder is kept and named)."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--texts", type=int, default=200)
    arguments.add_argument("--pages", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=0)
    parsed = arguments.parse_args(given)
    work = Path(tempfile.mkdtemp(prefix="copydesk-kill-runs-"))
    broken = drill(parsed, work)
    if broken:
        print(f"kept for a look: {work}")
    else:
        shutil.rmtree(work)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
