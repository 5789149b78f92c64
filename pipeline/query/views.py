"""A DuckDB connection that sees a lake's tables, and nothing else.

Before: a lake's path. After: a connection with a view for each table of `schemas.tables`, through the manifests, and with `runs` and
`inputs`. It can read no file, load no extension and reach no network: all that it knows was given to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.lake import open_paths
from pipeline.lake.ledger import INPUTS_SCHEMA
from pipeline.lake.manifest import Manifest
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.read import dataset, manifests
from schemas.errors import UsageError
from schemas.tables import TABLES, Table

_SUMMED = frozenset({"articles", "mentions"})
_PER_RUN = "_by_run"

_RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("pipeline_version", pa.string()),
        ("schema_version", pa.string()),
        ("settings_sha256", pa.string()),
        ("settings", pa.string()),
        *(
            (name, pa.int64())
            for name in ("read", "articles", "rejects", "removed", "inputs", "skipped_inputs", "known_records")
        ),
        ("files", pa.int64()),
        ("bytes", pa.int64()),
        ("replaces", pa.int64()),
    ]
)
_INPUTS = pa.schema([("run_id", pa.string()), *((field.name, field.type) for field in INPUTS_SCHEMA)])


@contextmanager
def connected(lake_path: str, sql: str | None = None) -> Iterator[Any]:
    """The connection, closed afterwards. What a query can't hold in memory goes to a temporary folder that is deleted.

    `sql` is the query to come, if it is known: what takes time to prepare (`inputs`) is left out where it isn't named.

    Raises UsageError where there is no lake or no DuckDB.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("queries need DuckDB, which is not installed: pip install 'copydesk[query]'") from error
    found = manifests(lake_path)
    if not found:
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    with TemporaryDirectory(prefix="copydesk-query-") as spill:
        connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "python_enable_replacements": "false",
                "temp_directory": spill,
            },
        )
        try:
            for name, table in TABLES.items():
                _add_table(connection, dataset(lake_path, name, found), table)
            connection.register("runs", _runs(found))
            if sql is None or "inputs" in sql.lower():
                connection.register("inputs", _inputs(lake_path, found))
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()


def view_names() -> tuple[str, ...]:
    """Everything that a query can name."""
    summed = [name + _PER_RUN for name, table in TABLES.items() if _is_per_run(table)]
    return (*TABLES, *summed, "runs", "inputs")


def _add_table(connection: Any, rows: ds.Dataset, table: Table) -> None:
    if not _is_per_run(table):
        connection.register(table.name, rows)
        return
    connection.register(table.name + _PER_RUN, rows)
    connection.execute(f"CREATE TEMP VIEW {table.name} AS {_summed(table)}")


def _is_per_run(table: Table) -> bool:
    """Whether a table has one row for each run and entity, to be summed up."""
    return table.name == "entities"


def _summed(table: Table) -> str:
    """The query that makes of a row a run one row in all: counts added up, the earliest and latest day, and the other columns
    as the run with the most mentions has them."""
    columns = []
    for column in table.schema.names:
        if column in _SUMMED:
            columns.append(f'CAST(sum("{column}") AS BIGINT) AS "{column}"')
        elif column == "first_seen":
            columns.append("min(first_seen) AS first_seen")
        elif column == "last_seen":
            columns.append("max(last_seen) AS last_seen")
        elif column == "run_id":
            continue
        elif column not in table.sort_by:
            columns.append(f'arg_max("{column}", (mentions, run_id)) AS "{column}"')
        else:
            columns.append(f'"{column}"')
    return f"SELECT {', '.join(columns)} FROM {table.name}{_PER_RUN} GROUP BY {', '.join(table.sort_by)}"


def _runs(found: tuple[Manifest, ...]) -> pa.Table:
    rows = [
        {
            "run_id": each.run_id,
            "pipeline_version": each.pipeline_version,
            "schema_version": each.schema_version,
            "settings_sha256": each.settings_sha256,
            "settings": json.dumps(each.settings, sort_keys=True),
            **{name: getattr(each.counts, name, None) for name in _RUNS.names[5:12]},
            "files": len(each.files),
            "bytes": sum(entry.bytes for entry in each.files),
            "replaces": len(each.replaces),
        }
        for each in found
    ]
    return pa.Table.from_pylist(rows, schema=_RUNS)


def _inputs(lake_path: str, found: tuple[Manifest, ...]) -> pa.Table:
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    pieces = [
        pa.record_batch([pa.array([each.run_id] * batch.num_rows, pa.string()), *batch.columns], schema=_INPUTS)
        for each in found
        for batch in read_batches(fs, paths, each.inputs.path, INPUTS_SCHEMA.names, 1 << 16)
    ]
    return pa.Table.from_batches(pieces, schema=_INPUTS)
