from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths, parse_directory
from pipeline.lake.ordering import sort_keys
from pipeline.lake.rows import READS, TALLY, RunStamp
from pipeline.lake.staging import BATCH_ROWS, Fragment, Stager, owner_of
from schemas.records import ReadCount

STAMP = RunStamp("00ff00ff00ff00ff", "1.2.3")


@pytest.fixture
def paths(tmp_path: Path) -> LakePaths:
    (tmp_path / "_staging" / "s").mkdir(parents=True)
    return LakePaths(str(tmp_path))


def stager(paths: LakePaths, **options: Any) -> Stager:
    return Stager(LocalFileSystem(), paths, "_staging/s", STAMP, **options)


def rows_of(paths: LakePaths, fragment: Fragment) -> list[pa.RecordBatch]:
    with pa.ipc.open_file(paths.absolute(fragment.path)) as reader:
        return [reader.get_batch(index) for index in range(fragment.first_batch, fragment.end_batch)]


def test_each_fragment_holds_one_partition_sorted(paths: LakePaths, kit: Any) -> None:
    writer = stager(paths)
    given = 0
    for number in range(900):
        article, removed = kit.article(f"in/{number}")
        for row in (article, *removed):
            given += 1
            assert writer.add(row) == []
    fragments = writer.flush()
    assert len({fragment.path for fragment in fragments}) == 3  # articles, removed, counts: one file each
    seen = 0
    for fragment in fragments:
        if fragment.directory == TALLY:
            continue
        table, partition = parse_directory(fragment.directory)
        batches = rows_of(paths, fragment)
        assert max(batch.num_rows for batch in batches) <= BATCH_ROWS
        rows = pa.Table.from_batches(batches)
        seen += rows.num_rows
        assert rows.num_rows == fragment.rows
        for name, value in zip(table.partition_by, partition, strict=True):
            assert set(rows.column(name).to_pylist()) == {value}
        keys = [key for batch in batches for key in sort_keys(table, batch)]
        assert keys == sorted(keys)
    assert seen == given
    assert writer.flush() == []


def test_the_buffer_is_written_when_it_is_full(paths: LakePaths, kit: Any) -> None:
    writer = stager(paths, flush_bytes=90_000)
    flushed = [fragments for number in range(300) if (fragments := writer.add(kit.article(f"in/{number}")[0]))]
    assert len(flushed) >= 2
    rest = writer.flush()
    everything = [fragment for fragments in [*flushed, rest] for fragment in fragments]
    assert sum(fragment.rows for fragment in everything if fragment.directory.startswith("articles")) == 300


def test_what_was_staged_is_counted_by_input_and_kind(paths: LakePaths, kit: Any) -> None:
    writer = stager(paths, uris_with_hash=frozenset({"in/odd#name.jsonl"}))
    for uri in ("in/a.jsonl#1", "in/a.jsonl#2", "in/odd#name.jsonl#1"):
        writer.add(kit.article(uri, language="de")[0])
    writer.add(kit.reject("in/a.jsonl#3"))
    writer.add(ReadCount("a.jsonl", "0" * 64, "in/a.jsonl", 5, 3))
    by_folder = {fragment.directory: fragment for fragment in writer.flush()}
    tally = {
        (row["dimension"], row["value"]): row["rows"]
        for batch in rows_of(paths, by_folder[TALLY])
        for row in batch.to_pylist()
    }
    assert tally == {
        ("article", "in/a.jsonl"): 2,
        ("article", "in/odd#name.jsonl"): 1,
        ("reject", "in/a.jsonl"): 1,
        ("format", "text"): 3,
        ("language", "de"): 3,
        ("code", "no_text"): 1,
    }
    assert rows_of(paths, by_folder[READS])[0].to_pylist()[0]["records"] == 3


def test_rows_that_the_lake_holds_are_left_out_with_their_removals(paths: LakePaths, kit: Any) -> None:
    article, removed = next(pair for n in range(9) if (pair := kit.article(f"in/a.jsonl#{n}"))[1])
    reject = kit.reject("in/a.jsonl#x")
    writer = stager(paths, known_ids=frozenset({article.article_id, reject.reject_id}))
    for row in (article, *removed, reject):
        writer.add(row)
    (only,) = writer.flush()
    assert rows_of(paths, only)[0].to_pylist() == [{"dimension": "known", "value": "in/a.jsonl", "rows": 2}]


@pytest.mark.parametrize(
    ("source_uri", "special", "owner"),
    [
        ("in/a.txt", [], "in/a.txt"),
        ("in/a.warc#<urn:1>#2", [], "in/a.warc"),
        ("in/a#b.txt", ["in/a#b.txt"], "in/a#b.txt"),
        ("in/a#b.jsonl#4", ["in/a#b.jsonl"], "in/a#b.jsonl"),
        ("in/a#b.jsonl#4", ["in/a#b"], "in/a"),
        ("in/c.jsonl#4", ["in/a#b"], "in/c.jsonl"),
    ],
)
def test_a_record_belongs_to_its_input_file(source_uri: str, special: list[str], owner: str) -> None:
    assert owner_of(source_uri, frozenset(special)) == owner


def test_a_worker_that_outlived_its_run_brings_no_folder_back(tmp_path: Path, kit: Any) -> None:
    writer = stager(LakePaths(str(tmp_path)))
    writer.add(kit.article("in/a")[0])
    with pytest.raises(FileNotFoundError):
        writer.flush()
    assert list(tmp_path.iterdir()) == []


def test_anything_else_is_no_row(paths: LakePaths) -> None:
    with pytest.raises(TypeError, match="not a row of the lake: str"):
        stager(paths).add("text")  # type: ignore[arg-type]
