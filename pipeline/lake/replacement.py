"""Plans what `--force` replaces: the rows that earlier runs made of the same inputs go, the rows beside them stay.

Before: inputs that the lake holds already. After: which files of the lake go, and fragments with those of their rows that
stay, which are merged into the new run's files like any other. Nothing in the lake is touched before the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.entity_files import recounted
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.kept_rows import Mask, stage_kept
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import from_inputs, holders, uris_by_run
from pipeline.lake.manifest import FileEntry, live_files, read_manifests
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import text_of
from pipeline.lake.staging import Fragment
from schemas.records import InputFile


class Replacement(NamedTuple):
    """`runs` wrote the rows that go, `files` (name, sha256) are the inputs they came from, `paths` the lake's files that go,
    `survivors` the rows of these files that stay. `recounts` are mention files that stay but whose entities' rows go with the
    rest of their run's, and are counted anew."""

    runs: tuple[str, ...]
    files: frozenset[tuple[str, str]]
    paths: tuple[str, ...]
    survivors: tuple[Fragment, ...]
    recounts: tuple[str, ...]


def plan_replacement(fs: FileSystem, paths: LakePaths, files: Sequence[InputFile], staging: str) -> Replacement | None:
    """The replacement that reading `files` again takes; None where the lake holds none of them.

    Survivors are written below `staging`, a folder relative to the lake. Rows are matched by the run that wrote them and the
    uri that its ledger recorded; removed rows by their article.
    """
    manifests = read_manifests(fs, paths)
    wanted = {(text_of(file.name), file.sha256) for file in files}
    held = holders(fs, paths, manifests, (name for name, _ in wanted))
    going = {identity: rows for identity, rows in held.items() if identity in wanted}
    if not going:
        return None
    uris = uris_by_run(row for rows in going.values() for row in rows)
    folder = f"{staging}/survivors"
    fs.make_folder(paths.absolute(folder))
    gone_articles: dict[str, set[str]] = {run: set() for run in uris}

    def by_source(batch: pa.RecordBatch) -> pa.Array:
        mask = []
        for source, run in zip(batch.column("source_uri").to_pylist(), batch.column("run_id").to_pylist(), strict=True):
            mask.append(run in uris and from_inputs(source, uris[run]))
        if "article_id" in batch.schema.names:
            ids = batch.column("article_id").to_pylist()
            for article, run, goes in zip(ids, batch.column("run_id").to_pylist(), mask, strict=True):
                if goes:
                    gone_articles[run].add(article)
        return pa.array(mask, pa.bool_())

    def by_article(batch: pa.RecordBatch) -> pa.Array:
        ids, runs = batch.column("article_id").to_pylist(), batch.column("run_id").to_pylist()
        return pa.array(
            [run in uris and article in gone_articles[run] for article, run in zip(ids, runs, strict=True)], pa.bool_()
        )

    replaced: list[str] = []
    survivors: list[Fragment] = []
    plan: tuple[tuple[str, Mask, list[str]], ...] = (
        ("articles", by_source, ["article_id", "source_uri", "run_id"]),
        ("rejects", by_source, ["source_uri", "run_id"]),
        # After articles: it needs to know which of them go.
        ("removed", by_article, ["article_id", "run_id"]),
        ("mentions", by_article, ["article_id", "run_id"]),
        ("quotes", by_article, ["article_id", "run_id"]),
    )
    for table, mask, columns in plan:
        for entry in live_files(manifests, table):
            goes = _count(fs, paths, entry, columns, mask)
            if goes == 0:
                continue
            replaced.append(entry.path)
            if goes < entry.rows:
                staged = f"{folder}/{len(survivors):06d}.arrow"
                survivors.append(stage_kept(fs, paths, entry.path, entry.path.rpartition("/")[0], staged, mask))
    recount = recounted(manifests, replaced)
    replaced += recount.entities
    return Replacement(
        tuple(sorted(uris)), frozenset(going), tuple(sorted(replaced)), tuple(survivors), recount.mentions
    )


def _count(fs: FileSystem, paths: LakePaths, entry: FileEntry, columns: list[str], mask: Mask) -> int:
    """Rows of a file that go."""
    return sum(pc.sum(mask(batch)).as_py() or 0 for batch in read_batches(fs, paths, entry.path, columns))
