"""Several processes write runs into one lake at once, each run tried until it has landed; then every row must be there once.

write_together.py --place s3 --writers 4 --runs 25     ->  a line; exit 0 if so
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the drill also runs from a clone that isn't installed.
from benchmarks.drills.actions import write  # noqa: E402
from benchmarks.drills.grounds import ground  # noqa: E402
from benchmarks.drills.material import Item  # noqa: E402
from benchmarks.kill_points import started_processes  # noqa: E402
from pipeline.lake.lock import LakeBusyError  # noqa: E402
from pipeline.lake.read import dataset, manifests  # noqa: E402
from pipeline.lake.verify import verify  # noqa: E402
from schemas.codes import RejectCode, Stage  # noqa: E402
from schemas.records import InputFile  # noqa: E402
from transforms.rejects import make_reject  # noqa: E402

_PAUSE = 0.1
_TRIES = 10_000


def item(number: int) -> Item:
    """An input that gives one reject: the smallest rows there are."""
    name = f"{number:06d}.txt"
    raw = name.encode()
    reject = make_reject(
        source_uri=f"in/{name}", name=name, stage=Stage.PARSE, code=RejectCode.NO_TEXT, message="Nothing", raw=raw
    )
    return Item(InputFile(f"in/{name}", name, len(raw), hashlib.sha256(raw).hexdigest()), (reject,), ())


def keep_writing(root: str, writer: int, runs: int, report: str) -> None:
    """`runs` runs of one input each; the file `report` says how often one had to wait."""
    waited = 0
    for run in range(runs):
        for _ in range(_TRIES):
            try:
                write(root, [item(1000 * writer + run)])
                break
            except LakeBusyError:
                waited += 1
                time.sleep(_PAUSE * (1 + writer / 7))
        else:
            sys.exit(3)
    Path(report).write_text(str(waited))


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: every row once, every run a manifest, a lake that verifies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--place", choices=("disk", "s3"), default="disk")
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--runs", type=int, default=25, help="of each writer")
    parsed = parser.parse_args(given)
    folder = Path(tempfile.mkdtemp(prefix="copydesk-write-together-"))
    began = time.monotonic()
    try:
        place = ground(parsed.place, folder)  # before the processes, which are to find its address
        started = [
            started_processes().Process(
                target=keep_writing, args=(place.root, writer, parsed.runs, str(folder / f"{writer}"))
            )
            for writer in range(parsed.writers)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join()
        codes = [process.exitcode for process in started]
        waited = (
            sum(int((folder / f"{writer}").read_text()) for writer in range(parsed.writers)) if not any(codes) else 0
        )
        found = dataset(place.root, "rejects").to_table(columns=["source_uri"]).column(0).to_pylist()
        expected = [
            item(1000 * writer + run).file.uri for writer in range(parsed.writers) for run in range(parsed.runs)
        ]
        runs = len(manifests(place.root))
        problems = verify(place.root)
    finally:
        shutil.rmtree(folder)
    sound = not any(codes) and sorted(found) == sorted(expected) and runs == len(expected) and not problems
    print(
        f"{parsed.place}: {parsed.writers} writers x {parsed.runs} runs, {len(found)} of {len(expected)} rows, {len(set(found))} different, "
        f"{runs} manifests, {waited} times the lake was busy, {len(problems)} problems, exit codes {codes}; {time.monotonic() - began:,.0f} s"
    )
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
