"""The rules of `configs/page.toml` as frozen, compiled objects.

Before: `words = ["share"]`. After: a ClassRule that recognises `class="articleShareBar"` and not `class="shareholder"`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from schemas.codes import Category
from schemas.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_CAMEL = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile("[^0-9A-Za-z\u0080-\U0010ffff ]+")
_PLAIN = re.compile("[a-z0-9]+(?:[_-][a-z0-9]+)*")
_MAX_LABELS = 600
_ANY = 1_000_000_000


@lru_cache(maxsize=20_000)
def spell_labels(labels: str) -> str:
    """Class and id names as words: "articleShareBar x_y" → "-article-share-bar- -x-y-". At most 600 characters count."""
    labels = labels[:_MAX_LABELS]
    if not labels.islower():
        labels = _CAMEL.sub("-", labels)
    words = _SEPARATORS.sub("-", labels).lower().split()
    return " ".join(f"-{word.strip('-')}-" for word in words)


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Cuts elements whose labels have one of the rule's words and none of its exceptions. `tags` empty: any element.

    Spares elements that hold one of `unless_holds`, more than `max_words` paragraph words, `max_share` of the page's or
    `max_runs` stretches of text or, if `linked`, no link.
    """

    id: str
    category: Category
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    tags: frozenset[str]
    unless_holds: frozenset[str]
    max_words: int
    max_runs: int
    max_share: float
    linked: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def matches(self, labels: str, tag: str = "div") -> bool:
        """Whether an element of this tag with these class and id names, as written, falls under the rule."""
        if self.tags and tag not in self.tags:
            return False
        spelled = spell_labels(labels)
        return bool(self.pattern.search(spelled)) and not (self.unless and self.unless.search(spelled))


@dataclass(frozen=True, slots=True)
class TagRule:
    """Cuts elements by their tag alone; `unless_question` spares those whose text is a whole question,
    `announcing` those without a linked heading and with text outside links."""

    id: str
    category: Category
    tags: frozenset[str]
    unless_holds: frozenset[str]
    max_words: int
    max_share: float
    unless_question: bool
    announcing: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds; `configs/page.toml` explains each."""

    max_depth: int
    max_lines: int
    paragraph_min_words: int
    paragraph_max_links: float
    max_cut_share: float
    max_sure_share: float
    min_kept_share: float
    min_kept_words: int
    descend_share: float
    descend_share_trusted: float
    body_label_share: float
    join_levels: int
    head_max_words: int
    standfirst_min_words: int
    date_line_max_words: int
    date_item_max_words: int
    link_only_share: float
    image_text_max_runs: int
    image_text_max_words: int
    linked_heading_min_words: int
    join_min_words: int
    max_containers: int
    question_min_words: int
    copy_min_share: float
    copy_min_said: float
    witness_min_letters: int
    witness_min_cover: float
    witness_min_shown: float
    witness_line_letters: int


@dataclass(frozen=True, slots=True)
class PageRules:
    """Everything that `parse_page` goes by. Hashed by identity, for caches.

    `words` has, for each word of `classes`, the rules that it stands in as a word and as an exception; bit i stands for rule i.
    `starts` has their first parts ("post" of "post-content") with the number of parts of the longest such word.
    """

    limits: Limits
    body: re.Pattern[str]
    standfirst: re.Pattern[str]
    tags: tuple[TagRule, ...]
    classes: tuple[ClassRule, ...]
    words: dict[str, tuple[int, int]]
    starts: dict[str, int]

    __hash__ = object.__hash__  # by content it would cost more than the look-ups save

    def about(self, tag: str, labels: str) -> tuple[TagRule | ClassRule, ...]:
        """The rules that speak of an element with this tag and these class and id names, in their order."""
        named = spared = 0
        if labels:
            for label in labels[:_MAX_LABELS].split(" "):
                by_label = _places(self, label)
                if by_label is not None:
                    named |= by_label[0]
                    spared |= by_label[1]
        found: list[TagRule | ClassRule] = list(_tag_rules(self, tag))
        for place in _bits(named & ~spared):
            rule = self.classes[place]
            if not rule.tags or tag in rule.tags:
                found.append(rule)
        return tuple(found)

    @classmethod
    def load(cls, text: str | None = None) -> PageRules:
        """The packaged rules, or those in the TOML `text`. Raises UsageError where they can't be read."""
        if text is None:
            text = (resources.files("configs") / "page.toml").read_text(encoding="utf-8")
        try:
            return _build(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
            raise UsageError(f"page.toml: {type(error).__name__}: {error}") from error


@lru_cache(maxsize=1_000)
def _tag_rules(rules: PageRules, tag: str) -> tuple[TagRule, ...]:
    return tuple(rule for rule in rules.tags if tag in rule.tags)


@lru_cache(maxsize=50_000)
def _places(rules: PageRules, label: str) -> tuple[int, int] | None:
    """The class rules that one label falls under, and those that it is an exception of; bit i stands for rule i. None: neither."""
    # Most labels are lower-case words with hyphens, which need no spelling, and nearly all others only this much of it.
    if _PLAIN.fullmatch(label) is not None:
        spelled = label.replace("_", "-")
    elif label.isascii():
        spelled = _SEPARATORS.sub("-", label if label.islower() else _CAMEL.sub("-", label)).lower().strip("-")
    else:
        spelled = spell_labels(label).strip("-")
    parts = spelled.split("-")
    words, starts = rules.words, rules.starts
    if starts.keys().isdisjoint(parts):
        return None
    named = spared = 0
    # What `word_pattern` finds in "-article-share-bar-", without a search for each rule.
    for first, part in enumerate(parts):
        if part not in starts or (first and parts[first - 1] in _LACKING):
            continue
        for count in range(1, min(len(parts) - first, starts[part]) + 1):
            by_word = words.get("-".join(parts[first : first + count]) if count > 1 else part)
            if by_word is not None:
                named |= by_word[0]
                spared |= by_word[1]
    return (named, spared) if named or spared else None


def _bits(places: int) -> Iterator[int]:
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


def word_pattern(words: list[str]) -> re.Pattern[str]:
    """A pattern that finds any of `words` ("share", "post-content") in spelled labels, but not in "no-share" or "has-share".

    What has or lacks a thing is not the thing: such labels stand on whole articles, or on each of their paragraphs.
    """
    return re.compile(_HAVING + "-(?:" + "|".join(sorted((re.escape(word) for word in words), reverse=True)) + ")-")


_LACKING = ("no", "has", "with", "without")
_HAVING = "".join(f"(?<!-{word})" for word in _LACKING)


def _words(table: dict[str, Any]) -> dict[str, tuple[int, int]]:
    words: dict[str, tuple[int, int]] = {}
    for place, entry in enumerate(table.get("class", ())):
        for word in entry["words"]:
            named, spared = words.get(word, (0, 0))
            words[word] = (named | 1 << place, spared)
        for word in entry.get("unless", ()):
            named, spared = words.get(word, (0, 0))
            words[word] = (named, spared | 1 << place)
    return words


def _starts(words: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for word in words:
        first = word.split("-")[0]
        longest[first] = max(longest.get(first, 0), word.count("-") + 1)
    return longest


def _build(table: dict[str, Any]) -> PageRules:
    words = _words(table)
    return PageRules(
        limits=Limits(**table["limits"]),
        body=word_pattern(table["body"]["words"]),
        standfirst=word_pattern(table["standfirst"]["words"]),
        tags=tuple(
            TagRule(
                id=entry["id"],
                category=Category(entry["category"]),
                tags=frozenset(entry["tags"]),
                unless_holds=frozenset(entry.get("unless_holds", ())),
                max_words=entry.get("max_words", _ANY),
                max_share=table["limits"]["max_cut_share"],
                unless_question=entry.get("unless_question", False),
                announcing=entry.get("announcing", False),
            )
            for entry in table["tag"]
        ),
        classes=tuple(
            ClassRule(
                id=entry["id"],
                category=Category(entry["category"]),
                pattern=word_pattern(entry["words"]),
                unless=word_pattern(entry["unless"]) if entry.get("unless") else None,
                tags=frozenset(entry.get("tags", ())),
                unless_holds=frozenset(entry.get("unless_holds", ())),
                max_words=entry.get("max_words", _ANY),
                max_runs=entry.get("max_runs", _ANY),
                max_share=entry.get("max_share", table["limits"]["max_cut_share"]),
                linked=entry.get("linked", False),
                examples=tuple(entry["example"]),
                counterexamples=tuple(entry["counterexample"]),
            )
            for entry in table.get("class", ())
        ),
        words=words,
        starts=_starts(words),
    )
