from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.reject_guard import RejectGuard, TooManyRejectsError, early_share


def seen(guard: RejectGuard, rows: list[Any]) -> int:
    """How many rows were seen before the guard stopped."""
    for number, row in enumerate(rows, 1):
        try:
            guard.see(row)
        except TooManyRejectsError:
            return number
    return 0


def test_stops_once_enough_is_seen_and_names_the_commonest_code(tmp_path: Path, kit: Any) -> None:
    words = tmp_path / "words.txt"
    guard = RejectGuard(LocalFileSystem(), str(words), 0.1, after=20)
    rows = [kit.article(f"in/{number}")[0] if number % 2 else kit.reject(f"in/{number}") for number in range(60)]
    assert seen(guard, rows) == 21
    said = words.read_text()
    assert "11 of the first 21 records were rejected, 11 of them no_text" in said
    assert "nothing of this run is visible" in said


def test_goes_on_where_only_somewhat_more_is_rejected(tmp_path: Path, kit: Any) -> None:
    guard = RejectGuard(LocalFileSystem(), str(tmp_path / "words.txt"), 0.2, after=20)
    rows = [kit.reject(f"in/{number}") if number % 3 == 1 else kit.article(f"in/{number}")[0] for number in range(90)]
    assert seen(guard, rows) == 0


@pytest.mark.parametrize(("allowed", "early"), [(0.0, 0.05), (0.01, 0.06), (0.1, 0.2), (0.5, 0.75), (1.0, 1.0)])
def test_early_share(allowed: float, early: float) -> None:
    assert early_share(allowed) == pytest.approx(early)
