"""A record may crash, hang, eat memory or flood: it becomes a reject, and the next one is worked on."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.records import RawDocument, Reject
from schemas.units import MIB
from transforms.isolation.isolated import Isolated
from transforms.isolation.limits import Limits

LIMITS = Limits(seconds=0.5, memory_bytes=64 * MIB, output_bytes=4 * MIB)


def record(raw: str) -> RawDocument:
    return RawDocument(f"in/{raw}.txt", f"{raw}.txt", SourceFormat.TEXT, Payload.TEXT, raw.encode())


@pytest.fixture
def isolated(trapped: Path) -> Iterator[Isolated]:
    isolated = Isolated(importlib.import_module("trap").spring, LIMITS)
    yield isolated
    isolated.close()


CASES = [
    ("crash", RejectCode.PARSER_CRASHED),
    ("abort", RejectCode.PARSER_CRASHED),
    ("leave", RejectCode.PARSER_CRASHED),
    ("killed", RejectCode.TOO_MUCH_MEMORY),
    ("memory", RejectCode.TOO_MUCH_MEMORY),
    ("output", RejectCode.TOO_MUCH_OUTPUT),
    ("loop", RejectCode.TOO_SLOW),
    ("pattern", RejectCode.TOO_SLOW),
    ("swallow", RejectCode.TOO_SLOW),
    ("sleep", RejectCode.TOO_SLOW),
]


@pytest.mark.parametrize(("trap", "code"), CASES, ids=[trap for trap, _ in CASES])
def test_a_record_that_exceeds_a_limit_is_a_reject_and_the_next_one_is_worked_on(
    isolated: Isolated, trap: str, code: RejectCode
) -> None:
    assert isolated.run(record("fine")) == "fine.txt"
    started = time.monotonic()
    reject = isolated.run(record(trap))
    assert time.monotonic() - started < 30
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source_uri, reject.raw) == (code, f"in/{trap}.txt", trap.encode())
    assert "\n" not in reject.message
    assert isolated.run(record("fine")) == "fine.txt"


def test_one_child_serves_all_records_until_one_of_them_ends_it(isolated: Isolated) -> None:
    isolated.run(record("fine"))
    first = isolated._child
    isolated.run(record("loop"))  # Python hears the alarm: nothing has to be ended
    isolated.run(record("output"))
    assert isolated._child is first
    isolated.run(record("crash"))
    isolated.run(record("fine"))
    assert isolated._child is not first


def test_what_is_printed_meets_no_answer(isolated: Isolated) -> None:
    assert isolated.run(record("chatter")) == "said"
    assert isolated.run(record("fine")) == "fine.txt"


def test_the_child_ends_with_its_parent(trapped: Path) -> None:
    program = (
        "import trap; from transforms.isolation.isolated import *; from transforms.isolation.limits import Limits;"
        "from schemas.codes import *; i = Isolated(trap.spring, Limits());"
        "i.run(RawDocument('a', 'a', SourceFormat.TEXT, Payload.TEXT, b'fine')); print(i._child.pid, flush=True);"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    child = Path("/proc") / ended.stdout.strip()
    if not Path("/proc/self").exists():
        pytest.skip("no /proc")
    until = time.monotonic() + 10
    while child.exists() and "zombie" not in (child / "status").read_text() and time.monotonic() < until:
        time.sleep(0.05)
    assert not child.exists() or "zombie" in (child / "status").read_text()
