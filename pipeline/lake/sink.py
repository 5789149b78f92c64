"""The lake's end of the graph: stages rows, merges each partition, commits once.

Before: collections of `Article`, `Removed`, `Mentions`, `Reject` and `ReadCount`, in any mix. After: one `CommitResult`, and the run is in the
lake. Rows are staged in the stage that made them: only descriptors of files are shuffled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsList, PCollection
from apache_beam.transforms.window import GlobalWindows

from pipeline.lake.commit import CommitResult, commit
from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import RunKind
from pipeline.lake.merge import merge_staged
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.reject_guard import STOPPED_FILE, RejectGuard
from pipeline.lake.replay_plan import Origin, read_plan
from pipeline.lake.rows import READS, TALLY, RunStamp, Staged, text_of
from pipeline.lake.run_spec import KNOWN_IDS, RunSpec
from pipeline.lake.staging import Fragment, Stager
from pipeline.lake.tombstones import FORGOTTEN_FILE, Tombstones, parse
from schemas.records import ReadCount

_COUNTED = (READS, TALLY)


class _StageRows(beam.DoFn):
    """Rows in, (folder, fragment) out; one `Stager` for each bundle."""

    def __init__(self, spec: RunSpec) -> None:
        self._spec = spec

    def setup(self) -> None:
        spec = self._spec
        self._fs = filesystem_of(spec.root)
        self._known: frozenset[str] = frozenset()
        if spec.has_known_ids:
            listed = self._fs.read_bytes(LakePaths(spec.root).absolute(f"{spec.staging}/{KNOWN_IDS}"))
            self._known = frozenset(listed.decode().split("\n"))
        stopped = LakePaths(spec.root).absolute(f"{spec.staging}/{STOPPED_FILE}")
        self._guard = RejectGuard(self._fs, stopped, spec.max_reject_share) if spec.max_reject_share < 1 else None
        self._tombstones = Tombstones()
        if spec.has_tombstones:
            listed = self._fs.read_bytes(LakePaths(spec.root).absolute(f"{spec.staging}/{FORGOTTEN_FILE}"))
            self._tombstones = parse(listed.decode().split("\n"))
        self._settled: frozenset[str] = frozenset()
        if spec.kind is RunKind.REPLAY:
            plan = read_plan(self._fs, LakePaths(spec.root), spec)
            self._settled = frozenset(text_of(each.uri) for each in plan if each.origin is not Origin.NEWER)

    def start_bundle(self) -> None:
        spec = self._spec
        self._stager = Stager(
            self._fs,
            LakePaths(spec.root),
            spec.staging,
            RunStamp(spec.run_id, spec.pipeline_version),
            uris_with_hash=frozenset(spec.uris_with_hash),
            known_ids=self._known,
            settled_inputs=self._settled,
            tombstones=self._tombstones,
            flush_bytes=spec.flush_bytes,
        )

    def process(self, element: Staged | ReadCount) -> Iterator[tuple[str, Fragment]]:
        if self._guard is not None:
            self._guard.see(element)
        for fragment in self._stager.add(element):
            yield fragment.directory, fragment

    def finish_bundle(self) -> Iterator[Any]:
        for fragment in self._stager.flush():
            yield GlobalWindows.windowed_value((fragment.directory, fragment))


class _MergePartition(beam.DoFn):
    """(folder, its fragments) in, finished files out; counts pass on as they are."""

    def __init__(self, spec: RunSpec) -> None:
        self._spec = spec

    def process(self, element: tuple[str, Iterable[Fragment]]) -> Iterator[DataFile | Fragment]:
        directory, fragments = element
        if directory in _COUNTED:
            yield from fragments
            return
        yield from merge_staged(filesystem_of(self._spec.root), self._spec, directory, list(fragments))


class _Commit(beam.DoFn):
    """Runs once, when every partition is merged."""

    def __init__(self, spec: RunSpec) -> None:
        self._spec = spec

    def process(self, _: None, merged: Iterable[DataFile | Fragment]) -> Iterator[CommitResult]:
        everything = list(merged)
        yield commit(
            filesystem_of(self._spec.root),
            self._spec,
            [item for item in everything if isinstance(item, DataFile)],
            [item for item in everything if isinstance(item, Fragment)],
        )


class WriteLake(beam.PTransform[Any, Any]):
    """Writes a run: `pcoll | WriteLake(spec)` or `(pcoll, pcoll, …) | WriteLake(spec)`, a PCollection of one CommitResult.

    The collections hold `Article`, `Removed`, `Mentions`, `Reject` and `ReadCount` in any mix; `ReadCount` once for each input file, after
    its last record. Give collections as they are rather than flattened: each is staged where it is made, while a Flatten
    before this would hold all rows in memory on the local runner. `spec` comes from `run_spec.prepare`.
    """

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        self._spec = spec

    def expand(self, rows: PCollection[Any] | tuple[PCollection[Any], ...]) -> PCollection[CommitResult]:
        """Stage, group by folder, merge, commit."""
        collections = (rows,) if isinstance(rows, PCollection) else tuple(rows)
        pipeline = collections[0].pipeline
        kept = [(fragment.directory, fragment) for fragment in self._spec.survivors]
        staged = [
            collection | f"Stage{index}" >> beam.ParDo(_StageRows(self._spec))
            for index, collection in enumerate(collections)
        ]
        staged.append(pipeline | "Survivors" >> beam.Create(kept, reshuffle=False))
        merged = (
            staged
            | "Descriptors" >> beam.Flatten()
            | "ByFolder" >> beam.GroupByKey()
            | "Merge" >> beam.ParDo(_MergePartition(self._spec))
        )
        committed: PCollection[CommitResult] = (
            pipeline
            | "Once" >> beam.Create([None], reshuffle=False)
            | "Commit" >> beam.ParDo(_Commit(self._spec), AsList(merged))
        )
        return committed
