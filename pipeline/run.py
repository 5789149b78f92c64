"""Carries a run out: finds the files, asks the ledger, runs the graph, tells what happened."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from pipeline.crew import crew
from pipeline.engines.place import check_engine, settle_workers
from pipeline.failure_log import reason_of
from pipeline.ingest_spec import ingest_spec
from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.iceberg.place import Place, choose_place, named_place, write_place
from pipeline.lake.lake import Lake, begin, open_paths
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import already_in, forgotten_among
from pipeline.lake.manifest import ManifestError, read_manifest
from pipeline.lake.publish import has_landed
from pipeline.lake.reject_guard import STOPPED_FILE
from pipeline.lake.seen_files import add_seen, read_seen
from pipeline.progress import ProgressView
from pipeline.setting_checks import check_settings
from pipeline.settings import Settings
from pipeline.summary import Summary, tallies
from schemas.errors import StoppedEarlyError, UnfinishedError, UsageError
from schemas.records import InputFile
from transforms.isolation.limits import Limits
from transforms.isolation.watch import WATCH
from transforms.listing.seen import NOTHING_SEEN
from transforms.match import Listed, Matched, match_inputs, match_listed
from transforms.parsed_earlier import keeping
from transforms.storage.object_filesystem import ObjectFileSystem


def ingest(
    inputs: Sequence[str],
    lake_path: str,
    settings: Settings,
    *,
    force: bool,
    dry_run: bool,
    progress: ProgressView,
    since: datetime | None = None,
    listed: Listed | None = None,
) -> Summary:
    """Brings what is new in `inputs` into the lake, as one run; with `force` what the lake holds already as well. Files that were
    changed before `since` are left out. `listed` is what is to be read where a listing of `inputs` has been made already.

    Raises UsageError before anything is written for inputs, settings or a lake that can't be used, and UnfinishedError where the
    run is in the lake but its Iceberg tables are behind or it can't be told what it did. Any other exception means that nothing of the run is visible.
    """
    started = time.monotonic()
    check_settings(settings)
    check_engine(settings, lake_path)
    if settings.entities.enabled:
        from pipeline.entities.build import store_folder

        store_folder(settings.entities.files)  # compiles the user's alias files, where there are new ones
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    _check_folder(fs, paths, lake_path)
    tables = choose_place(fs, paths, wanted_place(settings))
    if tables is not None:
        # A second to import: now, so that the snapshots follow the manifest at once.
        from pipeline.lake.iceberg.catalog import check_place
        from pipeline.lake.iceberg.snapshots import keep_up

        check_place(paths, tables)
    seen = NOTHING_SEEN if force or listed else read_seen(fs, paths)
    matched = match_listed(listed) if listed else match_inputs(inputs, lake=lake_path, seen=seen, since=since)
    # A file that can't be opened has no bytes to know it by: the ledger knows it by its name and no hash.
    unopened = {each.file: each for each in matched.unopened}
    found = (*matched.files, *unopened)
    if dry_run:
        # Not through `begin`, which makes the folder, takes the lock and finishes or undoes an interrupted run.
        forgotten = forgotten_among(fs, paths, found)
        wanted = tuple(file for file in found if file not in forgotten)
        new = wanted if force else already_in(fs, paths, wanted)[0]
        return replace(_planned(lake_path, matched, found, new, dry_run=True), forgotten=len(forgotten))
    with begin(lake_path) as lake:
        if tables is not None:
            write_place(lake.fs, lake.paths, tables)
        forgotten = forgotten_among(lake.fs, lake.paths, found)
        wanted = tuple(file for file in found if file not in forgotten)
        new, skipped = (wanted, ()) if force else already_in(lake.fs, lake.paths, wanted)
        summary = _planned(lake_path, matched, found, new, dry_run=False)
        summary = replace(summary, forgotten=len(forgotten))
        if new:
            files = [file for file in new if file not in unopened]
            refused = [unopened[file] for file in new if file in unopened]
            settings = settle_workers(settings, summary.bytes_in)
            # Beam takes a second or two to import: a run that finds nothing new does without it.
            with (
                keeping(),
                crew(settings) as workers,
                progress.watch(files=len(files), size=summary.bytes_in) as counters,
                WATCH.armed(_limits(settings)),
            ):
                from pipeline.execute import execute
                from pipeline.learned.learning import learn_for_run

                if settings.learn.enabled:
                    progress.say("learning what the sites repeat")
                learning = learn_for_run(lake, files, settings, workers.share)
                workers.release()
                progress.say("reading and cleaning")
                spec = ingest_spec(lake, new, settings, learning, skipped=len(skipped) + matched.seen, force=force)
                try:
                    execute(files, refused, settings, spec, counters, learning.lines, worker_command=workers.command)
                except Exception as error:
                    if has_landed(lake.fs, lake.paths, spec.run_id):
                        raise UnfinishedError(
                            f"run {spec.run_id} is in the lake, but the engine ended with an error after it ({reason_of(error)})"
                        ) from error
                    stopped = lake.paths.absolute(f"{spec.staging}/{STOPPED_FILE}")
                    if not lake.fs.exists(stopped):
                        raise
                    raise StoppedEarlyError(lake.fs.read_bytes(stopped).decode()) from error
            try:
                summary = _counted(summary, lake, spec.run_id)
            except ManifestError as error:
                raise UnfinishedError(
                    f"run {spec.run_id} is in the lake, but what it counted can't be read ({error}); see `copydesk verify`"
                ) from error
            with suppress(OSError):  # a shortcut; the run is in the lake
                add_seen(lake.fs, lake.paths, matched.keys)
        if tables is not None:
            keep_up(lake.fs, lake.paths)
    return replace(summary, seconds=time.monotonic() - started)


def _limits(settings: Settings) -> Limits:
    from pipeline.chain import record_limits  # takes Beam along: while it is imported, the crew gets ready

    return record_limits(settings)


def _check_folder(fs: FileSystem, paths: LakePaths, lake_path: str) -> None:
    """Raises UsageError where the lake's path is a file's, or its bucket does not exist."""
    try:
        # In a bucket an object may have the name of a prefix: no harm, and the bucket's root has no name to ask for.
        is_file = not fs.is_folder(paths.root) and not isinstance(fs, ObjectFileSystem) and fs.exists(paths.root)
    except FileNotFoundError as error:
        raise UsageError(f"--lake {lake_path}: can't be opened ({error.strerror or error})") from error
    if is_file:
        raise UsageError(f"--lake {lake_path}: is a file; name a folder, which is made if it does not exist")


def wanted_place(settings: Settings) -> Place | None:
    """Where the settings want Iceberg tables; None where they want none."""
    if settings.lake.table_format != "iceberg":
        return None
    return named_place(settings.iceberg.catalog, settings.iceberg.warehouse, settings.iceberg.namespace)


def _planned(
    lake_path: str, matched: Matched, found: Sequence[InputFile], new: Sequence[InputFile], *, dry_run: bool
) -> Summary:
    """What is known before anything is read."""
    return Summary(
        run_id="",
        lake=lake_path,
        files_matched=len(found) + matched.seen,
        files_new=len(new),
        files_skipped=len(found) - len(new) + matched.seen,
        files_repeated=matched.duplicates,
        files_older=matched.older,
        bytes_in=sum(file.size for file in new),
        read=0,
        articles=0,
        rejects=0,
        removed=0,
        dry_run=dry_run,
    )


def _counted(summary: Summary, lake: Lake, run_id: str) -> Summary:
    """`summary` with the figures of the committed run's manifest."""
    counts = read_manifest(lake.fs, lake.paths, run_id).counts
    return replace(
        summary,
        run_id=run_id,
        read=counts.read,
        known=counts.known_records,
        forgotten=summary.forgotten + counts.forgotten,
        articles=counts.articles,
        rejects=counts.rejects,
        removed=counts.removed,
        mentions=counts.mentions,
        entities=counts.entities,
        quotes=counts.quotes,
        rejects_by_code=tallies(counts.by_code),
        removed_by_category=tallies(counts.by_category),
        articles_by_language=tallies(counts.by_language),
        articles_by_format=tallies(counts.by_format),
        mentions_by_method=tallies(counts.by_method),
    )
