"""`copydesk watch`: puts the loop, the work, the status line and the metrics together."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack

from pipeline.progress import Mode, ProgressView
from pipeline.setting_kinds import Duration
from pipeline.settings import Settings
from pipeline.watch.events import Committed, Event, Listener
from pipeline.watch.loop import Outcome, watch
from pipeline.watch.pace import Pace
from pipeline.watch.status import Status
from pipeline.watch.stop import Clock, stopped_by_signals
from pipeline.watch.work import LakeWork
from schemas.errors import UsageError

_DONE, _OVER, _FAILING = 0, 1, 3
_UNTIL_IDLE = Duration(0, 366 * 86_400)


def run_watch(parsed: argparse.Namespace, settings: Settings) -> int:
    """Watches until it is stopped or idle, and gives the exit code. Raises UsageError for arguments that can't be used."""
    until_idle = _time("--until-idle", parsed.until_idle)
    every, idle, retry = settings.watch.every, settings.watch.idle_every, settings.watch.retry_most
    live = sys.stderr.isatty() and not parsed.quiet
    view = ProgressView(Mode.LIVE if live else Mode.QUIET, sys.stderr)
    work = LakeWork(parsed.inputs, parsed.lake, settings, view, warm=until_idle is None, debug=parsed.debug)
    status = Status(sys.stderr, quiet=parsed.quiet)
    listeners: list[Listener] = [status]
    with ExitStack() as stack:
        clock = Clock()
        stack.callback(clock.close)
        stack.callback(status.close)
        lines = JsonLines(clock.request)
        if parsed.json:
            listeners.append(lines)
        if settings.watch.metrics_port:
            from pipeline.watch.metrics import Metrics, served

            metrics = Metrics()
            stack.enter_context(served(metrics, settings.watch.metrics_host, settings.watch.metrics_port))
            listeners.append(metrics)
        stack.enter_context(stopped_by_signals(clock, status.stopping))
        outcome = watch(work, clock, Pace(every, idle, retry), listeners, until_idle)
    if lines.broken:
        raise BrokenPipeError
    return exit_code(outcome, stopped=clock.stopping)


def exit_code(outcome: Outcome, *, stopped: bool) -> int:
    """Whoever stops a watch knows its state from the metrics; one that ends by itself tells how it went."""
    if stopped:
        return _DONE
    if outcome.failing:
        return _FAILING
    return _OVER if outcome.over else _DONE


def _time(flag: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return _UNTIL_IDLE.parse(text)
    except ValueError:
        raise UsageError(f'{flag} "{text}": must be {_UNTIL_IDLE.allowed}') from None


class JsonLines:
    """Prints the summary of each run; a listener. When nobody reads them any more, the watch ends after the run under way."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.broken = False
        self._stop = stop

    def __call__(self, event: Event) -> None:
        """Prints a committed run."""
        if self.broken or not (isinstance(event, Committed) and event.summary.files_new):
            return
        try:
            print(event.summary.to_json(), flush=True)
        except BrokenPipeError:
            self.broken = True
            self._stop()
