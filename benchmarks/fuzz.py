"""Feeds the pure functions with invented, broken input, and says where one raises, hangs, crashes or loses something.

    fuzz.py --cases 100000 --seed 1                  ->  a line a target; exit 0 if nothing was found
    fuzz.py --cases 100000 --targets dates,decode    ->  these only
    fuzz.py --only dates:1:4711                      ->  shows one case (target, seed, number) and runs it

Case `number` of a target depends on seed and number alone, so that every find can be repeated. The work is done in a child, whose
journal names the case at which it died, if it does; the next child goes on behind it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found through the path above, so that the fuzzer also runs from a clone that isn't installed.
from benchmarks.fuzz_input import mutate, seeds_of  # noqa: E402
from benchmarks.fuzz_targets import SHARES, TARGETS, Target  # noqa: E402
from transforms.isolation.journal import Journal, at_work, clear  # noqa: E402

HANG = 1.0
"""Processor seconds from which on a case is a find."""
_GIVEN_UP = 20.0
_SHOWN = 10


class Find(NamedTuple):
    """One case that went wrong; `what` is one line."""

    target: str
    seed: int
    number: int
    what: str


class _HangError(BaseException):
    """The case took too long even to be waited for."""


def case_of(target: str, seed: int, number: int) -> bytes:
    """The input of one case."""
    chance = random.Random(f"{target}/{seed}/{number}")
    return mutate(chance, seeds_of(target))


def try_case(target: str, seed: int, number: int) -> Find | None:
    """Runs one case in this process."""
    raw = case_of(target, seed, number)
    started = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, _GIVEN_UP)
        what = TARGETS[target](raw)
    except _HangError:
        what = f"given up after {_GIVEN_UP:g} s"
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - started
    if what is None and took > HANG:
        what = f"took {took:.1f} s"
    return None if what is None else Find(target, seed, number, what.replace("\n", " ")[:300])


def run(target: str, seed: int, cases: int) -> Iterator[Find]:
    """All cases of one target, in children; gives what they find."""
    first = 0
    with tempfile.TemporaryDirectory(prefix="copydesk-fuzz-") as folder:
        while first < cases:
            receiving, sending = os.pipe()
            with warnings.catch_warnings():
                # Python 3.12 warns of threads; none of them holds what the child needs.
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
            if not child:
                os.close(receiving)
                _serve(target, seed, range(first, cases), folder, sending)
            os.close(sending)
            with os.fdopen(receiving, "rb") as lines:
                for line in lines:
                    number, _, what = line.decode().rstrip("\n").partition(" ")
                    yield Find(target, seed, int(number), what)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                return
            number = max(int(note) for note in at_work(folder))
            clear(folder)
            yield Find(target, seed, number, f"ended by signal {os.WTERMSIG(status)}")
            first = number + 1


def _serve(target: str, seed: int, numbers: Sequence[int], folder: str, sending: int) -> None:
    signal.signal(signal.SIGPROF, _give_up)
    journal = Journal(folder)
    TARGETS[target](seeds_of(target)[0])  # loads rules: no case's fault
    for number in numbers:
        with journal.at(str(number)):
            find = try_case(target, seed, number)
        if find is not None:
            os.write(sending, f"{number} {find.what}\n".encode("utf-8", "replace"))
    os._exit(0)


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise _HangError


def main(given: Sequence[str] | None = None) -> int:
    """The command line. 0: nothing was found; 1: something was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="in all; the quicker targets get more of them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--only", metavar="TARGET:SEED:NUMBER")
    parsed = parser.parse_args(given)
    if parsed.only:
        target, seed, number = parsed.only.split(":")
        print(repr(case_of(target, int(seed), int(number))))
        signal.signal(signal.SIGPROF, _give_up)
        print(try_case(target, int(seed), int(number)))
        return 0
    chosen = parsed.targets.split(",")
    whole = sum(SHARES[target] for target in chosen)
    found = 0
    for target in chosen:
        cases = max(1, parsed.cases * SHARES[target] // whole)
        started = time.monotonic()
        finds = list(run(target, parsed.seed, cases))
        found += len(finds)
        print(f"{target:8} {cases:>9,} cases in {time.monotonic() - started:,.0f} s, {len(finds)} finds", flush=True)
        for find in finds[:_SHOWN]:
            print(f"  {find.target}:{find.seed}:{find.number}  {find.what}", flush=True)
    return 1 if found else 0


__all__ = ["Find", "Target", "case_of", "main", "run", "try_case"]

if __name__ == "__main__":
    sys.exit(main())
