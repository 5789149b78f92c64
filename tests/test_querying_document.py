"""The recipes of docs/querying.md run as they stand, on the samples' lake, and find all of its articles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow.dataset as ds
import pytest

from pipeline.lake.read import dataset
from pipeline.query.views import connected
from pipeline.summary import Summary

TEXT = (Path(__file__).parent.parent / "docs" / "querying.md").read_text(encoding="utf-8")
SQL = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
QUESTIONS = [question.strip() for block in SQL for question in block.split(";") if question.strip()]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text.splitlines()[0])
def test_each_question_has_an_answer(question: str, sample_run: tuple[Path, Summary]) -> None:
    with connected(str(sample_run[0])) as connection:
        assert connection.sql(question).fetchall()


def test_the_recipes_find_every_article(sample_run: tuple[Path, Summary]) -> None:
    lake, summary = sample_run
    known: dict[str, Any] = {"pandas": pandas, "polars": polars, "duckdb": duckdb, "ds": ds}
    with_copydesk, without, readers = PYTHON
    exec(with_copydesk.replace('"lake"', repr(str(lake))), known)  # our own document
    exec(without, known)
    expected = sorted(dataset(str(lake), "articles").to_table().column("article_id").to_pylist())
    assert len(expected) == summary.articles
    for recipe in readers.splitlines():
        if recipe.startswith("spark"):
            continue  # in tests/engines
        found = eval(recipe.replace('"lake"', repr(str(lake))), known)
        frame = found.collect() if hasattr(found, "collect") else found
        ids = frame["article_id"] if not hasattr(frame, "fetchall") else [row[0] for row in frame.fetchall()]
        assert sorted(ids) == expected, recipe
