"""Gives spellings of one person's name one coarse key, by which candidates are found; `same_name` then decides.

Before: "Sergey Shoygu", "Sergei Shoigu", "Сергей Шойгу"  After: "sk s" for all three.
The key: Latin letters → sounds (kh → h, w → v …) → sounds that are alike as one → no vowels but a first one → no doubled sound.
"""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.entities.name_rules import NameRules, respell
from transforms.entities.person_words import person_words

_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("(?<!^)[aeiou]+")
_LIKE = str.maketrans("ZJzCScxgqkdtvfbpj", "ssssssskkkttppppi")


def name_key(name: str) -> str:
    """The coarse key of a person's name: the key of its last word, and what its first word begins with, since the rest comes and
    goes. Empty where the name has no letter."""
    words = [word for word in person_words(name).sounded if word]
    if not words:
        return ""
    return f"{word_key(words[-1])} {word_key(words[0])[:1]}" if len(words) > 1 else word_key(words[0])


@lru_cache(maxsize=16384)
def sounds_of(word: str) -> str:
    """`word` (a to z) as sounds: one character each, "S" for sh, "C" for ch, "Z" for zh, "J" for dj."""
    return _DOUBLED.sub(r"\1", respell(word, NameRules.load().sounds))


@lru_cache(maxsize=16384)
def word_key(word: str) -> str:
    """The consonants of `word` in sounds that hardly differ, with a first vowel as "a"."""
    sounds = sounds_of(word).translate(_LIKE).replace("h", "") or word
    if sounds[0] in "aeiou":
        sounds = "a" + sounds[1:]
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", sounds))
