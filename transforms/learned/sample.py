"""One sampled article as hashes: what is counted to learn what its site repeats.

Before: the cleaned body "Talks resumed …\\n…\\nThe Courier is free to read"  After: `SampledArticle(site, key, sketch, lines)`
with a 12-digit id for each line that might be the site's, and whether it stands at an edge of the body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from schemas.records import CleanedDocument
from transforms.cleaning.shapes import count_words
from transforms.fold import fold_line
from transforms.learned.site import site_of
from transforms.learned.story import Sketch, sketch_of
from transforms.learned.thresholds import LineLimits, Thresholds

ID_LENGTH = 12
"""Hexadecimal digits of a line's id: 48 bits, unique among any number of lines that a lake will learn."""


class SampledLine(NamedTuple):
    """A line of one article; `id` is that of the line on its site."""

    id: str
    at_edge: bool
    is_long: bool


class SampledArticle(NamedTuple):
    """An article as hashes. `key` tells it from others (16 hexadecimal digits), `lines` has each id once, sorted."""

    site: str
    key: str
    sketch: Sketch
    lines: tuple[SampledLine, ...]


class Sampled(NamedTuple):
    """A sampled article and, for those who count only, the text of its lines by id."""

    article: SampledArticle
    texts: dict[str, str]


def line_id(site: str, line: str) -> str:
    """The id of a line of a site: the same whatever its case, quotes, bullets and end marks."""
    folded = f"{site}\0{fold_line(line)}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(folded, digest_size=ID_LENGTH // 2).hexdigest()


def is_at_edge(index: int, count: int, limits: LineLimits) -> bool:
    """Whether line `index` of a body of `count` lines is one of its first or last."""
    return index < limits.head_lines or index >= count - min(limits.tail_lines, count // 2)


def may_be_learned(line: str, words: int, limits: LineLimits) -> bool:
    """Whether the line could be a site's at all: it has letters, and is no whole page."""
    return words <= limits.max_words and any(character.isalpha() for character in line)


def sample_article(cleaned: CleanedDocument, limits: Thresholds) -> Sampled | None:
    """`cleaned` as hashes; None where it has too little text to tell it from other articles.

    `cleaned` must come from cleaning without learned lines, or these would never be seen again.
    """
    lines = cleaned.body.split("\n")
    sketch = sketch_of(lines, limits.stories)
    if not sketch:
        return None
    site = site_of(cleaned.parsed)
    headline = fold_line(cleaned.headline) if cleaned.headline else None
    found: dict[str, SampledLine] = {}
    texts: dict[str, str] = {}
    for index in _in_order(lines, limits.lines):
        line = lines[index]
        words = count_words(line)
        at_edge, is_long = is_at_edge(index, len(lines), limits.lines), words > limits.lines.short_words
        if not may_be_learned(line, words, limits.lines) or fold_line(line) == headline or (is_long and not at_edge):
            continue
        identity = line_id(site, line)
        if identity not in found:
            if len(found) >= limits.lines.per_article:
                break
            found[identity] = SampledLine(identity, at_edge, is_long)
            texts[identity] = line
    source = cleaned.parsed.source
    # By name and text: the same article from another file is another article here, and told by its sketch.
    key = hashlib.blake2b(f"{source.name}\0{cleaned.fingerprint}".encode("utf-8", "surrogatepass"), digest_size=8)
    return Sampled(SampledArticle(site, key.hexdigest(), sketch, tuple(sorted(found.values()))), texts)


def _in_order(lines: Sequence[str], limits: LineLimits) -> list[int]:
    """The places of the lines in the order in which they are looked at: edges first, the tail before the head."""
    count = len(lines)
    edge = [index for index in reversed(range(count)) if is_at_edge(index, count, limits)]
    return edge + [index for index in range(count) if not is_at_edge(index, count, limits)]
