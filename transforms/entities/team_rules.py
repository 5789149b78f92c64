"""Reads what makes a country's name that of its team: `[national_teams]` in configs/mentions.toml.

Before: `[national_teams.en] before = ["against", …]`  After: `"against" in TeamRules.load().languages["en"].before`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_toml, text_list


class TeamWords(NamedTuple):
    """The words of one language, as texts write them: those of reports, those directly before a team's name and behind it, and
    those behind which a place is meant."""

    report: frozenset[str]
    before: frozenset[str]
    behind: frozenset[str]
    place: frozenset[str]


@dataclass(frozen=True, slots=True)
class TeamRules:
    """`least` different words of reports make one; `also` are Wikidata ids of countries without an ISO code; `languages` are by
    ISO 639-1 code."""

    least: int
    articles: frozenset[str]
    also: frozenset[str]
    languages: Mapping[str, TeamWords]

    @staticmethod
    def load() -> TeamRules:
        """The built-in words (cached)."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> TeamRules:
    table = read_toml("mentions.toml")["national_teams"]
    assert isinstance(table, Mapping)
    return TeamRules(
        least=int(table["least"]),
        articles=frozenset(text_list(table, "articles")),
        also=frozenset(text_list(table, "also")),
        languages={
            language: TeamWords(*(frozenset(text_list(words, name)) for name in TeamWords._fields))
            for language, words in table.items()
            if isinstance(words, Mapping)
        },
    )
