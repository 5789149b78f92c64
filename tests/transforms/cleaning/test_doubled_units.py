from __future__ import annotations

from pipeline.rules import load_rules
from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.cleaning import cuts
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.doubled_units import find_doubled
from transforms.cleaning.units import Lines
from transforms.text import parse_text

A = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
B = "The chairman said that the boats would pay for themselves within a year, given enough walkers."
RULES = clean_rules(load_rules())


def lines(*texts: str) -> Lines:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"")
    return Lines(parse_text(DecodedDocument(source, "\n".join(texts), "utf-8")), RULES)


def test_the_second_copy_goes_and_what_only_one_copy_has() -> None:
    doubled = lines(A, "Nine lanterns", B, A, B)
    assert find_doubled(doubled, [None] * 5) == {1: cuts.INTRUDER, 3: cuts.BODY_REPEAT, 4: cuts.BODY_REPEAT}


def test_units_already_cut_are_no_copies() -> None:
    doubled = lines(A, B, A, B)
    assert find_doubled(doubled, [cuts.HEADLINE, cuts.HEADLINE, None, None]) == {}


def test_nothing_doubled_nothing_cut() -> None:
    assert find_doubled(lines(A, B), [None, None]) == {}
