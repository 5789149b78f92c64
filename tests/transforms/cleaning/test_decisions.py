from __future__ import annotations

from pipeline.rules import load_rules
from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from schemas.rules import Where
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.decisions import Decisions
from transforms.text import parse_text

PROSE = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
RULES = clean_rules(load_rules())


def places(*texts: str) -> list[Where]:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"")
    decisions = Decisions(parse_text(DecodedDocument(source, "\n".join(texts), "utf-8")), RULES)
    decisions._find_prose()
    return [decisions._where(index) for index in range(len(decisions.units))]


def test_first_and_last_prose_part_head_body_and_tail() -> None:
    found = places("Nine lanterns", PROSE, "Ten lanterns", PROSE.replace("two", "three"), "Comments")
    assert found == [Where.HEAD, Where.BODY, Where.BODY, Where.BODY, Where.TAIL]


def test_without_prose_there_is_no_head_and_no_tail() -> None:
    assert places("Nine lanterns", "Ten lanterns") == [Where.ANY, Where.ANY]
