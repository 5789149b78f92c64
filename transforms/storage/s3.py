"""Objects in S3 and what speaks its protocol, through boto3.

Region, endpoint and credentials come from boto3's own chain (environment, profile, instance role) and from nowhere else.
"""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, BinaryIO

from schemas.errors import UsageError
from transforms.storage.object_store import WRITE_MARK, ObjectInfo, PastTheEndError

_PART_BYTES = 64 * 1024 * 1024
"""Larger bodies go up in parts of this size; S3 takes at most 10,000 parts and 5 GiB in one."""
_DELETED_AT_ONCE = 1000
_ATTEMPTS = 6
_BROKEN_OFF = 3
"""How often an answer may begin that does not come to its end."""
_CONNECT_SECONDS, _READ_SECONDS = 10, 60
"""How long a store that does not answer is waited for, each time."""
_MISSING = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchBucket", "NoSuchVersion"})
_CONFLICT = frozenset({"412", "PreconditionFailed", "ConditionalRequestConflict", "409"})
_PAST_THE_END = frozenset({"416", "InvalidRange"})
_DENIED = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "401"})


_MISSING_LIBRARY = "s3:// needs boto3; install it with: pip install 'copydesk[aws]'"


@lru_cache(maxsize=2)
def client(process: int) -> Any:
    """One client a process: making one costs some hundred milliseconds, and it keeps its connections."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise UsageError(_MISSING_LIBRARY) from error
    return boto3.client(
        "s3",
        config=Config(
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
        ),
    )


class S3Store:
    """See `ObjectStore`."""

    @property
    def _s3(self) -> Any:
        return client(os.getpid())

    def head(self, bucket: str, key: str) -> ObjectInfo | None:
        try:
            with _errors(bucket, key):
                found = self._s3.head_object(Bucket=bucket, Key=key)
        except FileNotFoundError:
            return None
        return ObjectInfo(key, found["ContentLength"], found["ETag"], found["LastModified"])

    def read(self, bucket: str, key: str, start: int = 0, end: int | None = None) -> bytes:
        if end is not None and end <= start:
            return b""
        wanted = {} if start == 0 and end is None else {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        try:
            with _errors(bucket, key):
                return self._read(bucket, key, wanted)
        except PastTheEndError:
            return b""

    def _read(self, bucket: str, key: str, wanted: dict[str, str]) -> bytes:
        from botocore.exceptions import BotoCoreError

        for attempt in range(1, _BROKEN_OFF + 1):
            answer = self._s3.get_object(Bucket=bucket, Key=key, **wanted)["Body"]
            try:
                return bytes(answer.read())
            except BotoCoreError:  # boto3 tries again until an answer has begun, and not after that
                if attempt == _BROKEN_OFF:
                    raise
        raise AssertionError("unreachable")

    def put(self, bucket: str, key: str, body: BinaryIO, *, if_absent: bool = False, if_etag: str | None = None) -> str:
        condition = {"IfNoneMatch": "*"} if if_absent else {"IfMatch": if_etag} if if_etag else {}
        size = body.seek(0, io.SEEK_END)
        body.seek(0)
        mark = {WRITE_MARK: uuid.uuid4().hex}
        try:
            with _errors(bucket, key):
                if size > _PART_BYTES:
                    return self._put_parts(bucket, key, body, mark, condition)
                put = self._s3.put_object(Bucket=bucket, Key=key, Body=body.read(), Metadata=mark, **condition)
                return str(put["ETag"])
        except OSError:
            # Where the answer to an earlier try was lost, the next try finds the name taken, by this very write.
            etag = self._etag_of_write(bucket, key, mark)
            if etag is None:
                raise
            return etag

    def _etag_of_write(self, bucket: str, key: str, mark: dict[str, str]) -> str | None:
        """The etag of the object if it bears this `mark`."""
        try:
            with _errors(bucket, key):
                held = self._s3.head_object(Bucket=bucket, Key=key)
        except OSError:
            return None
        return str(held["ETag"]) if held["Metadata"].get(WRITE_MARK) == mark[WRITE_MARK] else None

    def _put_parts(self, bucket: str, key: str, body: BinaryIO, mark: dict[str, str], condition: dict[str, Any]) -> str:
        upload = self._s3.create_multipart_upload(Bucket=bucket, Key=key, Metadata=mark)["UploadId"]
        where = {"Bucket": bucket, "Key": key, "UploadId": upload}
        try:
            parts: list[dict[str, Any]] = []
            while part := body.read(_PART_BYTES):
                number = len(parts) + 1
                etag = self._s3.upload_part(**where, PartNumber=number, Body=part)["ETag"]
                parts.append({"PartNumber": number, "ETag": etag})
            done = self._s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts}, **condition)
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                self._s3.abort_multipart_upload(**where)
            raise
        return str(done["ETag"])

    def copy(self, bucket: str, source: str, target: str) -> None:
        with _errors(bucket, source):
            self._s3.copy({"Bucket": bucket, "Key": source}, bucket, target)

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            batch = [{"Key": key} for key in keys[start : start + _DELETED_AT_ONCE]]
            with _errors(bucket, batch[0]["Key"]):
                failed = self._s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True}).get("Errors")
            if failed:
                raise OSError(f"s3://{bucket}/{failed[0].get('Key')}: can't be deleted ({failed[0].get('Code')})")

    def delete_if(self, bucket: str, key: str, etag: str) -> bool:
        found = self.head(bucket, key)
        if found is None or found.etag != etag:
            return False
        # S3's own buckets know no conditional delete; an empty object put on condition takes the place first.
        try:
            self.put(bucket, key, io.BytesIO(b""), if_etag=etag)
        except FileExistsError:
            return False
        self.delete(bucket, [key])
        return True

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        with _errors(bucket, prefix):
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield ObjectInfo(found["Key"], found["Size"], found["ETag"], found["LastModified"])

    def list_names(self, bucket: str, prefix: str) -> Iterator[str]:
        with _errors(bucket, prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
            for page in pages:
                for folder in page.get("CommonPrefixes", ()):
                    yield folder["Prefix"][len(prefix) : -1]
                for found in page.get("Contents", ()):
                    if found["Key"] != prefix:
                        yield found["Key"][len(prefix) :]


@contextmanager
def _errors(bucket: str, key: str) -> Iterator[None]:
    """boto3's errors as `OSError`s that name the object."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise UsageError(_MISSING_LIBRARY) from error

    where = f"s3://{bucket}/{key}"
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(
                f"{where}: there is no such {'bucket' if code == 'NoSuchBucket' else 'object'}"
            ) from None
        if code in _PAST_THE_END:
            raise PastTheEndError(where) from None
        if code in _CONFLICT:
            raise FileExistsError(f"{where}: exists, or was changed by another writer") from None
        if code in _DENIED:
            raise PermissionError(
                f"{where}: the store refuses ({code}); check the credentials and the bucket's policy"
            ) from None
        raise OSError(f"{where}: the store answered {code or 'with an error'}") from None
    except BotoCoreError as error:
        raise OSError(f"{where}: {type(error).__name__}: {error}") from None
