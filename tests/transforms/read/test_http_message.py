from __future__ import annotations

import gzip
import zlib

import pyarrow as pa
import pytest
import zstandard

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.read.http_message import decoded_body, media_type_of, parse_response

PAGE = b"<html><body>" + b"The harbour reopened. " * 40 + b"</body></html>"


def _body(body: bytes, coding: str = "", transfer: str = "", max_bytes: int = 10**6) -> bytes:
    header = b"HTTP/1.1 200 OK\r\n"
    header += f"Content-Encoding: {coding}\r\n".encode() if coding else b""
    header += f"Transfer-Encoding: {transfer}\r\n".encode() if transfer else b""
    return decoded_body(parse_response(header + b"\r\n" + body), max_bytes=max_bytes, max_ratio=100)


def _chunked(body: bytes, size: int = 50) -> bytes:
    pieces = [body[place : place + size] for place in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _brotli(body: bytes) -> bytes:
    packed: bytes = pa.compress(body, codec="brotli", asbytes=True)
    return packed


def _bare_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(body) + engine.flush()


def test_header() -> None:
    message = parse_response(b"HTTP/2 404 Not Found\r\nContent-Type: text/HTML;\r\n charset='GBK'\r\nX: 1\r\n\r\nbody")
    assert (message.status, message.reason, message.media_type, message.charset) == (
        404,
        "Not Found",
        "text/html",
        "GBK",
    )
    assert message.body == b"body"
    assert media_type_of("text/plain") == ("text/plain", None)
    assert media_type_of(None) == (None, None)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", _bare_deflate(PAGE)),
        ("br", _brotli(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("gzip, deflate", zlib.compress(gzip.compress(PAGE, mtime=0))),
        ("identity", PAGE),
    ],
)
def test_content_codings(coding: str, packed: bytes) -> None:
    assert _body(packed, coding) == PAGE
    assert _body(_chunked(packed), coding, "chunked") == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_was_stored_decoded(coding: str) -> None:
    assert _body(PAGE, coding) == PAGE
    assert _body(PAGE, coding, "chunked") == PAGE


def test_chunks_that_break() -> None:
    whole = _chunked(PAGE)
    assert _body(whole[:-5], transfer="chunked") == PAGE  # no last chunk: the connection was closed
    with pytest.raises(RecordError) as caught:
        _body(whole[:-60], transfer="chunked")
    assert caught.value.code is RejectCode.TRUNCATED_COMPRESSION
    with pytest.raises(RecordError) as caught:
        _body(whole[:120] + b"zz\r\n" + whole[120:], transfer="chunked")
    assert caught.value.code in (RejectCode.CORRUPT_COMPRESSION, RejectCode.TRUNCATED_COMPRESSION)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_limits(coding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": _brotli}[coding]
    with pytest.raises(RecordError) as caught:
        _body(pack(b"\0" * 3_000_000), coding, max_bytes=10**6)
    assert caught.value.code is RejectCode.DECOMPRESSION_LIMIT
