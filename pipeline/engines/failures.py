"""What an engine says when a job fails, as one error that a person can read.

Before: forty lines of Java with a Python traceback in the middle, or a broken connection's own report. After: the traceback alone, whose
last line is the reason (`pipeline.failure_log.reason_of`), or "the engine does not answer any more". The whole of it stays in the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import grpc

_OF_JAVA = re.compile(
    r"\s*(at [\w.$/<>@-]+\(.*\)( ~?\[.*\])?|\.\.\. \d+ (more|common frames omitted)|Suppressed: .*)\s*"
)
_TRACEBACK = "Traceback (most recent call last)"


@contextmanager
def plain_failures() -> Iterator[None]:
    """Failures of the block that an engine caused or reports come as RuntimeError with a readable message."""
    try:
        yield
    except grpc.FutureTimeoutError as error:
        raise RuntimeError("the engine's job server can't be reached") from error
    except grpc.RpcError as error:
        code, details = (getattr(error, name, str)() for name in ("code", "details"))
        raise RuntimeError(f"the engine does not answer any more: {code}: {details}") from error
    except RuntimeError as error:
        text = str(error)
        shorter = without_java(text)
        if shorter == text:
            raise
        raise RuntimeError(shorter) from error


def without_java(text: str) -> str:
    """An engine's message without the frames of Java's stack; of several causes the last one that holds a Python traceback, else all.

    Before: `java.lang.RuntimeException: Error received from SDK harness: Traceback …\\nOSError: full\\n\\tat org.apache…\\n`.
    After: `Traceback …\\nOSError: full`.
    """
    lines = text.splitlines()
    kept = [line for line in lines if not _OF_JAVA.fullmatch(line)]
    if len(kept) == len(lines):
        return text
    causes = re.split(r"(?m)^Caused by: ", "\n".join(kept))
    with_python = [cause for cause in causes if _TRACEBACK in cause]
    if not with_python:
        return "\n".join(kept).strip()
    last = with_python[-1]
    return last[last.index(_TRACEBACK) :].strip()
