"""Finds the boilerplate rules that a line matches, fast: tables for phrases, patterns only where a line is short enough.

Before: "» POST A COMMENT:"  After: the rule comments.post (exact).
Where in the article a rule holds and what it takes along is decided in `transforms.cleaning.clean`, which knows the line's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

from schemas.codes import Action, Category
from schemas.records import Cut
from schemas.rules import Rule, Where
from transforms.cleaning.likely_patterns import LikelyPatterns
from transforms.cleaning.required_text import fold_case
from transforms.cleaning.rule_match import MAX_LINE, CompiledRule, compile_rule, matches_line
from transforms.fold import fold_characters, fold_line, fold_text

_BUCKET = 3
"""Folded characters by which prefix rules are looked up."""
_SHORT = 12
_REMEMBERED = 8192
"""What lines of so many words are is remembered for so many of them: pages of one site share their leftovers."""


class RuleIndex:
    """The compiled rules of one run; read only. Pickles as its list of rules. The tables are made when a line is first asked
    about: a process that only hands rules on does without them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))

    @cached_property
    def _tables(self) -> _Tables:
        return _Tables(self.rules)

    def __reduce__(self) -> tuple[Callable[[tuple[Rule, ...]], RuleIndex], tuple[tuple[Rule, ...]]]:
        return (index_of, (self.rules,))

    def find(
        self, line: str, words: int, language: str | None = None, host: str | None = None, where: Where = Where.ANY
    ) -> tuple[Rule, ...]:
        """The rules that describe the whole of `line`, exact ones first, then prefixes, then patterns, each by id.

        `words` is the line's number of words. `language` (a primary subtag such as "de") and `host` are what is known
        of the article: rules of another language or site are left out; English ones are always tried, because sites in
        every language carry English buttons. With `where` body, rules that don't hold there may be left out.
        """
        if len(line) > MAX_LINE:
            return ()
        tables = self._tables
        matches = tables.of_short if words <= _SHORT else tables.matches
        found = matches(line, words, where is Where.BODY)
        return tuple(rule for rule in found if _applies(rule, language, host)) if found else ()


class _Tables:
    """What rules are looked up in; built once a process, in a quarter of a second."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        exact: dict[str, list[CompiledRule]] = defaultdict(list)
        prefixes: dict[str, list[tuple[str, CompiledRule]]] = defaultdict(list)
        patterns: list[CompiledRule] = []
        for rule in rules:
            compiled = compile_rule(rule)
            if compiled.whole is not None:
                patterns.append(compiled)
            for text in compiled.exact:
                exact[text].append(compiled)
            for text in compiled.prefixes:
                prefixes[text[:_BUCKET]].append((text, compiled))
        self._exact = {text: tuple(found) for text, found in exact.items()}
        self._prefixes = {key: tuple(found) for key, found in prefixes.items()}
        self._patterns = _Patterns(patterns)
        # The most lines that are asked about stand in the body, and half of the rules hold there.
        self._body_patterns = _Patterns([compiled for compiled in patterns if in_place(compiled.rule, Where.BODY)])
        self._longest_phrase = max((rule.max_words for rule in rules if rule.texts), default=0)
        self._most_words = max((len(text.split()) for text in exact), default=0)
        self.of_short = lru_cache(maxsize=_REMEMBERED)(self.matches)

    def matches(self, line: str, words: int, in_body: bool) -> tuple[Rule, ...]:
        """The rules that `RuleIndex.find` gives where language and host are not known; `of_short` remembers answers."""
        found: list[Rule] = []
        if words <= self._longest_phrase:
            if words <= self._most_words or not _keeps_words(line):
                found += [compiled.rule for compiled in self._exact.get(fold_line(line), ())]
            if self._prefixes:
                folded = fold_text(line)
                for text, compiled in self._prefixes.get(folded[:_BUCKET], ()):
                    if folded.startswith(text) and matches_line(compiled, line):
                        found.append(compiled.rule)
        found += (self._body_patterns if in_body else self._patterns).matching(line, words)
        return tuple(dict.fromkeys(rule for rule in found if words <= rule.max_words)) if found else ()


class _Patterns:
    """The rules with expressions that may hold in one part of an article."""

    def __init__(self, patterns: Sequence[CompiledRule]) -> None:
        self._patterns = [(compiled.rule, compiled.whole) for compiled in patterns if compiled.whole is not None]
        self._likely = LikelyPatterns([(whole.pattern, rule.max_words) for rule, whole in self._patterns])
        self._longest = max((rule.max_words for rule, _ in self._patterns), default=0)

    def matching(self, line: str, words: int) -> list[Rule]:
        """The rules whose expressions match the whole of `line`, by id."""
        if words > self._longest:
            return []
        plain = line
        if not line.isascii() or not line.isprintable() or "`" in line:
            plain = fold_characters(line)
        plain = plain.strip()
        if "  " in plain:
            plain = " ".join(plain.split())
        found: list[Rule] = []
        for number in self._likely.candidates(fold_case(plain), words):
            rule, whole = self._patterns[number]
            if words <= rule.max_words and whole.fullmatch(plain):
                found.append(rule)
        return found


@lru_cache(maxsize=4)
def index_of(rules: tuple[Rule, ...]) -> RuleIndex:
    """The index of these rules, built once a process: a runner unpickles it for every step."""
    return RuleIndex(rules)


def _keeps_words(line: str) -> bool:
    """Whether the line has as many words after folding: no marks before and behind it that count as words."""
    return line.isascii() and line[:1].isalpha() and (line[-1:].isalnum() or line[-2:-1].isalnum())


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
