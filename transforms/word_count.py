"""Counts the words of a text in any script.

Before: "The bridge reopens." and "桥梁重新开放". After: 3 and 6 (in scripts written without spaces each letter counts as one).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import filterfalse
from typing import NamedTuple

import numpy as np

# Han, kana, Thai, Lao, Myanmar, Khmer and their extensions; Hangul is written with spaces.
_DENSE_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DENSE = re.compile(f"[{_DENSE_RANGES}]")
_FIRST_DENSE, _NONE_FROM, _NONE_TO = 0x0E00, 0x1E00, 0x3005
"""No dense letter is below the first or between the others, where Latin with two marks and most punctuation is."""


class Words(NamedTuple):
    """The words of a text in lower case, with how many of them hold a letter, and how many a letter or digit."""

    words: Sequence[str]
    with_letter: int
    with_letter_or_digit: int


def words_of(text: str) -> Words:
    """The stretches between spaces; a letter of a script without spaces is one of its own. Linear in the length of the text."""
    words = (spaced(text.lower()) if has_dense(text) else text.lower()).split()
    # Most words are letters only and most others start with one.
    others = [word for word in filterfalse(str.isalpha, words) if not word[0].isalpha()]
    neither = [word for word in others if not any(map(str.isalpha, word))]
    marks = sum(1 for word in neither if not (word[0].isdigit() or any(map(str.isalnum, word))))
    return Words(words, len(words) - len(neither), len(words) - marks)


def word_count(words: Words) -> int:
    """The words of a text, as readers count them: a dash or an ellipsis that stands alone is none."""
    return words.with_letter_or_digit


def is_dense(character: str) -> bool:
    """Whether it belongs to a script that is written without spaces."""
    return _DENSE.match(character) is not None


def has_dense(text: str) -> bool:
    """Whether a letter of `text` belongs to a script that is written without spaces; at times True where none does."""
    if text.isascii():
        return False
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    high = codes[codes >= _FIRST_DENSE]
    return bool(((high < _NONE_FROM) | (high >= _NONE_TO)).any())


def spaced(text: str) -> str:
    """`text` with a space around each letter of a script that is written without spaces, so that each is a word."""
    return _DENSE.sub(r" \g<0> ", text)
