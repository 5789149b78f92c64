"""A lake in a bucket, of articles in a bucket: the same rows as on a disk, under the same promises."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake import publish
from pipeline.lake.lake import begin
from pipeline.lake.layout import LOCK
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary
from schemas.tables import TABLES
from tests.conftest import quiet
from transforms.storage.object_filesystem import ObjectFileSystem

Bucket = tuple[ObjectFileSystem, str]


def put_folder(fs: ObjectFileSystem, folder: Path, root: str) -> None:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with fs.open_write(f"{root}/{path.relative_to(folder).as_posix()}") as stream:
            stream.write(path.read_bytes())


def run(inputs: str, lake: str, *, force: bool = False) -> Summary:
    return ingest([inputs], lake, default_settings(), force=force, dry_run=False, progress=quiet())


def test_a_lake_in_a_bucket_has_the_rows_of_one_on_a_disk(bucket: Bucket, samples: Path, tmp_path: Path) -> None:
    fs, root = bucket
    for number, kind in enumerate(("archives", "bad", "feeds", "pages", "text")):
        (tmp_path / "in" / kind).mkdir(parents=True)
        for path in sorted((samples / kind).iterdir())[number % 2 :: 3]:
            shutil.copy(path, tmp_path / "in" / kind)
    put_folder(fs, tmp_path / "in", f"{root}/raw")
    lake, local = f"{root}/lake", tmp_path / "lake"
    summary = run(f"{root}/raw", lake)
    expected = run(str(tmp_path / "in"), str(local))
    assert summary.articles > 2
    assert summary.rejects > 0
    assert (summary.articles, summary.rejects) == (expected.articles, expected.rejects)
    for table in TABLES:
        columns = [name for name in TABLES[table].schema.names if name not in ("source_uri", "run_id")]
        there, here = (dataset(each, table).to_table(columns=columns) for each in (lake, str(local)))
        if table == "rejects":  # sorted by where they were read
            there, here = there.sort_by("reject_id"), here.sort_by("reject_id")
        assert there.to_pylist() == here.to_pylist(), table
    assert verify(lake) == ()
    before = fs.files_below(lake)
    again = run(f"{root}/raw", lake)
    assert (again.files_new, again.files_skipped) == (0, summary.files_matched)
    assert fs.files_below(lake) == before


def test_force_replaces_the_rows(bucket: Bucket, tmp_path: Path) -> None:
    fs, root = bucket
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(
            f"The bridge called {name} was opened again on Monday by the mayor of the town."
        )
    put_folder(fs, tmp_path, f"{root}/raw")
    run(f"{root}/raw", f"{root}/lake")
    run(f"{root}/raw/a.txt", f"{root}/lake", force=True)
    assert verify(f"{root}/lake") == ()
    assert dataset(f"{root}/lake", "articles").count_rows() == 2


def test_one_writer_at_a_time(bucket: Bucket) -> None:
    _, root = bucket
    if root.startswith("gs:"):
        pytest.skip("the emulator knows no preconditions")
    with begin(f"{root}/lake"), pytest.raises(LakeBusyError, match=r"by process \d+ on "):
        begin(f"{root}/lake")
    begin(f"{root}/lake").close()


def test_a_run_that_lost_the_lake_publishes_nothing(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fs, root = bucket
    (tmp_path / "a.txt").write_text("The bridge over the river was opened again on Monday by the mayor of the town.")
    real = publish.check_lock

    def lose(*arguments: Any) -> None:
        fs.delete(f"{root}/lake/{LOCK}")
        with fs.open_write(f"{root}/lake/{LOCK}") as stream:
            stream.write(b'{"host": "other", "process": 7, "token": "theirs"}')
        real(*arguments)

    monkeypatch.setattr(publish, "check_lock", lose)
    with pytest.raises(Exception, match="another writer has taken the lake over"):
        run(str(tmp_path), f"{root}/lake")
    assert not any("/_runs/" in path for path in fs.files_below(f"{root}/lake"))
    if root.startswith("s3:"):  # Google's emulator deletes whatever the condition
        assert b"theirs" in fs.read_bytes(f"{root}/lake/{LOCK}")
