from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.codes import RejectCode, SourceFormat
from schemas.records import RawDocument, Reject

Read = Callable[..., list[RawDocument | Reject]]


def _parquet(columns: dict[str, list[object]], **options: object) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


def test_rows_plain_and_compressed(read: Read) -> None:
    raw = _parquet(
        {
            "headline": ["Eins", "Zwei", None],
            "body": ["Der Hafen öffnet", "Der Hafen schließt", None],
            "published_at": [datetime(2024, 3, 1, tzinfo=timezone.utc)] * 3,
            "price": [Decimal("1.50")] * 3,
            "authors": [["Ada Brook", "Jo Marsh"], [], None],
            "blob": [b"\xff\x00", b"ab", None],
        },
        row_group_size=2,
    )
    for name, packed in (("a.parquet", raw), ("a.bin", raw), ("a.parquet.gz", gzip.compress(raw))):
        records = read(packed, name)
        first, _, third = records
        assert isinstance(first, RawDocument)
        assert (first.name, first.format) == (f"{name}#R1", SourceFormat.PARQUET)
        assert first.content == "Der Hafen öffnet"
        assert first.supplied.authors == ("Ada Brook", "Jo Marsh")
        assert first.supplied.published == "2024-03-01T00:00:00+00:00"
        assert json.loads(first.raw)["blob"] == "/wA="
        assert isinstance(third, Reject)
        assert third.code is RejectCode.MISSING_TEXT


def test_a_damaged_file_is_a_reject(read: Read) -> None:
    raw = _parquet(
        {"text": ["The harbour reopened. " * 50] * 100},
        compression="none",
        use_dictionary=False,
        write_page_checksum=True,
    )
    (reject,) = read(raw[:-20], "a.parquet")
    assert isinstance(reject, Reject)
    assert reject.code is RejectCode.CORRUPT_CONTAINER
    assert (reject.raw, reject.raw_size) == (raw[:65536], len(raw) - 20)
    assert reject.raw_sha256 == hashlib.sha256(raw[:-20]).hexdigest()
    broken = raw[:50_000] + b"\xff" * 400 + raw[50_400:]
    records = read(broken, "b.parquet")
    assert records
    assert isinstance(records[-1], Reject)
    (reject,) = read(gzip.compress(raw, mtime=0)[:-20], "c.parquet.gz")
    assert isinstance(reject, Reject)
    assert reject.code is RejectCode.TRUNCATED_COMPRESSION
    assert reject.raw == gzip.compress(raw, mtime=0)[:-20]
