"""Settles a replay once its rows are staged: which rejects are articles now and go, and what the ledger says from then on.

Before: the run's finished files, the rejects that earlier runs left. After: the rejects table without those that were settled, as one
more rewritten file of this run, and the lists of inputs with these rejects counted as `replayed`. A reject that still is one keeps
its row as it was.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.kept_rows import stage_kept
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import EditedLists, LedgerRow, edited_lists, list_batch
from pipeline.lake.manifest import Manifest, live_files, read_manifests
from pipeline.lake.merge import merge_staged
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.replay_plan import Origin, PlannedInput, read_plan
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.staging import Fragment, owner_of
from schemas.tables import ARTICLES, REJECTS


class Settled(NamedTuple):
    """`files` are all finished files of the run, `survivors` the rejects of other runs among their rows, `ledger` the run's own
    rows, `lists` those with the rows of the lists that go, `replaces` the files that go, `replayed` the rejects that are gone."""

    files: list[DataFile]
    survivors: tuple[Fragment, ...]
    ledger: list[LedgerRow]
    lists: list[pa.RecordBatch]
    replaces: tuple[str, ...]
    replayed: int


def settle(fs: FileSystem, spec: RunSpec, files: Sequence[DataFile], ledger: Sequence[LedgerRow]) -> Settled | None:
    """What the replay's commit needs; None where no reject became an article and no newer bytes were read."""
    paths = LakePaths(spec.root)
    manifests = read_manifests(fs, paths)
    plan = {each.uri: each for each in read_plan(fs, paths, spec)}
    own = _own_rows(plan, ledger)
    gone = _settled_uris(fs, paths, spec, plan, files, own)
    dropped: Counter[tuple[str, str]] = Counter()
    survivors: list[Fragment] = []
    replaces: list[str] = []

    def goes(batch: pa.RecordBatch) -> pa.Array:
        keys = zip(batch.column("run_id").to_pylist(), batch.column("source_uri").to_pylist(), strict=True)
        return pa.array([key in gone for key in keys], pa.bool_())

    for entry in live_files(manifests, REJECTS.name):
        found = Counter(
            key
            for batch in read_batches(fs, paths, entry.path, ["run_id", "source_uri"])
            for key in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            if key in gone
        )
        if found:
            dropped.update(found)
            replaces.append(entry.path)
            staged = f"{spec.staging}/{uuid.uuid4().hex}.arrow"
            survivors.append(stage_kept(fs, paths, entry.path, REJECTS.name, staged, goes))
    if not own and not dropped:
        return None
    by_input: Counter[tuple[str, str]] = Counter()
    with_hash = frozenset(uri for uri in plan if "#" in uri)
    for (run, source), count in dropped.items():
        by_input[run, owner_of(source, with_hash)] += count
    lists, replaced_lists = _edited_lists(fs, paths, manifests, by_input)
    return Settled(
        files=_with_rejects(fs, paths, spec, files, survivors) if survivors else list(files),
        survivors=tuple(survivors),
        ledger=own,
        lists=[*lists, list_batch(own)],
        replaces=(*replaces, *replaced_lists),
        replayed=sum(dropped.values()),
    )


def _own_rows(plan: Mapping[str, PlannedInput], ledger: Sequence[LedgerRow]) -> list[LedgerRow]:
    """The run's rows of the ledger. What was read again under the same bytes completes the run that read it first."""
    own: list[LedgerRow] = []
    for row in ledger:
        planned = plan[row.uri]
        if planned.origin is Origin.NEWER:
            own.append(row)
        elif row.articles:
            own.append(row._replace(name=planned.name, sha256=planned.sha256, completes_run_id=planned.run_id, known=0))
    return own


def _settled_uris(
    fs: FileSystem,
    paths: LakePaths,
    spec: RunSpec,
    plan: Mapping[str, PlannedInput],
    files: Sequence[DataFile],
    own: Sequence[LedgerRow],
) -> frozenset[tuple[str, str]]:
    """(run, source_uri) of the rejects that go."""
    articles = _source_uris(fs, paths, files, ARTICLES.name)
    still = _source_uris(fs, paths, files, REJECTS.name)
    let_in = {row.uri for row in own if row.articles or row.known}
    gone = {
        (plan[owner].run_id, source)
        for source in articles
        if (owner := owner_of(source, frozenset(spec.uris_with_hash))) in plan
        and plan[owner].origin is not Origin.NEWER
    }
    gone |= {
        (each.run_id, source)
        for each in plan.values()
        if each.origin is Origin.NEWER and each.uri in let_in
        for source in each.source_uris
        if source not in still
    }
    return frozenset(gone)


def _source_uris(fs: FileSystem, paths: LakePaths, files: Sequence[DataFile], table: str) -> frozenset[str]:
    return frozenset(
        source
        for file in files
        if file.directory.partition("/")[0] == table
        for batch in read_batches(fs, paths, file.staged, ["source_uri"])
        for source in batch.column(0).to_pylist()
    )


def _with_rejects(
    fs: FileSystem, paths: LakePaths, spec: RunSpec, files: Sequence[DataFile], survivors: Sequence[Fragment]
) -> list[DataFile]:
    """The finished files, those of `rejects` put together with the survivors of other runs."""
    rejects = [file for file in files if file.directory == REJECTS.name]
    staged = [
        stage_kept(fs, paths, file.staged, REJECTS.name, f"{spec.staging}/{uuid.uuid4().hex}.arrow") for file in rejects
    ]
    merged = merge_staged(fs, spec, REJECTS.name, [*staged, *survivors])
    return [*(file for file in files if file not in rejects), *merged]


def _edited_lists(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], replayed: Mapping[tuple[str, str], int]
) -> EditedLists:
    """The lists that hold an input with rejects that are gone, with these counted as replayed."""

    def edit(row: LedgerRow) -> LedgerRow:
        gone = replayed.get((row.run_id, row.uri), 0)
        return row._replace(records=row.records - gone, rejects=row.rejects - gone, replayed=row.replayed + gone)

    return edited_lists(fs, paths, manifests, (uri for _, uri in replayed), edit)
