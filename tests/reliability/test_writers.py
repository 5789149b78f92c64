"""Several writers at once: each run lands once, whoever had to wait; a typed conflict tells who has the lake."""

from __future__ import annotations

from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType

from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify

WRITERS = 4


def test_four_processes_write_and_every_row_is_there_once(
    tmp_path: Path, kills: ModuleType, processes: ForkServerContext, long_tests: bool
) -> None:
    runs = 25 if long_tests else 5
    started = [
        processes.Process(target=kills.keep_writing, args=(str(tmp_path / "lake"), writer, runs))
        for writer in range(WRITERS)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(300)
    assert [process.exitcode for process in started] == [0] * WRITERS
    found = dataset(str(tmp_path / "lake"), "rejects").to_table(columns=["source_uri"]).column(0).to_pylist()
    expected = [kills.input_file(1000 * writer + run).uri for writer in range(WRITERS) for run in range(runs)]
    assert sorted(found) == sorted(expected)
    assert len(manifests(str(tmp_path / "lake"))) == WRITERS * runs
    assert verify(str(tmp_path / "lake")) == ()
