"""Finds the stretches of tokens in which names can lie: capitalised words with the small words between them.

Before: "the Bank of Fenwick said. Jan van der Meulen, 42, left"  After: Bank of Fenwick · Jan van der Meulen.
A run ends at a comma, bracket, quotation mark, line end and full stop, but not at that of an abbreviation or initial ("St.",
"J."). Which part of a run is a name, and of what, is for transforms/entities/name_model.py to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from transforms.entities.tokens import Tokens
from transforms.remembered import Remembered

_MAX_SMALL_WORDS = 3
_MAX_DIGITS = 5
_MAX_RUN = 24
"""Tokens: a longer run is cut, so that a page in title case costs no more than any other."""


class Gap(IntEnum):
    """What stands between two tokens. Those up to `STOP_OF_ABBREVIATION` can lie inside a name."""

    SPACE = 0
    HYPHEN = 1
    APOSTROPHE = 2
    AMPERSAND = 3
    STOP_OF_ABBREVIATION = 4
    COMMA = 5
    OPEN = 6
    CLOSE = 7
    LINE = 8
    SENTENCE = 9
    QUOTE = 10
    COLON = 11
    DASH = 12
    OTHER = 13
    EDGE = 14


_GAPS: Mapping[str, int] = {
    "": Gap.SPACE,
    " ": Gap.SPACE,
    "\u00a0": Gap.SPACE,
    "-": Gap.HYPHEN,
    "\u2010": Gap.HYPHEN,
    "\u2011": Gap.HYPHEN,
    "'": Gap.APOSTROPHE,
    "\u2019": Gap.APOSTROPHE,
    " & ": Gap.AMPERSAND,
    "&": Gap.AMPERSAND,
    ", ": Gap.COMMA,
    ". ": Gap.SENTENCE,
    " (": Gap.OPEN,
    "(": Gap.OPEN,
    ") ": Gap.CLOSE,
    ": ": Gap.COLON,
    " - ": Gap.DASH,
    " \u2013 ": Gap.DASH,
    " \u2014 ": Gap.DASH,
    "\u2014": Gap.DASH,
    "\u2013": Gap.DASH,
}
_SENTENCE = int(Gap.SENTENCE)
_STOP = ". "
_JOINS = int(Gap.STOP_OF_ABBREVIATION)
_HYPHEN = int(Gap.HYPHEN)
_APOSTROPHE = int(Gap.APOSTROPHE)
_QUOTES = frozenset("\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018'\u2019`")


class Run(NamedTuple):
    """Tokens `first` up to `end` (exclusive) of an article."""

    first: int
    end: int


def gaps_of(tokens: Tokens, abbreviations: frozenset[str]) -> bytes:
    """What stands before each token, and behind the last: one `Gap` more than there are tokens."""
    gaps = bytearray(map(_KINDS.__getitem__, tokens.gaps))
    gaps[0] = gaps[-1] = Gap.EDGE
    place = gaps.find(_SENTENCE)
    while place > 0:
        # ". " alone: behind other signs a stop ends the sentence whatever the word before it is.
        if tokens.gaps[place] == _STOP:
            word = tokens.words[place - 1]
            if (len(word) == 1 and word.isupper()) or word.lower() in abbreviations:
                gaps[place] = Gap.STOP_OF_ABBREVIATION
        place = gaps.find(_SENTENCE, place + 1)
    return bytes(gaps)


def _kind_of(between: str) -> int:
    known = _GAPS.get(between)
    return _rare_gap(between) if known is None else known


def _rare_gap(between: str) -> Gap:
    if "\n" in between:
        return Gap.LINE
    if between.isspace():
        return Gap.SPACE
    for mark in between:
        if mark in ".!?\u2026":
            return Gap.SENTENCE
        if mark in _QUOTES:
            return Gap.QUOTE
        if mark in "([":
            return Gap.OPEN
        if mark in ")]":
            return Gap.CLOSE
        if mark in ",;":
            return Gap.COMMA
        if mark == ":":
            return Gap.COLON
    return Gap.OTHER


_KINDS = Remembered(_kind_of, limit=4096)


def runs_of(words: Sequence[str], gaps: bytes, particles: frozenset[str], leading: frozenset[str]) -> tuple[Run, ...]:
    """The runs of a text, in order, not overlapping; each has at least one word with a capital.

    `gaps` is what `gaps_of` gives; the two lists are the small words that may stand inside a run and at its start.
    """
    runs: list[Run] = []
    size = len(words)
    done = 0
    capitals = bytearray(size)
    with_capitals = [place for place, word in enumerate(words) if not word[0].islower() and is_capital(word)]
    for place in with_capitals:
        capitals[place] = 1
    for place in with_capitals:
        if place < done:
            continue
        first = place
        while first > done and first > place - 3 and gaps[first] <= _JOINS and _opens(words, gaps, first, leading):
            first -= 1
        end = place + 1
        while end < size and gaps[end] <= _JOINS and end - first < _MAX_RUN:
            length = 1 if capitals[end] else _joined(words, capitals, gaps, end, particles)
            if not length:
                break
            end += length
        runs.append(Run(first, end))
        done = end
    return tuple(runs)


def _joined(words: Sequence[str], capitals: bytearray, gaps: bytes, place: int, particles: frozenset[str]) -> int:
    """How many tokens from a small word or number on belong to the run before it; 0 if none."""
    word = words[place]
    if word[0].isdigit():
        return 1 if gaps[place] <= _HYPHEN and len(word) <= _MAX_DIGITS else 0
    size = len(words)
    ahead = place
    while ahead < size and ahead - place < _MAX_SMALL_WORDS and gaps[ahead] <= _JOINS and words[ahead] in particles:
        ahead += 1
    if place < ahead < size and gaps[ahead] <= _JOINS and capitals[ahead]:
        return ahead + 1 - place
    behind = place + 1
    # "Lindqvist's Brigade"
    if word == "s" and gaps[place] == _APOSTROPHE and behind < size and gaps[behind] == 0 and capitals[behind]:
        return 2
    return 0


def is_capital(word: str) -> bool:
    """Whether a token has a capital where names have one: its first letter, also behind figures ("6PR")."""
    first = word[0]
    return first.isupper() or (first.isdigit() and any(letter.isupper() for letter in word))


def _opens(words: Sequence[str], gaps: bytes, place: int, leading: frozenset[str]) -> bool:
    """Whether the word before `place` belongs to a run that starts there: "al-Haddad", "2nd Brigade"."""
    before = words[place - 1]
    if before[0].isdigit():
        return not before.isdigit() and len(before) < 6 and gaps[place] == 0
    return before in leading and gaps[place] == _HYPHEN
