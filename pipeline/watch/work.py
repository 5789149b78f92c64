"""What a watch does to the world: lists the inputs, and makes ordinary runs of what is new.

Before: `Place("inbox/a.html", …)`, not in the lake. After: its rows, by the same `pipeline.run.ingest` as any, under the same name
as if the whole inbox had been ingested at once.
"""

from __future__ import annotations

import gc
import os
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pipeline.failure_log import reason_of
from pipeline.lake.compaction import compact, compacted_text
from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.ledger import live_lists
from pipeline.lake.manifest import read_manifests
from pipeline.lake.seen_files import read_seen
from pipeline.progress import ProgressView
from pipeline.run import ingest
from pipeline.settings import Settings
from pipeline.summary import Summary
from pipeline.supervisor import supervision
from pipeline.version import pipeline_version
from pipeline.visible import one_line
from pipeline.watch.loop import Look
from pipeline.watch.plan import SECOND, Known, Stillness, cut, plan_poll, refuse
from schemas.errors import ConflictError, UnfinishedError, UsageError
from schemas.units import MIB
from transforms.isolation.journal import at_work
from transforms.listing.local import folder_identity
from transforms.listing.local_path import local_path
from transforms.listing.place import Place, Walk
from transforms.listing.seen import Keys, SeenFiles
from transforms.match import Listed, list_inputs
from transforms.secrets import mask_secrets
from transforms.storage.stores import is_object

_BATCHES_AT_ONCE = 20
"""So many runs are made of one look at most: in a bucket of a million objects a look takes minutes."""
_REFUSED_FOR = 600 * SECOND
"""Nanoseconds after which a file that could not be opened is tried again."""
_COARSE_FOR = 3 * SECOND
"""The same for one whose time is in whole seconds and too fresh to tell it from a later change."""
_LEASH = 1.0
"""Seconds in which the workers of a run that failed have ended and taken back their notes."""
_OURS = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)
"""What arguments are to blame for, and not the moment."""


class LakeWork:
    """See `pipeline.watch.loop.Work`. `view` shows the progress of a run; `warm` says that the first idle moment is used to load
    what runs need."""

    def __init__(
        self, inputs: Sequence[str], lake: str, settings: Settings, view: ProgressView, *, warm: bool, debug: bool
    ) -> None:
        self._inputs, self._lake, self._settings, self._view, self._debug = inputs, lake, settings, view, debug
        # Every run commits, however much it rejects: one bad delivery must not hold up all that come after it.
        self._run_settings = replace(settings, run=replace(settings.run, max_reject_share=1.0))
        self._stillness = Stillness(int(settings.watch.settle * SECOND), int(settings.watch.settle_moved * SECOND))
        self._seen: Keys | None = None
        self._unreadable: dict[str, tuple[Place, str]] = {}
        self._behind = False
        self._usable = False
        self._unmerged = True
        self._warm = not warm

    def look(self, known: Known) -> Look:
        """Lists the inputs; the first time also checks all that a run needs, so that what is unusable is told at once."""
        if not self._usable:
            self._ingest(Listed((), (), 0), self._settings, dry_run=True)
            with begin(self._lake):  # makes it, and undoes what an interrupted run left
                pass
        if self._seen is None:
            self._seen = self._read_seen()
        walk = Walk(folder_identity(local_path(self._lake)))
        seen = SeenFiles(self._seen)
        listed, _ = list_inputs(self._inputs, walk, may_be_empty=True)
        watch = self._settings.watch
        found = _Counted(seen.new(listed))
        plan = plan_poll(
            known,
            chain(found, (place for place, _ in walk.unreadable)),  # these are known once all is listed
            time.time_ns(),
            self._stillness,
            at_most=watch.max_files_per_batch * _BATCHES_AT_ONCE,
            entry_changed=_entry_changed,
        )
        self._unreadable = {place.path: (place, why) for place, why in walk.unreadable}
        self._usable = True
        batches = cut(plan.ready, watch.max_files_per_batch, watch.max_mib_per_batch * MIB)
        return Look(plan, batches or (((),) if self._behind else ()), found.number + seen.passed)

    def ingest(self, batch: Sequence[Place], known: Known) -> tuple[Summary | None, Known]:
        """One run. Files that are gone or were changed since the look are left to the next look."""
        still = tuple(place for place in batch if _as_listed(place))
        if not still and not self._behind:
            return None, known
        files = tuple(place for place in still if place.path not in self._unreadable)
        folders = tuple(self._unreadable[place.path] for place in still if place.path in self._unreadable)
        try:
            summary = self._ingest(Listed(files, folders, time.time_ns()), self._settings_for(files))
            self._behind = False
        except UnfinishedError:
            self._behind = True
            raise
        finally:
            self._seen = None
            self._warm = True
            # Beam leaves its whole graph in cycles.
            gc.collect()
        self._seen = self._read_seen()
        return summary, self._without_refused(still, known)

    def rest(self, *, ingested: bool) -> str:
        """Merges the small files of many runs, if it is time; else loads what runs need, once, so that the first file does not wait for it."""
        self._unmerged = self._unmerged or ingested
        if self._unmerged and self._settings.watch.compact_after:
            told = self._compact()
            self._unmerged = False
            return told
        if not ingested and not self._warm:
            from pipeline.ready import warm_up

            self._warm = True
            warm_up(self._settings)
        return ""

    def _compact(self) -> str:
        paths = open_paths(self._lake)
        lists = live_lists(read_manifests(filesystem_of(paths.root), paths))
        if len(lists) <= self._settings.watch.compact_after:
            return ""
        lake = self._settings.lake
        done = compact(
            self._lake,
            pipeline_version=pipeline_version(),
            target_file_mib=lake.target_file_mib,
            row_group_bytes=lake.row_group_mib * MIB,
        )
        return compacted_text(done)

    def over(self, summary: Summary) -> bool:
        """Whether the run rejected more than `run.max_reject_share`."""
        return summary.reject_share > self._settings.run.max_reject_share

    def is_final(self, error: Exception) -> bool:
        """A usage error before the first look is done, unless a disk or store is to blame; and a run that a record has ended in a
        worker, since the supervising process then begins anew with this record apart."""
        if isinstance(error, UsageError):
            cause = error.__cause__
            passing = isinstance(cause, OSError) and not isinstance(cause, _OURS)
            return not self._usable and not passing
        return _has_notes()

    def reason(self, error: Exception) -> str:
        """One line, without credentials."""
        if self._debug:
            traceback.print_exception(error)
        told = isinstance(error, UsageError | ConflictError | UnfinishedError)
        return mask_secrets(one_line(str(error)) if told else reason_of(error))

    def _ingest(self, listed: Listed, settings: Settings, *, dry_run: bool = False) -> Summary:
        return ingest(
            self._inputs, self._lake, settings, force=False, dry_run=dry_run, progress=self._view, listed=listed
        )

    def _read_seen(self) -> Keys:
        paths = open_paths(self._lake)
        return read_seen(filesystem_of(paths.root), paths)

    def _settings_for(self, files: Sequence[Place]) -> Settings:
        size = sum(max(0, place.size) for place in files)
        if self._settings.run.runner != "local" or size >= self._settings.watch.workers_from_mib * MIB:
            return self._run_settings
        return replace(self._run_settings, run=replace(self._run_settings.run, workers=1))

    def _without_refused(self, done: Sequence[Place], known: Known) -> Known:
        assert self._seen is not None
        now = time.time_ns()

        def until(place: Place) -> int:
            coarse = place.size >= 0 and place.modified % SECOND == 0 and now - place.modified < _COARSE_FOR
            return now + (_COARSE_FOR if coarse else _REFUSED_FOR)

        return refuse(known, SeenFiles(self._seen).new(done) if len(self._seen) else done, until)


class _Counted:
    """Goes through places and counts them."""

    def __init__(self, places: Iterator[Place]) -> None:
        self._places = places
        self.number = 0

    def __iter__(self) -> Iterator[Place]:
        for place in self._places:
            self.number += 1
            yield place


def _entry_changed(place: Place) -> int:
    """When the entry of a file on a disk was changed, nanoseconds since 1970; 0 where it can't be asked."""
    try:
        return 0 if is_object(place.path) else Path(place.path).stat().st_ctime_ns
    except (OSError, ValueError):
        return 0


def _as_listed(place: Place) -> bool:
    """Whether a file on a disk is still what was listed. An object is read by whoever opens it as it then is."""
    if place.size < 0 or is_object(place.path):
        return True
    try:
        status = os.stat(place.path)  # noqa: PTH116 - one for each file of a batch
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (place.size, place.modified)


def _has_notes() -> bool:
    journal = supervision().journal
    if not journal or not at_work(journal):
        return False
    time.sleep(_LEASH)
    return bool(at_work(journal))
