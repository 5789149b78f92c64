from __future__ import annotations

from pathlib import Path

from tests.pipeline.streaming.conftest import Play, article, plan_for, rows_of, runs_of


def test_a(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    play(plan_for(lake), [article("ida", 3), article("ada", 12)], 11, [article("eve", 13)], 25)
    for each in runs_of(lake):
        print(each.run_id, each.counts)
    print(rows_of(lake, "articles", "source_uri", "run_id"))
    raise AssertionError
