"""Recognises the headline of a text without markup by its shape and its place.

Before: lines "Advertisement", "President Urges Expansion of Ties", "TEHRAN (Tasnim) – …"  After: the second line.
A first sentence is no headline; a text without headline has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.records import Cut
from transforms.cleaning.shapes import (
    CLOSERS,
    ends_sentence,
    has_sentence_break,
    is_list_item,
    is_prose,
    is_title_case,
    starts_lower,
)
from transforms.cleaning.units import Lines, Unit
from transforms.dateline import find_dateline
from transforms.fold import fold_line

_MAX_SENTENCE_WORDS = 12
"""A longer sentence with its full stop that comes twice is a doubled first paragraph."""


def find_headline_line(lines: Lines, cuts: Sequence[Cut | None], first_prose: int) -> int | None:
    """The index of the unit that is the headline, or None.

    It is the first line up to `first_prose` that is no known leftover, byline or date line, if its shape allows it:
    it decides alone, so that no line further down is taken when the first one is text.
    """
    limits = lines.rules.settings.headline
    for index, unit in enumerate(lines.units[: min(limits.max_lines_before, first_prose + 1)]):
        if cuts[index] is not None or lines.is_known(unit.text, unit.words):
            continue
        is_cue = index < first_prose and lines.is_cue(unit.text, unit.words, at_edge=False)
        if is_cue and not _is_said_again(lines, index):
            continue
        return index if _has_shape(lines, cuts, index) else None
    return None


def _has_shape(lines: Lines, cuts: Sequence[Cut | None], index: int) -> bool:
    """Whether the unit is short, is not a sentence, and prose begins soon after it."""
    limits, unit = lines.rules.settings.headline, lines.units[index]
    if not limits.min_words <= unit.words <= limits.max_words_followed or len(unit.text) > limits.max_characters:
        return False
    if is_list_item(unit.text) or unit.text[-1:] in ":,;":
        return False
    is_doubtful = unit.words > limits.max_words or starts_lower(unit.text)
    if is_doubtful and not (_is_said_again(lines, index) or _begins_article(lines, index + 1)):
        return False
    following = range(index + 1, min(len(lines.units), index + limits.max_lines_to_prose + 1))
    if not any(cuts[i] is None and lines.is_prose(lines.units[i]) for i in following):
        return False
    return find_dateline(unit.text) is None and (_is_said_again(lines, index) or _ends_like_headline(lines, unit))


def _begins_article(lines: Lines, index: int) -> bool:
    """Whether unit `index` is what stands between a headline and its article, or a first paragraph with its dateline."""
    unit = lines.units[index] if index < len(lines.units) else None
    return unit is not None and (lines.is_known(unit.text, unit.words) or find_dateline(unit.text) is not None)


def _ends_like_headline(lines: Lines, unit: Unit) -> bool:
    """No full stop; a question or exclamation, if it is a single one or in title case; dots, if it is short."""
    if not ends_sentence(unit.text):
        return True
    bare = unit.text.rstrip(CLOSERS)
    if bare.endswith(("...", "…")):
        return unit.words < lines.rules.settings.prose.sure_words
    if bare[-1:] not in "?!？！" or unit.words > lines.rules.settings.headline.max_question_words:
        return False
    return not has_sentence_break(unit.text) or is_title_case(unit.text)


def _is_said_again(lines: Lines, index: int) -> bool:
    """Whether the line comes again at once, before any prose: a doubled headline rather than a doubled body."""
    said = lines.units[index]
    if said.words > _MAX_SENTENCE_WORDS and ends_sentence(said.text):
        return False
    folded = fold_line(said.text)
    for unit in lines.units[index + 1 : index + 4]:
        if fold_line(unit.text) == folded:
            return True
        if is_prose(unit.text, unit.words, lines.rules.settings.prose):
            return False
    return False
