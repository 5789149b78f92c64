"""Checks every promise that a finished lake can show, and names each place where one is broken.

Before: a lake, perhaps damaged. After: `()`, or a `Problem` for each breach: the promise's number (1 accounting, 2 whole runs,
3 content as committed, 4 nothing doubled, 5 removals rebuild the text, 6 rejects, 7 mentions stand in the text), the path, and what is wrong in one line.
Reads file by file; memory is a few bytes for each article plus what one partition's removals take, in portions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

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
    inputs_path,
    learned_path,
    parse_directory,
    run_of_part,
    tombstones_path,
)
from pipeline.lake.learned import read_decisions, read_round
from pipeline.lake.ledger import LedgerRow, held_rows, live_lists, rows_of
from pipeline.lake.manifest import (
    FileEntry,
    Manifest,
    ManifestError,
    RunKind,
    live_files,
    manifest_names,
    read_manifest,
)
from pipeline.lake.older_files import is_older, lacks
from pipeline.lake.verify_mentions import check_entities, check_mentions
from pipeline.lake.verify_rows import FileCheck, check_file, check_removed, repeated_ids
from schemas.errors import UsageError
from schemas.tables import TABLES

PROBLEMS_PER_FILE = 20
"""Problems of one file that are named one by one; the rest of it are counted."""


class Problem(NamedTuple):
    """One broken promise. `path` is relative to the lake."""

    promise: int
    path: str
    message: str


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
        yield from _check_manifest(manifest)
        yield from _check_learned(fs, paths, manifest)
        yield from _check_tombstones(fs, paths, manifest)
    for manifest in lists:
        found = False
        for problem in _check_inputs(fs, paths, manifest, ledger):
            found = True
            yield problem
        whole += not found
    if whole == len(lists):
        # What a damaged list holds no more would be told once for each run.
        yield from _check_ledger(manifests, ledger)
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
        yield from _check_accounting(manifests, ledger, rows)
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
                yield Problem(4, path, "is still there although a later run replaced it")
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
            yield Problem(4, path, "is still there although a later run replaced it")
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


def _check_manifest(manifest: Manifest) -> Iterator[Problem]:
    path, counts = f"{RUNS}/{manifest.run_id}.json", manifest.counts
    if counts.read != counts.articles + counts.rejects:
        yield Problem(1, path, f"read {counts.read} ≠ {counts.articles} articles + {counts.rejects} rejects")
    for total, name, parts in (
        (counts.rejects, "rejects", counts.by_code),
        (counts.articles, "articles", counts.by_format),
        (counts.articles, "articles", counts.by_language),
        (counts.removed, "removed", counts.by_category),
        (counts.mentions, "mentions", counts.by_method),
    ):
        if sum(parts.values()) != total:
            yield Problem(1, path, f"{name}: {total} in all, but {sum(parts.values())} by kind")
    entities = sum(entry.rows for entry in manifest.files if entry.table == "entities")
    if entities != counts.entities:
        yield Problem(1, path, f"entities: {counts.entities} in all, but {entities} in its files")


def _check_inputs(fs: FileSystem, paths: LakePaths, manifest: Manifest, ledger: list[LedgerRow]) -> Iterator[Problem]:
    """The run's list of inputs, whose rows are added to `ledger`."""
    entry = manifest.inputs
    if entry.path != inputs_path(manifest.run_id):
        yield Problem(2, f"{RUNS}/{manifest.run_id}.json", f"names {entry.path} as its list of inputs")
        return
    broken = _check_bytes(fs, paths, entry)
    if broken is not None:
        yield broken
        return
    try:
        rows = list(rows_of(fs, paths, manifest))
    except ManifestError as error:
        yield Problem(2, entry.path, str(error).partition(": ")[2])
        return
    if len(rows) != entry.rows:
        yield Problem(1, entry.path, f"holds {len(rows)} inputs; the manifest says {entry.rows}")
    for row in rows:
        if row.records != row.articles + row.rejects:
            yield Problem(
                1, entry.path, f"{row.name}: read {row.records} ≠ {row.articles} articles + {row.rejects} rejects"
            )
    ledger += rows


def _check_ledger(manifests: list[Manifest], ledger: list[LedgerRow]) -> Iterator[Problem]:
    """What each run says that it read, against its rows in whichever lists hold them now."""
    inputs: Counter[str] = Counter()
    records: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for row in ledger:
        inputs[row.run_id] += 1
        records[row.run_id] += row.records + row.forgotten + row.replayed
        gone["forgotten"] += row.forgotten
        gone["replayed"] += row.replayed
    for manifest in manifests:
        run, counts = manifest.run_id, manifest.counts
        if inputs[run] != counts.inputs:
            yield Problem(
                1,
                manifest.inputs.path,
                f"{inputs[run]} inputs are listed for run {run}; its manifest says {counts.inputs}",
            )
        if records[run] != counts.read:
            yield Problem(
                1,
                manifest.inputs.path,
                f"{records[run]} records are listed for run {run}; its manifest says {counts.read}",
            )
    for name, said in (
        ("forgotten", sum(each.counts.forgotten for each in manifests if each.kind is RunKind.FORGET)),
        ("replayed", sum(each.counts.replayed for each in manifests)),
    ):
        if gone[name] != said:
            yield Problem(1, RUNS, f"{name}: the lists of inputs say {gone[name]} rows, the manifests {said}")


def _check_tombstones(fs: FileSystem, paths: LakePaths, manifest: Manifest) -> Iterator[Problem]:
    """The run's list of what may not come back."""
    entry = manifest.tombstones
    if entry is None:
        return
    if entry.path != tombstones_path(manifest.run_id):
        yield Problem(2, f"{RUNS}/{manifest.run_id}.json", f"names {entry.path} as its tombstones")
        return
    broken = _check_bytes(fs, paths, entry)
    if broken is not None:
        yield broken


def _check_learned(fs: FileSystem, paths: LakePaths, manifest: Manifest) -> Iterator[Problem]:
    """The run's sample of what sites repeat."""
    entry = manifest.learned.file if manifest.learned else None
    if entry is None:
        return
    if entry.path != learned_path(manifest.run_id):
        yield Problem(2, f"{RUNS}/{manifest.run_id}.json", f"names {entry.path} as its sample")
        return
    broken = _check_bytes(fs, paths, entry)
    if broken is not None:
        yield broken
        return
    try:
        articles = len(read_round(fs, paths, manifest.run_id).round.articles)
    except ManifestError as error:
        yield Problem(2, entry.path, str(error).partition(": ")[2])
        return
    if articles != entry.rows:
        yield Problem(3, entry.path, f"holds {articles} articles; the manifest says {entry.rows}")


def _check_bytes(fs: FileSystem, paths: LakePaths, entry: FileEntry) -> Problem | None:
    try:
        path = paths.absolute(entry.path)
        if not fs.exists(path):
            return Problem(2, entry.path, "is missing")
        size = fs.size(path)
        if size != entry.bytes:
            return Problem(3, entry.path, f"has {size} bytes instead of {entry.bytes}")
        if fs.sha256(path) != entry.sha256:
            return Problem(3, entry.path, "its content has changed (sha256 differs)")
    except (OSError, ValueError) as error:
        return Problem(2, entry.path, f"can't be read ({error})")
    return None


def _check_entry(fs: FileSystem, paths: LakePaths, entry: FileEntry) -> Iterator[Problem]:
    """What can be told of a data file without reading its rows; none where they may be read."""
    broken = _check_bytes(fs, paths, entry)
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


def _check_accounting(
    manifests: list[Manifest], ledger: list[LedgerRow], rows: Counter[tuple[str, str]]
) -> Iterator[Problem]:
    """Rows by run, counted in the files, against the ledger without the inputs that later runs replaced."""
    held = held_rows(ledger)
    by_run: dict[str, list[LedgerRow]] = {}
    for row in held:
        by_run.setdefault(row.run_id, []).append(row)
    read = Counter(row.run_id for row in ledger)
    for manifest in manifests:
        run = manifest.run_id
        own = by_run.get(run, [])
        for table, expected in (
            ("articles", sum(row.articles for row in own)),
            ("rejects", sum(row.rejects for row in own)),
        ):
            if rows[table, run] != expected:
                yield Problem(
                    1,
                    f"{RUNS}/{run}.json",
                    f"{table}: its inputs gave {expected} rows, the files hold {rows[table, run]}",
                )
        untouched = len(own) == read[run] and not any(row.forgotten for row in own)
        for table in ("removed", "mentions", "quotes") if untouched else ():
            written = getattr(manifest.counts, table)
            if rows[table, run] != written:
                yield Problem(
                    1, f"{RUNS}/{run}.json", f"{table}: {written} rows were written, the files hold {rows[table, run]}"
                )
    unknown = sorted({run for _, run in rows} - {manifest.run_id for manifest in manifests})
    for run in unknown:
        yield Problem(1, f"{RUNS}/{run}.json", "rows name this run, but it has no manifest")
    doubled = Counter((row.name, row.sha256) for row in held if row.completes_run_id is None)
    for (name, sha256), count in sorted(doubled.items()):
        if count > 1:
            yield Problem(4, RUNS, f"input {name} ({sha256[:12]}…) is held by {count} runs")
