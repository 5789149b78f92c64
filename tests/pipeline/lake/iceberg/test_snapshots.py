"""Iceberg's view of a lake is the lake: the same rows after every run, whatever was cut off in between, and never twice."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import Table as IcebergTable

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.iceberg import catalog as catalog_module
from pipeline.lake.iceberg import snapshots
from pipeline.lake.iceberg.catalog import opened
from pipeline.lake.iceberg.place import Place, write_place
from pipeline.lake.iceberg.snapshots import RUN_ID, commit_order, keep_up
from pipeline.lake.layout import LakePaths, manifest_path
from pipeline.lake.manifest import Manifest, read_manifests
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UnfinishedError
from schemas.tables import TABLES

FS = LocalFileSystem()
OWN = Place("", "", "copydesk")


def start(lake: Path, place: Place = OWN) -> LakePaths:
    """Makes the lake one with Iceberg tables."""
    paths = LakePaths(str(lake))
    FS.make_folders(paths.root)
    write_place(FS, paths, place)
    return paths


def rows_of(lake: Path, table: str, place: Place = OWN) -> list[dict[str, Any]]:
    """All rows of an Iceberg table, sorted as the lake's files are."""
    with opened(FS, LakePaths(str(lake)), place) as catalog:
        found = catalog.load_table(place.identifier(table)).scan().to_arrow()
    return in_order(found, table)


def in_order(rows: pa.Table, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows.sort_by(
        [(name, "ascending") for name in (*TABLES[table].sort_by, "run_id")]
    ).to_pylist()
    return found


def history(lake: Path, table: str) -> list[dict[str, str]]:
    """The properties of each snapshot, oldest first."""
    with opened(FS, LakePaths(str(lake)), OWN) as catalog:
        found = catalog.load_table(OWN.identifier(table)).snapshots()
        return [dict(each.summary.additional_properties) for each in found if each.summary]


def assert_same(lake: Path) -> None:
    for table in TABLES:
        assert rows_of(lake, table) == in_order(dataset(str(lake), table).to_table(), table)
    assert verify(str(lake)) == ()


def test_every_run_is_one_snapshot_of_each_table_with_the_rows_of_the_lake(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    runs = []
    for inputs, force in ((kit.inputs(8), False), (kit.inputs(12), False), (kit.inputs(8)[2:6], True)):
        result = kit.write_run(lake, inputs, force=force)
        runs.append(result.run_id)
        made = keep_up(FS, paths)
        assert {each.run_id for each in made} == {result.run_id}
        assert sorted(each.table for each in made) == sorted(TABLES)
        assert keep_up(FS, paths) == ()
        assert_same(lake)
    assert all(each.files_dropped > 0 for each in made)
    found = history(lake, "articles")
    assert [each[RUN_ID] for each in found] == runs
    (last,) = [each for each in manifests(str(lake)) if each.run_id == runs[-1]]
    assert found[-1]["copydesk.manifest"] == manifest_path(runs[-1])
    assert found[-1]["copydesk.settings-sha256"] == last.settings_sha256


def test_partitions_order_and_columns_are_set(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(10))
    keep_up(FS, paths)
    with opened(FS, paths, OWN) as catalog:
        articles = catalog.load_table("copydesk.articles")
        rejects = catalog.load_table("copydesk.rejects")
        schema = articles.schema()
        names = {field.field_id: field.name for field in schema.fields}
        assert [(names[each.source_id], str(each.transform)) for each in articles.spec().fields] == [
            ("language", "identity"),
            ("published_month", "identity"),
        ]
        assert [names[each.source_id] for each in articles.sort_order().fields] == ["published_at", "article_id"]
        assert [str(each.null_order) for each in articles.sort_order().fields] == ["NULLS LAST"] * 2
        assert not rejects.spec().fields
        assert [field.name for field in schema.fields] == TABLES["articles"].schema.names
        assert schema.find_field("article_id").required
        assert schema.find_field("headline").doc == "The headline, without the site's name."
        tasks = list(articles.scan(row_filter="language == 'zh-Hant'").plan_files())
        assert 0 < len(tasks) < len(list(articles.scan().plan_files()))
        unknown = articles.scan(row_filter="published_month is null").to_arrow()
    assert unknown.num_rows == sum(row["published_month"] is None for row in rows_of(lake, "articles")) > 0


def test_runs_that_were_cut_off_before_their_snapshot_are_completed_in_order(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    kit.write_run(lake, kit.inputs(8, language="en-GB"))
    forced = kit.write_run(lake, kit.inputs(8, language="en-GB")[2:6], force=True)
    again = kit.write_run(lake, kit.inputs(8, language="en-GB"), force=True)
    paths = start(lake)
    made = keep_up(FS, paths)
    # The files of the first two runs are gone: only the last has something to add.
    assert {each.run_id for each in made} == {again.run_id}
    assert forced.run_id in {each.run_id for each in commit_order(read_manifests(FS, paths))}
    assert_same(lake)


def test_verify_names_a_table_that_is_behind(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(4, language="en-GB"))
    keep_up(FS, paths)
    kit.write_run(lake, kit.inputs(8, language="en-GB"))
    kit.write_run(lake, kit.inputs(1, language="en-GB"), force=True)
    problems = [each.message for each in verify(str(lake)) if each.path == "_iceberg/articles"]
    assert [message.partition(" files ")[2].partition(",")[0] for message in problems] == [
        "of the lake",
        "that are not in the lake",
    ]
    keep_up(FS, paths)
    assert verify(str(lake)) == ()


@pytest.mark.parametrize("committed", [True, False])
def test_a_failed_or_lost_commit_is_tried_again_and_never_doubles(
    committed: bool, tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    apply, failed = snapshots._apply, []

    def fails_once(iceberg: IcebergTable, change: Any, properties: dict[str, str]) -> Any:
        if not failed:
            failed.append(True)
            if committed:
                apply(iceberg, change, properties)
            raise CommitFailedException("someone else was faster")
        return apply(iceberg, change, properties)

    monkeypatch.setattr(snapshots, "_apply", fails_once)
    keep_up(FS, paths)
    assert failed
    assert len(history(lake, "articles")) == 1
    assert_same(lake)


def test_a_catalog_that_fails_is_told_in_one_line_and_completed_later(
    tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "_apply", lambda *_: (_ for _ in ()).throw(OSError("no\nroute")))
        with pytest.raises(
            UnfinishedError, match=r"^every run is in the lake, but .* \(OSError: no route\); the next run"
        ):
            keep_up(FS, paths)
    keep_up(FS, paths)
    assert_same(lake)


def test_expired_snapshots_bring_no_row_back(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    keep_up(FS, paths)
    kit.write_run(lake, kit.inputs(3, language="en-GB"), force=True)
    keep_up(FS, paths)
    with opened(FS, paths, OWN) as catalog:
        table = catalog.load_table("copydesk.articles")
        oldest = table.snapshots()[0].snapshot_id
        table.maintenance.expire_snapshots().by_id(oldest).commit()
    assert len(history(lake, "articles")) == 1
    assert keep_up(FS, paths) == ()
    kit.write_run(lake, kit.inputs(9, language="en-GB"))
    keep_up(FS, paths)
    assert_same(lake)


def test_a_table_keeps_a_bounded_number_of_snapshots(tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOTS_KEPT", 2)
    lake = tmp_path / "lake"
    paths = start(lake)
    counts = []
    for number in range(2, 8):
        kit.write_run(lake, [kit.input(number, language="en-GB")])
        keep_up(FS, paths)
        counts.append(len(history(lake, "articles")))
    assert counts == [1, 2, 3, 4, 2, 3]
    assert keep_up(FS, paths) == ()
    assert_same(lake)


def test_a_lake_that_was_moved_gets_new_tables(tmp_path: Path, kit: Any) -> None:
    lake, moved, copied = tmp_path / "lake", tmp_path / "moved", tmp_path / "copied"
    start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    keep_up(FS, LakePaths(str(lake)))
    shutil.copytree(lake, copied)
    keep_up(FS, LakePaths(str(copied)))
    assert_same(copied)
    assert_same(lake)
    lake.rename(moved)
    keep_up(FS, LakePaths(str(moved)))
    assert_same(moved)


def test_a_table_that_another_program_has_written_to_is_left_alone(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    keep_up(FS, paths)
    with opened(FS, paths, OWN) as catalog:
        rejects = catalog.load_table("copydesk.rejects")
        rejects.append(rejects.scan().to_arrow())
    kit.write_run(lake, kit.inputs(12, language="en-GB"))
    with pytest.raises(UnfinishedError, match="holds 1 files that no run of copydesk wrote"):
        keep_up(FS, paths)
    assert any("names 1 files that are not in the lake" in each.message for each in verify(str(lake)))


def test_dropping_a_table_keeps_the_lakes_files(tmp_path: Path, kit: Any) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    keep_up(FS, paths)
    with opened(FS, paths, OWN) as catalog:
        assert catalog.load_table("copydesk.articles").properties["gc.enabled"] == "false"
        catalog.drop_table("copydesk.articles")
    assert any("can't be read (NoSuchTableError)" in each.message for each in verify(str(lake)))
    keep_up(FS, paths)
    assert_same(lake)


def test_columns_of_a_new_version_are_added_and_null_in_older_files(
    tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(6, language="en-GB"))
    full = TABLES["rejects"]
    gone = full.schema.get_field_index("raw_size")
    monkeypatch.setitem(TABLES, "rejects", full._replace(schema=full.schema.remove(gone)))
    older = catalog_module.iceberg_schema(TABLES["rejects"])
    assert "raw_size" not in older.column_names
    with opened(FS, paths, OWN) as catalog:
        made = catalog_module.tables_in(FS, paths, OWN, catalog, TABLES["rejects"])
        assert "raw_size" not in made.schema().column_names
        monkeypatch.setitem(TABLES, "rejects", full)
        widened = catalog_module.tables_in(FS, paths, OWN, catalog, full)
        field = widened.schema().find_field("raw_size")
        assert not field.required
        mapping = widened.name_mapping()
        assert mapping is not None
        assert any("raw_size" in each.names and each.field_id == field.field_id for each in mapping.root)
    keep_up(FS, paths)
    assert {row["raw_size"] for row in rows_of(lake, "rejects")} == {
        row["raw_size"] for row in dataset(str(lake), "rejects").to_table().to_pylist()
    }


def test_nothing_is_logged_about_dictionaries(tmp_path: Path, kit: Any, caplog: pytest.LogCaptureFixture) -> None:
    lake = tmp_path / "lake"
    paths = start(lake)
    kit.write_run(lake, kit.inputs(3, language="en-GB"))
    with caplog.at_level(logging.WARNING):
        keep_up(FS, paths)
    assert caplog.records == []


def test_a_lake_without_iceberg_tables_is_left_as_it_is(small_lake: Path) -> None:
    assert keep_up(FS, LakePaths(str(small_lake))) == ()
    assert not (small_lake / "_iceberg").exists()


def test_runs_come_after_those_that_they_replace() -> None:
    def run(run_id: str, files: tuple[str, ...], replaces: tuple[str, ...] = ()) -> Manifest:
        entries: Any = tuple(type("Entry", (), {"path": path}) for path in files)
        nothing: Any = None
        return Manifest(run_id, "1", "1.1", {}, "", nothing, entries, nothing, replaces)

    found = commit_order([run("a", ("a1",), ("c1",)), run("b", ("b1",)), run("c", ("c1",), ("d1",)), run("d", ("d1",))])
    assert [each.run_id for each in found] == ["b", "d", "c", "a"]
