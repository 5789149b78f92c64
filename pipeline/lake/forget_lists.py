"""What a `forget` changes in the lists of inputs: rows counted as forgotten, and names of inputs of which nothing is left made hashes.

Before: "inbox/a.html", sha256 …, 1 record. After: "forgotten:9f2c…", 0 records, 1 forgotten. Run and record counts still add up, the input
is still known (a run that finds it again skips it), and neither name nor address stands in the lake any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.forget_target import Target
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import EditedLists, LedgerRow, edited_lists, held_rows, list_batches, live_lists, rows_in
from pipeline.lake.manifest import Manifest
from pipeline.lake.staging import owner_of
from pipeline.lake.tombstones import STUB, stub_name
from schemas.tables import ARTICLES


class ForgottenRows:
    """Counts rows that go by the run that wrote them and the record they came from."""

    def __init__(self) -> None:
        self._articles: Counter[tuple[str, str]] = Counter()
        self._rejects: Counter[tuple[str, str]] = Counter()

    def add(self, table: str, run_id: str, source_uri: str) -> None:
        """One row of articles or rejects."""
        (self._articles if table == ARTICLES.name else self._rejects)[run_id, source_uri] += 1

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self._articles.values()) + sum(self._rejects.values())

    def sources(self) -> frozenset[str]:
        """The source_uri of all of them."""
        return frozenset(source for counts in (self._articles, self._rejects) for _, source in counts)

    def by_input(self, with_hash: frozenset[str]) -> dict[tuple[str, str], tuple[int, int]]:
        """(articles, rejects) by run and input; `with_hash` are inputs whose own uri holds a "#"."""
        sums: dict[tuple[str, str], tuple[int, int]] = {}
        for place, counts in enumerate((self._articles, self._rejects)):
            for (run, source), count in counts.items():
                key = run, owner_of(source, with_hash)
                articles, rejects = sums.get(key, (0, 0))
                sums[key] = (articles + count, rejects) if place == 0 else (articles, rejects + count)
        return sums


def lists_naming(fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], target: Target) -> int:
    """How many rows of the lists of inputs name an input that is of the target as a whole."""
    of_source = target.source_test()
    return sum(
        of_source(uri)
        for manifest in live_lists(manifests)
        for batch in list_batches(fs, paths, manifest)
        for uri in batch.column("uri").to_pylist()
    )


def edit_lists(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], target: Target, gone: ForgottenRows
) -> EditedLists:
    """All lists that have to change, with their changes."""
    of_source = target.source_test()
    touched = list(_touched(fs, paths, manifests, target, gone))
    by_input = gone.by_input(frozenset(row.uri for row in touched if "#" in row.uri))

    def counted(row: LedgerRow) -> LedgerRow:
        articles, rejects = by_input.get((row.run_id, row.uri), (0, 0))
        rows = articles + rejects
        return row._replace(
            records=row.records - rows,
            articles=row.articles - articles,
            rejects=row.rejects - rejects,
            forgotten=row.forgotten + rows,
        )

    held = [counted(row) for row in held_rows(touched)]
    # Of an input nothing is left where no run holds a row of it, and some run held one that went.
    left: Counter[tuple[str, str]] = Counter()
    for row in held:
        left[row.name, row.sha256] += row.records
    empty = {
        (row.name, row.sha256) for row in held if (row.run_id, row.uri) in by_input and not left[row.name, row.sha256]
    }
    empty |= {(row.name, row.sha256) for row in touched if of_source(row.uri)}
    names = pa.array(sorted({name for name, _ in empty}), pa.string())

    def edit(row: LedgerRow) -> LedgerRow:
        edited = counted(row)
        if (row.name, row.sha256) not in empty:
            return edited
        stub = stub_name(row.name, row.sha256)
        return edited._replace(name=stub, uri=stub, sha256="", size=0)

    uris = {row.uri for row in touched}
    uris |= {
        row.uri
        for manifest in live_lists(manifests)
        for batch in list_batches(fs, paths, manifest, names)
        for row in rows_in(batch)
        if (row.name, row.sha256) in empty
    }
    return edited_lists(fs, paths, manifests, uris, edit)


def _touched(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], target: Target, gone: ForgottenRows
) -> Iterator[LedgerRow]:
    """The rows of inputs that rows came from, with all rows of the same inputs, and those of inputs that are the target's as a
    whole."""
    of_source = target.source_test()
    starts = {source[:at] for source in gone.sources() for at in _ends(source)}
    names: set[str] = set()
    for manifest in live_lists(manifests):
        for batch in list_batches(fs, paths, manifest):
            for name, uri in zip(batch.column("name").to_pylist(), batch.column("uri").to_pylist(), strict=True):
                if (uri in starts or of_source(uri)) and not name.startswith(STUB):
                    names.add(name)
    wanted = pa.array(sorted(names), pa.string())
    for manifest in live_lists(manifests):
        for batch in list_batches(fs, paths, manifest, wanted):
            yield from rows_in(batch)


def _ends(source_uri: str) -> list[int]:
    """Where the uri of the input may end that a record came from: at its end or before a "#"."""
    return [len(source_uri), *(at for at, letter in enumerate(source_uri) if letter == "#")]
