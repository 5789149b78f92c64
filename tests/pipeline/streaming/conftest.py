"""What the stream's tests share: invented messages, a plan for a lake, and a stream that is played by Beam's TestStream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipeline.chain import Rules, record_limits
from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import Manifest, read_manifests
from pipeline.lake.read import dataset
from pipeline.settings import Settings, default_settings, row_settings
from pipeline.streaming.graph import build_stream
from pipeline.streaming.pack import Pack, decode
from pipeline.streaming.plan import StreamPlan
from pipeline.streaming.windows import windows_of
from pipeline.streaming.work import Work
from transforms.sources.arrival import Arrival, message

SECOND = 1_000_000


def settings_without_names() -> Settings:
    """The defaults without entities, which would take a second to load."""
    settings = default_settings()
    return replace(settings, entities=replace(settings.entities, enabled=False))


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Compiled once."""
    return Rules.load(settings_without_names())


def plan_for(lake: Path, *, early: int = 0, late: int = 0) -> StreamPlan:
    """Windows of ten seconds, thirty of lateness."""
    return StreamPlan(
        root=str(lake),
        name="wire",
        settings=row_settings(settings_without_names()),
        pipeline_version="9.9.9",
        windows=windows_of(10, 30, early, late),
        find_mentions=False,
        learned_lines=0,
        learned_sha256="",
        target_file_bytes=1 << 20,
        row_group_bytes=1 << 20,
        flush_bytes=1 << 20,
    )


def article(name: str, second: int, text: str = "") -> Arrival:
    """A message called `name` with an invented article, whose time is `second`."""
    words = (
        text or f"The harbour office of Port Ellery counted {name} among the boats that came in on the morning tide."
    )
    body = f"Boats of {name}\n\n{words}\n\nNobody was surprised, said the harbour master, who had seen worse winters.\n"
    return message("kafka://wire", f"{name}.txt", body.encode(), second * SECOND)


Step = int | Sequence[Arrival]
"""A time that the watermark reaches, or what arrives together then."""
Play = Callable[..., None]


@pytest.fixture
def play(rules: Rules) -> Play:
    """Plays steps as a stream; at the end the watermark goes to infinity."""

    def run(plan: StreamPlan, *steps: Step) -> None:
        stream = TestStream().advance_watermark_to(0)
        for step in steps:
            if isinstance(step, int):
                stream = stream.advance_watermark_to(step)
            else:
                stream = stream.add_elements([TimestampedValue(each, each.event_time / SECOND) for each in step])
        options = PipelineOptions(["--streaming", "--no_pipeline_type_check"])
        pipeline = beam.Pipeline(runner=BundleBasedDirectRunner(), options=options)
        # This runner loses timers that are due at infinity alone.
        arrivals = pipeline | stream.advance_watermark_to(1_000_000).advance_watermark_to_infinity()
        build_stream(arrivals, rules, record_limits(settings_without_names()), plan)
        pipeline.run(test_runner_api=False).wait_until_finish()

    return run


def runs_of(lake: Path) -> list[Manifest]:
    """The manifests of a lake; none where there is no lake."""
    return list(read_manifests(filesystem_of(str(lake)), LakePaths(str(lake))))


def rows_of(lake: Path, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The live rows of a table, sorted."""
    found = dataset(str(lake), table)
    if found is None:
        return []
    values = found.to_table(columns=list(columns)).to_pydict()
    return sorted(zip(*(values[name] for name in columns), strict=True))


def packs_of(plan: StreamPlan, rules: Rules, arrivals: Sequence[Arrival]) -> list[Pack]:
    """What one bundle with these arrivals gives."""
    work = Work(plan, rules, record_limits(settings_without_names()))
    work.setup()
    work.start_bundle()
    for each in arrivals:
        work.process(each, Timestamp(micros=each.event_time))
    packs = [decode(value.value) for value in work.finish_bundle()]
    work.teardown()
    return packs
