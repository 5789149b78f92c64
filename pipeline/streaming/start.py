"""Carries a stream out: checks what can be checked before anything runs, builds the graph, runs it until it ends or is stopped.

Before: `copydesk stream pages kafka://localhost:9092/articles --lake lake --runner flink`. After: windows of articles in the lake, as
they close, until Ctrl-C or the engine's own stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.iceberg.place import choose_place, write_place
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.layout import STREAM
from pipeline.run import wanted_place
from pipeline.settings import Settings, row_settings
from pipeline.streaming.stream_settings import PYTHON
from pipeline.streaming.windows import windows_of
from pipeline.version import pipeline_version
from schemas.errors import UsageError
from transforms.listing.local import MAGIC
from transforms.listing.local_path import local_path
from transforms.sources.address import Sources, parse_sources
from transforms.storage.stores import is_object

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def stream(sources: Sequence[str], lake_path: str, settings: Settings) -> None:
    """Returns when the stream has ended, which without `stream.stop_after_seconds` only the engine or a signal brings about.

    Raises UsageError before anything is written for sources, settings or a lake that can't be used; RuntimeError where the engine
    ends the job with an error: what was committed is in the lake, and the same command goes on from there.
    """
    from pipeline.engines.place import check_engine, is_watched, settle_workers

    parsed = check_sources(sources, settings)
    check_engine(settings, lake_path)
    settings = settle_workers(settings, 0)
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    # Finishes or undoes what an interrupted run left, and proves that the lake can be written to.
    with begin(lake_path) as lake:
        tables = choose_place(lake.fs, lake.paths, wanted_place(settings))
        if tables is not None:
            write_place(lake.fs, lake.paths, tables)
        if settings.run.runner == "prism":
            # It remembers nothing: what a stream that was stopped had in hand, nobody will ask for.
            lake.fs.delete_tree(lake.paths.absolute(f"{STREAM}/{settings.stream.name}"))

    # Beam takes a second or two to import: mistakes are told before.
    from apache_beam.runners.runner import PipelineState

    from pipeline.chain import Rules, record_limits
    from pipeline.crew import crew
    from pipeline.engines.launch import engine_pipeline, job_name
    from pipeline.streaming.graph import build_stream
    from pipeline.streaming.known_lines import known_lines
    from pipeline.streaming.plan import StreamPlan, not_in_lake
    from pipeline.streaming.sources import arrivals
    from transforms.learned.lines import NO_LINES

    lines = known_lines(fs, paths) if settings.learn.enabled else NO_LINES
    rules = Rules.load(settings)
    rules = replace(rules, clean=replace(rules.clean, learned=lines))
    own = settings.stream
    plan = StreamPlan(
        root=paths.root,
        name=own.name,
        settings=row_settings(settings),
        pipeline_version=pipeline_version(),
        windows=windows_of(own.window_seconds, own.lateness_seconds, own.early_inputs, own.late_inputs),
        find_mentions=settings.entities.enabled,
        learned_lines=len(lines.lines),
        learned_sha256=lines.sha256,
        target_file_bytes=settings.lake.target_file_bytes,
        row_group_bytes=settings.lake.row_group_bytes,
        flush_bytes=settings.lake.buffer_bytes,
    )
    limits = record_limits(settings)
    if not is_watched(settings):
        limits = replace(limits, journal="")
    with (
        crew(settings) as workers,
        engine_pipeline(settings, workers.command, name=job_name(own.name), streaming=True) as pipeline,
    ):
        workers.release()
        found = arrivals(pipeline, parsed, lake_path, own, partial(not_in_lake, paths.root))
        build_stream(found, rules, limits, plan)
        result = pipeline.run()
        result.wait_until_finish()
        if result.state not in (PipelineState.DONE, PipelineState.DRAINED):
            raise RuntimeError(f"the engine ended the stream as {result.state}")


def check_sources(sources: Sequence[str], settings: Settings) -> Sources:
    """The sources, by kind. Raises UsageError, one line, for what can't be a stream."""
    runner = settings.run.runner
    if runner == "local":
        raise UsageError(
            "the local runner has no streams: use --runner prism, flink or dataflow, or `copydesk watch`, which does the same on this "
            "machine without an engine"
        )
    if runner == "spark":
        raise UsageError("--runner spark: Beam's portable runner for Spark knows no streams; take flink or dataflow")
    if not _NAME.fullmatch(settings.stream.name):
        raise UsageError(
            f"[stream] name = {settings.stream.name!r}: must be a word of small letters, digits and hyphens, at most 40"
        )
    parsed = parse_sources(list(sources))
    if parsed.subscriptions and runner != "dataflow":
        raise UsageError(f"source pubsub://…: Pub/Sub is read on Dataflow only, not on {runner}")
    if parsed.topics and settings.stream.kafka_reader == PYTHON and find_spec("confluent_kafka") is None:
        raise UsageError("source kafka://…: the client library is missing: pip install 'copydesk[kafka]'")
    for folder in parsed.folders:
        if not is_object(folder) and not MAGIC.search(folder) and not Path(local_path(folder)).exists():
            raise UsageError(f"source {folder!r} does not exist; a folder may be empty, but it must be there")
    return parsed
