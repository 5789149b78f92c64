from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake import publish
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.recovery import recover
from pipeline.lake.run_spec import RunSpec, prepare


def leave_pending(root: Path, kit: Any, monkeypatch: pytest.MonkeyPatch) -> RunSpec:
    """A run that was killed when all was written and nothing was moved."""
    from pipeline.lake.commit import commit

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    inputs = kit.inputs(8)
    lake = begin(str(root))
    spec = prepare(lake, [item.file for item in inputs], settings=kit.settings, pipeline_version=kit.version)
    files, counted = kit.merge(spec, kit.stage(spec, inputs))
    with monkeypatch.context() as patch:
        patch.setattr(publish, "_place", kill)
        with pytest.raises(Killed):
            commit(lake.fs, spec, files, counted)
    lake.close()
    return spec


def test_a_run_that_was_complete_is_finished(tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.write_run(tmp_path / "calm", kit.inputs(8))
    leave_pending(tmp_path / "lake", kit, monkeypatch)
    begin(str(tmp_path / "lake")).close()
    assert kit.tree(tmp_path / "lake") == kit.tree(tmp_path / "calm")


@pytest.mark.parametrize("damage", ["bytes", "missing", "short", "pending", "not json"])
def test_a_run_whose_staged_files_are_damaged_never_was(
    tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    spec = leave_pending(tmp_path, kit, monkeypatch)
    staging = tmp_path / spec.staging
    part = sorted(staging.rglob("*-part-*.parquet"))[-1]
    if damage == "bytes":
        raw = bytearray(part.read_bytes())
        raw[len(raw) // 2] ^= 1
        part.write_bytes(raw)
    elif damage == "missing":
        part.unlink()
    elif damage == "short":
        part.write_bytes(part.read_bytes()[:-1])
    elif damage == "pending":
        pending = staging / "pending.json"
        content = json.loads(pending.read_text())
        del content["moves"]
        pending.write_text(json.dumps(content))
    else:
        (staging / "pending.json").write_bytes(b"\xff{")
    begin(str(tmp_path)).close()
    assert list(tmp_path.iterdir()) == []
    kit.write_run(tmp_path, kit.inputs(8))
    kit.write_run(tmp_path.parent / "calm", kit.inputs(8))
    assert kit.tree(tmp_path) == kit.tree(tmp_path.parent / "calm")


def test_files_of_runs_without_a_manifest_go_and_all_others_stay(small_lake: Path, kit: Any) -> None:
    before = kit.tree(small_lake)
    orphans = [
        "articles/language=en/published_month=2030-01/part-ffffffffffffffff-00000.parquet",
        "rejects/part-ffffffffffffffff-00003.parquet",
        "_runs/ffffffffffffffff.inputs.parquet",
        "_staging/abc/def/x.arrow",
        "_staging/stray",
    ]
    for path in orphans:
        (small_lake / path).parent.mkdir(parents=True, exist_ok=True)
        (small_lake / path).write_bytes(b"x")
    (small_lake / "articles" / "NOTES.txt").write_text("not ours")
    recover(LocalFileSystem(), open_paths(str(small_lake)))
    after = kit.tree(small_lake)
    assert after.pop("articles/NOTES.txt")
    assert after == before
    assert not (small_lake / "articles/language=en/published_month=2030-01").exists()
