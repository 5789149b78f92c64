"""Whether an article can be read for free."""

from __future__ import annotations

import lxml.html
import pytest

from transforms.metadata.access import is_accessible_for_free
from transforms.metadata.page_metadata import collect


def _of(head: str) -> bool | None:
    return is_accessible_for_free(
        collect(lxml.html.document_fromstring(f"<html><head>{head}</head><body><h1>A</h1>"), None)
    )


def _article(rest: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A"{rest}}}</script>'


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (_article(', "isAccessibleForFree": false'), False),
        (_article(', "isAccessibleForFree": "False"'), False),
        (_article(', "isAccessibleForFree": "https://schema.org/True"'), True),
        (
            _article(
                ', "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".rest"}'
            ),
            False,
        ),
        (_article(', "hasPart": [{"isAccessibleForFree": true}, {"isAccessibleForFree": false}]'), False),
        (_article(', "hasPart": [{"isAccessibleForFree": true}]'), True),
        (_article(', "isAccessibleForFree": true, "hasPart": [{"isAccessibleForFree": false}]'), True),
        ('<meta property="article:content_tier" content="locked">', False),
        ('<meta property="article:content_tier" content="metered">', False),
        ('<meta property="article:content_tier" content="free">', True),
        ('<meta property="article:content_tier" content="article">', None),
        (_article(""), None),
        ("", None),
    ],
)
def test_access(head: str, free: bool | None) -> None:
    assert _of(head) is free
