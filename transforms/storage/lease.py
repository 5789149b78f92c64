"""A lock on an object store: one object that says who writes, renewed while its owner lives, taken over when it isn't any more.

Before: two processes open one lake. After: one holds the lease, the other gets `LeaseHeldError` that names the holder. Time is the
store's own: a clock that is a day off neither keeps a dead lease nor breaks a living one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import threading
import uuid
from datetime import datetime, timezone
from typing import NamedTuple

from transforms.storage.object_store import ObjectInfo, ObjectPath, ObjectStore

SECONDS = 60.0
"""A lease that was not renewed for so long is its owner's no more."""

_TRIES = 5
"""How often a lease is asked for that was given back, or taken by another, while it was looked at."""
_RENEWALS = 4
"""How many times a lease is renewed in the time that it lasts."""


class Holder(NamedTuple):
    """Who holds a lake, as messages say it: machine and process, and since when by the clock of the store or the disk."""

    host: str
    process: int
    since: datetime | None

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        return f"process {self.process} on {self.host}{since}"


class LeaseHeldError(OSError):
    """Another writer holds the lease."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(f"held by {holder}")
        self.holder = holder


class LeaseLostError(OSError):
    """The lease could not be renewed in time and another writer may have it: nothing more may be written."""


def holder_json(token: str, seconds: float | None = None) -> bytes:
    """What a lock says about this process; never the same twice, so that a renewed lock has another etag. With `seconds` the
    lock lasts that long, and nobody renews it."""
    fields = {"host": socket.gethostname(), "process": os.getpid(), "token": token, "written": uuid.uuid4().hex}
    return json.dumps(fields if seconds is None else {**fields, "seconds": seconds}).encode()


def check_token(store: ObjectStore, uri: str, token: str) -> None:
    """Raises LeaseLostError unless the lease at `uri` is still that of `token`; asked by whoever publishes, in any process."""
    where = ObjectPath.of(uri)
    try:
        held = json.loads(store.read(where.bucket, where.key)).get("token") == token
    except (FileNotFoundError, ValueError, AttributeError):
        held = False
    if not held:
        raise LeaseLostError(f"the lock {uri} was lost: another writer has taken the lake over, or may have")


def give_back(store: ObjectStore, uri: str, token: str) -> None:
    """Frees the lease at `uri` if it is still that of `token`; asked by whoever it was handed over to, again is fine."""
    where = ObjectPath.of(uri)
    found = store.head(where.bucket, where.key)
    if found is None:
        return
    with contextlib.suppress(FileNotFoundError, LeaseLostError):
        check_token(store, uri, token)
        store.delete_if(where.bucket, where.key, found.etag)


def read_holder(content: bytes, since: datetime | None) -> Holder:
    """The holder that a lock names; one that can't be read is nobody known."""
    try:
        fields = json.loads(content)
        return Holder(str(fields["host"]), int(fields["process"]), since)
    except (ValueError, KeyError, TypeError):
        return Holder("an unknown machine", 0, since)


class Lease:
    """A held lease; `acquire` makes one. Renewed by a thread until `release`."""

    def __init__(self, store: ObjectStore, where: ObjectPath, token: str, etag: str, seconds: float) -> None:
        self.token = token
        self._store, self._where, self._seconds = store, where, seconds
        self._etag = etag
        self._lost = False
        self._guard = threading.Lock()
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._renew_forever, name="lake lease", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Gives the lease back; a lost one stays the other's."""
        self._released.set()
        self._thread.join()
        with self._guard:
            if not self._lost:
                self._store.delete_if(self._where.bucket, self._where.key, self._etag)

    def hand_over(self, seconds: float) -> None:
        """Leaves the lease for `seconds` to whoever has its token, in any process, to be freed by `give_back`; nobody renews it.

        Raises LeaseLostError where it was lost before, or OSError.
        """
        self._released.set()
        self._thread.join()
        with self._guard:
            try:
                if self._lost:
                    raise FileNotFoundError
                body = io.BytesIO(holder_json(self.token, seconds))
                self._store.put(self._where.bucket, self._where.key, body, if_etag=self._etag)
            except (FileExistsError, FileNotFoundError):
                raise LeaseLostError(f"the lock {self._where.key} was lost before it could be handed over") from None
            finally:
                self._lost = True  # no longer this object's to give back

    def _renew_forever(self) -> None:
        while not self._released.wait(self._seconds / _RENEWALS):
            with self._guard:
                try:
                    body = io.BytesIO(holder_json(self.token))
                    self._etag = self._store.put(self._where.bucket, self._where.key, body, if_etag=self._etag)
                except (FileExistsError, FileNotFoundError):
                    self._lost = True
                    return
                except OSError:
                    continue  # The store does not answer: the next try is before the lease ends.


def acquire(store: ObjectStore, uri: str, *, seconds: float = SECONDS) -> Lease:
    """The lease at `uri`. Raises LeaseHeldError where a living writer holds it."""
    where, token = ObjectPath.of(uri), uuid.uuid4().hex
    for _ in range(_TRIES):
        try:
            etag = store.put(where.bucket, where.key, io.BytesIO(holder_json(token)), if_absent=True)
            return Lease(store, where, token, etag, seconds)
        except FileExistsError:
            found = store.head(where.bucket, where.key)
        if found is None:
            continue
        content = _content(store, where)
        if content is None:
            continue
        if _age(store, where, found) < _lasts(content, seconds):
            raise LeaseHeldError(read_holder(content, found.modified.astimezone(timezone.utc)))
        store.delete_if(where.bucket, where.key, found.etag)
    raise LeaseHeldError(Holder("another machine", 0, None))


def _content(store: ObjectStore, where: ObjectPath) -> bytes | None:
    try:
        return store.read(where.bucket, where.key)
    except FileNotFoundError:
        return None


def _lasts(content: bytes, seconds: float) -> float:
    """How long the lease lasts that a lock's `content` tells of, without being renewed."""
    try:
        return max(seconds, float(json.loads(content).get("seconds", 0)))
    except (ValueError, TypeError, AttributeError):
        return seconds


def _age(store: ObjectStore, where: ObjectPath, found: ObjectInfo) -> float:
    """Seconds since the lease was renewed, by the store's clock: that of an object written now."""
    probe = f"{where.key}.{uuid.uuid4().hex}"
    store.put(where.bucket, probe, io.BytesIO(b""))
    now = store.head(where.bucket, probe)
    store.delete(where.bucket, [probe])
    return (now.modified - found.modified).total_seconds() if now else 0.0
