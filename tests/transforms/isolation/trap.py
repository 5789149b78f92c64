"""What a record can do to the process that works on it, on demand: its raw bytes name the trap. Tests only.

As `sitecustomize` of a process (see `conftest.trapped`) it also sets the traps behind charset labels: a page that declares
"x-trap-crash" ends whatever process decodes it.
"""

from __future__ import annotations

import codecs
import ctypes
import os
import re
import signal
import sys
import time
from typing import Any


def spring(record: Any) -> Any:
    """Does what `record.raw` says; the record's name where it says nothing known."""
    trap = record.raw.decode()
    return getattr(Traps, trap)() if hasattr(Traps, trap) else record.name


class Traps:
    """Each ends in its own way."""

    @staticmethod
    def crash() -> None:
        ctypes.string_at(0)

    @staticmethod
    def abort() -> None:
        os.abort()

    @staticmethod
    def killed() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def leave() -> None:
        os._exit(3)

    @staticmethod
    def loop() -> None:
        while True:
            pass

    @staticmethod
    def pattern() -> None:
        """Keeps Python's lock for years; not even the watch gets a turn."""
        re.search("(?:a+)+b", "a" * 60)

    @staticmethod
    def swallow() -> None:
        """Lets an exception pass by once."""
        try:
            Traps.loop()
        except BaseException:
            Traps.loop()

    @staticmethod
    def sleep() -> None:
        time.sleep(3600)

    @staticmethod
    def memory() -> int:
        return len(bytearray(8 << 30))

    @staticmethod
    def output() -> bytes:
        return bytes(8 << 20)

    @staticmethod
    def chatter() -> str:
        print("something on standard output")
        os.write(1, b"and past Python")
        return "said"


def _codec(label: str) -> None:
    trap = label.replace("-", "_").partition("x_trap_")[2]
    if trap:
        getattr(Traps, trap)()


if __name__ == "sitecustomize":
    codecs.register(_codec)
    sys.modules["trap"] = sys.modules[__name__]
