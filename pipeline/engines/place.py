"""Where a run's workers are, and whether its engine can be used at all; nothing of Beam is imported for it.

Before: `--runner flink --workers 4` on a cluster elsewhere. After: no worker process of this machine is needed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from pipeline.engines.dataflow import check_dataflow
from pipeline.engines.java import check_job_server
from pipeline.engines.prism import find_prism
from pipeline.setting_kinds import AUTO
from pipeline.settings import Settings
from schemas.units import MIB


def workers_here(settings: Settings) -> int:
    """How many worker processes of this machine the run has; 1: this process."""
    runner, workers = settings.run.runner, settings.run.workers
    if runner == "local":
        return workers
    if runner in ("flink", "spark"):
        section = settings.flink if runner == "flink" else settings.spark
        return 1 if section.environment else workers
    return 1


def settle_workers(settings: Settings, size: int) -> Settings:
    """`settings` with a number of workers where they say "auto", for an input of `size` bytes; Dataflow finds its own."""
    run = settings.run
    if run.workers != AUTO or run.runner == "dataflow":
        return settings
    is_small = run.runner == "local" and size < run.workers_from_mib * MIB
    return replace(settings, run=replace(run, workers=1 if is_small else _cores()))


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_watched(settings: Settings) -> bool:
    """Whether the workers are processes of this machine, whose journals the run's supervisor can read."""
    runner = settings.run.runner
    if runner == "dataflow":
        return False
    section = settings.flink if runner == "flink" else settings.spark
    return runner in ("local", "prism") or section.environment in ("", "LOOPBACK")


def check_engine(settings: Settings, lake: str, environment: Mapping[str, str] | None = None) -> None:
    """Raises UsageError (one line that says what to do) where the engine that `settings` ask for can't be used for this lake."""
    variables = os.environ if environment is None else environment
    runner, given = settings.run.runner, settings.run.beam_options
    if runner == "prism":
        find_prism(settings.prism, variables)
    elif runner == "flink":
        check_job_server("flink", settings.flink.job_server_jar, given, variables)
    elif runner == "spark":
        check_job_server("spark", settings.spark.job_server_jar, given, variables)
    elif runner == "dataflow":
        check_dataflow(settings.dataflow, lake)
