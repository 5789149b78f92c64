"""Prints the rules and what their examples say, for `copydesk rules`. Before: `Rule(id="comments.post" …)`. After:
`comments.post  comments  tail  line  en  exact  "Post a comment", "Leave a comment"`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.visible import one_line
from schemas.rules import Rule

if TYPE_CHECKING:
    from pipeline.rule_check import RuleFailure

_COLUMNS = ("id", "category", "where", "take", "language", "match", "text")
_TEXT_SHOWN = 100


def rules_text(rules: Sequence[Rule]) -> str:
    """One aligned line a rule, under a heading line; the last line counts them."""
    rows = [_COLUMNS, *(_row(rule) for rule in rules)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
    return "\n".join([*lines, "", f"{len(rules)} rules"])


def rules_json(rules: Sequence[Rule]) -> str:
    """A JSON array with one object a rule."""
    return json.dumps(
        [
            {
                "id": rule.id,
                "match": rule.match.value,
                "text": list(rule.texts),
                "pattern": rule.pattern,
                "language": rule.language,
                "site": rule.site,
                "where": rule.where.value,
                "take": rule.take.value,
                "category": rule.category.value,
                "max_words": rule.max_words,
                "example": list(rule.examples),
                "counterexample": list(rule.counterexamples),
                "file": rule.file,
            }
            for rule in rules
        ],
        indent=1,
    )


def failures_text(rules: Sequence[Rule], failures: Sequence[RuleFailure], *, as_json: bool) -> str:
    """One line a failure, then the count; or one JSON object."""
    examples = sum(len(rule.examples) + len(rule.counterexamples) for rule in rules)
    if as_json:
        return json.dumps(
            {"rules": len(rules), "examples": examples, "failures": [each._asdict() for each in failures]}
        )
    lines = [one_line(f"{each.file}: rule {each.rule_id}: {each.reason}: {each.line!r}") for each in failures]
    verdict = f"{len(failures)} wrong" if failures else "all as they should be"
    return "\n".join([*lines, f"{len(rules)} rules, {examples} examples and counterexamples: {verdict}"])


def _row(rule: Rule) -> tuple[str, ...]:
    text = rule.pattern or ", ".join(f'"{text}"' for text in rule.texts)
    return (
        rule.id,
        rule.category.value,
        rule.where.value,
        rule.take.value,
        rule.language or "any",
        rule.match.value,
        one_line(text, _TEXT_SHOWN),
    )
