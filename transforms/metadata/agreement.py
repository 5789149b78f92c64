"""How far two titles say the same: the measure behind choosing a heading and cutting site names.

Before: "Harbour reopens" and "Harbour reopens | Example Times". After: 0.5 (the share of words that both have).
"""

from __future__ import annotations

import re
from functools import lru_cache

CLEARLY_BETTER = 0.1
"""The difference of agreement from which one heading fits the page better than an earlier one."""

_MAX_CACHED = 300
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans("“”„«»‘’‚–—\u00a0", '"""""' + "'''" + "-- ")


def fold_title(text: str) -> str:
    """Case, quotes, dashes and white space folded, for comparing titles."""
    return _folded(text) if len(text) <= _MAX_CACHED else _folded.__wrapped__(text)


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    return " ".join(text.translate(_QUOTES).casefold().split())


def squeeze(text: str) -> str:
    """Letters and digits only, lower case: "The Example-Times" and the host label "theexampletimes" become equal."""
    # One page asks for the same few names many times. Long strings are no names, and would fill the cache.
    return _squeezed(text) if len(text) <= _MAX_CACHED else _squeezed.__wrapped__(text)


@lru_cache(maxsize=2048)
def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.casefold())).replace("_", "")


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    if any(character >= "\u0e00" for character in text[:20]):
        # Scripts without spaces (from Thai on in Unicode's order): compare pairs of characters.
        joined = "".join(words)
        return frozenset(joined[i : i + 2] for i in range(len(joined) - 1))
    return frozenset(words)


def agreement(first: str, second: str) -> float:
    """Share of the words of both titles that they have in common, 0 to 1 (Jaccard index of the word sets)."""
    a, b = _words(first), _words(second)
    union = len(a | b)
    return len(a & b) / union if union else 0.0
