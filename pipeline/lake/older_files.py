"""Files that an older version of the schema wrote: told from damaged ones, and read as if they were of the present one.

Before: a file of schema 1.1, without the columns that 1.2 has added. After: batches with all columns of the table, those that the
file lacks null. Versions only ever add columns (`schemas.tables`), at the top or inside a struct, and new ones may be null.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.lake.layout import parse_directory
from schemas.tables import SCHEMA_VERSION, Table

VERSION_KEY = b"copydesk.schema_version"


def table_of_path(path: str) -> Table | None:
    """The table that a part's path, relative to the lake, belongs to; None for other files, such as lists of inputs."""
    try:
        return parse_directory(path.rpartition("/")[0])[0]
    except ValueError:
        return None


def is_older(schema: pa.Schema) -> bool:
    """Whether a file with this schema says that an older version wrote it."""
    return _version((schema.metadata or {}).get(VERSION_KEY)) < _version(SCHEMA_VERSION.encode())


def lacks(schema: pa.Schema, table: Table) -> tuple[str, ...] | None:
    """Columns of the table that a file's schema lacks, whole or in part; None where it differs in any other way."""
    found = iter(schema)
    missing: list[str] = []
    current = next(found, None)
    for wanted in table.schema:
        if current is None or current.name != wanted.name:
            if not wanted.nullable:
                return None
            missing.append(wanted.name)
            continue
        if current.type != wanted.type:
            if not _narrower(current.type, wanted.type):
                return None
            missing.append(wanted.name)
        current = next(found, None)
    return tuple(missing) if current is None else None


def widened(batch: pa.RecordBatch, schema: pa.Schema, columns: Sequence[str]) -> pa.RecordBatch:
    """`batch` with these columns of `schema`, in this order: those it lacks null, structs with the fields they lack null."""
    arrays: list[pa.Array] = []
    fields: list[pa.Field] = []
    for name in columns:
        wanted = schema.field(name)
        index = batch.schema.get_field_index(name)
        if index < 0:
            fields.append(pa.field(name, wanted.type))
            arrays.append(pa.nulls(batch.num_rows, wanted.type))
            continue
        column = batch.column(index)
        if column.type != wanted.type and _narrower(column.type, wanted.type):
            column = column.cast(wanted.type)
        fields.append(pa.field(name, column.type))
        arrays.append(column)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _narrower(kind: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether `wanted` is `kind` with further fields in its structs."""
    if pa.types.is_list(kind) and pa.types.is_list(wanted):
        return kind.value_type == wanted.value_type or _narrower(kind.value_type, wanted.value_type)
    if not (pa.types.is_struct(kind) and pa.types.is_struct(wanted)):
        return False
    fields = {wanted.field(index).name: wanted.field(index).type for index in range(wanted.num_fields)}
    own = [kind.field(index) for index in range(kind.num_fields)]
    return all(
        each.name in fields and (each.type == fields[each.name] or _narrower(each.type, fields[each.name]))
        for each in own
    )


def _version(text: bytes | None) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in (text or b"0").decode().split("."))
    except ValueError:
        return (0,)
