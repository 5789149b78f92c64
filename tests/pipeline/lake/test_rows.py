from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from pipeline.lake.rows import RunStamp, plain_type, tally_batch, text_of, to_batch, work_schema
from schemas.tables import ARTICLES, REJECTS, REMOVED, SCHEMA_VERSION

STAMP = RunStamp("00ff00ff00ff00ff", "1.2.3")


def test_an_article_keeps_every_value(kit: Any) -> None:
    article, _ = kit.article("in/a.txt")
    row = to_batch(ARTICLES, [article], STAMP).to_pylist()[0]
    assert row["body"] == article.body
    assert row["source_format"] == "text"
    assert row["published_at"] == article.published_at
    assert row["authors"] == [{"name": author.name, "kind": author.kind.value} for author in article.authors]
    assert row["normalizations"] == [item.value for item in article.normalizations]
    assert (row["run_id"], row["pipeline_version"]) == STAMP
    assert row["schema_version"] == SCHEMA_VERSION


def test_removed_and_rejects_have_their_tables_columns(kit: Any) -> None:
    removed = next(found for n in range(20) if (found := kit.article(f"in/{n}")[1]))
    batch = to_batch(REMOVED, removed, STAMP)
    assert batch.schema.names == REMOVED.schema.names
    assert batch.column("text").to_pylist() == [row.text for row in removed]
    batch = to_batch(REJECTS, [kit.reject("in/b", raw=b"\xff\x00")], STAMP)
    assert batch.column("raw").to_pylist() == [b"\xff\x00"]
    assert batch.column("code").to_pylist() == ["no_text"]


def test_lone_surrogates_become_one_replacement_character_each(kit: Any) -> None:
    article, _ = kit.article("in/a.txt")
    hostile = replace(article, body="a\udc80b", keywords=("\ud800",), source_uri="in/\udcff.txt")
    row = to_batch(ARTICLES, [hostile, article], STAMP).to_pylist()[0]
    assert row["body"] == "a\ufffdb"
    assert row["keywords"] == ["\ufffd"]
    assert row["source_uri"] == "in/\ufffd.txt"
    assert len(text_of("\ud800\udc00x")) == 3


def test_values_that_can_name_no_partition_become_unknown_in_the_row_too(kit: Any) -> None:
    article, _ = kit.article("in/a.txt")
    row = to_batch(ARTICLES, [replace(article, language="", published_month="x" * 300)], STAMP).to_pylist()[0]
    assert (row["language"], row["published_month"]) == ("und", None)


def test_a_null_where_none_may_be_is_an_error_that_names_the_column(kit: Any) -> None:
    article, _ = kit.article("in/a.txt")
    with pytest.raises(ValueError, match=r"articles\.body is null in 1 of 1 rows"):
        to_batch(ARTICLES, [replace(article, body=None)], STAMP)
    with pytest.raises(ValueError, match=r"articles\.word_count"):
        to_batch(ARTICLES, [replace(article, word_count=1 << 40)], STAMP)


def test_no_dictionary_is_left_in_the_work_schema() -> None:
    schema = work_schema("articles")
    assert schema.field("charset").type == pa.string()
    assert schema.field("authors").type.value_type.field("kind").type == pa.string()
    assert plain_type(pa.int32()) == pa.int32()
    assert schema.names == ARTICLES.schema.names


def test_counts_are_sorted() -> None:
    batch = tally_batch({("b", "1"): 2, ("a", "2"): 1})
    assert batch.to_pydict() == {"dimension": ["a", "b"], "value": ["2", "1"], "rows": [1, 2]}
