"""What several test files share: the bundled samples, and the lake made of them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline.progress import Mode, ProgressView
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary

SAMPLES = Path(__file__).parent.parent / "configs" / "samples"


def quiet() -> ProgressView:
    """A view that shows nothing."""
    return ProgressView(Mode.QUIET, io.StringIO())


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the bundled samples."""
    return SAMPLES


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A lake of all samples and the summary of the run that made it. Tests must not change it."""
    lake = tmp_path_factory.mktemp("samples") / "lake"
    summary = ingest([str(SAMPLES)], str(lake), default_settings(), force=False, dry_run=False, progress=quiet())
    return lake, summary
