"""What `copydesk stream` refuses before anything runs, and what it takes over from the lake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.lake.lake import begin
from pipeline.lake.learned import Decision, Verdict, write_decision
from pipeline.settings import default_settings, load_settings, row_settings
from pipeline.streaming.known_lines import known_lines
from pipeline.streaming.start import check_sources
from transforms.learned.place import Place

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["in"], "the local runner has no streams: use --runner prism, flink or dataflow, or `copydesk watch`"),
        (["nowhere", "--runner", "prism"], "source 'nowhere' does not exist"),
        (["kafka://host/wire", "--runner", "prism"], "Kafka's brokers are host:port"),
        (["pubsub://news-desk/wire", "--runner", "prism"], "Pub/Sub is read on Dataflow only"),
        (["in", "--runner", "prism", "--window", "0"], '--window "0": must be a number from 0.1 to 86400'),
        (["in", "--runner", "spark", "--lake", "lake"], "knows no streams"),
    ],
)
def test_what_cannot_be_a_stream_is_told_in_one_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    assert main(["stream", *words, "--lake", "lake"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "lake").exists()


def test_an_empty_folder_and_a_glob_are_sources(tmp_path: Path) -> None:
    settings = default_settings()
    settings = replace(settings, run=replace(settings.run, runner="prism"))
    given = [str(tmp_path), f"{tmp_path}/*.html", "s3://bucket/in", "kafka://localhost:9092/wire"]
    sources = check_sources(given, settings)
    assert sources.folders == tuple(given[:3])
    assert sources.topics[0].name == "wire"


def test_no_setting_of_a_stream_changes_a_row() -> None:
    assert not [key for key in row_settings(default_settings()) if key.startswith("stream.")]


def test_the_ready_made_settings_are_valid() -> None:
    settings = load_settings(str(ROOT / "configs" / "stream.toml"), environment={})
    assert (settings.run.runner, settings.stream.name) == ("flink", "wire")


def test_a_stream_goes_by_what_the_lake_has_learned_or_was_told(tmp_path: Path) -> None:
    with begin(str(tmp_path)) as lake:
        assert not known_lines(lake.fs, lake.paths).lines
        line = Decision("courier.example", "0123456789ef", Place.EDGE, "The Courier is free to read", Verdict.PINNED)
        write_decision(lake.fs, lake.paths, line)
        assert [each.id for each in known_lines(lake.fs, lake.paths).lines] == [line.id]
