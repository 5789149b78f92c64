"""Cleaning rules that notice whether rules on trial have a say in a document, so that most need not be cleaned twice.

Before: a document none of whose lines a tried rule describes.  After: `is_hit` is False: with the tried rules the
cleaning would ask the same questions and get the same answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from schemas.rules import Rule, Where
from transforms.cleaning.boilerplate import RuleIndex
from transforms.cleaning.clean_rules import CleanRules


class WatchedIndex(RuleIndex):
    """The index `known`, which also asks `tried` about every line; `is_hit` after either answered with one of `ids`."""

    def __init__(self, known: RuleIndex, tried: RuleIndex, ids: Collection[str]) -> None:
        self.rules = known.rules
        self._known = known
        self._tried = tried
        self._ids = ids
        self.is_hit = False

    def find(
        self, line: str, words: int, language: str | None = None, host: str | None = None, where: Where = Where.ANY
    ) -> tuple[Rule, ...]:
        """What `known` finds."""
        found = self._known.find(line, words, language, host, where)
        if not self.is_hit:
            self.is_hit = any(rule.id in self._ids for rule in found) or bool(
                self._tried.find(line, words, language, host, where)
            )
        return found


@dataclass(frozen=True, slots=True)
class WatchedRules(CleanRules):
    """`CleanRules` that ask through `watch`."""

    watch: WatchedIndex | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", self.watch)


def watched(rules: CleanRules, tried: RuleIndex, ids: Collection[str]) -> tuple[CleanRules, WatchedIndex]:
    """`rules`, and the index through which they ask. For one document: an index stays hit."""
    index = WatchedIndex(rules.index, tried, ids)
    return WatchedRules(rules.rules, rules.settings, rules.normalize, rules.standfirst_in_body, watch=index), index
