from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake import compaction
from pipeline.lake.compaction import Compacted, CompactionError, compact, compacted_text
from pipeline.lake.manifest import RunKind, live_files
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UsageError
from schemas.tables import TABLES


@pytest.fixture(scope="module")
def twelve_runs(tmp_path_factory: pytest.TempPathFactory, kit: Any) -> Path:
    """Twelve runs of three inputs each: 12 files in most partitions. Tests must not change it."""
    lake = tmp_path_factory.mktemp("twelve") / "lake"
    inputs = kit.inputs(36)
    for first in range(0, 36, 3):
        kit.write_run(lake, inputs[first : first + 3])
    return lake


@pytest.fixture(scope="module")
def compacted(twelve_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Compacted]:
    """The twelve runs after compaction, and what it did. Tests must not change the lake."""
    lake = tmp_path_factory.mktemp("compacted") / "lake"
    shutil.copytree(twelve_runs, lake)
    return lake, run(lake)


@pytest.fixture
def many_runs(twelve_runs: Path, tmp_path: Path) -> Path:
    """A copy of the twelve runs."""
    shutil.copytree(twelve_runs, tmp_path / "lake")
    return tmp_path / "lake"


def rows(root: Path, table: str) -> list[str]:
    return sorted(map(repr, dataset(str(root), table).to_table().to_pylist()))


def run(root: Path, **options: Any) -> Compacted:
    return compact(str(root), pipeline_version="9.9.9", target_file_mib=1, **options)


def test_rows_stay_as_they_are_in_fewer_files(twelve_runs: Path, compacted: tuple[Path, Compacted]) -> None:
    # Rows of entities are per run and are added up; verify holds them against the mentions.
    moved = [table for table in TABLES if table != "entities"]
    files = len(live_files(manifests(str(twelve_runs))))
    lake, done = compacted
    assert {table: rows(lake, table) for table in moved} == {table: rows(twelve_runs, table) for table in moved}
    assert verify(str(lake)) == ()
    found = live_files(manifests(str(lake)))
    assert len(found) == len({entry.path.rpartition("/")[0] for entry in found}) < files
    assert (done.lists_merged, done.files_after) == (12, sum(done.run_id in entry.path for entry in found))


def test_the_files_that_were_merged_are_gone(compacted: tuple[Path, Compacted]) -> None:
    lake, _ = compacted
    on_disk = {str(path.relative_to(lake)) for path in lake.rglob("part-*.parquet")}
    assert on_disk == {entry.path for entry in live_files(manifests(str(lake)))}
    assert len(list((lake / "_runs").glob("*.inputs.parquet"))) == 1


def test_again_does_nothing(compacted: tuple[Path, Compacted], kit: Any) -> None:
    lake, _ = compacted
    before = kit.tree(lake)
    again = run(lake)
    assert (again.run_id, compacted_text(again)) == ("", "nothing to compact")
    assert kit.tree(lake) == before


def test_the_same_lake_gives_the_same_files(many_runs: Path, compacted: tuple[Path, Compacted], kit: Any) -> None:
    run(many_runs)
    assert kit.tree(many_runs) == kit.tree(compacted[0])


def test_a_dry_run_changes_nothing(many_runs: Path, kit: Any) -> None:
    before = kit.tree(many_runs)
    done = run(many_runs, dry_run=True)
    assert compacted_text(done).startswith("would merge ")
    assert kit.tree(many_runs) == before


def test_later_runs_find_their_inputs_in_the_merged_list(
    compacted: tuple[Path, Compacted], tmp_path: Path, kit: Any
) -> None:
    many_runs = tmp_path / "lake"
    shutil.copytree(compacted[0], many_runs)
    assert kit.write_run(many_runs, kit.inputs(36)) is None
    kit.write_run(many_runs, kit.inputs(36)[:10], force=True)
    assert verify(str(many_runs)) == ()
    assert dataset(str(many_runs), "articles").count_rows() == len(set(rows(many_runs, "articles")))
    run(many_runs)
    assert verify(str(many_runs)) == ()


def test_a_merge_that_loses_a_row_is_not_published(many_runs: Path, kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = compaction.merge_staged

    def lossy(fs: Any, spec: Any, directory: str, fragments: Any) -> Any:
        return real(fs, spec, directory, fragments[1:])

    before = kit.tree(many_runs)
    monkeypatch.setattr(compaction, "merge_staged", lossy)
    with pytest.raises(CompactionError, match="rows were to be merged"):
        run(many_runs)
    assert kit.tree(many_runs) == before


def test_manifests_say_what_they_are_of(compacted: tuple[Path, Compacted]) -> None:
    lake, done = compacted
    kinds = {manifest.run_id: manifest.kind for manifest in manifests(str(lake))}
    assert kinds.pop(done.run_id) is RunKind.COMPACT
    assert set(kinds.values()) == {RunKind.INGEST}


def test_no_lake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake"):
        run(tmp_path / "none")
    assert not (tmp_path / "none").exists()
