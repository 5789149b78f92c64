"""The rules of `configs/page.toml` as frozen, compiled objects.

Before: `words = ["share"]`. After: a ClassRule that recognises `class="articleShareBar"` and not `class="shareholder"`.
"""

from __future__ import annotations

import re
import sys
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


@dataclass(frozen=True, slots=True)
class PageRules:
    """Everything that `parse_page` goes by. Hashed by identity, for caches.

    `starts` has, for the first part ("post") of each word and exception ("post-content") of `classes`, the places of the
    rules that have such: a label without it concerns none of them.
    """

    limits: Limits
    body: re.Pattern[str]
    standfirst: re.Pattern[str]
    tags: tuple[TagRule, ...]
    classes: tuple[ClassRule, ...]
    starts: dict[str, tuple[int, ...]]

    __hash__ = object.__hash__  # by content it would cost more than the look-ups save

    def about(self, tag: str, labels: str) -> tuple[TagRule | ClassRule, ...]:
        """The rules that speak of an element with this tag and these class and id names, in their order."""
        found: list[TagRule | ClassRule] = [rule for rule in self.tags if tag in rule.tags]
        named, spared = 0, 0
        for label in labels[:_MAX_LABELS].split(" ") if labels else ():
            by_label = _places(self, label)
            named |= by_label[0]
            spared |= by_label[1]
        places = named & ~spared
        if places:
            found += [
                rule
                for place, rule in enumerate(self.classes)
                if places >> place & 1 and (not rule.tags or tag in rule.tags)
            ]
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


@lru_cache(maxsize=50_000)
def _places(rules: PageRules, label: str) -> tuple[int, int]:
    """The class rules that one label falls under, and those that it is an exception of; bit i stands for rule i."""
    spelled = spell_labels(label)
    named = spared = 0
    parts = spelled.split("-")
    if rules.starts.keys().isdisjoint(parts):
        return 0, 0
    for start in rules.starts.keys() & parts:
        for place in rules.starts[start]:
            rule = rules.classes[place]
            if rule.pattern.search(spelled):
                named |= 1 << place
            if rule.unless and rule.unless.search(spelled):
                spared |= 1 << place
    return named, spared


def word_pattern(words: list[str]) -> re.Pattern[str]:
    """A pattern that finds any of `words` ("share", "post-content") in spelled labels, but not in "no-share" or "has-share".

    What has or lacks a thing is not the thing: such labels stand on whole articles, or on each of their paragraphs.
    """
    return re.compile(_HAVING + "-(?:" + "|".join(sorted((re.escape(word) for word in words), reverse=True)) + ")-")


_HAVING = "(?<!-no)(?<!-has)(?<!-with)(?<!-without)"


def _starts(table: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    starts: dict[str, list[int]] = {}
    for place, entry in enumerate(table.get("class", ())):
        for start in sorted({word.split("-")[0] for word in [*entry["words"], *entry.get("unless", ())]}):
            starts.setdefault(start, []).append(place)
    return {start: tuple(places) for start, places in starts.items()}


def _build(table: dict[str, Any]) -> PageRules:
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
        starts=_starts(table),
    )
