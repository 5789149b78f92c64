"""Which country a place lies in, by any of its names: cities from GeoNames, countries and regions from CLDR.

Before: "Moskau". After: ("RU",). Before: "Paris". After: ("FR", "US"), the best known first.
The table is configs/places.tsv, made by benchmarks/build_places.py: a line a folded name, in byte order, so that a name is
found by halving the text; nothing is parsed and hardly anything kept in memory.
"""

from __future__ import annotations

import importlib.resources
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from transforms.fold import fold_characters, fold_letters

_MAX_NAME = 60
"""Characters: no name of a place in the table is longer."""


@lru_cache(maxsize=4096)
def fold_place(place: str) -> str:
    """A place's name for comparing: case, accents, vowel signs, full stops, commas, hyphens and spaces folded."""
    folded = unicodedata.normalize("NFKD", fold_characters(place).casefold())
    # Taking letters apart makes some that have a Persian form too, so they are folded once more.
    letters = fold_letters("".join(character for character in folded if not unicodedata.combining(character)))
    letters = letters.replace("\u0640", "")
    for mark in ".,-\u05be":
        letters = letters.replace(mark, " ")
    return " ".join(letters.replace("\u0131", "i").replace("'", "").split())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names and countries: `table` is lines "<folded name>\\t<country> <country> …\\n" in UTF-8, in byte order."""

    table: bytes

    @staticmethod
    def load() -> Gazetteer:
        """The built-in table (cached)."""
        return _load()

    def __reduce__(self) -> tuple[object, ...]:
        # A worker has the table in its own package: 1.6 MB that need not travel with every step that holds the rules.
        return (_load, ()) if self is _load() else (Gazetteer, (self.table,))

    def countries(self, place: str) -> tuple[str, ...]:
        """The countries (ISO 3166-1 alpha-2) in which a place of this name lies, the most likely first; empty if unknown.

        `place` is a name as written or folded.
        """
        folded = fold_place(place)
        if not folded or len(folded) > _MAX_NAME:
            return ()
        wanted = folded.encode("utf-8", "surrogatepass")
        low, high = 0, len(self.table)
        while low < high:
            start = self.table.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self.table.index(b"\n", start)
            name, _, countries = self.table[start:end].partition(b"\t")
            if name == wanted:
                return tuple(countries.decode().split())
            if name < wanted:
                low = end + 1
            else:
                high = start
        return ()


@lru_cache(maxsize=1)
def _load() -> Gazetteer:
    return Gazetteer(importlib.resources.files("configs").joinpath("places.tsv").read_bytes())
