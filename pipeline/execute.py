"""Runs the graph on the engine that the settings name: this machine, or Prism, Flink, Spark, Dataflow (`pipeline.engines`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from apache_beam.runners.runner import PipelineState

from pipeline.chain import Rules, record_limits
from pipeline.engines.failures import plain_failures
from pipeline.engines.launch import engine_pipeline, job_name
from pipeline.engines.place import is_watched
from pipeline.graph import build
from pipeline.lake.run_spec import RunSpec
from pipeline.settings import Settings
from schemas.records import InputFile, Unopened
from transforms.counters import Counters
from transforms.learned.lines import NO_LINES, LearnedLines
from transforms.plan import plan_shards
from transforms.read.transform import Only


def execute(
    files: Sequence[InputFile],
    unopened: Sequence[Unopened],
    settings: Settings,
    spec: RunSpec,
    counters: Counters,
    learned: LearnedLines = NO_LINES,
    only: Only | None = None,
    worker_command: str | None = None,
) -> None:
    """Reads `files`, cutting the `learned` lines, and commits the run that `spec` describes; returns when it is in the lake. Raises what the run raises.

    `worker_command` (of `pipeline.crew`) starts a worker process; None: this process is the one worker, or the engine has its own.
    """
    rules = Rules.load(settings)
    rules = replace(rules, clean=replace(rules.clean, learned=learned))
    shards = plan_shards(files, unopened, settings.run.workers)
    limits = record_limits(settings)
    if not is_watched(settings):
        # On another machine there is no such folder, and nobody who would read it.
        limits = replace(limits, journal="")
    with engine_pipeline(settings, worker_command, name=job_name(spec.run_id)) as pipeline:
        build(pipeline, shards, rules, limits, spec, counters, only or {})
        with plain_failures():
            result = pipeline.run()
            result.wait_until_finish()
        if result.state != PipelineState.DONE:
            raise RuntimeError(f"the engine ended the job as {result.state}")
