"""Shows for one file what was kept, what was removed and by which rule, for `copydesk inspect`; without Beam.

Before: a page. After: its headline, its metadata with their sources, and its text in reading order with each removal in
its place:
      The council voted on Monday.
    - Share this story  [share.prompt]
      The vote was close.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

from pipeline.inspect_text import print_article, print_reject
from pipeline.mentions_text import print_mentions, print_why
from pipeline.nearest import did_you_mean
from pipeline.settings import Settings
from pipeline.summary import tallies
from schemas.codes import Code
from schemas.entities import Mentions
from schemas.errors import UsageError
from schemas.records import Article, Cut, ParsedDocument, Reject, Removed

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.explain import Explanation

RECORDS_SHOWN = 20
"""Records of a container that are shown without `--all`."""

_REJECT_START = 2000
"""Bytes of a reject that its JSON object shows."""


class Described(Protocol):
    """A record that became an article, as `pipeline.chain` gives it."""

    @property
    def article(self) -> Article: ...

    @property
    def removed(self) -> tuple[Removed, ...]: ...

    @property
    def parsed(self) -> ParsedDocument: ...

    @property
    def mentions(self) -> Mentions: ...


class Inspected(NamedTuple):
    """What became of one record, and why, where that was asked."""

    outcome: Described | Reject
    explanation: Explanation | None = None


def inspect_file(
    path: str,
    settings: Settings,
    stream: TextIO,
    *,
    as_json: bool = False,
    every_record: bool = False,
    why: bool = False,
    line: str | None = None,
) -> None:
    """Writes what becomes of the file's records (the first 20 unless `every_record`) to `stream`.

    `why` adds why each line went or stayed; `line` (a text or a line's number) shows that for the lines that hold it
    instead. In colour on a terminal; with `as_json` one JSON object a record and line. Raises UsageError where there is
    no file.
    """
    _must_be_file(path)
    outcomes = _outcomes(path, settings, why=why or line is not None)
    shown = outcomes if every_record else islice(outcomes, RECORDS_SHOWN)
    if as_json:
        for each in shown:
            stream.write(outcome_json(each.outcome, each.explanation, line) + "\n")
        return
    from rich.console import Console

    console = Console(file=stream, markup=False, highlight=False, emoji=False)
    count = 0
    for count, each in enumerate(shown, start=1):
        if count > 1:
            console.rule(characters="─", style="dim")
        _print(each, console, line)
    if not count:
        console.print("The file holds no record.")
    elif not every_record and next(outcomes, None) is not None:
        console.print(f"\nThe first {RECORDS_SHOWN} records; --all shows every one.")


def _print(inspected: Inspected, console: Console, line: str | None) -> None:
    outcome, explanation = inspected
    if isinstance(outcome, Reject):
        print_reject(outcome, console)
    elif line is None:
        print_article(outcome.article, outcome.removed, outcome.parsed, console)
        print_mentions(outcome.mentions, console)
    if explanation is not None:
        from pipeline.explain_text import print_explanation

        print_explanation(explanation, console, line)
        if line is None and not isinstance(outcome, Reject):
            print_why(outcome.mentions.mentions, console)


def outcome_json(outcome: Described | Reject, explanation: Explanation | None = None, line: str | None = None) -> str:
    """One record as a JSON object on one line: `article`, `removed`, `mentions` and `quotes` as in their tables, or `reject`; with an
    `explanation` also `why`: `page`, `lines` (those that `line` asks for) and `fields`."""
    why = {} if explanation is None else {"why": _why(explanation, line)}
    if isinstance(outcome, Reject):
        reject = _fields(outcome)
        del reject["raw"]
        reject["raw_start"] = outcome.raw[:_REJECT_START].decode("utf-8", "backslashreplace")
        return json.dumps({"reject": reject, **why}, default=_plain)
    return json.dumps(
        {
            "article": _fields(outcome.article),
            "removed": [_fields(each) for each in outcome.removed],
            "mentions": _plain(outcome.mentions.mentions),
            "quotes": _plain(outcome.mentions.quotes),
            "removed_by_category": dict(tallies((each.category.value, 1) for each in outcome.removed)),
            **why,
        },
        default=_plain,
    )


def _why(explanation: Explanation, line: str | None) -> object:
    from pipeline.explain_text import chosen_lines

    lines = explanation.lines if line is None else chosen_lines(explanation.lines, line)
    return _plain(explanation._replace(lines=lines))


def _outcomes(path: str, settings: Settings, *, why: bool) -> Iterator[Inspected]:
    from pipeline.chain import Rules, read_all, run_record

    rules = Rules.load(settings)
    for record in read_all(path, rules):
        outcome = record if isinstance(record, Reject) else run_record(record, rules)
        if not why or isinstance(record, Reject):
            yield Inspected(outcome)
            continue
        from pipeline.explain import explain_record

        article = None if isinstance(outcome, Reject) else outcome.article
        yield Inspected(outcome, explain_record(record, rules, article))


def _must_be_file(path: str) -> None:
    file = Path(path)
    try:
        if file.is_file():
            return
        if file.is_dir():
            raise UsageError(f"{path}: is a folder; inspect shows one file")
        if file.exists():
            raise UsageError(f"{path}: not a regular file")
        names = sorted(entry.name for entry in file.parent.iterdir())
    except (OSError, ValueError):
        names = []
    raise UsageError(f"{path}: no such file{did_you_mean(file.name, names)}")


def _fields(record: Article | Removed | Reject | Cut) -> dict[str, object]:
    """A record's fields by name. Not `dataclasses.asdict`: it turns NamedTuples into lists that lost their names."""
    return {name: _plain(getattr(record, name)) for name in type(record).__slots__}


def _plain(value: object) -> object:
    if isinstance(value, Code):
        return value.value
    if isinstance(value, Cut):
        return _fields(value)
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return {key: _plain(each) for key, each in named().items()} if named else [_plain(each) for each in value]
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else value
