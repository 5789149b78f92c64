"""The checks of `verify` that hold mentions and quotes against the bodies they stand in, and entities against the mentions.

Before: files whose bytes are as committed. After: (path, promise, message) for each row that breaks one: promise 7 where a mention or
quote is not what its article says, 1 where `entities` counts other than `mentions` holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import FileEntry
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.portions import in_portion, uncompressed
from schemas.codes import Code
from schemas.entities import AliasKind, EntityType, MentionMethod
from schemas.tables import ENTITIES, MENTIONS, QUOTES

_BODY_PORTION = 64 << 20
"""Bytes of articles, before compression, whose bodies are held at once."""
_READ_ROWS = 1 << 14

Breach = tuple[str, int, str]


class _Place(NamedTuple):
    """One mention or quote, as far as its place goes."""

    article: str
    seq: int
    start: int
    end: int
    text: str


def check_mentions(
    fs: FileSystem, paths: LakePaths, articles: Sequence[FileEntry], found: Sequence[FileEntry]
) -> Iterator[Breach]:
    """Breaches among the mention and quote files `found` of the partition that `articles` are all files of.

    Where the partition's bodies are more than can be held, it is gone through once for each portion of article ids.
    """
    if not found:
        return
    held = sum(uncompressed(fs, paths, entry) for entry in articles)
    portions = max(1, -(-held // _BODY_PORTION))
    for portion in range(portions):
        bodies = _bodies(fs, paths, articles, portion, portions)
        for entry in found:
            for message in _check_file(fs, paths, entry, bodies, portion, portions):
                yield entry.path, 7, message


def _bodies(
    fs: FileSystem, paths: LakePaths, articles: Sequence[FileEntry], portion: int, portions: int
) -> dict[str, tuple[str, Any]]:
    """Body and time of publication by article id."""
    bodies: dict[str, tuple[str, Any]] = {}
    for entry in articles:
        for batch in read_batches(fs, paths, entry.path, ["article_id", "body", "published_at"], 64):
            for article, body, at in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if in_portion(article, portion, portions):
                    bodies[article] = body, at
    return bodies


def _check_file(
    fs: FileSystem,
    paths: LakePaths,
    entry: FileEntry,
    bodies: dict[str, tuple[str, Any]],
    portion: int,
    portions: int,
) -> Iterator[str]:
    mentions = entry.table == MENTIONS.name
    columns = ["article_id", "seq", "start", "end", "surface" if mentions else "quote"]
    columns += ["published_at"] if mentions else []
    last = _Place("", 0, 0, 0, "")
    for batch in read_batches(fs, paths, entry.path, MENTIONS.schema.names if mentions else columns, _READ_ROWS):
        if mentions:
            yield from _check_columns(batch)
        for row in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
            place = _Place(*row[:5])
            if not in_portion(place.article, portion, portions):
                continue
            before = last if last.article == place.article else None
            last = place
            if place.article not in bodies:
                if before is None:
                    yield f"article {place.article}: no such article in the same partition"
                continue
            body, at = bodies[place.article]
            wrong = _wrong_place(place, before, body)
            if wrong is None and mentions and row[5] != at:
                wrong = "published_at is not the article's"
            if wrong is not None:
                yield f"article {place.article}, seq {place.seq}: {wrong}"


def _wrong_place(place: _Place, before: _Place | None, body: str) -> str | None:
    """What is wrong with a row's place, told from the body and the row before of the same article; None where nothing is."""
    expected = before.seq + 1 if before else 0
    if place.seq != expected:
        return f"{expected} was expected"
    if not 0 <= place.start < place.end <= len(body):
        return f"start {place.start} and end {place.end} are no range in a body of {len(body)}"
    if before is not None and place.start < before.end:
        return f"starts at {place.start}, before the end of the one before at {before.end}"
    if body[place.start : place.end] != place.text:
        return f"its text is not body[{place.start}:{place.end}]"
    return None


def _check_columns(batch: pa.RecordBatch) -> Iterator[str]:
    """Codes that are none, confidences that are none, dates without a value, names without an entity that have its columns."""
    codes: tuple[tuple[str, type[Code]], ...] = (
        ("entity_type", EntityType),
        ("method", MentionMethod),
        ("kind", AliasKind),
    )
    for name, kind in codes:
        unknown = set(pc.unique(batch.column(name)).to_pylist()) - {code.value for code in kind}
        if unknown:
            yield f"unknown {name}: {', '.join(sorted(map(str, unknown)))}"
    confidence = batch.column("confidence")
    outside = pc.or_(pc.less(confidence, 0), pc.greater(confidence, 1))
    if pc.any(outside).as_py():
        yield "a confidence is not between 0 and 1"
    valued = pc.is_in(batch.column("entity_type").cast(pa.string()), pa.array(["date", "quantity"]))
    if pc.any(pc.xor(valued, pc.is_valid(batch.column("value")))).as_py():
        yield "dates and quantities have a value, and nothing else has one"
    unlinked = pc.is_null(batch.column("entity_id"))
    for name in ("canonical_name", "wikidata_id", "iso_code"):
        if pc.any(pc.and_(unlinked, pc.is_valid(batch.column(name)))).as_py():
            yield f"a row without entity_id has a {name}"
    if pc.any(pc.and_(pc.invert(unlinked), pc.is_null(batch.column("canonical_name")))).as_py():
        yield "a row with entity_id has no canonical_name"


def check_entities(fs: FileSystem, paths: LakePaths, live: Sequence[FileEntry]) -> Iterator[Breach]:
    """Entities that mentions or quotes name and no row of `entities` has, and counts that differ; over all runs together."""
    stated = _sums(fs, paths, live, ENTITIES.name, ["entity_id", "articles", "mentions"])
    counted = _counted(fs, paths, live)
    for name in sorted(counted.keys() - stated.keys()):
        yield ENTITIES.name, 7, f"mentions name {name}, which is not among the entities"
    for name, (articles, mentions) in sorted(stated.items()):
        held = counted.get(name, (0, 0))
        if held != (articles, mentions):
            yield (
                ENTITIES.name,
                1,
                f"{name}: {mentions} mentions in {articles} articles are stated, {held[1]} in {held[0]} found",
            )
    speakers: set[str] = set()
    for entry in live:
        if entry.table == QUOTES.name:
            for batch in read_batches(fs, paths, entry.path, ["speaker_entity_id"], _READ_ROWS):
                speakers.update(name for name in pc.unique(batch.column(0)).to_pylist() if name is not None)
    for name in sorted(speakers - counted.keys()):
        yield QUOTES.name, 7, f"quotes name {name} as a speaker, whom no mention names"


def _sums(
    fs: FileSystem, paths: LakePaths, live: Sequence[FileEntry], table: str, columns: list[str]
) -> dict[str, tuple[int, int]]:
    batches = [
        batch
        for entry in live
        if entry.table == table
        for batch in read_batches(fs, paths, entry.path, columns, _READ_ROWS)
    ]
    if not batches:
        return {}
    grouped = pa.Table.from_batches(batches).group_by(columns[0]).aggregate([(name, "sum") for name in columns[1:]])
    values = (grouped.column(name).to_pylist() for name in (columns[0], *(f"{name}_sum" for name in columns[1:])))
    return {name: (first, second) for name, first, second in zip(*values, strict=True)}


def _counted(fs: FileSystem, paths: LakePaths, live: Sequence[FileEntry]) -> dict[str, tuple[int, int]]:
    """(articles, mentions) by entity, counted in the rows. An article's rows stand together, so it is counted where its rows of
    an entity begin."""
    counts: dict[str, tuple[int, int]] = {}
    last: set[str] = set()
    article = None
    for entry in live:
        if entry.table != MENTIONS.name:
            continue
        for batch in read_batches(fs, paths, entry.path, ["article_id", "entity_id"], _READ_ROWS):
            pairs = pa.Table.from_batches([batch]).group_by(["article_id", "entity_id"]).aggregate([([], "count_all")])
            rows = zip(
                *(pairs.column(name).to_pylist() for name in ("article_id", "entity_id", "count_all")), strict=True
            )
            going_on = article
            article = batch.column("article_id")[-1].as_py()
            seen = last if article == going_on else set()
            for each, name, count in rows:
                if name is None:
                    continue
                again = each == going_on and name in last
                known = counts.get(name, (0, 0))
                counts[name] = known[0] + (not again), known[1] + count
                if each == article:
                    seen.add(name)
            last = seen
    return counts
