from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

import pytest

from schemas.codes import Payload, RejectCode, SourceFormat, Stage
from schemas.records import RawDocument, Reject
from transforms.read.settings import ReadSettings

Read = Callable[..., list[RawDocument | Reject]]

GOOD = b'{"title": "Harbour reopens", "text": "The harbour reopened."}'


def _codes(records: list[RawDocument | Reject]) -> list[str]:
    return [record.code.value if isinstance(record, Reject) else "ok" for record in records]


def test_each_line_is_one_record_or_reject(read: Read) -> None:
    raw = GOOD + b'\r\n\n   \nbroken\n[1]\n{"title": "x"}\n' + GOOD
    records = read(raw, "feed.jsonl")
    assert _codes(records) == ["ok", "invalid_json", "invalid_json", "missing_text", "ok"]
    first, broken, array, missing, last = records
    assert isinstance(first, RawDocument)
    assert first.name == "feed.jsonl#L1"
    assert first.source_uri.endswith("/feed.jsonl#L1")
    assert first.raw == GOOD
    assert first.content == "The harbour reopened."
    assert first.supplied.headline == "Harbour reopens"
    assert (first.format, first.payload) == (SourceFormat.JSONL, Payload.TEXT)
    assert isinstance(broken, Reject)
    assert (broken.byte_offset, broken.raw, broken.stage) == (raw.index(b"broken"), b"broken", Stage.READ)
    assert broken.source_uri.endswith("#L4")
    assert isinstance(array, Reject)
    assert "an array, not an object" in array.message
    assert isinstance(missing, Reject)
    assert "title" in missing.message
    assert isinstance(last, RawDocument)
    assert last.name == "feed.jsonl#L7"
    assert last.byte_offset == raw.rindex(GOOD)


def test_html_in_a_string_is_html(read: Read) -> None:
    (record,) = read(json.dumps({"body": "<p>The <b>harbour</b>.</p>"}).encode(), "a.jsonl")
    assert isinstance(record, RawDocument)
    assert record.payload is Payload.HTML


def test_a_truncated_gzip_gives_its_whole_lines_and_one_reject(read: Read) -> None:
    letters = random.Random(5)
    lines = [json.dumps({"text": "".join(letters.choices("abcdefgh ", k=400))}).encode() for _ in range(200)]
    packed = gzip.compress(b"\n".join(lines) + b"\n")
    records = read(packed[: len(packed) // 2], "feed.jsonl.gz")
    whole = [record for record in records if isinstance(record, RawDocument)]
    assert [record.raw for record in whole] == lines[: len(whole)]
    assert 50 < len(whole) < 150
    (reject,) = [record for record in records if isinstance(record, Reject)]
    assert reject.code is RejectCode.TRUNCATED_COMPRESSION
    assert lines[len(whole)].startswith(reject.raw)


def test_a_line_over_the_limit_is_refused_and_the_next_is_read(read: Read) -> None:
    long = b'{"text": "' + b"a" * 5000 + b'"}'
    records = read(long + b"\n" + GOOD + b"\n" + long, "a.jsonl", ReadSettings(max_record_bytes=1000))
    assert _codes(records) == ["record_too_large", "ok", "record_too_large"]
    assert isinstance(records[0], Reject)
    assert records[0].raw_size == len(long) + 1


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"text": "a"',
        b"\xff\xfe\xfd",
        b"nul",
        b'{"text": "a"} x',
        b'"a string"',
        b"17",
    ],
)
def test_hostile_lines_are_rejects(read: Read, line: bytes) -> None:
    assert _codes(read(GOOD + b"\n" + line + b"\n" + GOOD + b"\n", "a.jsonl")) == ["ok", "invalid_json", "ok"]


def test_a_million_digits_do_no_harm(read: Read) -> None:
    assert _codes(read(b'{"text": "a b", "id": ' + b"9" * 1_000_000 + b"}", "a.jsonl")) == ["ok"]


def test_lines_in_another_charset_and_utf_16(read: Read) -> None:
    text = "Порт снова открыт, сообщила городская газета в понедельник."
    line = json.dumps({"text": text}, ensure_ascii=False)
    for raw in (line.encode("cp1251"), line.encode("utf-16"), line.encode("utf-8-sig")):
        (record,) = read(raw + (b"" if raw[:2] == b"\xff\xfe" else b"\n"), "a.jsonl")
        assert isinstance(record, RawDocument)
        assert record.content == text


def test_an_array_and_a_printed_object(read: Read) -> None:
    array = b' [ {"text": "one ] , \\" }"},\n  {"text": "two"} , 3, {"text": ["a", "b"]} ]\n'
    records = read(array, "a.json")
    assert _codes(records) == ["ok", "ok", "invalid_json", "ok"]
    assert isinstance(records[0], RawDocument)
    assert records[0].content == 'one ] , " }'
    assert isinstance(records[1], RawDocument)
    assert (records[1].name, records[1].raw) == ("a.json#I2", b'{"text": "two"}')
    assert records[1].byte_offset == array.index(b'{"text": "two"}')
    assert isinstance(records[3], RawDocument)
    assert records[3].content == "a\n\nb"
    (record,) = read(json.dumps({"text": "one"}, indent=2).encode(), "b.json")
    assert isinstance(record, RawDocument)
    assert record.name == "b.json#I1"


def test_an_array_that_breaks_off(read: Read) -> None:
    records = read(b'[{"text": "one"}, {"text": "tw', "a.json")
    assert _codes(records) == ["ok", "invalid_json"]
    assert isinstance(records[1], Reject)
    assert records[1].raw == b' {"text": "tw'
    assert _codes(read(b'[{"text": "one"}] and more', "b.json")) == ["ok", "invalid_json"]
    assert _codes(read(b"[]", "c.json")) == []


def test_items_larger_than_the_buffer(read: Read) -> None:
    items = [{"text": "x" * 200_000}, {"text": "y" * 10}]
    records = read(json.dumps(items).encode(), "a.json")
    assert [len(record.content or "") for record in records if isinstance(record, RawDocument)] == [200_000, 10]
    records = read(json.dumps(items).encode(), "b.json", ReadSettings(max_record_bytes=70_000))
    assert _codes(records) == ["record_too_large"]
