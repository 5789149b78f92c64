"""An input's bytes as a file on this machine, wherever they lie.

Before: "s3://news/a.warc.gz". After: the path of a temporary file with the object's bytes, gone after use. A local file is its own copy.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.listing.local_path import local_path
from transforms.storage.object_store import ObjectPath
from transforms.storage.stores import is_object, store_of

_CHUNK = 8 * 1024 * 1024


@contextmanager
def local_copy(uri: str) -> Iterator[Path]:
    """The path; raises OSError where the object can't be read."""
    if not is_object(uri):
        yield Path(local_path(uri))
        return
    where, store = ObjectPath.of(uri), store_of(uri)
    with tempfile.NamedTemporaryFile(prefix="copydesk-") as file:
        start = 0
        while chunk := store.read(where.bucket, where.key, start, start + _CHUNK):
            file.write(chunk)
            start += len(chunk)
            if len(chunk) < _CHUNK:
                break
        file.flush()
        yield Path(file.name)
