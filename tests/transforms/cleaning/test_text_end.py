from __future__ import annotations

import pytest

from schemas.codes import Category, Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from schemas.rules import Match, Rule, Where
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.text_end import find_end_stretches
from transforms.cleaning.units import Lines
from transforms.text import parse_text

RULES = clean_rules(
    [
        Rule("a.share", Match.EXACT, Category.SHARE, ("Share this story",)),
        Rule("b.desk", Match.PATTERN, Category.SIGN_OFF, pattern="[A-Z]{2}/[A-Z]{2}", where=Where.TAIL),
        Rule("c.two", Match.PATTERN, Category.COPYRIGHT, pattern=r"copyright \d{4} Example[.] All rights reserved"),
        Rule("d.head", Match.EXACT, Category.OTHER, ("Listen now",), where=Where.HEAD),
    ]
)
TEXT = "The harbour reopened on Monday, the council said."


def found(text: str, start: int = 0) -> list[str]:
    source = RawDocument("a", "a", SourceFormat.TEXT, Payload.TEXT, text.encode())
    lines = Lines(parse_text(DecodedDocument(source, text, "utf-8")), RULES)
    unit = lines.units[-1]
    return [unit.text[stretch.start : stretch.end].strip() for stretch in find_end_stretches(lines, unit, start)]


@pytest.mark.parametrize(
    ("end", "stretches"),
    [
        ("", []),
        (" Share this story", ["Share this story"]),
        (" AB/CD     Share this story", ["Share this story", "AB/CD"]),
        (" Copyright 2020 Example. All rights reserved.", ["Copyright 2020 Example. All rights reserved."]),
        (" Nobody will share this story", []),
        (" Share this story. The mayor left.", []),
        (" Listen now", []),
    ],
)
def test_leftovers_behind_the_last_sentence(end: str, stretches: list[str]) -> None:
    assert found(TEXT + end) == stretches


def test_a_gap_is_a_break_where_no_sentence_ends() -> None:
    assert found("The harbour reopened on Monday    Share this story") == ["Share this story"]
    assert found("The harbour reopened on Monday Share this story") == []


def test_nothing_before_the_start_is_taken() -> None:
    assert found(f"{TEXT} Share this story", len(TEXT) + 1) == []
    assert found("Share this story") == []
