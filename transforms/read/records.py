"""Reads one input file into its records, whatever its compression and format.

Before: `InputFile("in/feed.jsonl.gz", ...)`. After: a RawDocument or a Reject for each of its lines, and one more Reject if the
stream breaks off. Nothing that is wrong with a file raises: it becomes a reject at stage `read`.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.records import InputFile, RawDocument, Reject
from transforms.read.columnar import read_parquet
from transforms.read.compression import NAMES, compression_of, unpack
from transforms.read.entry import Entry
from transforms.read.feed import read_feed
from transforms.read.jsonl import read_json_lines, read_json_value
from transforms.read.settings import ReadSettings
from transforms.read.sniff import HEAD_SIZE, Sniffed, sniff
from transforms.read.source import ByteSource, Skipped
from transforms.read.tabular import read_table
from transforms.read.warc import read_warc
from transforms.rejects import RAW_CAP
from transforms.storage.local_copy import local_copy

_CHUNK = 256 * 1024
_SMALL = 4 * 1024 * 1024
"""Files up to this size are read once, hashed and used from memory; larger ones are hashed first and then read again."""


def read_file(file: InputFile, settings: ReadSettings | None = None) -> Iterator[RawDocument | Reject]:
    """The records of one file in its order, each exactly once, as RawDocument or as Reject of stage `read`.

    The bytes must be those that were matched: another size or SHA-256 is a changed_while_reading reject and nothing else. Damage in a
    container gives the records before it and then one reject with what is left of the broken record; a damaged single document
    gives only the reject. Where nothing of a record came out (a damaged stream, a broken Parquet file), its reject holds the first 64 KiB of
    the file as it lies on disk, its size and SHA-256. Memory is bounded by a few times `max_record_bytes`.
    """
    entry = Entry(file, settings or ReadSettings())
    try:
        with local_copy(file.held_at or file.uri) as path:
            yield from _read_file(path, entry)
    except OSError as error:
        yield entry.reject(None, RejectCode.UNREADABLE_FILE, f"the file can't be read: {error.strerror or error}")


def read_content(
    content: bytes, file: InputFile, settings: ReadSettings | None = None
) -> Iterator[RawDocument | Reject]:
    """The records of an input whose bytes were handed over, such as a message's; otherwise as `read_file`.

    `file` says what they are called, and their size and SHA-256.
    """
    entry = Entry(file, settings or ReadSettings())
    packed = Skipped(content[:RAW_CAP], file.size, file.sha256)
    if not content:
        yield entry.reject(None, RejectCode.EMPTY_INPUT, "the message is empty")
        return
    limits = entry.settings
    try:
        unpacked, layers = unpack(iter([content]), max_bytes=limits.max_file_bytes, max_ratio=limits.max_ratio)
        yield from _records(unpacked, layers, None, packed, entry)
    except Exception as error:
        yield entry.reject(None, RejectCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}", packed)


def _read_file(path: Path, entry: Entry) -> Iterator[RawDocument | Reject]:
    try:
        # Opening never waits: a pipe may have taken the file's place since it was found.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as stream:
            yield from _read(stream, path, entry)
    except OSError:
        raise
    except Exception as error:
        # Whatever no reader foresaw: the file's other records are out already, and the run goes on.
        rest = Skipped(_first_bytes(path), entry.file.size, entry.file.sha256)
        yield entry.reject(None, RejectCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}", rest)


def _first_bytes(path: Path) -> bytes:
    """The start of the file as it lies on disk, as much as a reject keeps; empty where it is gone."""
    try:
        with path.open("rb") as stream:
            return stream.read(RAW_CAP)
    except OSError:
        return b""


def _read(stream: IO[bytes], path: Path, entry: Entry) -> Iterator[RawDocument | Reject]:
    before = os.fstat(stream.fileno())
    file = entry.file
    if not stat.S_ISREG(before.st_mode):
        yield entry.reject(
            None, RejectCode.CHANGED_WHILE_READING, "the input was a file when it was found and is none now"
        )
        return
    small = stream.read(_SMALL + 1)
    digest = hashlib.sha256(small)
    size = len(small)
    if size > _SMALL:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    packed = Skipped(small[:RAW_CAP], size, digest.hexdigest())
    if size != file.size or packed.sha256 != file.sha256:
        message = f"the file had {file.size:,} bytes when it was found and has {size:,} now"
        if size == file.size:
            message = f"the file's {size:,} bytes are others than when it was found"
        yield entry.reject(None, RejectCode.CHANGED_WHILE_READING, message, packed)
        return
    if not size:
        yield entry.reject(None, RejectCode.EMPTY_INPUT, "the file is empty")
        return
    if size <= _SMALL:
        chunks: Iterator[bytes] = iter([small])
    else:
        del small
        stream.seek(0)
        chunks = iter(lambda: stream.read(_CHUNK), b"")
    unpacked, layers = unpack(chunks, max_bytes=entry.settings.max_file_bytes, max_ratio=entry.settings.max_ratio)
    yield from _records(unpacked, layers, path, packed, entry)
    after = os.fstat(stream.fileno())
    if size > _SMALL and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        yield entry.reject(None, RejectCode.CHANGED_WHILE_READING, "the file was written to while it was read", packed)


def _records(
    unpacked: Iterator[bytes], layers: tuple[str, ...], path: Path | None, packed: Skipped, entry: Entry
) -> Iterator[RawDocument | Reject]:
    source = ByteSource(unpacked)
    head = source.peek(HEAD_SIZE)
    if not head:
        if source.damage is None:
            how = " in ".join(NAMES[layer] for layer in layers)
            yield entry.reject(None, RejectCode.EMPTY_INPUT, f"nothing comes out of the {how} stream", packed)
        else:
            yield entry.reject(None, source.damage.code, source.damage.message, packed)
        return
    nested = compression_of(head[:10])
    told = (
        Sniffed(None, f"{NAMES[nested]} inside {len(layers)} other compressions") if nested else _sniffed(head, entry)
    )
    if told.format is None:
        rest = source.skip()
        message = f"{_article(told.what)} named {entry.file.name.rsplit('/', 1)[-1]}"
        yield entry.reject(None, RejectCode.UNSUPPORTED_FORMAT, message, rest)
        return
    if told.wide and told.format in (SourceFormat.JSONL, SourceFormat.CSV):
        source = ByteSource(_as_utf8(source, told.wide))
    if told.format is SourceFormat.JSONL:
        lines = told.layout == "lines"
        yield from read_json_lines(source, entry) if lines else read_json_value(source, entry, told.layout)
    elif told.format is SourceFormat.WARC:
        yield from read_warc(source, entry)
    elif told.format is SourceFormat.CSV:
        yield from read_table(source, entry)
    elif told.format is SourceFormat.PARQUET:
        yield from read_parquet(source, entry, None if layers else path, packed)
    elif told.format in (SourceFormat.RSS, SourceFormat.ATOM):
        yield from read_feed(source, entry, told.format)
    else:
        yield from _document(source, entry, told.format)
    if source.damage is not None:
        offset = source.offset
        rest = source.skip()
        yield entry.reject(
            f"B{offset}", source.damage.code, source.damage.message, rest if rest.size else packed, offset
        )


def _sniffed(head: bytes, entry: Entry) -> Sniffed:
    return sniff(head, entry.file.name, entry.settings.fields)


def _article(what: str) -> str:
    return "binary content" if what == "binary" else what


def _document(source: ByteSource, entry: Entry, kind: SourceFormat) -> Iterator[RawDocument | Reject]:
    """A file that is one document: text or HTML."""
    limit = entry.settings.max_record_bytes
    raw = source.read(limit + 1)
    if source.damage is not None and source.at_end():
        damage, source.damage = source.damage, None
        message = f"{damage.message}; the half document is no article"
        yield entry.reject(None, damage.code, message, source.skip(head=raw))
        return
    if len(raw) > limit:
        rest = source.skip(head=raw)
        source.damage = None
        message = f"the document has {rest.size:,} bytes; the limit is {limit:,}"
        yield entry.reject(None, RejectCode.RECORD_TOO_LARGE, message, rest)
        return
    yield RawDocument(
        source_uri=entry.uri(None),
        name=entry.name(None),
        format=kind,
        payload=Payload.HTML if kind is SourceFormat.HTML else Payload.TEXT,
        raw=raw,
    )


def _as_utf8(source: ByteSource, charset: str) -> Iterator[bytes]:
    """A UTF-16 or UTF-32 stream as UTF-8, so that its lines end in one byte; offsets then refer to the UTF-8 form."""
    decoder = codecs.getincrementaldecoder(charset)("replace")
    while chunk := source.read(_CHUNK):
        yield decoder.decode(chunk).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")
    if source.damage is not None:
        raise source.damage
