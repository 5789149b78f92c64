"""Turns words and their places into the numbers of the name model's table rows.

Before: "Fenwick" in English, as the word itself. After: rows for the word, its endings, its shape, its class (crc32, masked).
Training (benchmarks/train_name_model.py) and use share this file, so a row means the same in both.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from transforms.entities.name_words import WordClass

TABLE_BITS = 18
TABLE_SIZE = 1 << TABLE_BITS
_MASK = TABLE_SIZE - 1
COMMON_BITS = 20


class Role(IntEnum):
    """What a word is to the token that is judged: itself, a neighbour, or the first or last word of its run."""

    SELF = 0
    BEFORE = 1
    BEFORE_2 = 2
    AFTER = 3
    AFTER_2 = 4
    LAST = 5
    FIRST = 6


ROLES = len(Role)


def row_of(key: str) -> int:
    """The table row of a feature."""
    return crc32(_bytes(key)) & _MASK


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _seed(role: Role, mark: str = "") -> int:
    """What a checksum goes on from: that of "2|word" is that of "word" going on from that of "2|"."""
    return crc32(_bytes(f"{role:d}{mark}|"))


_BEFORE, _BEFORE_2, _AFTER, _AFTER_2, _LAST, _FIRST = map(_seed, tuple(Role)[1:])
_BEFORE_ENDING, _AFTER_ENDING = _seed(Role.BEFORE, "e"), _seed(Role.AFTER, "e")


def common_bit(word: str, language: str) -> int:
    """The bit that says whether `word` (lower case) is a usual word of `language`."""
    return crc32(f"{language}|{word}".encode("utf-8", "surrogatepass")) & ((1 << COMMON_BITS) - 1)


def shape_of(word: str) -> str:
    """Letters as X and x, digits as 9, runs of one kind shortened: "McLean-7" is "XxXx9"."""
    shape = ""
    for letter in word:
        kind = "X" if letter.isupper() else "9" if letter.isdigit() else "x"
        if kind != shape[-1:]:
            shape += kind
    return shape[:5]


def word_rows(word: str, kind: WordClass, language: str) -> tuple[tuple[int, ...], ...]:
    """The rows of one word in each role: those of `SELF`, then those of the others."""
    folded = word.lower()
    number = int(kind)
    own = (
        row_of(f"w|{word}"),
        row_of(f"l|{folded}|{language}"),
        row_of(f"e2|{folded[-2:]}|{number}"),
        row_of(f"e3|{folded[-3:]}|{number}"),
        row_of(f"e4|{folded[-4:]}"),
        row_of(f"b3|{folded[:3]}"),
        row_of(f"s|{shape_of(word)}|{min(len(word), 6)}"),
        *_class_rows(kind, language),
    )
    name = _bytes(f"{folded}|{language}")
    return own, *neighbour_rows(folded, language), (crc32(name, _LAST) & _MASK,), (crc32(name, _FIRST) & _MASK,)


def neighbour_rows(folded: str, language: str) -> tuple[tuple[int, ...], ...]:
    """The rows of a word in lower case that stands before or behind others: of the roles from `BEFORE` to `AFTER_2`."""
    name, ending = _bytes(f"{folded}|{language}"), _bytes(f"{folded[-3:]}|{language}")
    return (
        (crc32(name, _BEFORE) & _MASK, crc32(ending, _BEFORE_ENDING) & _MASK),
        (crc32(name, _BEFORE_2) & _MASK,),
        (crc32(name, _AFTER) & _MASK, crc32(ending, _AFTER_ENDING) & _MASK),
        (crc32(name, _AFTER_2) & _MASK,),
    )


@lru_cache(maxsize=4096)
def _class_rows(kind: WordClass, language: str) -> tuple[int, int]:
    return row_of(f"c|{kind:d}"), row_of(f"cl|{kind:d}|{language}")


class Surrounding(IntEnum):
    """The small numbers that say where a token stands: columns of what `combination_rows` takes.

    Classes of the tokens two before to two behind; the gaps on either side; `PLACE`: 0 first in its run, 1 inside, 2 last,
    3 alone; `OPENING`: 0 inside a sentence, else 1 to 3; class of the run's first and last word, its length up to 5; numbers
    that identify the words before, here and behind.
    """

    TWO_BEFORE = 0
    BEFORE = 1
    HERE = 2
    AFTER = 3
    TWO_AFTER = 4
    LEFT = 5
    RIGHT = 6
    PLACE = 7
    OPENING = 8
    FIRST = 9
    LAST = 10
    LENGTH = 11
    WORD_BEFORE = 12
    WORD = 13
    WORD_AFTER = 14


_S = Surrounding
_COMBINED = (
    (_S.BEFORE, _S.LEFT, _S.HERE, _S.AFTER, _S.RIGHT),
    (_S.BEFORE, _S.LEFT, _S.HERE),
    (_S.HERE, _S.RIGHT, _S.AFTER),
    (_S.TWO_BEFORE, _S.BEFORE, _S.LEFT, _S.HERE),
    (_S.HERE, _S.RIGHT, _S.AFTER, _S.TWO_AFTER),
    (_S.OPENING, _S.HERE, _S.AFTER, _S.RIGHT),
    (_S.PLACE, _S.HERE, _S.LAST, _S.LENGTH),
    (_S.PLACE, _S.FIRST, _S.HERE, _S.LENGTH, _S.OPENING),
    (_S.LEFT, _S.RIGHT, _S.HERE, _S.LENGTH),
    (_S.WORD_BEFORE, _S.LEFT, _S.HERE, _S.PLACE),
    (_S.WORD_AFTER, _S.RIGHT, _S.HERE, _S.PLACE),
    (_S.WORD_BEFORE, _S.WORD),
)
COMBINATIONS = len(_COMBINED)
"""How many rows `combination_rows` gives for a token."""

# Each combination is a sum of its numbers times odd factors, modulo 2 to the 32: one product of matrices for a whole article.
_FACTORS = np.array(
    [
        [
            crc32(f"{number}|{column}".encode()) | 1 if column in columns else 0
            for number, columns in enumerate(_COMBINED)
        ]
        for column in Surrounding
    ],
    np.uint32,
)
_SALTS = np.array([crc32(f"combination {number}".encode()) for number in range(COMBINATIONS)], np.uint32)


def combination_rows(surroundings: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The rows of the tokens' surroundings: from (tokens, Surrounding) to (tokens, COMBINATIONS)."""
    numbers = surroundings @ _FACTORS + _SALTS
    numbers ^= numbers >> np.uint32(15)
    rows: npt.NDArray[np.uint32] = (numbers * np.uint32(2654435761)) >> np.uint32(32 - TABLE_BITS)
    return rows
