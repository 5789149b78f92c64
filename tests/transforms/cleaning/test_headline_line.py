from __future__ import annotations

import pytest

from schemas.codes import Category, Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from schemas.rules import Match, Rule
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.headline_line import find_headline_line
from transforms.cleaning.units import Lines
from transforms.text import parse_text

RULES = clean_rules([Rule("a.ad", Match.EXACT, Category.ADVERTISEMENT, ("Advertisement",))])
PROSE = "The harbour of the old town reopened on Monday after a storm that lasted three days."


def headline(*texts: str) -> str | None:
    text = "\n\n".join(texts)
    source = RawDocument("a", "a", SourceFormat.TEXT, Payload.TEXT, text.encode())
    lines = Lines(parse_text(DecodedDocument(source, text, "utf-8")), RULES)
    first = next(index for index, unit in enumerate(lines.units) if lines.is_prose(unit))
    index = find_headline_line(lines, [None] * len(lines.units), first)
    return None if index is None else lines.units[index].text


@pytest.mark.parametrize(
    "line",
    [
        "President Urges Expansion of Iran-Russia Military Ties",
        "Harbour reopens",
        "Who pays for the storm?",
        "What Are the Different Types of Harbours? And How Do Towns Choose?",
        "Two out of three buyers were influenced by friends. Here’s why that can be a mistake, adviser says",
        "‘We will be back’",
        "港口重新开放",
        "Deputy minister: “harbour safe”",
    ],
)
def test_headlines(line: str) -> None:
    assert headline(line, PROSE) == line
    assert headline("Advertisement", "By Maria Keller", line, PROSE) == line


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "Rain fell on Monday.",
        "Was it the storm? It was not. Who was it?",
        "- Harbour reopens",
        "harbour reopens",
        "In this issue:",
        "MOSCOW – The harbour reopened",
        "Harbour",
        "3 min read",
    ],
)
def test_no_headlines(line: str) -> None:
    assert headline(line, PROSE, PROSE) is None


def test_a_line_far_from_any_prose_is_none() -> None:
    assert headline("Harbour reopens", *[f"Line {number}" for number in range(9)], PROSE) is None


def test_a_cue_line_that_comes_twice_is_the_headline() -> None:
    assert headline("Share your story", "Share your story", PROSE) == "Share your story"
    assert headline("Share your story", PROSE) is None


LONG_LINE = "The council of the old town hears from the port that ferries will not sail before the two cranes are mended next spring"
QUESTION = "Have you ever asked yourself how many words a sailor needs to moor a boat in bad weather?"


def test_a_long_first_line_is_a_headline_only_before_what_follows_headlines() -> None:
    assert headline(LONG_LINE, PROSE, PROSE) is None
    assert headline(LONG_LINE, "By Maria Keller", PROSE) == LONG_LINE
    assert headline(LONG_LINE, "Advertisement", PROSE) == LONG_LINE
    assert headline(LONG_LINE, f"LONDON (AFP) – {PROSE}") == LONG_LINE
    assert headline(LONG_LINE, LONG_LINE, PROSE) == LONG_LINE


def test_a_headline_in_lower_case_needs_the_same() -> None:
    assert headline("harbour reopens", "By Maria Keller", PROSE) == "harbour reopens"


def test_a_long_question_is_a_first_sentence() -> None:
    assert headline(QUESTION, PROSE, PROSE) is None
