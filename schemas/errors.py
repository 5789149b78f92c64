"""The kinds of error that are part of the contract; everything else is a defect."""

from __future__ import annotations

from schemas.codes import RejectCode


class UsageError(Exception):
    """Unusable arguments or settings: one line that names what, where and what is allowed. Exit code 2."""


class NothingFoundError(UsageError):
    """An input that can be listed and holds no file: a typing error for a single run, and just not yet for one that waits."""


class UnfinishedError(Exception):
    """What was asked for is in the lake and stays, but something that follows it is not done. One line that says how to
    complete it. Exit code 1."""


class StoppedEarlyError(Exception):
    """A run that rejected far more than `run.max_reject_share` allows and was stopped; nothing of it is visible. One line that
    names the commonest code. Exit code 1."""


class RecordError(Exception):
    """A record that can't become an article, raised by a pure function; the graph turns it into a row of `rejects`.

    `message` says what was found, with the offending values; the code's advice is added to it.
    """

    def __init__(self, code: RejectCode, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class ConflictError(Exception):
    """Another writer has what this one needs; the message, one line, says who holds what since when."""
