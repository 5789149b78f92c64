"""Checks rules by their own lines: each example must match its rule, each counterexample no rule that could hold there.

Before: `Rule(id="comments.post", pattern="post a comment", examples=("Post a Comment",), …)`  After: no failure, or one sentence
for each line that is not treated as the rule says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from pipeline.pattern_safety import danger_of
from schemas.rules import Rule, Take, Where
from transforms.cleaning.boilerplate import RuleIndex, index_of
from transforms.cleaning.rule_match import compile_expression, compile_rule, find_span, matches_line


class RuleFailure(NamedTuple):
    """One of a rule's own lines that the rules do not treat as it says. `reason` is one sentence."""

    rule_id: str
    file: str
    line: str
    reason: str


def matches(rule: Rule, line: str) -> bool:
    """Whether `line` is what `rule` describes: all of it, or for a span rule its start or end. Position is ignored."""
    compiled = compile_rule(rule)
    return matches_line(compiled, line) or (rule.take is Take.SPAN and find_span(compiled, line) is not None)


def pattern_fault(pattern: str | None) -> str | None:
    """Why `pattern` can't be a rule's expression, as one sentence, or None: it must compile, need a character and not hang."""
    if pattern is None:
        return None
    try:
        expression = re.compile(compile_expression(pattern))
        danger = danger_of(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"no regular expression: {error}"
    if danger:
        return f"{danger}, which can hang on long lines; write it without"
    if expression.fullmatch(""):
        return "matches the empty line; it must need at least one character"
    return None


def check_rules(rules: Iterable[Rule], *, about: Collection[str] | None = None) -> tuple[RuleFailure, ...]:
    """Runs every rule's examples and counterexamples; the result is empty when all hold, else ordered by rule and line.

    An expression must be right and harmless (`pattern_fault`). An example must match its own rule. A counterexample must
    match neither its own rule nor any other that could hold there: in the same language, site and part of the article.
    `about` are ids of rules: then only what these rules say, or what they do to the others, is checked.
    """
    ordered = sorted(rules, key=lambda rule: rule.id)
    failures: list[RuleFailure] = []
    sound: list[Rule] = []
    for rule in ordered:
        fault = pattern_fault(rule.pattern) if about is None or rule.id in about else None
        if fault is None:
            sound.append(rule)
        else:
            failures.append(RuleFailure(rule.id, rule.file, rule.pattern or "", f"the pattern is wrong: {fault}"))
    every = _Asked.of(sound)
    mine = every if about is None else _Asked.of([rule for rule in sound if rule.id in about])
    for rule in sound:
        is_mine = about is None or rule.id in about
        failures += [
            RuleFailure(rule.id, rule.file, line, "the example is not matched by its rule")
            for line in rule.examples
            if is_mine and not matches(rule, line)
        ]
        for line in rule.counterexamples:
            found = (every if is_mine else mine).find(line)
            for other_id in sorted(found):
                if _share_lines(rule, found[other_id]):
                    whose = "its rule" if other_id == rule.id else f"the rule {other_id}"
                    failures.append(RuleFailure(rule.id, rule.file, line, f"the counterexample is matched by {whose}"))
    return tuple(sorted(failures, key=lambda failure: failure.rule_id))


class _Asked(NamedTuple):
    """Rules that are asked about lines of any site: whole lines go through the index, the few other rules one by one."""

    lines: RuleIndex
    others: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Asked:
        return cls(
            index_of(tuple(rule for rule in rules if rule.site is None)),
            tuple(rule for rule in rules if rule.site is not None or rule.take is Take.SPAN),
        )

    def find(self, line: str) -> dict[str, Rule]:
        """The rules that match the line, by id."""
        found = {rule.id: rule for rule in self.lines.find(line, len(line.split()))}
        found.update((rule.id, rule) for rule in self.others if matches(rule, line))
        return found


def _share_lines(rule: Rule, other: Rule) -> bool:
    """Whether both rules can be asked about the same line of the same article."""
    languages = rule.language is None or other.language is None or rule.language == other.language
    sites = other.site is None or rule.site == other.site
    places = Where.ANY in (rule.where, other.where) or rule.where is other.where
    return languages and sites and places
