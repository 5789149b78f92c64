"""Turns words and their places into the numbers of the name model's table rows.

Before: "Fenwick" in English, as the word itself. After: rows for the word, its endings, its shape, its class (crc32, masked).
Training (benchmarks/train_name_model.py) and use share this file, so a row means the same in both.
"""

from __future__ import annotations

from enum import IntEnum
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
    return crc32(key.encode("utf-8", "surrogatepass")) & _MASK


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


def word_rows(word: str, kind: WordClass, language: str, role: Role) -> tuple[int, ...]:
    """The rows of one word in one role."""
    folded = word.lower()
    if role is Role.SELF:
        keys = [
            f"w|{word}",
            f"l|{folded}|{language}",
            f"e2|{folded[-2:]}|{kind}",
            f"e3|{folded[-3:]}|{kind}",
            f"e4|{folded[-4:]}",
            f"b3|{folded[:3]}",
            f"s|{shape_of(word)}|{min(len(word), 6)}",
            f"c|{kind}",
            f"cl|{kind}|{language}",
        ]
    elif role is Role.BEFORE or role is Role.AFTER:
        keys = [f"{role}|{folded}|{language}", f"{role}e|{folded[-3:]}|{language}"]
    else:
        keys = [f"{role}|{folded}|{language}"]
    return tuple(row_of(key) for key in keys)


_WORD_SEEDS = tuple(crc32(f"{role}|".encode()) for role in Role)
_ENDING_SEEDS = tuple(crc32(f"{role}e|".encode()) for role in Role)


def neighbour_rows(folded: str, language: str) -> tuple[list[int], ...]:
    """By role, as `word_rows` gives them, the rows of a word in small letters for all roles but `SELF`, whose list is empty.

    A checksum goes on where another ended, so that what keys share is taken once."""
    word = folded.encode("utf-8", "surrogatepass")
    ending = folded[-3:].encode("utf-8", "surrogatepass")
    behind = f"|{language}".encode("utf-8", "surrogatepass")
    return tuple(
        []
        if role == Role.SELF
        else [crc32(behind, crc32(word, _WORD_SEEDS[role])) & _MASK, crc32(behind, crc32(ending, _ENDING_SEEDS[role])) & _MASK]
        if role in _TWO_ROWS
        else [crc32(behind, crc32(word, _WORD_SEEDS[role])) & _MASK]
        for role in range(ROLES)
    )


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
