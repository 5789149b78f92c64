"""Starts a run that this process does not wait for: it prepares the run, hands the graph to the engine and the lake's lock to the job.

Before: a launcher that must end before its job can begin, as that of a Dataflow flex template. After: a job that reads, commits
and then frees the lake; if it fails, nothing of it is visible, and the lake is free again when `lock_seconds` are over.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from pipeline.chain import Rules, record_limits
from pipeline.crew import Crew
from pipeline.graph import build
from pipeline.ingest_spec import ingest_spec
from pipeline.lake.commit import CommitResult
from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.iceberg.place import read_place
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import already_in, forgotten_among
from pipeline.lake.lock import check_lock, give_back
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.seen_files import add_seen, read_seen
from pipeline.learned.learning import Learning, learn_for_run
from pipeline.setting_checks import check_settings
from pipeline.settings import Settings
from schemas.errors import UsageError
from schemas.records import InputFile, Unopened
from transforms.counters import Counters
from transforms.listing.seen import NOTHING_SEEN, Keys
from transforms.match import match_inputs
from transforms.plan import plan_shards
from transforms.storage.lease import LeaseLostError
from transforms.storage.stores import is_object

LOCK_SECONDS = 6 * 3600
"""How long a job may take; afterwards another run may take the lake over, and a job that is later still commits nothing."""

_WORKERS = 64
"""The files are dealt out for so many workers; an engine that has fewer gives each of them more shards."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was started: `run_id` is "" where nothing was new. `result` is the engine's own handle."""

    run_id: str
    files_matched: int
    files_new: int
    result: PipelineResult

    def __str__(self) -> str:
        if not self.run_id:
            return f"nothing new in {self.files_matched:,} files; the job has nothing to do"
        return f"run {self.run_id}: {self.files_new:,} of {self.files_matched:,} files are new; the job reads and commits them"


class _GiveBack(beam.DoFn):
    """Notes which files the lake has now, and frees its lock, when the run is committed."""

    def __init__(self, root: str, token: str, keys: Keys) -> None:
        self._root = root
        self._token = token
        self._keys = keys

    def process(self, element: CommitResult) -> Iterator[CommitResult]:
        fs, paths = filesystem_of(self._root), LakePaths(self._root)
        with contextlib.suppress(LeaseLostError):  # an engine may do this step twice
            check_lock(fs, paths, self._token)
            add_seen(fs, paths, self._keys)
            give_back(fs, paths, self._token)
        yield element


def submit(
    inputs: Sequence[str],
    lake_path: str,
    settings: Settings,
    options: PipelineOptions,
    *,
    force: bool = False,
    lock_seconds: float = LOCK_SECONDS,
) -> Submitted:
    """Starts the run that brings what is new in `inputs` into the lake, and returns as soon as the engine has the graph.

    `options` name the engine. Raises UsageError before anything is written for inputs, settings or a lake that can't be used
    (it has to lie in a bucket, and Iceberg tables are brought up to date by `copydesk ingest` only), LakeBusyError while another
    run has the lake. Where the engine does not take the graph the lake is as before.
    """
    _check(inputs, lake_path, settings)
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    if settings.lake.table_format == "iceberg" or read_place(fs, paths) is not None:
        raise UsageError(
            f"--lake {lake_path}: has Iceberg tables; those are brought up to date by `copydesk ingest` only"
        )
    matched = match_inputs(inputs, lake=lake_path, seen=NOTHING_SEEN if force else read_seen(fs, paths))
    unopened = {each.file: each for each in matched.unopened}
    found = (*matched.files, *unopened)
    with begin(lake_path) as lake:
        forgotten = forgotten_among(lake.fs, lake.paths, found)
        wanted = tuple(file for file in found if file not in forgotten)
        new, skipped = (wanted, ()) if force else already_in(lake.fs, lake.paths, wanted)
        count = len(found) + matched.seen
        pipeline = beam.Pipeline(options=options)
        if not new:
            add_seen(lake.fs, lake.paths, matched.keys)
            # An engine that was promised a graph gets one.
            _ = pipeline | "NothingNew" >> beam.Create([None])
            return Submitted("", count, 0, pipeline.run())
        files = [file for file in new if file not in unopened]
        refused = [unopened[file] for file in new if file in unopened]
        learning = learn_for_run(lake, files, settings, Crew(settings).share)
        spec = ingest_spec(lake, new, settings, learning, skipped=len(skipped) + matched.seen, force=force)
        committed = _build(pipeline, files, refused, settings, spec, learning)
        _ = committed | "GiveBack" >> beam.ParDo(_GiveBack(spec.root, spec.lock_token, matched.keys))
        lake.hand_over(lock_seconds)
        try:
            return Submitted(spec.run_id, count, len(new), pipeline.run())
        except BaseException:
            give_back(fs, paths, spec.lock_token)
            raise


def _check(inputs: Sequence[str], lake_path: str, settings: Settings) -> None:
    check_settings(settings)
    if settings.entities.enabled:
        for file in settings.entities.files:
            if not Path(file).is_dir():
                raise UsageError(
                    f"[entities] files: {file}: would be compiled on this machine only; put the folder that "
                    "`copydesk entities build -o` made into the image that launcher and workers share, and name that"
                )
    for each in (*inputs, lake_path):
        if not is_object(each):
            raise UsageError(f"{each}: lies on this machine's disk, which the job's workers don't see; name a bucket")


def _build(
    pipeline: beam.Pipeline,
    files: Sequence[InputFile],
    refused: Sequence[Unopened],
    settings: Settings,
    spec: RunSpec,
    learning: Learning,
) -> Any:
    rules = Rules.load(settings)
    rules = replace(rules, clean=replace(rules.clean, learned=learning.lines))
    shards = plan_shards(files, refused, _WORKERS)
    limits = replace(record_limits(settings), journal="")  # a file of this machine, which the workers don't have
    return build(pipeline, shards, rules, limits, spec, Counters(), {})
