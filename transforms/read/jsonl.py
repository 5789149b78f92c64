"""Reads JSON Lines, and the JSON array or single object that a .json file holds, one record an object.

Before: `{"title": "Harbour reopens", "text": "The harbour ..."}` on line 3 of `feed.jsonl`. After: the RawDocument
`feed.jsonl#L3` whose raw bytes are the line. Blank lines are no records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from schemas.codes import RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.decoding.charset import decode_bytes
from transforms.read.entry import Entry
from transforms.read.fields import pick
from transforms.read.source import ByteSource, Skipped

_KINDS = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "null",
}
_OUTSIDE = re.compile(rb'["{}\[\],]')
_INSIDE = re.compile(rb'["\\]')
_MAX_NUMBER = 100


def read_json_lines(source: ByteSource, entry: Entry) -> Iterator[RawDocument | Reject]:
    """One record a line, ids L1, L2 … (1-based line numbers). A line that is not one object is an invalid_json reject."""
    limit = entry.settings.max_record_bytes
    number = 0
    if source.peek(3) == b"\xef\xbb\xbf":
        source.read(3)
    while True:
        offset = source.offset
        line = source.line(limit + 2)
        if not line:
            return
        number += 1
        ended = line.endswith(b"\n")
        if not ended and len(line) > limit and (source.damage is None or not source.at_end()):
            yield too_large(entry, entry.record_id(f"L{number}"), source.skip_line(line), offset)
            continue
        if not ended and source.at_end() and source.damage is not None:
            # The line was cut by the damage: it belongs to the damage's own reject, which the caller makes.
            source.unread(line)
            return
        raw = line.rstrip(b"\r\n")
        if raw.strip():
            yield _record(entry, entry.record_id(f"L{number}"), raw, offset)


def read_json_value(source: ByteSource, entry: Entry, layout: str) -> Iterator[RawDocument | Reject]:
    """The items of a JSON array (layout "array") or one object ("object"), ids I1, I2 … in the file's order."""
    limit = entry.settings.max_record_bytes
    if source.peek(3) == b"\xef\xbb\xbf":
        source.read(3)
    if layout == "object":
        raw = source.read(limit + 1)
        if source.damage is not None and source.at_end():
            source.unread(raw)
        elif len(raw) > limit:
            yield too_large(entry, "I1", source.skip(head=raw), 0)
        else:
            yield _record(entry, entry.record_id("I1"), raw, 0)
        return
    number, closed = 0, False
    for offset, item, closed in _array_items(source, limit):  # noqa: B007 (the last one's is asked below)
        if isinstance(item, bytes) and not item.strip():
            continue
        number += 1
        record_id = entry.record_id(f"I{number}")
        if isinstance(item, Skipped):
            yield too_large(entry, record_id, item, offset)
        else:
            yield _record(entry, record_id, item.strip(), offset + len(item) - len(item.lstrip()))
    if source.damage is None:
        offset = source.offset
        rest = source.skip()
        # An array that ends behind a comma may have been cut there: what is missing is told even where nothing is left.
        if rest.head.strip() or not closed:
            message = f"the JSON array ends after {number} items, but {rest.size:,} bytes follow or are left open"
            yield entry.reject(f"B{offset}", RejectCode.INVALID_JSON, message, rest, offset)


def too_large(entry: Entry, record_id: str, raw: Skipped, offset: int) -> Reject:
    """The reject of a record over the limit; its first bytes are kept."""
    limit = entry.settings.max_record_bytes
    message = f"the record has {raw.size:,} bytes; the limit is {limit:,}"
    return entry.reject(record_id, RejectCode.RECORD_TOO_LARGE, message, raw, offset)


def _array_items(source: ByteSource, limit: int) -> Iterator[tuple[int, bytes | Skipped, bool]]:
    """Each item's offset and bytes, and whether it is known to be the last. Stops before an item that never ends; what is left stays in the source."""
    source.read(len(source.peek(65536)) - len(source.peek(65536).lstrip()) + 1)  # white space and "["
    while True:
        offset = source.offset
        size = 64 * 1024
        depth, inside, place = 0, False, 0
        end = -1
        while end < 0:
            held = source.peek(size)
            while True:
                match = (_INSIDE if inside else _OUTSIDE).search(held, place)
                if match is None:
                    place = len(held)
                    break
                place = match.end()
                sign = match[0]
                if inside:
                    if sign == b'"':
                        inside = False
                    else:
                        place += 1  # the escaped character
                elif sign == b'"':
                    inside = True
                elif sign in b"{[":
                    depth += 1
                elif sign in b"}]" and depth > 0:
                    depth -= 1
                elif sign == b"]" or (sign == b"," and depth == 0):
                    end = match.start()
                    break
            if end < 0:
                if len(held) < size:
                    return
                if size > limit:
                    # The item goes on past the limit: its end isn't looked for, the rest of the array goes with it.
                    yield offset, source.skip(), True
                    return
                size = min(2 * size, max(limit + 1, size + 1))
        item = source.read(end)
        closing = source.read(1)
        yield offset, item, closing == b"]"
        if closing == b"]":
            return


def _record(entry: Entry, record_id: str, raw: bytes, offset: int) -> RawDocument | Reject:
    try:
        value = parse_json(raw)
        picked = pick(value, entry.settings.fields)
    except RecordError as error:
        return entry.reject(record_id, error.code, error.message, raw, offset)
    return RawDocument(
        source_uri=entry.uri(record_id),
        name=entry.name(record_id),
        format=SourceFormat.JSONL,
        payload=picked.payload,
        raw=raw,
        content=picked.content,
        byte_offset=offset,
        url=picked.supplied.url,
        supplied=picked.supplied,
    )


def _whole_number(digits: str) -> int | str:
    # Python 3.10 turns a million digits into a number in quadratic time; no field of ours needs such a number.
    return int(digits) if len(digits) <= _MAX_NUMBER else digits


def parse_json(raw: bytes) -> dict[str, object]:
    """One JSON object; bytes that are no UTF-8 are decoded as the charset that they look like.

    Raises RecordError invalid_json.
    """
    try:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = decode_bytes(raw).text
        value: object = json.loads(text, parse_int=_whole_number)
    except RecursionError as error:
        raise RecordError(RejectCode.INVALID_JSON, "the JSON is nested too deeply") from error
    except ValueError as error:
        raise RecordError(RejectCode.INVALID_JSON, f"no valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise RecordError(RejectCode.INVALID_JSON, f"the JSON is {_KINDS.get(type(value), 'a value')}, not an object")
    return value
