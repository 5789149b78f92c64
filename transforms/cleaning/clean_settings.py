"""The thresholds and word lists of configs/cleaning.toml, checked.

Before: `[prose] min_words = 8`  After: `CleaningSettings.prose.min_words == 8`.
"""

from __future__ import annotations

import importlib.resources
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeVar

from schemas.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Prose:
    """What counts as a paragraph of the article; counts are words (two characters each in Chinese, Japanese, Thai)."""

    min_words: int
    sure_words: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How long leftovers that are told by shape alone may be, in words, and how many may stand at the tail by themselves."""

    max_words: int
    max_alone: int
    head_max_words: int
    rest_max_words: int


@dataclass(frozen=True, slots=True)
class ArticleEnd:
    """How long a sentence (words) may be that stands among leftovers, up to how many words it is short (and goes when a
    leftover of the end stands before it), and how many unexplained ones there may be."""

    max_words: int
    short_words: int
    max_sentences: int


@dataclass(frozen=True, slots=True)
class HeadlineShape:
    """What a headline line of a text without markup looks like."""

    min_words: int
    max_words: int
    max_words_followed: int
    max_question_words: int
    max_characters: int
    max_lines_before: int
    max_lines_to_prose: int


@dataclass(frozen=True, slots=True)
class Doubling:
    """From how many characters on a repeated paragraph goes; how many words an intruder in one copy may have; what share
    of a page's words must be repeats for any to go."""

    min_characters: int
    intruder_max_words: int
    page_min_share: float


@dataclass(frozen=True, slots=True)
class Joining:
    """When two lines are one sentence; lengths are characters."""

    min_characters: int
    caseless_min: int
    wrap_min: int
    wrap_max: int
    open_words: frozenset[str]
    suspended_words: frozenset[str]
    compound_heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gluing:
    """When two sentences lost the space between them: words of the line, share of the text's sentences that must be glued,
    glued places in a line that lost its breaks,
    words before a full stop that ends no sentence, words behind one inside a name, words that begin sentences."""

    min_words: int
    min_share: float
    min_breaks: int
    abbreviations: frozenset[str]
    name_endings: frozenset[str]
    openers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """The vocabulary of pages about themselves; words are folded. Shares are of a line's words."""

    max_words: int
    max_sentence_words: int
    edge_share: float
    max_names: int
    strong: frozenset[str]
    weak: frozenset[str]
    address: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dates:
    """What date lines are made of; `anchors` are words one of which (or a numeric date or time) must be there."""

    anchors: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class CleaningSettings:
    """configs/cleaning.toml, checked."""

    prose: Prose
    shape: Shape
    article_end: ArticleEnd
    headline: HeadlineShape
    doubling: Doubling
    joining: Joining
    gluing: Gluing
    cues: Cues
    dates: Dates


@lru_cache(maxsize=1)
def built_in_settings() -> CleaningSettings:
    """The thresholds of configs/cleaning.toml."""
    file = importlib.resources.files("configs").joinpath("cleaning.toml")
    return parse_settings(file.read_text(encoding="utf-8"), "configs/cleaning.toml")


def parse_settings(text: str, file: str) -> CleaningSettings:
    """Settings from TOML. Raises `UsageError` naming file, table and key on anything unknown, missing or of a wrong type."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: no valid TOML: {error}") from error
    tables = [entry.name for entry in fields(CleaningSettings)]
    for name in document:
        if name not in tables:
            raise UsageError(f"{file}: unknown table {name!r}; allowed are {', '.join(tables)}")
    return CleaningSettings(
        prose=_table(Prose, document, "prose", file),
        shape=_table(Shape, document, "shape", file),
        article_end=_table(ArticleEnd, document, "article_end", file),
        headline=_table(HeadlineShape, document, "headline", file),
        doubling=_table(Doubling, document, "doubling", file),
        joining=_table(Joining, document, "joining", file),
        gluing=_table(Gluing, document, "gluing", file),
        cues=_table(Cues, document, "cues", file),
        dates=_table(Dates, document, "dates", file),
    )


def _table(kind: type[_T], document: Mapping[str, Any], name: str, file: str) -> _T:
    table = document.get(name)
    if not isinstance(table, dict):
        raise UsageError(f"{file}: the table [{name}] is missing")
    known = {entry.name: str(entry.type) for entry in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{file}: {name}.{key}: unknown key; allowed are {', '.join(sorted(known))}")
        values[key] = _value(value, known[key], f"{file}: {name}.{key}")
    missing = sorted(set(known) - set(values))
    if missing:
        raise UsageError(f"{file}: {name}.{missing[0]} is missing")
    return kind(**values)


def _value(value: object, kind: str, place: str) -> object:
    if kind == "int":
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise UsageError(f"{place}: {value!r}; allowed is a whole number from 0")
    if kind == "float":
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        raise UsageError(f"{place}: {value!r}; allowed is a number from 0 to 1")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return frozenset(word.casefold() for word in value)
    raise UsageError(f"{place}: {value!r}; allowed is a list of words")
