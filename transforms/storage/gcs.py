"""Objects in Google Cloud Storage, through google-cloud-storage.

Project and credentials come from Google's own chain (application default credentials) and from nowhere else; STORAGE_EMULATOR_HOST
names an emulator, as for every client of Google's.
"""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

from schemas.errors import UsageError
from transforms.storage.object_store import WRITE_MARK, ObjectInfo, PastTheEndError

_MISSING_LIBRARY = "gs:// needs google-cloud-storage; install it with: pip install 'copydesk[gcp]'"


@lru_cache(maxsize=2)
def client(process: int) -> Any:
    """One client a process: it keeps its connections and its token."""
    try:
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud import storage
    except ImportError as error:
        raise UsageError(_MISSING_LIBRARY) from error
    if os.environ.get("STORAGE_EMULATOR_HOST"):
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]
        return storage.Client(credentials=anonymous, project="emulator")
    try:
        return storage.Client()
    except DefaultCredentialsError as error:
        raise UsageError("gs:// finds no credentials; see `gcloud auth application-default login`") from error


class GoogleStore:
    """See `ObjectStore`. An object's `etag` is its generation."""

    def _blob(self, bucket: str, key: str) -> Any:
        return client(os.getpid()).bucket(bucket).blob(key)

    def head(self, bucket: str, key: str) -> ObjectInfo | None:
        with _errors(bucket, key):
            found = client(os.getpid()).bucket(bucket).get_blob(key)
        return None if found is None else _info(found)

    def read(self, bucket: str, key: str, start: int = 0, end: int | None = None) -> bytes:
        if end is not None and end <= start:
            return b""
        try:
            with _errors(bucket, key):
                blob = self._blob(bucket, key)
                wanted = {} if start == 0 and end is None else {"start": start, "end": None if end is None else end - 1}
                content: bytes = blob.download_as_bytes(**wanted)
        except PastTheEndError:
            return b""
        return content

    def put(self, bucket: str, key: str, body: BinaryIO, *, if_absent: bool = False, if_etag: str | None = None) -> str:
        condition = (
            {"if_generation_match": 0} if if_absent else {"if_generation_match": int(if_etag)} if if_etag else {}
        )
        size = body.seek(0, io.SEEK_END)
        body.seek(0)
        blob = self._blob(bucket, key)
        blob.metadata = {WRITE_MARK: uuid.uuid4().hex}
        mark = dict(blob.metadata)
        try:
            with _errors(bucket, key):
                blob.upload_from_file(body, size=size, content_type="application/octet-stream", **condition)
        except FileExistsError:
            # Where the answer to an earlier try was lost, the next try finds the name taken, by this very write.
            with _errors(bucket, key):
                held = client(os.getpid()).bucket(bucket).get_blob(key)
            if held is None or held.metadata != mark:
                raise
            return str(held.generation)
        return str(blob.generation)

    def copy(self, bucket: str, source: str, target: str) -> None:
        with _errors(bucket, source):
            origin, goal = self._blob(bucket, source), self._blob(bucket, target)
            token, _, _ = goal.rewrite(origin)
            while token is not None:
                token, _, _ = goal.rewrite(origin, token=token)

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                with _errors(bucket, key):
                    self._blob(bucket, key).delete()
            except FileNotFoundError:
                continue

    def delete_if(self, bucket: str, key: str, etag: str) -> bool:
        try:
            with _errors(bucket, key):
                self._blob(bucket, key).delete(if_generation_match=int(etag))
        except (FileNotFoundError, FileExistsError):
            return False
        return True

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        with _errors(bucket, prefix):
            for found in client(os.getpid()).list_blobs(bucket, prefix=prefix):
                yield _info(found)

    def list_names(self, bucket: str, prefix: str) -> Iterator[str]:
        with _errors(bucket, prefix):
            for page in client(os.getpid()).list_blobs(bucket, prefix=prefix, delimiter="/").pages:
                for folder in page.prefixes:
                    yield folder[len(prefix) : -1]
                for found in page:
                    if found.name != prefix:
                        yield found.name[len(prefix) :]


def _info(blob: Any) -> ObjectInfo:
    return ObjectInfo(blob.name, blob.size, str(blob.generation), blob.updated)


@contextmanager
def _errors(bucket: str, key: str) -> Iterator[None]:
    """The client's errors as `OSError`s that name the object."""
    try:
        from google.api_core.exceptions import (
            Forbidden,
            GoogleAPICallError,
            GoogleAPIError,
            NotFound,
            PreconditionFailed,
            RequestRangeNotSatisfiable,
            Unauthorized,
        )
        from google.auth.exceptions import GoogleAuthError
    except ImportError as error:
        raise UsageError(_MISSING_LIBRARY) from error

    where = f"gs://{bucket}/{key}"
    try:
        yield
    except NotFound:
        raise FileNotFoundError(f"{where}: there is no such object") from None
    except RequestRangeNotSatisfiable:
        raise PastTheEndError(where) from None
    except PreconditionFailed:
        raise FileExistsError(f"{where}: exists, or was changed by another writer") from None
    except (Forbidden, Unauthorized):
        raise PermissionError(f"{where}: the store refuses; check the credentials and the bucket's policy") from None
    except GoogleAPICallError as error:
        raise OSError(f"{where}: the store answered {error.code}") from None
    except GoogleAPIError as error:
        raise OSError(f"{where}: the store does not answer ({type(error).__name__})") from None
    except GoogleAuthError as error:
        raise OSError(f"{where}: no usable credentials ({type(error).__name__})") from None
