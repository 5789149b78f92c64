"""What the lake asks of an object store, and the errors it gives: nothing that S3 and Google Cloud Storage don't both promise.

Before: `store.put("bucket", "a/b", stream, if_absent=True)`. After: the object is there as a whole, or FileExistsError and it is
untouched. Keys have no leading "/". Every error is an `OSError` whose message names the object and never a credential.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple, Protocol

WRITE_MARK = "copydesk-write"
"""Name, in an object's metadata, of what tells one write from every other."""


class ObjectInfo(NamedTuple):
    """An object: `etag` changes with its content; `modified` is the store's clock, UTC."""

    key: str
    size: int
    etag: str
    modified: datetime


class PastTheEndError(OSError):
    """A range that begins behind an object's last byte."""


class ObjectStore(Protocol):
    """One kind of object store. Picklable: the client is made by the process that uses it, once."""

    def head(self, bucket: str, key: str) -> ObjectInfo | None:
        """The object, None where there is none."""

    def read(self, bucket: str, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Its bytes from `start` up to `end`, none past its end; FileNotFoundError where there is no object."""

    def put(self, bucket: str, key: str, body: BinaryIO, *, if_absent: bool = False, if_etag: str | None = None) -> str:
        """Writes the object in one step; gives its etag. FileExistsError where `if_absent` and there is one, or it isn't `if_etag`
        any more; but not where that one is this very write, whose answer was lost."""

    def copy(self, bucket: str, source: str, target: str) -> None:
        """Copies within the store, over what is there; the bytes don't pass through this machine."""

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Deletes objects; missing ones are fine."""

    def delete_if(self, bucket: str, key: str, etag: str) -> bool:
        """Deletes the object if it is still `etag`; False where it isn't."""

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        """All objects whose key begins with `prefix`, by key."""

    def list_names(self, bucket: str, prefix: str) -> Iterator[str]:
        """The names directly below `prefix` (which ends in "/" or is ""), objects and folders alike."""


class ObjectPath(NamedTuple):
    """`s3://bucket/a/b` in parts: scheme "s3", bucket, key "a/b"."""

    scheme: str
    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> ObjectPath:
        """The parts of a URI; ValueError where it has no bucket."""
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if not scheme or not bucket:
            raise ValueError(f"not an object's URI: {uri!r}; it has the form {scheme or 's3'}://bucket/name")
        if "@" in bucket or ":" in bucket:
            # It would stand in manifests and rows. No bucket has such a name.
            raise ValueError(
                "an object's URI names no user or password; credentials come from the environment or a profile"
            )
        return cls(scheme, bucket, key)
