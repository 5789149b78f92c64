"""Reads a stream of chunks by length or by line, with a running offset; damage ends the stream and is remembered.

Before: chunks of any size, ending in an exception where a gzip stream is broken. After: `read`, `peek`, `line`, which see
an ordinary end there, and `damage`, which says why it was the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from schemas.codes import RejectCode
from schemas.errors import RecordError


class Skipped(NamedTuple):
    """Bytes passed over: the first of them (at most the cap asked for), how many in all, their SHA-256."""

    head: bytes
    size: int
    sha256: str


class ByteSource:
    """Buffered, forward-only access to `chunks`.

    A RecordError or OSError out of `chunks` is kept in `damage` and reads as the end of the stream, so that the records
    before it are still used; whoever consumes the stream looks at `damage` afterwards.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = b""
        self._start = 0
        self._ended = False
        self.offset = 0
        """Offset of the next byte to be read, in the unpacked file."""
        self.damage: RecordError | None = None

    def _next(self) -> bytes:
        """The next chunk that is not empty; empty at the end."""
        while not self._ended:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                self._ended = True
            except RecordError as error:
                self._ended, self.damage = True, error
            except OSError as error:
                self._ended = True
                self.damage = RecordError(RejectCode.UNREADABLE_FILE, f"reading stopped: {error.strerror or error}")
            else:
                if chunk:
                    return chunk
        return b""

    def _fill(self, size: int) -> None:
        """Buffers at least `size` bytes, or all that are left; joins once, so large sizes stay linear."""
        have = len(self._buffer) - self._start
        if have >= size or self._ended:
            return
        parts = [self._buffer[self._start :]]
        while have < size:
            chunk = self._next()
            if not chunk:
                break
            parts.append(chunk)
            have += len(chunk)
        self._buffer, self._start = b"".join(parts), 0

    def peek(self, size: int) -> bytes:
        """Up to `size` bytes without passing them; fewer only at the end."""
        self._fill(size)
        return self._buffer[self._start : self._start + size]

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        self._fill(size)
        taken = self._buffer[self._start : self._start + size]
        self._start += len(taken)
        self.offset += len(taken)
        return taken

    def unread(self, taken: bytes) -> None:
        """Puts back bytes that were just read."""
        self._buffer = taken + self._buffer[self._start :]
        self._start = 0
        self.offset -= len(taken)

    def at_end(self) -> bool:
        """Whether no byte is left."""
        return not self.peek(1)

    def line(self, limit: int, end: bytes = b"\n") -> bytes:
        """The next line with its line end; cut at `limit` bytes (then without one); empty at the end."""
        searched = 0
        while True:
            found = self._buffer.find(end, self._start + searched, self._start + limit)
            if found >= 0:
                return self.read(found + len(end) - self._start)
            searched = len(self._buffer) - self._start
            if searched >= limit:
                return self.read(limit)
            before = searched
            # Doubling what is buffered keeps a line of n bytes at O(n) copies.
            self._fill(min(limit, max(2 * searched, 1)))
            if len(self._buffer) - self._start == before:
                return self.read(before)

    def skip(self, size: int | None = None, keep: int = 64 * 1024, head: bytes = b"") -> Skipped:
        """Passes over `size` bytes (None: all that are left) and keeps the first `keep` of `head` and them."""
        digest = hashlib.sha256(head)
        kept, total = head[:keep], len(head)
        left = size
        while left is None or left > 0:
            chunk = self.read(256 * 1024 if left is None else min(left, 256 * 1024))
            if not chunk:
                break
            digest.update(chunk)
            if len(kept) < keep:
                kept += chunk[: keep - len(kept)]
            total += len(chunk)
            left = None if left is None else left - len(chunk)
        return Skipped(kept, total, digest.hexdigest())

    def skip_line(self, head: bytes, end: bytes = b"\n", keep: int = 64 * 1024) -> Skipped:
        """Passes over the rest of a line of which `head` was read already."""
        digest = hashlib.sha256(head)
        kept, total = head[:keep], len(head)
        while not self.at_end():
            piece = self.line(256 * 1024, end)
            digest.update(piece)
            if len(kept) < keep:
                kept += piece[: keep - len(kept)]
            total += len(piece)
            if piece.endswith(end):
                break
        return Skipped(kept, total, digest.hexdigest())
