from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.decoding.decode import decode
from transforms.html.rules import PageRules
from transforms.parse import parse, parse_once
from transforms.parsed_earlier import keep, keeping, take

RULES = PageRules.load()
PAGE = b"<article><h1>Rain</h1><p>It rained in the valley all night long, and the river rose.</p></article>"


def _document(raw: bytes = PAGE, uri: str = "in/rain.html") -> DecodedDocument:
    return decode(RawDocument(uri, uri, SourceFormat.HTML, Payload.HTML, raw))


@pytest.fixture
def kept() -> Iterator[None]:
    with keeping():
        keep(parse(_document(), RULES, None))
        yield


@pytest.mark.usefixtures("kept")
def test_what_is_kept_is_handed_out_once_and_is_what_parsing_gives() -> None:
    document = _document()
    taken = take(document)
    assert taken == parse(document, RULES, None)
    assert taken is not None
    assert taken.source is document.source
    assert take(document) is None


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "other",
    [
        _document(PAGE.replace(b"rose", b"fell")),
        _document(uri="in/other.html"),
        replace(_document(), source=replace(_document().source, url="https://news.example/rain")),
    ],
)
def test_another_record_gets_nothing(other: DecodedDocument) -> None:
    assert take(other) is None


def test_nothing_is_kept_outside_of_a_run() -> None:
    keep(parse(_document(), RULES, None))
    assert take(_document()) is None
    with keeping():
        keep(parse(_document(), RULES, None))
    assert take(_document()) is None


def test_nothing_is_kept_where_there_is_no_room() -> None:
    with patch("transforms.parsed_earlier.MAX_CHARACTERS", 10), keeping():
        keep(parse(_document(), RULES, None))
        assert take(_document()) is None


@pytest.mark.usefixtures("kept")
def test_the_step_takes_what_is_kept() -> None:
    with patch("transforms.parse.parse", side_effect=AssertionError):
        assert parse_once(_document(), RULES, None).text
    assert parse_once(_document(), RULES, None).text
