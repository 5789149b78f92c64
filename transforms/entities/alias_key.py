"""Folds a name to the key that an alias is stored and looked up under.

Before: "Al-Qā‘ida", "U.S. Senate". After: "al qa ida ", "us senate ".

A key is the tokens of the name (`tokens.tokenize`), each folded, each followed by one space. Folded away are case, accents and other
marks on letters, the stops of abbreviations, Arabic letters of two forms, tatweel and zero-width joiners; hyphens, apostrophes and
spaces part tokens alike. Vowel signs of Indic scripts are letters of their own and stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from transforms.entities.tokens import tokenize
from transforms.fold import fold_letters

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u00ad.]"
)
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ə": "e", "ŧ": "t",
        "ة": "ه", "ٱ": "ا",
    }
)  # fmt: skip
_CASED = str.maketrans({"Ø": "O", "Đ": "D", "Ł": "L", "Ð": "D", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "ı": "i"})
_JOINING = re.compile("(?<=\\w)['\u2019\u02bc\u02bb\u2018`\u00b4\\-\u2010\u2011\u200c](?=\\w)")
_AMPERSAND = re.compile(r"\s*&\s*")


@lru_cache(maxsize=8192)
def _fold_other(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    folded = _MARKS.sub("", folded).translate(_LETTERS)
    return unicodedata.normalize("NFC", fold_letters(folded))


def fold_tokens(words: tuple[str, ...]) -> list[str]:
    """`fold_token` of each; for many tokens at once."""
    joined = " ".join(words)
    keys = joined.lower().replace(".", "").split(" ")
    if not joined.isascii():
        for place, word in enumerate(words):
            if not word.isascii():
                keys[place] = _fold_other(word)
    return keys


def fold_token(word: str) -> str:
    """One token as keys have it: "Qā" → "qa", "U.S." → "us"; may be empty for a token of marks only."""
    if word.isascii():
        return word.lower().replace(".", "")
    return _fold_other(word)


def key_of(name: str) -> str:
    """The key of `name`: its folded tokens, each with a space behind it; "" where it has no letter or digit."""
    return "".join(f"{fold_token(word)} " for word in tokenize(name).words)


def exact_form(words: tuple[str, ...] | list[str]) -> str:
    """Tokens for comparing with their case: stops of abbreviations and accents folded, case kept ("U.S." → "US")."""
    joined = " ".join(words)
    if not joined.isascii():
        joined = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", joined)).translate(_CASED))
    return joined.replace(".", "")


def spellings(name: str) -> tuple[str, ...]:
    """`name` and the ways to write it that its key does not cover: inner hyphens and apostrophes left out, "&" written out.

    Before: "Sana'a". After: ("Sana'a", "Sanaa").
    """
    found = [name]
    if _JOINING.search(name):
        found.append(_JOINING.sub("", name))
    if "\u200c" in name:
        found.append(name.replace("\u200c", " "))
    if "&" in name and " " in name:
        found.append(_AMPERSAND.sub(" and ", name))
    return tuple(dict.fromkeys(found))
