"""Names the expressions of a list that may match a line, by how a match starts and which texts it must contain.

Before: "Please subscribe to our newsletter" and 139 expressions  After: the two of them that are worth trying.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.fold import LEADING_MARKS
from transforms.pattern_start import LENGTH, first_texts, start_key
from transforms.required_text import required_texts

_LEADING = f"[{LEADING_MARKS}]*"
_MARKS = re.compile(_LEADING)

_Entry = tuple[int, int, tuple[str, ...] | None]
"""An expression's number, the words that a line may have, and the texts one of which it must contain (None: unknown)."""


class LikelyPatterns:
    """A table of expressions by the first characters of what they match; built once, read only."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        """`patterns` are expressions, which may begin with the class of leading marks, and the words of their longest line."""
        by_start: dict[str, list[_Entry]] = {}
        for number, (pattern, max_words) in enumerate(patterns):
            entry = (number, max_words, _fewest(required_texts(pattern)))
            for start in first_texts(pattern.removeprefix(_LEADING)):
                by_start.setdefault(start, []).append(entry)
        self._by_start = {start: tuple(entries) for start, entries in by_start.items()}
        # Any start: tried for every line, therefore by number of words.
        self._anything = self._by_start.pop("", ())

    def candidates(self, folded: str, words: int) -> list[int]:
        """Positions, ascending, of the expressions that may match the line; the others surely don't.

        `folded` is the line's `fold_case`, with one space between words; `words` is how many it has.
        """
        found = [
            number
            for number, max_words, texts in self._anything
            if words <= max_words and (texts is None or _has_one(folded, texts))
        ]
        by_start = self._by_start
        for key in _keys(folded):
            for length in range(1, len(key) + 1):
                for number, max_words, texts in by_start.get(key[:length], ()):
                    if words <= max_words and (texts is None or _has_one(folded, texts)):
                        found.append(number)
        return sorted(set(found)) if len(found) > 1 else found


def _keys(folded: str) -> set[str]:
    """The starts of the line without some or all of its leading marks: an expression may begin with a mark itself."""
    if folded[:1].isalpha():
        return {start_key(folded)}
    marks = _MARKS.match(folded)
    return {start_key(folded[at : at + LENGTH]) for at in range(marks.end() + 1 if marks else 1)}


def _has_one(folded: str, texts: tuple[str, ...]) -> bool:
    for text in texts:  # noqa: SIM110 - a generator would cost more than the search
        if text in folded:
            return True
    return False


def _fewest(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """`texts` without those that contain another one."""
    if texts is None:
        return None
    return tuple(text for text in texts if not any(other in text for other in texts if other != text))
