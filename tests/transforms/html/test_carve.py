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
