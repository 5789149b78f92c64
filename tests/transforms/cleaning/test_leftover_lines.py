from __future__ import annotations

import pytest

from pipeline.rules import load_rules
from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.cleaning import cuts
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.leftover_lines import LeftoverLines
from transforms.text import parse_text

PROSE = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
RULES = clean_rules(load_rules())


def decided(*texts: str) -> list[str | None]:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"")
    lines = LeftoverLines(parse_text(DecodedDocument(source, "\n".join(texts), "utf-8")), RULES)
    lines._find_prose()
    lines._cut_lines()
    once = list(lines.cuts)
    lines._cut_lines()
    assert lines.cuts == once
    return [cut.rule_id if cut else None for cut in once]


def test_shape_cuts_between_leftovers_of_the_tail() -> None:
    found = decided(PROSE, PROSE.replace("two", "three"), "Comments", "Nine lanterns of Elswick", "Share")
    assert found[3] == cuts.TAIL_SHAPE.rule_id
    assert None not in (found[2], found[4])


def test_shape_says_nothing_in_the_middle() -> None:
    assert decided(PROSE, "Nine lanterns of Elswick", PROSE.replace("two", "three"))[1] is None


@pytest.mark.parametrize(("lines", "goes"), [(1, True), (9, False)])
def test_a_long_run_that_only_shape_speaks_for_stays(lines: int, goes: bool) -> None:
    tail = [f"Lanterns of {place}wick" for place in "ABCDEFGHI"[:lines]]
    assert [cut is not None for cut in decided(PROSE, PROSE.replace("two", "three"), *tail)[2:]] == [goes] * lines
