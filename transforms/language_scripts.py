"""Tells which script a text is written in: "Мост закрыт (AP)" -> "CYRILLIC", with 10 of its 12 letters.

Scripts are named by the first word of their letters' Unicode names; Han is `HAN`, hiragana and katakana are `KANA`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

NO_SCRIPT = ""
"""What is no letter: digits, marks, spaces."""

_RENAMED = {"CJK": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA", "KATAKANA-HIRAGANA": "KANA", "FULLWIDTH": "LATIN"}
_SHARED = frozenset({"COMBINING", "MODIFIER", "VARIATION", "FEMININE", "MASCULINE", "MICRO", "IDEOGRAPHIC"})


@lru_cache(maxsize=32_768)
def script_of(character: str) -> str:
    """The script of a letter or of a vowel sign; NO_SCRIPT for anything else."""
    if unicodedata.category(character)[0] not in "LM":
        return NO_SCRIPT
    name = unicodedata.name(character, NO_SCRIPT).split(" ", 1)[0]
    return NO_SCRIPT if name in _SHARED else _RENAMED.get(name, name)


def script_counts(characters: Mapping[str, int]) -> Counter[str]:
    """How many letters of each script there are among counted characters; what is no letter is left out."""
    counts: Counter[str] = Counter()
    for character, count in characters.items():
        script = script_of(character)
        if script:
            counts[script] += count
    return counts


def main_script(characters: Mapping[str, int]) -> str:
    """The script with most letters (of equals the first by name); NO_SCRIPT where there is no letter."""
    counts = script_counts(characters)
    return min(counts, key=lambda script: (-counts[script], script), default=NO_SCRIPT)


@lru_cache(maxsize=32_768)
def han_form(character: str) -> int:
    """-1 for a character that exists in simplified Chinese only, 1 for one of traditional Chinese only, else 0.

    Told by the national character sets: GB 2312 (1980) has the simplified forms, Big5 (1984) the traditional ones, and
    both have the many that never changed.
    """
    return _in_charset(character, "big5") - _in_charset(character, "gb2312")


def _in_charset(character: str, charset: str) -> int:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return 0
    return 1
