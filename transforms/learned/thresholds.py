"""The thresholds of configs/learned.toml, checked.

Before: `[learn] edge_share = 0.3`  After: `thresholds().learn.edge_share == 0.3`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TypeVar

from configs.toml import read_toml
from schemas.errors import UsageError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class LineLimits:
    """Which lines of a body are looked at; counts are lines or words."""

    head_lines: int
    tail_lines: int
    short_words: int
    label_words: int
    paragraph_words: int
    per_article: int
    max_words: int


@dataclass(frozen=True, slots=True)
class LearnLimits:
    """How many stories, and what share of a site's, must have a line."""

    edge_stories: int
    edge_share: float
    anywhere_stories: int
    anywhere_share: float
    long_stories: int
    long_share: float
    articles_per_site: int
    articles_in_all: int
    versions: int


@dataclass(frozen=True, slots=True)
class StoryLimits:
    """When two articles are one story."""

    same_share: float
    run_words: int
    runs_kept: int
    min_words: int


@dataclass(frozen=True, slots=True)
class ApplyLimits:
    """How much of an article may go by learned lines."""

    max_share: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """configs/learned.toml."""

    lines: LineLimits
    learn: LearnLimits
    stories: StoryLimits
    apply: ApplyLimits


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """The built-in thresholds. Raises UsageError where the file is unusable."""
    return parse_thresholds(read_toml("learned.toml"), "configs/learned.toml")


def parse_thresholds(document: Mapping[str, object], file: str) -> Thresholds:
    """Thresholds from a TOML document. Raises UsageError naming file, table and key on anything unknown, missing or wrong."""
    known = [entry.name for entry in fields(Thresholds)]
    for name in document:
        if name not in known:
            raise UsageError(f"{file}: unknown table {name!r}; allowed are {', '.join(known)}")
    return Thresholds(
        lines=_table(LineLimits, document, "lines", file),
        learn=_table(LearnLimits, document, "learn", file),
        stories=_table(StoryLimits, document, "stories", file),
        apply=_table(ApplyLimits, document, "apply", file),
    )


def _table(kind: type[_T], document: Mapping[str, object], name: str, file: str) -> _T:
    table = document.get(name)
    if not isinstance(table, dict):
        raise UsageError(f"{file}: the table [{name}] is missing")
    wanted = {entry.name: str(entry.type) for entry in fields(kind)}  # type: ignore[arg-type]
    for key in [*table, *wanted]:
        if key not in wanted:
            raise UsageError(f"{file}: {name}.{key}: unknown key; allowed are {', '.join(wanted)}")
        if key not in table:
            raise UsageError(f"{file}: {name}.{key} is missing")
    return kind(**{key: _number(table[key], wanted[key], f"{file}: {name}.{key}") for key in wanted})


def _number(value: object, kind: str, place: str) -> int | float:
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if kind == "float" and isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    allowed = "a whole number above 0" if kind == "int" else "a number above 0, at most 1"
    raise UsageError(f"{place}: {value!r}; allowed is {allowed}")
