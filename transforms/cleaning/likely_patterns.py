"""Names the expressions of a list that may match a line, by how a match starts and which texts it must contain.

Before: "Please subscribe to our newsletter" and 139 expressions  After: the two of them that are worth trying.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transforms.cleaning.pattern_start import LENGTH, first_texts, start_key
from transforms.cleaning.required_text import required_texts
from transforms.fold import LEADING_MARKS

_LEADING = f"[{LEADING_MARKS}]*"
_MARKS = re.compile(_LEADING)

_TIERS = (6, 12, 25, 40)
"""Words: lines are told apart by length, because most expressions describe short lines only."""
_GRAM = 4
_FEW = 48
"""Looking for so many texts one by one costs less than cutting the line into pieces."""


class _Entry(NamedTuple):
    """An expression: its number, the words a line may have, the texts one of which the line must contain (None: unknown)."""

    number: int
    max_words: int
    texts: tuple[str, ...] | None


_Texts = tuple[tuple[str, tuple[int, ...]], ...]
"""Texts, each with the numbers of the expressions that it stands for."""


class _Table(NamedTuple):
    """What to try for lines of one length: the expressions `always`, and those of each text that is found.

    Where the texts are many, the longer ones are looked up `by_gram`, a piece of each.
    """

    always: tuple[int, ...]
    texts: _Texts
    by_gram: Mapping[str, _Texts]


class LikelyPatterns:
    """A table of expressions by the first characters of what they match; built once, read only."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        """`patterns` are expressions, which may begin with the class of leading marks, and the words of their longest line."""
        by_start: dict[str, list[_Entry]] = {}
        for number, (pattern, max_words) in enumerate(patterns):
            entry = _Entry(number, max_words, _fewest(required_texts(pattern)))
            for start in first_texts(pattern.removeprefix(_LEADING)):
                by_start.setdefault(start, []).append(entry)
        # Expressions that may start with anything are tried for every line.
        anything = by_start.pop("", [])
        self._anything = tuple(_make_table(anything, least) for least in (0, *(most + 1 for most in _TIERS)))
        self._by_start = {start: tuple(entries) for start, entries in by_start.items()}

    def candidates(self, folded: str, words: int) -> list[int]:
        """Positions, ascending, of the expressions that may match the line; the others surely don't.

        `folded` is the line's `fold_case`, with one space between words; `words` is how many it has.
        """
        table = self._anything[bisect_left(_TIERS, words)]
        found = set(table.always)
        for text, numbers in table.texts:
            if text in folded:
                found.update(numbers)
        if table.by_gram:
            grams = [folded[at : at + _GRAM] for at in range(len(folded) - _GRAM + 1)]
            for gram in table.by_gram.keys() & grams:
                for text, numbers in table.by_gram[gram]:
                    if text in folded:
                        found.update(numbers)
        for key in (start_key(folded),) if folded[:1].isalpha() else _keys(folded):
            for length in range(1, len(key) + 1):
                for number, max_words, texts in self._by_start.get(key[:length], ()):
                    if words <= max_words and (texts is None or _has_one(folded, texts)):
                        found.add(number)
        return sorted(found)


def _make_table(entries: Sequence[_Entry], least: int) -> _Table:
    """The table of those `entries` that hold for lines of `least` words."""
    by_text: dict[str, list[int]] = {}
    for entry in entries:
        if entry.max_words >= least:
            for text in entry.texts or ():
                by_text.setdefault(text, []).append(entry.number)
    always = tuple(entry.number for entry in entries if entry.texts is None and entry.max_words >= least)
    return _Table(always, *_split([(text, tuple(numbers)) for text, numbers in by_text.items()]))


def _has_one(folded: str, texts: tuple[str, ...]) -> bool:
    for text in texts:  # noqa: SIM110 - a generator would cost more than the search
        if text in folded:
            return True
    return False


def _split(texts: Sequence[tuple[str, tuple[int, ...]]]) -> tuple[_Texts, Mapping[str, _Texts]]:
    """The texts to look for one by one, and the others by a piece of them, the one that the fewest of them share."""
    if len(texts) <= _FEW:
        return tuple(texts), {}
    long = [text for text, _ in texts if len(text) >= _GRAM]
    counts = Counter(gram for text in long for gram in _grams(text))
    by_gram: dict[str, _Texts] = {}
    for text, numbers in texts:
        if len(text) >= _GRAM:
            gram = min(_grams(text), key=lambda gram: (counts[gram], " " in gram, gram))
            by_gram[gram] = (*by_gram.get(gram, ()), (text, numbers))
    return tuple(entry for entry in texts if len(entry[0]) < _GRAM), by_gram


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


def _keys(folded: str) -> set[str]:
    """The starts of the line without some or all of its leading marks: an expression may begin with a mark itself."""
    marks = _MARKS.match(folded)
    return {start_key(folded[at : at + LENGTH]) for at in range(marks.end() + 1 if marks else 1)}


def _fewest(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """`texts` without those that contain another one."""
    if texts is None:
        return None
    return tuple(text for text in texts if not any(other in text for other in texts if other != text))
