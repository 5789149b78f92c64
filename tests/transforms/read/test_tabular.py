from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from schemas.codes import RejectCode, SourceFormat
from schemas.records import RawDocument, Reject
from transforms.read.settings import ReadSettings

Read = Callable[..., list[RawDocument | Reject]]


def _codes(records: list[RawDocument | Reject]) -> list[str]:
    return [record.code.value if isinstance(record, Reject) else "ok" for record in records]


def test_rows(read: Read) -> None:
    raw = b'Title,Text,Author\nHarbour reopens,"The harbour, he said,\nreopened ""today"".",Ada Brook\n\nshort,row\n,,\nx,y,z\n'
    records = read(raw, "a.csv")
    assert _codes(records) == ["ok", "invalid_row", "ok"]
    first, wrong, last = records
    assert isinstance(first, RawDocument)
    assert first.content == 'The harbour, he said,\nreopened "today".'
    assert first.supplied.authors == ("Ada Brook",)
    assert (first.name, first.format) == ("a.csv#R1", SourceFormat.CSV)
    assert json.loads(first.raw) == {"Title": "Harbour reopens", "Text": first.content, "Author": "Ada Brook"}
    assert first.byte_offset == raw.index(b"Harbour")
    assert isinstance(wrong, Reject)
    assert (wrong.raw, wrong.byte_offset) == (b"short,row\n", raw.index(b"short"))
    assert "2 cells; the header has 3" in wrong.message
    assert isinstance(last, RawDocument)
    assert last.name == "a.csv#R3"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(read: Read, delimiter: str, end: str) -> None:
    raw = end.join([delimiter.join(["headline", "body"]), delimiter.join(["Eins", "Der Hafen öffnet"]), ""])
    (record,) = read(raw.encode(), "a.csv")
    assert isinstance(record, RawDocument)
    assert (record.content, record.supplied.headline) == ("Der Hafen öffnet", "Eins")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_charsets(read: Read, charset: str) -> None:
    text = "Порт снова открыт, сообщила городская газета в понедельник. " * 3
    (record,) = read(f'title;text\nПорт;"{text}"\n'.encode(charset), "a.csv")
    assert isinstance(record, RawDocument)
    assert (record.content or "").strip() == text.strip()


def test_an_open_quote_costs_one_row(read: Read) -> None:
    rows = [f"title {number},text {number}" for number in range(6)]
    rows[2] = 'title 2,"never closed'
    records = read(("title,text\n" + "\n".join(rows) + "\n").encode(), "a.csv")
    assert _codes(records) == ["ok", "ok", "invalid_row", "ok", "ok", "ok"]


def test_many_open_quotes_end_soon(read: Read) -> None:
    rows = "".join(f'"open {number},b\n' if number % 2 else f'c,"open {number}\n' for number in range(2001))
    records = read(b"title,text\n" + rows.encode(), "a.csv")
    assert _codes(records)[-1] == "invalid_row"


def test_a_huge_field_and_one_over_the_limit(read: Read) -> None:
    raw = b'title,text\na,"' + b"x " * 300_000 + b'"\nb,c\n'
    assert _codes(read(raw, "a.csv")) == ["ok", "ok"]
    records = read(raw, "b.csv", ReadSettings(max_record_bytes=100_000))
    assert _codes(records) == ["record_too_large", "ok"]


def test_without_a_text_column_each_row_says_so(read: Read) -> None:
    records = read(b"id,price\n1,2\n3,4\n", "a.csv")
    assert _codes(records) == ["missing_text", "missing_text"]
    assert isinstance(records[0], Reject)
    assert "id, price" in records[0].message


def test_a_chosen_dialect(read: Read) -> None:
    settings = ReadSettings(csv_delimiter="^", csv_quote="'")
    (record,) = read(b"title^text\na^'b ^ c'\n", "a.csv", settings)
    assert isinstance(record, RawDocument)
    assert record.content == "b ^ c"


def test_a_header_only(read: Read) -> None:
    assert read(b"title,text\n", "a.csv") == []
    assert RejectCode.INVALID_ROW.value in _codes(read(b'title,"text\n', "b.csv"))
