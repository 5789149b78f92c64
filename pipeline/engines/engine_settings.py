"""The settings sections of the engines; `configs/copydesk.toml` explains each key. None of them changes a row.

Before: `[flink]` / `master = "flink.internal:8081"`. After: `FlinkSettings(master="flink.internal:8081", …)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipeline.setting_kinds import Choice, Switch, Text, Whole

RUNNERS = ("local", "prism", "flink", "spark", "dataflow")
"""The values of `run.runner`."""

FLINK_VERSIONS = ("1.19", "1.20", "2.0", "2.1", "2.2")
"""For these Beam 2.77 has a job server."""

ENVIRONMENTS = ("", "LOOPBACK", "EXTERNAL", "PROCESS", "DOCKER")
"""Beam's kinds of worker environments; "" stands for workers that copydesk starts itself."""


@dataclass(frozen=True, slots=True)
class PrismSettings:
    """[prism]: Beam's own portable runner, a single program."""

    location: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class FlinkSettings:
    """[flink]: an embedded or a session cluster."""

    master: Annotated[str, Text()]
    version: Annotated[str, Choice(FLINK_VERSIONS)]
    job_server_jar: Annotated[str, Text()]
    environment: Annotated[str, Choice(ENVIRONMENTS)]
    environment_config: Annotated[str, Text()]
    checkpoint_seconds: Annotated[int, Whole(1, 86_400, "seconds")]


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """[spark]: Spark 3, embedded or a cluster."""

    master: Annotated[str, Text()]
    job_server_jar: Annotated[str, Text()]
    environment: Annotated[str, Choice(ENVIRONMENTS)]
    environment_config: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class DataflowSettings:
    """[dataflow]: Google Cloud Dataflow."""

    project: Annotated[str, Text()]
    region: Annotated[str, Text()]
    temp_location: Annotated[str, Text()]
    staging_location: Annotated[str, Text()]
    image: Annotated[str, Text()]
    machine_type: Annotated[str, Text()]
    service_account: Annotated[str, Text()]
    subnetwork: Annotated[str, Text()]
    public_ips: Annotated[bool, Switch()]
