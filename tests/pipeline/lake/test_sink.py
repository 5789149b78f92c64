from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.lake.lake import begin
from pipeline.lake.ledger import already_in
from pipeline.lake.run_spec import prepare
from pipeline.lake.sink import WriteLake
from pipeline.lake.verify import verify
from schemas.records import ReadCount

WORKERS = ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]


def emit(item: Any) -> Iterator[Any]:
    """What reading one input gives: its rows, then its count."""
    yield from item.rows
    file = item.file
    yield ReadCount(file.name, file.sha256, file.uri, file.size, item.records)


def ingest(root: Path, inputs: list[Any], kit: Any, options: list[str], *, apart: bool, force: bool = False) -> None:
    with begin(str(root)) as lake:
        files = [item.file for item in inputs]
        new = files if force else already_in(lake.fs, lake.paths, files)[0]
        spec = prepare(lake, new, settings=kit.settings, pipeline_version=kit.version, force=force, flush_bytes=50_000)
        with beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner", *options])) as pipeline:
            rows = pipeline | beam.Create([item for item in inputs if item.file in new]) | beam.FlatMap(emit)
            if apart:
                counts = rows | "Counts" >> beam.Filter(lambda row: isinstance(row, ReadCount))
                others = rows | "Others" >> beam.Filter(lambda row: not isinstance(row, ReadCount))
                (others, counts) | WriteLake(spec)
            else:
                rows | WriteLake(spec)


@pytest.mark.parametrize("apart", [False, True], ids=["one collection", "two collections"])
def test_a_run_in_memory_gives_the_same_bytes_as_no_runner(tmp_path: Path, kit: Any, apart: bool) -> None:
    kit.write_run(tmp_path / "plain", kit.inputs(40))
    ingest(tmp_path / "beam", kit.inputs(40)[::-1], kit, [], apart=apart)
    assert kit.tree(tmp_path / "beam") == kit.tree(tmp_path / "plain")
    assert verify(str(tmp_path / "beam")) == ()


def test_two_worker_processes_give_the_same_bytes(tmp_path: Path, kit: Any) -> None:
    kit.write_run(tmp_path / "plain", kit.inputs(20))
    ingest(tmp_path / "beam", kit.inputs(20), kit, WORKERS, apart=False)
    assert kit.tree(tmp_path / "beam") == kit.tree(tmp_path / "plain")


def test_a_forced_run_gives_the_same_bytes_as_no_runner(tmp_path: Path, kit: Any) -> None:
    for name in ("plain", "beam"):
        kit.write_run(tmp_path / name, kit.inputs(12))
    kit.write_run(tmp_path / "plain", kit.inputs(12)[3:8], force=True)
    ingest(tmp_path / "beam", kit.inputs(12)[3:8], kit, [], apart=False, force=True)
    assert kit.tree(tmp_path / "beam") == kit.tree(tmp_path / "plain")


def test_an_error_in_the_graph_leaves_nothing(tmp_path: Path, kit: Any) -> None:
    inputs = kit.inputs(6)
    inputs[3] = kit.Input(inputs[3].file, inputs[3].rows, 9)
    with pytest.raises(Exception, match="read 9 records, got 1 articles"):
        ingest(tmp_path, inputs, kit, [], apart=False)
    assert list(tmp_path.iterdir()) == []


class Fails(beam.DoFn):
    """Passes everything on, then fails."""

    def process(self, element: Any) -> Iterator[Any]:
        """One element in, one out."""
        yield element
        if isinstance(element, ReadCount) and element.name.startswith("0005"):
            raise OSError("the disk went away")


def test_a_failed_bundle_leaves_nothing(tmp_path: Path, kit: Any) -> None:
    inputs = kit.inputs(8)
    with begin(str(tmp_path)) as lake:
        spec = prepare(lake, [item.file for item in inputs], settings={}, pipeline_version="1", flush_bytes=1)
        pipeline = beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"]))
        pipeline | beam.Create(inputs) | beam.FlatMap(emit) | beam.ParDo(Fails()) | WriteLake(spec)
        with pytest.raises(Exception, match="the disk went away"):
            pipeline.run()
    assert list(tmp_path.iterdir()) == []
