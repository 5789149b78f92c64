"""What a watch says: the status line, the metrics over HTTP, and the signals."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from pipeline.summary import Summary, tallies
from pipeline.watch.command import JsonLines
from pipeline.watch.events import Began, Committed, Compacted, Event, Failed, Polled, Recovered, Stopping, Waits
from pipeline.watch.metrics import Metrics, served
from pipeline.watch.status import Status
from pipeline.watch.stop import Clock, stopped_by_signals
from schemas.errors import UsageError

DONE = Summary(
    "r",
    "L",
    3,
    3,
    0,
    5,
    4,
    1,
    7,
    bytes_in=2000,
    rejects_by_code=tallies({"no_text": 1}),
    removed_by_category=tallies({"share": 7}),
)
STORY: tuple[Event, ...] = (
    Polled(listed=10, ready=4, ready_bytes=3000, waiting=1, seconds=0.02),
    Began(files=3, size=2000, backlog=1, backlog_bytes=1000),
    Committed(DONE, 4.25, over=False),
    Failed("run", "No space left on device", 1, 1.0),
    Polled(10, 1, 1000, 0, 0.02),
    Recovered(),
    Committed(DONE, 1.0, over=True),
    Compacted("merged 9 files into 1"),
    Waits(30),
    Stopping(),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, *, quiet: bool = False) -> str:
    status = Status(stream, quiet=quiet)
    for event in STORY:
        status(event)
    status.close()
    return stream.getvalue()


def test_lines_for_a_log() -> None:
    assert told(io.StringIO()).splitlines() == [
        "copydesk: watching: 10 files in the inputs, 5 of them new",
        "copydesk: 3 files (2.0 kB), 4 articles, 1 rejects in 4.2 s; 1 files to go",
        "copydesk: failed (run): No space left on device; next try in 1 s",
        "copydesk: working again",
        "copydesk: 3 files (2.0 kB), 4 articles, 1 rejects in 1.0 s; 1 files to go; more rejects than "
        "run.max_reject_share allows",
        "copydesk: merged 9 files into 1",
        "copydesk: stopped: 2 runs · 6 files · 8 articles · 2 rejects",
    ]


def test_a_terminal_has_one_line_that_is_rewritten() -> None:
    shown = told(Terminal())
    assert (
        "\r\x1b[2Kcopydesk: 2 runs · 6 files · 8 articles · 2 rejects · next look in 30 s\r\x1b[2Kcopydesk: stopped"
        in shown
    )


def test_quiet_tells_failures_only() -> None:
    assert [line.partition(";")[0] for line in told(io.StringIO(), quiet=True).splitlines()] == [
        "copydesk: failed (run): No space left on device",
        "copydesk: working again",
        "copydesk: 3 files (2.0 kB), 4 articles, 1 rejects in 1.0 s",
    ]


def test_a_closed_standard_error_does_not_end_it() -> None:
    stream = io.StringIO()
    status = Status(stream)
    stream.close()
    for event in STORY:
        status(event)


def test_runs_as_json_lines_until_nobody_reads_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    lines = JsonLines(lambda: stopped.append("x"))
    for event in STORY:
        lines(event)
    lines(Committed(replace(DONE, files_new=0), 1.0, over=False))
    assert [json.loads(line)["articles"] for line in capsys.readouterr().out.splitlines()] == [4, 4]

    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", broken)
    lines(STORY[2])
    lines(STORY[2])
    assert (lines.broken, stopped) == (True, ["x"])


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_metrics_and_health() -> None:
    now = [1000.0]
    metrics = Metrics(lambda: now[0])
    for event in STORY[:3]:
        metrics(event)
    now[0] += 60
    with served(metrics, "127.0.0.1", 0) as address:
        code, text = get(f"{address}/metrics")
        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        assert code == 200
        expected = {
            "up": 1, "listed_files": 10, "waiting_files": 1, "backlog_files": 1, "backlog_bytes": 1000, "running": 0,
            "files_total": 3, "bytes_total": 2000, "articles_total": 4, "last_commit_age_seconds": 60,
            "run_seconds_count": 1, "run_seconds_sum": 4.25, "runs_over_reject_share_total": 0,
            'rejects_total{code="no_text"}': 1, 'removed_total{category="share"}': 7,
            'failures_total{what="run"}': 0, 'failures_total{what="conflict"}': 0,
        }  # fmt: skip
        assert {name: float(figures[f"copydesk_watch_{name}"]) for name in expected} == expected
        assert get(f"{address}/healthz") == (200, "ok\n")
        metrics(STORY[3])
        assert get(f"{address}/healthz") == (503, "No space left on device\n")
        assert "copydesk_watch_up 0.0" in get(f"{address}/metrics")[1]
        metrics(STORY[4])  # a look alone does not make up for a run that failed
        assert get(f"{address}/healthz")[0] == 503
        metrics(STORY[5])
        assert get(f"{address}/healthz?x")[0] == 200
        assert get(f"{address}/else")[0] == 404
        port = int(address.rpartition(":")[2])
        with (
            pytest.raises(UsageError, match=f"metrics_port {port}: can't be listened on"),
            served(metrics, "127.0.0.1", port),
        ):
            pass


def test_the_first_signal_asks_and_the_next_one_insists(monkeypatch: pytest.MonkeyPatch) -> None:
    insisted: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: insisted.append(number))
    told: list[str] = []
    clock = Clock()
    try:
        with stopped_by_signals(clock, lambda: told.append("x")):
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
            began = time.monotonic()
            clock.sleep(30)
            assert time.monotonic() - began < 10
            assert clock.stopping
            os.kill(os.getpid(), signal.SIGTERM)  # the same one, passed on
            assert insisted == []
            monkeypatch.setattr("pipeline.watch.stop._SAME", 0.0)
            os.kill(os.getpid(), signal.SIGTERM)
            assert insisted == [signal.SIGTERM]
        assert told == ["x"]
        clock.sleep(30)
    finally:
        clock.close()
        signal.signal(signal.SIGTERM, before)
