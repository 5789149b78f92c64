"""Tries rejects again: those that may have been bad luck, those of some code after a rule or setting was changed, or all.

Before: a lake whose run found a file unreadable. After: one more run whose manifest counts one `replayed`: the reject is gone, its
article is there. The bytes come from the source where it still has them, else from the reject itself.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.crew import crew
from pipeline.engines.place import check_engine, settle_workers
from pipeline.lake.lake import Lake
from pipeline.lake.learned import applied_lines, read_decisions, read_rounds
from pipeline.lake.ledger import already_in
from pipeline.lake.manifest import ManifestError, read_manifest, read_manifests
from pipeline.lake.publish import is_published
from pipeline.lake.replay_plan import Origin, PlannedInput, Retry, choose_rejects, prepare_replay, stored_bytes
from pipeline.lake.staging import owner_of
from pipeline.lake.upkeep import begin_upkeep
from pipeline.progress import ProgressView
from pipeline.settings import Settings, row_settings
from pipeline.version import pipeline_version
from schemas.codes import RejectCode
from schemas.errors import UnfinishedError, UsageError
from schemas.records import InputFile
from transforms.learned.learn import learn
from transforms.learned.lines import NO_LINES, LearnedLines
from transforms.learned.thresholds import thresholds
from transforms.match import match_inputs

_JSON_LINES = (".jsonl", ".ndjson")
_MOST_LINES = 10_000_000


class Replayed(NamedTuple):
    """What a replay did. `chosen` rejects were to be tried; for `no_source` of them no bytes were found. `replayed` are gone,
    `articles` were made; `still` stay as they are. `run_id` is empty where nothing was committed."""

    run_id: str
    chosen: int
    no_source: int
    replayed: int
    articles: int
    still: int


def replay(
    lake_path: str, settings: Settings, *, codes: Sequence[str], every: bool, progress: ProgressView
) -> Replayed:
    """Tries the rejects with one of `codes`, or all, or, where neither is asked for, the retryable ones.

    Raises UsageError for an unknown code or a lake that can't be used; any other exception means that nothing was changed.
    """
    wanted_codes = _known_codes(codes)
    check_engine(settings, lake_path)
    with begin_upkeep(lake_path) as lake, tempfile.TemporaryDirectory(prefix="copydesk-replay-") as folder:
        manifests = read_manifests(lake.fs, lake.paths)
        chosen = choose_rejects(
            lake.fs,
            lake.paths,
            manifests,
            lambda code, retryable: every or (code in wanted_codes if wanted_codes else retryable),
        )
        count = sum(len(each.source_uris) for each in chosen)
        planned, files = _located(lake, chosen, Path(folder))
        tried = sum(len(each.source_uris) for each in planned)
        if not planned:
            return Replayed("", count, count, 0, 0, 0)
        # Beam takes a second or two to import: where there is nothing to try, it is done without.
        from pipeline.execute import execute

        lines = _learned_lines(lake) if settings.learn.enabled else NO_LINES
        spec = prepare_replay(
            lake,
            planned,
            files,
            settings=row_settings(settings),
            pipeline_version=pipeline_version(),
            learned_lines=len(lines.lines),
            learned_sha256=lines.sha256,
            target_file_bytes=settings.lake.target_file_bytes,
            row_group_bytes=settings.lake.row_group_bytes,
            flush_bytes=settings.lake.buffer_bytes,
        )
        only = {each.uri: frozenset(each.source_uris) for each in planned if each.origin is not Origin.NEWER}
        size = sum(file.size for file in files)
        settings = settle_workers(settings, size)
        with crew(settings) as workers, progress.watch(files=len(files), size=size) as counters:
            workers.release()
            progress.say("reading and cleaning")
            execute(files, (), settings, spec, counters, lines, only, workers.command)
        if not is_published(lake.fs, lake.paths, spec.run_id):
            return Replayed("", count, count - tried, 0, 0, tried)
        try:
            counts = read_manifest(lake.fs, lake.paths, spec.run_id).counts
        except ManifestError as error:
            raise UnfinishedError(
                f"run {spec.run_id} is in the lake, but what it counted can't be read ({error}); see `copydesk verify`"
            ) from error
    return Replayed(
        spec.run_id, count, count - tried, counts.replayed, counts.articles, max(0, tried - counts.replayed)
    )


def replayed_text(done: Replayed) -> str:
    """What happened, in one line."""
    if not done.chosen:
        return "no such rejects"
    parts = [f"{done.chosen:,} rejects chosen", f"{done.replayed:,} replayed", f"{done.articles:,} articles made"]
    if done.still:
        parts.append(f"{done.still:,} are rejects still")
    if done.no_source:
        parts.append(
            f"{done.no_source:,} could not be tried: their source is gone or changed, and not all bytes were kept"
        )
    return ", ".join(parts) + (f" (run {done.run_id})" if done.run_id else "")


def _known_codes(codes: Sequence[str]) -> frozenset[str]:
    unknown = [code for code in codes if code not in RejectCode._value2member_map_]
    if unknown:
        raise UsageError(f"--code {unknown[0]}: no such code; there are {', '.join(code.value for code in RejectCode)}")
    return frozenset(codes)


def _learned_lines(lake: Lake) -> LearnedLines:
    limits = thresholds()
    manifests = read_manifests(lake.fs, lake.paths)
    rounds = [each.round for each in read_rounds(lake.fs, lake.paths, manifests, limits.learn.articles_in_all)]
    return applied_lines(learn(rounds, limits), read_decisions(lake.fs, lake.paths))


def _located(lake: Lake, chosen: Sequence[Retry], folder: Path) -> tuple[list[PlannedInput], list[InputFile]]:
    """The inputs for which bytes were found, each uri once: the source where it is as it was, then the rejects' own bytes where
    all were kept, then a source that is another now and that no run has read yet."""
    planned: dict[str, tuple[PlannedInput, InputFile]] = {}
    later: list[tuple[Retry, InputFile | None]] = []
    for each in chosen:
        now = _source(each)
        if now is not None and now.sha256 == each.row.sha256 and each.row.uri not in planned:
            planned[each.row.uri] = _planned(each, Origin.SAME), now
        else:
            later.append((each, now))
    newer = [(each, now) for each, now in later if now is not None and now.sha256 != each.row.sha256]
    unread = set(already_in(lake.fs, lake.paths, [now for _, now in newer])[0])
    for each, now in newer:
        if each.row.uri not in planned and now in unread and now is not None:
            planned[each.row.uri] = _planned(each, Origin.NEWER), now
    rest = [each for each, _ in later if each.row.uri not in planned]
    wanted = frozenset((each.row.run_id, source) for each in rest for source in each.source_uris)
    kept = stored_bytes(lake.fs, lake.paths, read_manifests(lake.fs, lake.paths), wanted)
    for each in rest:
        raw = {source: kept[key] for source in each.source_uris if (key := (each.row.run_id, source)) in kept}
        copy = _copy(each, raw, folder) if raw and each.row.uri not in planned else None
        if copy is not None:
            planned[each.row.uri] = (
                _planned(each._replace(source_uris=tuple(sorted(raw))), Origin.STORED),
                copy,
            )
    ordered = [planned[uri] for uri in sorted(planned)]
    return [each for each, _ in ordered], [file for _, file in ordered]


def _planned(each: Retry, origin: Origin) -> PlannedInput:
    row = each.row
    return PlannedInput(row.uri, row.name, row.sha256, row.run_id, origin, each.source_uris)


def _source(each: Retry) -> InputFile | None:
    """The input as its source has it now, under the name that the ledger knows; None where it can't be read."""
    try:
        matched = match_inputs([each.row.uri])
    except (UsageError, ManifestError):
        return None
    if len(matched.files) != 1:
        return None
    return matched.files[0]._replace(uri=each.row.uri, name=each.row.name)


def _copy(each: Retry, raw: dict[str, bytes], folder: Path) -> InputFile | None:
    """A file with the rejects' own bytes, in which the records have the ids that they had; None for containers whose records are
    more than their bytes (a WARC record's address stands outside its payload)."""
    row = each.row
    if set(raw) == {row.uri}:
        content = raw[row.uri]
    elif row.name.endswith(_JSON_LINES) and all(_line_number(source, row.uri) for source in raw):
        lines = {_line_number(source, row.uri): line for source, line in raw.items()}
        content = b"".join(lines.get(number, b"") + b"\n" for number in range(1, max(lines) + 1))
    else:
        return None
    suffix = "".join(Path(row.name).suffixes[-2:])
    path = folder / f"{hashlib.sha256(row.uri.encode()).hexdigest()[:16]}{suffix[:40]}"
    path.write_bytes(content)
    return InputFile(row.uri, row.name, len(content), hashlib.sha256(content).hexdigest(), str(path))


def _line_number(source_uri: str, uri: str) -> int:
    """12 for "feed.jsonl#L12"; 0 where the record is not a line."""
    record = source_uri[len(uri) :]
    number = record[2:]
    if owner_of(source_uri, frozenset({uri})) != uri or not record.startswith("#L") or not number.isdecimal():
        return 0
    return int(number) if int(number) <= _MOST_LINES else 0
