"""What the engines on Java share: Java itself, the job server's jar, the worker environment.

Before: `environment = "EXTERNAL"`, `environment_config = "worker-pool:50000"`.
After: `--environment_type=EXTERNAL --environment_config=worker-pool:50000`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas.errors import UsageError

OPENED = ("java.lang", "java.nio", "java.util", "java.lang.invoke", "java.util.concurrent", "sun.nio.ch", "java.net")
"""Packages of java.base that Flink and Spark look into, which Java 17 allows only where it is told to."""


def add_opens() -> tuple[str, ...]:
    """The options that make the job server's Java 17 let them."""
    return tuple(f"--job_server_jvm_properties=--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED)


def check_job_server(section: str, jar: str, beam_options: Sequence[str], environment: Mapping[str, str]) -> None:
    """Raises UsageError where the job server could not be started: no Java, or no jar where one is named. A job server that runs
    already (`--job_endpoint`) needs neither."""
    if any(option.startswith("--job_endpoint") for option in beam_options):
        return
    if shutil.which("java", path=environment.get("PATH", "")) is None:
        raise UsageError(f"--runner {section}: its job server needs Java 11 or 17, and there is no java on the PATH")
    if jar and "://" not in jar and not Path(jar).is_file():
        raise UsageError(f"[{section}] job_server_jar = {jar!r}: no file lies there")


def jar_option(name: str, jar: str) -> tuple[str, ...]:
    """`--name=jar`; nothing where Beam is to fetch the jar from Maven Central (once, into ~/.apache_beam/cache/jars)."""
    return (f"--{name}={jar}",) if jar else ()


def environment_options(kind: str, config: str, pool: str, workers: int) -> tuple[str, ...]:
    """Where the Python workers are: `kind` and `config` as set; else `pool`, the address of this run's worker pool; else this
    process (LOOPBACK). `workers` is how many each machine of the engine asks for."""
    if kind:
        given = (f"--environment_type={kind}",) + ((f"--environment_config={config}",) if config else ())
    elif pool:
        given = ("--environment_type=EXTERNAL", f"--environment_config={pool}")
    else:
        given = ("--environment_type=LOOPBACK",)
    return (*given, f"--sdk_worker_parallelism={workers if kind not in ('', 'LOOPBACK') or pool else 1}")
