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

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import open_paths
from pipeline.lake.ledger import LedgerRow, rows_of
from pipeline.lake.manifest import Manifest
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
_INPUTS = pa.schema(
    [
        (name, pa.string() if name in ("run_id", "name", "sha256", "uri", "replaces_run_id") else pa.int64())
        for name in LedgerRow._fields
    ]
)


@contextmanager
def connected(lake_path: str) -> Iterator[Any]:
    """The connection, closed afterwards. What a query can't hold in memory goes to a temporary folder that is deleted.

    Raises UsageError where there is no lake or no DuckDB.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("queries need DuckDB, which is not installed: pip install 'copydesk[query]'") from error
    found = manifests(lake_path)
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
                _add_table(connection, lake_path, name, table)
            connection.register("runs", _runs(found))
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


def _add_table(connection: Any, lake_path: str, name: str, table: Table) -> None:
    if not _is_per_run(table):
        connection.register(name, dataset(lake_path, name))
        return
    connection.register(name + _PER_RUN, dataset(lake_path, name))
    connection.execute(f"CREATE TEMP VIEW {name} AS {_summed(name, table)}")


def _is_per_run(table: Table) -> bool:
    """Whether a table has one row for each run and entity, to be summed up."""
    return table.name == "entities"


def _summed(name: str, table: Table) -> str:
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
    return f"SELECT {', '.join(columns)} FROM {name}{_PER_RUN} GROUP BY {', '.join(table.sort_by)}"


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
    fs, paths = LocalFileSystem(), open_paths(lake_path)
    rows = [row._asdict() for manifest in found for row in rows_of(fs, paths, manifest)]
    return pa.Table.from_pylist(rows, schema=_INPUTS)
