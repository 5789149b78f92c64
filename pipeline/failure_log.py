"""Keeps what the libraries log during a command, and writes it down only if the command fails.

Before: a run that fails with a long traceback in the middle of other engines' chatter.
After: one line for the person, and a file with the traceback and the last log lines for whoever looks into it.
"""

from __future__ import annotations

import logging
import os
import tempfile
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.visible import one_line
from transforms.secrets import mask_secrets

LINES_KEPT = 1000

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OWN_LOGGERS = ("pipeline", "transforms")


class _Masking(logging.Formatter):
    """A formatter whose lines hold no credentials."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without them."""
        return mask_secrets(super().format(record))


class FailureLog:
    """The last log lines of a command."""

    def __init__(self, lines: deque[str]) -> None:
        self._lines = lines

    def write(self, error: BaseException) -> Path | None:
        """Writes traceback and log lines to a new file in the system's folder for temporary files; None if it can't."""
        try:
            descriptor, name = tempfile.mkstemp(prefix="copydesk-failure-", suffix=".log")
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                lines = traceback.format_exception(type(error), error, error.__traceback__)
                file.writelines(map(mask_secrets, lines))
                file.write("\nThe last log lines before it:\n")
                file.writelines(f"{line}\n" for line in self._lines.copy())  # other threads log on
        except OSError:
            return None
        return Path(name)


@contextmanager
def collected_logs(*, debug: bool = False) -> Iterator[FailureLog]:
    """Collects all logging of the block; our own warnings go to standard error at once, with `debug` everything does."""
    lines: deque[str] = deque(maxlen=LINES_KEPT)
    root = logging.getLogger()
    level = root.level
    to_person = logging.StreamHandler()
    to_person.setLevel(logging.DEBUG if debug else logging.WARNING)
    to_person.setFormatter(_Masking(_FORMAT if debug else "copydesk: %(message)s"))
    if not debug:
        to_person.addFilter(lambda record: record.name.partition(".")[0] in _OWN_LOGGERS)
    collector = _Collector(lines)
    collector.setFormatter(logging.Formatter(_FORMAT))
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for handler in (collector, to_person):
        root.addHandler(handler)
    try:
        yield FailureLog(lines)
    finally:
        for handler in (collector, to_person):
            root.removeHandler(handler)
        logging.captureWarnings(False)
        root.setLevel(level)


def reason_of(error: BaseException) -> str:
    """What went wrong, on one line. Errors of worker processes arrive as a traceback in the message: then its end."""
    text = str(error).strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    if "Traceback (most recent call last)" in text:
        return one_line(lines[-1], 300)
    return one_line(f"{type(error).__name__}: {lines[0]}", 300)


class _Collector(logging.Handler):
    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(mask_secrets(self.format(record)))
