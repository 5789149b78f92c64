"""Finds where a text without markup ends and its leftovers begin, also where some leftovers are whole sentences.

Before: "… he said on Friday.", "Most read", "Our free daily email has all that you need to know."  After: the article ends
with the first line, so that rules of the tail hold for the others.

The last sentence of a text is not always the article's. Counted from the end, more leftovers that rules describe must
stand before the short sentences than there are of these; a long paragraph is always the article's.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.codes import Category
from schemas.records import Cut
from schemas.rules import Rule, Where
from transforms.cleaning.units import Lines, Unit

_AT_ENDS_ONLY = frozenset(
    {
        Category.COMMENTS,
        Category.COPYRIGHT,
        Category.LICENSE,
        Category.MOST_READ,
        Category.NEWSLETTER,
        Category.SHARE,
        Category.SIGN_OFF,
    }
)
"""What seldom stands between two paragraphs. Advertisements and links to other articles often do."""


def find_last_prose(lines: Lines, cuts: Sequence[Cut | None], prose: Sequence[int]) -> int:
    """The index of the unit that is the article's last paragraph; `prose` are those of all paragraphs, ascending."""
    limits = lines.rules.settings.article_end
    leftovers = sentences = 0
    begin = len(lines.units)
    is_prose = frozenset(prose)
    for index in range(len(lines.units) - 1, prose[0], -1):
        unit = lines.units[index]
        if cuts[index] is not None:
            continue
        if index in is_prose:
            if unit.words > limits.max_words:
                break
            if not lines.speaks_to_reader(unit.text, unit.words):
                sentences, leftovers = sentences + 1, 0
                if sentences > limits.max_sentences:
                    break
        elif _stands_at_ends(lines, unit):
            leftovers += 1
            if leftovers > sentences:
                begin = index
    return next(index for index in reversed(prose) if index < begin)


def _stands_at_ends(lines: Lines, unit: Unit) -> bool:
    return any(_is_of_ends(rule) for rule in lines.rules_of(unit.text, unit.words))


def _is_of_ends(rule: Rule) -> bool:
    return rule.where is Where.TAIL or (rule.where is Where.ANY and rule.category in _AT_ENDS_ONLY)
