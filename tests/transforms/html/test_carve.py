"""One run of very many links costs no more than its text and reads as one of few links does."""

from __future__ import annotations

import time

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.html.page import parse_page
from transforms.html.rules import PageRules

RULES = PageRules.load()


@pytest.mark.parametrize("wrapper", ["{}", "<div class=story>{}</div>"])
def test_a_run_of_many_links(wrapper: str) -> None:
    markup = wrapper.format("Rain <b>fell</b> " + "<a href=x>north </a> " * 50_000)
    source = RawDocument("a.html", "a.html", SourceFormat.HTML, Payload.HTML, b"")
    started = time.process_time()
    parsed = parse_page(DecodedDocument(source, markup, "utf-8"), RULES)
    assert time.process_time() - started < 3
    assert parsed.text == "Rain fell " + " ".join(["north"] * 50_000)
    (block,) = parsed.blocks
    assert block.link_density > 0.99


LONG = "The ferry between the two islands was held in port for the third day, the harbour master said."


@pytest.mark.parametrize("attributes", ['{"x":1}', "{} {a}b=1", "a\x01b=1", " ".join(f"x{i}=1" for i in range(200))])
def test_attributes_with_impossible_names_do_no_harm(attributes: str) -> None:
    markup = f"<main><h1>Ferry held</h1><p {attributes} class=story>{LONG}</p><p>{LONG} Again.</p></main>"
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    parsed = parse_page(DecodedDocument(source, markup, "utf-8"), PageRules.load())
    assert LONG in parsed.text
    assert f"{LONG} Again." in parsed.text


@pytest.mark.parametrize(
    "around",
    ["<p>{}<br>{}</p>", "<table><tr><td>{}</td><td>{}</td></tr></table>", "<div>" + "<b>a </b>" * 2001 + "{}{}</div>"],
)
def test_characters_that_no_document_may_hold(around: str) -> None:
    """By reference a page can have them; lxml reads them and refuses to write them."""
    markup = f"<main><h1>Ferry held</h1><p>{LONG}</p>{around.format(LONG, '&#11;&#x1b;&#xffff;' + LONG)}</main>"
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    parsed = parse_page(DecodedDocument(source, markup, "utf-8"), RULES)
    assert parsed.text.count(LONG) == 3
