"""The watch on a real lake: the same rows as one run over all, and what becomes of files that change, vanish or can't be read."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.progress import Mode, ProgressView
from pipeline.settings import Settings, default_settings
from pipeline.summary import Summary
from pipeline.watch.events import Committed, Event
from pipeline.watch.loop import watch
from pipeline.watch.pace import Pace
from pipeline.watch.plan import NOTHING_KNOWN
from pipeline.watch.stop import Clock
from pipeline.watch.work import LakeWork
from schemas.errors import StoppedEarlyError, UnfinishedError, UsageError
from schemas.tables import TABLES
from transforms.match import Listed
from transforms.storage.object_filesystem import ObjectFileSystem


def settings_with(**watch: Any) -> Settings:
    settings = default_settings()
    return replace(settings, watch=replace(settings.watch, **watch))


def work_on(inputs: Sequence[str], lake: Path, settings: Settings | None = None) -> LakeWork:
    view = ProgressView(Mode.QUIET, io.StringIO())
    return LakeWork(inputs, str(lake), settings or default_settings(), view, warm=False, debug=False)


def old_file(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1_700_000_000, 1_700_000_000.5))
    return path


def rows(lake: Path, table: str) -> list[dict[str, Any]]:
    """What does not depend on how inputs were dealt out to runs."""
    found = dataset(str(lake), table).to_table().to_pylist()
    for row in found:
        del row["run_id"]
    return sorted(found, key=repr)


def test_several_batches_give_the_rows_of_one_run(
    samples: Path, sample_run: tuple[Path, Summary], tmp_path: Path
) -> None:
    files = sum(1 for path in samples.rglob("*") if path.is_file())
    settings = settings_with(settle=0.0, max_files_per_batch=-(-files // 2))
    events: list[Event] = []
    clock = Clock()
    outcome = watch(work_on([str(samples)], tmp_path / "lake", settings), clock, Pace(1, 1, 1), [events.append], 0.0)
    clock.close()
    assert not outcome.failing
    done = [event.summary for event in events if isinstance(event, Committed)]
    assert [each.files_new for each in done] == [files // 2, files // 2]
    assert sum(each.read for each in done) == sample_run[1].read
    assert verify(str(tmp_path / "lake")) == ()
    for table in TABLES:
        if table != "entities":  # a run's own counts: added up below
            assert rows(tmp_path / "lake", table) == rows(sample_run[0], table), table
    assert entity_counts(tmp_path / "lake") == entity_counts(sample_run[0])


def entity_counts(lake: Path) -> dict[str, tuple[int, int]]:
    """Articles and mentions of each entity, over all runs."""
    counts: dict[str, tuple[int, int]] = {}
    for row in dataset(str(lake), "entities").to_table().to_pylist():
        articles, mentions = counts.get(row["entity_id"], (0, 0))
        counts[row["entity_id"]] = (articles + row["articles"], mentions + row["mentions"])
    return counts


class Runs:
    """Stands in for `pipeline.run.ingest`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[Listed, Settings]] = []
        self.error: Exception | None = None
        monkeypatch.setattr("pipeline.watch.work.ingest", self)

    def __call__(
        self, inputs: Sequence[str], lake: str, settings: Settings, *, listed: Listed, dry_run: bool, **_: object
    ) -> Summary:
        if not dry_run:
            self.calls.append((listed, settings))
            if self.error is not None:
                raise self.error
        return Summary("r", lake, len(listed.places), len(listed.places), 0, 0, 0, 0, 0)

    @property
    def names(self) -> list[list[str]]:
        return [[place.name for place in listed.places] for listed, _ in self.calls]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(monkeypatch)


def test_names_are_those_of_one_run_over_all(tmp_path: Path, runs: Runs) -> None:
    for name in ("a/1.txt", "b/2.txt"):
        old_file(tmp_path / "in" / name)
    work = work_on([str(tmp_path / "in"), str(tmp_path / "in" / "b" / "*.txt")], tmp_path / "lake")
    look = work.look(NOTHING_KNOWN)
    assert (look.listed, len(look.batches)) == (2, 1)
    work.ingest(look.batches[0], look.plan.known)
    assert runs.names == [["a/1.txt", "b/2.txt"]]


def test_an_empty_folder_is_waited_for_and_a_missing_one_is_a_mistake(tmp_path: Path, runs: Runs) -> None:
    (tmp_path / "in").mkdir()
    work = work_on([str(tmp_path / "in"), str(tmp_path / "in" / "*.html")], tmp_path / "lake")
    assert work.look(NOTHING_KNOWN).batches == ()
    missing = work_on([str(tmp_path / "inn")], tmp_path / "lake")
    with pytest.raises(UsageError, match="does not exist; did you mean") as caught:
        missing.look(NOTHING_KNOWN)
    assert missing.is_final(caught.value)
    # Once it was there, it is the disk that is away.
    (tmp_path / "in").rmdir()
    with pytest.raises(UsageError, match="does not exist") as caught:
        work.look(NOTHING_KNOWN)
    assert not work.is_final(caught.value)


def test_a_store_that_is_away_at_the_start_is_waited_for(tmp_path: Path) -> None:
    work = work_on(["s3://news/raw"], tmp_path / "lake")
    away, denied = UsageError("input: away"), UsageError("input: denied")
    away.__cause__, denied.__cause__ = OSError("EndpointConnectionError"), PermissionError("AccessDenied")
    assert not work.is_final(away)
    assert work.is_final(denied)
    assert not work.is_final(OSError("disk full"))


def test_what_changed_or_went_since_the_look_is_left_to_the_next(tmp_path: Path, runs: Runs) -> None:
    for name in "abc":
        old_file(tmp_path / "in" / name)
    work = work_on([str(tmp_path / "in")], tmp_path / "lake")
    look = work.look(NOTHING_KNOWN)
    (tmp_path / "in" / "a").unlink()
    with (tmp_path / "in" / "b").open("a") as file:
        file.write("more")
    summary, known = work.ingest(look.batches[0], look.plan.known)
    assert runs.names == [["c"]]
    assert summary is not None
    again = work.look(known)
    assert [again.batches, list(again.plan.known.waiting)] == [(), [str(tmp_path / "in" / "b")]]
    (tmp_path / "in" / "b").unlink()
    assert work.ingest(look.batches[0][:2], again.plan.known) == (None, again.plan.known)


def test_a_file_that_is_moved_in_is_told_by_its_entry(tmp_path: Path, runs: Runs) -> None:
    (tmp_path / "in").mkdir()
    work = work_on([str(tmp_path / "in")], tmp_path / "lake", settings_with(settle=3600.0, settle_moved=0.0))
    (tmp_path / "in" / ".new").write_text("written in place")
    time.sleep(0.02)
    (tmp_path / "in" / "written").write_text("written in place")
    (tmp_path / "in" / ".new").rename(tmp_path / "in" / "moved")
    look = work.look(NOTHING_KNOWN)
    assert [place.name for place in look.plan.ready] == ["moved"]
    assert look.plan.waiting_files == 1


def test_what_can_not_be_opened_is_handed_over_once(tmp_path: Path, runs: Runs) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe")
    work = work_on([str(tmp_path / "in")], tmp_path / "lake", settings_with(settle=0.0))
    look = work.look(NOTHING_KNOWN)
    _, known = work.ingest(look.batches[0], look.plan.known)
    assert runs.names == [["pipe"]]
    assert work.look(known).batches == ()


def test_small_batches_need_no_workers_and_none_is_stopped_for_its_rejects(tmp_path: Path, runs: Runs) -> None:
    old_file(tmp_path / "in" / "small")
    settings = settings_with(workers_from_mib=1)
    settings = replace(settings, run=replace(settings.run, workers=2, max_reject_share=0.25))
    work = work_on([str(tmp_path / "in")], tmp_path / "lake", settings)
    look = work.look(NOTHING_KNOWN)
    work.ingest(look.batches[0], look.plan.known)
    large = old_file(tmp_path / "in" / "large", "x" * 2**20)
    look = work.look(NOTHING_KNOWN)
    work.ingest([place for place in look.plan.ready if place.path == str(large)], look.plan.known)
    assert [(each.run.workers, each.run.max_reject_share) for _, each in runs.calls] == [(1, 1.0), (2, 1.0)]
    summary = Summary("r", "L", 1, 1, 0, 4, 2, 2, 0)
    assert work.over(summary)
    assert not work.over(replace(summary, articles=3, rejects=1))


def test_tables_that_are_behind_are_completed_by_a_run_over_nothing(tmp_path: Path, runs: Runs) -> None:
    old_file(tmp_path / "in" / "a")
    work = work_on([str(tmp_path / "in")], tmp_path / "lake")
    look = work.look(NOTHING_KNOWN)
    runs.error = UnfinishedError("the catalog is away")
    with pytest.raises(UnfinishedError):
        work.ingest(look.batches[0], look.plan.known)
    (tmp_path / "in" / "a").unlink()
    runs.error = None
    look = work.look(NOTHING_KNOWN)
    assert look.batches == ((),)
    work.ingest((), look.plan.known)
    assert runs.names == [["a"], []]
    assert work.look(NOTHING_KNOWN).batches == ()


def test_many_runs_are_merged_in_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [object()] * 3
    merged: list[str] = []
    monkeypatch.setattr("pipeline.watch.work.read_manifests", lambda fs, paths: lists)
    monkeypatch.setattr("pipeline.watch.work.live_lists", lambda manifests: manifests)
    monkeypatch.setattr("pipeline.watch.work.compact", lambda lake, **_: merged.append(lake))
    monkeypatch.setattr("pipeline.watch.work.compacted_text", lambda done: "merged")
    work = work_on(["in"], tmp_path / "lake", settings_with(compact_after=3))
    assert [work.rest(ingested=True), work.rest(ingested=False), merged] == ["", "", []]
    lists.append(object())
    assert [work.rest(ingested=False), work.rest(ingested=True), work.rest(ingested=False)] == ["", "merged", ""]
    never = work_on(["in"], tmp_path / "lake", settings_with(compact_after=0))
    assert never.rest(ingested=True) == ""
    assert merged == [str(tmp_path / "lake")]


def test_a_reason_is_one_line_without_credentials(tmp_path: Path) -> None:
    work = work_on(["in"], tmp_path / "lake")
    assert work.reason(OSError("first\nsecond")) == "OSError: first"
    assert work.reason(StoppedEarlyError("too many\nrejects")) == "StoppedEarlyError: too many"
    assert "hunter2" not in work.reason(UsageError("https://me:hunter2@example.org/ is away"))


def test_objects_are_taken_as_they_are_listed(bucket: tuple[ObjectFileSystem, str], tmp_path: Path, runs: Runs) -> None:
    fs, root = bucket
    work = work_on([f"{root}/raw"], tmp_path / "lake")
    assert work.look(NOTHING_KNOWN).batches == ()
    for name in ("b/2.txt", "a/1.txt"):
        with fs.open_write(f"{root}/raw/{name}") as stream:
            stream.write(b"x")
    look = work.look(NOTHING_KNOWN)
    assert look.plan.waiting_files == 0
    work.ingest(look.batches[0], look.plan.known)
    assert sorted(runs.names[0]) == ["a/1.txt", "b/2.txt"]
