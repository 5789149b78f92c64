"""A page as a whole: nothing visible is lost, the article is found, hostile markup does no harm."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.codes import BlockKind, Category, Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import DecodedDocument, ParsedDocument, RawDocument
from transforms.html.outline import INVISIBLE
from transforms.html.page import parse_page
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree

RULES = PageRules.load()
LONG = "The ferry between the two islands was held in port for the third day, the harbour master said."
STORY = f"""<html><head><title>Ferry held in port - The Example</title></head><body>
<header><a href="/">The Example</a></header><nav><ul><li><a>News</a></li><li><a>Sport</a></li></ul></nav>
<main><article><p class="kicker">Shipping</p><h1>Ferry held in port</h1>
<p class="standfirst">Passengers slept in the terminal as the storm went on</p>
<p class="byline">By Ana Example</p><div class="share-bar"><a>Share</a> <a>Mail</a></div>
<figure><img src="x"><figcaption>The ferry. Photo: Example</figcaption></figure>
<div class="story"><p>{LONG} <a href="/map">See the map</a>.</p><h2>No end in sight</h2><p>{LONG}</p>
<aside class="related-articles"><h3>Related</h3><a>Storm hits coast</a></aside>
<ul><li>Rain: 12 mm</li><li>Wind: 9 Bft</li></ul><blockquote><p>{LONG}</p></blockquote><p>{LONG}</p></div>
<div class="author-bio">Ana Example writes about ships.</div></article></main>
<footer>© The Example</footer><script>var a = "<p>no</p>";</script></body></html>"""
_SPACE = re.compile("[\\s\x1c-\x1f\u00ad\u200b-\u200f\u2060\ufeff]+")


def parse(markup: str) -> ParsedDocument:
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    return parse_page(DecodedDocument(source, markup, "utf-8"), RULES)


def kept(parsed: ParsedDocument) -> list[str]:
    return [parsed.text[block.start : block.end] for block in parsed.blocks if block.cut is None]


def visible(markup: str) -> str:
    """All visible characters of the body but white space, by another way than the code under test."""
    try:
        body = parse_tree(markup).find("body")
    except RecordError:
        return ""
    if body is None:
        return ""
    etree.strip_elements(body, *INVISIBLE, with_tail=False)
    return _SPACE.sub("", "".join(body.itertext()))


def assert_sound(parsed: ParsedDocument, markup: str) -> None:
    end = 0
    for block in parsed.blocks:
        assert block.start < block.end
        assert not parsed.text[end : block.start].strip()
        end = block.end
    assert end == len(parsed.text)
    assert _SPACE.sub("", parsed.text) == visible(markup)


def test_a_story() -> None:
    parsed = parse(STORY)
    assert_sound(parsed, STORY)
    assert kept(parsed) == [
        "Ferry held in port",
        "Passengers slept in the terminal as the storm went on",
        f"{LONG} See the map.",
        "No end in sight",
        LONG,
        "Rain: 12 mm",
        "Wind: 9 Bft",
        LONG,
        LONG,
    ]
    kinds = [block.kind for block in parsed.blocks if block.cut is None]
    assert kinds[:2] == [BlockKind.HEADLINE, BlockKind.STANDFIRST]
    assert kinds[3:8] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
        BlockKind.QUOTE,
    ]
    cuts = {parsed.text[block.start : block.end]: block.cut for block in parsed.blocks if block.cut is not None}
    assert {text: cut.category for text, cut in cuts.items()} == {
        "The Example\nNews\nSport": Category.PAGE_CHROME,
        "Shipping": Category.NAVIGATION,
        "By Ana Example": Category.BYLINE,
        "Share Mail": Category.SHARE,
        "The ferry. Photo: Example": Category.CAPTION,
        "Related\nStorm hits coast": Category.RELATED,
        "Ana Example writes about ships.": Category.BYLINE,
        "© The Example": Category.PAGE_CHROME,
    }


def test_twice_is_the_same() -> None:
    assert parse(STORY) == parse(STORY)


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        (f"<div>{LONG}<br><br>{LONG}<br>Third.</div>", [LONG, f"{LONG} Third."]),
        (f"<div><div>{LONG}</div><div>{LONG}</div></div>", [LONG, LONG]),
        (f"<nav><p>{LONG}</p><p>{LONG}</p>", [LONG, LONG]),
        (f"<form><p>{LONG}</p><p>{LONG}</p></form>", [LONG, LONG]),
        (f"<p>{LONG}</p><pre>a\n b</pre>", [LONG, "a\nb"]),
        ("only a line", ["only a line"]),
        ("<xmp><b>code</b></xmp>", ["<b>code</b>"]),
    ],
)
def test_odd_markup(markup: str, body: list[str]) -> None:
    assert kept(parse(markup)) == body


def test_marks_of_the_page_itself_are_not_believed() -> None:
    markup = f'<hr data-cut="99"><div data-role="headline" data-links="zz">Hello</div><p>{LONG}</p><hr data-cut="x">'
    parsed = parse(markup)
    assert_sound(parsed, markup)
    assert all(block.kind is not BlockKind.HEADLINE for block in parsed.blocks)


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body></body></html>",
        "<html><head><title>Only a title</title></head></html>",
        "<frameset><frame src='a'><noframes>none</noframes></frameset>",
        "<body><script>var a</script><img alt='x'></body>",
        "<p>&nbsp;\u200b</p>",
    ],
)
def test_pages_without_visible_text_are_lost_by_name(markup: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse(markup)
    assert caught.value.code is RejectCode.NO_TEXT


@pytest.mark.parametrize("depth", [1_600, 10_000])
def test_pages_nested_too_deep_are_lost_by_name(depth: int) -> None:
    with pytest.raises(RecordError) as caught:
        parse("<div>" * depth + f"<p>{LONG}</p>")
    assert caught.value.code is RejectCode.TOO_DEEP


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 1_000 + f"<p>{LONG}</p>" * 500,
        "<a href=x>t" * 3_000,
        "<ul>" + "<li>item" * 3_000,
        "<h1>Rain</h1>" * 3_000,
        "<figure>" * 900 + "<p>short</p>" * 1_000 + "<table></table>",
        f'<div class="{"a b-c " * 200_000}"><p>{LONG}</p></div>',
        f"<table><tr><td colspan=9007199254740992>x</td></tr></table><p>{LONG}</p>",
        "<p>" + "<" * 200_000,
        "<p>" + "&" * 200_000,
        "<p " + " ".join(f"a{number}=1" for number in range(3_000)) + f">{LONG}</p>",
    ],
    ids=["deep", "links", "items", "headlines", "figures", "labels", "colspan", "angles", "ampersands", "attributes"],
)
def test_hostile_markup_neither_hangs_nor_loses(markup: str) -> None:
    started = time.process_time()
    parsed = parse(markup)
    assert time.process_time() - started < 5
    assert_sound(parsed, markup)


_TAGS = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a",
        "b",
        "li",
        "ul",
        "h1",
        "h2",
        "td",
        "tr",
        "table",
        "br",
        "hr",
        "nav",
        "figure",
        "figcaption",
        "article",
        "aside",
        "pre",
        "blockquote",
        "x-y",
        "section",
    ]
)
_TEXT = st.text(st.sampled_from("abc é雨\n\t\xa0\u200b.,&<>1"), max_size=12) | st.just(LONG)
_OPEN = st.builds("<{} class='{}'>".format, _TAGS, st.sampled_from(["", "share", "story", "caption x"]))
_CLOSE = st.builds("</{}>".format, _TAGS)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(_OPEN | _CLOSE | _TEXT, max_size=25).map("".join))
def test_every_visible_character_is_in_one_block(markup: str) -> None:
    try:
        parsed = parse(markup)
    except RecordError:
        assert visible(markup) == ""
        return
    assert_sound(parsed, markup)
