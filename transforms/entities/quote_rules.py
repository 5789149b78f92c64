"""Reads configs/quotes.toml: quotation marks, and by language the verbs and pronouns that stand beside a speaker.

Before: `[en] verbs = ["said", "pointed out"]`  After: `QuoteRules.load().languages["en"].verbs == {"said": (("said",),), …}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from configs.toml import read_toml, text_list
from transforms.entities.tokens import tokenize

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Phrases in lower case as tuples of tokens, by their first token, the longest first."""


class QuoteExample(NamedTuple):
    """A sentence of the rule file: what it must give, or "" and "" where it must give nothing."""

    language: str
    text: str
    speaker: str
    quote: str


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """One language's words."""

    verbs: Phrases
    before_speaker: Phrases
    pronouns: frozenset[str]
    between: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuoteRules:
    """`closing` are the marks that may end what an opening mark begins; `languages` by base language."""

    closing: Mapping[str, str]
    min_words: int
    max_characters: int
    languages: Mapping[str, QuoteWords]
    examples: tuple[QuoteExample, ...]

    @staticmethod
    def load() -> QuoteRules:
        """The built-in rules (cached)."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> QuoteRules:
    document: Mapping[str, Any] = read_toml("quotes.toml")
    marks = document["marks"]
    tables = {key: table for key, table in document.items() if key != "marks"}
    closing: dict[str, str] = {}
    for pair in text_list(marks, "pairs"):
        closing[pair[0]] = closing.get(pair[0], "") + pair[1:]
    return QuoteRules(
        closing=closing,
        min_words=int(marks["min_words"]),
        max_characters=int(marks["max_characters"]),
        languages={language: _words(table) for language, table in tables.items()},
        examples=tuple(
            QuoteExample(language, str(entry["text"]), str(entry.get("speaker", "")), str(entry.get("quote", "")))
            for language, table in tables.items()
            for entry in (*table.get("example", ()), *table.get("counterexample", ()))
        ),
    )


def _words(table: Mapping[str, object]) -> QuoteWords:
    return QuoteWords(
        verbs=_phrases(text_list(table, "verbs")),
        before_speaker=_phrases(text_list(table, "before_speaker")),
        pronouns=frozenset(text_list(table, "pronouns")),
        between=frozenset(text_list(table, "between")),
    )


def _phrases(texts: tuple[str, ...]) -> Phrases:
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for text in texts:
        words = tuple(word.lower() for word in tokenize(text).words)
        phrases.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(found, key=lambda words: (-len(words), words))) for first, found in phrases.items()}
