"""Makes a pipeline for the engine that the settings name: a batch or a stream, here or elsewhere.

Before: `[run] runner = "flink"`, two workers. After: a `beam.Pipeline` whose options name Flink's runner, its job server and the
address of this run's worker pool; what it runs on is taken down when the block ends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipeline.engines.dataflow import dataflow_options
from pipeline.engines.flink import flink_options
from pipeline.engines.prism import find_prism, prism_options
from pipeline.engines.prism_server import prism_server
from pipeline.engines.quiet_threads import quiet_threads
from pipeline.engines.spark import spark_options
from pipeline.engines.worker_pool import worker_pool
from pipeline.settings import Settings
from schemas.errors import UsageError

_FOR_ALL = ("--no_pipeline_type_check",)
"""Type checks at construction are off because a collection holds records and rejects side by side."""

_NOTHING_STAGED = ("--requirements_cache=skip", "--experiments=disable_logging_submission_environment")
"""Workers have copydesk already. Beam would ask pip for a list of all that is installed here, a second or two, and hand it to them."""


def beam_options(settings: Settings, *, job_name: str, place: str = "", streaming: bool = False) -> tuple[str, ...]:
    """What Beam is told, as on its command line; the options of `[run] beam_options` come last and win.

    `place` is an address of this machine: on Prism that of the running program, on Flink and Spark that of this run's worker pool, ""
    where this process is the one worker. Raises UsageError for a stream on an engine that knows none.
    """
    run = settings.run
    if run.runner == "local":
        # Named outright: Beam's default would first try to download another runner.
        engine: tuple[str, ...] = ("--runner=FnApiRunner", f"--direct_num_workers={run.workers}")
    elif run.runner == "prism":
        engine = (*prism_options(place), f"--job_name={job_name}", *(("--streaming",) if streaming else ()))
    elif run.runner == "flink":
        engine = (*flink_options(settings.flink, run.workers, place, streaming=streaming), f"--job_name={job_name}")
    elif run.runner == "spark":
        if streaming:
            raise UsageError(
                "--runner spark: Beam's portable runner for Spark knows no streams; take flink or dataflow"
            )
        engine = (*spark_options(settings.spark, run.workers, place), f"--job_name={job_name}")
    else:
        engine = dataflow_options(settings.dataflow, run.workers, job_name, streaming=streaming)
    staged = () if run.runner == "local" else _NOTHING_STAGED
    return (*engine, *_FOR_ALL, *staged, *run.beam_options)


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
    with quiet_threads(), _place(settings, worker_command) as place:
        options = PipelineOptions(list(beam_options(settings, job_name=name, place=place, streaming=streaming)))
        if settings.run.runner == "local":
            workers = SubprocessSDKEnvironment.from_command_string(worker_command) if worker_command else None
            yield beam.Pipeline(runner=FnApiRunner(default_environment=workers), options=options)
        else:
            yield beam.Pipeline(options=options)


def _place(settings: Settings, worker_command: str | None) -> AbstractContextManager[str]:
    """What has to run on this machine while the pipeline does; its address."""
    if settings.run.runner == "prism":
        return prism_server(find_prism(settings.prism, os.environ))
    if settings.run.runner in ("flink", "spark") and worker_command:
        return worker_pool(worker_command)
    return nullcontext("")
