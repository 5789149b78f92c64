"""Which country a place lies in, by any of its names: cities from GeoNames, countries and regions from CLDR.

Before: "Moskau". After: ("RU",). Before: "Paris". After: ("FR", "US"), the best known first.
The table is configs/places.tsv, made by benchmarks/build_places.py: a line a folded name, in byte order, so that a name is
found by halving a list of some of them; hardly anything is parsed or kept in memory.
"""

from __future__ import annotations

import importlib.resources
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from transforms.fold import fold_characters, fold_letters

_MAX_NAME = 60
"""Characters: no name of a place in the table is longer."""
_BLOCK = 512
"""Bytes of the table between two of the names by which a place in it is found."""


@lru_cache(maxsize=4096)
def fold_place(place: str) -> str:
    """A place's name for comparing: case, accents, vowel signs, full stops, commas, hyphens and spaces folded."""
    if place.isascii():
        plain = fold_characters(place).lower().replace("'", "")
        return " ".join(plain.replace(".", " ").replace(",", " ").replace("-", " ").split())
    folded = unicodedata.normalize("NFKD", fold_characters(place).casefold())
    # Taking letters apart makes some that have a Persian form too, so they are folded once more.
    letters = fold_letters("".join(character for character in folded if not unicodedata.combining(character)))
    letters = letters.replace("\u0640", "")
    for mark in ".,-\u05be":
        letters = letters.replace(mark, " ")
    return " ".join(letters.replace("\u0131", "i").replace("'", "").split())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names and countries: `table` is lines "<folded name>\\t<country> <country> …\\n" in UTF-8, in byte order.

    `names` are those of a line each half kilobyte, `starts` where these lines start; both end with the end of the table.
    """

    table: bytes
    names: tuple[bytes, ...]
    starts: tuple[int, ...]

    @staticmethod
    def load() -> Gazetteer:
        """The built-in table (cached)."""
        return _load()

    @staticmethod
    def of(table: bytes) -> Gazetteer:
        """The gazetteer of a table."""
        starts = [0, *(table.find(b"\n", place) + 1 for place in range(_BLOCK, len(table), _BLOCK))]
        starts = [start for start in dict.fromkeys(starts) if start < len(table)]
        return Gazetteer(
            table, tuple(table[start : table.find(b"\t", start)] for start in starts), (*starts, len(table))
        )

    def countries(self, place: str) -> tuple[str, ...]:
        """The countries (ISO 3166-1 alpha-2) in which a place of this name lies, the most likely first; empty if unknown.

        `place` is a name as written or folded.
        """
        folded = fold_place(place)
        if not folded or len(folded) > _MAX_NAME:
            return ()
        wanted = folded.encode("utf-8", "surrogatepass")
        block = bisect_right(self.names, wanted)
        if not block:
            return ()
        found = self.starts[block - 1]
        if self.names[block - 1] != wanted:
            found = self.table.find(b"\n" + wanted + b"\t", found, self.starts[block]) + 1
            if not found:
                return ()
        return tuple(self.table[found + len(wanted) + 1 : self.table.index(b"\n", found)].decode().split())


@lru_cache(maxsize=1)
def _load() -> Gazetteer:
    return Gazetteer.of(importlib.resources.files("configs").joinpath("places.tsv").read_bytes())
