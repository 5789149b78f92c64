"""kill -9 at seeded points of each kind of run: the lake is the old or the new one, and the next run puts it right."""

from __future__ import annotations

import random
import shutil
import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.lake.lake import begin
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify

POINTS = {"write": 9, "compact": 9, "forget": 9}
"""Kills of each kind; at every point with COPYDESK_LONG_TESTS, and at any number of them by benchmarks/kill_points.py."""


def sources(root: Path) -> list[str]:
    return sorted(dataset(str(root), "rejects").to_table(columns=["source_uri"]).column(0).to_pylist())


@pytest.mark.parametrize("action", sorted(POINTS))
def test_killed_at_any_point(
    action: str, tmp_path: Path, kills: ModuleType, processes: ForkServerContext, long_tests: bool
) -> None:
    first = tmp_path / "first"
    for number in range(4):
        kills.write(str(first), [number, number + 10])
    before = sources(first)
    calm = tmp_path / "calm"
    shutil.copytree(first, calm)
    counting = kills.DeadlyFileSystem(1 << 30)
    kills.do(action, str(calm), counting)
    steps = (1 << 30) - counting.left
    after = sources(calm)
    some = random.Random(action).sample(range(2, steps), POINTS[action] - 2)
    points = range(1, steps + 1) if long_tests else [1, *sorted(some), steps]
    seen = set()
    for at in points:
        root = tmp_path / f"at-{at}"
        shutil.copytree(first, root)
        process = processes.Process(target=kills.killed, args=(action, str(root), at))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL, at
        found = sources(root)
        assert found in (before, after), at
        begin(str(root)).close()
        assert verify(str(root)) == (), at
        seen.add(tuple(sources(root)))
        kills.do(action, str(root))
        assert sources(root) == after, at
        assert verify(str(root)) == (), at
        shutil.rmtree(root)
    assert seen == {tuple(before), tuple(after)}
