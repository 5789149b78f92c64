"""Apache Flink: an embedded cluster that lives as long as the run, or a session cluster.

Before: `[flink] master = "[local]"`, `[run] workers = 2`. After: `--runner=FlinkRunner --flink_master=[local] --parallelism=2 …`.
Beam starts its job server, a jar, in a Java of this machine; that one runs the job itself or hands it to the cluster.
"""

from __future__ import annotations

from pipeline.engines.engine_settings import FlinkSettings
from pipeline.engines.java import add_opens, environment_options, jar_option

_EMBEDDED = ("[local]", "[auto]")


def is_embedded(settings: FlinkSettings) -> bool:
    """Whether the cluster is part of the run."""
    return settings.master in _EMBEDDED


def flink_options(settings: FlinkSettings, workers: int, pool: str = "", *, streaming: bool = False) -> tuple[str, ...]:
    """What Beam is told to run on Flink; `pool` is the address of this run's worker pool, "" for workers in this process.

    In a stream the state is written every `checkpoint_seconds`, exactly once.
    """
    options = (
        "--runner=FlinkRunner",
        f"--flink_master={settings.master}",
        f"--flink_version={settings.version}",
        *jar_option("flink_job_server_jar", settings.job_server_jar),
        *add_opens(),
        f"--parallelism={workers}",
        *environment_options(settings.environment, settings.environment_config, pool, workers),
    )
    if not streaming:
        # A task that failed is not tried again by itself: the run fails, nothing of it is visible, and the next run does it anew.
        return (*options, "--number_of_execution_retries=0")
    milliseconds = settings.checkpoint_seconds * 1000
    return (
        *options,
        "--streaming",
        f"--checkpointing_interval={milliseconds}",
        "--checkpointing_mode=EXACTLY_ONCE",
    )
