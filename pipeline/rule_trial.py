"""Tries rule files on one article: what they would take more there, what they would leave, and between which lines.

Before: an article and a rule for "Hand this story on".  After: `ArticleChange` with one stretch taken, in the tail.

An article in which a tried rule has a say is cleaned twice, with the rules as they are and with the files added. What
differs is the files' doing, also where another rule takes the line in the end: a rule that moves the article's end changes
what stands in its tail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipeline.rule_check import RuleFailure, check_rules
from pipeline.rules import add_rule_files, load_rules
from pipeline.watched_rules import watched
from schemas.errors import RecordError
from schemas.records import CleanedDocument, ParsedDocument, RemovedSpan
from schemas.rules import Where
from transforms.cleaning.boilerplate import RuleIndex
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.shapes import count_words
from transforms.normalize import normalize_text


class Trial(NamedTuple):
    """What is tried: the rules without and with the files.

    `ids` are the rules that the files add, change or delete (`removed_ids`), `tried` the added and changed ones by
    themselves. `failures` are examples and counterexamples that these get wrong, their own and those of other rules.
    """

    before: CleanRules
    after: CleanRules
    tried: RuleIndex
    ids: tuple[str, ...]
    removed_ids: tuple[str, ...]
    failures: tuple[RuleFailure, ...]


class Change(NamedTuple):
    """A stretch that goes with the files and stays without, or the other way round.

    `where` is its place by what is kept: before the first kept line (head), after the last (tail) or between (body).
    `line_before` and `line_after` are the kept lines beside it, empty at the ends.
    """

    rule_id: str
    text: str
    words: int
    where: Where
    line_before: str
    line_after: str


class ArticleChange(NamedTuple):
    """What the files change in one article. `hits` counts all its stretches by tried rule, also those that went before;
    `handed_over` has the rules, before and now, of each stretch that goes either way.

    `is_lost`: nothing is left of it any more; `is_gained`: something is left of it now."""

    name: str
    words: int
    taken: tuple[Change, ...] = ()
    left: tuple[Change, ...] = ()
    hits: tuple[tuple[str, int], ...] = ()
    handed_over: tuple[tuple[str, str], ...] = ()
    is_lost: bool = False
    is_gained: bool = False


def prepare(files: Sequence[Path], folders: Sequence[Path], like: CleanRules) -> Trial:
    """The trial of `files` over the built-in rules and those of `folders`; the settings are those of `like`.

    A file that is among them is tried against the rules without it. Raises UsageError (one line) for an unusable file.
    """
    base = load_rules(folders, without=files)
    tried = add_rule_files(base, files)
    known, now = {rule.id: rule for rule in base}, {rule.id: rule for rule in tried}
    ids = sorted(rule_id for rule_id in known.keys() | now.keys() if known.get(rule_id) != now.get(rule_id))
    own = [now[rule_id] for rule_id in ids if rule_id in now]
    return Trial(
        before=replace(like, rules=base),
        after=replace(like, rules=tried),
        tried=RuleIndex(own),
        ids=tuple(ids),
        removed_ids=tuple(rule_id for rule_id in ids if rule_id not in now),
        failures=check_rules(tried, about=frozenset(ids)),
    )


def compare(name: str, parsed: ParsedDocument, trial: Trial) -> ArticleChange:
    """What the trial's files change in one document."""
    rules, watch = watched(trial.before, trial.tried, frozenset(trial.ids))
    before = _cleaned(parsed, rules)
    after = _cleaned(parsed, trial.after) if watch.is_hit else before
    if before is None and after is None:
        return ArticleChange(name, 0)
    if before is None or after is None:
        words = count_words(before.body) if before else 0
        return ArticleChange(name, words, is_lost=before is not None, is_gained=after is not None)
    counted = Counter(span.rule_id for span in after.removed)
    return ArticleChange(
        name=name,
        words=count_words(before.body.replace("\n", " ")),
        taken=_missing(after, before.removed),
        left=_missing(before, after.removed),
        hits=tuple((rule_id, counted[rule_id]) for rule_id in trial.ids if counted[rule_id]),
        handed_over=tuple(_handed_over(before.removed, after.removed)),
    )


def _cleaned(parsed: ParsedDocument, rules: CleanRules) -> CleanedDocument | None:
    try:
        return clean(parsed, rules)
    except RecordError:
        return None


def _handed_over(before: Sequence[RemovedSpan], after: Sequence[RemovedSpan]) -> Iterator[tuple[str, str]]:
    now = {(span.start, span.end): span.rule_id for span in after}
    for span in before:
        rule_id = now.get((span.start, span.end), span.rule_id)
        if rule_id != span.rule_id:
            yield span.rule_id, rule_id


def _missing(cleaned: CleanedDocument, others: Sequence[RemovedSpan]) -> tuple[Change, ...]:
    """The stretches of `cleaned` that `others` do not cover."""
    exact = {(span.start, span.end) for span in others}
    found = []
    for span in cleaned.removed:
        if (span.start, span.end) in exact or any(o.start <= span.start and span.end <= o.end for o in others):
            continue
        text = normalize_text(span.text)[0]
        found.append(_change(cleaned.body, span, text))
    return tuple(found)


def _change(body: str, span: RemovedSpan, text: str) -> Change:
    before, after = body[: span.body_offset].rstrip("\n"), body[span.body_offset :].lstrip("\n")
    where = Where.BODY if before and after else Where.TAIL if before else Where.HEAD
    return Change(span.rule_id, text, count_words(text), where, before.rsplit("\n", 1)[-1], after.split("\n", 1)[0])
