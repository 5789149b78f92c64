"""The reviewed lists behind metadata: which tags, types, classes and words state which field, from configs/metadata.toml.

Before: `[meta] headline = ["og:title", …]`. After: `MetadataRules.load().meta_fields["og:title"] == ("headline", 0)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from configs.toml import read_toml
from schemas.errors import UsageError
from transforms.author_words import AuthorWords

_BEFORE_OUTLETS = frozenset(("for", "für"))
"""Small words that a byline's piece may hold beside names: "Jane Roe for Example News"."""

ARTICLE, PAGE, WORK, OTHER = 0, 1, 2, 3
"""Ranks of JSON-LD types, best first."""


@dataclass(frozen=True, slots=True)
class MetadataRules:
    """Compiled lists. `by_starts` are the first two letters of what `by_pattern` matches, `by_first_words` its first words. `meta_fields` maps a meta tag's name to (field of PageMetadata, rank within the field)."""

    meta_fields: dict[str, tuple[str, int]]
    news_types: frozenset[str]
    article_types: frozenset[str]
    page_types: frozenset[str]
    work_types: frozenset[str]
    follow: tuple[str, ...]
    lines_before: int
    lines_after: int
    byline_words: frozenset[str]
    byline_not_words: frozenset[str]
    author_paths: frozenset[str]
    author_label_pattern: re.Pattern[str]
    labels: frozenset[str]
    label_words: frozenset[str]
    particles: frozenset[str]
    by_pattern: re.Pattern[str]
    by_starts: frozenset[str]
    by_first_words: frozenset[str]
    published_pattern: re.Pattern[str]
    modified_pattern: re.Pattern[str]
    date_words: frozenset[str]
    date_not_words: frozenset[str]
    logo_words: frozenset[str]
    separator_pattern: re.Pattern[str]
    site_article_pattern: re.Pattern[str]
    max_site_words: int
    max_headline: int
    headline_witnesses: tuple[str, ...]
    kicker_marks: tuple[str, ...]
    min_shared_end: int
    same_words: float
    nobody: frozenset[str]
    nameless: frozenset[str]
    unnamed_words: frozenset[str]
    staff_words: frozenset[str]
    organization_words: frozenset[str]
    roles: frozenset[str]
    role_suffixes: tuple[str, ...]
    role_prefixes: tuple[str, ...]
    behind_name_pattern: re.Pattern[str]
    companion_pattern: re.Pattern[str]
    words: AuthorWords
    joiner_pattern: re.Pattern[str]
    degrees: frozenset[str]
    free: frozenset[str]
    locked: frozenset[str]

    @staticmethod
    def load() -> MetadataRules:
        """The built-in rules, read once a process. Raises UsageError where the file lacks a key."""
        return _load()

    def may_open(self, text: str) -> bool:
        """Whether `by_pattern` may match at the start of `text`: its many phrases cost more than all else around it."""
        start = text[:2].lower()
        if not start.isascii():
            return True
        word = _FIRST_WORD.match(text) if start in self.by_starts else None
        return word is not None and word.group().lower() in self.by_first_words

    def type_rank(self, type_name: str) -> int:
        """ARTICLE, PAGE, WORK or OTHER for a schema.org type name without its namespace."""
        if (
            type_name in self.news_types
            or type_name in self.article_types
            or type_name.endswith(("Article", "Posting"))
        ) and type_name != "JobPosting":
            return ARTICLE
        if type_name in self.page_types:
            return PAGE
        return WORK if type_name in self.work_types else OTHER

    def is_news(self, type_name: str) -> bool:
        """Whether the type is one whose headline is the newsroom's own."""
        return type_name in self.news_types or type_name.endswith("NewsArticle")


_FIRST_WORD = re.compile(r"[^\W\d_]+")


def _words(phrases: Iterable[str]) -> str:
    """An alternation of phrases, longest first so that "last updated" wins over "last"."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))


@lru_cache(maxsize=1)
def _load() -> MetadataRules:
    try:
        return _compile(read_toml("metadata.toml"))
    except KeyError as error:
        raise UsageError(f"configs/metadata.toml: the key {error} is missing") from error


def _compile(table: Mapping[str, Any]) -> MetadataRules:
    meta_fields: dict[str, tuple[str, int]] = {}
    for field, names in table["meta"].items():
        for rank, name in enumerate(names):
            meta_fields[name] = (field, rank)
    ld, visible, authors = table["json_ld"], table["visible"], table["authors"]
    words = AuthorWords.load()
    flags = re.IGNORECASE
    return MetadataRules(
        meta_fields=meta_fields,
        news_types=frozenset(ld["news_types"]),
        article_types=frozenset(ld["article_types"]),
        page_types=frozenset(ld["page_types"]),
        work_types=frozenset(ld["work_types"]),
        follow=tuple(ld["follow"]),
        lines_before=visible["lines_before"],
        lines_after=visible["lines_after"],
        byline_words=frozenset(visible["byline_words"]),
        byline_not_words=frozenset(visible["byline_not_words"]),
        author_paths=frozenset(visible["author_paths"]),
        author_label_pattern=re.compile(_words(visible["author_labels"]), flags),
        labels=frozenset(visible["labels"]),
        label_words=frozenset(visible["label_words"]),
        particles=words.particles | frozenset(words.joiners) | _BEFORE_OUTLETS,
        # The colon may be full-width.
        by_pattern=re.compile(
            rf"(?:{_words(words.openings)})(?:\s*[:：]\s*|\s+|$)|(?:{_words(words.colon_openings)})\s*[:：]\s*", flags
        ),
        by_starts=frozenset(phrase[:2].lower() for phrase in (*words.openings, *words.colon_openings)),
        by_first_words=frozenset(
            word.group() for phrase in (*words.openings, *words.colon_openings) if (word := _FIRST_WORD.match(phrase))
        ),
        published_pattern=re.compile(
            rf"(?:{_words(visible['published_words'])})\b\s*(?:on|am|le|el|il|em)?\s*[:：]?\s*", flags
        ),
        modified_pattern=re.compile(rf"(?:{_words(visible['modified_words'])})\b", flags),
        date_words=frozenset(visible["date_words"]),
        date_not_words=frozenset(visible["date_not_words"]),
        logo_words=frozenset(visible["logo_words"]),
        separator_pattern=re.compile(rf"\s(?:{_words(table['headline']['separators'])})\s|[|｜]|:\s"),
        site_article_pattern=re.compile(rf"^(?:{_words(table['headline']['site_articles'])})\s+", flags),
        max_site_words=table["headline"]["max_site_words"],
        max_headline=table["headline"]["max_characters"],
        headline_witnesses=tuple(table["headline"]["witnesses"]),
        kicker_marks=tuple(table["headline"]["kicker_marks"]),
        min_shared_end=table["headline"]["min_shared_end"],
        same_words=table["headline"]["same_words"],
        nobody=frozenset(authors["nobody"]),
        nameless=frozenset(authors["nameless"]),
        unnamed_words=words.unnamed_words,
        staff_words=frozenset(authors["staff_words"]),
        organization_words=words.organization_words,
        roles=words.occupations,
        role_suffixes=tuple(authors["role_suffixes"]),
        role_prefixes=tuple(authors["role_prefixes"]),
        behind_name_pattern=words.behind_name,
        companion_pattern=words.companion,
        words=words,
        joiner_pattern=words.joiner,
        degrees=words.degrees,
        free=frozenset(table["access"]["free"]),
        locked=frozenset(table["access"]["locked"]),
    )
