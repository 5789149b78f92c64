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


@pytest.mark.parametrize("workers", ["1"])
def test_crash_and_hang_cost_their_records_only(tmp_path: Path, environment: dict[str, str], workers: str) -> None:
    inbox, lake = tmp_path / "in", tmp_path / "lake"
    inbox.mkdir()
    for number in range(5):
        (inbox / f"{number}.html").write_bytes(page(f"quay {number}"))
    (inbox / "crash.html").write_bytes(page("dock", "x-trap-crash"))
    (inbox / "hang.html").write_bytes(page("weir", "x-trap-pattern"))
    (inbox / "loop.html").write_bytes(page("lock", "x-trap-loop"))
    ended = subprocess.run(
        command(str(inbox), "--lake", str(lake), "--json", "--quiet", "--workers", workers),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout)
    assert (summary["read"], summary["articles"], summary["rejects"]) == (8, 5, 3)
    rows = dataset(str(lake), "rejects").to_table(columns=["source_uri", "code"]).to_pylist()
    seen = {row["source_uri"].rpartition("/")[2]: row["code"] for row in rows}
    assert seen == {"crash.html": "parser_crashed", "hang.html": "too_slow", "loop.html": "too_slow"}
    assert verify(str(lake)) == ()
    assert "the run begins again with it in a process of its own" in ended.stderr
    assert not list(Path(environment["TMPDIR"]).iterdir())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_signals_reach_the_child(tmp_path: Path, environment: dict[str, str], number: signal.Signals, code: int) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.html").write_bytes(page("dock", "x-trap-sleep"))
    running = subprocess.Popen(
        command(str(inbox), "--lake", str(tmp_path / "lake"), "--quiet"),
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    child = 0
    until = time.monotonic() + 120
    while not list((tmp_path / "lake").glob("_staging/*")) and time.monotonic() < until:
        time.sleep(0.1)
    found = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    child = int(found[0])
    running.send_signal(number)
    assert running.wait(timeout=60) == code
    until = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
