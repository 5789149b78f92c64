"""The one step that makes a run part of the lake: checks its accounting, writes its manifest, publishes.

Before: finished files in staging and what was counted while staging. After: the run is visible as a whole. An error at any point
leaves nothing visible; a crash at any point is put right by `recovery.recover`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.anchor import anchor_files
from pipeline.lake.entities import entity_files
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, learned_path, manifest_path
from pipeline.lake.ledger import LedgerRow, holders, list_batch
from pipeline.lake.list_file import write_list
from pipeline.lake.manifest import (
    Counts,
    FileEntry,
    LearnedEntry,
    Manifest,
    RunKind,
    file_entry,
    read_manifest,
    read_manifests,
)
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.publish import (
    Move,
    Pending,
    delete_staging,
    is_published,
    publish_left,
    publish_or_withdraw,
    read_pending,
)
from pipeline.lake.replay_commit import settle
from pipeline.lake.rows import READS, TALLY
from pipeline.lake.run_spec import LEARNED_FILE, RunSpec
from pipeline.lake.staging import Fragment
from schemas.records import ReadCount
from schemas.tables import ENTITIES, SCHEMA_VERSION

_NAMED_AT_MOST = 5
_FATES = ("article", "reject", "known", "forgotten")
"""What becomes of a record, as the tally calls it."""


class AccountingError(Exception):
    """Records went missing or were doubled between reading and writing: read ≠ articles + rejects for some input."""


class CommitResult(NamedTuple):
    """What was committed; the rest stands in the manifest, whose path is relative to the lake."""

    run_id: str
    manifest: str
    read: int
    articles: int
    rejects: int
    removed: int
    files: int
    bytes: int


class _Staged(NamedTuple):
    """What was counted while staging: reads by uri, rows by (dimension, value)."""

    reads: dict[str, ReadCount]
    tally: dict[tuple[str, str], int]


def commit(fs: FileSystem, spec: RunSpec, files: Iterable[DataFile], counted: Iterable[Fragment]) -> CommitResult:
    """Makes the run visible; `counted` are the fragments of READS and TALLY, `files` all its finished files, in any order.

    A replay in which no reject became an article commits nothing: `manifest` is then empty. Asked again after it has succeeded, it gives the same answer. Raises AccountingError, PublishError or OSError; nothing
    of the run is visible then. An error after the manifest was published is none of the run's and is not raised.
    """
    paths = LakePaths(spec.root)
    if is_published(fs, paths, spec.run_id):
        return _result(read_manifest(fs, paths, spec.run_id))
    left = read_pending(fs, paths, spec.staging)
    if left is not None:
        # An engine that tries again what a worker did not finish: that one had all but moved the files.
        publish_left(fs, paths, spec.staging, left, spec.lock_token)
        return _result(left.manifest)
    staged = _read_staged(fs, paths, counted)
    finished = list(files)
    ledger = _ledger_rows(fs, paths, spec, staged)
    lists, replayed = [list_batch(ledger)], 0
    if spec.kind is RunKind.REPLAY:
        settled = settle(fs, spec, finished, ledger)
        if settled is None:
            delete_staging(fs, paths, spec.staging)
            return CommitResult(spec.run_id, "", 0, 0, 0, 0, 0, 0)
        finished, ledger, lists, replayed = settled.files, settled.ledger, settled.lists, settled.replayed
        spec = replace(spec, replaces=settled.replaces, survivors=settled.survivors)
    finished += entity_files(fs, spec, finished)
    finished = sorted([*finished, *anchor_files(fs, spec, finished)], key=lambda file: file.path)
    inputs, move = write_list(fs, paths, spec.staging, spec.run_id, lists)
    learned = _learned(fs, paths, spec)
    manifest = _manifest(spec, staged, ledger, finished, inputs, learned, replayed)
    _check_rows(manifest, spec)
    moves = (*(Move(file.staged, file.path, file.bytes, file.sha256) for file in finished), move)
    if learned is not None and learned.file is not None:
        moves += (Move(f"{spec.staging}/{LEARNED_FILE}", learned.file.path, learned.file.bytes, learned.file.sha256),)
    publish_or_withdraw(fs, paths, spec.staging, Pending(manifest, manifest.to_json(), moves), spec.lock_token)
    return _result(manifest)


def _read_staged(fs: FileSystem, paths: LakePaths, counted: Iterable[Fragment]) -> _Staged:
    reads: dict[str, ReadCount] = {}
    tally: dict[tuple[str, str], int] = {}
    for fragment in counted:
        with fs.open_read(paths.absolute(fragment.path)) as stream:
            reader = pa.ipc.open_file(stream)
            for index in range(fragment.first_batch, fragment.end_batch):
                batch = reader.get_batch(index)
                values = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                if fragment.directory == READS:
                    for value in values:
                        read = ReadCount(*value)
                        if read.uri in reads:
                            raise AccountingError(f"{read.uri}: was read twice in one run")
                        reads[read.uri] = read
                elif fragment.directory == TALLY:
                    for dimension, name, rows in values:
                        tally[dimension, name] = tally.get((dimension, name), 0) + rows
    return _Staged(reads, tally)


def _ledger_rows(fs: FileSystem, paths: LakePaths, spec: RunSpec, staged: _Staged) -> list[LedgerRow]:
    """One row for each input, sorted; raises AccountingError where a record is missing or too many."""
    held = {}
    if spec.replaced_runs:
        held = holders(fs, paths, read_manifests(fs, paths), (read.name for read in staged.reads.values()))
    rows: list[LedgerRow] = []
    wrong: list[str] = []
    for uri, read in sorted(staged.reads.items()):
        articles, rejects, known, forgotten = (staged.tally.get((kind, uri), 0) for kind in _FATES)
        if read.records != articles + rejects + known + forgotten:
            seen = f"{articles} articles + {rejects} rejects" + (f" + {known} known" if known else "")
            seen += f" + {forgotten} forgotten" if forgotten else ""
            wrong.append(f"{uri}: read {read.records} records, got {seen}")
        holder = held.get((read.name, read.sha256))
        rows.append(
            LedgerRow(
                spec.run_id,
                read.name,
                read.sha256,
                uri,
                read.size,
                articles + rejects,
                articles,
                rejects,
                known,
                holder[0].run_id if holder else None,
            )
        )
    unread = {uri for kind, uri in staged.tally if kind in _FATES} - staged.reads.keys()
    wrong += [f"{uri}: gave rows but was never counted as read" for uri in sorted(unread)]
    if wrong:
        more = f" (and {len(wrong) - _NAMED_AT_MOST} more)" if len(wrong) > _NAMED_AT_MOST else ""
        raise AccountingError("; ".join(wrong[:_NAMED_AT_MOST]) + more)
    return sorted(rows, key=lambda row: (row.name, row.sha256, row.uri))


def _learned(fs: FileSystem, paths: LakePaths, spec: RunSpec) -> LearnedEntry | None:
    """What the manifest says of learned lines, with the staged file of the run's sample."""
    if not spec.learned_lines and not spec.learned_articles:
        return None
    entry = None
    if spec.learned_articles:
        staged = paths.absolute(f"{spec.staging}/{LEARNED_FILE}")
        path = learned_path(spec.run_id)
        entry = FileEntry(path, "learned", spec.learned_articles, fs.size(staged), fs.sha256(staged))
    return LearnedEntry(spec.learned_lines, spec.learned_sha256, spec.learned_round, entry)


def _manifest(
    spec: RunSpec,
    staged: _Staged,
    ledger: Sequence[LedgerRow],
    files: Sequence[DataFile],
    inputs: FileEntry,
    learned: LearnedEntry | None,
    replayed: int,
) -> Manifest:
    def by(dimension: str) -> dict[str, int]:
        return {value: rows for (kind, value), rows in sorted(staged.tally.items()) if kind == dimension}

    articles = sum(row.articles for row in ledger)
    rejects = sum(row.rejects for row in ledger)
    counts = Counts(
        read=articles + rejects,
        articles=articles,
        rejects=rejects,
        removed=sum(by("category").values()),
        inputs=len(ledger),
        skipped_inputs=spec.skipped_inputs,
        known_records=sum(row.known for row in ledger),
        by_code=by("code"),
        by_category=by("category"),
        by_format=by("format"),
        by_language=by("language"),
        replayed=replayed,
        forgotten=sum(by("forgotten").values()),
        mentions=sum(by("method").values()),
        quotes=sum(by("quotes").values()),
        entities=sum(file.rows for file in files if file.directory == ENTITIES.name),
        by_method=by("method"),
    )
    return Manifest(
        run_id=spec.run_id,
        pipeline_version=spec.pipeline_version,
        schema_version=SCHEMA_VERSION,
        settings=json.loads(spec.settings_json),
        settings_sha256=hashlib.sha256(spec.settings_json.encode()).hexdigest(),
        counts=counts,
        files=tuple(file_entry(file) for file in files),
        inputs=inputs,
        replaces=tuple(sorted(spec.replaces)),
        learned=learned,
        known_entities=spec.known_entities,
        kind=spec.kind,
    )


def _check_rows(manifest: Manifest, spec: RunSpec) -> None:
    """Rows in the finished files = rows counted while staging + survivors; raises AccountingError."""
    for table in ("articles", "rejects", "removed", "mentions", "quotes"):
        expected = getattr(manifest.counts, table) + sum(
            fragment.rows for fragment in spec.survivors if fragment.directory.partition("/")[0] == table
        )
        written = sum(entry.rows for entry in manifest.files if entry.table == table)
        if written != expected:
            raise AccountingError(f"{table}: {expected} rows were staged, {written} written")


def _result(manifest: Manifest) -> CommitResult:
    counts = manifest.counts
    return CommitResult(
        manifest.run_id,
        manifest_path(manifest.run_id),
        counts.read,
        counts.articles,
        counts.rejects,
        counts.removed,
        len(manifest.files),
        sum(entry.bytes for entry in manifest.files),
    )
