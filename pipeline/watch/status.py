"""Shows a watch on standard error: one line that is rewritten on a terminal, elsewhere one line a run and a change of state.

Before: `Committed(summary, 4.1)`. After: "copydesk: 120 files, 118 articles, 2 rejects in 4.1 s; 380 files to go".
"""

from __future__ import annotations

import shutil
from typing import TextIO

from pipeline.summary import size_text
from pipeline.visible import one_line
from pipeline.watch.events import Began, Committed, Compacted, Event, Failed, Polled, Recovered, Stopping, Waits


class Status:
    """The display of one watch; a listener. It can't fail the watch: a closed standard error is written to no more."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._quiet = quiet
        self._live = not quiet and stream.isatty()
        self._open = True
        self._shown = False
        self._began = self._running = False
        self._backlog = self._waiting = self._runs = self._files = self._articles = self._rejects = 0

    def __call__(self, event: Event) -> None:
        """Shows an event."""
        self._running = isinstance(event, Began)
        if isinstance(event, Polled):
            self._polled(event)
        elif isinstance(event, Began):
            self._backlog = event.backlog
            self._clear()
        elif isinstance(event, Committed):
            self._committed(event)
        elif isinstance(event, Compacted):
            self._line(event.told)
        elif isinstance(event, Failed):
            again = f"next try in {event.again_in:,.0f} s"
            said = event.why if event.what == "conflict" else f"failed ({event.what}): {event.why}"
            self._line(f"{said}; {again}", important=True)
        elif isinstance(event, Recovered):
            self._line("working again", important=True)
        elif isinstance(event, Waits):
            self._rewrite(f"{self._so_far()} · next look in {event.seconds:,.0f} s")
        elif isinstance(event, Stopping):
            self._line(f"stopped: {self._so_far()}")

    def stopping(self) -> None:
        """Says that a run under way is finished first."""
        if self._running:
            self._line("stopping after the run under way; the same signal again stops at once")

    def close(self) -> None:
        """Leaves the terminal at the beginning of a line."""
        if self._shown:
            self._write("\n")
            self._shown = False

    def _polled(self, event: Polled) -> None:
        if not self._began:
            self._began = True
            self._line(f"watching: {event.listed:,} files in the inputs, {event.ready + event.waiting:,} of them new")
        self._waiting = event.waiting
        self._backlog = event.ready

    def _committed(self, event: Committed) -> None:
        done = event.summary
        if not done.files_new:
            return
        self._runs += 1
        self._files += done.files_new
        self._articles += done.articles
        self._rejects += done.rejects
        parts = [
            f"{done.files_new:,} files ({size_text(done.bytes_in)}), {done.articles:,} articles, {done.rejects:,} rejects "
            f"in {event.seconds:,.1f} s"
        ]
        if self._backlog:
            parts.append(f"{self._backlog:,} files to go")
        if event.over:
            parts.append("more rejects than run.max_reject_share allows")
        self._line("; ".join(parts), important=event.over)

    def _so_far(self) -> str:
        parts = [f"{self._runs:,} runs", f"{self._files:,} files", f"{self._articles:,} articles"]
        parts.append(f"{self._rejects:,} rejects")
        if self._waiting:
            parts.append(f"{self._waiting:,} files not still yet")
        return " · ".join(parts)

    def _line(self, text: str, *, important: bool = False) -> None:
        if self._quiet and not important:
            return
        self._clear()
        self._write(f"copydesk: {one_line(text)}\n")

    def _rewrite(self, text: str) -> None:
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r\x1b[2K{one_line('copydesk: ' + text)[:width]}")
            self._shown = True

    def _clear(self) -> None:
        if self._shown:
            self._write("\r\x1b[2K")
            self._shown = False

    def _write(self, text: str) -> None:
        if not self._open:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._open = False
