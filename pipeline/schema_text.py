"""Prints the tables' contract, for `copydesk schema`. Before: the Arrow schemas of `schemas.tables`. After: an aligned
listing of column, type, whether it can be null, description and source term; or JSON with the types as Arrow writes them."""

from __future__ import annotations

import json
import shutil
import textwrap

import pyarrow as pa

from pipeline.nearest import did_you_mean
from schemas.errors import UsageError
from schemas.tables import SCHEMA_VERSION, TABLES, Table


def schema_text(name: str | None = None, width: int | None = None) -> str:
    """All tables, or the one called `name`, in lines of `width` characters (default: the terminal's)."""
    columns = width or shutil.get_terminal_size((120, 24)).columns
    parts = [f"copydesk tables, schema version {SCHEMA_VERSION}"]
    parts += ["\n".join(_table_lines(table, columns)) for table in _chosen(name)]
    return "\n\n".join(parts)


def schema_json(name: str | None = None) -> str:
    """All tables, or the one called `name`, as one JSON object."""
    tables = [
        {
            "name": table.name,
            "description": table.description,
            "partition_by": list(table.partition_by),
            "sort_by": list(table.sort_by),
            "columns": [
                {
                    "name": column.name,
                    "type": str(column.type),
                    "nullable": column.nullable,
                    "description": _note(column, "description"),
                    "term": _note(column, "term") or None,
                }
                for column in table.schema
            ],
        }
        for table in _chosen(name)
    ]
    return json.dumps({"schema_version": SCHEMA_VERSION, "tables": tables}, indent=1)


def type_name(kind: pa.DataType) -> str:
    """An Arrow type as people read it: dictionary-encoded strings are "dict", structs name their fields."""
    if pa.types.is_dictionary(kind):
        return "dict"
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name} {type_name(field.type)}' for field in kind)}>"
    return {"float": "float32", "double": "float64", "date32[day]": "date"}.get(
        str(kind), str(kind).replace(", tz=", ", ")
    )


def _chosen(name: str | None) -> tuple[Table, ...]:
    if name is None:
        return tuple(TABLES.values())
    if name not in TABLES:
        hint = did_you_mean(name, list(TABLES)) or f"; there are {', '.join(TABLES)}"
        raise UsageError(f"no such table {name!r}{hint}")
    return (TABLES[name],)


def _table_lines(table: Table, width: int) -> list[str]:
    lines = [f"{table.name}: {table.description}"]
    if table.partition_by:
        lines.append(f"partitioned by {', '.join(table.partition_by)}; sorted by {', '.join(table.sort_by)}")
    else:
        lines.append(f"one partition; sorted by {', '.join(table.sort_by)}")
    names = max(len(column.name) for column in table.schema)
    # A struct with many fields goes on lines of its own rather than push every description to the right.
    types = max(len(type_name(column.type)) for column in table.schema if len(type_name(column.type)) <= 20)
    indent = " " * (names + types + 16)
    for column in table.schema:
        kind = type_name(column.type)
        start = f"  {column.name:<{names}}  {kind:<{types}}  {'nullable' if column.nullable else 'required':<8}  "
        note = _note(column, "description")
        term = _note(column, "term")
        text = f"{note} ({term})" if term else note
        if len(kind) > types:
            lines += textwrap.wrap(start.rstrip(), max(width, 40), subsequent_indent=" " * (names + 4))
            start = indent
        wrapped = textwrap.wrap(text, max(width - len(indent), 30)) or [""]
        lines.append((start + wrapped[0]).rstrip())
        lines += [indent + line for line in wrapped[1:]]
    return lines


def _note(column: pa.Field, key: str) -> str:
    found: bytes = (column.metadata or {}).get(key.encode(), b"")
    return found.decode("utf-8")
