"""Texts made to be slow: a step that compares lines with lines, or looks back from each, would break the bound."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from pipeline.rules import load_rules
from schemas.codes import Payload, SourceFormat
from schemas.errors import RecordError
from schemas.records import DecodedDocument, RawDocument
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import clean_rules
from transforms.text import parse_text

PROSE = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
LINES = 5000
MILLION = 1_000_000
SECONDS = 5.0
"""CPU seconds; each of these takes two at most, most well under one. With a quadratic step it was 9 to 20."""

TEXTS = {
    "a long tail": [PROSE, *(f"Lantern {number} of Elswick" for number in range(LINES))],
    "bylines in a long tail": [PROSE, *("By Ana Ruiz, Staff Writer", "Nine lanterns of Elswick") * (LINES // 2)],
    "equal lines": [PROSE, *["Nine lanterns of Elswick"] * LINES],
    "equal paragraphs": [PROSE] * LINES,
    "the headline again and again": ["Harbour board opens ferries", PROSE, *["Harbour board opens ferries"] * LINES],
    "lower case": [f"lantern {number} of elswick town" for number in range(LINES)],
    "one line": [f"{PROSE} " * (MILLION // len(PROSE))],
    "glued quotes": ['The mayor said: "At last."Ships had waited. ' * (MILLION // 44)],
    "glued German quotes": ["The mayor said: „At last.“Ships had waited. " * (MILLION // 44)],
    "glued guillemets": ["The mayor said: «At last.»Ships had waited. " * (MILLION // 44)],
    "one word": ["x" * MILLION],
    "marks": [". " * (MILLION // 2)],
}


@pytest.mark.parametrize("name", list(TEXTS))
def test_hostile_texts_are_cleaned_in_time(name: str) -> None:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"")
    parsed = parse_text(DecodedDocument(source, "\n".join(TEXTS[name]), "utf-8"))
    rules = clean_rules(load_rules())
    start = time.process_time()
    with suppress(RecordError):  # Nothing may be left: that is an answer as well.
        clean(parsed, rules)
    assert time.process_time() - start < SECONDS
