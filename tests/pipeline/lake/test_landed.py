"""A run that is in the lake is never called failed, whatever goes wrong afterwards; one that was stopped early leaves nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.lake.compaction import compact
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.forget_target import Target, TargetKind
from pipeline.lake.forgetting import forget
from pipeline.lake.lake import begin
from pipeline.lake.lock import DiskLock
from pipeline.lake.read import manifests
from pipeline.lake.verify import verify
from schemas.errors import UnfinishedError

READS = ("exists", "is_folder", "size", "list", "files_below", "open_read", "read_bytes", "sha256")


class BlindFileSystem(LocalFileSystem):
    """Reads nothing any more once the lake at `root` has more runs than it had; with `dead` it forces nothing onto the disk either."""

    def __init__(self, root: Path, *, dead: bool = False) -> None:
        self.dead = dead
        self.runs = root / "_runs"
        self.before = self.published()

    def published(self) -> int:
        return len(list(self.runs.glob("*.json")))

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return self._failing(found) if name in READS or (name == "fsync_folder" and self.dead) else found

    def _failing(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if self.published() > self.before:
                raise OSError(5, "Input/output error")
            return read(*arguments)

        return call


@pytest.fixture
def two_runs(tmp_path: Path, kit: Any) -> Path:
    """A lake of two runs, with something to merge."""
    lake = tmp_path / "lake"
    inputs = kit.inputs(4)
    for first in (0, 2):
        kit.write_run(lake, inputs[first : first + 2])
    return lake


def test_a_compaction_that_landed_succeeds_though_nothing_can_be_read_any_more(two_runs: Path) -> None:
    done = compact(str(two_runs), pipeline_version="9", target_file_mib=1, fs=BlindFileSystem(two_runs))
    assert done.run_id in [each.run_id for each in manifests(str(two_runs))]
    assert verify(str(two_runs)) == ()


def test_where_nothing_answers_any_more_neither_success_nor_failure_is_claimed(two_runs: Path) -> None:
    with pytest.raises(UnfinishedError, match=r"whether run \w+ is in the lake can't be told \(.*Input/output error\)"):
        compact(str(two_runs), pipeline_version="9", target_file_mib=1, fs=BlindFileSystem(two_runs, dead=True))
    begin(str(two_runs)).close()
    assert len(manifests(str(two_runs))) == 3
    assert verify(str(two_runs)) == ()


def test_a_removal_that_landed_says_so_though_it_can_not_be_proved(two_runs: Path, kit: Any) -> None:
    source = kit.inputs(1)[0].file.uri
    with pytest.raises(UnfinishedError, match="took the rows out"):
        forget(str(two_runs), Target(TargetKind.SOURCE, source), pipeline_version="9", fs=BlindFileSystem(two_runs))
    assert len(manifests(str(two_runs))) == 3
    assert verify(str(two_runs)) == ()


def test_a_lock_that_can_not_be_given_back_fails_no_run(two_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = DiskLock.release

    def fails(self: DiskLock) -> None:
        release(self)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(DiskLock, "release", fails)
        assert compact(str(two_runs), pipeline_version="9", target_file_mib=1).run_id
    assert verify(str(two_runs)) == ()


def page(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge over the river was opened again on Monday by the mayor of the town.\n")
    return folder


def test_an_ingest_that_landed_is_not_called_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline import execute

    lake, run = tmp_path / "lake", execute.execute

    def breaks(*arguments: Any, **named: Any) -> None:
        run(*arguments, **named)
        raise RuntimeError("the last answer was lost")

    monkeypatch.setattr(execute, "execute", breaks)
    assert main(["ingest", str(page(tmp_path / "in")), "--lake", str(lake), "--quiet", "--no-learn"]) == 1
    said = capsys.readouterr().err
    (landed,) = manifests(str(lake))
    assert said == (
        f"copydesk: run {landed.run_id} is in the lake, but the engine ended with an error after it "
        "(RuntimeError: the last answer was lost)\n"
    )
    assert verify(str(lake)) == ()


def test_a_run_that_goes_wrong_stops_early_and_leaves_the_lake_as_it_was(
    small_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(small_lake / "_ledger", ignore_errors=True)
    before = {path: path.read_bytes() for path in small_lake.rglob("*") if path.is_file()}
    records = tmp_path / "records.jsonl"
    with records.open("w") as stream:
        for number in range(1100):
            stream.write(json.dumps({"url": f"https://harbour.example/{number}", "title": f"Quay {number}"}) + "\n")
    given = ["ingest", str(records), "--lake", str(small_lake), "--quiet", "--no-learn"]
    assert main([*given, "--max-reject-share", "0.1"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "copydesk: stopped early: 1,000 of the first 1,000 records were rejected, 1,000 of them missing_text; "
        "run.max_reject_share = 0.1; nothing of this run is visible"
    )
    assert said.count("\n") == 1
    after = {path: path.read_bytes() for path in small_lake.rglob("*") if path.is_file()}
    assert after == before
