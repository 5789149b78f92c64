"""Reads configs/entities/links.toml: the words by which mentions of one article are linked.

Before: `[titles] words = ["mr"]`  After: `"mr" in LinkRules.load().titles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_toml, text_list
from schemas.entities import EntityType


class Office(NamedTuple):
    """What a word beside a person's name makes of both. `capital`: only where the word has a capital."""

    type: EntityType
    capital: bool


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Word lists, lower case. `offices_after["administration"]` stands for "Roe administration"; `endings` are
    by language what a surname may end in and what stands there without; `inflected` are the languages where
    given names take endings too."""

    offices_after: Mapping[str, Office]
    offices_before: Mapping[str, Office]
    titles: frozenset[str]
    person_titles: frozenset[str]
    word_surnames: frozenset[str]
    small: frozenset[str]
    agreements: tuple[str, ...]
    chinese: frozenset[str]
    korean: frozenset[str]
    endings: Mapping[str, tuple[tuple[str, str], ...]]
    inflected: frozenset[str]
    metonym_after: frozenset[str]
    metonym_between: frozenset[str]
    metonym_not_before: frozenset[str]
    town_behind: frozenset[str]
    town_surely: frozenset[str]
    short_names_not: frozenset[str]
    company_words: frozenset[str]
    company_forms: frozenset[str]
    stopped_forms: frozenset[str]

    @staticmethod
    def load() -> LinkRules:
        """The built-in lists (cached)."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> LinkRules:
    document = read_toml("entities/links.toml")
    titles, words = _table(document, "titles"), _table(document, "words")
    endings = _table(document, "endings")
    families, metonym = _table(document, "family_first"), _table(document, "metonym")
    return LinkRules(
        offices_after=_offices(document, "after"),
        offices_before=_offices(document, "before"),
        titles=frozenset(text_list(titles, "words")),
        person_titles=frozenset(text_list(titles, "of_persons")),
        word_surnames=frozenset(text_list(words, "surnames")),
        small=frozenset(text_list(words, "small")),
        agreements=text_list(words, "agreements"),
        chinese=frozenset(text_list(families, "chinese")),
        korean=frozenset(text_list(families, "korean")),
        inflected=frozenset(text_list(words, "inflected")),
        endings={
            language: tuple(
                (ending, base) for ending, _, base in (rule.partition(">") for rule in text_list(endings, language))
            )
            for language in endings
        },
        metonym_after=frozenset(text_list(metonym, "after")),
        metonym_between=frozenset(text_list(metonym, "between")),
        metonym_not_before=frozenset(text_list(metonym, "not_before")),
        town_behind=frozenset(text_list(words, "town_behind")),
        town_surely=frozenset(text_list(words, "town_surely")),
        short_names_not=frozenset(text_list(_table(document, "short_names"), "not")),
        company_words=frozenset(text_list(_table(document, "short_names"), "companies")),
        company_forms=frozenset(text_list(_table(document, "company_forms"), "words")),
        stopped_forms=frozenset(text_list(_table(document, "company_forms"), "with_stop")),
    )


def _offices(document: Mapping[str, object], side: str) -> dict[str, Office]:
    entries = document["office"]
    if not isinstance(entries, list):
        raise TypeError(f"office: a list of tables is allowed, not {entries!r}")
    return {
        word: Office(EntityType(str(entry["type"])), entry.get("capital") is True)
        for entry in entries
        for word in text_list(entry, side)
    }


def _table(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = document[key]
    if not isinstance(value, dict):
        raise TypeError(f"{key}: a table is allowed, not {value!r}")
    return value
