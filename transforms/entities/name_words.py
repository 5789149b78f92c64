"""Sorts words by what they tell of a name: title, given name, word of an organisation, place.

Before: "Bishop", "Elena", "Fenwick", "College", "of". After: title · given name · unknown capital · organisation word · particle.
Lists: configs/names.toml, written for this project; given names and surnames: configs/names/people.tsv; places: the gazetteer.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from configs.toml import read_toml
from transforms.gazetteer import Gazetteer


class WordClass(IntEnum):
    """What one word is by itself, the most telling first where several hold."""

    NONE = 0
    LOWER = 1
    PARTICLE = 2
    NUMBER = 3
    INITIAL = 4
    CAPITALS = 5
    TITLE = 6
    CALENDAR = 7
    ORGANIZATION_WORD = 8
    PLACE_WORD = 9
    GIVEN_NAME = 10
    SURNAME = 11
    GIVEN_OR_SURNAME = 12
    PLACE = 13
    PLACE_OR_PERSON = 14
    MIXED_CASE = 15
    COMMON = 16
    UNKNOWN = 17
    LOWER_TITLE = 18
    LOWER_ORGANIZATION = 19
    LOWER_PLACE = 20


_LISTS = (
    "titles",
    "organization_words",
    "place_words",
    "calendar",
    "particles",
    "leading_particles",
    "abbreviations",
    "event_words",
    "counting_words",
    "event_openings",
    "sentence_openings",
    "agreement_words",
    "work_words",
)


@dataclass(frozen=True, slots=True)
class NameWords:
    """The lists: `lists[name][language]` are lower-case words; `people[word]` is "g", "s" or "gs"."""

    lists: Mapping[str, Mapping[str, frozenset[str]]]
    people: Mapping[str, str]
    places: Gazetteer
    merged: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False)
    classes: dict[tuple[bool, str], Mapping[str, WordClass]] = field(default_factory=dict, compare=False)

    @staticmethod
    def load() -> NameWords:
        """The built-in lists (cached)."""
        return _load()

    def words(self, name: str, language: str) -> frozenset[str]:
        """The words of list `name` that hold in `language`."""
        found = self.merged.get((name, language))
        if found is None:
            by_language = self.lists[name]
            # A language of which the lists know nothing is not kept, so that odd language codes can't fill the memory.
            if language not in by_language:
                return by_language.get("*", frozenset())
            found = self.merged[name, language] = by_language.get("*", frozenset()) | by_language[language]
        return found

    def classify(self, word: str, language: str, common: bool) -> WordClass:
        """The class of one token; `common` says that its lower-case form is a usual word of texts."""
        folded = word.lower()
        first = word[0]
        if not first.isalpha():
            return WordClass.NUMBER
        if first == folded[0]:
            return self._classes(_BY_LIST_LOWER, language).get(folded, WordClass.LOWER)
        if len(word) == 1:
            return WordClass.INITIAL
        listed = self._classes(_BY_LIST, language).get(folded)
        if listed is not None:
            return listed
        if word.isupper():
            return WordClass.CAPITALS
        person = self.people.get(word, "")
        if self.places.countries(word):
            return WordClass.PLACE_OR_PERSON if person else WordClass.PLACE
        if person:
            return _BY_PERSON[person]
        if not word[1:].islower():
            return WordClass.MIXED_CASE
        return WordClass.COMMON if common else WordClass.UNKNOWN

    def _classes(self, by_list: tuple[tuple[str, WordClass], ...], language: str) -> Mapping[str, WordClass]:
        """The class of each listed word that holds in `language`, by the first of the lists that has it."""
        known = language if any(language in self.lists[name] for name, _ in by_list) else "*"
        found = self.classes.get((by_list is _BY_LIST, known))
        if found is None:
            found = {word: kind for name, kind in reversed(by_list) for word in self.words(name, known)}
            self.classes[by_list is _BY_LIST, known] = found
        return found


_BY_LIST = (
    ("calendar", WordClass.CALENDAR),
    ("titles", WordClass.TITLE),
    ("organization_words", WordClass.ORGANIZATION_WORD),
    ("place_words", WordClass.PLACE_WORD),
    ("particles", WordClass.PARTICLE),
)
_BY_LIST_LOWER = (
    ("particles", WordClass.PARTICLE),
    ("titles", WordClass.LOWER_TITLE),
    ("organization_words", WordClass.LOWER_ORGANIZATION),
    ("place_words", WordClass.LOWER_PLACE),
)
_BY_PERSON = {"g": WordClass.GIVEN_NAME, "s": WordClass.SURNAME, "gs": WordClass.GIVEN_OR_SURNAME}


@lru_cache(maxsize=1)
def _load() -> NameWords:
    document = read_toml("names.toml")
    lists: dict[str, dict[str, frozenset[str]]] = {}
    for name in _LISTS:
        table = document[name]
        if not isinstance(table, Mapping):
            raise TypeError(f"configs/names.toml: [{name}] must be a table, not {table!r}")
        lists[name] = {
            language: frozenset(str(words).split())
            for language, words in table.items()
            if language not in ("example", "counterexample")
        }
    text = importlib.resources.files("configs").joinpath("names/people.tsv").read_text(encoding="utf-8")
    people = dict(line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return NameWords(lists, people, Gazetteer.load())
