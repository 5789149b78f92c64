"""Google Cloud Dataflow: workers in the cloud, made from a container image that holds copydesk.

Before: `[dataflow] project = "newsroom"`, `region = "europe-west1"`, `temp_location = "gs://newsroom-tmp"`, `image = "…/copydesk:0.1.0"`.
After: `--runner=DataflowRunner --project=newsroom --region=europe-west1 … --max_num_workers=8`.
"""

from __future__ import annotations

from importlib.util import find_spec

from pipeline.engines.engine_settings import DataflowSettings
from pipeline.setting_kinds import AUTO
from schemas.errors import UsageError

_NEEDED = ("project", "region", "temp_location", "image")


def check_dataflow(settings: DataflowSettings, lake: str) -> None:
    """Raises UsageError (one line) where the job could not run: a setting is missing, the lake is not in a bucket, or Beam's
    part for Google Cloud is not installed."""
    for key in _NEEDED:
        if not getattr(settings, key):
            raise UsageError(f'--runner dataflow: [dataflow] {key} = "": must be set; see configs/dataflow.toml')
    for key in ("temp_location", "staging_location"):
        place = getattr(settings, key)
        if place and not place.startswith("gs://"):
            raise UsageError(f'[dataflow] {key} = "{place}": must begin with gs://')
    if not lake.startswith("gs://"):
        raise UsageError(f"--lake {lake}: Dataflow's workers can't reach it; give a bucket, such as gs://bucket/lake")
    if not _is_installed("google.cloud.dataflow"):
        raise UsageError("--runner dataflow: Beam's part for Google Cloud is missing: pip install 'copydesk[gcp]'")


def dataflow_options(
    settings: DataflowSettings, workers: int, job_name: str, *, streaming: bool = False
) -> tuple[str, ...]:
    """What Beam is told to run on Dataflow; `workers` is the most that the service may start, AUTO leaves it to the service."""
    optional = (
        ("staging_location", settings.staging_location),
        ("machine_type", settings.machine_type),
        ("service_account_email", settings.service_account),
        ("subnetwork", settings.subnetwork),
    )
    return (
        "--runner=DataflowRunner",
        f"--job_name={job_name}",
        f"--project={settings.project}",
        f"--region={settings.region}",
        f"--temp_location={settings.temp_location}",
        *(f"--{name}={value}" for name, value in optional if value),
        *(() if settings.public_ips else ("--no_use_public_ips",)),
        *((f"--max_num_workers={workers}",) if workers != AUTO else ()),
        f"--sdk_container_image={settings.image}",
        # The image has copydesk in it: nothing is staged, and nothing is installed while a worker starts.
        "--sdk_location=container",
        "--no_save_main_session",
        # Python uses one core at a time, and a worker here counts on it: one process a core.
        "--number_of_worker_harness_threads=1",
        *(("--streaming", "--enable_streaming_engine") if streaming else ()),
    )


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # not even the package that holds it
        return False
