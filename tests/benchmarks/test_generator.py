from __future__ import annotations

import gzip
import statistics
from pathlib import Path

import lxml.html
import pytest

from benchmarks.generator import (
    PAGE_BODY_CHARACTERS,
    article_text,
    lexicon,
    make_story,
    page_html,
    write_pages,
    write_texts,
)
from transforms.language import identify


def test_the_same_number_and_seed_give_the_same_story() -> None:
    assert make_story(7, seed=3) == make_story(7, seed=3)
    assert make_story(7, seed=3) != make_story(8, seed=3)
    assert make_story(7, seed=3) != make_story(7, seed=4)


def test_files_do_not_depend_on_the_count(tmp_path: Path) -> None:
    few, many = write_pages(tmp_path / "few", 2, seed=5), write_pages(tmp_path / "many", 3, seed=5)
    assert [path.read_bytes() for path in few] == [path.read_bytes() for path in many[:2]]
    few, many = write_texts(tmp_path / "few-texts", 2), write_texts(tmp_path / "many-texts", 3)
    assert [path.read_bytes() for path in few] == [path.read_bytes() for path in many[:2]]


def test_pages_are_as_heavy_as_news_pages() -> None:
    stories = [make_story(number, characters=PAGE_BODY_CHARACTERS) for number in range(60)]
    sizes = [len(page_html(story).encode()) for story in stories]
    assert 150_000 < statistics.mean(sizes) < 300_000
    assert max(sizes) > 2 * statistics.median(sizes)
    assert len(page_html(stories[0], weight=400_000).encode()) == pytest.approx(400_000, rel=0.1)


def test_texts_are_as_long_as_news_texts() -> None:
    texts = [article_text(make_story(number)) for number in range(150)]
    assert 2_000 < statistics.mean(map(len, texts)) < 3_500


def test_a_page_holds_its_story_and_leftovers(tmp_path: Path) -> None:
    (path,) = write_pages(tmp_path, 1)
    story = make_story(0, characters=PAGE_BODY_CHARACTERS)
    page = lxml.html.document_fromstring(gzip.decompress(path.read_bytes()).decode())
    assert page.findtext(".//h1") == story.headline
    assert [each.text for each in page.iterfind(".//div[@class='story__body']/p")] == list(story.paragraphs)
    assert page.get("lang") == story.language
    assert len(page.findall(".//footer//a")) >= 60
    assert page.find(".//section[@class='comments']") is not None


@pytest.mark.parametrize("language", lexicon())
def test_prose_is_of_its_language_and_says_nothing_twice(language: str) -> None:
    story = make_story(1, language=language, characters=4_000)
    found = identify("\n".join(story.paragraphs))
    assert found.tag.split("-")[0] == language
    assert found.confidence is not None
    assert found.confidence > 0.9
    assert len(set(story.paragraphs)) == len(story.paragraphs) > 3
    assert "{" not in "".join((*story.paragraphs, story.headline, story.byline))


def test_dates_and_languages_are_spread() -> None:
    stories = [make_story(number) for number in range(300)]
    assert len({(story.published.year, story.published.month) for story in stories}) >= 15
    assert {story.language for story in stories} == set(lexicon())
