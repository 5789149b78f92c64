"""Kills runs of every kind with SIGKILL at their changes of the lake, and looks at what readers see then and what the next run makes of it.

    kill_points.py --place disk --points 50                       ->  a line a kind of run; exit 0 if all is as it must be
    kill_points.py --place s3 --actions ingest,forget --seed 3
    kill_points.py --place gs --points 20                         needs 'copydesk[gcp]' and gcp-storage-emulator

A point is the moment just before or just after one change: a file made, renamed or deleted, an object put, copied or deleted, a folder
forced to disk, an Iceberg file or commit. After each kill readers must see the old or the new lake; in a bucket another writer
is refused while the lease lasts; opening the lake again makes it sound (`verify`); the same run again ends as if nothing had been.
Rows are made by the pipeline's own steps; Beam is not in between (`kill_runs.py` has it).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the drill also runs from a clone that isn't installed.
from benchmarks.drills.actions import ACTIONS, Material, prepared  # noqa: E402
from benchmarks.drills.faults import Fault, arm  # noqa: E402
from benchmarks.drills.grounds import Ground, ground  # noqa: E402
from benchmarks.drills.material import make_items  # noqa: E402
from pipeline.lake.filesystem import filesystem_of  # noqa: E402
from pipeline.lake.iceberg.check import check_tables  # noqa: E402
from pipeline.lake.lake import begin, open_paths  # noqa: E402
from pipeline.lake.lock import LakeBusyError  # noqa: E402
from pipeline.lake.read import dataset, manifests  # noqa: E402
from pipeline.lake.verify import verify  # noqa: E402
from schemas.tables import TABLES  # noqa: E402

_PATIENCE = 120
AGAIN_EVERY = 10
SHOWN = 10


class Seen(NamedTuple):
    """What a reader that follows manifests sees: the runs, and the rows of each table."""

    runs: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]


def seen(root: str) -> Seen:
    """Reads every table, so that a file that is named and gone is found."""
    rows = ((table, dataset(root, table).to_table().num_rows) for table in TABLES)
    return Seen(tuple(sorted(each.run_id for each in manifests(root))), tuple(rows))


def in_child(action: str, root: str, items: Material, at: int, before: bool, counted: str) -> None:
    """The action, killed at its `at`-th change; with 0, its changes are counted into a file."""
    calls = arm(Fault.KILL if at else Fault.COUNT, at, before=before)
    ACTIONS[action](root, items)
    Path(counted).write_text(str(calls.seen))


def drill(
    place: Ground, processes: ForkServerContext, action: str, points: int, seed: int, items: Material
) -> list[str]:
    """What went wrong, a line each; prints the tally."""
    began = time.monotonic()
    place.restore("nothing")
    prepared(action, place.root, items)
    place.wait()
    place.save("first")
    before, first = seen(place.root), place.contents()
    counted = Path(tempfile.gettempdir()) / f"changes-{os.getpid()}"
    process = processes.Process(target=in_child, args=(action, place.root, items, 0, True, str(counted)))
    process.start()
    process.join(_PATIENCE)
    changes = int(counted.read_text())
    counted.unlink()
    after, whole = seen(place.root), place.contents()
    sound = [str(each) for each in verify(place.root)]
    if sound:
        return [f"{action}, undisturbed: {each}" for each in sound]
    every = [(at, early) for at in range(1, changes + 1) for early in (True, False)]
    chosen = sorted(random.Random(f"{action}/{seed}").sample(every, min(points, len(every))))
    wrong: list[str] = []
    old = refused = 0
    for number, (at, early) in enumerate(chosen):
        where = f"{action} {'before' if early else 'after'} change {at} of {changes}"
        place.restore("first")
        process = processes.Process(target=in_child, args=(action, place.root, items, at, early, str(counted)))
        process.start()
        process.join(_PATIENCE)
        if process.exitcode != -signal.SIGKILL:
            wrong.append(f"{where}: ended with {process.exitcode}")
            process.kill()
            continue
        try:
            found = seen(place.root)
            if found not in (before, after):
                wrong.append(f"{where}: readers see a mix: {found}")
            old += found == before
            if place.leases:
                refused += _refused(place.root)
            place.wait()
            begin(place.root).close()
            left = place.contents()
            if left not in (first, whole):  # both were verified
                wrong += [f"{where}: {each}" for each in verify(place.root) if not each.path.startswith("_iceberg")]
            # From the same bytes the same run gives the same bytes: in buckets, where it takes long, that is tried now and then.
            # Forced once more after it has landed, a run would replace its own rows.
            again = left not in (first, whole) or action == "iceberg" or not place.leases or number % AGAIN_EVERY == 0
            if again and not (action == "force" and left == whole):
                ACTIONS[action](place.root, items)
            if (again and place.contents() != whole) or (action == "iceberg" and not iceberg_shows(place.root)):
                wrong.append(f"{where}: the same run again does not end as if undisturbed")
        except Exception as error:
            wrong.append(f"{where}: {type(error).__name__}: {error}")
    said = f"{action:8} {len(chosen):>4} kills at {changes} changes: {old} left the old lake, {len(chosen) - old} the new one"
    said += f", {refused} times the next writer had to wait for the lease" if place.leases else ""
    print(f"{said}; {len(wrong)} went wrong; {time.monotonic() - began:,.0f} s", flush=True)
    for line in wrong[:SHOWN]:
        print(f"  {line}", flush=True)
    return wrong


def iceberg_shows(root: str) -> bool:
    """Whether the Iceberg tables name the lake's files and no others."""
    paths = open_paths(root)
    return not list(check_tables(filesystem_of(root), paths))


def _refused(root: str) -> bool:
    try:
        begin(root).close()
    except LakeBusyError:
        return True
    return False


def started_processes() -> ForkServerContext:
    """Processes in which all of this is loaded: each costs milliseconds."""
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        ["benchmarks.fail_points", "benchmarks.write_together", "pyiceberg.catalog.sql", "pyiceberg.io.pyarrow"]
    )
    return processes


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: every lake was as it must be; 1: one was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--place", choices=("disk", "s3", "gs"), default="disk")
    parser.add_argument("--actions", default=",".join(ACTIONS))
    parser.add_argument("--points", type=int, default=50, help="of each kind of run")
    parser.add_argument("--seed", type=int, default=0)
    parsed = parser.parse_args(given)
    folder = Path(tempfile.mkdtemp(prefix="copydesk-kill-points-"))
    try:
        place = ground(parsed.place, folder)  # before the processes, which are to find its address
        processes = started_processes()
        items = make_items(12)
        wrong = [
            line
            for action in parsed.actions.split(",")
            for line in drill(place, processes, action, parsed.points, parsed.seed, items)
        ]
    finally:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
