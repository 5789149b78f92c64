from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.generator import article_text, make_story, page_html
from pipeline.chain import Rules
from pipeline.learned import first_pass
from pipeline.learned.first_pass import Sample, take_sample
from pipeline.learned.sharing import in_turn
from pipeline.settings import default_settings
from schemas.records import InputFile
from transforms.match import match_inputs

SETTINGS = default_settings().learn


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load(default_settings())


@pytest.fixture
def texts(tmp_path: Path) -> tuple[InputFile, ...]:
    for number in range(12):
        path = tmp_path / f"{'north' if number % 2 else 'south'}/{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(article_text(make_story(number, seed=2, language="en")), encoding="utf-8")
    return match_inputs([str(tmp_path)]).files


def test_the_order_of_the_files_does_not_matter(texts: tuple[InputFile, ...], rules: Rules) -> None:
    sample = take_sample(texts, in_turn(rules), SETTINGS, {})
    assert {article.site for article in sample.articles} == {"north/", "south/"}
    assert len(sample.articles) == 12
    shuffled = list(texts)
    random.Random(1).shuffle(shuffled)
    assert take_sample(shuffled, in_turn(rules), SETTINGS, {}) == sample


def test_where_the_files_lie_does_not_matter(texts: tuple[InputFile, ...], rules: Rules, tmp_path: Path) -> None:
    moved = tmp_path.with_name("moved")
    tmp_path.rename(moved)
    files = match_inputs([str(moved)]).files
    assert [file.name for file in files] == [file.name for file in texts]
    first = take_sample(files, in_turn(rules), SETTINGS, {})
    moved.rename(tmp_path)
    assert take_sample(texts, in_turn(rules), SETTINGS, {}) == first


def test_no_more_than_the_settings_allow(texts: tuple[InputFile, ...], rules: Rules) -> None:
    def count(**changes: int) -> int:
        return len(take_sample(texts, in_turn(rules), replace(SETTINGS, **changes), {}).articles)

    assert count(articles=5) == 5
    assert count(articles_per_site=3) == 6
    assert len(take_sample(texts, in_turn(rules), SETTINGS, {"north/": 40}).articles) < 12


def test_large_records_are_sampled_by_the_share(
    texts: tuple[InputFile, ...], rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_pass, "ANYHOW_BYTES", 1)
    assert len(take_sample(texts, in_turn(rules), replace(SETTINGS, share_of_run=0.25), {}).articles) == 3


def test_records_of_containers_and_pages_are_told_by_their_hosts(tmp_path: Path, rules: Rules) -> None:
    lines = [
        json.dumps({"url": f"https://ellery.example/{number}", "text": article_text(make_story(number, seed=3))})
        for number in range(6)
    ]
    (tmp_path / "dump.jsonl").write_text("\n".join([*lines, "{broken", "[]"]), encoding="utf-8")
    story = make_story(1, seed=4)
    (tmp_path / "page.html").write_text(page_html(story, weight=20_000), encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    sample = take_sample(match_inputs([str(tmp_path)]).files, in_turn(rules), SETTINGS, {})
    found = sorted(article.site for article in sample.articles)
    assert found == sorted(["ellery.example"] * 6 + [story.host])


def test_nothing_gives_an_empty_sample(rules: Rules) -> None:
    assert take_sample((), in_turn(rules), SETTINGS, {}) == Sample((), {})


def test_a_file_that_is_gone_teaches_nothing(tmp_path: Path, rules: Rules) -> None:
    (tmp_path / "a.txt").write_text("A line of text.\n")
    files = match_inputs([str(tmp_path)]).files
    (tmp_path / "a.txt").unlink()
    assert take_sample(files, in_turn(rules), SETTINGS, {}) == Sample((), {})
