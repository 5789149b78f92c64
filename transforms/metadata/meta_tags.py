"""Reads the `<meta>` tags that state something about the article.

Before: `<meta property="og:title" content="Harbour reopens">`. After: ("headline", "Harbour reopens", "og:title").
Which name states which field stands in configs/metadata.toml (OpenGraph, Dublin Core, parsely, sailthru …).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from transforms.metadata.rules import MetadataRules

_OBJECT = "parsely-page"


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
            elif name.startswith("twitter:data") and rules.author_label_pattern.search(
                labels.get(name[len("twitter:data") :], "")
            ):
                ranked.append(("authors", 50, position, content, "twitter:data"))
            stated = _members(content) if name == _OBJECT else ((name, content),)
            known = [(rules.meta_fields[key], key, value) for key, value in stated if key in rules.meta_fields]
            if known:
                ranked.extend((field, rank, position, value, key) for (field, rank), key, value in known)
                break
    ranked.sort(key=lambda entry: entry[:3])
    return [MetaTag(field, value, name if ":" in name else f"meta:{name}") for field, _, _, value, name in ranked]


def _members(content: str) -> tuple[tuple[str, str], ...]:
    """The strings of parsely's older tag, a JSON object, by the names of its newer tags: {"pub_date": …} is "parsely-pub-date"."""
    try:
        stated = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    return tuple(
        (f"parsely-{key.replace('_', '-')}", value)
        for key, values in (stated.items() if isinstance(stated, dict) else ())
        for value in (values if isinstance(values, list) else [values])
        if isinstance(value, str) and value
    )
