"""The stated text of an article is heard where it is whole, and never otherwise."""

from __future__ import annotations

import json

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, ParsedDocument, RawDocument
from transforms.html.rules import PageRules
from transforms.parse import parse

RULES = PageRules.load()
PARAGRAPHS = [
    f"On day {day} the harbour master kept the ferry in port, because the waves at pier {day} were {day + 3} metres high."
    for day in range(1, 8)
]
POLL = "Would you have slept in the terminal like these passengers did?"


def page(blocks: list[str], witness: str, kind: str = "NewsArticle") -> ParsedDocument:
    stated = json.dumps({"@type": kind, "headline": "Ferry held in port", "articleBody": witness})
    body = "".join(f"<p>{block}</p>" if not block.startswith("<") else block for block in blocks)
    markup = (
        f'<html><head><script type="application/ld+json">{stated}</script></head>'
        f"<body><article><h1>Ferry held in port</h1>{body}</article></body></html>"
    )
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    return parse(DecodedDocument(source, markup, "utf-8"), RULES, None)


def cut_by_witness(parsed: ParsedDocument) -> list[str]:
    cuts = [(parsed.text[b.start : b.end], b.cut) for b in parsed.blocks]
    return [text for text, cut in cuts if cut is not None and cut.rule_id == "page.witness"]


def test_what_the_whole_witness_lacks_goes_from_the_middle_and_the_end() -> None:
    parsed = page([*PARAGRAPHS[:4], POLL, *PARAGRAPHS[4:], "Ask our harbour editor anything."], " ".join(PARAGRAPHS))
    assert cut_by_witness(parsed) == [POLL, "Ask our harbour editor anything."]
    assert parsed.metadata.article_body == ()


def test_markup_and_missing_spaces_in_the_witness_do_no_harm() -> None:
    witness = "".join(f"&lt;p&gt;{each.upper()}&lt;/p&gt;" for each in PARAGRAPHS)
    assert cut_by_witness(page([*PARAGRAPHS, POLL], witness)) == [POLL]


@pytest.mark.parametrize(
    "block", ["<h2>No end of the storm in sight</h2>", "<blockquote>We slept on our coats</blockquote>", "* * *"]
)
def test_headings_quotes_and_ornaments_are_not_asked_for(block: str) -> None:
    assert cut_by_witness(page([*PARAGRAPHS[:4], block, *PARAGRAPHS[4:]], " ".join(PARAGRAPHS))) == []


@pytest.mark.parametrize(
    "witness",
    [
        " ".join(PARAGRAPHS[:3]),  # a part
        " ".join(PARAGRAPHS[:6]) + " …",
        " ".join(PARAGRAPHS)[:-50],
        " ".join(PARAGRAPHS) + " And a second article that is nowhere on this page stands in the witness too." * 3,
        PARAGRAPHS[0],
        "",
    ],
)
def test_a_witness_that_is_not_whole_is_not_heard(witness: str) -> None:
    assert cut_by_witness(page([*PARAGRAPHS, POLL], witness)) == []


def test_only_an_article_is_a_witness() -> None:
    assert cut_by_witness(page([*PARAGRAPHS, POLL], " ".join(PARAGRAPHS), kind="Product")) == []


def test_the_introduction_stays() -> None:
    assert (
        cut_by_witness(
            page(["Passengers slept in the terminal as the storm went on.", *PARAGRAPHS], " ".join(PARAGRAPHS))
        )
        == []
    )


def test_huge_pages_are_not_searched() -> None:
    witness = "word " * 30_000
    assert cut_by_witness(page([f"Line {number} of a very long list" for number in range(2000)], witness)) == []
