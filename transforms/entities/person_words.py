"""Cuts a person's name into the words that tell the person, in plain Latin letters.

Before: "Шойгу, Сергей", "Bashar al-Assad", "Moon Jae-in"  After: ("sergey", "shoygu"), ("bashar", "assad"), ("moon", "jae", "in").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from transforms.entities.name_rules import NameRules, respell

_NICKNAME = re.compile(r"""\([^()]*\)|["“”„«][^"“”„«»]*["“”»]|(?:(?<=\s)|^)['‘][^'‘’]*['’](?=\s|$)""")
_GLUED = re.compile(r"\b([AE]l)(?=[A-Z][a-z])")
_APOSTROPHE = re.compile("['’‘ʻʼ`´ʿʾ\u0301]")
_HYPHENS = re.compile("[-‐‑‒–—·・]+")
_EAST_ASIAN = re.compile("[\u3400-\u9fff\uac00-\ud7af]{2,5}")
_SYLLABLE = re.compile("[A-Z][a-z']*")
_NO_VOWELS = re.compile("[\u0590-\u07bf]")
_GENERATIONS = {"junior": "jr", "jnr": "jr", "senior": "sr", "snr": "sr"}
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2c80-\uffff]")
_SERVANT = re.compile(r"abd[aeou]?(?:l|([a-z])(?=\1))(?!lah)([b-df-hj-np-tv-z][a-z]{3,})")
# Each repetition begins with a sign that the one before can't hold: else long names take exponential time.
_PLAIN = re.compile("[A-Z]?[a-z]+(?:(?: [A-Z]?|[A-Z])[a-z]+)* ?")
_NOT_LETTER = re.compile("[^a-z]+")


class PersonWords(NamedTuple):
    """A name's words in order, lower case, a to z; a single letter is an initial.

    `plain` are the words with accents dropped, `sounded` the same with letters such as "š" spelled as they sound. `suffix` is
    "jr", "iii" or empty. `vowels` is False for scripts that hardly write them (Arabic, Hebrew).
    `latin`: written in Latin letters.
    `second_surname` is the number of last words behind a hyphen in the surname ("Roe-Marsh": 1).
    """

    plain: tuple[str, ...]
    sounded: tuple[str, ...]
    suffix: str
    vowels: bool
    latin: bool
    second_surname: int


@lru_cache(maxsize=16384)
def person_words(name: str) -> PersonWords:
    """The words of a person's name. Small words ("al", "von") inside it, nicknames in quotes or brackets, and the comma of
    "Surname, Given" are gone; hyphens part."""
    rules = NameRules.load()
    written = name.split() if _PLAIN.fullmatch(name) else _in_order(name, rules)
    suffix = ""
    if len(written) == 1 and _EAST_ASIAN.fullmatch(written[0]):
        written = _family_name_first(written[0])
    while len(written) > 2 and _ascii(written[0]) in rules.honorifics:
        written = written[1:]
    plain: list[str] = []
    sounded: list[str] = []
    second = 0
    for position, word in enumerate(written):
        if position and position == len(written) - 1 and _ascii(word) in rules.suffixes:
            suffix = _GENERATIONS.get(_ascii(word), _ascii(word))
            continue
        parts = [word] if word.isalpha() else [part for part in _HYPHENS.split(word) if part]
        while len(parts) > 1 and _ascii(parts[0]) in rules.particles:
            parts = parts[1:]
        if len(parts) == 1 and len(written) > 1 and "." in word and word.isascii():
            initials = [letter for letter in word.lower().split(".") if letter]
            if len(initials) > 1 and all(len(letter) == 1 for letter in initials):
                plain += initials
                sounded += initials
                continue
        long_parts = len(parts) > 1 and all(len(part) > 3 for part in parts)
        second = len(parts) - 1 if long_parts and position == len(written) - 1 else 0
        for part in parts:
            simple = _ascii(part)
            if simple and not (plain and position < len(written) - 1 and simple in rules.inner_particles):
                plain.append(simple)
                sounded.append(simple if part.isascii() else _ascii(part.lower().translate(rules.letters)) or simple)
    words, sounds = _join_servants(plain, rules), _join_servants(sounded, rules)
    if name.isascii():
        return PersonWords(words, sounds, suffix, True, True, second)
    return PersonWords(words, sounds, suffix, not _NO_VOWELS.search(name), not _OTHER_SCRIPT.search(name), second)


def _in_order(name: str, rules: NameRules) -> list[str]:
    """The written words of a name with marks in it, the given ones first."""
    text = _NICKNAME.sub(" ", unicodedata.normalize("NFC", name.replace("\u2019", "'")))
    text = _GLUED.sub(r"\1-", text)
    pieces = [piece.split() for piece in text.replace("،", ",").split(",")]
    written = pieces[0]
    for piece in pieces[1:]:
        generation = len(piece) == 1 and _ascii(piece[0]) in rules.suffixes
        written = [*written, *piece] if generation else [*piece, *written]
    return written


@lru_cache(maxsize=16384)
def _ascii(word: str) -> str:
    """`word` in the letters a to z."""
    if not word.isascii():
        word = _APOSTROPHE.sub("", word).lower()
        word = anyascii(respell(word, NameRules.load().before_latin))
    return word.lower() if word.isalpha() else _NOT_LETTER.sub("", word.lower())


def _family_name_first(name: str) -> list[str]:
    """Chinese and Korean names without a space: the first character is the family's."""
    syllables = _SYLLABLE.findall(anyascii(name))
    return [syllables[0], "".join(syllables[1:]).lower()] if len(syllables) > 1 else [name]


def _join_servants(words: list[str], rules: NameRules) -> tuple[str, ...]:
    """ "abdul" "rahman" → "abdrahman", and so for "abdulrahman", "abdurrahman"."""
    if "abd" not in " ".join(words):
        return tuple(words)
    joined: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        if word in rules.joined and position + 2 < len(words):
            following = words[position + 1]
            joined.append("abd" + following)
            position += 2
            continue
        match = _SERVANT.fullmatch(word)
        joined.append("abd" + match.group(2) if match else word)
        position += 1
    return tuple(joined)
