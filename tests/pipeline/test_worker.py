"""A run with workers is told to stop: it stops at once, in one line, and leaves no process behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.generator import write_texts
from pipeline.worker import leashed, stop_all

ROOT = Path(__file__).parents[2]


def test_a_signal_ends_run_and_workers(tmp_path: Path) -> None:
    # SIGTERM takes the same way (test_supervisor).
    number = signal.SIGINT
    write_texts(tmp_path / "texts", 3000)
    lake = tmp_path / "lake"
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(tmp_path / "texts"), "--lake", str(lake), "--quiet"]
    run = subprocess.Popen([*command, "--workers", "2"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list((lake / "_staging").glob("*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1.5)
    run.send_signal(number)
    errors = run.communicate(timeout=10)[1]
    assert run.returncode == 130
    assert len(errors.splitlines()) == 1
    assert not list(lake.rglob("*.parquet"))


def test_letting_go_of_the_leash_removes_it() -> None:
    with leashed() as command:
        leash = next(
            word for word in command.replace("(", " ").replace(")", " ").split() if "copydesk-workers-" in word
        )
        path = Path(leash.strip("'\"\\"))
        assert path.exists()
        stop_all()
        assert not path.exists()
