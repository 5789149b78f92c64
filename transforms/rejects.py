"""Turns whatever goes wrong with one record into a row of `rejects`, so that bad input never stops a run or vanishes.

Before: a function raises. After: a `Reject` with stage, code, a message that ends in advice, and the record's first bytes.
"""

from __future__ import annotations

import hashlib

from schemas.codes import REJECT_ADVICE, RETRYABLE, RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.secrets import mask_secrets

RAW_CAP = 64 * 1024
"""Bytes of a record that a reject row keeps (contract, promise 6)."""


def make_reject(
    *,
    source_uri: str,
    name: str,
    stage: Stage,
    code: RejectCode,
    message: str,
    raw: bytes = b"",
    raw_size: int | None = None,
    raw_sha256: str | None = None,
    byte_offset: int = 0,
) -> Reject:
    """A reject row for the record called `name` (relative to its input).

    `raw` may be more than the cap; `raw_size` (bytes) and `raw_sha256` are stated when `raw` is not the whole record.
    The id depends on name, bytes, stage, code and place only, so reruns give the same row wherever the input lies.
    """
    sha256 = raw_sha256 or hashlib.sha256(raw).hexdigest()
    identity = "\n".join((name, sha256, stage.value, code.value, str(byte_offset)))
    return Reject(
        reject_id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        source_uri=source_uri,
        byte_offset=byte_offset,
        stage=stage,
        code=code,
        message=f"{mask_secrets(message).strip().rstrip('.')}. {REJECT_ADVICE[code]}",
        raw=raw[:RAW_CAP],
        raw_size=len(raw) if raw_size is None else raw_size,
        raw_sha256=sha256,
        retryable=code in RETRYABLE,
    )


def reject_document(document: RawDocument, stage: Stage, error: Exception) -> Reject:
    """The reject for a record in which `error` was raised at `stage`; an unforeseen error becomes `internal_error`."""
    if isinstance(error, RecordError):
        code, message = error.code, error.message
    else:
        code, message = RejectCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}"
    return make_reject(
        source_uri=document.source_uri,
        name=document.name,
        stage=stage,
        code=code,
        message=message,
        raw=document.raw,
        byte_offset=document.byte_offset,
    )
