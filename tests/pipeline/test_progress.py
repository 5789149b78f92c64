"""Progress shows what is counted: on a terminal, in plain lines, or not at all."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.progress import Mode, ProgressView, Target, done_share, duration_text, status_line
from transforms.counters import Totals


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _clock(*seconds: float) -> Callable[[], float]:
    times = iter(seconds)
    last = 0.0

    def now() -> float:
        nonlocal last
        last = next(times, last)
        return last

    return now


def test_status_line_tells_counts_rate_and_time_left() -> None:
    now = Totals(files=250, bytes=25_000_000, articles=240, rejects=10)
    assert status_line(now, Target(1_000, 100_000_000), 10.0) == (
        "files 250/1,000 · articles 240 · rejects 10 · 2.5 MB/s · about 30 s left"
    )


def test_no_time_left_before_it_can_be_told() -> None:
    assert "left" not in status_line(Totals(files=1, bytes=10), Target(1_000, 100_000), 60.0)
    assert "left" not in status_line(Totals(files=500, bytes=50_000), Target(1_000, 100_000), 1.0)
    assert status_line(Totals(), Target(3, 30), 0.0) == "files 0/3 · articles 0 · rejects 0"


def test_all_read_is_not_all_done() -> None:
    assert status_line(Totals(files=3, bytes=30), Target(3, 30), 9.0).endswith("all read, finishing")


def test_share_goes_by_bytes_and_never_beyond_one() -> None:
    assert done_share(Totals(files=9, bytes=10), Target(10, 100)) == 0.1
    assert done_share(Totals(files=9), Target(10, 0)) == 0.9
    assert done_share(Totals(bytes=500), Target(1, 100)) == 1.0
    assert done_share(Totals(), Target(0, 0)) == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "about 1 s"), (89, "about 89 s"), (120, "about 2 min"), (5_400, "about 1 h 30 min"), (90_000, "about 25 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_plain_lines_come_while_it_runs_and_at_the_end() -> None:
    stream = io.StringIO()
    view = ProgressView(Mode.LINES, stream, line_every=0.02)
    view.say("reading")
    with view.watch(files=2, size=100) as counters:
        counters.add("files")
        counters.add("articles", 5)
        deadline = time.monotonic() + 5
        while "articles 5" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.005)
        assert "copydesk: files 1/2 · articles 5" in stream.getvalue()
        counters.add("files")
        counters.add("bytes", 100)
    view.say("committing")
    lines = stream.getvalue().splitlines()
    assert lines[0] == "copydesk: reading"
    assert lines[-2].startswith("copydesk: files 2/2")
    assert lines[-1] == "copydesk: committing"
    assert "\x1b" not in stream.getvalue()


def test_the_last_line_comes_also_when_the_run_fails() -> None:
    stream = io.StringIO()
    view = ProgressView(Mode.LINES, stream, clock=_clock(0.0, 4.0))

    def failing_run() -> None:
        with view.watch(files=2, size=0) as counters:
            counters.add("files")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_run()
    assert stream.getvalue() == "copydesk: files 1/2 · articles 0 · rejects 0 · 0.0 MB/s · about 4 s left\n"


def test_a_terminal_gets_a_live_picture_that_is_taken_away_again() -> None:
    stream = _Terminal()
    view = ProgressView.on(stream)
    with view.watch(files=4, size=0) as counters:
        view.say("reading")
        counters.add("files", 3)
        deadline = time.monotonic() + 5
        while "files 3/4" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.02)
    shown = stream.getvalue()
    assert "files 3/4" in shown
    assert "reading" in shown
    # The last thing written clears what was drawn, so that the summary stands alone.
    assert shown.rstrip("\n").endswith("\x1b[2K")


def test_quiet_shows_nothing_and_counts_nothing() -> None:
    stream = _Terminal()
    view = ProgressView.on(stream, quiet=True)
    view.say("reading")
    with view.watch(files=1, size=1) as counters:
        counters.add("files")
        assert counters.folder == ""
    assert stream.getvalue() == ""


def test_the_counters_folder_goes_with_the_run() -> None:
    with ProgressView(Mode.LINES, io.StringIO()).watch(files=1, size=1) as counters:
        counters.add("files")
        assert Path(counters.folder).is_dir()
    assert not Path(counters.folder).exists()


def test_a_closed_stream_does_not_stop_the_run() -> None:
    stream = io.StringIO()
    view = ProgressView(Mode.LINES, stream)
    stream.close()
    view.say("reading")
    with view.watch(files=1, size=1) as counters:
        counters.add("files")
