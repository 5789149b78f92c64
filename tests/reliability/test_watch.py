"""`copydesk watch` as a process: killed in a run and started again, told to stop in a run; nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipeline.lake.read import dataset
from pipeline.lake.verify import verify

ROOT = Path(__file__).parents[2]
TEXT = (
    "The {0} quay opens\n\nThe quay number {0} of Elswick Bay will open again on Monday, the harbour board said after a long "
    "meeting in the old town hall.\n"
)


def write(inbox: Path, numbers: range) -> None:
    """Files that appear under their names only when they are whole."""
    for number in numbers:
        hidden = inbox / f".{number}.txt"
        hidden.write_text(TEXT.format(number))
        hidden.rename(inbox / f"{number}.txt")


@contextmanager
def watching(folder: Path, *flags: str) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "watch",
        "in",
        "--lake",
        "lake",
        "--every",
        "0.2s",
        "--json",
        *flags,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COPYDESK_WATCH__SETTLE": "0s"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


def staged(folder: Path) -> bool:
    return any((folder / "lake" / "_staging").glob("*/*"))


def numbers_in(folder: Path) -> list[int]:
    uris = dataset(str(folder / "lake"), "articles").to_table(columns=["source_uri"]).column(0).to_pylist()
    return sorted(int(Path(uri).stem) for uri in uris)


def test_killed_in_a_run_and_stopped_in_a_run(tmp_path: Path, long_tests: bool) -> None:
    if not long_tests:
        pytest.skip("starts three processes: COPYDESK_LONG_TESTS=1")
    (tmp_path / "in").mkdir()
    with watching(tmp_path) as first:
        write(tmp_path / "in", range(40))
        until(lambda: staged(tmp_path))
        first.kill()
        first.wait()
    write(tmp_path / "in", range(40, 50))
    with watching(tmp_path) as second:
        assert second.stdout is not None
        committed = json.loads(second.stdout.readline())["articles"]
        assert committed == 50
        write(tmp_path / "in", range(50, 60))
        until(lambda: staged(tmp_path))
        second.send_signal(signal.SIGTERM)
        out, err = second.communicate(timeout=60)
        assert second.returncode == 0
        assert committed + sum(json.loads(line)["articles"] for line in out.splitlines()) == 60
        assert "stopping after the run under way" in err
    assert numbers_in(tmp_path) == list(range(60))
    assert verify(str(tmp_path / "lake")) == ()
    with watching(tmp_path, "--until-idle", "0s") as third:
        assert third.communicate(timeout=60)[0] == ""
        assert third.returncode == 0


def test_a_mistake_ends_it_at_once(tmp_path: Path, long_tests: bool) -> None:
    if not long_tests:
        pytest.skip("starts a process: COPYDESK_LONG_TESTS=1")
    with watching(tmp_path) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == "copydesk: error: input 'in' does not exist\n"
