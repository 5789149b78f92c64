from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.cleanup import clean, cleaned_text, parse_grace
from pipeline.lake.lake import lock_lake
from pipeline.lake.verify import verify
from schemas.errors import UsageError

DAY = 86_400


def plant_orphans(root: Path) -> list[str]:
    """Copies of a run's files under the name of a run that is not there, and a staging folder."""
    orphan = "00000000deadbeef"
    part = next((root / "articles").rglob("part-*.parquet"))
    inputs = next((root / "_runs").glob("*.inputs.parquet"))
    targets = [part.with_name(f"part-{orphan}-00000.parquet"), inputs.with_name(f"{orphan}.inputs.parquet")]
    shutil.copy(part, targets[0])
    shutil.copy(inputs, targets[1])
    staged = root / "_staging" / "left" / "rows.arrow"
    staged.parent.mkdir(parents=True)
    staged.write_bytes(b"rows")
    return sorted(str(path.relative_to(root)) for path in (*targets, staged.parent))


def age(root: Path, days: float) -> None:
    for path in [root, *root.rglob("*")]:
        status = path.stat()
        os.utime(path, (status.st_atime - days * DAY, status.st_mtime - days * DAY))


def test_old_orphans_go_and_nothing_else(small_lake: Path, kit: Any) -> None:
    before = kit.tree(small_lake)
    planted = plant_orphans(small_lake)
    age(small_lake, 4)
    assert sorted(clean(str(small_lake), 3 * DAY).deleted) == planted
    assert kit.tree(small_lake) == before
    assert verify(str(small_lake)) == ()


def test_young_ones_are_left(small_lake: Path, kit: Any) -> None:
    planted = plant_orphans(small_lake)
    age(small_lake, 2)
    before = kit.tree(small_lake)
    done = clean(str(small_lake), 3 * DAY)
    assert (done.deleted, sorted(done.young)) == ((), planted)
    assert kit.tree(small_lake) == before
    assert "3 left: younger than the grace period" in cleaned_text(done)[0]


def test_a_dry_run_deletes_nothing(small_lake: Path, kit: Any) -> None:
    planted = plant_orphans(small_lake)
    age(small_lake, 4)
    before = kit.tree(small_lake)
    assert sorted(clean(str(small_lake), 3 * DAY, dry_run=True).deleted) == planted
    assert kit.tree(small_lake) == before


def test_a_writers_staging_is_left_alone(small_lake: Path) -> None:
    plant_orphans(small_lake)
    age(small_lake, 400)
    writer = lock_lake(str(small_lake))
    try:
        done = clean(str(small_lake), 3 * DAY)
    finally:
        writer.close()
    assert (small_lake / "_staging" / "left" / "rows.arrow").exists()
    assert len(done.deleted) == 2
    assert str(os.getpid()) in done.busy


def test_a_clock_that_is_a_day_ahead_makes_nothing_old(small_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are told by the disk's clock alone."""
    import time

    plant_orphans(small_lake)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10 * DAY)
    monkeypatch.setattr(time, "time_ns", lambda: int((now + 10 * DAY) * 1e9))
    assert clean(str(small_lake), 3 * DAY).deleted == ()


@pytest.mark.parametrize(("given", "seconds"), [("90m", 5400), ("12h", 43_200), ("3d", 259_200), ("0s", 0)])
def test_grace(given: str, seconds: int) -> None:
    assert parse_grace(given) == seconds


@pytest.mark.parametrize("given", ["3", "d", "-1d", "1w", ""])
def test_unusable_grace(given: str) -> None:
    with pytest.raises(UsageError, match="must be a number with a unit"):
        parse_grace(given)


def test_no_lake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake"):
        clean(str(tmp_path), 0)


def test_a_replaced_file_that_could_not_be_deleted_goes(small_lake: Path, kit: Any) -> None:
    kept = {path: path.read_bytes() for path in small_lake.rglob("part-*.parquet")}
    kit.write_run(small_lake, kit.inputs(20), force=True)
    gone = [path for path in kept if not path.exists()]
    for path in gone:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept[path])
    assert 0 < len(verify(str(small_lake))) == len(gone)
    assert len(clean(str(small_lake), 0).deleted) == len(gone)
    assert verify(str(small_lake)) == ()
