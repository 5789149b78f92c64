"""Works on suspect records in a child process: one per worker, started at the first of them, and again after it died.

Before: a page of 20 MiB that a parser might choke on. After: what the work gives for it, or its reject: too_slow,
too_much_memory, too_much_output or parser_crashed. The worker itself goes on in any case.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from schemas.codes import RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.isolation.child import LENGTH, Answer, read_exactly, write_message
from transforms.isolation.limits import Limits
from transforms.rejects import reject_document

_ROOT = str(Path(__file__).resolve().parent.parent.parent)
_START = f"import sys; sys.path.insert(0, {_ROOT!r}); from transforms.isolation.child import main; main()"
_STARTS_WITHIN = 120.0
"""Seconds of wall time: imports and rules, on a busy machine."""
_WALL_FACTOR = 12
"""A child that hangs without using the processor is ended after so many times the limit, in wall time."""


class _Ended(NamedTuple):
    """How the child ended: the signal's number below zero, its exit code else; None where it had to be killed."""

    code: int | None


class Isolated:
    """Does `work(document)` in a child. `work` is picklable and gives something picklable. Threads take turns."""

    def __init__(self, work: Callable[[RawDocument], Any], limits: Limits) -> None:
        self._work = work
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self, document: RawDocument) -> Any | Reject:
        """What the work gives for `document`, or the reject that says which limit it exceeded. Raises OSError where no child
        can be started."""
        with self._lock:
            outcome = self._ask(document)
        if isinstance(outcome, Answer) and outcome.kind == "done":
            return outcome.value
        code, message = _refusal(outcome, self._limits)
        return reject_document(document, Stage.PARSE, RecordError(code, message))

    def close(self) -> None:
        """Ends the child; the next record would start another."""
        with self._lock:
            self._end()

    def _ask(self, document: RawDocument) -> Answer | _Ended:
        child = self._started()
        assert child.stdin is not None
        payload = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
        try:
            write_message(child.stdin, payload)  # type: ignore[arg-type]
        except OSError:
            return self._end()
        until = time.monotonic() + self._limits.seconds * _WALL_FACTOR
        answer = self._read(child, until)
        if answer is None:
            return self._end(is_late=time.monotonic() >= until)
        given: Answer = pickle.loads(answer)
        if given.kind == "memory":
            self._end()  # what it took may not be given back to the system
        return given

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        # One thread of its own is enough, and address space for the pools of libraries would count as memory.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        child = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._child = child
        assert child.stdin is not None
        write_message(child.stdin, pickle.dumps((self._limits, self._work), pickle.HIGHEST_PROTOCOL))  # type: ignore[arg-type]
        if self._read(child, time.monotonic() + _STARTS_WITHIN) is None:
            ended = self._end()
            raise OSError(f"the process for suspect records could not be started (it ended with {ended.code})")
        return child

    def _read(self, child: subprocess.Popen[bytes], until: float) -> bytes | None:
        """The child's next message; None where it ended or `until` has passed."""
        assert child.stdout is not None
        head = read_exactly(child.stdout, LENGTH.size, until)
        return None if head is None else read_exactly(child.stdout, LENGTH.unpack(head)[0], until)

    def _end(self, *, is_late: bool = False) -> _Ended:
        """Ends the child, where it hasn't ended itself. One that `is_late` is not asked how it ends: its answer would find nobody."""
        child, self._child = self._child, None
        if child is None:
            return _Ended(0)
        if is_late:
            child.kill()
        for stream in (child.stdin, child.stdout):
            assert stream is not None
            with suppress(OSError):  # what was left to be written finds nobody
                stream.close()
        code: int | None
        try:
            code = child.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = None
        return _Ended(None if is_late else code)


def _refusal(outcome: Answer | _Ended, limits: Limits) -> tuple[RejectCode, str]:
    """The reject's code and what happened."""
    slow = RejectCode.TOO_SLOW, f"the record took more than {limits.seconds:g} seconds"
    if isinstance(outcome, Answer):
        if outcome.kind == "slow":
            return slow
        if outcome.kind == "output":
            size = f"{outcome.value:,} bytes; the limit is {limits.output_bytes:,}"
            return RejectCode.TOO_MUCH_OUTPUT, f"the record's rows take {size}"
        return RejectCode.TOO_MUCH_MEMORY, f"the record took more than {limits.memory_bytes:,} bytes of memory"
    if outcome.code is None or outcome.code == -signal.SIGXCPU:
        return slow
    if outcome.code == -signal.SIGKILL:
        return RejectCode.TOO_MUCH_MEMORY, "the system ended the process that worked on the record, for want of memory"
    how = f"signal {-outcome.code}" if outcome.code < 0 else f"exit code {outcome.code}"
    return RejectCode.PARSER_CRASHED, f"the process that worked on the record ended with {how}"
