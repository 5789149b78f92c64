"""Shows how far a run is: a live line on a terminal, a plain line every few seconds elsewhere, nothing when quiet.

Before: `Totals(files=120, articles=118 …)` of 1,000 files after 30 s.
After: "files 120/1,000 · articles 118 · rejects 2 · 3.4 MB/s · about 4 min left", always on standard error.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TextIO

from pipeline.visible import one_line
from transforms.counters import Counters, Totals, totals

if TYPE_CHECKING:
    from rich.console import RenderableType

LINE_EVERY = 5.0
"""Seconds between two plain lines."""

REFRESHES_PER_SECOND = 5

_SURE_AFTER_SECONDS = 2.0
_SURE_AFTER_SHARE = 0.01


class Mode(Enum):
    """How progress is shown."""

    LIVE = "live"
    LINES = "lines"
    QUIET = "quiet"


class Target(NamedTuple):
    """What the run has before it: input files and their bytes on disk."""

    files: int
    bytes: int


class ProgressView:
    """The display of one run. `say` names the step; `watch` counts while the pipeline runs.

    Nothing here can fail the run: the counters are for eyes only, the rows are counted elsewhere.
    """

    def __init__(
        self,
        mode: Mode,
        stream: TextIO,
        *,
        clock: Callable[[], float] = time.monotonic,
        line_every: float = LINE_EVERY,
    ) -> None:
        self._mode = mode
        self._stream = stream
        self._clock = clock
        self._line_every = line_every
        self._step = ""
        self._watching = False

    @classmethod
    def on(cls, stream: TextIO, *, quiet: bool = False) -> ProgressView:
        """The view that fits `stream`: live on a terminal, else plain lines; nothing with `quiet`."""
        if quiet:
            return cls(Mode.QUIET, stream)
        return cls(Mode.LIVE if stream.isatty() else Mode.LINES, stream)

    def say(self, step: str) -> None:
        """Names what happens now, in a few words ("matching inputs", "committing")."""
        self._step = one_line(step)
        if self._mode is Mode.LINES or (self._mode is Mode.LIVE and not self._watching):
            self._print(self._step)

    @contextmanager
    def watch(self, *, files: int, size: int) -> Iterator[Counters]:
        """Shows progress for as long as the block lasts; the counters it gives are for the DoFns.

        `files` and `size` (bytes) are what the block has before it. The counters' folder goes with the block's end.
        """
        if self._mode is Mode.QUIET:
            yield Counters()
            return
        with tempfile.TemporaryDirectory(prefix="copydesk-progress-", ignore_cleanup_errors=True) as folder:
            target = Target(files, size)
            self._watching = True
            try:
                with self._live(folder, target) if self._mode is Mode.LIVE else self._lines(folder, target):
                    yield Counters(folder)
            finally:
                self._watching = False

    @contextmanager
    def _lines(self, folder: str, target: Target) -> Iterator[None]:
        started = self._clock()
        finished = threading.Event()

        def report() -> None:
            while not finished.wait(self._line_every):
                self._print(status_line(totals(folder), target, self._clock() - started))

        reporter = threading.Thread(target=report, name="progress", daemon=True)
        reporter.start()
        try:
            yield
        finally:
            finished.set()
            reporter.join()
            self._print(status_line(totals(folder), target, self._clock() - started))

    @contextmanager
    def _live(self, folder: str, target: Target) -> Iterator[None]:
        from rich.console import Console
        from rich.live import Live

        started = self._clock()

        def picture() -> RenderableType:
            return self._picture(totals(folder), target, self._clock() - started)

        console = Console(file=self._stream)
        # Standard output stays untouched: it belongs to the summary, which may be piped elsewhere.
        with Live(
            get_renderable=picture,
            console=console,
            refresh_per_second=REFRESHES_PER_SECOND,
            transient=True,
            redirect_stdout=False,
        ):
            yield

    def _picture(self, now: Totals, target: Target, seconds: float) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        lines: list[RenderableType] = [Text(status_line(now, target, seconds), no_wrap=True, overflow="ellipsis")]
        if self._step:
            lines.insert(0, Text(self._step, style="dim"))
        lines.append(ProgressBar(total=1.0, completed=done_share(now, target), width=60))
        return Group(*lines)

    def _print(self, line: str) -> None:
        # A closed or full standard error must not stop the run.
        try:
            print(f"copydesk: {line}", file=self._stream, flush=True)
        except (OSError, ValueError):
            self._mode = Mode.QUIET


def done_share(now: Totals, target: Target) -> float:
    """How much of the input has been read, 0 to 1: by bytes where they are known, else by files."""
    if target.bytes > 0:
        return min(1.0, now.bytes / target.bytes)
    return min(1.0, now.files / target.files) if target.files > 0 else 0.0


def status_line(now: Totals, target: Target, seconds: float) -> str:
    """The counts, the rate in MB (10^6 bytes of input files) a second, and the time left once it can be told."""
    parts = [f"files {now.files:,}/{target.files:,}", f"articles {now.articles:,}", f"rejects {now.rejects:,}"]
    if seconds > 0:
        parts.append(f"{now.bytes / seconds / 1e6:,.1f} MB/s")
    share = done_share(now, target)
    if share >= 1.0:
        parts.append("all read, finishing")
    elif seconds >= _SURE_AFTER_SECONDS and share >= _SURE_AFTER_SHARE:
        parts.append(f"{duration_text(seconds / share * (1 - share))} left")
    return " · ".join(parts)


def duration_text(seconds: float) -> str:
    """A duration as roughly as it is known: "about 40 s", "about 4 min", "about 2 h 30 min"."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"about {minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"about {hours} h {minutes} min" if minutes and hours < 10 else f"about {hours} h"
