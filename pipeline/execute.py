"""Runs the graph on this machine, in this process or in several worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipeline.chain import Rules, record_limits
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

    `worker_command` (of `pipeline.crew`) starts a worker process; None: this process is the one worker.

    FnApiRunner is named outright: Beam's default would first try to download another runner. Type checks at construction
    are off because a collection holds records and rejects side by side.
    """
    workers = settings.run.workers
    options = PipelineOptions(["--no_pipeline_type_check", "--direct_num_workers", str(workers)])
    environment = SubprocessSDKEnvironment.from_command_string(worker_command) if worker_command else None
    pipeline = beam.Pipeline(runner=FnApiRunner(default_environment=environment), options=options)
    rules = Rules.load(settings)
    rules = replace(rules, clean=replace(rules.clean, learned=learned))
    shards = plan_shards(files, unopened, workers)
    build(pipeline, shards, rules, record_limits(settings), spec, counters, only or {})
    pipeline.run().wait_until_finish()
