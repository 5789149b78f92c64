"""Finds where a text without markup ends and its leftovers begin, also where some leftovers are whole sentences.

Before: "… he said on Friday.", "Most read", "Our free daily email has all that you need to know."  After: the article ends
with the first line, so that rules of the tail hold for the others.

The last sentence of a text is not always the article's. What stands before short sentences at the end must weigh more than
they do: a leftover that only ends have weighs 2, another one 1, a sentence 1 or 2. A long paragraph is always the article's.
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
    }
)
"""What seldom stands between two paragraphs. Advertisements and links to other articles often do."""


def find_last_prose(lines: Lines, cuts: Sequence[Cut | None], first: int) -> int:
    """The index of the unit that is the article's last paragraph; `first` is that of its first one.

    Looks at no more lines than there are behind the last long paragraph: asking what a line is costs time.
    """
    limits = lines.rules.settings.article_end
    evidence = weight = sentences = 0
    begin = len(lines.units)
    prose: list[int] = []
    for index in range(len(lines.units) - 1, first, -1):
        unit = lines.units[index]
        if cuts[index] is not None:
            continue
        if lines.is_prose(unit):
            prose.append(index)
            if unit.words > limits.max_words:
                break
            if not lines.speaks_to_reader(unit.text, unit.words):
                weight, evidence = weight + (1 if unit.words <= limits.short_words else 2), 0
                sentences += 1
                if sentences > limits.max_sentences:
                    break
        else:
            evidence += _evidence(lines, unit)
            if evidence > weight:
                begin, evidence, weight, sentences = index, 0, 0, 0
    found = next((index for index in prose if index < begin), None)
    if found is not None:
        return found
    before = (
        index for index in range(begin - 1, first, -1) if cuts[index] is None and lines.is_prose(lines.units[index])
    )
    return next(before, first)


def closes_article(rule_where: Where, category: Category) -> bool:
    """Whether a leftover of this kind, from a rule that holds in `rule_where`, never has the article's text behind it."""
    return rule_where is Where.TAIL and category in _AT_ENDS_ONLY


def _evidence(lines: Lines, unit: Unit) -> int:
    """How much the unit speaks for the article's being over: 2 surely, 1 likely, 0 not at all."""
    return max((_weight_of(rule) for rule in lines.rules_of(unit.text, unit.words)), default=0)


def _weight_of(rule: Rule) -> int:
    if closes_article(rule.where, rule.category):
        return 2
    return int(rule.where is Where.TAIL or (rule.where is Where.ANY and rule.category in _AT_ENDS_ONLY))
