"""Counts what a watch does, as Prometheus reads it, and serves the figures with a check of health.

Before: `Committed(summary, 4.1)`. After: GET /metrics has `copydesk_watch_articles_total 118.0`, GET /healthz answers 200 "ok".
docs/watching.md explains each figure.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from pipeline.version import pipeline_version
from pipeline.watch.events import Began, Committed, Compacted, Event, Failed, Polled, Recovered
from schemas.errors import UsageError

_BATCH_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800)
_LOOK_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120)


class Metrics:
    """The figures of one watch; a listener. `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._clock = clock
        self._failing = ""
        self._last_commit = 0.0
        self._up = self._gauge("up", "1 while the last look or run was done, 0 while it is to be tried again")
        self._listed = self._gauge("listed_files", "Files in the inputs at the last look")
        self._backlog = self._gauge("backlog_files", "Files that are new and still, and not in a run yet")
        self._backlog_bytes = self._gauge("backlog_bytes", "Their size")
        self._waiting = self._gauge(
            "waiting_files", "New files that may be half-written: they were changed too shortly ago"
        )
        self._busy = self._gauge("running", "1 while a run is under way")
        self._committed = self._gauge(
            "last_commit_timestamp_seconds", "When a run with new files was committed last, since 1970"
        )
        age = self._gauge(
            "last_commit_age_seconds", "Seconds since then; since the watch began where nothing was committed yet"
        )
        began = clock()
        age.set_function(lambda: self._clock() - (self._last_commit or began))
        self._gauge("info", "The version, as a label", ("version",)).labels(pipeline_version()).set(1)
        self._looks = self._histogram("look_seconds", "Seconds that looks at the inputs took", _LOOK_SECONDS)
        self._seconds = self._histogram("run_seconds", "Seconds that runs with new files took", _BATCH_SECONDS)
        self._failures = self._counter(
            "failures", "Looks and runs that failed, and conflicts with another writer", ("what",)
        )
        self._files = self._counter("files", "Files that runs have read")
        self._bytes = self._counter("bytes", "Their size on disk")
        self._articles = self._counter("articles", "Rows of articles")
        self._rejects = self._counter("rejects", "Rows of rejects", ("code",))
        self._removed = self._counter("removed", "Rows of removed", ("category",))
        self._mentions = self._counter("mentions", "Rows of mentions")
        self._over = self._counter("runs_over_reject_share", "Runs that rejected more than run.max_reject_share allows")
        self._compactions = self._counter("compactions", "Times that the small files of many runs were merged")
        for what in ("look", "run", "conflict"):
            self._failures.labels(what)
        self._up.set(1)
        ProcessCollector(namespace="copydesk_watch", registry=self.registry)

    def __call__(self, event: Event) -> None:
        if isinstance(event, Polled):
            self._busy.set(0)
            self._listed.set(event.listed)
            self._waiting.set(event.waiting)
            self._leaves(event.ready, event.ready_bytes)
            self._looks.observe(event.seconds)
        elif isinstance(event, Began):
            self._busy.set(1)
            self._leaves(event.backlog, event.backlog_bytes)
        elif isinstance(event, Committed):
            self._busy.set(0)
            self._count(event)
        elif isinstance(event, Compacted):
            self._compactions.inc()
        elif isinstance(event, Failed):
            self._busy.set(0)
            self._up.set(0)
            self._failing = event.why
            self._failures.labels(event.what).inc()
        elif isinstance(event, Recovered):
            self._up.set(1)
            self._failing = ""

    @property
    def failing(self) -> str:
        """Why the last try failed; "" where it didn't."""
        return self._failing

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)

    def _leaves(self, files: int, size: int) -> None:
        self._backlog.set(files)
        self._backlog_bytes.set(size)

    def _count(self, event: Committed) -> None:
        done = event.summary
        if not done.files_new:
            return
        self._last_commit = self._clock()
        self._committed.set(self._last_commit)
        self._seconds.observe(event.seconds)
        self._files.inc(done.files_new)
        self._bytes.inc(done.bytes_in)
        self._articles.inc(done.articles)
        self._mentions.inc(done.mentions)
        self._over.inc(event.over)
        for code, number in done.rejects_by_code:
            self._rejects.labels(code).inc(number)
        for category, number in done.removed_by_category:
            self._removed.labels(category).inc(number)

    def _gauge(self, name: str, explained: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(f"copydesk_watch_{name}", explained, labels, registry=self.registry)

    def _counter(self, name: str, explained: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(f"copydesk_watch_{name}", explained, labels, registry=self.registry)

    def _histogram(self, name: str, explained: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"copydesk_watch_{name}", explained, registry=self.registry, buckets=buckets)


@contextmanager
def served(metrics: Metrics, host: str, port: int) -> Iterator[str]:
    """Answers GET /metrics and /healthz while the block lasts; gives the address. Raises UsageError where the port can't be had."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one request."""

        def do_GET(self) -> None:
            """See above."""
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, metrics.text())
            elif path == "/healthz":
                why = metrics.failing
                self._answer(503 if why else 200, "text/plain; charset=utf-8", f"{why or 'ok'}\n".encode())
            else:
                self._answer(404, "text/plain; charset=utf-8", b"/metrics or /healthz\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Says nothing: the default writes each request to standard error."""

        def _answer(self, code: int, kind: str, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except (OSError, OverflowError) as error:
        raise UsageError(f"watch.metrics_port {port}: can't be listened on at {host!r} ({error})") from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
