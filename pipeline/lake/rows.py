"""Typed records → Arrow record batches, in the lake's work schema: the table's own, with plain strings where the finished
file has dictionaries (these are made last, from sorted rows, so that their order depends on the rows alone).

Before: `Article(article_id="a1", …, keywords=("x",))`. After: one row of a RecordBatch with the table's columns, `run_id` and
the versions filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.lake.layout import partition_value
from schemas.entities import Mention, Mentions, Quote
from schemas.records import Article, ReadCount, Reject, Removed
from schemas.tables import ARTICLES, REJECTS, REMOVED, SCHEMA_VERSION, TABLES, Table

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNKNOWN_LANGUAGE = "und"
"""BCP 47's tag for a language that can't be told."""


class RunStamp(NamedTuple):
    """What every row says about the run that wrote it."""

    run_id: str
    pipeline_version: str


Row = Article | Removed | Reject | Mention | Quote

Staged = Article | Removed | Reject | Mentions
"""What is given to be staged; mentions and quotes come all of one article together, since they are many."""

MENTION_BYTES = 512
"""Roughly the bytes that one `Mention` takes up while it waits."""

READS = "_reads"
"""Staged only: the `ReadCount` of each input file."""
TALLY = "_tally"
"""Staged only: how many rows of each kind were staged; see `TALLY_SCHEMA`."""

READS_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("uri", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
    ]
)

TALLY_SCHEMA = pa.schema(
    [
        pa.field("dimension", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
    ]
)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """`kind` with every dictionary in it, however deep, replaced by the type of its values."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(plain_type(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([kind.field(i).with_type(plain_type(kind.field(i).type)) for i in range(kind.num_fields)])
    return kind


@cache
def work_schema(table_name: str) -> pa.Schema:
    """The schema of staged rows of a table, without metadata."""
    return pa.schema(
        [pa.field(field.name, plain_type(field.type), field.nullable) for field in TABLES[table_name].schema]
    )


def table_of(row: Article | Removed | Reject) -> Table:
    """The table that a record is a row of; raises TypeError for anything else."""
    if isinstance(row, Article):
        return ARTICLES
    if isinstance(row, Removed):
        return REMOVED
    if isinstance(row, Reject):
        return REJECTS
    raise TypeError(f"not a row of the lake: {type(row).__name__}")


def row_size(row: Article | Removed | Reject) -> int:
    """Roughly the bytes that a record takes up while it waits, for the buffer's limit."""
    if isinstance(row, Article):
        return 1024 + len(row.body) + len(row.description or "") + len(row.standfirst or "")
    if isinstance(row, Removed):
        return 256 + len(row.text)
    return 512 + len(row.raw) + len(row.message)


def text_of(value: str) -> str:
    """`value` with each lone surrogate replaced by U+FFFD: UTF-8 has no place for them. Offsets stay as they are."""
    return _SURROGATE.sub("\ufffd", value)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, list):
        return [_scrub(item) for item in value]
    if isinstance(value, dict):
        return {key: _scrub(item) for key, item in value.items()}
    return value


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_scrub(value) for value in values], kind)


def _named_tuples(items: Sequence[Any]) -> list[dict[str, Any]]:
    return [item._asdict() for item in items]


def _quality(article: Article) -> dict[str, Any] | None:
    measured = article.quality._asdict()
    return None if all(value is None for value in measured.values()) else measured


_SPECIAL: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("articles", "authors"): lambda row: _named_tuples(row.authors),
    ("articles", "agencies"): lambda row: _named_tuples(row.agencies),
    ("articles", "other_languages"): lambda row: _named_tuples(row.other_languages),
    ("articles", "keywords"): lambda row: list(row.keywords),
    ("articles", "normalizations"): lambda row: [item.value for item in row.normalizations],
    ("articles", "quality"): _quality,
}


def _column(table: Table, name: str, rows: Sequence[Any], stamp: RunStamp) -> Sequence[Any]:
    if name == "run_id":
        return [stamp.run_id] * len(rows)
    if name == "pipeline_version":
        return [stamp.pipeline_version] * len(rows)
    if name == "schema_version":
        return [SCHEMA_VERSION] * len(rows)
    if name == "language":
        return [partition_value(row.language) or _UNKNOWN_LANGUAGE for row in rows]
    if name == "published_month":
        return [partition_value(row.published_month) for row in rows]
    special = _SPECIAL.get((table.name, name))
    if special is not None:
        return [special(row) for row in rows]
    return [getattr(row, name) for row in rows]


def to_batch(table: Table, rows: Sequence[Row], stamp: RunStamp) -> pa.RecordBatch:
    """`rows`, all of `table`, as one batch of its work schema.

    Raises ValueError where a column that may not be null holds a null, or a value does not fit its type: such a record
    breaks the contract, which is a defect of the step that made it.
    """
    schema = work_schema(table.name)
    arrays = []
    for field in schema:
        try:
            array = _array(_column(table, field.name, rows, stamp), field.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise ValueError(f"{table.name}.{field.name}: {error}") from error
        if array.null_count and not field.nullable:
            raise ValueError(f"{table.name}.{field.name} is null in {array.null_count} of {len(rows)} rows")
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def reads_batch(reads: Sequence[ReadCount]) -> pa.RecordBatch:
    """Read counts as one batch of `READS_SCHEMA`."""
    arrays = [_array([getattr(read, field.name) for read in reads], field.type) for field in READS_SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=READS_SCHEMA)


def tally_batch(tally: dict[tuple[str, str], int]) -> pa.RecordBatch:
    """Counts by (dimension, value) as one batch of `TALLY_SCHEMA`, sorted."""
    keys = sorted(tally)
    arrays = [
        _array([key[0] for key in keys], pa.string()),
        _array([key[1] for key in keys], pa.string()),
        pa.array([tally[key] for key in keys], pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=TALLY_SCHEMA)
