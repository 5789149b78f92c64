"""Carries a run out: finds the files, asks the ledger, runs the graph, tells what happened."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import Lake, begin, open_paths
from pipeline.lake.ledger import already_in
from pipeline.lake.manifest import read_manifest
from pipeline.lake.run_spec import prepare
from pipeline.lake.seen_files import add_seen, read_seen
from pipeline.progress import ProgressView
from pipeline.rules import load_rules
from pipeline.settings import Settings, row_settings
from pipeline.summary import Summary, tallies
from pipeline.version import pipeline_version
from schemas.records import InputFile
from transforms.entities.name_tiers import check_tier
from transforms.language_rules import check_detector
from transforms.listing.seen import NOTHING_SEEN
from transforms.match import Matched, match_inputs
from transforms.row_filter import RowFilter

MIB = 1024 * 1024


def ingest(
    inputs: Sequence[str],
    lake_path: str,
    settings: Settings,
    *,
    force: bool,
    dry_run: bool,
    progress: ProgressView,
    since: datetime | None = None,
) -> Summary:
    """Brings what is new in `inputs` into the lake, as one run; with `force` what the lake holds already as well. Files that were
    changed before `since` are left out.

    Raises UsageError before anything is written for inputs, settings or a lake that can't be used. Any other exception
    means that nothing of the run is visible.
    """
    started = time.monotonic()
    load_rules([Path(folder) for folder in settings.clean.rule_folders])  # a bad rule is told before anything else
    RowFilter(settings.filter.expression)
    check_detector(settings.describe.language_detector)
    if settings.entities.enabled:
        check_tier(settings.entities.ner)
        from pipeline.entities.build import store_folder

        store_folder(settings.entities.files)  # compiles the user's alias files, where there are new ones
    paths = open_paths(lake_path)
    seen = NOTHING_SEEN if force else read_seen(LocalFileSystem(), paths)
    matched = match_inputs(inputs, lake=lake_path, seen=seen, since=since)
    # A file that can't be opened has no bytes to know it by: the ledger knows it by its name and no hash.
    unopened = {each.file: each for each in matched.unopened}
    found = (*matched.files, *unopened)
    if dry_run:
        # Not through `begin`, which makes the folder, takes the lock and finishes or undoes an interrupted run.
        new = found if force else already_in(LocalFileSystem(), paths, found)[0]
        return _planned(lake_path, matched, found, new, dry_run=True)
    with begin(lake_path) as lake:
        new, skipped = (found, ()) if force else already_in(lake.fs, lake.paths, found)
        summary = _planned(lake_path, matched, found, new, dry_run=False)
        if new:
            files = [file for file in new if file not in unopened]
            refused = [unopened[file] for file in new if file in unopened]
            # Beam takes a second or two to import: a run that finds nothing new does without it.
            from pipeline.execute import execute
            from pipeline.learned.learning import learn_for_run

            with progress.watch(files=len(files), size=summary.bytes_in) as counters:
                if settings.learn.enabled:
                    progress.say("learning what the sites repeat")
                learning = learn_for_run(lake, files, settings)
                progress.say("reading and cleaning")
                spec = prepare(
                    lake,
                    new,
                    settings=row_settings(settings),
                    pipeline_version=pipeline_version(),
                    skipped_inputs=len(skipped) + matched.seen,
                    force=force,
                    learned=learning.staged,
                    find_mentions=settings.entities.enabled,
                    target_file_bytes=settings.lake.target_file_mib * MIB,
                    row_group_bytes=settings.lake.row_group_mib * MIB,
                    flush_bytes=settings.lake.buffer_mib * MIB,
                )
                execute(files, refused, settings, spec, counters, learning.lines)
            summary = _counted(summary, lake, spec.run_id)
            add_seen(lake.fs, lake.paths, matched.keys)
    return replace(summary, seconds=time.monotonic() - started)


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
