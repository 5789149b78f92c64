"""The listing and the JSON hold every column of every table."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from pipeline.schema_text import schema_json, schema_text, type_name
from schemas.errors import UsageError
from schemas.tables import SCHEMA_VERSION, TABLES


def test_listing_names_every_column_with_type_and_description() -> None:
    text = schema_text(width=120)
    assert SCHEMA_VERSION in text.splitlines()[0]
    for table in TABLES.values():
        assert f"{table.name}: {table.description}" in text
    words = [line.split() for line in schema_text("rejects", width=200).splitlines()]
    assert ["byte_offset", "int64", "required"] in [line[:3] for line in words]
    assert ["raw_sha256", "string", "required", "SHA-256", "of", "all", "its", "bytes,", "hexadecimal."] in words
    listed = [line[0] for line in words if len(line) > 2 and line[2] in ("required", "nullable")]
    assert listed == TABLES["rejects"].schema.names


@pytest.mark.parametrize("width", [60, 80, 120])
def test_listing_fits_the_width(width: int) -> None:
    described = [line for line in schema_text("removed", width).splitlines() if line.startswith("   ")]
    assert all(len(line) <= max(width, 70) for line in described)


def test_json_is_the_contract() -> None:
    contract = json.loads(schema_json())
    assert contract["schema_version"] == SCHEMA_VERSION
    assert [table["name"] for table in contract["tables"]] == list(TABLES)
    articles = contract["tables"][0]
    assert articles["partition_by"] == ["language", "published_month"]
    columns = {column["name"]: column for column in articles["columns"]}
    assert list(columns) == TABLES["articles"].schema.names
    assert columns["published_at"]["type"] == "timestamp[us, tz=UTC]"
    assert columns["headline"]["term"] == "schema:headline"
    assert columns["run_id"]["term"] is None
    assert columns["body"]["nullable"] is False
    assert all(column["description"] for column in articles["columns"])


def test_one_table_or_an_error_with_the_nearest_name() -> None:
    assert [table["name"] for table in json.loads(schema_json("removed"))["tables"]] == ["removed"]
    with pytest.raises(UsageError, match="no such table 'article'; did you mean articles"):
        schema_text("article")
    with pytest.raises(UsageError, match="there are articles, removed, mentions, quotes, entities, rejects"):
        schema_json("zebra")


def test_types_as_people_read_them() -> None:
    text = pa.dictionary(pa.int32(), pa.string())
    assert type_name(pa.list_(pa.struct([pa.field("name", pa.string()), pa.field("kind", text)]))) == (
        "list<struct<name string, kind dict>>"
    )
    assert type_name(pa.timestamp("us", tz="UTC")) == "timestamp[us, UTC]"
    assert type_name(pa.float32()) == "float32"
