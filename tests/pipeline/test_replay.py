"""Rejects tried again, through the whole pipeline."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.lake.manifest import RunKind
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from pipeline.progress import ProgressView
from pipeline.replay import Replayed, replay, replayed_text
from pipeline.run import ingest
from pipeline.settings import Settings, default_settings
from schemas.errors import UsageError

STORY = "Boats return\n\nThe harbour of Port Ellery took in forty boats on Monday, officials said. The mayor called it a good day.\n"


def quiet() -> ProgressView:
    return ProgressView.on(io.StringIO(), quiet=True)


def tolerant() -> Settings:
    return replace(default_settings(), learn=replace(default_settings().learn, enabled=False))


def picky() -> Settings:
    """Takes no headline with the word boats: makes rejects that other settings let in."""
    return replace(tolerant(), filter=replace(tolerant().filter, expression='not headline == "Boats leave"'))


def tried(lake: Path, codes: Sequence[str] = (), *, every: bool = False) -> Replayed:
    return replay(str(lake), tolerant(), codes=codes, every=every, progress=quiet())


def rejects(lake: Path) -> dict[str, str]:
    rows = dataset(str(lake), "rejects").to_table(columns=["source_uri", "code"]).to_pylist()
    return {Path(row["source_uri"]).name: row["code"] for row in rows}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with rejects of four kinds, and its inbox beside it."""
    root = tmp_path_factory.mktemp("replay")
    inbox = root / "in"
    inbox.mkdir()
    (inbox / "good.txt").write_text(STORY)
    (inbox / "empty.txt").write_text("")
    (inbox / "cut.txt.gz").write_bytes(gzip.compress(STORY.encode() * 3, mtime=0)[:-9])
    lines = [
        {"headline": each, "text": STORY.split("\n\n")[1] + each} for each in ("Boats stay", "Boats leave", "Rain")
    ]
    (inbox / "feed.jsonl").write_text("\n".join([*map(json.dumps, lines), "{broken"]))
    ingest([str(inbox)], str(root / "lake"), picky(), force=False, dry_run=False, progress=quiet())
    return root


@pytest.fixture
def lake(tmp_path: Path, first: Path) -> Path:
    shutil.copytree(first / "lake", tmp_path / "lake")
    return tmp_path / "lake"


def test_a_code_that_settings_no_longer_give(lake: Path) -> None:
    assert rejects(lake)["feed.jsonl#L2"] == "filtered"
    done = tried(lake, ["filtered"])
    assert (done.chosen, done.replayed, done.articles, done.still) == (1, 1, 1, 0)
    assert "feed.jsonl#L2" not in rejects(lake)
    (run,) = (each for each in manifests(str(lake)) if each.kind is RunKind.REPLAY)
    assert (run.counts.replayed, run.counts.read, run.counts.articles, run.counts.rejects) == (1, 1, 1, 0)
    assert verify(str(lake)) == ()


def test_what_is_still_broken_stays_as_it_is(lake: Path) -> None:
    before = dataset(str(lake), "rejects").to_table().to_pylist()
    done = tried(lake, ["invalid_json", "empty_input"])
    assert (done.run_id, done.chosen, done.still) == ("", 2, 2)
    assert dataset(str(lake), "rejects").to_table().to_pylist() == before
    assert verify(str(lake)) == ()


def test_stored_bytes_serve_where_the_source_is_gone(lake: Path, first: Path) -> None:
    feed = first / "in" / "feed.jsonl"
    content = feed.read_bytes()
    feed.unlink()
    try:
        done = tried(lake, every=True)
    finally:
        feed.write_bytes(content)
    assert (done.replayed, done.articles) == (1, 1)
    sources = dataset(str(lake), "articles").to_table(columns=["source_uri"]).column(0).to_pylist()
    assert str(feed) + "#L2" in sources
    assert verify(str(lake)) == ()


def test_a_source_that_was_fetched_again(lake: Path, first: Path) -> None:
    """By default only the retryable ones: a truncated stream is, an empty file is not."""
    cut = first / "in" / "cut.txt.gz"
    content = cut.read_bytes()
    cut.write_bytes(gzip.compress(STORY.encode(), mtime=0))
    try:
        done = tried(lake)
        again = ingest([str(first / "in")], str(lake), tolerant(), force=False, dry_run=False, progress=quiet())
    finally:
        cut.write_bytes(content)
    assert (done.chosen, done.replayed, done.articles) == (1, 1, 1)
    assert "cut.txt.gz" not in rejects(lake)
    assert again.files_new == 0
    assert verify(str(lake)) == ()


def test_force_after_a_replay_doubles_nothing(lake: Path, first: Path) -> None:
    tried(lake, ["filtered"])
    articles = dataset(str(lake), "articles").count_rows()
    ingest([str(first / "in")], str(lake), tolerant(), force=True, dry_run=False, progress=quiet())
    assert dataset(str(lake), "articles").count_rows() == articles
    assert verify(str(lake)) == ()


def test_an_unknown_code(lake: Path) -> None:
    with pytest.raises(UsageError, match="--code gremlins: no such code"):
        tried(lake, ["gremlins"])


def test_nothing_to_try(lake: Path) -> None:
    assert replayed_text(tried(lake, ["too_deep"])) == "no such rejects"
