"""What goes wrong in a drill: the process is killed at a change of the lake, a call fails, or its answer is lost.

Before: `arm(Fault.KILL, 17, before=True)` in a process of its own. After: that process ends by SIGKILL just before its 17th change of a
disk, a store or an Iceberg catalog. Counting is done over all threads, in the order of the calls.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from pipeline.lake.filesystem import LocalFileSystem
from schemas.codes import Code
from transforms.storage.gcs import GoogleStore
from transforms.storage.s3 import S3Store


class Fault(Code):
    """What happens at the n-th call. Changes alone are counted for KILL and LOSE, reads as well for FAIL."""

    COUNT = "count"
    """Nothing: how many calls there are is counted."""
    KILL = "kill"
    FAIL = "fail"
    """The call is not made and raises OSError."""
    LOSE = "lose"
    """The call is made, and raises OSError all the same."""


_DISK_CHANGES = (
    *("open_write", "make_folder", "make_folders", "fsync_stream", "fsync_folder", "rename_if_absent", "replace"),
    *("delete", "delete_folder_if_empty", "delete_tree"),
)
_DISK_READS = ("exists", "is_folder", "size", "list", "files_below", "open_read", "read_bytes", "sha256")
_STORE_CHANGES = ("put", "copy", "delete", "delete_if")
_STORE_READS = ("head", "read", "list", "list_names")
_CATALOG_CHANGES = ("create_table", "drop_table", "commit_table")


class Calls:
    """Counts calls and does what is asked for at one of them."""

    def __init__(
        self, fault: Fault, at: int, *, before: bool = True, error: Callable[[], Exception] | None = None
    ) -> None:
        self.seen = 0
        self._fault, self._at, self._before = fault, at, before
        self._error = error or (lambda: OSError(5, "Input/output error"))
        self._guard = threading.Lock()

    def wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            with self._guard:  # folders are forced to disk by several threads
                self.seen += 1
                mine = self.seen == self._at
            if mine and self._fault is Fault.FAIL:
                raise self._error()
            if mine and self._fault is Fault.KILL and self._before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*arguments, **named)
            if mine and self._fault is Fault.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            if mine and self._fault is Fault.LOSE:
                raise self._error()
            return result

        return counted


def arm(fault: Fault, at: int = 0, *, before: bool = True, reads: bool = False) -> Calls:
    """Counts, from now on and to the end of this process, every call of disk, stores and Iceberg catalog; `reads` as well as changes."""
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.io.pyarrow import PyArrowFile

    calls = Calls(fault, at, before=before)
    places: list[tuple[type, tuple[str, ...]]] = [
        (LocalFileSystem, _DISK_CHANGES + (_DISK_READS if reads else ())),
        (S3Store, _STORE_CHANGES + (_STORE_READS if reads else ())),
        (GoogleStore, _STORE_CHANGES + (_STORE_READS if reads else ())),
        (SqlCatalog, _CATALOG_CHANGES),
        (PyArrowFile, ("create",)),
    ]
    for kind, names in places:
        for name in names:
            setattr(kind, name, calls.wrapped(getattr(kind, name)))
    return calls


def arm_wire(fault: Fault, at: int = 0) -> Calls:
    """The same for each request that boto3 sends, below its own tries: FAIL never arrives, of LOSE the answer is lost."""
    from botocore.exceptions import ConnectionClosedError
    from botocore.httpsession import URLLib3Session
    from botocore.retries import standard

    calls = Calls(fault, at, error=lambda: ConnectionClosedError(endpoint_url="http://127.0.0.1"))
    URLLib3Session.send = calls.wrapped(URLLib3Session.send)
    standard.ExponentialBackoff.delay_amount = lambda *_: 0.0  # half a minute for each try that fails
    return calls
