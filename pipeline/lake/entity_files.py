"""Which files of `entities` count which mention files, when later runs replace some of them.

Before: run 1 wrote mention files m1, m2 and its entities e1; run 2 replaces m1. After: e1 goes as well, since it counts m1;
run 2 counts what it writes itself and m2 anew. From then on run 2's entities stand for m2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.lake.layout import run_of_part
from pipeline.lake.manifest import FileEntry, KnownEntities, Manifest, live_files
from schemas.tables import ENTITIES, MENTIONS


class Recount(NamedTuple):
    """`entities` are files that go; `mentions` the files counted in them that stay and must be counted again."""

    entities: tuple[str, ...]
    mentions: tuple[str, ...]


def recounted(manifests: Sequence[Manifest], replaced: Iterable[str], entities: Iterable[str] = ()) -> Recount:
    """What has to be counted again once the files `replaced` are gone (paths relative to the lake); both sorted.

    With `entities`, files of that table, also what is counted in these.
    """
    gone = set(replaced)
    counted_by = _counting_runs(manifests)
    mentions = live_files(manifests, MENTIONS.name)
    runs = {counted_by[_run(entry)] for entry in mentions if entry.path in gone}
    runs |= {run for path in entities if (run := run_of_part(path.rpartition("/")[2]))}
    return Recount(
        tuple(entry.path for entry in live_files(manifests, ENTITIES.name) if _run(entry) in runs),
        tuple(entry.path for entry in mentions if entry.path not in gone and counted_by[_run(entry)] in runs),
    )


def known_entities(manifests: Sequence[Manifest], replaced: Iterable[str]) -> KnownEntities | None:
    """What runs so far have named, without the files `replaced`; None where that is nothing."""
    files = known_files(manifests, replaced)
    if not files:
        return None
    digest = hashlib.sha256("\n".join(sorted(entry.sha256 for entry in files)).encode()).hexdigest()
    return KnownEntities(sum(entry.rows for entry in files), len(files), digest)


def known_files(manifests: Sequence[Manifest], replaced: Iterable[str]) -> tuple[FileEntry, ...]:
    """The live files of `entities` without those `replaced`, by path."""
    gone = set(replaced)
    return tuple(entry for entry in live_files(manifests, ENTITIES.name) if entry.path not in gone)


def _counting_runs(manifests: Sequence[Manifest]) -> dict[str, str]:
    """For each run the one whose entities now count the run's mention files: itself, until a later one takes its entities'
    place."""
    successor = {
        run: manifest.run_id
        for manifest in manifests
        for path in manifest.replaces
        if path.startswith(f"{ENTITIES.name}/") and (run := run_of_part(path.rpartition("/")[2]))
    }
    counting: dict[str, str] = {}
    for manifest in manifests:
        run = manifest.run_id
        while run in successor:
            run = successor[run]
        counting[manifest.run_id] = run
    return counting


def _run(entry: FileEntry) -> str:
    run = run_of_part(entry.path.rpartition("/")[2])
    assert run is not None
    return run
