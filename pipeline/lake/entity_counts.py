"""Counts what a run's mentions name: from its finished mention files to its rows of `entities`.

Before: mention rows "Shoigu" (local:sergei-shoigu) in a1, "Sergei Shoigu" in a1 and a2. After: one row local:sergei-shoigu, 2 articles,
3 mentions, aliases Sergei Shoigu × 2, Shoigu × 1, first and last day.

No body is read, only eleven columns of mention files, in batches that never cut an article in two. What has been counted is held as
one Arrow table; where that outgrows HELD_ROWS it goes to disk, parted by entity, and each part is counted on its own.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.ordering import row_bytes
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import work_schema
from pipeline.lake.staging import Fragment, cut_batch, write_arrow
from schemas.entities import AliasKind, EntityType
from schemas.tables import ENTITIES

ALIASES_KEPT = 50
"""Spellings of one entity that its row lists. Countries have more, by writing systems and cases; the rest are in `mentions`."""

HELD_ROWS = 1 << 20
"""Distinct (entity, spelling, language) held in memory: about 150 MB."""

_PARTS = 32
_READ_ROWS = 1 << 16
_IDENTITY = ("entity_id", "canonical_name", "entity_type", "wikidata_id", "iso_code")
_KEYS = (*_IDENTITY, "kind", "surface", "language")
_COLUMNS = (*_KEYS, "article_id", "published_at")


class _Counted(NamedTuple):
    """Partial counts: `spellings` by _KEYS with count, first, last; `articles` by entity."""

    spellings: pa.Table
    articles: pa.Table

    @property
    def rows(self) -> int:
        return int(self.spellings.num_rows + self.articles.num_rows)


def count_entities(
    fs: FileSystem,
    paths: LakePaths,
    staging: str,
    files: Sequence[str],
    run_id: str,
    *,
    held_rows: int = HELD_ROWS,
) -> list[Fragment]:
    """The rows of `entities` for the mentions in `files` (paths relative to the lake; an article's rows stand together, in one
    file or in files that follow each other), as sorted fragments in `staging`; `same_as` is null in all of them."""
    held: list[_Counted] = []
    spilled: list[tuple[str, str]] = []
    for chunk in _whole_articles(fs, paths, files):
        held.append(_count(chunk))
        if sum(part.rows for part in held) > 2 * held_rows:
            held = [_sum(held)]
            if held[0].rows > held_rows:
                spilled.append(_spill(fs, paths, staging, held[0]))
                held = []
    if not spilled:
        return [_write(fs, paths, staging, _sum(held), run_id)] if held else []
    if held:
        spilled.append(_spill(fs, paths, staging, _sum(held)))
    parts = (
        _sum([_Counted(*(_read_part(fs, paths, path, part) for path in pair)) for pair in spilled])
        for part in range(_PARTS)
    )
    return [_write(fs, paths, staging, counted, run_id) for counted in parts if counted.rows]


def _whole_articles(fs: FileSystem, paths: LakePaths, files: Sequence[str]) -> Iterator[pa.Table]:
    """The mentions that name an entity, in tables that hold all rows of each article in them."""
    waiting: list[pa.Table] = []
    for path in files:
        for batch in read_batches(fs, paths, path, _COLUMNS, _READ_ROWS):
            rows = _plain(batch)
            ids = rows.column("article_id")
            if waiting and waiting[-1].column("article_id")[-1] == ids[0]:
                # The article goes on: all of it but what comes after goes with what waits.
                cut = rows.num_rows if ids[-1] == ids[0] else pc.index(pc.not_equal(ids, ids[0]), True).as_py()
                waiting.append(rows.slice(0, cut))
                rows = rows.slice(cut)
                if not rows.num_rows:
                    continue
                ids = rows.column("article_id")
            if waiting:
                yield _named(waiting)
            last = pc.index(ids, ids[-1]).as_py()
            if last:
                yield _named([rows.slice(0, last)])
            waiting = [rows.slice(last)]
    if waiting:
        yield _named(waiting)


def _plain(batch: pa.RecordBatch) -> pa.Table:
    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.Table.from_arrays(columns, names=list(_COLUMNS))


def _named(rows: Sequence[pa.Table]) -> pa.Table:
    joined = pa.concat_tables(rows)
    return joined.filter(pc.is_valid(joined.column("entity_id")))


def _count(rows: pa.Table) -> _Counted:
    spellings = rows.group_by(list(_KEYS), use_threads=False).aggregate(
        [([], "count_all"), ("published_at", "min"), ("published_at", "max")]
    )
    pairs = rows.group_by(["entity_id", "article_id"], use_threads=False).aggregate([])
    articles = pairs.group_by(["entity_id"], use_threads=False).aggregate([([], "count_all")])
    return _Counted(
        spellings.select([*_KEYS, "count_all", "published_at_min", "published_at_max"]).rename_columns(
            [*_KEYS, "count", "first", "last"]
        ),
        articles.select(["entity_id", "count_all"]).rename_columns(["entity_id", "count"]),
    )


def _sum(parts: Sequence[_Counted]) -> _Counted:
    if len(parts) == 1:
        return parts[0]
    spellings = (
        pa.concat_tables([part.spellings for part in parts])
        .group_by(list(_KEYS), use_threads=False)
        .aggregate([("count", "sum"), ("first", "min"), ("last", "max")])
    )
    articles = (
        pa.concat_tables([part.articles for part in parts])
        .group_by(["entity_id"], use_threads=False)
        .aggregate([("count", "sum")])
    )
    return _Counted(
        spellings.select([*_KEYS, "count_sum", "first_min", "last_max"]).rename_columns(
            [*_KEYS, "count", "first", "last"]
        ),
        articles.select(["entity_id", "count_sum"]).rename_columns(["entity_id", "count"]),
    )


def _spill(fs: FileSystem, paths: LakePaths, staging: str, counted: _Counted) -> tuple[str, str]:
    """Writes partial counts as two files of _PARTS record batches each; gives their paths."""
    written = []
    for table in counted:
        ids = table.column("entity_id").combine_chunks().dictionary_encode()
        part_of = pa.array([zlib.crc32(name.encode()) % _PARTS for name in ids.dictionary.to_pylist()], pa.int32())
        parts = part_of.take(ids.indices)
        path = f"{staging}/{uuid.uuid4().hex}.arrow"
        batches = (_one_batch(table.filter(pc.equal(parts, part))) for part in range(_PARTS))
        write_arrow(fs, paths.absolute(path), table.schema, batches)
        written.append(path)
    return written[0], written[1]


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    """All rows as one batch, which may hold none."""
    return pa.RecordBatch.from_arrays(
        [
            pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
            for column in table.columns
        ],
        schema=table.schema,
    )


def _read_part(fs: FileSystem, paths: LakePaths, path: str, part: int) -> pa.Table:
    with fs.open_read(paths.absolute(path)) as stream:
        return pa.Table.from_batches([pa.ipc.open_file(stream).get_batch(part)])


def _write(fs: FileSystem, paths: LakePaths, staging: str, counted: _Counted, run_id: str) -> Fragment:
    """Finished counts as one fragment of `entities`."""
    batch = entity_batch(counted.spellings, counted.articles, run_id)
    path = f"{staging}/{uuid.uuid4().hex}.arrow"
    pieces = cut_batch(ENTITIES, batch, row_bytes(ENTITIES, batch))
    write_arrow(fs, paths.absolute(path), batch.schema, pieces)
    return Fragment(ENTITIES.name, path, 0, len(pieces), batch.num_rows, batch.nbytes)


def entity_batch(spellings: pa.Table, articles: pa.Table, run_id: str) -> pa.RecordBatch:
    """Finished counts as rows of `entities`, by entity id.

    An unlinked name's mentions may differ in its spelling and type: the commonest wins, then the first by code point.
    """
    in_articles = dict(zip(*(column.to_pylist() for column in articles.columns), strict=True))
    rows = sorted(
        zip(*(column.to_pylist() for column in spellings.columns), strict=True),
        key=lambda row: tuple("" if value is None else value for value in row[: len(_KEYS)]),
    )
    found = [_entity(name, list(own), in_articles[name], run_id) for name, own in groupby(rows, key=lambda row: row[0])]
    return pa.RecordBatch.from_pylist(found, schema=work_schema(ENTITIES.name))


def _entity(entity_id: str, rows: Sequence[tuple[Any, ...]], articles: int, run_id: str) -> dict[str, Any]:
    spellings: dict[tuple[str, str], int] = {}
    for row in rows:
        spelling = row[6], row[7]
        spellings[spelling] = spellings.get(spelling, 0) + row[8]
    common = sorted(spellings.items(), key=lambda item: (-item[1], item[0]))[:ALIASES_KEPT]
    iso = _commonest((row[4], row[8]) for row in rows)
    return {
        "entity_id": entity_id,
        "canonical_name": _commonest((row[1], row[8]) for row in rows),
        "entity_type": _type_of(rows, iso),
        "wikidata_id": _commonest((row[3], row[8]) for row in rows),
        "iso_code": iso,
        "aliases": [{"text": text, "language": language, "count": count} for (text, language), count in common],
        "articles": articles,
        "mentions": sum(row[8] for row in rows),
        "first_seen": _day(min((row[9] for row in rows if row[9] is not None), default=None)),
        "last_seen": _day(max((row[10] for row in rows if row[10] is not None), default=None)),
        "same_as": None,
        "run_id": run_id,
    }


def _type_of(rows: Sequence[tuple[Any, ...]], iso_code: str | None) -> str:
    """The entity's own type. "Norwegians" are a group, but what the word stands for is a place."""
    named = _commonest((row[2], row[8]) for row in rows if row[5] != AliasKind.DEMONYM.value)
    if named is not None:
        return named
    return EntityType.PLACE.value if iso_code else str(_commonest((row[2], row[8]) for row in rows))


def _commonest(values: Iterable[tuple[str | None, int]]) -> str | None:
    counts: dict[str, int] = {}
    for value, count in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + count
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def _day(moment: Any) -> Any:
    return None if moment is None else moment.date()
