from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import DecodedDocument, RawDocument
from transforms.html.rules import PageRules
from transforms.parse import parse


def _decoded(text: str, payload: Payload) -> DecodedDocument:
    return DecodedDocument(RawDocument("a", "a", SourceFormat.HTML, payload, text.encode()), text, "utf-8")


def _rules(max_lines: int) -> PageRules:
    rules = PageRules.load()
    return replace(rules, limits=replace(rules.limits, max_lines=max_lines))


@pytest.mark.parametrize(
    ("text", "payload"),
    [("One\nTwo\nThree", Payload.TEXT), ("<article><p>One</p><p>Two</p><p>Three</p></article>", Payload.HTML)],
)
def test_records_of_too_many_lines_are_rejects(text: str, payload: Payload) -> None:
    assert len(parse(_decoded(text, payload), _rules(3), None).blocks) == 3
    with pytest.raises(RecordError) as caught:
        parse(_decoded(text, payload), _rules(2), None)
    assert caught.value.code is RejectCode.TOO_MANY_LINES
