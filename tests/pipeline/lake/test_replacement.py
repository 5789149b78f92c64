from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify


def rows_of(root: Path, table: str) -> dict[str, dict[str, Any]]:
    key = "reject_id" if table == "rejects" else "article_id"
    rows = dataset(str(root), table).to_table().to_pylist()
    named = {f"{row[key]}/{row.get('seq', '')}": row for row in rows}
    assert len(named) == len(rows)
    return named


def test_forced_inputs_are_replaced_and_the_rows_beside_them_stay(small_lake: Path, kit: Any) -> None:
    before = {table: rows_of(small_lake, table) for table in ("articles", "removed", "rejects")}
    (first,) = manifests(str(small_lake))
    forced = kit.inputs(20)[5:7]
    result = kit.write_run(small_lake, forced, force=True, version="10")
    uris = {item.file.uri for item in forced}
    for table, old in before.items():
        new = rows_of(small_lake, table)
        assert new.keys() == old.keys()
        for key, row in new.items():
            source = row.get("source_uri") or before["articles"][f"{row['article_id']}/"]["source_uri"]
            replaced = source.partition("#")[0] in uris
            assert row["run_id"] == (result.run_id if replaced else first.run_id)
            assert {**row, "run_id": 0, "pipeline_version": 0} == {**old[key], "run_id": 0, "pipeline_version": 0}
    second = next(manifest for manifest in manifests(str(small_lake)) if manifest.run_id == result.run_id)
    assert set(second.replaces) < {entry.path for entry in first.files}
    assert not any((small_lake / path).exists() for path in second.replaces)
    assert second.counts.read == sum(item.records for item in forced)
    assert verify(str(small_lake)) == ()


def test_forcing_everything_drops_whole_files(small_lake: Path, kit: Any) -> None:
    (first,) = manifests(str(small_lake))
    result = kit.write_run(small_lake, kit.inputs(20), force=True)
    assert result.run_id != first.run_id
    parts = [path for path in kit.tree(small_lake) if "part-" in path]
    assert len(parts) == len(first.files)
    assert all(result.run_id in path for path in parts)
    assert verify(str(small_lake)) == ()


def test_forcing_again_and_again_converges(small_lake: Path, kit: Any) -> None:
    for step in range(3):
        kit.write_run(small_lake, kit.inputs(20)[step * 4 : step * 4 + 9], force=True)
        assert verify(str(small_lake)) == ()
    articles = sum(hasattr(row, "body") for item in kit.inputs(20) for row in item.rows)
    assert len(rows_of(small_lake, "articles")) == articles
    # Every input is held by one run, so that an ordinary run has nothing to do.
    assert kit.write_run(small_lake, kit.inputs(20)) is None


def test_an_input_whose_article_is_gone_leaves_no_row(small_lake: Path, kit: Any) -> None:
    target = kit.input(2)
    reject = kit.reject(target.file.uri)
    kit.write_run(small_lake, [kit.Input(target.file, (reject,), 1)], force=True, version="10")
    sources = {row["source_uri"] for row in rows_of(small_lake, "articles").values()}
    assert target.file.uri not in sources
    assert reject.reject_id + "/" in rows_of(small_lake, "rejects")
    assert verify(str(small_lake)) == ()


def test_force_on_inputs_that_the_lake_never_held_is_an_ordinary_run(tmp_path: Path, kit: Any) -> None:
    kit.write_run(tmp_path / "plain", kit.inputs(6))
    kit.write_run(tmp_path / "forced", kit.inputs(6), force=True)
    assert kit.tree(tmp_path / "forced") == kit.tree(tmp_path / "plain")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_forced_run_gives_the_same_bytes_however_it_is_spread(tmp_path: Path, kit: Any, seed: int) -> None:
    for name, options in (("a", {}), ("b", {"bundles": 5, "seed": seed, "fan_in": 2})):
        kit.write_run(tmp_path / name, kit.inputs(15))
        kit.write_run(tmp_path / name, kit.inputs(15)[4:9], force=True, **options)
    assert kit.tree(tmp_path / "a") == kit.tree(tmp_path / "b")
