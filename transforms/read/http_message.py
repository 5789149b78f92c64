"""Takes an HTTP response apart as a WARC record holds it: status, media type, charset, and the body without its encodings.

Before: b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=koi8-r\\r\\n\\r\\n<html>...". After: status 200, "text/html", "koi8-r",
b"<html>...". Follows RFC 9112 (messages, chunks) and RFC 9110 section 8.4 (content codings). Crawlers often store a body decoded
and keep the header that says it is not: an encoding that the first bytes contradict is taken as undone already.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

import pyarrow as pa

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.read.compression import compression_of, decompress

_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:+-]{1,40})""", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[ \t]*([^\r\n]*)", re.IGNORECASE)
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MAX_HEADER = 256 * 1024


class HttpMessage(NamedTuple):
    """One response. `media_type` is lower case without parameters; `body` is as received,
    `last_modified` is that header as written."""

    status: int
    reason: str
    media_type: str | None
    charset: str | None
    body: bytes
    transfer_encoding: str
    content_encoding: str
    last_modified: str | None = None


def media_type_of(value: str | None) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type header: "text/html; charset=UTF-8" is ("text/html", "UTF-8")."""
    if not value:
        return None, None
    kind = value.split(";", 1)[0].strip().lower()
    charset = _CHARSET.search(value[:1000])
    return kind or None, charset[1] if charset else None


def header_fields(block: bytes) -> dict[str, str]:
    """Header lines as lower-case name → value; folded lines are joined, of repeated names the first counts."""
    found: dict[str, str] = {}
    last = ""
    for line in block.decode("utf-8", "replace").split("\n"):
        line = line.rstrip("\r")
        if line[:1] in (" ", "\t") and last:
            found[last] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        last = name.strip().lower() if colon else ""
        if last and last not in found:
            found[last] = value.strip()
        elif last:
            last = ""
    return found


def parse_response(block: bytes) -> HttpMessage:
    """The response in a WARC record's block, its body not yet decoded.

    Raises RecordError corrupt_container where the block is no HTTP response.
    """
    status = _STATUS.match(block[:65536])
    if status is None:
        raise RecordError(RejectCode.CORRUPT_CONTAINER, "the record is no HTTP response: it has no status line")
    blank = _BLANK_LINE.search(block, 0, _MAX_HEADER)
    if blank is None and len(block) > _MAX_HEADER:
        raise RecordError(RejectCode.CORRUPT_CONTAINER, "the HTTP header has no end")
    header, body = (block[: blank.start()], block[blank.end() :]) if blank else (block, b"")
    fields = header_fields(header.split(b"\n", 1)[1] if b"\n" in header else b"")
    kind, charset = media_type_of(fields.get("content-type"))
    return HttpMessage(
        status=int(status[1]),
        reason=status[2].decode("latin-1").strip()[:100],
        media_type=kind,
        charset=charset,
        body=body,
        transfer_encoding=fields.get("transfer-encoding", "").lower(),
        content_encoding=fields.get("content-encoding", "").lower(),
        last_modified=fields.get("last-modified") or None,
    )


def decoded_body(message: HttpMessage, *, max_bytes: int, max_ratio: float) -> bytes:
    """The body without chunks and content codings (gzip, deflate, br, zstd).

    Raises RecordError: corrupt_compression or truncated_compression for a broken body, decompression_limit, unsupported_format
    for a coding that is none of these.
    """
    body = message.body
    if "chunked" in message.transfer_encoding:
        body = _without_chunks(body)
    codings = [coding.strip() for coding in message.content_encoding.split(",") if coding.strip()]
    for coding in reversed(codings[:4]):
        if coding in ("identity", "none", "utf-8", "utf8"):
            continue
        body = _decoded(body, coding.removeprefix("x-"), max_bytes, max_ratio)
    return body


def _without_chunks(body: bytes) -> bytes:
    match = _CHUNK.match(body)
    if match is None:
        return body  # stored without its chunks
    parts: list[bytes] = []
    place = 0
    while match:
        size = int(match[1], 16)
        place = match.end()
        if size == 0:
            return b"".join(parts)
        parts.append(body[place : place + size])
        if place + size > len(body):
            raise RecordError(
                RejectCode.TRUNCATED_COMPRESSION, f"the chunked body ends inside a chunk of {size:,} bytes"
            )
        place += size
        if body[place : place + 2] == b"\r\n":
            place += 2
        elif body[place : place + 1] == b"\n":
            place += 1
        match = _CHUNK.match(body, place)
    if not body[place:].strip():
        # Without the last, empty chunk: servers that close the connection leave it out.
        return b"".join(parts)
    if len(parts) == 1 and not parts[0].strip():
        return body
    raise RecordError(RejectCode.CORRUPT_COMPRESSION, f"the chunked body is broken at byte {place:,}")


def _decoded(body: bytes, coding: str, max_bytes: int, max_ratio: float) -> bytes:
    if not body:
        return body
    if coding in ("gzip", "zstd"):
        kind = compression_of(body[:10])
        if kind is None:
            return body  # stored decoded
        return b"".join(decompress(iter([body]), kind, max_bytes=max_bytes, max_ratio=max_ratio))
    if coding == "deflate":
        return _inflated(body, max_bytes)
    if coding == "br":
        return _unbrotlied(body, max_bytes)
    raise RecordError(RejectCode.UNSUPPORTED_FORMAT, f"the body's content coding is {coding[:40]!r}")


def _looks_decoded(body: bytes) -> bool:
    return body[:64].lstrip()[:1] == b"<"


def _inflated(body: bytes, max_bytes: int) -> bytes:
    for wbits in (15, -15):  # RFC 9110 means zlib's format; many servers send the bare stream
        engine = zlib.decompressobj(wbits=wbits)
        try:
            out = engine.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if len(out) > max_bytes:
            raise RecordError(RejectCode.DECOMPRESSION_LIMIT, f"the body unpacks to more than {max_bytes:,} bytes")
        if not engine.eof:
            raise RecordError(
                RejectCode.TRUNCATED_COMPRESSION, f"the deflate body ends early, after {len(out):,} bytes"
            )
        return out
    if _looks_decoded(body):
        return body
    raise RecordError(RejectCode.CORRUPT_COMPRESSION, "the deflate body is damaged")


def _unbrotlied(body: bytes, max_bytes: int) -> bytes:
    if _looks_decoded(body):
        return body
    parts: list[bytes] = []
    size = 0
    try:
        reader = pa.CompressedInputStream(pa.BufferReader(body), "brotli")
        while chunk := reader.read(256 * 1024):
            parts.append(chunk)
            size += len(chunk)
            if size > max_bytes:
                raise RecordError(RejectCode.DECOMPRESSION_LIMIT, f"the body unpacks to more than {max_bytes:,} bytes")
    except (OSError, pa.ArrowException) as error:
        raise RecordError(RejectCode.CORRUPT_COMPRESSION, f"the Brotli body is damaged: {error}") from error
    return b"".join(parts)
