from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import begin
from pipeline.lake.layout import LakePaths, parse_directory
from pipeline.lake.merge import DuplicateKeyError
from pipeline.lake.ordering import sort_keys
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.run_spec import prepare
from schemas.tables import SCHEMA_VERSION, TABLES


@pytest.fixture(scope="module")
def plain_tree(tmp_path_factory: pytest.TempPathFactory, kit: Any) -> dict[str, str]:
    """The files of 60 inputs, written in one piece."""
    root = tmp_path_factory.mktemp("plain")
    kit.write_run(root, kit.inputs(60))
    tree: dict[str, str] = kit.tree(root)
    return tree


@pytest.mark.parametrize(
    ("bundles", "seed", "fan_in", "flush_bytes"),
    [(1, 1, 48, 1 << 24), (7, 2, 48, 1 << 24), (1, 3, 2, 60_000), (40, 4, 3, 1 << 24), (5, 5, 4, 20_000)],
)
def test_bytes_do_not_depend_on_order_bundles_or_fragments(
    tmp_path: Path, kit: Any, plain_tree: dict[str, str], bundles: int, seed: int, fan_in: int, flush_bytes: int
) -> None:
    inputs = kit.inputs(60)
    random.Random(seed).shuffle(inputs)
    kit.write_run(tmp_path / "cut", inputs, bundles=bundles, seed=seed, fan_in=fan_in, flush_bytes=flush_bytes)
    assert kit.tree(tmp_path / "cut") == plain_tree


def test_files_roll_and_row_groups_end_by_content_alone(tmp_path: Path, kit: Any) -> None:
    rng = random.Random(5)
    inputs = []
    for number in range(60):
        body = " ".join(str(rng.random()) for _ in range(1000 if number % 3 else 10))
        article, _ = kit.article(f"in/{number}.txt", language="en", body=body)
        file = kit.input(1).file._replace(uri=article.source_uri, name=article.source_uri, sha256=f"{number:064d}")
        inputs.append(kit.Input(file, (article,), 1))
    sizes = {"target_file_bytes": 60_000, "row_group_bytes": 40_000}
    kit.write_run(tmp_path / "plain", inputs, **sizes)
    kit.write_run(tmp_path / "cut", inputs, bundles=9, seed=1, fan_in=2, **sizes)
    assert kit.tree(tmp_path / "cut") == kit.tree(tmp_path / "plain")
    parts = sorted((tmp_path / "plain" / "articles").rglob("*.parquet"))
    folders = {part.parent for part in parts}
    assert len(parts) > len(folders) + 3
    paths = LakePaths(str(tmp_path / "plain"))
    for folder in folders:
        own = [part for part in parts if part.parent == folder]
        for part in own[:-1]:
            assert 30_000 <= part.stat().st_size <= 120_000
        previous = None
        for part in own:
            parquet = pq.ParquetFile(part)
            table, _ = parse_directory(str(folder.relative_to(tmp_path / "plain")))
            for group in range(parquet.num_row_groups):
                assert parquet.metadata.row_group(group).total_byte_size < 60_000
            for batch in read_batches(LocalFileSystem(), paths, str(part.relative_to(paths.root))):
                for key in sort_keys(table, batch):
                    assert previous is None or previous < key
                    previous = key


def test_finished_files_have_the_tables_schema_and_all_that_readers_skip_by(small_lake: Path) -> None:
    parts = sorted(small_lake.rglob("part-*.parquet"))
    assert {part.relative_to(small_lake).parts[0] for part in parts} == set(TABLES)
    for part in parts:
        parquet = pq.ParquetFile(part)
        table = TABLES[part.relative_to(small_lake).parts[0]]
        assert parquet.schema_arrow.equals(table.schema, check_metadata=False)
        assert parquet.schema_arrow.field(0).metadata[b"description"]
        assert parquet.schema_arrow.metadata[b"copydesk.table"] == table.name.encode()
        assert parquet.schema_arrow.metadata[b"copydesk.schema_version"] == SCHEMA_VERSION.encode()
        group = parquet.metadata.row_group(0)
        names = parquet.schema_arrow.names
        assert [names[column.column_index] for column in group.sorting_columns] or table.name == "articles"
        for index in range(group.num_columns):
            column = group.column(index)
            assert column.compression == "ZSTD"
            if column.path_in_schema in ("article_id", "reject_id", "seq", "byte_offset"):
                assert column.is_stats_set
                assert column.has_column_index
                assert column.has_offset_index


def test_the_order_is_published_at_with_unknown_last_then_article_id(small_lake: Path) -> None:
    for part in (small_lake / "articles").rglob("*.parquet"):
        rows = pq.ParquetFile(part).read(columns=["published_at", "article_id"]).to_pylist()
        keys = [(row["published_at"] is None, row["published_at"], row["article_id"]) for row in rows]
        if all(key[0] for key in keys):
            keys = [(key[2],) for key in keys]
        assert keys == sorted(keys)


def test_the_same_record_twice_is_an_error(tmp_path: Path, kit: Any) -> None:
    article, _ = kit.article("in/a.txt")
    twice = kit.Input(kit.input(1).file._replace(uri="in/a.txt"), (article, article), 2)
    with begin(str(tmp_path)) as lake:
        spec = prepare(lake, [twice.file], settings={}, pipeline_version="1")
        for bundles in (1, 2):
            fragments = kit.stage(spec, [twice], bundles=bundles)
            with pytest.raises(DuplicateKeyError, match=article.article_id):
                kit.merge(spec, fragments)


def test_equal_rejects_are_kept(tmp_path: Path, kit: Any) -> None:
    reject = kit.reject("in/a.txt")
    twice = kit.Input(kit.input(1).file._replace(uri="in/a.txt"), (reject, reject), 2)
    result = kit.write_run(tmp_path, [twice])
    assert result.rejects == 2


def test_a_damaged_fragment_stops_the_merge(tmp_path: Path, kit: Any) -> None:
    with begin(str(tmp_path)) as lake:
        inputs = kit.inputs(5)
        spec = prepare(lake, [item.file for item in inputs], settings={}, pipeline_version="1")
        fragments = kit.stage(spec, inputs)
        path = Path(LakePaths(str(tmp_path)).absolute(fragments[0].path))
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(Exception, match=r"(?i)arrow|footer|file|size"):
            kit.merge(spec, fragments)
