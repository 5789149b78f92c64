"""The specification of an ingesting run as its settings want it, for runs that are waited for and runs that are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.lake.lake import Lake
from pipeline.lake.run_spec import RunSpec, prepare
from pipeline.settings import Settings, row_settings
from pipeline.version import pipeline_version
from schemas.records import InputFile

if TYPE_CHECKING:  # it takes Beam along
    from pipeline.learned.learning import Learning


def ingest_spec(
    lake: Lake, new: Sequence[InputFile], settings: Settings, learning: Learning, *, skipped: int, force: bool
) -> RunSpec:
    """The run over the inputs `new`, of which `skipped` others are in the lake already. Raises what `prepare` raises."""
    spec = prepare(
        lake,
        new,
        settings=row_settings(settings),
        pipeline_version=pipeline_version(),
        skipped_inputs=skipped,
        force=force,
        learned=learning.staged,
        find_mentions=settings.entities.enabled,
        target_file_bytes=settings.lake.target_file_bytes,
        row_group_bytes=settings.lake.row_group_bytes,
        flush_bytes=settings.lake.buffer_bytes,
    )
    return replace(spec, max_reject_share=settings.run.max_reject_share)
