"""Compares one line with one boilerplate rule; where in the article the rule holds is the cleaner's business.

Before: the rule `exact "Post a comment"` and the line "» POST A COMMENT:"  After: it matches.

- exact: the folded line equals one of the folded texts.
- prefix: the folded line starts with one of the texts, followed by the end or something that is no letter or digit.
- pattern: the expression, in any case, matches the whole line apart from bullets before and end marks after it.
  Dashes, quotes and spaces of the line are in their plain form, and one space of the pattern stands for any run of them.
- a rule that takes a span matches the whole line, or its end after an end mark; one for the head also a line's start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from schemas.rules import Match, Rule, Take, Where
from transforms.fold import LEADING_MARKS, TRAILING_MARKS, fold_characters, fold_letters, fold_line, fold_text

MAX_LINE = 2000
"""Characters: no longer line is a leftover, and patterns never see more than this (hostile input)."""
MAX_SPAN = 600
"""Characters at a line's start and end in which a span is looked for."""


class LazyPattern:
    """An expression that is compiled when it is first tried: most rules never are, and compiling all takes long."""

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled: re.Pattern[str] | None = None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """What `re.fullmatch` gives. Raises `re.error` on a bad pattern."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern)
        return self._compiled.fullmatch(text)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its texts folded and its pattern ready. `exact` and `prefixes` are `fold_line` and `fold_text`."""

    rule: Rule
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    whole: LazyPattern | None
    at_start: re.Pattern[str] | None
    at_end: re.Pattern[str] | None


def compile_expression(pattern: str) -> str:
    """`pattern` with every single space outside brackets widened to any run of spaces, letters as lines have them."""
    out: list[str] = []
    escaped = in_class = False
    pattern = fold_letters(pattern)
    for position, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == " " and pattern[position + 1 : position + 2] not in ("?", "*", "+", "{"):
            out.append(" +")
            continue
        elif character == " " and pattern[position + 1 : position + 2] == "?":
            out.append("(?: +)")
            continue
        out.append(character)
    return "".join(out)


@lru_cache(maxsize=4096)
def compile_rule(rule: Rule) -> CompiledRule:
    """The compiled form of `rule`; cached, so that workers build each once. A span rule's bad pattern raises `re.error`."""
    exact = frozenset(fold_line(text) for text in rule.texts) if rule.match is Match.EXACT else frozenset[str]()
    prefixes = tuple(fold_text(text) for text in rule.texts) if rule.match is Match.PREFIX else ()
    at_start = at_end = None
    whole: LazyPattern | None = None
    core = None
    if rule.match is Match.PATTERN and rule.pattern is not None:
        core = f"(?i:{compile_expression(rule.pattern)})"
    elif rule.take is Take.SPAN:
        words = "|".join(r" +".join(re.escape(word) for word in fold_characters(text).split()) for text in rule.texts)
        core = f"(?i:{words})"
    if core is not None:
        # Marks have no case: with IGNORECASE for all, compiling their wide ranges takes most of the time.
        whole = LazyPattern(f"[{LEADING_MARKS}]*{core}[{TRAILING_MARKS}]*")
        if rule.take is Take.SPAN:
            if rule.where is Where.HEAD:
                at_start = re.compile(f"{core}(?!\\w)")
            # A span at the end starts a new sentence: an end mark or a closing bracket or quote, then a space, stand
            # before it, so that "NASA/ESA" at the end of a sentence is no desk mark.
            at_end = re.compile(f"(?:^|(?<=[.!?\u2026\"')\\]]) +|(?<=\u3002))(?:- *)?{core}[{TRAILING_MARKS}]*$")
    return CompiledRule(rule, exact, prefixes, whole, at_start, at_end)


def matches_line(compiled: CompiledRule, line: str) -> bool:
    """Whether the whole of `line` is what the rule describes; position, language and site are not looked at."""
    rule = compiled.rule
    if len(line) > MAX_LINE or len(line.split()) > rule.max_words:
        return False
    if compiled.whole is not None:
        return compiled.whole.fullmatch(fold_characters(line).strip()) is not None
    if rule.match is Match.EXACT:
        return fold_line(line) in compiled.exact
    folded = fold_text(line)
    for prefix in compiled.prefixes:
        if folded.startswith(prefix):
            following = folded[len(prefix) : len(prefix) + 1]
            if not (prefix[-1:].isalnum() and following.isalnum()):
                return True
    return False


def find_span(compiled: CompiledRule, line: str) -> tuple[int, int] | None:
    """The half-open stretch at the end of `line` that a span rule takes (a head rule's also at the start), or None.

    Offsets are code points of `line`. Only the first and last `MAX_SPAN` characters are looked at. Spaces around the
    stretch are not part of it.
    """
    if compiled.at_end is None:
        return None
    shift = max(0, len(line) - MAX_SPAN)
    tail = fold_characters(line[shift:])
    found = compiled.at_end.search(tail.rstrip())
    if found is not None and len(found.group().split()) <= compiled.rule.max_words:
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        return shift + start, shift + found.end()
    if compiled.at_start is None:
        return None
    head = fold_characters(line[:MAX_SPAN])
    indent = len(head) - len(head.lstrip())
    found = compiled.at_start.match(head, indent)
    if found is not None and found.end() > indent and len(found.group().split()) <= compiled.rule.max_words:
        return indent, found.start() + len(found.group().rstrip())
    return None
