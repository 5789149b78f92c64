"""The child process in which suspect records are worked on: reads pickled records, writes pickled answers, holds no other state.

Before: a record on standard input. After: on standard output `Answer` "done" with what the work gave, or "slow" or "memory" or
"output" with what was exceeded. A record that ends the process gives no answer; the parent sees how it ended.
A message is its length in eight bytes and a pickle. The first is the pair of `Limits` and the work, a picklable callable.
"""

from __future__ import annotations

import io
import os
import pickle
import resource
import select
import signal
import struct
import time
from collections.abc import Callable
from types import FrameType
from typing import IO, Any, BinaryIO, NamedTuple

from transforms.isolation.limits import Limits
from transforms.isolation.too_slow import TooSlowError

LENGTH = struct.Struct("=Q")
_CHUNK = 1 << 20


class Answer(NamedTuple):
    """`kind` is "done", "slow", "memory" or "output"; `value` is the result where it is "done"."""

    kind: str
    value: Any = None


def write_message(stream: BinaryIO, payload: bytes) -> None:
    """One message, flushed."""
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None where the stream has ended, also in the middle of one."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    payload = stream.read(size)
    return payload if len(payload) == size else None


def read_exactly(stream: IO[bytes], size: int, until: float) -> bytes | None:
    """`size` bytes of a pipe; None where it ends before, or the time `until` (monotonic seconds) has passed."""
    parts = bytearray()
    ready = select.poll()
    ready.register(stream, select.POLLIN)
    while len(parts) < size:
        if not ready.poll(1000 * max(0.0, until - time.monotonic())):
            return None
        chunk = os.read(stream.fileno(), min(_CHUNK, size - len(parts)))
        if not chunk:
            return None
        parts += chunk
    return bytes(parts)


def answer_of(record: Any, work: Callable[[Any], Any], limits: Limits) -> bytes:
    """The pickled answer to one record. Never raises what the record causes; the alarm of `_alarmed` ends what is slow."""
    reserve = bytearray(1 << 20)  # freed when memory is out, so that the answer has room
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, limits.seconds)
            result = work(record)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        payload = pickle.dumps(Answer("done", result), pickle.HIGHEST_PROTOCOL)
    except TooSlowError:
        payload = pickle.dumps(Answer("slow"))
    except MemoryError:
        reserve.clear()
        return pickle.dumps(Answer("memory"))
    return payload if len(payload) <= limits.output_bytes else pickle.dumps(Answer("output", len(payload)))


def main() -> None:
    """Serves records until the parent closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _raise_too_slow)
    # Answers go to a copy of standard output; whatever prints goes to standard error.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    records = io.BufferedReader(io.FileIO(0, closefd=False))
    first = read_message(records)
    if first is None:
        return
    limits, work = pickle.loads(first)
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    _limit_memory(limits)
    write_message(replies, b"")
    while (payload := read_message(records)) is not None:
        _limit_time(limits)
        write_message(replies, answer_of(pickle.loads(payload), work, limits))


def _raise_too_slow(signum: int, frame: FrameType | None) -> None:
    # Again in a second, if something on the way swallows it.
    signal.setitimer(signal.ITIMER_PROF, 1.0)
    raise TooSlowError


def _limit_time(limits: Limits) -> None:
    """C code that never returns to Python is ended by the kernel: SIGXCPU, two seconds after the alarm."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time() + limits.seconds) + 3
    resource.setrlimit(resource.RLIMIT_CPU, (soft if most == resource.RLIM_INFINITY else min(soft, most), most))


def _limit_memory(limits: Limits) -> None:
    """Address space beyond what the process has by now: `limits.memory_bytes`. Where the system doesn't tell, no limit."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            held = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + limits.memory_bytes, most))
