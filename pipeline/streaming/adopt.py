"""Turns what workers wrote for a pane into the staged rows of one run, without those that the lake may not get.

Before: record batches of many inputs in the files of many packs, without a run. After: sorted fragments in the run's staging folder that carry its
id, and the counts that its commit checks. Rows that the lake holds from an earlier version of an input, or has forgotten, are left
out and tallied, as a batch does when it stages.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.ordering import sort_batch
from pipeline.lake.rows import READS, TALLY, RunStamp, reads_batch, tally_batch, text_of, to_batch
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.staging import Fragment, write_arrow, write_sorted
from pipeline.lake.tombstones import Tombstones
from pipeline.streaming.pack import HEADS, Delivery, Pack, Slice
from schemas.records import ReadCount, Reject
from schemas.tables import ARTICLES, MENTIONS, QUOTES, REJECTS, REMOVED, Table

_ID_TABLES = (ARTICLES, REJECTS)
_OF_ARTICLES = (REMOVED, MENTIONS, QUOTES)


class Adopted(NamedTuple):
    """`rows` are fragments of the tables, `counted` those of READS and TALLY."""

    rows: list[Fragment]
    counted: list[Fragment]


class Given(NamedTuple):
    """One input for the run. With `refused` it is that reject and nothing else."""

    pack: Pack
    delivery: Delivery
    refused: Reject | None = None


def adopt(
    fs: FileSystem, spec: RunSpec, given: Sequence[Given], known: frozenset[str], tombstones: Tombstones
) -> Adopted:
    """Stages the rows of `given`, whose names and uris differ, for the run of `spec`. Raises OSError where a pack's file is gone."""
    adoption = _Adoption(fs, spec, known, tombstones)
    taken = [each for each in given if each.refused is None]
    dropped: dict[int, frozenset[str]] = {}
    for table in (*_ID_TABLES, *_OF_ARTICLES):
        for index, each, batches in _read(fs, LakePaths(spec.root), taken, table.name):
            for batch in batches:
                if table in _ID_TABLES:
                    dropped[index] = dropped.get(index, frozenset()) | adoption.take(table, each.delivery, batch)
                else:
                    adoption.take_details(table, batch, dropped.get(index, frozenset()))
        if table is REJECTS:
            adoption.refuse([each for each in given if each.refused is not None])
        adoption.flush(table)
    reads = [
        ReadCount(file.name, file.sha256, file.uri, file.size, 1 if each.refused else each.delivery.records)
        for each in given
        for file in (each.delivery.file,)
    ]
    return Adopted(adoption.fragments, adoption.counted(reads))


class _Adoption:
    """The rows of one table that wait to be staged, what is staged, and the tally."""

    def __init__(self, fs: FileSystem, spec: RunSpec, known: frozenset[str], tombstones: Tombstones) -> None:
        self._fs = fs
        self._paths = LakePaths(spec.root)
        self._spec = spec
        self._known = known
        self._tombstones = tombstones
        self._tally: Counter[tuple[str, str]] = Counter()
        self._batches: list[pa.RecordBatch] = []
        self._bytes = 0
        self.fragments: list[Fragment] = []

    def take(self, table: Table, delivery: Delivery, batch: pa.RecordBatch) -> frozenset[str]:
        """Rows of articles or rejects of one input; gives the ids of those that are left out."""
        owner = text_of(delivery.file.uri)
        ids = batch.column(0).to_pylist()
        fates = [self._fate(table, batch, row, identity) for row, identity in enumerate(ids)]
        kept = [fate == table.name[:-1] for fate in fates]
        for fate in fates:
            self._tally[fate, owner] += 1
        rows = batch if all(kept) else batch.filter(pa.array(kept))
        columns = [("format", "source_format"), ("language", "language")] if table is ARTICLES else [("code", "code")]
        for dimension, column in columns:
            self._count(dimension, rows.column(column))
        self._keep(table, rows)
        return frozenset(identity for identity, stays in zip(ids, kept, strict=True) if not stays)

    def _fate(self, table: Table, batch: pa.RecordBatch, row: int, identity: str) -> str:
        if self._tombstones:
            if table is ARTICLES:
                gone = self._tombstones.holds_article(identity, batch.column("host")[row].as_py())
            else:
                uri, raw = batch.column("source_uri")[row].as_py(), batch.column("raw")[row].as_py()
                gone = self._tombstones.holds_reject(identity, uri, raw)
            if gone:
                return "forgotten"
        return "known" if identity in self._known else table.name[:-1]

    def take_details(self, table: Table, batch: pa.RecordBatch, dropped: frozenset[str]) -> None:
        """Rows that belong to articles, without those of articles that are left out."""
        if dropped:
            batch = batch.filter(
                pc.invert(pc.is_in(batch.column("article_id"), pa.array(sorted(dropped), pa.string())))
            )
        if table is REMOVED:
            self._count("category", batch.column("category"))
        elif table is MENTIONS:
            self._count("method", batch.column("method"))
        elif batch.num_rows:
            self._tally["quotes", ""] += batch.num_rows
        self._keep(table, batch)

    def refuse(self, given: Iterable[Given]) -> None:
        """Inputs that are one reject each."""
        for each in given:
            if each.refused is not None:
                batch = to_batch(REJECTS, [each.refused], RunStamp(self._spec.run_id, self._spec.pipeline_version))
                self.take(REJECTS, each.delivery, batch)

    def _count(self, dimension: str, column: pa.Array) -> None:
        for value, count in Counter(column.to_pylist()).items():
            self._tally[dimension, value] += count

    def _keep(self, table: Table, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        at = batch.schema.get_field_index("run_id")
        stamp = pa.repeat(pa.scalar(self._spec.run_id, pa.string()), batch.num_rows)
        self._batches.append(batch.set_column(at, batch.schema.field(at), stamp))
        self._bytes += batch.nbytes
        if self._bytes >= 8 * self._spec.flush_bytes:
            self.flush(table)

    def flush(self, table: Table) -> None:
        """Stages what waits."""
        if self._batches:
            batch = sort_batch(table, pa.concat_batches(self._batches))
            self._batches, self._bytes = [], 0
            self.fragments += write_sorted(self._fs, self._paths, self._new_path(), table, batch)

    def counted(self, reads: Sequence[ReadCount]) -> list[Fragment]:
        """The counts, staged."""
        found = []
        for name, batch in ((READS, reads_batch(reads)), (TALLY, tally_batch(self._tally))):
            path = self._new_path()
            write_arrow(self._fs, self._paths.absolute(path), batch.schema, [batch])
            found.append(Fragment(name, path, 0, 1, batch.num_rows, batch.nbytes))
        return found

    def _new_path(self) -> str:
        return f"{self._spec.staging}/{uuid.uuid4().hex}.arrow"


def head_of(fs: FileSystem, paths: LakePaths, pack: Pack, delivery: Delivery) -> bytes:
    """The first bytes of a message, as its worker kept them; empty where it kept none."""
    for _, _, batches in _read(fs, paths, [Given(pack, delivery)], HEADS):
        for batch in batches:
            raw: bytes = batch.column(0)[0].as_py()
            return raw
    return b""


def _read(
    fs: FileSystem, paths: LakePaths, given: Sequence[Given], table: str
) -> Iterator[tuple[int, Given, Iterator[pa.RecordBatch]]]:
    """(position, input, its batches of one table), pack by pack, so that each file is opened once."""
    wanted: dict[str, list[tuple[int, Given, Slice]]] = {}
    for index, each in enumerate(given):
        for part in each.delivery.slices:
            if part.table == table:
                wanted.setdefault(each.pack.file(table), []).append((index, each, part))
    for path, parts in sorted(wanted.items()):
        with fs.open_read(paths.absolute(path)) as stream:
            reader = pa.ipc.open_file(stream, options=pa.ipc.IpcReadOptions(use_threads=False))
            for index, each, part in parts:
                yield index, each, map(reader.get_batch, range(part.first, part.end))
