"""Makes a pane part of the lake: one ordinary run, by the same commit as a batch's.

Before: a pane with forty inputs, three of which the lake holds already. After: one more run with thirty-seven; its manifest is published, its list of
inputs is in the ledger, and the files that the workers wrote are gone.

Exactly once, however often a runner repeats a step or a source an input: what is in the lake is decided here, under the lake's lock, by the
ledger, which knows every input by its name and bytes. A pane that is committed again, in whole or with other neighbours, finds its inputs there
and commits nothing. A commit that was cut off halfway is finished, or undone, by the recovery that opens the lake.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import NamedTuple

from pipeline.lake.commit import CommitResult, commit
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.iceberg.place import read_place
from pipeline.lake.lake import Lake, begin
from pipeline.lake.layout import LakePaths
from pipeline.lake.learned import StagedRound
from pipeline.lake.ledger import already_in
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.merge import merge_staged
from pipeline.lake.run_spec import KNOWN_IDS, RunSpec, prepare
from pipeline.lake.staging import Fragment
from pipeline.lake.tombstones import FORGOTTEN_FILE, Tombstones, parse
from pipeline.streaming.adopt import Given, adopt, head_of
from pipeline.streaming.collect import Pane
from pipeline.streaming.pack import Pack
from pipeline.streaming.plan import StreamPlan
from pipeline.streaming.windows import MICROSECONDS, Fate
from schemas.codes import RejectCode, Stage
from schemas.records import InputFile, Reject
from transforms.rejects import RAW_CAP, make_reject
from transforms.storage.local_copy import local_copy

_WAITS = 600.0
"""Seconds for which another run may have the lake before the pane fails, and the runner tries it again."""
_PAUSE = 1.0


class PaneResult(NamedTuple):
    """`runs` are empty where the lake held every input already. `repeated` inputs were left out for that, `too_late` ones are rejects."""

    runs: tuple[CommitResult, ...]
    inputs: int
    repeated: int
    too_late: int


def commit_pane(
    plan: StreamPlan, pane: Pane, fs: FileSystem | None = None, pause: Callable[[float], None] = time.sleep
) -> PaneResult:
    """Commits what the lake does not hold yet. Raises LakeBusyError where the lake stays busy, OSError where a worker's file is
    gone, and what `commit` raises; nothing of the run that failed is visible then.
    """
    given, delivered = _each_once(pane)
    runs: list[CommitResult] = []
    inputs = too_late = 0
    with _opened(plan, fs, pause) as lake:
        for generation in _generations(_new(lake, given)):
            runs.append(_commit(lake, plan, pane, generation, len(runs)))
            inputs += len(generation)
            too_late += sum(each.refused is not None for each in generation)
        if runs and read_place(lake.fs, lake.paths) is not None:
            from pipeline.lake.iceberg.snapshots import keep_up  # half a second to import

            keep_up(lake.fs, lake.paths)
        for waiting in pane.packs:
            for table in waiting.pack.tables:
                lake.fs.delete(lake.paths.absolute(waiting.pack.file(table)))
    return PaneResult(tuple(runs), inputs, delivered - inputs, too_late)


@contextmanager
def _opened(plan: StreamPlan, fs: FileSystem | None, pause: Callable[[float], None]) -> Iterator[Lake]:
    """The lake, once whoever else writes to it is done."""
    waited = 0.0
    while True:
        try:
            lake = begin(plan.root, fs)
            break
        except LakeBusyError:
            if waited >= _WAITS:
                raise
            pause(_PAUSE)
            waited += _PAUSE
    with lake:
        yield lake


class _Candidate(NamedTuple):
    """One input of the pane, at `place` in its pack, and how it arrived."""

    pack: Pack
    place: int
    fate: Fate


def _each_once(pane: Pane) -> tuple[list[_Candidate], int]:
    """Each input (name and bytes) once, the earliest and not the one that came too late; and how many were delivered."""
    every = [
        _Candidate(waiting.pack, index, waiting.fate)
        for waiting in pane.packs
        for index in range(len(waiting.pack.deliveries))
    ]
    kept: dict[tuple[str, str], _Candidate] = {}
    for each in sorted(every, key=_order):
        file = each.pack.deliveries[each.place].file
        kept.setdefault((file.name, file.sha256), each)
    return list(kept.values()), len(every)


def _order(each: _Candidate) -> tuple[bool, int, InputFile]:
    delivery = each.pack.deliveries[each.place]
    return each.fate is Fate.TOO_LATE, delivery.event_time, delivery.file


def _new(lake: Lake, candidates: Iterable[_Candidate]) -> list[Given]:
    """What the lake does not hold, those that came too late as what they become."""
    by_file = {each.pack.deliveries[each.place].file: each for each in candidates}
    new = set(already_in(lake.fs, lake.paths, list(by_file))[0])
    return [
        Given(
            each.pack,
            each.pack.deliveries[each.place],
            _too_late(lake.fs, lake.paths, each) if each.fate is Fate.TOO_LATE else None,
        )
        for file, each in by_file.items()
        if file in new
    ]


def _generations(given: Iterable[Given]) -> list[list[Given]]:
    """Inputs in lists in which no name and no uri is twice, earlier versions of an input in earlier lists: a later version is held
    against the earlier, whose records it mostly repeats."""
    found: list[list[Given]] = []
    taken: list[set[str]] = []
    for each in given:
        file = each.delivery.file
        own = {f"name {file.name}", f"uri {file.uri}"}
        # Behind the last list that has it, so that versions stay in order.
        at = max((index + 1 for index, names in enumerate(taken) if names & own), default=0)
        if at == len(found):
            found.append([])
            taken.append(set())
        found[at].append(each)
        taken[at] |= own
    return found


def _too_late(fs: FileSystem, paths: LakePaths, each: _Candidate) -> Reject:
    delivery = each.pack.deliveries[each.place]
    file = delivery.file
    time = datetime.fromtimestamp(delivery.event_time / MICROSECONDS, timezone.utc)
    closed = datetime.fromtimestamp(each.pack.end / MICROSECONDS, timezone.utc)
    return make_reject(
        source_uri=file.uri,
        name=file.name,
        stage=Stage.WRITE,
        code=RejectCode.TOO_LATE,
        message=f"its time is {time:%Y-%m-%dT%H:%M:%SZ}; the window that ended at {closed:%H:%M:%SZ} takes nothing more",
        raw=head_of(fs, paths, each.pack, delivery) or _first_bytes(file),
        raw_size=file.size,
        raw_sha256=file.sha256,
    )


def _first_bytes(file: InputFile) -> bytes:
    """The start of a file; empty where it is gone by now, or was a message that was empty."""
    try:
        with local_copy(file.uri) as path, path.open("rb") as stream:
            return stream.read(RAW_CAP)
    except (OSError, ValueError):
        return b""


def _commit(lake: Lake, plan: StreamPlan, pane: Pane, given: list[Given], generation: int) -> CommitResult:
    learned = StagedRound(b"", 0, plan.learned_lines, plan.learned_sha256, 0) if plan.learned_lines else None
    spec = prepare(
        lake,
        [each.delivery.file for each in given],
        settings=plan.settings,
        pipeline_version=plan.pipeline_version,
        learned=learned,
        find_mentions=plan.find_mentions,
        target_file_bytes=plan.target_file_bytes,
        row_group_bytes=plan.row_group_bytes,
        flush_bytes=plan.flush_bytes,
    )
    spec = replace(spec, run_id=_run_id(plan, pane, generation, spec, given))
    adopted = adopt(lake.fs, spec, given, _known(lake, spec), _tombstones(lake, spec))
    folders: dict[str, list[Fragment]] = {}
    for fragment in adopted.rows:
        folders.setdefault(fragment.directory, []).append(fragment)
    files = [file for folder in sorted(folders) for file in merge_staged(lake.fs, spec, folder, folders[folder])]
    return commit(lake.fs, spec, files, adopted.counted)


def _run_id(plan: StreamPlan, pane: Pane, generation: int, spec: RunSpec, given: list[Given]) -> str:
    """Of the stream, the window, the pane and what is in it: a pane that is tried again gets the same, another never."""
    refused = sorted(each.delivery.file.name for each in given if each.refused is not None)
    identity = [plan.name, plan.windows.size, pane.end, pane.number, generation, spec.run_id, refused]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]


def _known(lake: Lake, spec: RunSpec) -> frozenset[str]:
    if not spec.has_known_ids:
        return frozenset()
    return frozenset(lake.fs.read_bytes(lake.paths.absolute(f"{spec.staging}/{KNOWN_IDS}")).decode().split("\n"))


def _tombstones(lake: Lake, spec: RunSpec) -> Tombstones:
    if not spec.has_tombstones:
        return Tombstones()
    listed = lake.fs.read_bytes(lake.paths.absolute(f"{spec.staging}/{FORGOTTEN_FILE}"))
    return parse(listed.decode().split("\n"))
