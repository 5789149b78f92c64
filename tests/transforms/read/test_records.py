from __future__ import annotations

import bz2
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.records import InputFile, RawDocument, Reject
from transforms.match import match_inputs
from transforms.read.records import read_file
from transforms.read.settings import ReadSettings

Read = Callable[..., list[RawDocument | Reject]]
PAGE = b"<!DOCTYPE html><html><body><p>The harbour reopened.</p></body></html>"


def _only_reject(records: list[RawDocument | Reject]) -> Reject:
    (record,) = records
    assert isinstance(record, Reject)
    return record


def test_a_text_and_a_page(read: Read, tmp_path: Path) -> None:
    (record,) = read(b"Harbour\r\nreopens\n", "a.txt")
    assert isinstance(record, RawDocument)
    assert record.source_uri == f"{tmp_path}/a.txt"
    assert (record.name, record.raw, record.content) == ("a.txt", b"Harbour\r\nreopens\n", None)
    assert (record.format, record.payload) == (SourceFormat.TEXT, Payload.TEXT)
    (record,) = read(PAGE, "b.txt")
    assert isinstance(record, RawDocument)
    assert (record.format, record.payload) == (SourceFormat.HTML, Payload.HTML)


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, zstandard.compress, lambda raw: gzip.compress(bz2.compress(raw))]
)
def test_compressed_documents(read: Read, pack: Callable[[bytes], bytes]) -> None:
    (record,) = read(pack(PAGE), "page.html.x")
    assert isinstance(record, RawDocument)
    assert (record.raw, record.format) == (PAGE, SourceFormat.HTML)


def test_an_image_named_as_a_page(read: Read) -> None:
    raw = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 100_000
    reject = _only_reject(read(raw, "page.html"))
    assert reject.code is RejectCode.UNSUPPORTED_FORMAT
    assert reject.message.startswith("a PNG image named page.html.")
    assert (len(reject.raw), reject.raw_size) == (65536, len(raw))


def test_empty_files(read: Read) -> None:
    assert _only_reject(read(b"", "a.txt")).code is RejectCode.EMPTY_INPUT
    assert _only_reject(read(gzip.compress(b""), "a.txt.gz")).code is RejectCode.EMPTY_INPUT


def test_a_half_document_is_no_article(read: Read) -> None:
    packed = gzip.compress(PAGE * 50, mtime=0)
    reject = _only_reject(read(packed[:-12], "a.html.gz"))
    assert reject.code is RejectCode.TRUNCATED_COMPRESSION
    assert (PAGE * 50).startswith(reject.raw)
    assert reject.raw
    assert reject.retryable
    corrupt = packed[:-8] + b"\0\0\0\0" + packed[-4:]
    assert _only_reject(read(corrupt, "b.html.gz")).code is RejectCode.CORRUPT_COMPRESSION
    assert _only_reject(read(gzip.compress(PAGE)[:12], "c.html.gz")).code is RejectCode.TRUNCATED_COMPRESSION


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(PAGE, mtime=0)[:11], RejectCode.TRUNCATED_COMPRESSION),
        (bz2.compress(PAGE)[:40], RejectCode.TRUNCATED_COMPRESSION),
        (zstandard.compress(PAGE)[:8], RejectCode.TRUNCATED_COMPRESSION),
        (gzip.compress(PAGE, mtime=0)[:10] + b"\xff" * 100_000, RejectCode.CORRUPT_COMPRESSION),
        (gzip.compress(b"", mtime=0), RejectCode.EMPTY_INPUT),
    ],
)
def test_what_gives_nothing_keeps_the_bytes_of_the_file(read: Read, packed: bytes, code: RejectCode) -> None:
    reject = _only_reject(read(packed, "page.html.x"))
    assert (reject.code, reject.raw, reject.raw_size) == (code, packed[:65536], len(packed))
    assert reject.raw_sha256 == hashlib.sha256(packed).hexdigest()


def test_a_stream_that_breaks_off_between_records_keeps_the_bytes_of_the_file(read: Read) -> None:
    packed = gzip.compress(b'{"text": "The harbour reopened."}\n', mtime=0)[:-8]
    record, reject = read(packed, "a.jsonl.gz")
    assert isinstance(record, RawDocument)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.raw, reject.raw_size) == (RejectCode.TRUNCATED_COMPRESSION, packed, len(packed))


def test_limits(read: Read) -> None:
    assert (
        _only_reject(read(b"a " * 600, "a.txt", ReadSettings(max_record_bytes=1000))).code
        is RejectCode.RECORD_TOO_LARGE
    )
    assert _only_reject(read(gzip.compress(b"\0" * 900_000), "b.txt.gz")).code is RejectCode.UNSUPPORTED_FORMAT
    assert _only_reject(read(gzip.compress(b"a\n" * 4_500_000), "b.txt.gz")).code is RejectCode.DECOMPRESSION_LIMIT
    assert (
        _only_reject(read(bz2.compress(gzip.compress(bz2.compress(PAGE))), "c.bz2")).code
        is RejectCode.UNSUPPORTED_FORMAT
    )


def test_a_file_that_changed_since_it_was_matched(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"The harbour reopened.")
    (file,) = match_inputs([str(path)]).files
    path.write_bytes(b"The harbour reopened!")
    assert _only_reject(list(read_file(file))).code is RejectCode.CHANGED_WHILE_READING
    path.write_bytes(b"The harbour")
    assert _only_reject(list(read_file(file))).code is RejectCode.CHANGED_WHILE_READING
    path.unlink()
    assert _only_reject(list(read_file(file))).code is RejectCode.UNREADABLE_FILE
    assert _only_reject(list(read_file(InputFile(str(tmp_path), "x", 1, "0")))).code is RejectCode.UNREADABLE_FILE


def test_a_large_file_is_streamed(read: Read) -> None:
    line = b'{"text": "' + b"The harbour reopened. " * 40 + b'"}\n'
    records = read(line * 6000, "a.jsonl")  # over 5 MB
    assert len(records) == 6000
    assert {record.raw for record in records if isinstance(record, RawDocument)} == {line.rstrip()}


def test_record_ids_make_uris(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "feed.jsonl").write_bytes(b'{"text": "a b"}\n')
    (file,) = match_inputs([str(tmp_path / "in")]).files
    (record,) = read_file(file)
    assert isinstance(record, RawDocument)
    assert (record.name, record.source_uri) == ("feed.jsonl#L1", f"{tmp_path}/in/feed.jsonl#L1")


def test_an_unforeseen_failure_of_a_reader_is_a_reject_with_the_bytes(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("invented")

    monkeypatch.setattr("transforms.read.records.sniff", broken)
    raw = b"x" * 100_000
    reject = _only_reject(read(raw, "a.txt"))
    assert (reject.code, reject.message[:28]) == (RejectCode.INTERNAL_ERROR, "ZeroDivisionError: invented.")
    assert (reject.raw, reject.raw_size, reject.raw_sha256) == (raw[:65536], len(raw), hashlib.sha256(raw).hexdigest())
