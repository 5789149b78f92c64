"""The exception that a watch raises inside a record's work when its time is over."""

from __future__ import annotations


class TooSlowError(BaseException):
    """Not an `Exception`, so that no library's `except Exception` on the way keeps it from ending the work."""
