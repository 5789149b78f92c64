"""Starts Prism for one run and ends it with the run.

Before: the program's path. After: the address at which it takes jobs; at the end of the block the program is gone, also where this
process was killed. Beam would keep it until Python exits, and announce its end on the terminal.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

_PATIENCE = 60.0
"""Seconds in which the program takes its first connection; a busy machine needs one or two."""
_LOOKS_EVERY = 0.05
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
_LAST_BYTES = 20_000
"""What is kept of the program's own messages."""
_LOG = logging.getLogger(__name__)


@contextmanager
def prism_server(program: str) -> Iterator[str]:
    """The address of a Prism of its own, as long as the block lasts. Raises RuntimeError where it doesn't start; what it has to say
    goes to the log that a failed run leaves."""
    with tempfile.TemporaryFile() as messages:
        port = _free_port()
        words = [program, f"--job_port={port}", "--log_level=warn", "--log_kind=text", "--serve_http=false"]
        prism = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
            preexec_fn=_leash(),
            start_new_session=True,
        )
        try:
            _wait(prism, port)
            yield f"localhost:{port}"
        finally:
            # It holds nothing but this run's elements: there is nothing to be saved.
            prism.kill()
            prism.wait()
            _tell(messages)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


def _leash() -> Callable[[], None] | None:
    """What a child calls to be killed when its parent is; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: a child of a process with threads must not load anything
    return lambda: prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _wait(prism: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if prism.poll() is not None:
            raise RuntimeError(f"Prism ended at its start with code {prism.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
            return
        time.sleep(_LOOKS_EVERY)
    raise RuntimeError(f"Prism took no connection in {_PATIENCE:g} seconds")


def _tell(messages: BinaryIO) -> None:
    size = messages.seek(0, 2)
    messages.seek(max(0, size - _LAST_BYTES))
    for line in messages.read().decode("utf-8", "replace").splitlines():
        _LOG.info("%s", line)
