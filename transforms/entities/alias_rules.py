"""What matching aliases goes by besides the aliases themselves: configs/entities.toml, read once.

Before: `[persons] honorifics = ["mr", …]`. After: `AliasRules(honorifics=frozenset({"mr", …}), …)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from transforms.entities.alias_key import fold_token


@dataclass(frozen=True, slots=True)
class Clitics:
    """Particles of one language that are written together with a name; the longest first."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasRules:
    """`words_in_capitals`: acronyms that are words too, folded. `honorifics` and
    `before_places`: folded. `clitics` by base language."""

    min_words: int
    words_in_capitals: frozenset[str]
    honorifics: frozenset[str]
    before_places: frozenset[str]
    clitics: Mapping[str, Clitics]

    @staticmethod
    def load() -> AliasRules:
        """The built-in rules (cached)."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> AliasRules:
    document = read_toml("entities.toml")
    lines, persons, clitics = document["lines_in_capitals"], document["persons"], document["clitics"]
    places = document["places"]
    assert isinstance(lines, Mapping)
    assert isinstance(persons, Mapping)
    assert isinstance(places, Mapping)
    assert isinstance(clitics, list)
    return AliasRules(
        min_words=lines["min_words"],
        words_in_capitals=frozenset(map(fold_token, text_list(lines, "words"))),
        honorifics=frozenset(map(fold_token, text_list(persons, "honorifics"))),
        before_places=frozenset(map(fold_token, text_list(places, "before"))),
        clitics={language: _clitics(table) for table in clitics for language in text_list(table, "languages")},
    )


def _clitics(table: Mapping[str, object]) -> Clitics:
    before, after = (
        tuple(sorted({fold_token(each) for each in text_list(table, key)}, key=lambda each: (-len(each), each)))
        for key in ("before", "after")
    )
    return Clitics(before, after)
