"""A lake of an older schema reads, verifies, takes new runs and can be migrated: no row is lost or changed on the way."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.iceberg.catalog import opened
from pipeline.lake.iceberg.place import Place, write_place
from pipeline.lake.iceberg.snapshots import keep_up
from pipeline.lake.layout import LakePaths
from pipeline.lake.migrate import migrate, migration_text
from pipeline.lake.older_files import is_older, lacks, widened
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UsageError
from schemas.tables import ARTICLES, SCHEMA_VERSION, TABLES

LAKE_1_1 = Path(__file__).parent / "lake-1.1"
"""Written by version 0.1.0 with schema 1.1, from two invented texts and an empty file."""
GONE_COLUMN = "other_languages"
GONE_SIGNAL = "repeated_10gram_share"


def older(table: pa.Table) -> pa.Table:
    """`table` as a version before the column GONE_COLUMN and the signal GONE_SIGNAL would have written it."""
    metadata = {**(table.schema.metadata or {}), b"copydesk.schema_version": b"1.0"}
    if "quality" in table.schema.names:
        index = table.schema.get_field_index("quality")
        kind = table.schema.field(index).type
        signals = [kind.field(at) for at in range(kind.num_fields) if kind.field(at).name != GONE_SIGNAL]
        column = table.column(index).combine_chunks()
        narrow = pa.StructArray.from_arrays(
            [column.field(each.name) for each in signals], fields=signals, mask=column.is_null()
        )
        table = table.set_column(index, pa.field("quality", pa.struct(signals)), narrow).drop_columns([GONE_COLUMN])
    return table.replace_schema_metadata(metadata)


def age(lake: Path) -> None:
    """Makes all files of a lake ones of an older version, with manifests that agree."""
    for path in (lake / "_runs").glob("*.json"):
        manifest = json.loads(path.read_text())
        for entry in manifest["files"]:
            part = lake / entry["path"]
            if not part.exists():
                continue
            pq.write_table(older(pq.ParquetFile(part).read()), part, compression="zstd")
            entry["bytes"] = part.stat().st_size
            entry["sha256"] = hashlib.sha256(part.read_bytes()).hexdigest()
        manifest.pop("manifest_sha256", None)  # versions before had none
        path.write_text(json.dumps(manifest))


def contents(lake: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of the three oldest tables, in order."""
    return {
        name: dataset(str(lake), name)
        .to_table()
        .sort_by([(key, "ascending") for key in TABLES[name].sort_by])
        .to_pylist()
        for name in ("articles", "removed", "rejects")
    }


@pytest.fixture
def old_lake(small_lake: Path) -> Path:
    """A sound lake of an older schema."""
    age(small_lake)
    return small_lake


def test_the_lake_of_schema_1_1_reads_verifies_and_migrates(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(LAKE_1_1, lake)
    assert [each.schema_version for each in manifests(str(lake))] == ["1.1"]
    before = contents(lake)
    assert [row["headline"] for row in before["articles"]] == [
        "Harbour Board Keeps the Old Crane",
        "Library Opens a Room for Maps",
    ]
    assert verify(str(lake)) == ()
    migrate(str(lake), Place("", "", "copydesk"), pipeline_version="9")
    assert contents(lake) == before
    assert verify(str(lake)) == ()
    for name, table in TABLES.items():
        assert dataset(str(lake), name).schema.equals(table.schema, check_metadata=False)
        for part in (lake / name).rglob("*.parquet"):
            assert lacks(pq.read_schema(part), table) == ()


def test_an_older_lake_reads_with_nulls_and_verifies(small_lake: Path) -> None:
    before = contents(small_lake)
    age(small_lake)
    assert verify(str(small_lake)) == ()
    after = contents(small_lake)
    assert after["removed"] == before["removed"]
    for row, old in zip(after["articles"], before["articles"], strict=True):
        quality = None if old["quality"] is None else {**old["quality"], GONE_SIGNAL: None}
        assert row == {**old, GONE_COLUMN: None, "quality": quality}


def test_an_older_lake_takes_new_and_forced_runs(old_lake: Path, kit: Any) -> None:
    kit.write_run(old_lake, kit.inputs(24))
    kit.write_run(old_lake, kit.inputs(24)[3:12], force=True)
    assert verify(str(old_lake)) == ()
    assert len(contents(old_lake)["articles"]) == sum(
        hasattr(row, "body") for each in kit.inputs(24) for row in each.rows
    )


def test_migrate_gives_every_file_the_present_columns_and_loses_no_row(old_lake: Path, kit: Any) -> None:
    kit.write_run(old_lake, kit.inputs(24))
    with pytest.raises(pl.exceptions.PolarsError):  # files of two schemas lie beside each other
        pl.read_parquet(f"{old_lake}/articles/**/*.parquet")
    before = contents(old_lake)
    done = migrate(str(old_lake), None, pipeline_version="9")
    assert (done.schema_version, done.snapshots) == (SCHEMA_VERSION, None)
    assert done.files > 0
    assert contents(old_lake) == before
    assert verify(str(old_lake)) == ()
    assert pl.read_parquet(f"{old_lake}/articles/**/*.parquet").height == len(before["articles"])
    assert len(pd.read_parquet(old_lake / "articles", partitioning=None)) == len(before["articles"])
    (run,) = [each for each in manifests(str(old_lake)) if each.run_id == done.run_id]
    assert (run.settings, run.counts.read, len(run.replaces)) == ({"command": "migrate"}, 0, done.files)
    again = migrate(str(old_lake), None, pipeline_version="9")
    assert (again.run_id, again.files) == ("", 0)
    assert "every file has its columns" in migration_text("lake", again)
    assert f"(run {done.run_id})" in migration_text("lake", done)
    kit.write_run(old_lake, kit.inputs(24)[3:12], force=True)
    assert verify(str(old_lake)) == ()


def test_migrate_is_deterministic(old_lake: Path, tmp_path: Path, kit: Any) -> None:
    shutil.copytree(old_lake, tmp_path / "twin")
    for lake in (old_lake, tmp_path / "twin"):
        migrate(str(lake), None, pipeline_version="9")
    assert kit.tree(old_lake) == kit.tree(tmp_path / "twin")


def test_a_migration_that_is_cut_off_leaves_the_lake_as_it_was(
    old_lake: Path, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kit.tree(old_lake)
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.lake.rewrite.commit", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            migrate(str(old_lake), None, pipeline_version="9")
    assert kit.tree(old_lake) == before


def test_the_iceberg_tables_of_an_older_lake_follow(old_lake: Path) -> None:
    place, paths, fs = Place("", "", "copydesk"), LakePaths(str(old_lake)), LocalFileSystem()
    write_place(fs, paths, place)
    keep_up(fs, paths)

    def ids() -> list[str]:
        with opened(fs, paths, place) as catalog:
            rows = catalog.load_table("copydesk.articles").scan().to_arrow()
        # pyiceberg 0.12 reads a null list of structs as an empty one.
        assert not any(rows.column(GONE_COLUMN).to_pylist())
        found: list[str] = sorted(rows.column("article_id").to_pylist())
        return found

    before = ids()
    done = migrate(str(old_lake), None, pipeline_version="9")
    assert done.snapshots == 1  # of the one table that had changed
    assert ids() == before == sorted(row["article_id"] for row in contents(old_lake)["articles"])
    assert verify(str(old_lake)) == ()


def test_unusable_lakes_are_one_line(tmp_path: Path, small_lake: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake"):
        migrate(str(tmp_path / "none"), None, pipeline_version="9")
    part = next((small_lake / "rejects").glob("*.parquet"))
    pq.write_table(pq.ParquetFile(part).read().drop_columns(["message"]), part)
    with pytest.raises(UsageError, match="is of no version of the schema that copydesk knows"):
        migrate(str(small_lake), None, pipeline_version="9")


def test_what_a_file_lacks() -> None:
    full = ARTICLES.schema
    assert lacks(full, ARTICLES) == ()
    assert lacks(full.remove(full.get_field_index("headline")), ARTICLES) == ("headline",)
    assert lacks(older(full.empty_table()).schema, ARTICLES) == ("quality", GONE_COLUMN)
    # None of these can come from an older version.
    assert lacks(full.remove(full.get_field_index("body")), ARTICLES) is None
    assert lacks(full.append(pa.field("mood", pa.string())), ARTICLES) is None
    assert lacks(full.set(0, pa.field("article_id", pa.int64())), ARTICLES) is None
    assert lacks(pa.schema(list(reversed(list(full)))), ARTICLES) is None


def test_versions_are_compared_as_numbers() -> None:
    def version(text: str | None) -> pa.Schema:
        return pa.schema([], metadata={"copydesk.schema_version": text} if text else None)

    assert is_older(version("0.9"))
    assert is_older(version(None))
    assert not is_older(version(SCHEMA_VERSION))
    assert not is_older(version("1.100"))


def test_widened_fills_what_is_missing() -> None:
    schema = pa.schema(
        [("a", pa.int32()), ("b", pa.list_(pa.struct([("x", pa.int32()), ("y", pa.string())]))), ("c", pa.string())]
    )
    batch = pa.RecordBatch.from_pylist(
        [{"b": [{"x": 1}]}, {"b": None}], schema=pa.schema([("b", pa.list_(pa.struct([("x", pa.int32())])))])
    )
    wide = widened(batch, schema, ["c", "b"])
    assert wide.to_pylist() == [{"c": None, "b": [{"x": 1, "y": None}]}, {"c": None, "b": None}]
    assert wide.schema.field("b").type == schema.field("b").type
