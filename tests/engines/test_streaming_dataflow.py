"""The job graph of a stream for Dataflow, built offline: folders in a bucket and a subscription of Pub/Sub. `make test-engines` runs it.

Skips without Beam's part for Google Cloud.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.chain import Rules, record_limits
from pipeline.settings import default_settings
from pipeline.streaming.graph import build_stream
from pipeline.streaming.plan import not_in_lake
from pipeline.streaming.sources import arrivals
from tests.pipeline.streaming.conftest import plan_for, settings_without_names
from transforms.sources.address import parse_sources

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("default"),  # of Google's own libraries
]

OPTIONS = (
    "--runner=DataflowRunner",
    "--dry_run=True",
    "--no_auth",
    "--project=invented-project",
    "--region=europe-west1",
    "--temp_location=gs://invented-bucket/temp",
    "--staging_location=gs://invented-bucket/staging",
    "--job_name=copydesk-stream",
    "--sdk_location=container",
    "--sdk_container_image=invented/copydesk:0.1.0",
    "--requirements_cache=skip",
    "--experiments=disable_logging_submission_environment",
    "--no_pipeline_type_check",
    "--streaming",
)


def test_the_graph_is_built() -> None:
    pytest.importorskip("google.cloud.dataflow_v1beta3", exc_type=ImportError)
    settings = settings_without_names()
    pipeline = beam.Pipeline(options=PipelineOptions(list(OPTIONS)))
    sources = parse_sources(["gs://invented-bucket/inbox", "pubsub://news-desk/wire"])
    found = arrivals(
        pipeline,
        sources,
        "gs://invented-bucket/lake",
        default_settings().stream,
        partial(not_in_lake, "gs://invented-bucket/lake"),
    )
    build_stream(found, Rules.load(settings), record_limits(settings), plan_for(Path("unused")))
    job = pipeline.run()
    assert job is not None
    names = {transform.unique_name for transform in pipeline.to_runner_api().components.transforms.values()}
    assert {"Work", "Collect", "Commit"} <= names
    assert any("PubSub wire" in name for name in names)
