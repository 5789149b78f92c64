"""Counts the words of a text in any script.

Before: "The bridge reopens." and "桥梁重新开放". After: 3 and 6 (in scripts written without spaces each letter counts as one).
"""

from __future__ import annotations

import re
from itertools import filterfalse

# Han, kana, Thai, Lao, Myanmar, Khmer and their extensions; Hangul is written with spaces.
_DENSE_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DENSE = re.compile(f"[{_DENSE_RANGES}]")


def is_dense(character: str) -> bool:
    """Whether it belongs to a script that is written without spaces."""
    return _DENSE.match(character) is not None


def spaced(text: str) -> str:
    """`text` with a space around each letter of a script that is written without spaces, so that each is a word."""
    return text if text.isascii() else _DENSE.sub(r" \g<0> ", text)


def word_count(text: str) -> int:
    """Words of `text`: stretches between spaces that hold a letter or digit; a letter of a script without spaces is one.

    Linear in the length of the text.
    """
    dense = sum(1 for character in _DENSE.findall(text) if character.isalnum()) if not text.isascii() else 0
    spaced = _DENSE.sub(" ", text) if dense else text
    pieces = spaced.split()
    # A dash or an ellipsis that stands alone is no word. Most pieces are letters only and most others start with one.
    marks = sum(1 for piece in filterfalse(str.isalnum, pieces) if not (piece[0].isalnum() or _has_word(piece)))
    return dense + len(pieces) - marks


def _has_word(piece: str) -> bool:
    return any(map(str.isalnum, piece))
