"""Reads the microdata of a page that belongs to the article itself.

Before: `<span itemprop="author"><a itemprop="name">Jane Roe</a></span>`. After: authors "Jane Roe" from itemprop:author.
Properties are those of schema.org; items of comments, videos and products beside the article are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from transforms.metadata.element_text import element_text

_ITEMPROPS = {
    "headline": "headline",
    "author": "authors",
    "creator": "authors",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "articlesection": "section",
    "isaccessibleforfree": "is_accessible_for_free",
    "license": "license",
}
_FOREIGN_SCOPES = (
    "Comment",
    "Review",
    "VideoObject",
    "ImageObject",
    "AudioObject",
    "Product",
    "UserComments",
    "Answer",
)

_REACH = 400
"""Elements after the heading within which an author or headline is the article's own."""

_MAX_VALUE = 200


class Property(NamedTuple):
    """One value: the field of PageMetadata it states, the value, and its source ("itemprop:author")."""

    field: str
    value: str
    source: str


def read_microdata(elements: Sequence[tuple[int, Any]], heading: int | None) -> Iterator[Property]:
    """The article's properties among `elements`, which are (place in document order, element with an itemprop).

    `heading` is the place of the article's heading, if there is one.
    """
    for index, element in elements:
        for name in element.get("itemprop").lower().split():
            field = _ITEMPROPS.get(name)
            if field is None or _in_foreign_scope(element):
                continue
            far = heading is not None and index > heading + _REACH
            if far and field in ("authors", "headline") and element.tag != "meta":
                continue
            for value in _values(element, field):
                yield Property(field, value, f"itemprop:{name}")


def _values(element: Any, field: str) -> list[str]:
    stated = element.get("content") or element.get("datetime")
    if stated:
        return [stated]
    if field == "authors":
        inner = islice(element.iterdescendants("*"), 200)
        names = [e for e in inner if "name" in (e.get("itemprop") or "").lower().split()]
        if names:
            return [e.get("content") or element_text(e) for e in names[:20]]
    text = element_text(element)
    return [text] if 0 < len(text) <= _MAX_VALUE else []


def _in_foreign_scope(element: Any) -> bool:
    """Whether the nearest item that the property belongs to is a comment, a video … and not the article."""
    node = element.getparent()
    while node is not None:
        if node.get("itemscope") is not None:
            return (node.get("itemtype") or "").rstrip("/").endswith(_FOREIGN_SCOPES)
        node = node.getparent()
    return False
