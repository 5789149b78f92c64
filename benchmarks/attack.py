"""Runs every file of some folders through the whole chain in child processes and says what became of them.

    attack.py FOLDER...              ->  files, articles, rejects by code, the slowest, peak memory, crashes
    attack.py FOLDER... --json       ->  the same as one JSON object a folder

Each file is a try of its own: one that crashes or hangs the child is named, and a new child goes on with the next. Nothing is written.
docs/reliability.md names public corpora that are made for such attacks, and what they gave.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the attack also runs from a clone that isn't installed.
from pipeline.chain import Described, Rules, read_all, record_limits, run_record  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from transforms.isolation.child import LENGTH, read_exactly, read_message, write_message  # noqa: E402
from transforms.isolation.watch import WATCH  # noqa: E402

_CHILD = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from benchmarks.attack import serve; serve()"
SECONDS = 60.0
"""Wall time for one file; a file may hold many records."""
SLOW = 1.0
"""Processor seconds of one record from which on it is named."""


class Tried(NamedTuple):
    """What became of one file: its records by "article" or the reject's code, the processor seconds of its slowest record, the
    child's peak memory in bytes so far, and complaints: unaccounted records, text that can't be rebuilt."""

    path: str
    records: tuple[tuple[str, int], ...]
    seconds: float
    memory: int
    complaints: tuple[str, ...] = ()
    crash: str = ""


def try_file(path: str, rules: Rules) -> Tried:
    """Reads one file and works on each of its records, here."""
    counts: Counter[str] = Counter()
    slowest, complaints = 0.0, []
    started = time.process_time()
    for record in read_all(path, rules):
        result = record if not hasattr(record, "payload") else run_record(record, rules)
        if isinstance(result, Described):
            counts["article"] += 1
            complaints += _complaints(result)
        else:
            counts[result.code.value] += 1
            if result.code.value == "internal_error":
                complaints.append(f"{result.source_uri}: {result.message}"[:300])
        now = time.process_time()
        slowest, started = max(slowest, now - started), now
    if not counts:
        counts["empty container"] += 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Tried(path, tuple(sorted(counts.items())), slowest, memory, tuple(complaints))


def _complaints(result: Described) -> Iterator[str]:
    from transforms.normalize import fingerprint, rebuild

    article = result.article
    if fingerprint(rebuild(article.body, result.removed)) != article.text_fingerprint:
        yield f"{article.source_uri}: body and removed don't rebuild the text"


def serve() -> None:
    """The child: paths on standard input, `Tried` on standard output."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    settings = default_settings()
    rules = Rules.load(settings)
    WATCH.arm(record_limits(settings))
    write_message(replies, b"")
    while (payload := read_message(sys.stdin.buffer)) is not None:
        write_message(replies, pickle.dumps(try_file(pickle.loads(payload), rules)))


class _Child:
    """The child as seen from here; started again after each death."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def try_file(self, path: str) -> Tried:
        process = self._started()
        assert process.stdin is not None
        write_message(process.stdin, pickle.dumps(path))  # type: ignore[arg-type]
        answer = _read(process, SECONDS)
        if answer is not None:
            tried: Tried = pickle.loads(answer)
            return tried
        try:
            # It may have closed its end and not be gone yet.
            hung = process.wait(timeout=1.0) is None
        except subprocess.TimeoutExpired:
            hung = True
        process.kill()
        process.communicate()
        self._process = None
        return Tried(path, (), SECONDS, 0, (), "hung" if hung else f"ended with {process.returncode}")

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            if _read(self._process, 300.0) is None:
                raise SystemExit("attack: the child process does not start")
        return self._process


def _read(process: subprocess.Popen[bytes], seconds: float) -> bytes | None:
    assert process.stdout is not None
    until = time.monotonic() + seconds
    head = read_exactly(process.stdout, LENGTH.size, until)
    return None if head is None else read_exactly(process.stdout, LENGTH.unpack(head)[0], until)


def attack(folder: Path, child: _Child, most: int | None = None) -> list[Tried]:
    """Every file below `folder`, in order of name; with `most` an even choice of so many."""
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if most is not None and len(files) > most:
        files = files[:: -(-len(files) // most)]
    return [child.try_file(path) for path in files]


def report(folder: Path, tried: Sequence[Tried]) -> dict[str, Any]:
    """The figures of one folder."""
    records: Counter[str] = Counter()
    for each in tried:
        records.update(dict(each.records))
    slow = sorted((each for each in tried if each.seconds >= SLOW), key=lambda each: -each.seconds)
    articles, empty = records.pop("article", 0), records.pop("empty container", 0)
    return {
        "folder": folder.name,
        "files": len(tried),
        "articles": articles,
        "rejects": sum(records.values()),
        "empty_containers": empty,
        "by_code": dict(sorted(records.items())),
        "slowest_seconds": round(max((each.seconds for each in tried), default=0.0), 2),
        "peak_mib": max((each.memory for each in tried), default=0) >> 20,
        "slow": [f"{each.seconds:.1f} s {each.path}" for each in slow[:10]],
        "crashes": [f"{each.crash}: {each.path}" for each in tried if each.crash],
        "complaints": [f"{each.path}: {line}" for each in tried for line in each.complaints],
    }


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: nothing crashed, hung or was lost; 1: something did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--most", type=int, help="at most so many files of a folder, evenly chosen")
    parser.add_argument("--json", action="store_true")
    parsed = parser.parse_args(given)
    child, failed = _Child(), False
    for folder in parsed.folders:
        figures = report(folder, attack(folder, child, parsed.most))
        failed = failed or bool(figures["crashes"] or figures["complaints"])
        print(json.dumps(figures) if parsed.json else _as_text(figures), flush=True)
    child.close()
    return 1 if failed else 0


def _as_text(figures: dict[str, Any]) -> str:
    lines = [
        f"{figures['folder']}: {figures['files']:,} files, {figures['articles']:,} articles, {figures['rejects']:,} rejects, "
        f"slowest {figures['slowest_seconds']} s, peak {figures['peak_mib']:,} MiB, {len(figures['crashes'])} crashes"
    ]
    lines += [f"  {code:24} {count:>7,}" for code, count in figures["by_code"].items()]
    for key in ("slow", "crashes", "complaints"):
        lines += [f"  {key}: {line}" for line in figures[key][:20]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
