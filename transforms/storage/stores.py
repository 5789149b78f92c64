"""The object store of a URI's scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schemas.errors import UsageError
from transforms.storage.gcs import GoogleStore
from transforms.storage.object_store import ObjectStore
from transforms.storage.s3 import S3Store

STORES: Mapping[str, Callable[[], ObjectStore]] = {"s3": S3Store, "gs": GoogleStore}
"""What can be read and written besides the local disk."""


def is_object(uri: str) -> bool:
    """Whether the URI names something in an object store; a local path or a file:// URI does not."""
    scheme, separator, _ = uri.partition("://")
    return bool(separator) and scheme.lower() != "file" and scheme.replace("+", "").replace("-", "").isalnum()


def store_of(uri: str) -> ObjectStore:
    """The store that `uri` lies in. Raises UsageError for a scheme that no store has."""
    scheme = uri.partition("://")[0]
    if scheme not in STORES:
        raise UsageError(f"{uri!r}: {scheme}:// is not supported; use a local path, file://, s3:// or gs://")
    return STORES[scheme]()
