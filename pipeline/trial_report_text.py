"""Prints what trying rule files found. Before: `Report`. After: counts, then each rule with examples, then warnings:

share.hand_on: 12 lines (48 words) more in 12 articles
  - “Hand this story on”  [tail, pages/a.html]
      after   The board will vote again in May.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.trial_report import Example, Report, RuleEffect, counted
from pipeline.visible import one_line
from schemas.codes import Code

_TEXT_SHOWN = 160
_BESIDE_SHOWN = 86
_PLACES = {"head": "head", "body": "middle", "tail": "tail"}


def trial_text(report: Report) -> str:
    """The report for a person, in about 100 columns."""
    return "\n".join(_lines(report))


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
    passed = f" ({counted(report.skipped, 'record')} without an article passed over)" if report.skipped else ""
    yield f"{report.changed:,} of {counted(report.articles, 'article')} changed{passed}"
    yield (
        f"{counted(report.lines_taken, 'line')} ({counted(report.words_taken, 'word')}) more taken, "
        f"{counted(report.lines_left, 'line')} no longer"
    )
    for effect in report.effects:
        yield ""
        yield from _effect(effect)
    if report.handed_over:
        yield ""
    for before, now, lines in report.handed_over:
        yield f"{counted(lines, 'line')} that {before} took, {now} takes now"
    if report.warnings:
        yield ""
    yield from (one_line(f"warning: {each}") for each in report.warnings)
    yield ""
    yield from (one_line(f"{each.file}: rule {each.rule_id}: {each.reason}: {each.line!r}") for each in report.failures)
    yield f"{counted(len(report.failures), 'example')} wrong" if report.failures else "all examples as they should be"


def _effect(effect: RuleEffect) -> Iterator[str]:
    parts = []
    if effect.lines:
        middle = f", {effect.middle:,} of them between kept lines" if effect.middle else ""
        lines = f"{counted(effect.lines, 'line')} ({counted(effect.words, 'word')})"
        parts.append(f"{lines} more in {counted(effect.articles, 'article')}{middle}")
    if effect.left:
        parts.append(f"{counted(effect.left, 'line')} no longer")
    if effect.is_removed:
        parts.append("deleted by the files")
    elif not parts:
        parts.append(f"takes {counted(effect.hits, 'line')} that went before too" if effect.hits else "takes nothing")
    also = "" if effect.is_tried else " (not in the files, changed by what they do)"
    yield f"{effect.rule_id}: {'; '.join(parts)}{also}"
    for example in effect.examples:
        yield from _example(example)


def _example(example: Example) -> Iterator[str]:
    change = example.change
    sign = "-" if example.is_taken else "+"
    yield f"  {sign} “{one_line(change.text, _TEXT_SHOWN)}”  [{_PLACES[change.where.value]}, {one_line(example.article, 200)}]"
    if change.line_before:
        yield f"      after   {_end_of(one_line(change.line_before, 5000))}"
    if change.line_after:
        yield f"      before  {one_line(change.line_after, _BESIDE_SHOWN)}"


def _end_of(line: str) -> str:
    """The end of a line, which is what stands beside the change."""
    return line if len(line) <= _BESIDE_SHOWN else f"…{line[1 - _BESIDE_SHOWN :]}"
