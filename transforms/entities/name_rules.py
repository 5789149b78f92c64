"""Reads configs/name_keys.toml: how the spellings of one person's name are compared.

Before: `[costs] pairs = { "ae" = 0.3 }`  After: `NameRules.load().pair_costs[("a", "e")] == 0.3`, and ("e", "a") too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from configs.toml import read_toml, text_list


class Respelling(NamedTuple):
    """Letters that become `sound`; `pattern` where they are an expression, since replacing plain letters is much faster."""

    letters: str
    pattern: re.Pattern[str] | None
    sound: str


class Respellings(NamedTuple):
    """Rules in order, and an expression that finds what any of them could change first."""

    rules: tuple[Respelling, ...]
    any: re.Pattern[str]


def respell(word: str, respellings: Respellings) -> str:
    """`word` after all rules, in order."""
    if not respellings.any.search(word):
        return word
    for letters, pattern, sound in respellings.rules:
        word = word.replace(letters, sound) if pattern is None else pattern.sub(sound, word)
    return word


@dataclass(frozen=True, slots=True)
class NameRules:
    """The word lists, sound rules and costs. Words are in plain lower-case Latin letters.

    `sounds`, `id_spelling` and `before_latin` are run in order; `given` maps a given name to the numbers of its groups; `spellings` a word to
    the form of its id; `apart` maps the words of a name to the number of its group; `limits[n]` is the cost that a word of n sounds may have, the last for all longer ones.
    """

    letters: Mapping[int, str]
    particles: frozenset[str]
    inner_particles: frozenset[str]
    suffixes: frozenset[str]
    honorifics: frozenset[str]
    id_spelling: Respellings
    joined: frozenset[str]
    before_latin: Respellings
    two_surnames: frozenset[str]
    chinese_given: frozenset[str]
    apart: Mapping[tuple[str, ...], int]
    apart_words: Mapping[str, int]
    sounds: Respellings
    other: float
    vowel: float
    short: float
    abroad: float
    vowel_gap: float
    vowel_beside: float
    vowel_weak: float
    last_vowel: float
    last_a_e: float
    gap: float
    first: float
    first_vowel: float
    pair_costs: Mapping[tuple[str, str], float]
    gap_costs: Mapping[str, float]
    limits: tuple[float, ...]
    name_limit: float
    given: Mapping[str, frozenset[int]]
    spellings: Mapping[str, str]

    @staticmethod
    def load() -> NameRules:
        """The built-in rules (cached)."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> NameRules:
    document = read_toml("name_keys.toml")
    costs, limits = _table(document, "costs"), _table(document, "limits")
    particles = _table(document, "particles")
    given: dict[str, frozenset[int]] = {}
    for number, group in enumerate(_groups(document, "given")):
        for word in group:
            given[word] = given.get(word, frozenset()) | {number}
    by_length = limits["by_length"]
    if not isinstance(by_length, list):
        raise TypeError(f"limits.by_length: a list of numbers is allowed, not {by_length!r}")
    return NameRules(
        letters=str.maketrans({letter: str(text) for letter, text in _table(document, "letters").items()}),
        particles=frozenset(text_list(particles, "words")),
        inner_particles=frozenset(text_list(particles, "words")) - frozenset(text_list(particles, "hyphen_only")),
        suffixes=frozenset(text_list(_table(document, "suffixes"), "words")),
        honorifics=frozenset(text_list(_table(document, "honorifics"), "words")),
        id_spelling=_respellings(text_list(_table(document, "id_spelling"), "rules")),
        joined=frozenset(text_list(_table(document, "joined"), "first")),
        before_latin=_respellings(text_list(_table(document, "greek_and_cyrillic"), "rules")),
        two_surnames=frozenset(text_list(_table(document, "two_surnames"), "given")),
        chinese_given=frozenset(text_list(_table(document, "chinese_given"), "surnames")),
        apart={
            tuple(name.split()): number for number, group in enumerate(_groups(document, "apart")) for name in group
        },
        apart_words={
            word: number for number, group in enumerate(_groups(document, "apart", "words")) for word in group
        },
        sounds=_respellings(text_list(_table(document, "sounds"), "rules")),
        other=_number(costs, "other"),
        vowel=_number(costs, "vowel"),
        short=_number(costs, "short"),
        abroad=_number(costs, "abroad"),
        vowel_gap=_number(costs, "vowel_gap"),
        vowel_beside=_number(costs, "vowel_beside"),
        vowel_weak=_number(costs, "vowel_weak"),
        last_vowel=_number(costs, "last_vowel"),
        last_a_e=_number(costs, "last_a_e"),
        gap=_number(costs, "gap"),
        first=_number(costs, "first"),
        first_vowel=_number(costs, "first_vowel"),
        pair_costs={
            (one, other): _number(_table(costs, "pairs"), pair)
            for pair in _table(costs, "pairs")
            for one, other in permutations(pair)
        },
        gap_costs={sound: _number(_table(costs, "gaps"), sound) for sound in _table(costs, "gaps")},
        limits=tuple(float(value) for value in by_length),
        name_limit=_number(limits, "name"),
        given=given,
        spellings={word: group[0] for group in _groups(document, "spellings") for word in group},
    )


def _respellings(rules: Iterable[str]) -> Respellings:
    made = tuple(_sound(rule) for rule in rules)
    return Respellings(made, re.compile("|".join(rule.letters for rule in made)))


def _sound(rule: str) -> Respelling:
    letters, _, sound = rule.rpartition(">")
    return Respelling(letters, None if letters.isalpha() else re.compile(letters), sound)


def _table(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = document[key]
    if not isinstance(value, dict):
        raise TypeError(f"{key}: a table is allowed, not {value!r}")
    return value


def _number(table: Mapping[str, object], key: str) -> float:
    value = table[key]
    if not isinstance(value, int | float):
        raise TypeError(f"{key}: a number is allowed, not {value!r}")
    return float(value)


def _groups(document: Mapping[str, object], key: str, name: str = "groups") -> list[tuple[str, ...]]:
    groups = _table(document, key)[name]
    if not isinstance(groups, list):
        raise TypeError(f"{key}.{name}: a list of lists of words is allowed, not {groups!r}")
    return [text_list({"group": group}, "group") for group in groups]
