"""Makes a pipeline for the engine that the settings name: a batch or a stream, here or elsewhere.

Before: `[run] runner = "flink"`, two workers. After: a `beam.Pipeline` whose options name Flink's runner, its job server and the
address of this run's worker pool; what it runs on is taken down when the block ends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipeline.engines.dataflow import dataflow_options
from pipeline.engines.flink import flink_options
from pipeline.engines.prism import find_prism, prism_options
from pipeline.engines.spark import spark_options
from pipeline.engines.worker_pool import worker_pool
from pipeline.settings import Settings
from schemas.errors import UsageError

_FOR_ALL = ("--no_pipeline_type_check",)
"""Type checks at construction are off because a collection holds records and rejects side by side."""


def beam_options(
    settings: Settings,
    *,
    job_name: str,
    pool: str = "",
    streaming: bool = False,
    environment: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """What Beam is told, as on its command line; the options of `[run] beam_options` come last and win.

    `pool` is the address of this run's worker pool, "" where this process is the one worker. `environment` is `os.environ`
    unless given. Raises UsageError for an engine that isn't there, and for a stream on one that knows none.
    """
    run = settings.run
    if run.runner == "local":
        # Named outright: Beam's default would first try to download another runner.
        engine: Sequence[str] = ("--runner=FnApiRunner", f"--direct_num_workers={run.workers}")
    elif run.runner == "prism":
        engine = prism_options(find_prism(settings.prism, os.environ if environment is None else environment))
        engine = (*engine, *(("--streaming",) if streaming else ()))
    elif run.runner == "flink":
        engine = (f"--job_name={job_name}", *flink_options(settings.flink, run.workers, pool, streaming=streaming))
    elif run.runner == "spark":
        if streaming:
            raise UsageError(
                "--runner spark: Beam's portable runner for Spark knows no streams; take flink or dataflow"
            )
        engine = (f"--job_name={job_name}", *spark_options(settings.spark, run.workers, pool))
    else:
        engine = dataflow_options(settings.dataflow, run.workers, job_name, streaming=streaming)
    return (*engine, *_FOR_ALL, *run.beam_options)


def job_name(run_id: str) -> str:
    """A name for the job that every engine takes: small letters, digits and hyphens. The same run has the same name, and Dataflow
    refuses a second job of a name that is still at work."""
    return f"copydesk-{re.sub('[^a-z0-9]+', '-', run_id.lower()).strip('-')}"


@contextmanager
def engine_pipeline(
    settings: Settings, worker_command: str | None, *, name: str, streaming: bool = False
) -> Iterator[beam.Pipeline]:
    """An empty pipeline on the engine that `settings` name, as long as the block lasts; run it inside.

    `worker_command` (of `pipeline.crew`) starts a worker process of this machine; None: this process is the one worker.
    """
    if settings.run.runner == "local":
        environment = SubprocessSDKEnvironment.from_command_string(worker_command) if worker_command else None
        options = PipelineOptions(list(beam_options(settings, job_name=name, streaming=streaming)))
        yield beam.Pipeline(runner=FnApiRunner(default_environment=environment), options=options)
    elif worker_command:
        with worker_pool(worker_command) as pool:
            yield beam.Pipeline(
                options=PipelineOptions(list(beam_options(settings, job_name=name, pool=pool, streaming=streaming)))
            )
    else:
        yield beam.Pipeline(options=PipelineOptions(list(beam_options(settings, job_name=name, streaming=streaming))))
