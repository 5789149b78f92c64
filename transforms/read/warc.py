"""Reads WARC and WET: one record a response, resource or conversion.

Before: a record with `WARC-Type: response` and an HTTP message in it. After: a RawDocument of the message's decoded body, with target
URI, date and the charset that the header names. The records' frames are read here, by WARC 1.1 (ISO 28500:2017) section 4, not by a
library: libraries skip what is damaged, and every record has to be accounted for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.read.entry import Entry
from transforms.read.http_message import decoded_body, header_fields, media_type_of, parse_response
from transforms.read.jsonl import too_large
from transforms.read.markup import is_page
from transforms.read.sniff import sniff
from transforms.read.source import ByteSource, Skipped
from transforms.rejects import RAW_CAP

DOCUMENT_TYPES = frozenset({"response", "resource", "conversion", "continuation"})
"""Record types that hold documents. The others (warcinfo, request, metadata, revisit) describe and are not counted."""
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_UNKNOWN_TYPES = frozenset(
    {"application/octet-stream", "unknown", "unk", "*/*", "application/unknown", "binary/octet-stream", "text"}
)
_VERSION = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_NESTED = re.compile(rb"\r?\n\r?\nWARC/1\.[01]\r?\nWARC-")
_MAX_HEADER = 256 * 1024
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?$")


class _Frame(NamedTuple):
    offset: int
    fields: dict[str, str]
    length: int


def read_warc(source: ByteSource, entry: Entry) -> Iterator[RawDocument | Reject]:
    """The file's documents, ids from WARC-Record-ID. Bytes that are no record are one corrupt_container reject up to the next
    record."""
    number = 0
    while True:
        _pass_blank_lines(source)
        if source.at_end():
            return
        offset = source.offset
        frame = _frame(source)
        if frame is None:
            if source.damage is not None and _VERSION.match(source.peek(64)):
                return  # cut inside a header: the caller tells
            lost = _to_next_record(source)
            message = f"{lost.size:,} bytes are no WARC record"
            yield entry.reject(entry.record_id(f"B{offset}"), RejectCode.CORRUPT_CONTAINER, message, lost, offset)
            continue
        kind = frame.fields.get("warc-type", "").lower()
        if kind not in DOCUMENT_TYPES:
            _pass_block(source, frame.length)
            continue
        number += 1
        stated = frame.fields.get("warc-record-id", "").strip("<> ").removeprefix("urn:uuid:")
        record_id = entry.record_id(stated or f"I{number}")
        if frame.length > entry.settings.max_record_bytes:
            yield too_large(entry, record_id, source.skip(frame.length), offset)
            continue
        block = source.read(frame.length)
        if len(block) < frame.length:
            if source.damage is not None:
                source.unread(block)
                return
            message = f"the file ends inside this record, after {len(block):,} of {frame.length:,} bytes"
            nested = _NESTED.search(block)
            kept = block[: nested.start()] if nested else block
            source.unread(block[len(kept) :])
            yield entry.reject(record_id, RejectCode.CORRUPT_CONTAINER, message, kept, offset)
            continue
        wrong = _wrong_length(source, block)
        if wrong:
            source.unread(block[wrong.kept :])
            yield entry.reject(record_id, RejectCode.CORRUPT_CONTAINER, wrong.message, block[: wrong.kept], offset)
        else:
            yield _document(entry, record_id, kind, frame, block)


def _pass_block(source: ByteSource, length: int) -> None:
    """Passes over a record that holds no document; a record that starts inside it because its length is wrong is put back."""
    held = source.peek(min(length, 1024 * 1024))
    if length > len(held) and len(held) == 1024 * 1024:
        source.skip(length, keep=0)
        return
    block = source.read(length)
    wrong = _wrong_length(source, block)
    if wrong:
        source.unread(block[wrong.kept :])


class _WrongLength(NamedTuple):
    message: str
    kept: int


def _pass_blank_lines(source: ByteSource) -> None:
    while source.peek(1) in (b"\r", b"\n"):
        run = source.peek(4096)
        source.read(len(run) - len(run.lstrip(b"\r\n")))


def _frame(source: ByteSource) -> _Frame | None:
    """The header of the record at this place, passed over; None, with nothing passed over, where there is none."""
    offset = source.offset
    lines = [source.line(64)]
    if _VERSION.fullmatch(lines[0]):
        size = 0
        while size <= _MAX_HEADER:
            line = source.line(_MAX_HEADER)
            size += len(line)
            if line in (b"\r\n", b"\n"):
                fields = header_fields(b"".join(lines[1:]))
                length = fields.get("content-length", "")
                if length.isascii() and length.isdigit() and len(length) < 16:
                    return _Frame(offset, fields, int(length))
            lines.append(line)
            if not line.endswith(b"\n") or line in (b"\r\n", b"\n"):
                break
    source.unread(b"".join(lines))
    return None


def _to_next_record(source: ByteSource) -> Skipped:
    """Passes over at least one line, up to the next line that starts a record."""
    digest = hashlib.sha256()
    head = b""
    size = 0
    while line := source.line(1024 * 1024):
        if size and _VERSION.fullmatch(line):
            source.unread(line)
            break
        digest.update(line)
        size += len(line)
        if len(head) < RAW_CAP:
            head += line[: RAW_CAP - len(head)]
    return Skipped(head, size, digest.hexdigest())


def _wrong_length(source: ByteSource, block: bytes) -> _WrongLength | None:
    """Whether the block's length is wrong: no line end follows it. `kept` bytes of it come before a record that starts inside."""
    if source.peek(1) in (b"", b"\r", b"\n") or source.peek(5) == b"WARC/":
        return None
    nested = _NESTED.search(block)
    if nested is None:
        return _WrongLength("the record's Content-Length is wrong: more bytes follow it", len(block))
    return _WrongLength("the record's Content-Length is wrong: the next record starts inside it", nested.start())


def _document(entry: Entry, record_id: str, kind: str, frame: _Frame, block: bytes) -> RawDocument | Reject:
    try:
        return _read_document(entry, record_id, kind, frame, block)
    except RecordError as error:
        return entry.reject(record_id, error.code, error.message, block, frame.offset)


def _read_document(entry: Entry, record_id: str, kind: str, frame: _Frame, block: bytes) -> RawDocument:
    settings = entry.settings
    if kind == "continuation":
        raise RecordError(
            RejectCode.UNSUPPORTED_FORMAT, "the record is a segment of a larger one; segments are not joined"
        )
    media_type, charset = media_type_of(frame.fields.get("content-type"))
    last_modified: str | None = None
    url = frame.fields.get("warc-target-uri", "").strip("<> ") or None
    body = block
    if media_type == "application/http" or (kind == "response" and block[:5].upper() == b"HTTP/"):
        message = parse_response(block)
        if not 200 <= message.status < 300:
            said = f"HTTP status {message.status} {message.reason}".strip()
            raise RecordError(RejectCode.HTTP_ERROR_STATUS, f"the server answered with {said} for {url or 'the page'}")
        media_type, charset = message.media_type, message.charset
        last_modified = message.last_modified
        _checked_media_type(media_type)  # before a large body is unpacked
        body = decoded_body(message, max_bytes=settings.max_record_bytes, max_ratio=settings.max_ratio)
    if not body:
        raise RecordError(RejectCode.EMPTY_INPUT, "the record's body has no bytes")
    return RawDocument(
        source_uri=entry.uri(record_id),
        name=entry.name(record_id),
        format=SourceFormat.WET if kind == "conversion" else SourceFormat.WARC,
        payload=_payload(_checked_media_type(media_type), body, entry),
        raw=body,
        byte_offset=frame.offset,
        declared_charset=charset or ("utf-8" if kind == "conversion" else None),
        url=url,
        fetched_at=warc_date(frame.fields.get("warc-date", "")),
        last_modified=last_modified,
    )


def _checked_media_type(media_type: str | None) -> Payload | None:
    """The payload that a media type promises; None where only the body can tell.

    Raises RecordError unsupported_media_type.
    """
    if media_type in _HTML_TYPES:
        return Payload.HTML
    if media_type == "text/plain":
        return Payload.TEXT
    if media_type is None or media_type in _UNKNOWN_TYPES:
        return None
    raise RecordError(RejectCode.UNSUPPORTED_MEDIA_TYPE, f"the record's media type is {media_type[:100]}")


def _payload(promised: Payload | None, body: bytes, entry: Entry) -> Payload:
    head = body[:65536]
    told = sniff(head, "", entry.settings.fields)
    if told.format is None and not told.what.startswith("XML"):
        raise RecordError(RejectCode.UNSUPPORTED_MEDIA_TYPE, f"the record's body is {told.what}")
    if promised is Payload.HTML:
        return Payload.HTML
    if told.format is SourceFormat.HTML and is_page(head.decode("utf-8", "replace")):
        return Payload.HTML
    return Payload.TEXT


def warc_date(stated: str) -> datetime | None:
    """A WARC-Date (W3C date and time, to the nanosecond at most) as UTC; None where it is none."""
    match = _DATE.match(stated.strip())
    if match is None:
        return None
    year, month, day, hour, minute = (int(match[group]) for group in range(1, 6))
    fraction = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(year, month, day, hour, minute, min(int(match[6] or 0), 59), fraction, tzinfo=timezone.utc)
        zone = match[8] or "Z"
        if zone != "Z":
            ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            moment = moment - ahead if zone[0] == "+" else moment + ahead
    except (ValueError, OverflowError):
        return None
    return moment
