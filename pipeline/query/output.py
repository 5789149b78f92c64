"""Rows as CSV, JSON Lines, Parquet, or a table to read on the screen; batch by batch, so that no result is held whole.

Before: a row (language "en", published_at 2024-03-01 08:00 UTC, authors [{name: "Ada Quill", kind: "person"}]).
After: `en,2024-03-01T08:00:00Z,"[{""name"":""Ada Quill"",""kind"":""person""}]"`, or the same as JSON. Bytes are base64 in text.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, BinaryIO, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.visible import one_line, visible

SCREEN_ROWS = 100
"""Rows shown on the screen; files get all."""
_CELL = 2000
_ROW_GROUP_BYTES = 64 << 20
_CELL_WIDTHS = (2000, 120, 80, 60, 48, 40, 32, 24)
"""Widths of a cell to try, in characters; below the last one a table can't be read."""
_GAP = 2
_PIPE_WIDTH = 200


def write_csv(rows: pa.RecordBatchReader, stream: BinaryIO) -> None:
    """RFC 4180 with a header, UTF-8, lines ending in a newline; null is an empty field, what is nested is JSON."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(rows.schema.names)
        for row in _rows(rows):
            writer.writerow(["" if value is None else _csv_cell(value) for value in row])
    finally:
        text.flush()
        text.detach()


def write_json(rows: pa.RecordBatchReader, stream: BinaryIO) -> None:
    """One object a row, one a line."""
    names = rows.schema.names
    for row in _rows(rows):
        stream.write((_json(dict(zip(names, row, strict=True))) + "\n").encode("utf-8", "replace"))
    stream.flush()


def write_parquet(rows: pa.RecordBatchReader, stream: BinaryIO) -> None:
    """One file with the query's types, zstd; row groups of about 64 MiB before compression."""
    with pq.ParquetWriter(stream, rows.schema, compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        size = 0
        for batch in rows:
            held.append(batch)
            size += batch.nbytes
            if size >= _ROW_GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(held, schema=rows.schema))
                held, size = [], 0
        if held:
            writer.write_table(pa.Table.from_batches(held, schema=rows.schema))


def write_screen(rows: pa.RecordBatchReader, stream: TextIO) -> None:
    """The first SCREEN_ROWS rows as a table; row by row, a column a line, where the columns do not fit side by side."""
    console = Console(file=stream)
    if not console.is_terminal:
        console = Console(file=stream, width=_PIPE_WIDTH)
    shown: list[list[str]] = []
    more = False
    for row in _rows(rows):
        if len(shown) == SCREEN_ROWS:
            more = True
            break
        shown.append(["" if value is None else one_line(_screen_cell(value), _CELL) for value in row])
    fields = list(rows.schema)
    widest = _widest_cell(fields, shown, console.width)
    if widest is not None:
        console.print(_side_by_side(fields, shown, widest))
    else:
        for number, row_cells in enumerate(shown, 1):
            console.print(_one_below_the_other(f"row {number}", fields, row_cells))
    rows_word = "row" if len(shown) == 1 else "rows"
    note = f"the first {SCREEN_ROWS} rows; --csv, --json or --parquet give all" if more else f"{len(shown)} {rows_word}"
    console.print(Text(note, style="dim"))


def _widest_cell(fields: list[pa.Field], shown: list[list[str]], width: int) -> int | None:
    """How wide a cell may be so that all columns fit side by side; None where they can't, at a width to read."""
    needed = [
        max([cell_len(visible(field.name)), *(cell_len(row[index]) for row in shown)])
        for index, field in enumerate(fields)
    ]
    room = width - _GAP * (len(fields) - 1)
    return next((limit for limit in _CELL_WIDTHS if sum(min(each, limit) for each in needed) <= room), None)


def _side_by_side(fields: list[pa.Field], shown: list[list[str]], widest: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for field in fields:
        numeric = pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
        table.add_column(
            Text(visible(field.name)),
            justify="right" if numeric else "left",
            overflow="ellipsis",
            no_wrap=True,
            max_width=widest,
        )
    for row in shown:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _one_below_the_other(title: str, fields: list[pa.Field], row: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, title=title, title_justify="left", title_style="bold")
    table.add_column(style="dim", no_wrap=True, min_width=max(cell_len(visible(field.name)) for field in fields))
    table.add_column(overflow="ellipsis", no_wrap=True)
    for field, cell in zip(fields, row, strict=True):
        table.add_row(Text(visible(field.name)), Text(cell))
    return table


def _rows(rows: pa.RecordBatchReader) -> Iterator[tuple[Any, ...]]:
    for batch in rows:
        yield from zip(*map(_values, batch.columns), strict=True)


def _values(column: pa.Array) -> list[Any]:
    values: list[Any] = column.to_pylist()
    return [_short(value, column.type) for value in values] if "float" in str(column.type) else values


def _short(value: Any, kind: pa.DataType) -> Any:
    """A 32-bit number as the shortest decimal that stands for it: 0.95, where Python would write 0.949999988079071."""
    if value is None:
        return None
    if pa.types.is_float32(kind):
        return float(str(np.float32(value)))
    if pa.types.is_struct(kind):
        return {name: _short(each, kind.field(name).type) for name, each in value.items()}
    if pa.types.is_list(kind):
        return [_short(each, kind.value_type) for each in value]
    return value


def _csv_cell(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, str):
        return plain
    return _json(plain)


def _screen_cell(value: Any) -> str:
    if isinstance(value, datetime):
        return str(_plain(value)).replace("T", " ").removesuffix("Z")
    return f"{value:.6g}" if isinstance(value, float) else _csv_cell(value)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) != float("inf") and value == value else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(timezone.utc).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # A sum of whole numbers comes as a decimal without places.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    # `MonthDayNano` is a tuple, too.
    if isinstance(value, list) or type(value) is tuple:
        return [_plain(each) for each in value]
    return str(value.total_seconds()) if isinstance(value, timedelta) else str(value)
