"""Reporters inside datelines."""

from __future__ import annotations

import pytest

from transforms.byline import authors_of
from transforms.dateline import find_dateline
from transforms.dateline_reporter import dateline_byline


@pytest.mark.parametrize(
    ("paragraph", "byline"),
    [
        ("本报北京3月4日电（记者 王小明）今天，大桥重新开放。", "王小明"),
        ("新华社北京3月4日电（记者王小明）今天，大桥重新开放。", "王小明"),
        ("新华社北京3月4日电（记者王小明 李　红）今天，大桥重新开放。", "王小明、李红"),
        ("新华社北京3月4日电（记者王小明、实习生李红）今天，大桥重新开放。", "王小明、李红"),
        ("本报讯（记者：王小明）今天，大桥重新开放。", "王小明"),
        ("新华社北京3月4日电（记者马丁·史密斯）今天，大桥重新开放。", "马丁·史密斯"),
        ("（中央社記者王小明台北3日電）大橋今天重新開放。", "王小明"),
        ("(서울=연합뉴스) 김민수 기자 = 다리가 다시 열렸다.", "김민수"),
        ("【ワシントン=山田太郎】橋が再び開いた。", "山田太郎"),
        ("By JANE ROE, LONDON (Reuters) - The bridge reopened.", "JANE ROE"),
        ("新华社北京3月4日电 今天，大桥重新开放。", None),
        ("新华社北京3月4日电（完整版）今天，大桥重新开放。", None),
        ("LONDON, March 3 (Reuters) - The bridge reopened.", None),
        ("(서울=연합뉴스) 다리가 다시 열렸다.", None),
    ],
)
def test_reporters(paragraph: str, byline: str | None) -> None:
    found = find_dateline(paragraph)
    assert found is not None
    assert dateline_byline(found[0]) == byline
    if byline:
        assert [author.name for author in authors_of(byline)] == byline.split("、")


def test_without_a_dateline() -> None:
    assert dateline_byline(None) is None
