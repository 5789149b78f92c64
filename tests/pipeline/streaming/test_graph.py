"""Whole streams, played by TestStream: what comes early, late, twice, too late or not at all, and a stream that begins again."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from pipeline.lake.layout import STREAM
from pipeline.lake.verify import verify
from pipeline.progress import Mode, ProgressView
from pipeline.replay import replay
from pipeline.run import ingest
from schemas.codes import RejectCode
from schemas.tables import TABLES
from tests.pipeline.streaming.conftest import (
    SECOND,
    Play,
    article,
    plan_for,
    rows_of,
    runs_of,
    settings_without_names,
)
from transforms.match import match_inputs
from transforms.sources.arrival import Arrival

QUIET = ProgressView(Mode.QUIET, io.StringIO())


def names(lake: Path) -> list[str]:
    return [
        str(uri).removeprefix("kafka://wire/").removesuffix(".txt")
        for (uri,) in rows_of(lake, "articles", "source_uri")
    ]


def inputs_of_runs(lake: Path) -> list[int]:
    return sorted(manifest.counts.inputs for manifest in runs_of(lake))


def test_each_window_that_holds_something_is_one_run(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    play(
        plan_for(lake),
        [article("ida", 3), article("ada", 12)],
        11,
        [article("eve", 13)],
        25,
        200,
        [article("joy", 205)],
    )
    assert names(lake) == ["ada", "eve", "ida", "joy"]
    assert inputs_of_runs(lake) == [1, 1, 2]  # none for the windows in which nothing came
    assert verify(str(lake)) == ()
    assert list((lake / STREAM / "wire").iterdir()) == []


def test_nothing_is_committed_where_nothing_comes(play: Play, tmp_path: Path) -> None:
    play(plan_for(tmp_path / "lake"), 100, 1000)
    assert not (tmp_path / "lake" / "_runs").exists()


def test_enough_inputs_are_committed_before_the_window_ends(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    early = plan_for(lake, early=2)
    play(early, [article("ida", 1), article("ada", 2)], [article("eve", 3)], 20)
    assert inputs_of_runs(lake) == [1, 2]


def test_late_inputs_are_further_panes_of_their_window(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    play(plan_for(lake, late=1), [article("ida", 3)], 15, [article("ada", 4)], [article("eve", 5)], 20)
    assert names(lake) == ["ada", "eve", "ida"]
    assert inputs_of_runs(lake) == [1, 1, 1]
    assert rows_of(lake, "rejects", "code") == []


def test_beyond_the_lateness_an_input_is_a_reject_that_replay_brings_in(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    play(plan_for(lake), [article("ida", 3)], 15, 45, [article("ada", 4), article("eve", 44)], 100)
    assert names(lake) == ["eve", "ida"]
    assert rows_of(lake, "rejects", "code", "retryable", "source_uri") == [("too_late", True, "kafka://wire/ada.txt")]
    assert sum(manifest.counts.by_code.get("too_late", 0) for manifest in runs_of(lake)) == 1
    assert verify(str(lake)) == ()
    done = replay(str(lake), settings_without_names(), codes=[RejectCode.TOO_LATE.value], every=False, progress=QUIET)
    assert (done.chosen, done.replayed, done.articles) == (1, 1, 1)
    assert names(lake) == ["ada", "eve", "ida"]
    assert verify(str(lake)) == ()


def test_an_input_that_is_delivered_again_is_in_the_lake_once(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    again = article("ida", 3)
    play(plan_for(lake, late=1), [again, again], [again], 15, [again], 45, [again, article("ida", 33)], 100)
    assert names(lake) == ["ida"]
    assert inputs_of_runs(lake) == [1]
    assert rows_of(lake, "rejects", "code") == []  # neither is what the lake holds ever too late


def test_a_stream_that_begins_again_from_the_start_adds_what_is_new(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first = [article("ida", 3), article("ada", 12)]
    play(plan_for(lake), first, 30)
    before = {path: path.read_bytes() for path in lake.rglob("*.parquet")}
    play(plan_for(lake, early=1), *([each] for each in first), [article("eve", 14)], 30)
    assert names(lake) == ["ada", "eve", "ida"]
    assert all(path.read_bytes() == content for path, content in before.items())
    assert len(runs_of(lake)) == 3
    assert verify(str(lake)) == ()


def test_a_second_version_adds_the_records_that_are_new(play: Play, tmp_path: Path) -> None:
    lake = tmp_path / "lake"

    def feed(lines: int, second: int) -> Arrival:
        line = '{{"title": "Boats {0}", "text": "The harbour counted {0} boats on the morning tide, as every year in spring."}}\n'
        text = "".join(line.format(number) for number in range(lines)).encode()
        given = article("feed", second)
        import hashlib

        file = given.file._replace(
            name="wire/feed.jsonl",
            uri="kafka://wire/feed.jsonl",
            size=len(text),
            sha256=hashlib.sha256(text).hexdigest(),
        )
        return given._replace(file=file, content=text)

    play(plan_for(lake), [feed(2, 1), feed(3, 2)], 15, [feed(4, 16)], 30)
    headlines = [headline for (headline,) in rows_of(lake, "articles", "headline")]
    assert headlines == ["Boats 0", "Boats 1", "Boats 2", "Boats 3"]
    assert sorted(manifest.counts.known_records for manifest in runs_of(lake)) == [0, 2, 3]
    assert verify(str(lake)) == ()


def test_rows_equal_those_of_a_batch(play: Play, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(5):
        (folder / f"d{number % 2}").mkdir(parents=True, exist_ok=True)
        given = article(f"boat {number}", number)
        (folder / f"d{number % 2}" / f"{number}.txt").write_bytes(given.content or b"")
    (folder / "empty.html").write_bytes(b"")
    settings = settings_without_names()
    settings = replace(settings, learn=replace(settings.learn, enabled=False))
    ingest([str(folder)], str(tmp_path / "batch"), settings, force=False, dry_run=False, progress=QUIET)
    files = match_inputs([str(folder)]).files
    arrivals = [Arrival(file, number * 6 * SECOND) for number, file in enumerate(files)]
    version = runs_of(tmp_path / "batch")[0].pipeline_version
    play(replace(plan_for(tmp_path / "stream"), pipeline_version=version), arrivals[:3], 11, arrivals[3:], 60)
    for name, table in TABLES.items():
        columns = [column for column in table.schema.names if column != "run_id"]
        batch, stream = (sorted(map(repr, rows_of(tmp_path / each, name, *columns))) for each in ("batch", "stream"))
        assert batch == stream
    assert len(runs_of(tmp_path / "stream")) > 1
