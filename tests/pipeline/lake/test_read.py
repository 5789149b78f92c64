from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from pipeline.lake.read import dataset, manifests
from schemas.errors import UsageError
from schemas.tables import HIVE_NULL, TABLES

PARTITIONED = [name for name, table in TABLES.items() if table.partition_by]


def plain(schema: pa.Schema) -> list[tuple[str, str]]:
    """Columns with their types, in which large and dictionary-encoded strings are strings."""
    kinds = []
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        text = str(kind).replace("large_", "").replace("string_view", "string")
        kinds.append((field.name, text))
    return kinds


def test_the_sample_has_null_partitions_and_odd_languages(small_lake: Path) -> None:
    folders = {str(path.parent.relative_to(small_lake)) for path in (small_lake / "articles").rglob("*.parquet")}
    assert any(HIVE_NULL in folder for folder in folders)
    assert any("language=x-odd%2Ftag%20%231" in folder for folder in folders)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_all_readers_agree_on_rows_and_types(small_lake: Path, table: str) -> None:
    own = dataset(str(small_lake), table)
    rows = own.to_table()
    assert rows.schema.equals(TABLES[table].schema, check_metadata=False)
    folder = str(small_lake / table)

    hive = ds.dataset(folder, partitioning="hive").to_table()
    assert [(field.name, field.type) for field in hive.schema] == [(field.name, field.type) for field in rows.schema]
    key = [(name, "ascending") for name in TABLES[table].sort_by]
    assert hive.sort_by(key).to_pylist() == rows.sort_by(key).to_pylist()

    framed = pd.read_parquet(folder, partitioning=None)
    assert len(framed) == rows.num_rows
    assert list(framed.columns) == rows.schema.names

    polar = pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
    assert polar.height == rows.num_rows
    assert set(polar.columns) == set(rows.schema.names)

    duck = duckdb.sql(f"from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)").to_arrow_table()
    assert duck.num_rows == rows.num_rows
    assert {name for name, _ in plain(duck.schema)} == set(rows.schema.names)

    for name, kind in plain(rows.schema):
        if kind == "string":
            assert polar.schema[name] in (pl.String, pl.Categorical), name
            assert pa.types.is_string(duck.schema.field(name).type), name
        if kind.startswith("timestamp"):
            assert polar.schema[name] == pl.Datetime("us", "UTC")
            assert str(framed[name].dtype) == "datetime64[us, UTC]"
        if kind in ("int32", "int64", "float", "binary", "bool"):
            assert dict(plain(duck.schema))[name] == kind
        if name in TABLES[table].partition_by:
            counts = sorted(map(str, rows.column(name).to_pylist()))
            assert sorted(map(str, polar[name].to_list())) == counts
            assert sorted(map(str, duck.column(name).to_pylist())) == counts


@pytest.mark.parametrize("table", PARTITIONED)
def test_a_filter_on_a_partition_skips_the_other_files(small_lake: Path, table: str) -> None:
    own = dataset(str(small_lake), table)
    wanted = ds.field("language") == "zh-Hant"
    kept = list(own.get_fragments(filter=wanted))
    assert 0 < len(kept) < len(list(own.get_fragments()))
    assert set(own.to_table(filter=wanted).column("language").to_pylist()) == {"zh-Hant"}
    unknown = own.to_table(filter=ds.field("published_month").is_null())
    assert unknown.num_rows > 0
    assert unknown.column("published_month").null_count == unknown.num_rows


def test_files_that_no_manifest_names_are_not_read(small_lake: Path) -> None:
    rows = dataset(str(small_lake), "rejects").count_rows()
    part = next((small_lake / "rejects").glob("*.parquet"))
    part.with_name("part-00000000deadbeef-00000.parquet").write_bytes(part.read_bytes())
    assert dataset(str(small_lake), "rejects").count_rows() == rows


def test_a_table_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert manifests(str(tmp_path)) == ()
    for table in TABLES.values():
        empty = dataset(str(tmp_path), table.name).to_table()
        assert empty.num_rows == 0
        assert empty.schema.equals(table.schema, check_metadata=False)


def test_unusable_arguments_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake"):
        manifests(str(tmp_path / "none"))
    with pytest.raises(
        UsageError,
        match="unknown table 'stories'; the tables are articles, removed, mentions, quotes, entities, rejects",
    ):
        dataset(str(tmp_path), "stories")


def test_the_manifest_states_what_the_run_did(small_lake: Path, kit: Any) -> None:
    (manifest,) = manifests(str(small_lake))
    rows = [row for item in kit.inputs(20) for row in item.rows]
    articles = [row for row in rows if hasattr(row, "body")]
    rejects = [row for row in rows if hasattr(row, "reject_id")]
    counts = manifest.counts
    assert (counts.articles, counts.rejects) == (len(articles), len(rejects))
    assert counts.read == sum(item.records for item in kit.inputs(20)) == counts.articles + counts.rejects
    assert counts.by_code == {"no_text": counts.rejects}
    assert sum(counts.by_language.values()) == counts.articles
    assert manifest.settings == kit.settings
    assert counts.inputs == 20
    for entry in manifest.files:
        assert (small_lake / entry.path).stat().st_size == entry.bytes
    assert b"/tmp" not in (small_lake / f"_runs/{manifest.run_id}.json").read_bytes()
