from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from fastwarc.warc import ArchiveIterator

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.records import RawDocument, Reject
from transforms.read.settings import ReadSettings
from transforms.read.warc import warc_date

Read = Callable[..., list[RawDocument | Reject]]
PAGE = b"<html><body><p>The harbour reopened.</p></body></html>"


def _record(
    kind: str, block: bytes, number: int, media: str = "application/http; msgtype=response", length: int | None = None
) -> bytes:
    size = len(block) if length is None else length
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:id-{number}>\r\nWARC-Date: 2024-03-01T10:00:00Z\r\n"
        f"WARC-Target-URI: https://north.example/{number}\r\nContent-Type: {media}\r\nContent-Length: {size}\r\n\r\n"
    )
    return header.encode() + block + b"\r\n\r\n"


def _http(body: bytes, media: str = "text/html; charset=koi8-r", status: str = "200 OK", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{extra}\r\n".encode() + body


def _codes(records: list[RawDocument | Reject]) -> list[str]:
    return [record.code.value if isinstance(record, Reject) else "ok" for record in records]


def test_responses_are_documents_and_the_rest_is_not_counted(read: Read) -> None:
    raw = b"".join(
        (
            _record("warcinfo", b"software: test", 0, "application/warc-fields"),
            _record("request", b"GET / HTTP/1.1\r\n\r\n", 1),
            _record("response", _http(PAGE, extra="Last-Modified: Thu, 29 Feb 2024 09:00:00 GMT\r\n"), 2),
            _record("revisit", b"", 3),
            _record("metadata", b"a: b", 4, "application/warc-fields"),
            _record("resource", PAGE, 5, "text/html"),
            _record("resource", b"Plain words.", 6, "text/plain"),
        )
    )
    assert len(list(ArchiveIterator(io.BytesIO(raw)))) == 7  # an independent reader agrees that the file is sound
    for name, packed in (("crawl.warc", raw), ("crawl.warc.gz", gzip.compress(raw))):
        records = read(packed, name)
        assert _codes(records) == ["ok", "ok", "ok"]
        page, resource, text = (record for record in records if isinstance(record, RawDocument))
        assert page.name == f"{name}#id-2"
        assert page.raw == PAGE
        assert page.url == "https://north.example/2"
        assert page.fetched_at == datetime(2024, 3, 1, 10, tzinfo=timezone.utc)
        assert (page.last_modified, resource.last_modified) == ("Thu, 29 Feb 2024 09:00:00 GMT", None)
        assert page.declared_charset == "koi8-r"
        assert (page.format, page.payload) == (SourceFormat.WARC, Payload.HTML)
        assert raw[page.byte_offset :].startswith(b"WARC/1.0\r\nWARC-Type: response")
        assert (resource.payload, text.payload) == (Payload.HTML, Payload.TEXT)


def test_one_gzip_member_a_record_and_damage_in_the_third(read: Read) -> None:
    members = [gzip.compress(_record("response", _http(PAGE + b"%d" % number), number)) for number in range(5)]
    assert _codes(read(b"".join(members), "a.warc.gz")) == ["ok"] * 5
    cut = b"".join(members[:2]) + members[2][:-30]
    records = read(cut, "b.warc.gz")
    assert _codes(records) == ["ok", "ok", "truncated_compression"]


def test_wet(read: Read) -> None:
    (record,) = read(_record("conversion", "Der Hafen öffnet.".encode(), 1, "text/plain"), "a.warc.wet")
    assert isinstance(record, RawDocument)
    assert (record.format, record.payload, record.declared_charset) == (SourceFormat.WET, Payload.TEXT, "utf-8")


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (_http(PAGE, status="404 Not Found"), "http_error_status"),
        (_http(b"", status="301 Moved", extra="Location: /x\r\n"), "http_error_status"),
        (_http(b"body{}", "text/css"), "unsupported_media_type"),
        (_http(b"\x89PNG\r\n\x1a\n", "image/png"), "unsupported_media_type"),
        (_http(b"\x89PNG\r\n\x1a\n....", "text/html"), "unsupported_media_type"),
        (_http(b"", "text/html"), "empty_input"),
        (b"no http at all", "corrupt_container"),
        (_http(gzip.compress(PAGE)[:-9], extra="Content-Encoding: gzip\r\n"), "truncated_compression"),
        (_http(b"\xff\xff\xff\xff", extra="Content-Encoding: deflate\r\n"), "corrupt_compression"),
        (_http(PAGE, extra="Content-Encoding: rot13\r\n"), "unsupported_format"),
    ],
)
def test_what_is_no_document_says_why(read: Read, block: bytes, code: str) -> None:
    raw = _record("response", block, 1) + _record("response", _http(PAGE), 2)
    records = read(raw, "a.warc")
    assert _codes(records) == [code, "ok"]
    assert isinstance(records[0], Reject)
    assert records[0].raw == block


def test_repeated_and_missing_ids(read: Read) -> None:
    nameless = _record("response", _http(PAGE), 9).replace(b"WARC-Record-ID: <urn:uuid:id-9>\r\n", b"")
    records = read(_record("response", _http(PAGE), 1) * 3 + nameless, "a.warc")
    assert [r.name for r in records if isinstance(r, RawDocument)] == [
        "a.warc#id-1",
        "a.warc#id-1~2",
        "a.warc#id-1~3",
        "a.warc#I4",
    ]


def test_junk_between_records_is_one_reject(read: Read) -> None:
    junk = b"\0junk junk\r\n" * 5
    raw = _record("response", _http(PAGE), 1) + junk + _record("response", _http(PAGE), 2)
    records = read(raw, "a.warc")
    assert _codes(records) == ["ok", "corrupt_container", "ok"]
    assert isinstance(records[1], Reject)
    assert records[1].raw == junk


@pytest.mark.parametrize("wrong", [20, 400])
def test_a_wrong_length_costs_one_record(read: Read, wrong: int) -> None:
    raw = (
        _record("response", _http(PAGE), 1, length=wrong)
        + _record("response", _http(PAGE), 2)
        + _record("response", _http(PAGE), 3)
    )
    records = read(raw, "a.warc")
    assert _codes(records)[0] == "corrupt_container"
    names = [record.name for record in records if isinstance(record, RawDocument)]
    assert names == ["a.warc#id-2", "a.warc#id-3"]


def test_a_file_that_ends_inside_a_record(read: Read) -> None:
    raw = _record("response", _http(PAGE), 1) + _record("response", _http(PAGE), 2)[:-30]
    records = read(raw, "a.warc")
    assert _codes(records) == ["ok", "corrupt_container"]
    assert isinstance(records[1], Reject)
    assert records[1].source_uri.endswith("#id-2")
    assert _codes(read(raw[: raw.rindex(b"WARC-Type")], "b.warc")) == ["ok", "corrupt_container"]


def test_a_record_over_the_limit(read: Read) -> None:
    raw = _record("response", _http(b"<p>" + b"a" * 5000), 1) + _record("response", _http(PAGE), 2)
    assert _codes(read(raw, "a.warc", ReadSettings(max_record_bytes=2000))) == ["record_too_large", "ok"]


def test_a_bomb_in_a_body(read: Read) -> None:
    block = _http(gzip.compress(b"\0" * 20_000_000), extra="Content-Encoding: gzip\r\n")
    assert _codes(read(_record("response", block, 1), "a.warc")) == [RejectCode.DECOMPRESSION_LIMIT.value]


def test_dates() -> None:
    assert warc_date("2024-03-01T10:00:00.123456789Z") == datetime(2024, 3, 1, 10, 0, 0, 123456, tzinfo=timezone.utc)
    assert warc_date("2024-03-01T10:00:00+02:00") == datetime(2024, 3, 1, 8, tzinfo=timezone.utc)
    assert warc_date("2024-13-01T10:00:00Z") is None
    assert warc_date("yesterday") is None
