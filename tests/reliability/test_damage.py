"""Whatever bit turns in whatever file, `verify` names the file; clocks, zones and the order of delivery change nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.lake.verify import verify

DAY = 86_400


@pytest.fixture
def lake(tmp_path: Path, kills: ModuleType) -> Path:
    """A lake after a run of each kind: every kind of file is in it."""
    root = tmp_path / "lake"
    for number in range(3):
        kills.write(str(root), [number, number + 10])
    kills.do("forget", str(root))
    kills.do("compact", str(root))
    return root


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def tree(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files(root)}


def test_a_turned_bit_is_found_in_every_kind_of_file(lake: Path, long_tests: bool) -> None:
    chance = random.Random(5)
    for path in files(lake):
        content = path.read_bytes()
        for _ in range(60 if long_tests else 6):
            bit = chance.randrange(8 * len(content))
            turned = bytearray(content)
            turned[bit // 8] ^= 1 << bit % 8
            path.write_bytes(turned)
            problems = verify(str(lake))
            assert any(path.name in problem.path for problem in problems), f"{path.name}, bit {bit}: {problems}"
        path.write_bytes(content)
    assert verify(str(lake)) == ()


def test_a_file_cut_anywhere_is_found(lake: Path) -> None:
    chance = random.Random(6)
    for path in files(lake):
        content = path.read_bytes()
        for size in (0, chance.randrange(len(content)), len(content) - 1):
            path.write_bytes(content[:size])
            assert any(path.name in problem.path for problem in verify(str(lake))), f"{path.name} cut to {size}"
        path.write_bytes(content)


def test_a_file_that_is_gone_is_found(lake: Path) -> None:
    for path in files(lake):
        content = path.read_bytes()
        path.unlink()
        problems = verify(str(lake))
        # Without its manifest a run is not there: its files are then what belongs to none.
        names = {path.name, path.name.partition(".")[0]}
        assert any(name in f"{problem.path} {problem.message}" for problem in problems for name in names), path.name
        path.write_bytes(content)


def _clock(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    real, real_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: real() + days * DAY)
    monkeypatch.setattr(time, "time_ns", lambda: real_ns() + days * DAY * 1_000_000_000)


def _zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TZ", name)
    time.tzset()


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: _clock(patch, 1),
        lambda patch: _clock(patch, -1),
        lambda patch: _zone(patch, "America/New_York"),
        lambda patch: _zone(patch, "Asia/Tehran"),
    ],
    ids=["a day ahead", "a day behind", "New York", "Tehran"],
)
def test_clock_and_zone_change_no_byte(
    change: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, kills: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    kills.write(str(tmp_path / "calm"), [1, 2, 3])
    try:
        change(monkeypatch)
        kills.write(str(tmp_path / "other"), [1, 2, 3])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert tree(tmp_path / "other") == tree(tmp_path / "calm")


def test_delivered_twice_reordered_and_late(tmp_path: Path, kills: ModuleType) -> None:
    kills.write(str(tmp_path / "once"), [1, 2, 3, 4])
    for numbers in ([4, 2], [2, 4, 2], [3, 1], [1, 2, 3, 4]):
        kills.write(str(tmp_path / "often"), numbers)
    rows = [sorted(row["source_uri"] for row in _rejects(tmp_path / name)) for name in ("once", "often")]
    assert rows[0] == rows[1]


def _rejects(root: Path) -> list[dict[str, str]]:
    from pipeline.lake.read import dataset

    found: list[dict[str, str]] = dataset(str(root), "rejects").to_table(columns=["source_uri"]).to_pylist()
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of its own of 64 KiB; skipped where it can't be made."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root makes a disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(mount)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(made.stderr.decode().strip() or "no disk could be made")
    return mount


def test_a_disk_that_is_full(small_disk: Path, kills: ModuleType) -> None:
    try:
        root = small_disk / "lake"
        kills.write(str(root), [1])
        ballast = small_disk / "ballast"
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write_bytes(bytes(max(0, free - 4096)))
        before = tree(root)
        with pytest.raises(OSError, match="No space left"):
            kills.write(str(root), list(range(2, 60)))
        assert tree(root) == before
        ballast.unlink()
        kills.write(str(root), [2, 3])
        assert verify(str(root)) == ()
    finally:
        subprocess.run(["umount", "-l", str(small_disk)], check=False)
