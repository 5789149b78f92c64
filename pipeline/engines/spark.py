"""Apache Spark 3: embedded, or a cluster.

Before: `[spark] master = "local"`, `[run] workers = 2`. After: `--runner=SparkRunner --spark_master_url=local[2] …`.
Batches only: Beam's portable runner for Spark knows no streams.
"""

from __future__ import annotations

from pipeline.engines.engine_settings import SparkSettings
from pipeline.engines.java import add_opens, environment_options, jar_option


def is_embedded(settings: SparkSettings) -> bool:
    """Whether Spark is part of the run."""
    return settings.master == "local" or settings.master.startswith("local[")


def spark_options(settings: SparkSettings, workers: int, pool: str = "") -> tuple[str, ...]:
    """What Beam is told to run on Spark; `pool` is the address of this run's worker pool, "" for workers in this process."""
    master = f"local[{workers}]" if settings.master == "local" else settings.master
    return (
        "--runner=SparkRunner",
        f"--spark_master_url={master}",
        *jar_option("spark_job_server_jar", settings.job_server_jar),
        *add_opens(),
        *environment_options(settings.environment, settings.environment_config, pool, workers),
    )
