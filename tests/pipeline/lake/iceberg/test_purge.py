"""After a `forget` nothing of an Iceberg table's history can be read, or tells anything of what went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyiceberg.table import StaticTable, Table

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.forget_target import Target, TargetKind
from pipeline.lake.forgetting import forget
from pipeline.lake.iceberg import snapshots
from pipeline.lake.iceberg.catalog import opened
from pipeline.lake.iceberg.place import Place, write_place
from pipeline.lake.iceberg.snapshots import keep_up
from pipeline.lake.layout import LakePaths
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from schemas.errors import UnfinishedError

FS = LocalFileSystem()
OWN = Place("", "", "copydesk")
GONE = "in/0002.txt"


def bounds(table: Table) -> Iterator[bytes]:
    """The smallest and largest values of columns that any manifest of the table tells."""
    for snapshot in table.snapshots():
        for manifest in snapshot.manifests(table.io):
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
                yield from (entry.data_file.lower_bounds or {}).values()
                yield from (entry.data_file.upper_bounds or {}).values()


@pytest.fixture
def lake(tmp_path: Path, kit: Any) -> Path:
    """A lake whose second input has a file of its own, with Iceberg tables, one of them tagged."""
    root = tmp_path / "lake"
    paths = LakePaths(str(root))
    FS.make_folders(paths.root)
    write_place(FS, paths, OWN)
    for number in (3, 2, 4):
        kit.write_run(root, [kit.input(number, language="en-GB")])
        keep_up(FS, paths)
    with opened(FS, paths, OWN) as catalog:
        table = catalog.load_table("copydesk.articles")
        first = table.snapshots()[1].snapshot_id
        table.manage_snapshots().create_tag(first, "kept").commit()
        assert any(GONE.encode() in each for each in bounds(table.refresh()))
    return root


def older_versions(root: Path) -> list[Path]:
    return sorted((root / "_iceberg" / "articles" / "metadata").glob("*.metadata.json"))


def check_gone(root: Path, older: list[Path]) -> None:
    paths = LakePaths(str(root))
    with opened(FS, paths, OWN) as catalog:
        table = catalog.load_table("copydesk.articles")
        assert len(table.snapshots()) == 1
        assert list(table.refs()) == ["main"]
        assert not any(GONE.encode() in each for each in bounds(table))
        found = table.scan().to_arrow().column("source_uri").to_pylist()
    assert sorted(found) == ["in/0003.txt", "in/0004.txt"]
    read = 0
    for path in older:
        static = StaticTable.from_metadata(str(path))
        for snapshot in static.snapshots():
            with pytest.raises(FileNotFoundError):
                static.scan(snapshot_id=snapshot.snapshot_id).to_arrow()
            read += 1
    assert read >= 3
    assert verify(str(root)) == ()


def forgotten(root: Path) -> None:
    forget(str(root), Target(TargetKind.SOURCE, GONE), pipeline_version="1")


def test_no_older_snapshot_can_be_read_or_tells_a_bound(lake: Path, kit: Any) -> None:
    older = older_versions(lake)
    forgotten(lake)
    check_gone(lake, older)
    with opened(FS, LakePaths(str(lake)), OWN) as catalog:
        before = catalog.load_table("copydesk.articles").metadata_location
    assert keep_up(FS, LakePaths(str(lake))) == ()
    with opened(FS, LakePaths(str(lake)), OWN) as catalog:
        assert catalog.load_table("copydesk.articles").metadata_location == before
    kit.write_run(lake, [kit.input(5, language="en-GB")])
    keep_up(FS, LakePaths(str(lake)))
    assert dataset(str(lake), "articles").count_rows() > 2
    assert verify(str(lake)) == ()


def test_a_purge_that_was_cut_off_is_done_by_the_next_run(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = older_versions(lake)
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "purge_forgotten", lambda *_: (_ for _ in ()).throw(OSError("no route")))
        with pytest.raises(UnfinishedError, match="no route"):
            forgotten(lake)
    keep_up(FS, LakePaths(str(lake)))
    check_gone(lake, older)
