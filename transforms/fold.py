"""Folds the spelling of one line so that it can be compared with a rule: case, quotes, dashes, spaces, bullets, end marks.

Before: "• POST A COMMENT…"  After: `fold_line` "post a comment".
`fold_characters` keeps the length, so offsets found in its result hold in the text as well.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9`\u00b4"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_SPACES = "\t\n\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_PAIRS = (
    ("\uff1a", ":"),  # full-width colon, brackets, bar
    ("\uff08", "("),
    ("\uff09", ")"),
    ("\uff5c", "|"),
    ("\u064a", "\u06cc"),  # Arabic yeh and kaf, for which Persian texts use either form
    ("\u0649", "\u06cc"),
    ("\u0643", "\u06a9"),
)
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_SINGLE_QUOTES, "'"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        **dict.fromkeys(_SPACES, " "),
        **dict(_PAIRS),
    }
)
# None of these changes with compatibility forms or case, or goes together with an accent.
_FREQUENT_MARKS = tuple((mark, _SAME_LENGTH[ord(mark)]) for mark in "’“”‘–—")
_FOLDABLE = re.compile("[" + "".join(re.escape(chr(code)) for code in _SAME_LENGTH) + "]")
_ASCII_SPACE = re.compile("[\t-\r]")
_LETTERS = str.maketrans({"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9"})
# Invisible: zero-width characters, direction marks, soft hyphen, Arabic tatweel, the dot that lower-casing İ leaves.
_INVISIBLE = re.compile("[\u00ad\u0307\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
LEADING_MARKS = ' \\-*\u2022\u00b7\u2219>\u203a\u00bb"|#\u2190-\u2bff\ufe0f\U0001f000-\U0001faff'
"""Bullets, arrows, rules and pictograms before a line's first word: the inside of a regex character class."""
TRAILING_MARKS = ' .:;,!?\u2026\\-*\u2022\u00b7\u2219>\u203a\u00bb"|#_\u060c\u061b\u061f\u3002\uff01\uff1f\u2190-\u2bff\ufe0f\U0001f000-\U0001faff'
"""End marks, bullets, arrows and pictograms after a line's last word: the inside of a regex character class."""
_LEADING = re.compile(f"^[{LEADING_MARKS}]+")
_TRAILING = re.compile(f"[{TRAILING_MARKS}]+$")
_ASCII_TRAILING = "".join(chr(code) for code in range(128) if _TRAILING.match(chr(code)))


def fold_letters(text: str) -> str:
    """`text` with the Arabic letters that have two forms in their Persian one, as `fold_characters` has them."""
    return text.translate(_LETTERS)


def fold_characters(text: str) -> str:
    """`text` with dashes, quotes and spaces in their plain form; one character for each, so offsets stay the same."""
    if text.isascii():
        if "`" in text:
            text = text.replace("`", "'")
        return _ASCII_SPACE.sub(" ", text)
    for character in set(_FOLDABLE.findall(text)):  # Few kinds each: faster than a table over all characters.
        text = text.replace(character, _SAME_LENGTH[ord(character)])
    return text


def with_plain_marks(text: str) -> str:
    """`text` with its most frequent quotes and dashes in their plain form, which folding would give them anyway."""
    for mark, plain in _FREQUENT_MARKS:
        if mark in text:
            text = text.replace(mark, plain)
    return text


@lru_cache(maxsize=8192)
def fold_text(text: str) -> str:
    """`text` without differences of case, quotes, dashes, spaces, compatibility forms, invisible characters, and bullets
    before its first word. Idempotent. Meant for single lines: the work grows with their length."""
    if not text.isascii():
        text = with_plain_marks(text)
    if text.isascii():  # Nothing of the following can change it but this.
        folded = " ".join(text.lower().replace("`", "'").split())
        return folded if folded[:1].isalpha() else _LEADING.sub("", folded) or folded
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u0131", "i")
    # Folding case can undo a normal form, so it is made again; then folding twice changes nothing.
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", folded).casefold())
    folded = " ".join(fold_characters(unicodedata.normalize("NFKC", folded)).split())
    return folded if folded[:1].isalpha() else _LEADING.sub("", folded) or folded


def fold_line(text: str) -> str:
    """`fold_text` without the marks after the last word: "Read more:", "READ MORE »" and "read more" become one.

    A line of marks only ("***") keeps them, so that it isn't folded to nothing.
    """
    if not text.isascii():
        text = with_plain_marks(text)
    if text.isascii() and text[:1].isalpha():
        return " ".join(text.lower().replace("`", "'").split()).rstrip(_ASCII_TRAILING)
    folded = fold_text(text)
    return folded if folded[-1:].isalpha() else _TRAILING.sub("", folded) or folded
