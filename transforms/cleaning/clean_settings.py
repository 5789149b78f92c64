"""The thresholds and word lists of configs/cleaning.toml, checked.

Before: `[prose] min_words = 8`  After: `CleaningSettings.prose.min_words == 8`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from configs.sections import parse_sections
from configs.toml import read_text


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
class NearDoubling:
    """When a copy that differs is still one. Letters leave spaces and marks out; Chinese and Japanese need half as many.
    Shares are 0 to 1."""

    max_letters: int
    min_stretch: int
    min_end: int
    min_sentence: int
    min_paragraph: int
    min_text: int
    alike_characters: int
    max_edit: int
    edit_share: float
    run_edit_share: float
    min_run: int
    min_share: float
    text_share: float
    original_share: float
    density: float
    finished_copy: float
    broken_original: float
    teaser_share: float


@dataclass(frozen=True, slots=True)
class HeadlineRepeat:
    """When a line says the headline again; lengths are folded characters."""

    min_letters: int
    max_quotes: int
    max_longer: int
    max_site_words: int
    max_front_words: int
    min_front: int
    min_behind_dash: int
    min_share: float
    max_parts: int


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
    headline_repeat: HeadlineRepeat
    doubling: Doubling
    near_doubling: NearDoubling
    joining: Joining
    gluing: Gluing
    cues: Cues
    dates: Dates


@lru_cache(maxsize=1)
def built_in_settings() -> CleaningSettings:
    """The thresholds of configs/cleaning.toml."""
    return parse_settings(read_text("cleaning.toml"), "configs/cleaning.toml")


def parse_settings(text: str, file: str) -> CleaningSettings:
    """Settings from TOML. Raises `UsageError` naming file, table and key on anything unknown, missing or of a wrong type."""
    return parse_sections(CleaningSettings, text, file)
