"""Checks every promise that a finished lake can show, and names each place where one is broken.

Before: a lake, perhaps damaged. After: `()`, or a `Problem` for each breach: the promise's number (1 accounting, 2 whole runs,
3 content as committed, 4 nothing doubled, 5 removals rebuild the text, 6 rejects, 7 mentions stand in the text), the path, and what is wrong in one line.
Reads file by file; memory is a few bytes for each article plus what one partition's removals take, in portions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.lake import open_paths
from pipeline.lake.layout import (
    LEARNED,
    RUNS,
    STAGING,
    LakePaths,
    decisions_path,
    parse_directory,
    run_of_part,
)
from pipeline.lake.learned import read_decisions
from pipeline.lake.ledger import LedgerRow, live_lists
from pipeline.lake.manifest import (
    FileEntry,
    Manifest,
    ManifestError,
    live_files,
    manifest_names,
    read_manifest,
)
from pipeline.lake.older_files import is_older, lacks
from pipeline.lake.problem import Problem
from pipeline.lake.verify_mentions import check_entities, check_mentions
from pipeline.lake.verify_rows import FileCheck, check_file, check_removed, repeated_ids
from pipeline.lake.verify_runs import (
    check_accounting,
    check_bytes,
    check_counts,
    check_inputs,
    check_ledger,
    check_own_files,
)
from schemas.errors import UsageError
from schemas.tables import TABLES

PROBLEMS_PER_FILE = 20
"""Problems of one file that are named one by one; the rest of it are counted."""


__all__ = ["PROBLEMS_PER_FILE", "Problem", "verify"]


def verify(lake_path: str, fs: FileSystem | None = None) -> tuple[Problem, ...]:
    """Every breach found, in a fixed order; empty where the lake is sound.

    Raises UsageError where there is no lake or nothing in it. A lake in which a run is being published shows files without a
    manifest; verify when nothing runs.
    """
    paths = open_paths(lake_path)
    files = fs or filesystem_of(paths.root)
    if not files.is_folder(paths.runs):
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    return tuple(_limited(chain(_problems(files, paths), _check_iceberg(files, paths))))


def _check_iceberg(fs: FileSystem, paths: LakePaths) -> Iterator[Problem]:
    """Its Iceberg tables, where it has any, name its files and no others."""
    if not fs.is_folder(paths.absolute("_iceberg")):
        return
    try:
        from pipeline.lake.iceberg.check import check_tables  # an extra, and slow to import
    except UsageError as error:
        yield Problem(2, "_iceberg", f"can't be checked: {error}")
        return
    try:
        for path, message in check_tables(fs, paths):
            yield Problem(2, path, message)
    except ManifestError:
        return  # named already


def _limited(problems: Iterator[Problem]) -> Iterator[Problem]:
    """At most PROBLEMS_PER_FILE for each path and promise, then one line with the number of the rest."""
    seen: Counter[tuple[str, int]] = Counter()
    for problem in problems:
        seen[problem.path, problem.promise] += 1
        if seen[problem.path, problem.promise] <= PROBLEMS_PER_FILE:
            yield problem
    for (path, promise), found in sorted(seen.items()):
        if found > PROBLEMS_PER_FILE:
            yield Problem(promise, path, f"and {found - PROBLEMS_PER_FILE} more problems of this kind")


def _problems(fs: FileSystem, paths: LakePaths) -> Iterator[Problem]:
    manifests: list[Manifest] = []
    for run_id in manifest_names(fs, paths):
        try:
            manifests.append(read_manifest(fs, paths, run_id))
        except ManifestError as error:
            where, _, what = str(error).partition(": ")
            yield Problem(2, where, what)
    live = live_files(manifests)
    yield from _strays(fs, paths, manifests, live)
    ledger: list[LedgerRow] = []
    lists = live_lists(manifests)
    whole = 0
    for manifest in manifests:
        yield from check_counts(manifest)
        yield from check_own_files(fs, paths, manifest)
    for manifest in lists:
        found = False
        for problem in check_inputs(fs, paths, manifest, ledger):
            found = True
            yield problem
        whole += not found
    if whole == len(lists):
        # What a damaged list holds no more would be told once for each run.
        yield from check_ledger(manifests, ledger)
    sound: list[FileEntry] = []
    rows: Counter[tuple[str, str]] = Counter()
    ids: list[pa.Array] = []
    for entry in live:
        found = False
        for problem in _check_entry(fs, paths, entry):
            found = True
            yield problem
        if found:
            continue
        sound.append(entry)
        check = FileCheck()
        for promise, message in check_file(fs, paths, entry, check):
            yield Problem(promise, entry.path, message)
        for run, count in check.rows_by_run.items():
            rows[entry.table, run] += count
        ids += check.article_ids
    for article_id in repeated_ids(ids):
        yield Problem(4, "articles", f"article_id {article_id} stands in more than one row")
    yield from _check_articles(fs, paths, sound)
    if len(sound) == len(live) and whole == len(lists):
        # Counting what is left of damaged files would only repeat what was said of them.
        yield from check_accounting(manifests, ledger, rows)
        for path, promise, message in check_entities(fs, paths, live):
            yield Problem(promise, path, message)


def _strays(
    fs: FileSystem, paths: LakePaths, manifests: list[Manifest], live: tuple[FileEntry, ...]
) -> Iterator[Problem]:
    """Files that no manifest names, and leftovers of replaced ones."""
    replaced = {path for manifest in manifests for path in manifest.replaces}
    named = {entry.path for entry in live}
    for table in TABLES:
        for absolute in fs.files_below(paths.absolute(table)):
            path = absolute.removeprefix(f"{paths.root}/")
            if path in named:
                continue
            if path in replaced:
                yield Problem(4, path, "is still there although a later run replaced it (`copydesk clean` deletes it)")
            else:
                run = run_of_part(path.rpartition("/")[2])
                yield Problem(2, path, f"no manifest names it{f' (run {run})' if run else ''}")
    for name in fs.list(paths.staging):
        yield Problem(
            2, f"{STAGING}/{name}", "was left by an interrupted run (the next run or `copydesk clean` sees to it)"
        )
    lists = {entry.path for manifest in manifests for entry in (manifest.inputs, manifest.tombstones) if entry}
    for name in fs.list(paths.runs):
        path = f"{RUNS}/{name}"
        if path in replaced:
            yield Problem(4, path, "is still there although a later run replaced it (`copydesk clean` deletes it)")
        elif not name.endswith(".json") and path not in lists:
            yield Problem(2, path, "belongs to no manifest")
    sampled = {manifest.learned.file.path for manifest in manifests if manifest.learned and manifest.learned.file}
    for name in fs.list(paths.absolute(LEARNED)):
        path = f"{LEARNED}/{name}"
        if path == decisions_path():
            try:
                read_decisions(fs, paths)
            except ManifestError as error:
                yield Problem(3, path, str(error).partition(": ")[2])
        elif path not in sampled:
            yield Problem(2, path, "belongs to no manifest")


def _check_entry(fs: FileSystem, paths: LakePaths, entry: FileEntry) -> Iterator[Problem]:
    """What can be told of a data file without reading its rows; none where they may be read."""
    broken = check_bytes(fs, paths, entry)
    if broken is not None:
        yield broken
        return
    try:
        table, _ = parse_directory(entry.path.rpartition("/")[0])
        with fs.open_read(paths.absolute(entry.path)) as stream:
            parquet = pq.ParquetFile(stream)
            schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    except (OSError, ValueError, pa.ArrowException) as error:
        yield Problem(2, entry.path, f"is not a file of a table ({error})")
        return
    if table.name != entry.table:
        yield Problem(2, entry.path, f"the manifest calls it a file of {entry.table}")
    if rows != entry.rows:
        yield Problem(1, entry.path, f"holds {rows} rows; its manifest says {entry.rows}")
    older = is_older(schema) and lacks(schema, table) is not None
    if not older and not schema.equals(table.schema, check_metadata=False):
        expected = {field.name: field.type for field in table.schema}
        actual = {field.name: field.type for field in schema}
        names = sorted(name for name in expected.keys() | actual.keys() if expected.get(name) != actual.get(name))
        yield Problem(3, entry.path, f"is not of the table's schema: {', '.join(names) or 'order of columns'}")


def _check_articles(fs: FileSystem, paths: LakePaths, sound: list[FileEntry]) -> Iterator[Problem]:
    """Promises 5 and 7, partition by partition: an article, what was taken from it and what it names lie in the same one."""
    folders: dict[str, dict[str, list[FileEntry]]] = {}
    for entry in sound:
        if "article_id" in TABLES[entry.table].schema.names:
            folder = entry.path.rpartition("/")[0].partition("/")[2]
            folders.setdefault(folder, {}).setdefault(entry.table, []).append(entry)
    for _, files in sorted(folders.items()):
        articles = files.get("articles", [])
        for path, promise, message in (
            *check_removed(fs, paths, articles, files.get("removed", [])),
            *check_mentions(fs, paths, articles, [*files.get("mentions", []), *files.get("quotes", [])]),
        ):
            yield Problem(promise, path, message)
