"""One sampled article as hashes: what is counted to learn what its site repeats.

Before: the cleaned body "Talks resumed …\\n…\\nThe Courier is free to read"  After: `SampledArticle(site, key, sketch, lines)`
with a 12-digit id for each line that might be the site's, and whether it stands at an edge of the body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from schemas.codes import BlockKind
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


def edges_of(words: Sequence[int], limits: LineLimits) -> tuple[bool, ...]:
    """For each line of a body, by its number of words, whether it stands at the edge: among the first or the last lines, and if
    it is a label of a few words, with no paragraph between it and the end; a label above a paragraph is a subhead."""
    count = len(words)
    tail = count - min(limits.tail_lines, count // 2)
    paragraphs = [index for index, number in enumerate(words) if number >= limits.paragraph_words]
    first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (count, -1)
    return tuple(
        (index < limits.head_lines or index >= tail) and (number > limits.label_words or index < first or index > last)
        for index, number in enumerate(words)
    )


def may_be_learned(line: str, words: int, limits: LineLimits) -> bool:
    """Whether the line could be a site's at all: it has letters, and is no whole page."""
    return words <= limits.max_words and any(character.isalpha() for character in line)


def sample_article(cleaned: CleanedDocument, limits: Thresholds) -> Sampled | None:
    """`cleaned` as hashes; None where it has too little text to tell it from other articles.

    `cleaned` must come from cleaning without learned lines, or these would never be seen again.
    """
    lines = cleaned.body.split("\n")
    words = [count_words(line) for line in lines]
    at_edge = edges_of(words, limits.lines)
    sketch = sketch_of(lines, limits.stories)
    if not sketch:
        return None
    site = site_of(cleaned.parsed)
    spared = _headings(cleaned)
    found: dict[str, SampledLine] = {}
    texts: dict[str, str] = {}
    # Edges first, the last line before the first: a long list or table between them may go uncounted.
    for index in sorted(range(len(lines)), key=lambda index: (not at_edge[index], -index)):
        line, is_long = lines[index], words[index] > limits.lines.short_words
        if not may_be_learned(line, words[index], limits.lines) or fold_line(line) in spared:
            continue
        if not at_edge[index] and (is_long or words[index] <= limits.lines.label_words):
            continue
        identity = line_id(site, line)
        if identity not in found:
            if len(found) >= limits.lines.per_article:
                break
            found[identity] = SampledLine(identity, at_edge[index], is_long)
            texts[identity] = line
    source = cleaned.parsed.source
    # By name and text: the same article from another file is another article here, and told by its sketch.
    key = hashlib.blake2b(f"{source.name}\0{cleaned.fingerprint}".encode("utf-8", "surrogatepass"), digest_size=8)
    return Sampled(SampledArticle(site, key.hexdigest(), sketch, tuple(sorted(found.values()))), texts)


def _headings(cleaned: CleanedDocument) -> frozenset[str]:
    """The headline and what a page marks as headings, folded: labels of a series ("Pros", "What happens next") are the
    article's own, however many articles have them."""
    parsed = cleaned.parsed
    marked = [parsed.text[block.start : block.end] for block in parsed.blocks if block.kind is BlockKind.HEADING]
    return frozenset(fold_line(text) for text in [cleaned.headline or "", *marked])
