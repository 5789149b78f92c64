"""Undoes gzip, bzip2 and zstd as a stream, told by their first bytes, with a cap on bytes and on ratio.

Before: the chunks of `feed.jsonl.gz`. After: the chunks of `feed.jsonl`, up to the place where the stream is damaged, if
it is; then RecordError says whether it ends early, is corrupt or unpacks to too much. Several members or frames in a row are one stream
(RFC 1952 section 2.2; RFC 8878 section 3), which is how WARC files are compressed.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

from schemas.codes import RejectCode
from schemas.errors import RecordError

OUT_CHUNK = 256 * 1024
RATIO_FREE = 1024 * 1024
"""Bytes that may come out before the ratio counts: tiny files of one repeated line have huge ratios and do no harm."""
MAX_LAYERS = 2
"""A compressed file inside a compressed file is still read; deeper nesting is what bombs do, not archives."""
_ZSTD_SLICE = 1024
# zstandard's decompressor has no limit on its output, and one byte of input can be 32 KiB of output (run-length
# blocks of 128 KiB in 4 bytes): feeding 1 KiB bounds one step to 32 MiB.
_ZSTD_MAX_WINDOW = 128 * 1024 * 1024

NAMES = {"gzip": "gzip", "bzip2": "bzip2", "zstd": "Zstandard"}


def compression_of(head: bytes) -> str | None:
    """ "gzip", "bzip2", "zstd", or None, from a stream's first 10 bytes."""
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    # "BZh", the block size, then either a block's magic (pi) or the end's (square root of pi).
    if head[:3] == b"BZh" and head[3:4] in b"123456789" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    if head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    return None


class _Decoder(Protocol):
    """One member or frame: `step` gives some output for the input held; `finished` when its end was seen."""

    finished: bool
    rest: bytes

    def step(self, chunk: bytes) -> bytes: ...

    def hungry(self) -> bool: ...


class _Gzip:
    def __init__(self) -> None:
        self._object = zlib.decompressobj(wbits=31)
        self._full = False
        self.finished = False
        self.rest = b""

    def step(self, chunk: bytes) -> bytes:
        out = self._object.decompress(self._object.unconsumed_tail + chunk, OUT_CHUNK)
        self.finished, self.rest = self._object.eof, self._object.unused_data
        self._full = len(out) >= OUT_CHUNK  # then zlib may hold more output although it took all input
        return out

    def hungry(self) -> bool:
        return not self._object.unconsumed_tail and not self._full


class _Bzip2:
    def __init__(self) -> None:
        self._object = bz2.BZ2Decompressor()
        self.finished = False
        self.rest = b""

    def step(self, chunk: bytes) -> bytes:
        out = self._object.decompress(chunk, OUT_CHUNK)
        self.finished = self._object.eof
        self.rest = self._object.unused_data if self.finished else b""
        return out

    def hungry(self) -> bool:
        return self._object.needs_input


class _Zstd:
    def __init__(self) -> None:
        self._object = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW).decompressobj()
        self._held = b""
        self.finished = False
        self.rest = b""

    def step(self, chunk: bytes) -> bytes:
        held = self._held + chunk
        piece, self._held = held[:_ZSTD_SLICE], held[_ZSTD_SLICE:]
        out = bytes(self._object.decompress(piece))
        self.finished = self._object.eof
        if self.finished:
            self.rest = self._object.unused_data + self._held
        return out

    def hungry(self) -> bool:
        return not self._held


_DECODERS: dict[str, Callable[[], _Decoder]] = {"gzip": _Gzip, "bzip2": _Bzip2, "zstd": _Zstd}


def decompress(chunks: Iterator[bytes], kind: str, *, max_bytes: int, max_ratio: float) -> Iterator[bytes]:
    """The unpacked chunks of a stream of `kind`, never more than about 32 MiB at a time.

    Raises RecordError after everything that could be unpacked was yielded: truncated_compression where the stream ends
    inside a member, corrupt_compression where it is damaged, decompression_limit where it exceeds a cap.
    """
    name = NAMES[kind]
    decoder: _Decoder | None = None
    taken = given = 0
    pending = b""
    while True:
        chunk = pending or next(chunks, b"")
        taken += 0 if pending else len(chunk)
        pending = b""
        if not chunk:
            if decoder is not None:
                raise RecordError(
                    RejectCode.TRUNCATED_COMPRESSION, f"the {name} stream ends early, after {given:,} unpacked bytes"
                )
            return
        if decoder is None:
            chunk = chunk.lstrip(b"\0") if given else chunk  # zero padding after the last member (tapes, block devices)
            if not chunk:
                continue
            while len(chunk) < 10:  # the next member's magic may be cut by a chunk border
                following = next(chunks, b"")
                if not following:
                    break
                taken += len(following)
                chunk += following
            found = compression_of(chunk)
            if found != kind:
                raise RecordError(
                    RejectCode.CORRUPT_COMPRESSION,
                    f"bytes that are no {name} follow the {name} stream, after {given:,} unpacked bytes",
                )
            if kind == "zstd" and chunk[:1] != b"\x28":
                pending, more = _after_skippable(chunk, chunks)
                taken += more
                continue
            decoder = _DECODERS[kind]()
        while True:
            try:
                out = decoder.step(chunk)
            except (zlib.error, OSError, EOFError, ValueError, zstandard.ZstdError, MemoryError) as error:
                raise RecordError(
                    RejectCode.CORRUPT_COMPRESSION,
                    f"the {name} stream is damaged after {given:,} unpacked bytes: {error}",
                ) from error
            chunk = b""
            if out:
                given += len(out)
                if given > max_bytes:
                    raise RecordError(
                        RejectCode.DECOMPRESSION_LIMIT, f"more than {max_bytes:,} bytes come out of the {name} stream"
                    )
                if given > RATIO_FREE and given > max_ratio * max(taken, 1):
                    raise RecordError(
                        RejectCode.DECOMPRESSION_LIMIT,
                        f"{taken:,} bytes of {name} unpack to {given:,} and more, over {max_ratio:g} times as much",
                    )
                yield out
            if decoder.finished:
                pending, decoder = decoder.rest, None
                break
            if decoder.hungry():
                break


def _after_skippable(chunk: bytes, chunks: Iterator[bytes]) -> tuple[bytes, int]:
    """What follows a zstd skippable frame at the start of `chunk`, and how many bytes were taken from `chunks`."""
    taken = 0
    left = 8 + int.from_bytes(chunk[4:8], "little")
    while len(chunk) < left:
        left -= len(chunk)
        chunk = next(chunks, b"")
        taken += len(chunk)
        if not chunk:
            raise RecordError(RejectCode.TRUNCATED_COMPRESSION, "the Zstandard stream ends inside a skippable frame")
    return chunk[left:], taken


def unpack(chunks: Iterator[bytes], *, max_bytes: int, max_ratio: float) -> tuple[Iterator[bytes], tuple[str, ...]]:
    """The chunks without their compression, and the layers undone, outermost first.

    A third layer is left as it is, for the caller to refuse. Damage is raised from the chunks themselves.
    """
    layers: list[str] = []
    while True:
        head, error = b"", None
        while len(head) < 10:
            try:
                chunk = next(chunks)
            except StopIteration:
                break
            except (RecordError, OSError) as caught:  # told when the consumer gets there
                error = caught
                break
            head += chunk
        kind = compression_of(head)
        chunks = _rejoined(head, chunks, error)
        if kind is None or len(layers) == MAX_LAYERS:
            return chunks, tuple(layers)
        layers.append(kind)
        chunks = decompress(chunks, kind, max_bytes=max_bytes, max_ratio=max_ratio)


def _rejoined(head: bytes, chunks: Iterator[bytes], error: Exception | None) -> Iterator[bytes]:
    if head:
        yield head
    if error is not None:
        raise error
    yield from chunks
