"""The command that Beam starts for a worker: hands over to a worker that is ready, or becomes one where none is.

    python -S -E handover.py FOLDER LEASH CODE

Before: environment variables that name the run's addresses. After: they have gone through the pipe `FOLDER/0.in` to the
process that waits at its other end; this one lasts as long as that one (`FOLDER/0.end`) and ends with its success or failure.
Nothing is imported here that isn't needed: it stands between the run and its workers.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time

_PATIENCE = 60.0
"""Seconds after which a worker that is not ready is no longer waited for."""
PAUSE = 0.01
"""Seconds between two looks for the other side."""
_LOOK = 0.1
"""Seconds between two looks at the leash."""
ACCEPTED, DONE = b"+", b"0"
"""What the worker writes when it has the variables, and at its end if all went well."""


def main(folder: str, leash: str, code: str) -> int:
    """The exit code: 0 if the worker ended well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    place = _claim(folder)
    end = _hand_over(place, leash) if place else None
    if end is None:
        if not os.path.exists(leash):  # noqa: PTH110 (pathlib takes longer to import than all of this)
            return 1
        os.execv(sys.executable, [sys.executable, "-c", code])
    said = b""
    while more := os.read(end, 16):
        said += more
    return 0 if said == DONE else 1


def _claim(folder: str) -> str:
    """The place of a worker that nobody else hands over to; empty where all are taken."""
    for name in sorted(os.listdir(folder)):  # noqa: PTH208
        place = os.path.join(folder, name.removesuffix(".in"))  # noqa: PTH118
        if name.endswith(".in"):
            try:
                os.rename(f"{place}.in", f"{place}.taken")  # noqa: PTH104
            except OSError:
                continue
            return place
    return ""


def _hand_over(place: str, leash: str) -> int | None:
    """The open pipe on which the worker says how it ended; None where it isn't ready in time."""
    end = os.open(f"{place}.end", os.O_RDONLY | os.O_NONBLOCK)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and os.path.exists(leash):  # noqa: PTH110
        try:
            begin = os.open(f"{place}.taken", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody waits at the other end yet
            time.sleep(PAUSE)
            continue
        os.set_blocking(begin, True)
        with os.fdopen(begin, "wb") as pipe:
            pipe.write(json.dumps(dict(os.environ)).encode("utf-8", "surrogateescape"))
        while time.monotonic() < until and os.path.exists(leash):  # noqa: PTH110
            if select.select([end], [], [], _LOOK)[0]:
                if os.read(end, 1) != ACCEPTED:
                    break
                os.set_blocking(end, True)
                return end
        break
    os.close(end)
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
