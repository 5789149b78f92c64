"""Lets calls fail while a lake is written, one after the other, and looks whether the run ends with an error or with all rows.

    fail_points.py --place disk                              every call of disk and catalog fails once, reads too
    fail_points.py --place s3 --fault fail --points 60       calls of the store fail
    fail_points.py --place s3 --fault lost --points 60       requests are carried out and their answers lost: boto3 tries again

Beyond the command's success or error, readers must see the old or the new lake, and the same run again must end as if nothing had
been. A run that says it is done must be so. Where only an answer is lost, it must succeed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the drill also runs from a clone that isn't installed.
from benchmarks.drills.actions import ACTIONS, Material, prepared  # noqa: E402
from benchmarks.drills.faults import Fault, arm, arm_wire  # noqa: E402
from benchmarks.drills.grounds import Ground, ground  # noqa: E402
from benchmarks.drills.material import make_items  # noqa: E402
from benchmarks.kill_points import iceberg_shows, seen, started_processes  # noqa: E402
from pipeline.lake.lake import begin  # noqa: E402
from pipeline.lake.verify import verify  # noqa: E402
from schemas.errors import UnfinishedError, UsageError  # noqa: E402

_PATIENCE = 300
SHOWN = 10
_TOLD = (OSError, UsageError)
"""What a run may end with: the command tells it in one line."""


def in_child(action: str, root: str, items: Material, fault: str, at: int, report: str) -> None:
    """The action with a fault; the file `report` says how it ended, or with `at` 0 how many calls there were."""
    kind = Fault.COUNT if not at else Fault.LOSE if fault == "lost" else Fault.FAIL
    calls = arm_wire(kind, at) if fault == "lost" else arm(kind, at, reads=True)
    try:
        ACTIONS[action](root, items)
        ended = "done"
    except UnfinishedError as error:
        ended = f"unfinished: {error}"
    except _TOLD as error:
        ended = f"error: {error}"
    except Exception as error:
        # pyarrow hands on what a file object raised as an exception of its own kinds, and the commit has two.
        named = type(error).__name__ in ("ArrowInvalid", "PublishError", "AccountingError", "CompactionError")
        ended = f"error: {error}" if named else f"{type(error).__name__}: {error}"
    Path(report).write_text(ended if at else str(calls.seen))


def drill(
    place: Ground, processes: ForkServerContext, action: str, arguments: argparse.Namespace, items: Material
) -> list[str]:
    """What went wrong, a line each; prints the tally."""
    began = time.monotonic()
    report = Path(tempfile.gettempdir()) / f"report-{os.getpid()}"

    def run(at: int) -> str:
        report.unlink(missing_ok=True)
        process = processes.Process(target=in_child, args=(action, place.root, items, arguments.fault, at, str(report)))
        process.start()
        process.join(_PATIENCE)
        if process.exitcode != 0:
            process.kill()
            return f"ended with {process.exitcode}"
        return report.read_text()

    place.restore("nothing")
    prepared(action, place.root, items)
    place.wait()
    place.save("first")
    before = seen(place.root)
    calls = int(run(0))
    after, whole = seen(place.root), place.contents()
    every = range(1, calls + 1)
    chosen = (
        every
        if not arguments.points
        else sorted(random.Random(f"{action}/{arguments.seed}").sample(every, min(arguments.points, calls)))
    )
    wrong = [f"{action}, undisturbed: {each}" for each in verify(place.root)]
    ends: Counter[str] = Counter()
    for at in chosen:
        where = f"{action}, call {at} of {calls}"
        place.restore("first")
        ended = run(at)
        kind = ended.partition(":")[0]
        ends[kind if kind in ("done", "error", "unfinished") else "neither"] += 1
        if kind not in (("done",) if arguments.fault == "lost" else ("done", "error", "unfinished")):
            wrong.append(f"{where}: {ended}")
        try:
            if kind == "done" and seen(place.root) != after:
                wrong.append(f"{where}: said that it was done, and rows are missing")
            found = seen(place.root)
            if kind == "error" and found == after and action != "iceberg":
                wrong.append(f"{where}: said {ended}, and the run is in the lake")
            if found not in (before, after):
                wrong.append(f"{where}: readers see a mix: {found}")
            place.wait()
            begin(place.root).close()
            if kind != "done" and not (action == "force" and place.contents() == whole):
                ACTIONS[action](place.root, items)
            if place.contents() != whole or (action == "iceberg" and not iceberg_shows(place.root)):
                wrong.append(f"{where} ({ended}): the same run again does not end as if undisturbed")
        except Exception as error:
            wrong.append(f"{where} ({ended}): {type(error).__name__}: {error}")
    report.unlink(missing_ok=True)
    print(
        f"{action:8} {len(chosen):>4} of {calls} calls: {ends['error']} ended with an error, {ends['done']} were done, "
        f"{ends['unfinished']} were in the lake with something left to do; "
        f"{len(wrong)} went wrong; {time.monotonic() - began:,.0f} s",
        flush=True,
    )
    for line in wrong[:SHOWN]:
        print(f"  {line}", flush=True)
    return wrong


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: every run ended as it must; 1: one did not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--place", choices=("disk", "s3", "gs"), default="disk")
    parser.add_argument("--fault", choices=("fail", "lost"), default="fail")
    parser.add_argument("--actions", default=",".join(ACTIONS))
    parser.add_argument("--points", type=int, default=0, help="of each kind of run; 0: every call")
    parser.add_argument("--seed", type=int, default=0)
    parsed = parser.parse_args(given)
    if parsed.fault == "lost" and parsed.place != "s3":
        parser.error("--fault lost is for --place s3")
    folder = Path(tempfile.mkdtemp(prefix="copydesk-fail-points-"))
    try:
        place = ground(parsed.place, folder)  # before the processes, which are to find its address
        processes = started_processes()
        items = make_items(12)
        wrong = [
            line for action in parsed.actions.split(",") for line in drill(place, processes, action, parsed, items)
        ]
    finally:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
