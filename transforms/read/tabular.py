"""Reads CSV and TSV, one record a row under the header.

Before: a row `Harbour reopens,"The harbour ..."` under the header `title,text`. After: the RawDocument `table.csv#R1` whose raw bytes are
the row as JSON. Quoting follows RFC 4180; the delimiter is told from the header.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.codes import RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.decoding.charset import choose_charset, decode_line
from transforms.read.entry import Entry
from transforms.read.fields import known_columns, pick
from transforms.read.source import ByteSource, Skipped

DELIMITERS = ",\t;|"
_MAX_RECOVERIES = 20
"""Times that a quote which is never closed is taken for a stray one; each time the rows after it are read again."""


class Row(NamedTuple):
    """One row: its cells or why it is none, the bytes it was read from, their offset."""

    cells: tuple[str, ...] | None
    problem: str
    raw: bytes
    offset: int


def read_table(source: ByteSource, entry: Entry) -> Iterator[RawDocument | Reject]:
    """One record a row, ids R1, R2 … (1-based, the header not counted). A row that doesn't fit the header is an invalid_row reject;
    blank rows are no records."""
    head = source.peek(64 * 1024)
    if head[:3] == b"\xef\xbb\xbf":
        source.read(3)
        head = head[3:]
    end = b"\n" if b"\n" in head or b"\r" not in head else b"\r"
    charset = choose_charset(head)
    delimiter = entry.settings.csv_delimiter or _delimiter(decode_line(head, charset), entry)
    rows = _rows(source, entry, charset, delimiter, end)
    header = next((row for row in rows if row.cells is None or any(cell.strip() for cell in row.cells)), None)
    if header is None:
        return
    if header.cells is None:
        yield entry.reject(
            "R0", RejectCode.INVALID_ROW, f"the header is unusable: {header.problem}", header.raw, header.offset
        )
        return
    columns = tuple(cell.strip() for cell in header.cells)
    if source.at_end() and source.damage is None and not known_columns(columns, entry.settings.fields):
        # Prose in a file named .csv, more likely than a table without a row: it must not vanish.
        message = "the table has one row only, and it names no column that is known"
        yield entry.reject("R0", RejectCode.MISSING_TEXT, message, header.raw, header.offset)
        return
    number = 0
    for row in rows:
        if row.cells is not None and not any(cell.strip() for cell in row.cells):
            continue
        number += 1
        record_id = entry.record_id(f"R{number}")
        if row.cells is None:
            code = RejectCode.RECORD_TOO_LARGE if row.problem == "too large" else RejectCode.INVALID_ROW
            message = (
                f"the row is over {entry.settings.max_record_bytes:,} bytes"
                if row.problem == "too large"
                else row.problem
            )
            yield entry.reject(record_id, code, message, row.raw, row.offset)
        elif len(row.cells) != len(columns):
            message = f"the row has {len(row.cells)} cells; the header has {len(columns)}"
            yield entry.reject(record_id, RejectCode.INVALID_ROW, message, row.raw, row.offset)
        else:
            yield row_record(entry, record_id, SourceFormat.CSV, dict(zip(columns, row.cells, strict=True)), row.offset)


def row_record(
    entry: Entry, record_id: str, kind: SourceFormat, row: Mapping[str, object], offset: int
) -> RawDocument | Reject:
    """The record of one row of a table. Its raw bytes are the row as JSON in one canonical spelling (keys in the table's order)."""
    raw = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
    if len(raw) > entry.settings.max_record_bytes:
        message = f"the row has {len(raw):,} bytes; the limit is {entry.settings.max_record_bytes:,}"
        return entry.reject(record_id, RejectCode.RECORD_TOO_LARGE, message, raw, offset)
    try:
        picked = pick(row, entry.settings.fields)
    except RecordError as error:
        return entry.reject(record_id, error.code, error.message, raw, offset)
    return RawDocument(
        source_uri=entry.uri(record_id),
        name=entry.name(record_id),
        format=kind,
        payload=picked.payload,
        raw=raw,
        content=picked.content,
        byte_offset=offset,
        url=picked.supplied.url,
        supplied=picked.supplied,
    )


def _delimiter(head: str, entry: Entry) -> str:
    """The delimiter under which the header names most fields, else the one that splits it most."""
    first = head.lstrip("\r\n").splitlines()[:1]
    best, best_rank = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            columns = next(csv.reader(first, delimiter=delimiter, quotechar=entry.settings.csv_quote), [])
        except csv.Error:
            continue
        rank = (known_columns(columns, entry.settings.fields), len(columns))
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


class _TooLargeError(Exception):
    """A row went over the limit; raised out of the line iterator through csv.reader."""


def _rows(source: ByteSource, entry: Entry, charset: str, delimiter: str, end: bytes) -> Iterator[Row]:
    limit = entry.settings.max_record_bytes
    csv.field_size_limit(max(limit, csv.field_size_limit()))
    held: list[bytes] = []  # the lines of the row being read
    size = 0

    def lines() -> Iterator[str]:
        nonlocal size
        while True:
            line = source.line(limit + 1, end)
            if not line:
                return
            if source.damage is not None and source.at_end() and not line.endswith(end):
                source.unread(line)
                return
            held.append(line)
            size += len(line)
            if size > limit:
                raise _TooLargeError
            text = decode_line(line, charset).replace("\0", "")
            yield text if end == b"\n" else text[:-1] + "\n" if text.endswith("\r") else text

    recoveries = 0
    while True:
        reader = csv.reader(lines(), delimiter=delimiter, quotechar=entry.settings.csv_quote, strict=True)
        while True:
            held.clear()
            size = 0
            offset = source.offset
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLargeError) as error:
                if source.damage is not None and source.at_end():
                    source.unread(b"".join(held))
                    return
                large = isinstance(error, _TooLargeError)
                if len(held) > 1 and recoveries < _MAX_RECOVERIES:
                    recoveries += 1
                    source.unread(b"".join(held[1:]))
                    yield Row(None, "a quote in this row is never closed", held[0], offset)
                else:
                    problem = "too large" if large else f"no valid row: {error}"
                    yield Row(None, problem, b"".join(held), offset)
                if large and not held[-1].endswith(end):
                    source.skip_line(b"", end)
                break
            yield Row(tuple(cells), "", b"".join(held), offset)


__all__ = ["DELIMITERS", "Row", "Skipped", "read_table", "row_record"]
