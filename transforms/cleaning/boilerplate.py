"""Finds the boilerplate rules that a line matches, fast: tables for phrases, patterns only where a line is short enough.

Before: "» POST A COMMENT:"  After: the rule comments.post (exact).
Where in the article a rule holds and what it takes along is decided in `transforms.cleaning.clean`, which knows the line's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from schemas.codes import Action, Category
from schemas.records import Cut
from schemas.rules import Rule, Where
from transforms.cleaning.likely_patterns import LikelyPatterns
from transforms.cleaning.required_text import fold_case
from transforms.cleaning.rule_match import MAX_LINE, CompiledRule, compile_rule, matches_line
from transforms.fold import fold_characters, fold_line, fold_text

_BUCKET = 3
"""Folded characters by which prefix rules are looked up."""


class RuleIndex:
    """The compiled rules of one run; built once, read only. Pickles as its list of rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        exact: dict[str, list[CompiledRule]] = defaultdict(list)
        prefixes: dict[str, list[tuple[str, CompiledRule]]] = defaultdict(list)
        patterns: list[CompiledRule] = []
        for rule in self.rules:
            compiled = compile_rule(rule)
            if compiled.whole is not None:
                patterns.append(compiled)
            for text in compiled.exact:
                exact[text].append(compiled)
            for text in compiled.prefixes:
                prefixes[text[:_BUCKET]].append((text, compiled))
        self._exact = {text: tuple(found) for text, found in exact.items()}
        self._prefixes = {key: tuple(found) for key, found in prefixes.items()}
        self._patterns = tuple(patterns)
        self._likely = LikelyPatterns(
            [(compiled.whole.pattern, compiled.rule.max_words) for compiled in patterns if compiled.whole is not None]
        )
        # The most patterns hold for short lines only: by the number of words that a line may have at most.
        phrases = [rule.max_words for rule in self.rules if rule.texts]
        self._longest_phrase = max(phrases, default=0)
        self._longest = max((compiled.rule.max_words for compiled in patterns), default=0)

    def __reduce__(self) -> tuple[Callable[[tuple[Rule, ...]], RuleIndex], tuple[tuple[Rule, ...]]]:
        return (index_of, (self.rules,))

    def find(self, line: str, words: int, language: str | None = None, host: str | None = None) -> tuple[Rule, ...]:
        """The rules that describe the whole of `line`, exact ones first, then prefixes, then patterns, each by id.

        `words` is the line's number of words. `language` (a primary subtag such as "de") and `host` are what is known
        of the article: rules of another language or site are left out; English ones are always tried, because sites in
        every language carry English buttons.
        """
        if len(line) > MAX_LINE:
            return ()
        found: list[CompiledRule] = []
        if words <= self._longest_phrase:
            found += self._exact.get(fold_line(line), ())
            if self._prefixes:
                folded = fold_text(line)
                for text, compiled in self._prefixes.get(folded[:_BUCKET], ()):
                    if folded.startswith(text) and matches_line(compiled, line):
                        found.append(compiled)
        if words <= self._longest:
            plain = fold_characters(line).strip()
            plain = " ".join(plain.split()) if "  " in plain else plain
            for number in self._likely.candidates(fold_case(plain), words):
                compiled = self._patterns[number]
                if words <= compiled.rule.max_words and compiled.whole is not None and compiled.whole.fullmatch(plain):
                    found.append(compiled)
        if not found:
            return ()
        return tuple(
            dict.fromkeys(
                compiled.rule
                for compiled in found
                if words <= compiled.rule.max_words and _applies(compiled.rule, language, host)
            )
        )


@lru_cache(maxsize=4)
def index_of(rules: tuple[Rule, ...]) -> RuleIndex:
    """The index of these rules, built once a process: it costs half a second, and a runner unpickles it for every step."""
    return RuleIndex(rules)


def _applies(rule: Rule, language: str | None, host: str | None) -> bool:
    if rule.site is not None and (host is None or not (host == rule.site or host.endswith("." + rule.site))):
        return False
    if rule.language is None or language is None:
        return True
    spoken = rule.language.split("-")[0].casefold()
    return spoken in (language, "en")


def in_place(rule: Rule, where: Where) -> bool:
    """Whether `rule` holds in the part of the article called `where` (head, body or tail; any: all of them)."""
    return Where.ANY in (rule.where, where) or rule.where is where


def cut_of(rule: Rule) -> Cut:
    """What `rule` says about the stretch it takes. Date lines are moved: the date of publication is read from them."""
    action = Action.MOVED if rule.category is Category.DATE_LINE else Action.REMOVED
    return Cut(rule.id, rule.category, rule.scope, action)
