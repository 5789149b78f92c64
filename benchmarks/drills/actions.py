"""One run of each kind, in a process of its own or in this one, through the same steps as the command but for Beam.

Before: a lake and `"compact"`. After: the lake, compacted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.drills.material import Item
from pipeline.lake.commit import commit
from pipeline.lake.compaction import compact
from pipeline.lake.forget_target import Target, TargetKind
from pipeline.lake.forgetting import forget
from pipeline.lake.iceberg.place import Place, write_place
from pipeline.lake.iceberg.snapshots import keep_up
from pipeline.lake.lake import Lake, begin
from pipeline.lake.ledger import already_in
from pipeline.lake.manifest import read_manifests
from pipeline.lake.merge import merge_partition
from pipeline.lake.replay_plan import Origin, PlannedInput, choose_rejects, prepare_replay
from pipeline.lake.rows import READS, TALLY, RunStamp, Staged
from pipeline.lake.run_spec import KNOWN_IDS, RunSpec, prepare
from pipeline.lake.staging import Fragment, Stager
from pipeline.lake.tombstones import FORGOTTEN_FILE, NO_TOMBSTONES, parse
from pipeline.lake.upkeep import begin_upkeep
from schemas.records import InputFile, ReadCount

VERSION = "1"
CATALOG = "drill"
"""Name, in pyiceberg's configuration, of the catalog of lakes in buckets."""

Material = Sequence[Item]


def write(root: str, items: Material, *, force: bool = False) -> None:
    """One run over `items`; nothing where all are in the lake."""
    with begin(root) as lake:
        files = [item.file for item in items]
        new = tuple(files) if force else already_in(lake.fs, lake.paths, files)[0]
        if new:
            spec = prepare(lake, new, settings={}, pipeline_version=VERSION, force=force)
            _stage_and_commit(lake, spec, [(item.file, item.rows) for item in items if item.file in new])
        _keep_up(lake)


def replay(root: str, items: Material) -> None:
    """Every reject tried again, with the rows that its input gives later; nothing where there is none."""
    later = {item.file.uri: item for item in items}
    with begin_upkeep(root) as lake:
        manifests = read_manifests(lake.fs, lake.paths)
        chosen = choose_rejects(lake.fs, lake.paths, manifests, lambda code, retryable: True)
        if not chosen:
            return
        planned = [
            PlannedInput(each.row.uri, each.row.name, each.row.sha256, each.row.run_id, Origin.SAME, each.source_uris)
            for each in chosen
        ]
        found = [later[each.row.uri] for each in chosen]
        spec = prepare_replay(
            lake,
            planned,
            [item.file for item in found],
            settings={},
            pipeline_version=VERSION,
            learned_lines=0,
            learned_sha256="",
        )
        _stage_and_commit(lake, spec, [(item.file, item.later) for item in found])


def _stage_and_commit(lake: Lake, spec: RunSpec, inputs: Sequence[tuple[InputFile, Sequence[Staged]]]) -> None:
    fs, paths = lake.fs, lake.paths

    def listed(name: str) -> list[str]:
        return fs.read_bytes(paths.absolute(f"{spec.staging}/{name}")).decode().split("\n")

    stager = Stager(
        fs,
        paths,
        spec.staging,
        RunStamp(spec.run_id, VERSION),
        known_ids=frozenset(listed(KNOWN_IDS)) if spec.has_known_ids else frozenset(),
        tombstones=parse(listed(FORGOTTEN_FILE)) if spec.has_tombstones else NO_TOMBSTONES,
    )
    fragments: list[Fragment] = list(spec.survivors)
    for file, rows in inputs:
        for row in rows:
            fragments += stager.add(row)
        fragments += stager.add(ReadCount(file.name, file.sha256, file.uri, file.size, 1))
    fragments += stager.flush()
    groups: dict[str, list[Fragment]] = {}
    for fragment in fragments:
        groups.setdefault(fragment.directory, []).append(fragment)
    counted = [fragment for name in (READS, TALLY) for fragment in groups.pop(name, [])]
    finished = [
        file
        for directory, group in sorted(groups.items())
        for file in merge_partition(fs, paths, spec.staging, directory, group, spec.run_id, VERSION)
    ]
    commit(fs, spec, finished, counted)


def _keep_up(lake: Lake) -> None:
    keep_up(lake.fs, lake.paths)


def _catch_up(root: str, items: Material) -> None:
    with begin(root) as lake:
        keep_up(lake.fs, lake.paths)


def use_iceberg(root: str) -> None:
    """Makes the lake one with Iceberg tables: with its own catalog on a disk, with that of the configuration in a bucket."""
    place = Place(CATALOG, f"{root}/_iceberg", "copydesk") if "://" in root else Place("", "", "copydesk")
    with begin(root) as lake:
        write_place(lake.fs, lake.paths, place)
        keep_up(lake.fs, lake.paths)


ACTIONS: Mapping[str, Callable[[str, Material], Any]] = {
    "ingest": lambda root, items: write(root, items[8:11]),
    "force": lambda root, items: write(root, items[1:5], force=True),
    "compact": lambda root, items: compact(root, pipeline_version=VERSION, target_file_mib=1),
    "forget": lambda root, items: forget(root, Target(TargetKind.SOURCE, items[1].file.uri), pipeline_version=VERSION),
    "replay": replay,
    "iceberg": _catch_up,
}
"""What is done to the lake that `prepared` makes."""


def prepared(action: str, root: str, items: Material) -> None:
    """The lake that the action begins with: two runs, with one reject each."""
    write(root, items[:4])
    if action == "iceberg":
        use_iceberg(root)
        # Runs whose snapshots are missing: one that adds, one that replaces.
        with begin(root) as lake:
            spec = prepare(lake, [item.file for item in items[4:8]], settings={}, pipeline_version=VERSION)
            _stage_and_commit(lake, spec, [(item.file, item.rows) for item in items[4:8]])
            files = [item.file for item in items[1:3]]
            spec = prepare(lake, files, settings={}, pipeline_version=VERSION, force=True)
            _stage_and_commit(lake, spec, [(item.file, item.rows) for item in items[1:3]])
    else:
        write(root, items[4:8])
