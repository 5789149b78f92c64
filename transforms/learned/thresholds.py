"""The thresholds of configs/learned.toml, checked.

Before: `[learn] edge_share = 0.3`  After: `thresholds().learn.edge_share == 0.3`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from configs.sections import parse_sections
from configs.toml import read_text


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
    return parse_thresholds(read_text("learned.toml"), "configs/learned.toml")


def parse_thresholds(text: str, file: str) -> Thresholds:
    """Thresholds from TOML. Raises UsageError naming file, table and key on anything unknown, missing or wrong."""
    return parse_sections(Thresholds, text, file)
