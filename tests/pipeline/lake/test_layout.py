from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lake.layout import (
    LakePaths,
    directory,
    parse_directory,
    part_name,
    partition_value,
    run_of_part,
)
from schemas.tables import ARTICLES, HIVE_NULL, REJECTS

deterministic = settings(derandomize=True, deadline=None, max_examples=60)


def test_a_partition_has_the_folder_that_hive_readers_expect() -> None:
    assert directory(ARTICLES, ("zh-Hant", "2024-03")) == "articles/language=zh-Hant/published_month=2024-03"
    assert directory(ARTICLES, ("en", None)) == f"articles/language=en/published_month={HIVE_NULL}"
    assert directory(REJECTS, ()) == "rejects"


@pytest.mark.parametrize("value", ["../up", "a/b", "a=b", "50%", "#?", "\x00", "é", "e\u0301", ".", "日本"])
def test_hostile_values_stay_inside_their_folder_and_come_back(value: str) -> None:
    folder = directory(ARTICLES, (value, None))
    assert folder.count("/") == 2
    assert folder.isascii()
    assert LakePaths("/lake").absolute(folder).startswith("/lake/articles/language=")
    assert parse_directory(folder) == (ARTICLES, (value, None))


@deterministic
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_every_value_that_may_name_a_folder_comes_back(value: str) -> None:
    usable = partition_value(value)
    assert usable in (value, None)
    folder = directory(ARTICLES, ("en", usable))
    assert parse_directory(folder)[1] == ("en", usable)
    assert all(len(part) <= 255 for part in folder.split("/"))


@pytest.mark.parametrize("value", [None, "", HIVE_NULL, "x" * 5000, "é" * 64])
def test_values_that_can_name_no_folder_are_unknown(value: str | None) -> None:
    assert partition_value(value) is None


@pytest.mark.parametrize(
    "path", ["nothing", "articles", "articles/language=en", "articles/month=1/language=en", "rejects/a=b"]
)
def test_other_folders_are_of_no_table(path: str) -> None:
    with pytest.raises(ValueError, match=r"folder of a table|expected"):
        parse_directory(path)


def test_a_part_names_its_run() -> None:
    name = part_name("00ff00ff00ff00ff", 12)
    assert name == "part-00ff00ff00ff00ff-00012.parquet"
    assert run_of_part(name) == "00ff00ff00ff00ff"
    assert run_of_part("part-0.parquet") is None
    assert run_of_part(f"{name}.tmp") is None


@pytest.mark.parametrize("path", ["/etc/passwd", "a/../b", "..", "", "a//b", "./a"])
def test_a_path_never_leaves_the_lake(path: str) -> None:
    with pytest.raises(ValueError, match="inside the lake"):
        LakePaths("/lake").absolute(path)
