"""What the flex template's launcher runs: reads the template's parameters, prepares the run, hands its graph to Dataflow, ends.

Before: `--inputs='gs://news/raw' --lake=gs://news/lake` and the options that Dataflow itself adds (project, region, job name, where
the graph goes). After: one line, such as "run 5f0c12ab34cd56ef: 1,200 of 9,000 files are new; …", and a job that does the rest.
"""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions, WorkerOptions

from pipeline.lake.filesystem import filesystem_of
from pipeline.settings import Settings, load_settings
from pipeline.submit import LOCK_SECONDS, Submitted, submit
from schemas.errors import ConflictError, UsageError
from transforms.storage.stores import is_object

IMAGE = "COPYDESK_IMAGE"
"""The environment variable, set when the image is built, that names this very image: what workers run."""

_LOG = logging.getLogger("copydesk")


def launch(arguments: Sequence[str]) -> Submitted:
    """Starts the job. Raises UsageError for parameters that can't be used, ConflictError while another run has the lake."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--config", default="")
    parser.add_argument("--force", default="false", choices=("true", "false"))
    parser.add_argument("--lock_hours", type=float, default=LOCK_SECONDS / 3600)
    given, others = parser.parse_known_args(arguments)
    return submit(
        _inputs(given.inputs),
        given.lake,
        _settings(given.config),
        _options(others),
        force=given.force == "true",
        lock_seconds=given.lock_hours * 3600,
    )


def _inputs(text: str) -> list[str]:
    # Between spaces and not commas, at which gcloud would cut its own list of parameters.
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"inputs: {text!r}: {error}") from error


def _options(others: Sequence[str]) -> PipelineOptions:
    # All that workers need is in the image. Python uses one core at a time: one process a core, as Dataflow starts them.
    fixed = ("--sdk_location=container", "--no_save_main_session", "--number_of_worker_harness_threads=1")
    options = PipelineOptions([*others, *fixed, "--no_pipeline_type_check"])
    worker = options.view_as(WorkerOptions)
    worker.sdk_container_image = worker.sdk_container_image or os.environ.get(IMAGE)
    return options


def _settings(config: str) -> Settings:
    if not is_object(config):
        return load_settings(config or None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "copydesk.toml"
        try:
            file.write_bytes(filesystem_of(config).read_bytes(config))
        except OSError as error:
            raise UsageError(f"config: {config}: {error.strerror or error}") from error
        return load_settings(str(file))


def main() -> int:
    """The command line; 0, or 2 and 3 as `copydesk ingest`."""
    logging.basicConfig(level=logging.INFO)
    try:
        _LOG.info("%s", launch(sys.argv[1:]))
    except UsageError as error:
        _LOG.error("error: %s", error)
        return 2
    except ConflictError as error:
        _LOG.error("conflict: %s", error)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
