"""Names the expressions of a list that may match a line, by how a match starts and which texts it must contain.

Before: "Please subscribe to our newsletter" and 139 expressions  After: the two of them that are worth trying.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.cleaning.pattern_facts import facts_of
from transforms.cleaning.pattern_start import LENGTH, start_key
from transforms.cleaning.sought_texts import AnyOf, Sought, SoughtTexts, blocks_of
from transforms.fold import LEADING_MARKS

_LEADING = f"[{LEADING_MARKS}]*"
_MARKS = re.compile(_LEADING)

_TIERS = (6, 12, 25, 40)
"""Words: lines are told apart by length, because most expressions describe short lines only."""

_REMEMBERED = 4096
"""Of so many starts of lines it is remembered what may begin with them."""


class _Entry(NamedTuple):
    """An expression: its number, the words a line may have, the texts one of which the line must contain (None: unknown)."""

    number: int
    max_words: int
    texts: tuple[str, ...] | None


class _Start(NamedTuple):
    """An expression among those that begin alike: its number, the words a line may have, what the line must contain."""

    number: int
    max_words: int
    texts: AnyOf | None


class _Starting(NamedTuple):
    """The expressions that may begin with the first characters of a line: those that a line without any of the `blocks`
    can't match, and the others."""

    blocks: frozenset[int]
    told: tuple[_Start, ...]
    others: tuple[_Start, ...]


class _Table(NamedTuple):
    """What to try for lines of one length: the expressions `always`, and those of each text that is found."""

    always: tuple[int, ...]
    texts: SoughtTexts


class LikelyPatterns:
    """A table of expressions by the first characters of what they match; built once, read only."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        """`patterns` are expressions, which may begin with the class of leading marks, and the words of their longest line."""
        by_start: dict[str, list[_Entry]] = {}
        entries: list[_Entry] = []
        for number, (pattern, max_words) in enumerate(patterns):
            facts = facts_of(without_leading(pattern))
            entry = _Entry(number, max_words, facts.texts)
            entries.append(entry)
            for start in facts.starts:
                by_start.setdefault(start, []).append(entry)
        # Expressions that may start with anything are tried for every line.
        anything = by_start.pop("", [])
        self._anything = tuple(_make_table(anything, least) for least in (0, *(most + 1 for most in _TIERS)))
        any_of = {entry.number: None if entry.texts is None else AnyOf(entry.texts) for entry in entries}
        self._by_start = {
            start: tuple(_Start(entry.number, entry.max_words, any_of[entry.number]) for entry in found)
            for start, found in by_start.items()
        }
        self._starting = lru_cache(maxsize=_REMEMBERED)(self._find_starting)

    def _find_starting(self, key: str) -> _Starting:
        """The expressions that may begin with the first characters of a line."""
        every = [entry for end in range(1, len(key) + 1) for entry in self._by_start.get(key[:end], ())]
        told = [entry for entry in every if entry.texts is not None and entry.texts.needs_blocks]
        blocks = frozenset().union(*(entry.texts.blocks for entry in told if entry.texts is not None))
        return _Starting(blocks, tuple(told), tuple(entry for entry in every if entry not in told))

    def candidates(self, folded: str, words: int) -> list[int]:
        """Positions, ascending, of the expressions that may match the line; the others surely don't.

        `folded` is the line's `fold_case`, with one space between words; `words` is how many it has.
        """
        table = self._anything[bisect_left(_TIERS, words)]
        blocks = blocks_of(folded)
        found = table.texts.numbers_in(folded, blocks)
        if table.always:
            found.update(table.always)
        for key in (start_key(folded),) if folded[:1].isalpha() else _keys(folded):
            key_blocks, told, others = self._starting(key)
            # One question to all of them: most lines have nothing of what they need.
            for number, max_words, texts in others if key_blocks.isdisjoint(blocks) else (*told, *others):
                if words <= max_words and (texts is None or texts.stands_in(folded, blocks)):
                    found.add(number)
        return sorted(found) if found else []


def without_leading(pattern: str) -> str:
    """`pattern` without the class of leading marks, which says nothing of what a line must have or how it starts."""
    return pattern.removeprefix(_LEADING)


def _make_table(entries: Sequence[_Entry], least: int) -> _Table:
    """The table of those `entries` that hold for lines of `least` words."""
    by_text: dict[str, list[int]] = {}
    for entry in entries:
        if entry.max_words >= least:
            for text in entry.texts or ():
                by_text.setdefault(text, []).append(entry.number)
    always = tuple(entry.number for entry in entries if entry.texts is None and entry.max_words >= least)
    return _Table(always, SoughtTexts([Sought(text, tuple(numbers)) for text, numbers in by_text.items()]))


def _keys(folded: str) -> set[str]:
    """The starts of the line without some or all of its leading marks: an expression may begin with a mark itself."""
    marks = _MARKS.match(folded)
    return {start_key(folded[at : at + LENGTH]) for at in range(marks.end() + 1 if marks else 1)}
