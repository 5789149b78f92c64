"""Tells quickly which of many short texts stand in a line, by blocks of bytes.

Before: the texts "subscribe" and "cookies", the line "please subscribe to our newsletter"  After: "subscribe" is in it.

A line is cut into blocks of four bytes, one behind the other (as many as an unsigned int has on this machine). A text of
seven bytes or more covers at least one whole block wherever it stands, so one of four pieces of it must be a block of the
line; most texts are told not to be there by that alone. Shorter texts are looked for one by one.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_BLOCK = array("I").itemsize
_SURE = 2 * _BLOCK - 1
"""Bytes from which on a text covers a whole block at any place."""


def blocks_of(folded: str) -> list[int]:
    """The blocks of a line in UTF-8, each as a number; bytes behind the last whole block are left out."""
    data = folded.encode("utf-8", "surrogatepass")
    return array("I", data[: len(data) - len(data) % _BLOCK]).tolist()


class AnyOf:
    """Several texts; answers whether one of them stands in a line. Read only."""

    __slots__ = ("_long", "_short", "blocks", "needs_blocks")

    def __init__(self, texts: Iterable[str]) -> None:
        every = tuple(texts)
        self._long = tuple(text for text in every if _is_long(text))
        self._short = tuple(text for text in every if not _is_long(text))
        self.blocks = frozenset(block for text in self._long for block in _pieces(text, Counter()))
        self.needs_blocks = not self._short  # Whether a line without any of the blocks has none of the texts.

    def stands_in(self, folded: str, blocks: list[int]) -> bool:
        """Whether one of the texts is in the line `folded`, whose `blocks_of` are `blocks`."""
        if not self.blocks.isdisjoint(blocks):
            for text in self._long:
                if text in folded:
                    return True
        for text in self._short:  # noqa: SIM110 - a generator would cost more than the search
            if text in folded:
                return True
        return False


class Sought(NamedTuple):
    """A text to look for and the numbers that it stands for."""

    text: str
    numbers: tuple[int, ...]


class SoughtTexts:
    """Texts, each with numbers; answers which numbers belong to the texts of a line. Read only."""

    __slots__ = ("_by_block", "_keys", "_short", "_short_ascii")

    def __init__(self, sought: Sequence[Sought]) -> None:
        self._short = tuple(each for each in sought if not _is_long(each.text))
        self._short_ascii = tuple(each for each in self._short if each.text.isascii())
        long = [each for each in sought if _is_long(each.text)]
        shared = Counter(block for each in long for block in set(_every_piece(each.text)))
        by_block: dict[int, tuple[Sought, ...]] = {}
        for each in long:
            for block in _pieces(each.text, shared):
                by_block[block] = (*by_block.get(block, ()), each)
        self._by_block = by_block
        self._keys = frozenset(by_block)

    def numbers_in(self, folded: str, blocks: list[int]) -> set[int]:
        """The numbers of all texts in the line `folded`, whose `blocks_of` are `blocks`."""
        found: set[int] = set()
        for text, numbers in self._short_ascii if folded.isascii() else self._short:
            if text in folded:
                found.update(numbers)
        if not self._keys.isdisjoint(blocks):
            for block in self._keys.intersection(blocks):
                for text, numbers in self._by_block[block]:
                    if text in folded:
                        found.update(numbers)
        return found


def _is_long(text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) >= _SURE


def _pieces(text: str, shared: Counter[int]) -> list[int]:
    """Pieces of a long text, one for each way in which a line's blocks may lie in it: those that the fewest texts have."""
    data = text.encode("utf-8", "surrogatepass")
    chosen: list[int] = []
    for first in range(_BLOCK):
        starts = range(first, len(data) - _BLOCK + 1, _BLOCK)
        # Pieces with a space stand in many lines.
        start = min(starts, key=lambda at: (shared[_number(data, at)], b" " in data[at : at + _BLOCK], at))
        chosen.append(_number(data, start))
    return chosen


def _every_piece(text: str) -> Iterator[int]:
    data = text.encode("utf-8", "surrogatepass")
    return (_number(data, at) for at in range(len(data) - _BLOCK + 1))


def _number(data: bytes, at: int) -> int:
    return array("I", data[at : at + _BLOCK])[0]
