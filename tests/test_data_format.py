"""The public contract, docs/data-format.md, says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.schema_markdown import codes_markdown, tables_markdown
from schemas.codes import Category, Normalization, Stage
from schemas.records import Article, Removed
from schemas.tables import ARTICLES, REMOVED

DOCUMENT = (Path(__file__).parent.parent / "docs" / "data-format.md").read_text(encoding="utf-8")


def test_every_column_stands_in_the_document_as_in_the_code() -> None:
    assert tables_markdown() in DOCUMENT


def test_every_reject_code_stands_in_the_document_with_its_advice() -> None:
    assert codes_markdown() in DOCUMENT


@pytest.mark.parametrize("code", [*Category, *Normalization, *Stage], ids=str)
def test_every_code_is_explained(code: Category | Normalization | Stage) -> None:
    assert code.value in DOCUMENT


def test_records_and_tables_have_the_same_columns_in_the_same_order() -> None:
    assert list(Article.__slots__) == ARTICLES.schema.names[: len(Article.__slots__)]
    assert ARTICLES.schema.names[len(Article.__slots__) :] == ["run_id", "schema_version", "pipeline_version"]
    assert [*Removed.__slots__, "run_id"] == REMOVED.schema.names
