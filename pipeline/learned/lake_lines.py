"""The learned lines of a lake as its users see them, and their word on single lines: show, pin, forget.

Before: a lake's path. After: a row for each line with its site, its text, how many stories have it, and the runs that saw it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.layout import LakePaths
from pipeline.lake.learned import (
    Decision,
    LearnedRound,
    Verdict,
    read_decisions,
    read_rounds,
    write_decision,
)
from pipeline.lake.manifest import ManifestError, read_manifests
from pipeline.visible import one_line
from schemas.errors import UsageError
from transforms.cleaning.learned_cuts import PREFIX
from transforms.learned.learn import LearnedLine, learn
from transforms.learned.place import Place
from transforms.learned.thresholds import thresholds


class LineStatus(NamedTuple):
    """One line. `stories` of `sampled` have it; 0 of 0 where a pinned or forgotten line is not counted any more. `text` is ""
    where it isn't known. `first_run` and `last_run` sampled it; `verdict` is None where nobody decided."""

    site: str
    id: str
    text: str
    place: Place
    stories: int
    sampled: int
    first_run: str | None
    last_run: str | None
    verdict: Verdict | None


def learned_of(lake_path: str) -> tuple[LineStatus, ...]:
    """All learned, pinned and forgotten lines of a lake: by site, what most stories have first. Raises UsageError where there is
    no lake or it can't be read."""
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    if not fs.is_folder(paths.runs):
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    return _statuses(fs, paths, lake_path)


def decide(lake_path: str, ids: Sequence[str], verdict: Verdict) -> tuple[LineStatus, ...]:
    """Pins or forgets the lines called `ids` (a line's id or its rule id, or the beginning of either); it holds from the next run on.

    Raises UsageError, before anything is written, for a line that the lake doesn't know.
    """
    learned_of(lake_path)
    with begin(lake_path) as lake:
        known = {line.id: line for line in _statuses(lake.fs, lake.paths, lake_path)}
        chosen = [known[_full_id(wanted, known, lake_path)] for wanted in ids]
        for line in chosen:
            write_decision(lake.fs, lake.paths, Decision(line.site, line.id, line.place, line.text, verdict))
    return tuple(line._replace(verdict=verdict) for line in chosen)


def _full_id(wanted: str, known: Mapping[str, LineStatus], lake_path: str) -> str:
    start = wanted.removeprefix(PREFIX)
    found = [identity for identity in known if start and identity.startswith(start)]
    if len(found) != 1:
        what = "no learned line" if not found else f"{len(found)} learned lines"
        raise UsageError(f"{lake_path}: {what} of id {wanted!r}; see `copydesk rules learned {lake_path}`")
    return found[0]


def _statuses(fs: FileSystem, paths: LakePaths, lake_path: str) -> tuple[LineStatus, ...]:
    try:
        rounds = read_rounds(fs, paths, read_manifests(fs, paths), thresholds().learn.articles_in_all)
        decisions = {decision.id: decision for decision in read_decisions(fs, paths)}
    except ManifestError as error:
        raise UsageError(f"{lake_path}: {error}; see `copydesk verify`") from error
    learned = {line.id: line for line in learn((each.round for each in rounds), thresholds())}
    runs = _runs_of(rounds, learned.keys() | decisions.keys())
    texts = {identity: text for each in rounds for identity, text in each.texts.items()}
    found = [
        _status(learned.get(identity), decisions.get(identity), texts.get(identity, ""), runs.get(identity, ()))
        for identity in learned.keys() | decisions.keys()
    ]
    return tuple(sorted(found, key=lambda line: (line.site, -line.stories, line.id)))


def _status(line: LearnedLine | None, decision: Decision | None, text: str, runs: Sequence[str]) -> LineStatus:
    place = line or decision
    assert place is not None
    return LineStatus(
        site=place.site,
        id=place.id,
        text=text or (decision.text if decision else ""),
        place=place.place,
        stories=line.stories if line else 0,
        sampled=line.sampled if line else 0,
        first_run=runs[0] if runs else None,
        last_run=runs[-1] if runs else None,
        verdict=decision.verdict if decision else None,
    )


def _runs_of(rounds: Iterable[LearnedRound], wanted: Iterable[str]) -> dict[str, list[str]]:
    """The runs that sampled each of the `wanted` lines, in order."""
    ids = frozenset(wanted)
    runs: dict[str, list[str]] = {}
    for each in rounds:
        for identity in {line.id for article in each.round.articles for line in article.lines} & ids:
            runs.setdefault(identity, []).append(each.run_id)
    return runs


def lines_json(lake_path: str, lines: Sequence[LineStatus]) -> str:
    """One JSON object with all lines."""
    return json.dumps({"lake": lake_path, "lines": [line._asdict() for line in lines]})


def lines_text(lake_path: str, lines: Sequence[LineStatus]) -> str:
    """The lines for a person: a paragraph for each site."""
    if not lines:
        return f"{one_line(lake_path)}: nothing learned so far"
    shown: list[str] = []
    for number, line in enumerate(lines):
        if not number or lines[number - 1].site != line.site:
            shown += ["", one_line(line.site)] if shown else [one_line(line.site)]
        shown.append(
            f"  {line.id}  {_counted(line):<16}  {_state(line):<9}  {one_line(line.text) or '(text not known)'}"
        )
    return "\n".join(shown)


def _counted(line: LineStatus) -> str:
    return f"{line.stories} of {line.sampled} stories" if line.sampled else "not counted"


def _state(line: LineStatus) -> str:
    return line.verdict.value if line.verdict else line.place.value
