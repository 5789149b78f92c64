from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from schemas.records import InputFile
from transforms.listing.seen import NOTHING_SEEN
from transforms.sources.folders import FolderSettings, look

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def put(path: Path, text: str, seconds_ago: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    time = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (time, time))


def settings_for(folder: Path, event_time: str = "arrival") -> FolderSettings:
    return FolderSettings((str(folder),), str(folder / "lake"), 1.0, 5.0, event_time)


def every(files: Sequence[InputFile]) -> Sequence[InputFile]:
    return files


def test_a_look_gives_what_is_new_and_still(tmp_path: Path) -> None:
    put(tmp_path / "a/one.txt", "one", 60)
    put(tmp_path / "two.txt", "half", 2)
    put(tmp_path / ".hidden.txt", "x", 60)
    first, keys = look(settings_for(tmp_path), NOTHING_SEEN, NOW, every)
    assert [each.file.name for each in first] == ["a/one.txt"]
    later, more = look(settings_for(tmp_path), keys, NOW + timedelta(seconds=10), every)
    assert [each.file.name for each in later] == ["two.txt"]
    put(tmp_path / "a/one.txt", "one changed", 30)
    again, _ = look(settings_for(tmp_path), np.union1d(keys, more), NOW, every)
    assert [each.file.size for each in again] == [len("one changed")]


def test_what_the_lake_holds_is_not_given(tmp_path: Path) -> None:
    put(tmp_path / "one.txt", "one", 60)
    put(tmp_path / "two.txt", "two", 60)
    arrivals, _ = look(settings_for(tmp_path), NOTHING_SEEN, NOW, lambda files: files[1:])
    assert [each.file.name for each in arrivals] == ["two.txt"]


def test_a_files_time_is_its_arrival_or_its_change(tmp_path: Path) -> None:
    put(tmp_path / "one.txt", "one", 60)
    times = [
        look(settings_for(tmp_path, event_time), NOTHING_SEEN, NOW, every)[0][0].event_time
        for event_time in ("arrival", "modified")
    ]
    assert times[0] - times[1] == 60_000_000


def test_a_folder_that_is_empty_or_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    assert look(settings_for(tmp_path), NOTHING_SEEN, NOW, every)[0] == ()
    assert look(settings_for(tmp_path / "later"), NOTHING_SEEN, NOW, every)[0] == ()
