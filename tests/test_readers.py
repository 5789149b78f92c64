"""The lake of a real run, as the common readers see it: pyarrow, pandas, polars and DuckDB agree on rows, types and values.

Before: the bundled samples, ingested. After: four readers that count the same articles for each language and see the same times.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from pipeline.summary import Summary
from schemas.tables import TABLES

COLUMNS = {
    "articles": ("article_id", "language", "published_at", "word_count", "body"),
    "removed": ("article_id", "seq", "start", "end", "text", "category"),
    "rejects": ("reject_id", "code", "raw", "raw_size", "retryable"),
    "mentions": ("article_id", "seq", "start", "end", "surface", "entity_id", "entity_type", "value", "published_at"),
    "quotes": ("article_id", "seq", "start", "end", "quote", "speaker_entity_id", "speaker_surface"),
    "entities": ("entity_id", "canonical_name", "entity_type", "articles", "mentions", "first_seen"),
}
KEY = {
    "articles": ("article_id",),
    "removed": ("article_id", "seq"),
    "rejects": ("reject_id",),
    "mentions": ("article_id", "seq"),
    "quotes": ("article_id", "seq"),
    "entities": ("entity_id",),
}

Rows = list[tuple[object, ...]]


def by_pyarrow(folder: Path, columns: tuple[str, ...]) -> Rows:
    table = ds.dataset(folder, partitioning="hive").to_table(columns=list(columns))
    return list(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


def by_pandas(folder: Path, columns: tuple[str, ...]) -> Rows:
    frame = pd.read_parquet(folder, partitioning=None)[list(columns)]
    values = [
        [None if value is pd.NaT or value != value else value for value in frame[name].tolist()] for name in columns
    ]
    return list(zip(*values, strict=True))


def by_polars(folder: Path, columns: tuple[str, ...]) -> Rows:
    return pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True).select(columns).rows()


def by_duckdb(folder: Path, columns: tuple[str, ...]) -> Rows:
    names = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT {names} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    relation: Any = duckdb.sql(query)
    table = relation.to_arrow_table()
    return list(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"quotes"}))  # the default settings ask for no quotes
def test_four_readers_see_the_same_rows(name: str, sample_run: tuple[Path, Summary]) -> None:
    lake, summary = sample_run
    columns, width = COLUMNS[name], len(KEY[name])
    assert columns[:width] == KEY[name]
    expected = {row[:width]: row for row in by_pyarrow(lake / name, columns)}
    assert len(expected) == getattr(summary, name)
    for read in (by_pandas, by_polars, by_duckdb):
        rows = read(lake / name, columns)
        assert len(rows) == len(expected), read.__name__
        for row in rows:
            assert row == expected[row[:width]], read.__name__


def test_languages_and_times_are_what_the_summary_says(sample_run: tuple[Path, Summary]) -> None:
    lake, summary = sample_run
    rows = by_pyarrow(lake / "articles", ("language", "published_at", "published_month"))
    assert Counter(language for language, _, _ in rows) == dict(summary.articles_by_language)
    dated = [(moment, month) for _, moment, month in rows if moment is not None]
    assert 10 < len(dated) < len(rows)
    for moment, month in dated:
        assert isinstance(moment, datetime)
        assert moment.utcoffset() is not None
        assert f"{moment:%Y-%m}" == month
    assert all(month is None for _, moment, month in rows if moment is None)
