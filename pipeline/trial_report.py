"""Tries rule files on many articles before they are adopted, and sums up what they change.

Before: a rule file and a lake or a folder.  After: `Report`: articles changed, lines per rule, examples with the lines beside
them, warnings, and the examples of the rule files that fail. Articles stream through; only counts and examples stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipeline.chain import Rules
from pipeline.rule_check import RuleFailure
from pipeline.rule_trial import ArticleChange, Change, Trial, compare, prepare
from pipeline.settings import Settings
from pipeline.trial_texts import trial_texts
from schemas.errors import UsageError
from schemas.rules import Where

LARGE_SHARE = 0.1
"""A rule that takes more than this share of an article's words is warned of (articles of MIN_WORDS and more)."""
MIN_WORDS = 50
"""Words of an article from which its share counts: a tenth of a short notice is one line."""


class Example(NamedTuple):
    """A change, the article it was found in, and whether it is taken now (or left now)."""

    article: str
    change: Change
    is_taken: bool


class RuleEffect(NamedTuple):
    """What one rule takes more (`lines`, `words`, in `articles`; `middle` of them between kept lines) or leaves.

    `hits` are all stretches that it takes with the files; `share` is the largest share of an article's words that it
    takes more, in `share_article`."""

    rule_id: str
    is_tried: bool
    is_removed: bool
    hits: int
    articles: int
    lines: int
    words: int
    middle: int
    left: int
    share: float
    share_article: str
    examples: tuple[Example, ...]


class Report(NamedTuple):
    """The outcome of a trial; `effects` are sorted by rule id, their examples come in the order of the articles.

    `handed_over`: (rule before, rule now, stretches) of what goes either way."""

    articles: int
    skipped: int
    changed: int
    lines_taken: int
    words_taken: int
    lines_left: int
    lost: tuple[str, ...]
    gained: int
    effects: tuple[RuleEffect, ...]
    handed_over: tuple[tuple[str, str, int], ...]
    failures: tuple[RuleFailure, ...]
    warnings: tuple[str, ...]


def try_rules(files: Sequence[str], path: str | None, settings: Settings, *, limit: str | None = None) -> Report:
    """Tries rule `files` on the first `limit` articles of `path` (a lake, a folder, a file or a glob).

    Raises UsageError where a file, the path or the limit is missing or unusable.
    """
    if not files:
        raise UsageError("rules try needs a rule file. See `copydesk rules --help`.")
    if path is None:
        raise UsageError("rules try needs --on PATH, a lake or raw articles. See `copydesk rules --help`.")
    if limit is not None and not (limit.isdecimal() and int(limit)):
        raise UsageError(f"--limit: {limit!r}; allowed is a whole number from 1")
    folders = [Path(folder) for folder in settings.clean.rule_folders]
    rules = Rules.load(settings)
    trial = prepare([Path(file) for file in files], folders, rules.clean)
    texts = islice(trial_texts(path, rules, frozenset(trial.ids)), None if limit is None else int(limit))
    return sum_up((None if text is None else compare(text.name, text.parsed, trial) for text in texts), trial)


@dataclass
class _Tally:
    """One rule's running counts."""

    hits: int = 0
    articles: int = 0
    lines: int = 0
    words: int = 0
    middle: int = 0
    left: int = 0
    share: float = 0.0
    share_article: str = ""
    examples: list[Example] = field(default_factory=list)


def sum_up(changes: Iterable[ArticleChange | None], trial: Trial, examples: int = 3) -> Report:
    """The report on all articles; None stands for a record that is no article. Keeps at most `examples` for each rule."""
    tallies: dict[str, _Tally] = {rule_id: _Tally() for rule_id in trial.ids}
    articles = skipped = changed = gained = 0
    lost: list[str] = []
    handed_over: Counter[tuple[str, str]] = Counter()
    for each in changes:
        if each is None:
            skipped += 1
            continue
        articles += 1
        changed += bool(each.taken or each.left or each.is_lost or each.is_gained)
        gained += each.is_gained
        if each.is_lost:
            lost.append(each.name)
        handed_over.update(each.handed_over)
        _add(each, tallies, examples)
    effects = tuple(_effect(rule_id, tallies[rule_id], trial) for rule_id in sorted(tallies))
    return Report(
        articles=articles,
        skipped=skipped,
        changed=changed,
        lines_taken=sum(each.lines for each in effects),
        words_taken=sum(each.words for each in effects),
        lines_left=sum(each.left for each in effects),
        lost=tuple(lost),
        gained=gained,
        effects=effects,
        handed_over=tuple((*pair, handed_over[pair]) for pair in sorted(handed_over)),
        failures=trial.failures,
        warnings=tuple(_warnings(effects, lost, trial, articles)),
    )


def _add(change: ArticleChange, tallies: dict[str, _Tally], examples: int) -> None:
    words: Counter[str] = Counter()
    for rule_id, hits in change.hits:
        tallies[rule_id].hits += hits
    for each in change.taken:
        tally = tallies.setdefault(each.rule_id, _Tally())
        tally.articles += each.rule_id not in words
        tally.lines += 1
        tally.words += each.words
        tally.middle += each.where is Where.BODY
        words[each.rule_id] += each.words
    for each in change.left:
        tallies.setdefault(each.rule_id, _Tally()).left += 1
    for changes, is_taken in ((change.taken, True), (change.left, False)):
        for each in changes:
            if len(tallies[each.rule_id].examples) < examples:
                tallies[each.rule_id].examples.append(Example(change.name, each, is_taken))
    for rule_id, taken in words.items():
        share = taken / max(change.words, 1)
        if change.words >= MIN_WORDS and share > tallies[rule_id].share:
            tallies[rule_id].share, tallies[rule_id].share_article = share, change.name


def _effect(rule_id: str, tally: _Tally, trial: Trial) -> RuleEffect:
    return RuleEffect(
        rule_id,
        rule_id in trial.ids,
        rule_id in trial.removed_ids,
        tally.hits,
        tally.articles,
        tally.lines,
        tally.words,
        tally.middle,
        tally.left,
        tally.share,
        tally.share_article,
        tuple(tally.examples),
    )


def _warnings(effects: Sequence[RuleEffect], lost: Sequence[str], trial: Trial, articles: int) -> Iterable[str]:
    if not trial.ids:
        yield "the files change no rule"
    if lost:
        yield f"nothing is left of {counted(len(lost), 'article')}; the first is {lost[0]}"
    for each in effects:
        if each.share > LARGE_SHARE:
            yield f"{each.rule_id} takes {each.share:.0%} of the words of {each.share_article}"
        if each.middle:
            yield f"{each.rule_id} takes {counted(each.middle, 'line')} between kept lines; look at each of them"
    idle = [each.rule_id for each in effects if each.is_tried and not each.is_removed and not each.hits]
    if idle and articles:
        yield f"{counted(len(idle), 'rule')} of the files never hit here: {', '.join(idle)}"


def counted(number: int, noun: str) -> str:
    """ "1 line", "1,204 lines"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
