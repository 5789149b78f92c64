from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.lake.lake import begin
from pipeline.lake.ledger import already_in
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify


def test_an_input_is_known_by_its_name_and_content(small_lake: Path, kit: Any) -> None:
    files = [item.file for item in kit.inputs(22)]
    moved = files[3]._replace(uri="/elsewhere/0003.txt")
    changed = files[4]._replace(sha256="f" * 64)
    renamed = files[5]._replace(name="other.txt")
    with begin(str(small_lake)) as lake:
        new, skipped = already_in(lake.fs, lake.paths, [*files, moved, changed, renamed])
    assert set(new) == {files[20], files[21], changed, renamed}
    assert set(skipped) == {*files[:20], moved}
    assert [file.name for file in new] == sorted(file.name for file in new)


def test_the_same_file_given_twice_is_read_once(tmp_path: Path, kit: Any) -> None:
    first = kit.input(2).file
    with begin(str(tmp_path)) as lake:
        new, skipped = already_in(lake.fs, lake.paths, [first, first._replace(uri="copy/0002.txt")])
    assert len(new) == len(skipped) == 1


def test_a_second_run_writes_nothing(small_lake: Path, kit: Any) -> None:
    before = kit.tree(small_lake)
    assert kit.write_run(small_lake, kit.inputs(20)) is None
    assert kit.tree(small_lake) == before


def test_a_run_of_old_and_new_inputs_adds_the_new_ones(small_lake: Path, kit: Any) -> None:
    before = kit.tree(small_lake)
    result = kit.write_run(small_lake, kit.inputs(25))
    new = kit.inputs(25)[20:]
    assert result.read == sum(item.records for item in new)
    assert before.items() <= kit.tree(small_lake).items()
    runs = {manifest.run_id: manifest for manifest in manifests(str(small_lake))}
    assert runs[result.run_id].counts.skipped_inputs == 20
    assert verify(str(small_lake)) == ()


def test_the_list_of_inputs_is_sorted_and_accounts_for_each(small_lake: Path, kit: Any) -> None:
    (manifest,) = manifests(str(small_lake))
    rows = pq.read_table(small_lake / manifest.inputs.path).to_pylist()
    given = {item.file.name: item for item in kit.inputs(20)}
    assert [row["name"] for row in rows] == sorted(given)
    for row in rows:
        item = given[row["name"]]
        assert row["records"] == item.records == row["articles"] + row["rejects"]
        assert (row["uri"], row["sha256"], row["size"]) == (item.file.uri, item.file.sha256, item.file.size)


@pytest.mark.parametrize("grown", [False, True])
def test_a_changed_container_doubles_no_record(tmp_path: Path, kit: Any, grown: bool) -> None:
    old = kit.input(5)
    kit.write_run(tmp_path, [old])
    extra, removed = kit.article("in/0005.jsonl#new")
    rows = (*old.rows, extra, *removed) if grown else old.rows[: len(old.rows) // 2]
    records = sum(hasattr(row, "body") or hasattr(row, "reject_id") for row in rows)
    changed = dataclasses.replace(old, file=old.file._replace(sha256="e" * 64), rows=tuple(rows), records=records)
    result = kit.write_run(tmp_path, [changed])
    assert result.read == (1 if grown else 0)
    ids = dataset(str(tmp_path), "articles").to_table().column("article_id").to_pylist()
    assert len(ids) == len(set(ids)) == sum(hasattr(row, "body") for row in old.rows) + (1 if grown else 0)
    assert verify(str(tmp_path)) == ()
    by_run = {manifest.run_id: manifest.counts for manifest in manifests(str(tmp_path))}
    assert by_run[result.run_id].known_records == records - result.read


def test_another_version_of_a_plain_file_stands_beside_the_first(tmp_path: Path, kit: Any) -> None:
    kit.write_run(tmp_path, [kit.input(2)])
    kit.write_run(tmp_path, [kit.input(2, version=1)])
    rows = dataset(str(tmp_path), "articles").to_table(columns=["article_id", "work_id"]).to_pylist()
    assert len({row["article_id"] for row in rows}) == 2
    assert len({row["work_id"] for row in rows}) == 1
    assert verify(str(tmp_path)) == ()
