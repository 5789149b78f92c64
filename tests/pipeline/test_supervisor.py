"""A run survives a record that crashes or holds the process, ends as its child does, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from transforms.isolation.journal import at_work

TRAP = Path(__file__).parents[1] / "transforms" / "isolation" / "trap.py"
ROOT = Path(__file__).parents[2]
STORY = (
    "<html><head>{}<title>The {} opens</title></head><body><article><h1>The {} opens</h1><p>The {} of Elswick Bay will open "
    "again on Monday, the harbour board said after a long meeting in the old town hall.</p></article></body></html>"
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="runs are supervised on Linux only")


def page(subject: str, charset: str = "") -> bytes:
    """A page that declares a charset has a byte in it that is no UTF-8, so that the label is looked up."""
    meta = f'<meta charset="{charset}">' if charset else ""
    return STORY.format(meta, subject, subject, subject).replace("old", "\xf6ld").encode("cp1252")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    traps = tmp_path / "traps"
    traps.mkdir()
    (traps / "sitecustomize.py").write_bytes(TRAP.read_bytes())
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    return {
        **os.environ,
        "PYTHONPATH": f"{traps}{os.pathsep}{ROOT}",
        "TMPDIR": str(temporary),
        "COPYDESK_LIMITS__HANG_SECONDS": "3",
        "COPYDESK_LIMITS__SECONDS": "1",
    }


def command(*given: str) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", "ingest", *given]


def test_records_that_crash_or_hang_cost_themselves_only(tmp_path: Path, environment: dict[str, str]) -> None:
    inbox, lake = tmp_path / "in", tmp_path / "lake"
    inbox.mkdir()
    for number in range(2):
        (inbox / f"{number}.html").write_bytes(page(f"quay {number}"))
    (inbox / "crash.html").write_bytes(page("dock", "x-trap-crash"))
    (inbox / "loop.html").write_bytes(page("lock", "x-trap-loop"))
    ended = subprocess.run(
        command(str(inbox), "--lake", str(lake), "--json", "--quiet", "--no-learn"),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout)
    assert (summary["read"], summary["articles"], summary["rejects"]) == (4, 2, 2)
    rows = dataset(str(lake), "rejects").to_table(columns=["source_uri", "code"]).to_pylist()
    seen = {row["source_uri"].rpartition("/")[2]: row["code"] for row in rows}
    assert seen == {"crash.html": "parser_crashed", "loop.html": "too_slow"}
    assert verify(str(lake)) == ()
    assert "the run begins again with it in a process of its own" in ended.stderr
    assert not list(Path(environment["TMPDIR"]).glob("copydesk-*"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_signals_reach_the_child(
    tmp_path: Path, environment: dict[str, str], number: signal.Signals, code: int
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.html").write_bytes(page("dock", "x-trap-sleep"))
    running = subprocess.Popen(
        command(str(inbox), "--lake", str(tmp_path / "lake"), "--quiet"),
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    journals = Path(environment["TMPDIR"])
    while not _at(journals, b"record a.html") and time.monotonic() < until:
        time.sleep(0.1)
    found = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    child = int(found[0])
    running.send_signal(number)
    assert running.wait(timeout=60) == code
    until = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def _at(folder: Path, note: bytes) -> bool:
    """Whether a journal says that a process is at this record."""
    return any(note in notes for notes in map(at_work, map(str, folder.glob("copydesk-journal-*"))))
