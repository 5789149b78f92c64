from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import BlockKind, Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import DecodedDocument, RawDocument
from transforms.text import parse_text


def decoded(text: str) -> DecodedDocument:
    raw = text.encode("utf-8", "surrogatepass")
    return DecodedDocument(RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, raw), text, "utf-8")


def lines_of(text: str) -> list[str]:
    parsed = parse_text(decoded(text))
    return [parsed.text[block.start : block.end] for block in parsed.blocks]


def test_each_line_is_a_block_of_raw_text() -> None:
    parsed = parse_text(decoded("  A\u00a0headline \r\n\r\n\tBy Staff"))
    assert [(block.start, block.end, block.kind) for block in parsed.blocks] == [
        (2, 12, BlockKind.LINE),
        (18, 26, BlockKind.LINE),
    ]
    assert parsed.text[2:12] == "A\u00a0headline"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\f", "\n\n", "\x85"])
def test_every_line_end_parts_lines(end: str) -> None:
    assert lines_of(f"One{end}two") == ["One", "two"]


def test_more_lines_than_the_limit_are_a_reject() -> None:
    assert len(parse_text(decoded("a\n\n" * 3), 3).blocks) == 3
    with pytest.raises(RecordError, match="more than 3 lines") as caught:
        parse_text(decoded("a\n" * 4), 3)
    assert caught.value.code is RejectCode.TOO_MANY_LINES


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\u00a0\u3000\f"])
def test_white_space_is_no_text(text: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_text(decoded(text))
    assert caught.value.code is RejectCode.NO_TEXT
    assert "a.txt" in caught.value.message


@given(st.text(alphabet="ab \n\r\t\u00a0\u2028\u200b", min_size=1, max_size=60))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_nothing_visible_stands_outside_the_blocks(text: str) -> None:
    if not text.strip():
        return
    parsed = parse_text(decoded(text))
    outside, position = "", 0
    for block in parsed.blocks:
        assert block.start >= position
        outside += text[position : block.start]
        position = block.end
    assert (outside + text[position:]).strip() == ""
