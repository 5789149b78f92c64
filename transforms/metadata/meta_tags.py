"""Reads the `<meta>` tags that state something about the article.

Before: `<meta property="og:title" content="Harbour reopens">`. After: ("headline", "Harbour reopens", "og:title").
Which name states which field stands in configs/metadata.toml (OpenGraph, Dublin Core, parsely, sailthru …).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from transforms.metadata.rules import MetadataRules

_LABELLED_AUTHOR = re.compile(
    r"(?:written|posted) by|author|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|autor|написано",
    re.IGNORECASE,
)


class MetaTag(NamedTuple):
    """The field of PageMetadata that a tag states, its value as written, and its source ("og:title", "meta:author")."""

    field: str
    value: str
    source: str


def read_meta_tags(elements: Sequence[Any], rules: MetadataRules) -> list[MetaTag]:
    """What the `<meta>` elements state, ordered by field and within it by the rules' trust, then by place."""
    ranked: list[tuple[str, int, int, str, str]] = []
    labels: dict[str, str] = {}
    for position, element in enumerate(elements):
        content = element.get("content") or element.get("value")
        if not content:
            continue
        for attribute in ("property", "name", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if not name:
                continue
            if name.startswith("twitter:label"):
                labels[name[len("twitter:label") :]] = content
            elif name.startswith("twitter:data") and _LABELLED_AUTHOR.search(
                labels.get(name[len("twitter:data") :], "")
            ):
                ranked.append(("authors", 50, position, content, "twitter:data"))
            known = rules.meta_fields.get(name)
            if known:
                ranked.append((known[0], known[1], position, content, name))
                break
    ranked.sort(key=lambda entry: entry[:3])
    return [MetaTag(field, value, name if ":" in name else f"meta:{name}") for field, _, _, value, name in ranked]
