"""Weighs the words at the start of a block: those that pages of many publishers use around articles speak against it.

Before: "Sign up for our newsletter …" and "The minister said on Monday …". After: a number below 0 and one above.

`benchmarks/train_block_model.py` learns the weights of single words and pairs from what stands inside and outside of
articles; a word counts only if several publishers use it. Weights are whole numbers, so sums are exact on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, repeat

from configs.toml import parse_toml, read_toml

EDGE = 120
"""Characters at the start of a block whose words are weighed: leftovers say at once what they are."""

_WORDS = re.compile(r"\w+").findall
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class WordWeights:
    """Words and pairs of words, lower case, those with digits as "#", with how much each speaks for the article, in
    hundredths of a logit. `starts` are the words with which the pairs begin."""

    weights: Mapping[str, int]
    starts: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Finds the words with which pairs begin, so that only these are looked up in pairs."""
        object.__setattr__(self, "starts", frozenset(word.split(" ")[0] for word in self.weights if " " in word))

    @classmethod
    def load(cls, text: str | None = None) -> WordWeights:
        """The packaged weights, or those in the TOML `text`. Raises KeyError, TypeError, ValueError or TOMLDecodeError."""
        words = (read_toml("block_words.toml") if text is None else parse_toml(text))["words"]
        if not isinstance(words, Mapping) or not all(type(weight) is int for weight in words.values()):
            raise TypeError("[words] must have a whole number for each word")
        return cls(dict(words))

    def weigh(self, text: str) -> float:
        """The sum of the weights of the words and pairs at the start of `text`, each once, divided by the root of the
        number of words: neither long nor short blocks have an advantage. 0 where no word is known."""
        words = words_of(text)
        if not words:
            return 0.0
        starts = self.starts
        found = set(words)
        if not starts.isdisjoint(found):
            found.update([f"{word} {follower}" for word, follower in pairwise(words) if word in starts])
        return float(sum(map(self.weights.get, found, repeat(0))) / len(words) ** 0.5)


def words_of(text: str) -> list[str]:
    """The words at the start of `text`, lower case, those with digits as "#"."""
    start = text[:EDGE]
    if not start.isascii():
        for mark in _FREQUENT_MARKS:
            start = start.replace(mark, " ")
    try:
        # The same as below by one table: most texts have no other letters.
        plain = start.encode("latin-1").translate(_LATIN).decode("latin-1")
    except UnicodeEncodeError:
        start = start.lower()
        words: list[str] = _WORDS(start)
        if _DIGIT.search(start):
            return ["#" if _DIGIT.search(word) else word for word in words]
        return words
    if "\0" in plain:
        return ["#" if "\0" in word else word for word in plain.split(" ") if word]
    return plain.split()


def _folded(code: int) -> int:
    """What `_LATIN` has for a character: its lower case, a space for what is no part of a word, 0 for a digit."""
    character = chr(code)
    if _DIGIT.match(character):
        return 0
    return ord(character.lower()) if _WORDS(character) else ord(" ")


_FREQUENT_MARKS = "\u2019\u201c\u201d\u2018\u2013\u2014\u2026"
_LATIN = bytes(map(_folded, range(256)))
