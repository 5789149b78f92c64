"""What goes to the child, and what does not."""

from __future__ import annotations

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import RawDocument
from transforms.isolation.limits import Suspicion
from transforms.isolation.suspicion import suspicion_of

LIMITS = Suspicion(bytes=200_000, tags=1000, references=2000, line=90_000)


def page(raw: bytes) -> RawDocument:
    return RawDocument("a", "a", SourceFormat.HTML, Payload.HTML, raw)


def text(raw: bytes, content: str | None = None) -> RawDocument:
    return RawDocument("a", "a", SourceFormat.TEXT, Payload.TEXT, raw, content)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (page(b"x" * 200_001), "200,001 bytes"),
        (page(b"<b>" * 30_000), "30,000 tags"),
        (page(b"&amp;" * 30_000), "30,000 character references"),
        (text(b"x " * 50_000), "a line of 100,000 characters"),
        (text(b"", "x " * 50_000), "a line of 100,000 characters"),
        (text(b"x\r" * 50_000), None),
        (text(b"<" * 80_000), None),
        (page(b"x" * 100_000), None),
        (page(b"<b>&amp;" * 8000), None),
        (page(b""), None),
    ],
)
def test_why_a_record_is_suspect(document: RawDocument, why: str | None) -> None:
    assert suspicion_of(document, LIMITS) == why
