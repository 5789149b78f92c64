from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Category, Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from schemas.rules import Match, Rule, Where
from transforms.cleaning.article_end import closes_article, find_last_prose
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.units import Lines
from transforms.text import parse_text

RULES = clean_rules(
    [
        Rule("a.ad", Match.EXACT, Category.ADVERTISEMENT, ("Advertisement",)),
        Rule("a.closed", Match.EXACT, Category.COMMENTS, ("Comments are closed",), where=Where.TAIL),
        Rule("a.read", Match.EXACT, Category.MOST_READ, ("Most read",), where=Where.TAIL),
        Rule("a.share", Match.EXACT, Category.SHARE, ("Share",)),
    ]
)
LONG = (
    "The harbour of the old town, which had been closed since the storm tore two cranes from the quay in March, reopened on "
    "Monday to the cheers of the crews that had waited outside the bay."
)
SHORT = "Nobody in the town had slept that night, she said."
PROMPT = "Our free daily email has each twist and turn of the saga that you follow."


def last_prose(*texts: str) -> int:
    text = "\n\n".join(texts)
    source = RawDocument("a", "a", SourceFormat.TEXT, Payload.TEXT, text.encode())
    lines = Lines(parse_text(DecodedDocument(source, text, "utf-8")), RULES)
    first = next(index for index, unit in enumerate(lines.units) if lines.is_prose(unit))
    return find_last_prose(lines, [None] * len(lines.units), first)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([LONG, SHORT], 1),
        ([LONG, "Comments are closed", SHORT], 0),
        ([LONG, "Share", SHORT], 2),  # one likely leftover against one sentence
        ([LONG, "Share", PROMPT], 0),  # the sentence speaks to the reader
        ([LONG, "Advertisement", PROMPT], 2),  # an advertisement may stand anywhere
        ([LONG, "Comments are closed", LONG], 2),  # a long paragraph is always the article's
        ([LONG, SHORT, "Most read", "Comments are closed"], 1),
        ([LONG, "Most read", SHORT, "Comments are closed", SHORT], 0),
        ([LONG, "Comments are closed", SHORT, SHORT, SHORT], 4),  # too many sentences
    ],
)
def test_last_paragraph(texts: list[str], expected: int) -> None:
    assert last_prose(*texts) == expected


def test_what_closes_an_article() -> None:
    assert closes_article(Where.TAIL, Category.COMMENTS)
    assert not closes_article(Where.ANY, Category.COMMENTS)
    assert not closes_article(Where.TAIL, Category.RELATED)


@given(st.lists(st.sampled_from([LONG, SHORT, PROMPT, "Advertisement", "Most read", "Share", "Who pays?"]), max_size=9))
@settings(derandomize=True, max_examples=60)
def test_never_before_the_last_long_paragraph(texts: list[str]) -> None:
    texts = [LONG, *texts]
    assert last_prose(*texts) >= max(index for index, text in enumerate(texts) if text == LONG)
