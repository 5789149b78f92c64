"""Prints what trying rule files found. Before: `Report`. After: counts, a line and examples for each rule, warnings.

share.hand_on: 12 lines (48 words) more in 12 of 1,000 articles
    + “Hand this story on”  [tail, pages/a.html]
        after  The board will vote again in May.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.rule_trial import Example, Report, RuleEffect
from pipeline.visible import one_line
from schemas.codes import Code

_TEXT_SHOWN = 160
_BESIDE_SHOWN = 90
_PLACES = {"head": "head", "body": "middle", "tail": "tail"}


def trial_text(report: Report) -> str:
    """The report for a person, readable in 100 columns but for long lines of articles."""
    return "\n".join(one_line_kept(line) for line in _lines(report))


def one_line_kept(line: str) -> str:
    """`one_line` that keeps the indent."""
    bare = line.lstrip(" ")
    return line[: len(line) - len(bare)] + one_line(bare, 2000)


def trial_json(report: Report) -> str:
    """The report as one JSON object."""
    return json.dumps(_plain(report))


def _plain(value: object) -> object:
    if isinstance(value, Code):
        return value.value
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return {key: _plain(each) for key, each in named().items()} if named else [_plain(each) for each in value]
    return value


def _lines(report: Report) -> Iterator[str]:
    skipped = f" ({report.skipped:,} records are no articles)" if report.skipped else ""
    yield (
        f"{report.changed:,} of {report.articles:,} articles change{skipped}: {report.lines_taken:,} lines "
        f"({report.words_taken:,} words) go that stayed, {report.lines_left:,} stay that went"
    )
    for effect in report.effects:
        yield ""
        yield from _effect(effect)
    if report.warnings:
        yield ""
    yield from (f"warning: {each}" for each in report.warnings)
    if report.failures:
        yield ""
    yield from (f"{each.file}: rule {each.rule_id}: {each.reason}: {each.line!r}" for each in report.failures)
    yield ""
    yield f"{len(report.failures)} examples fail" if report.failures else "every example holds"


def _effect(effect: RuleEffect) -> Iterator[str]:
    parts = []
    if effect.lines:
        middle = f", {effect.middle:,} of them between kept lines" if effect.middle else ""
        parts.append(f"{effect.lines:,} lines ({effect.words:,} words) more in {effect.articles:,} articles{middle}")
    if effect.left:
        parts.append(f"{effect.left:,} lines no longer")
    if not parts:
        parts.append(f"no change; takes {effect.hits:,} lines" if effect.hits else "takes nothing")
    also = "" if effect.is_tried else " (not in the files; changed by what they do)"
    yield f"{effect.rule_id}: {'; '.join(parts)}{also}"
    for example in effect.examples:
        yield from _example(example, effect)


def _example(example: Example, effect: RuleEffect) -> Iterator[str]:
    change = example.change
    place = _PLACES[change.where.value]
    yield f"    “{one_line(change.text, _TEXT_SHOWN)}”  [{place}, {one_line(example.article, 200)}]"
    if change.line_before:
        yield f"        after   {one_line(change.line_before, _BESIDE_SHOWN)}"
    if change.line_after:
        yield f"        before  {one_line(change.line_after, _BESIDE_SHOWN)}"
