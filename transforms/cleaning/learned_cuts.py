"""Cuts the lines that the article's site is known to repeat.

Before: the last line "The Courier is free to read", learned of example.org  After: its cut `learned.5f0c12ab34cd`.
It is asked when the rules are done, so it sees the lines that articles were sampled with: those that no rule takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.codes import BlockKind, Category, Scope
from schemas.records import Cut, ParsedDocument
from transforms.cleaning.units import Unit
from transforms.fold import fold_line
from transforms.learned.lines import LearnedLines
from transforms.learned.place import Place
from transforms.learned.sample import edges_of, line_id, may_be_learned
from transforms.learned.site import site_of
from transforms.learned.thresholds import thresholds

PREFIX = "learned."
"""What the rule ids of learned lines begin with; the line's id follows."""

_SPARED = (BlockKind.HEADLINE, BlockKind.HEADING)


def find_learned(
    parsed: ParsedDocument,
    units: Sequence[Unit],
    cuts: Sequence[Cut | None],
    headline: str | None,
    learned: LearnedLines,
) -> Mapping[int, Cut]:
    """The cuts of those open units that are learned lines, by index; none where they would be too much of the article.

    The headline and headings are never cut, whatever was learned.
    """
    if not learned.lines:
        return {}
    site = site_of(parsed)
    places = learned.places(site)
    if not places:
        return {}
    limits = thresholds()
    kept = [index for index, cut in enumerate(cuts) if cut is None]
    at_edge = edges_of([units[index].words for index in kept], limits.lines)
    anywhere = Place.ANYWHERE in places.values()
    folded_headline = fold_line(headline) if headline else None
    found: dict[int, Cut] = {}
    for index, is_edge in zip(kept, at_edge, strict=True):
        unit = units[index]
        # Most lines are paragraphs in the middle, where nothing long is ever learned: they aren't even folded.
        in_middle = limits.lines.label_words < unit.words <= limits.lines.short_words
        if not is_edge and not (anywhere and in_middle):
            continue
        if unit.kind in _SPARED or not may_be_learned(unit.text, unit.words, limits.lines):
            continue
        identity = line_id(site, unit.text)
        place = places.get(identity)
        if place is None or not (is_edge or place is Place.ANYWHERE) or fold_line(unit.text) == folded_headline:
            continue
        found[index] = Cut(PREFIX + identity, Category.SITE_TEMPLATE, Scope.LEARNED)
    words = sum(units[index].words for index in kept)
    if sum(units[index].words for index in found) > limits.apply.max_share * words:
        return {}
    return found
