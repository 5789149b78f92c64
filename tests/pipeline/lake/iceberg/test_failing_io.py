"""Iceberg metadata that can't be written at the Nth file: one line, tables that are whole, and the next call completes them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pyiceberg.io.pyarrow import PyArrowFile

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.iceberg.catalog import opened
from pipeline.lake.iceberg.place import Place, write_place
from pipeline.lake.iceberg.snapshots import keep_up
from pipeline.lake.layout import LakePaths
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from schemas.errors import UnfinishedError

FS = LocalFileSystem()
OWN = Place("", "", "copydesk")


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory, kit: Any) -> tuple[Path, Path]:
    """A lake whose tables are up to date, and the same after a forced run, whose snapshots are missing."""
    before, after = tmp_path_factory.mktemp("lakes") / "lake", tmp_path_factory.mktemp("after") / "lake"
    inputs = [kit.input(number, language="en-GB") for number in range(2, 6)]
    kit.write_run(before, inputs)
    write_place(FS, LakePaths(str(before)), OWN)
    keep_up(FS, LakePaths(str(before)))
    shutil.copytree(before, after)
    kit.write_run(after, inputs[:2], force=True)
    return before, after


def rows(lake: Path) -> int:
    with opened(FS, LakePaths(str(lake)), OWN) as catalog:
        return len(list(catalog.load_table("copydesk.articles").scan().to_arrow().to_pylist()))


@pytest.mark.parametrize("nth", [1, 2, 3, 5, 7])
def test_the_nth_file_can_not_be_written(
    nth: int, lakes: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = lakes
    # Tables name files by full path: the lake must stand where it stood when they were made.
    kept = tmp_path / "kept"
    shutil.copytree(before, kept)
    try:
        shutil.rmtree(before)
        shutil.copytree(after, before)
        paths = LakePaths(str(before))
        calls = 0
        create = PyArrowFile.create

        def fails(self: PyArrowFile, overwrite: bool = False) -> Any:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise OSError(28, "No space left on device")
            return create(self, overwrite)

        with monkeypatch.context() as full:
            full.setattr(PyArrowFile, "create", fails)
            with pytest.raises(UnfinishedError, match=r"No space left on device.*completes them$"):
                keep_up(FS, paths)
        assert any("run `copydesk migrate`" in each.message for each in verify(str(before)))
        keep_up(FS, paths)
        assert verify(str(before)) == ()
        assert rows(before) == dataset(str(before), "articles").count_rows()
    finally:
        shutil.rmtree(before)
        shutil.copytree(kept, before)
