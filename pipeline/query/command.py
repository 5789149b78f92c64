"""`copydesk query`: one query over a lake, its rows to the screen or to a file.

Before: `SELECT language, count(*) AS articles FROM articles GROUP BY 1`. After: a table with two columns, or the same rows as CSV,
JSON Lines or Parquet. The lake is only read; nothing is written but the file that -o names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import pyarrow as pa

from pipeline.lake.lake import open_paths
from pipeline.query.output import write_csv, write_json, write_parquet, write_screen
from pipeline.query.views import connected, view_names
from schemas.errors import UsageError

_WRITERS: dict[str, Callable[[pa.RecordBatchReader, BinaryIO], None]] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
}
_SUFFIXES = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
_BATCH_ROWS = 1024


def run_query(lake_path: str, sql: str, form: str | None, output: str | None, screen: TextIO) -> None:
    """Runs `sql` and writes what it gives: in the `form` ("csv", "json", "parquet"; without one a table, or what the name of
    `output` says) to `output`, else to `screen`.

    Raises UsageError (one line) for a query or an output that can't be; an output file is whole or not there.
    """
    target = None if output is None else Path(output)
    if target is not None:
        form = form or _form_of(target)
        _check_target(lake_path, target)
    elif form == "parquet":
        raise UsageError("query --parquet needs a file: -o FILE")
    with connected(lake_path, sql) as connection, _one_line_errors():
        rows = _rows(connection, sql)
        if target is not None:
            assert form is not None
            _write_file(target, rows, _WRITERS[form])
        elif form is not None:
            _WRITERS[form](rows, screen.buffer)
        else:
            write_screen(rows, screen)


def _rows(connection: Any, sql: str) -> pa.RecordBatchReader:
    relation = connection.sql(sql)
    if relation is None:
        raise UsageError("query: that gives no rows; ask with SELECT or FROM")
    return relation.to_arrow_reader(_BATCH_ROWS)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.CatalogException as error:
        raise UsageError(f"query: {_first_line(error)} The tables are {', '.join(view_names())}.") from error
    except (duckdb.Error, pa.ArrowException) as error:
        raise UsageError(f"query: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _form_of(target: Path) -> str:
    form = _SUFFIXES.get(target.suffix.lower())
    if form is None:
        raise UsageError(
            f"query -o {target}: say --csv, --json or --parquet, or end the name in .csv, .json or .parquet"
        )
    return form


def _check_target(lake_path: str, target: Path) -> None:
    root = open_paths(lake_path).root
    if "://" not in root and Path(os.path.realpath(target)).is_relative_to(os.path.realpath(root)):
        raise UsageError(f"query -o {target}: lies in the lake, which a query must not change")
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UsageError(f"query -o {target}: is a folder, or its folder does not exist")


def _write_file(
    target: Path, rows: pa.RecordBatchReader, write: Callable[[pa.RecordBatchReader, BinaryIO], None]
) -> None:
    waiting = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with waiting.open("xb") as stream:
            write(rows, stream)
        waiting.replace(target)
    except OSError as error:
        raise UsageError(f"query -o {target}: {error.strerror or error}") from error
    finally:
        waiting.unlink(missing_ok=True)
