"""Tries rule files on articles before they are adopted: what they would take more, what they would leave, and where.

Before: a rule file and a lake or a folder.  After: `Report`: articles changed, lines per rule, examples with the lines beside
them, warnings, and the rule files' own examples that fail.

Each article is cleaned twice, with the rules as they are and with the files added; what differs is the files' doing, also
where another rule takes the line in the end (a rule that moves the article's end changes what stands in its tail).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipeline.chain import Rules
from pipeline.rules import RuleFailure, add_rule_files, check_rules, load_rules
from pipeline.settings import Settings
from pipeline.trial_texts import trial_texts
from schemas.errors import RecordError, UsageError
from schemas.records import CleanedDocument, ParsedDocument, RemovedSpan
from schemas.rules import Where
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.shapes import count_words
from transforms.normalize import normalize_text

LARGE_SHARE = 0.1
"""A rule that takes more than this share of an article's words is warned of (articles of MIN_WORDS and more)."""
MIN_WORDS = 50
"""Words of an article from which its share counts: a tenth of a short notice is one line."""


class Trial(NamedTuple):
    """What is tried: the rules without and with the files. `ids` are the rules that the files add, change or remove;
    `failures` are examples and counterexamples that these rules get wrong, their own and others'."""

    before: CleanRules
    after: CleanRules
    ids: tuple[str, ...]
    removed_ids: tuple[str, ...]
    failures: tuple[RuleFailure, ...]
    examples: int


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
        ids=tuple(ids),
        removed_ids=tuple(rule_id for rule_id in ids if rule_id not in now),
        failures=check_rules(tried, about=frozenset(ids)),
        examples=sum(len(rule.examples) + len(rule.counterexamples) for rule in own),
    )


def compare(name: str, parsed: ParsedDocument, trial: Trial) -> ArticleChange:
    """What the trial's files change in one document."""
    before, after = _cleaned(parsed, trial.before), _cleaned(parsed, trial.after)
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
