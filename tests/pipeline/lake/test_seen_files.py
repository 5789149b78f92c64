from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.seen_files import add_seen, read_seen

FS = LocalFileSystem()


def test_runs_add_up_and_files_stay_few(tmp_path: Path) -> None:
    paths = LakePaths(str(tmp_path))
    assert len(read_seen(FS, paths)) == 0
    for run in range(20):
        add_seen(FS, paths, np.array([run, run + 1], np.uint64))
        assert read_seen(FS, paths).tolist() == list(range(run + 2))
    assert len(list((tmp_path / "_ledger").iterdir())) <= 9
    before = sorted((tmp_path / "_ledger").iterdir())
    add_seen(FS, paths, np.empty(0, np.uint64))
    assert sorted((tmp_path / "_ledger").iterdir()) == before


def test_a_damaged_file_knows_nothing(tmp_path: Path) -> None:
    paths = LakePaths(str(tmp_path))
    add_seen(FS, paths, np.array([7], np.uint64))
    (file,) = (tmp_path / "_ledger").iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert len(read_seen(FS, paths)) == 0
