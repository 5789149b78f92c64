"""The checks of `verify` that hold what runs say of themselves against the files they name and the rows there are.

Before: manifests. After: a `Problem` for each count that does not add up, and for each list or sample that is missing, damaged or of
another run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import RUNS, LakePaths, inputs_path, learned_path, tombstones_path
from pipeline.lake.learned import read_round
from pipeline.lake.ledger import LedgerRow, held_rows, rows_of
from pipeline.lake.manifest import FileEntry, Manifest, ManifestError, RunKind
from pipeline.lake.problem import Problem


def check_counts(manifest: Manifest) -> Iterator[Problem]:
    """The run's counts against each other."""
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


def check_own_files(fs: FileSystem, paths: LakePaths, manifest: Manifest) -> Iterator[Problem]:
    """What the run left beside its rows: the list of what may not come back, the sample of what sites repeat."""
    if manifest.tombstones is not None:
        yield from _check_own(
            fs, paths, manifest, manifest.tombstones, tombstones_path(manifest.run_id), "its tombstones"
        )
    entry = manifest.learned.file if manifest.learned else None
    if entry is None:
        return
    broken = list(_check_own(fs, paths, manifest, entry, learned_path(manifest.run_id), "its sample"))
    yield from broken
    if not broken:
        yield from _check_sample(fs, paths, manifest.run_id, entry)


def _check_own(
    fs: FileSystem, paths: LakePaths, manifest: Manifest, entry: FileEntry, expected: str, what: str
) -> Iterator[Problem]:
    """A file that only this run may name, at the one place where it belongs, with the bytes that were committed."""
    if entry.path != expected:
        yield Problem(2, f"{RUNS}/{manifest.run_id}.json", f"names {entry.path} as {what}")
        return
    broken = check_bytes(fs, paths, entry)
    if broken is not None:
        yield broken


def _check_sample(fs: FileSystem, paths: LakePaths, run_id: str, entry: FileEntry) -> Iterator[Problem]:
    try:
        articles = len(read_round(fs, paths, run_id).round.articles)
    except ManifestError as error:
        yield Problem(2, entry.path, str(error).partition(": ")[2])
        return
    if articles != entry.rows:
        yield Problem(3, entry.path, f"holds {articles} articles; the manifest says {entry.rows}")


def check_inputs(fs: FileSystem, paths: LakePaths, manifest: Manifest, ledger: list[LedgerRow]) -> Iterator[Problem]:
    """The run's list of inputs, whose rows are added to `ledger`."""
    entry = manifest.inputs
    broken = list(_check_own(fs, paths, manifest, entry, inputs_path(manifest.run_id), "its list of inputs"))
    if broken:
        yield from broken
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


def check_ledger(manifests: list[Manifest], ledger: list[LedgerRow]) -> Iterator[Problem]:
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


def check_bytes(fs: FileSystem, paths: LakePaths, entry: FileEntry) -> Problem | None:
    """A file's size and checksum; None where they are as committed."""
    try:
        path = paths.absolute(entry.path)
        size = fs.size(path)
        if size != entry.bytes:
            return Problem(3, entry.path, f"has {size} bytes instead of {entry.bytes}")
        if fs.sha256(path) != entry.sha256:
            return Problem(3, entry.path, "its content has changed (sha256 differs)")
    except FileNotFoundError:
        return Problem(2, entry.path, "is missing")
    except (OSError, ValueError) as error:
        return Problem(2, entry.path, f"can't be read ({error})")
    return None


def check_accounting(
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
