"""Finds what is new in folders, globs and buckets, again and again, by the very listing that a batch uses.

Before: a tick of Beam's PeriodicImpulse. After: an `Arrival` for each file that no earlier tick has given and the lake does not hold. Names,
hidden files, links and lakes among the inputs are treated as `transforms.match` does, so a stream names its records as a batch.

Beam's MatchContinuously is built on the same impulse. It is not used because it gives a file the moment it appears, half written or not, and
knows a file by path and time alone; and with `timestamp_cursor`, which bounds what it remembers, it passes over files that
arrive with an older time of change, as copied ones do. Here eight bytes a file are remembered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.coders import BytesCoder
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import BagStateSpec
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from schemas.errors import UsageError
from schemas.records import InputFile
from transforms.listing.local import MAGIC, folder_identity
from transforms.listing.local_path import local_path
from transforms.listing.place import Walk
from transforms.listing.seen import NOTHING_SEEN, Keys, SeenFiles
from transforms.match import Listed, list_inputs, match_listed
from transforms.sources.arrival import Arrival
from transforms.storage.stores import is_object

NotIn = Callable[[Sequence[InputFile]], Sequence[InputFile]]
"""Of these files those that the lake does not hold."""

MICROSECONDS = 1_000_000
NANOSECONDS = 1_000_000_000
_LOG = logging.getLogger(__name__)
_BEHIND = 10
"""A tick that comes so many intervals late is passed over: after a stop the impulse makes up for all ticks, and the last sees what each would."""
_BEHIND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """`inputs` as `copydesk ingest` takes them; `lake` is never read. A file is taken once it has not changed for `still_seconds`.
    `event_time` "arrival" is the tick that found a file, "modified" its time of change."""

    inputs: tuple[str, ...]
    lake: str
    poll_seconds: float
    still_seconds: float
    event_time: str


def look(settings: FolderSettings, seen: Keys, now: datetime, not_in: NotIn) -> tuple[tuple[Arrival, ...], Keys]:
    """What is new at `now`, in order of name, and the keys by which the next look will know it. A folder that is empty or not there
    yet holds nothing. Raises UsageError where a store refuses."""
    there = [given for given in settings.inputs if _is_there(given)]
    if not there:
        return (), NOTHING_SEEN
    listed_at = int(now.timestamp() * NANOSECONDS)
    listed, _ = list_inputs(there, Walk(folder_identity(local_path(settings.lake))), may_be_empty=True)
    still = listed_at - int(settings.still_seconds * NANOSECONDS)
    # Of what can't be asked for its size and time nothing is opened: it may be a pipe.
    places = tuple(place for place in SeenFiles(seen).new(listed) if place.size >= 0 and place.modified < still)
    matched = match_listed(Listed(places, (), listed_at))
    changed = {place.uri: place.modified // 1000 for place in places} if settings.event_time == "modified" else {}
    arrived = int(now.timestamp() * MICROSECONDS)
    new = not_in(matched.files) if matched.files else ()
    return tuple(Arrival(file, changed.get(file.uri, arrived)) for file in new), matched.keys


def _is_there(given: str) -> bool:
    return is_object(given) or bool(MAGIC.search(given)) or Path(local_path(given)).exists()


class _Look(beam.DoFn):
    """One key, so that one worker looks; what was given is state, which a runner's checkpoint keeps."""

    SEEN = BagStateSpec("seen", BytesCoder())

    def __init__(self, settings: FolderSettings, not_in: NotIn) -> None:
        self._settings = settings
        self._not_in = not_in

    def process(
        self, element: tuple[bytes, bytes], time: Any = beam.DoFn.TimestampParam, seen: Any = beam.DoFn.StateParam(SEEN)
    ) -> Iterator[Arrival]:
        """A tick in, what is new out."""
        behind = Timestamp.now().micros - time.micros
        if behind > MICROSECONDS * max(_BEHIND_SECONDS, _BEHIND * self._settings.poll_seconds):
            return
        parts = list(seen.read())
        known = np.unique(np.frombuffer(b"".join(parts), "<u8").astype(np.uint64))
        try:
            arrivals, keys = look(self._settings, known, datetime.now(timezone.utc), self._not_in)
        except (UsageError, OSError) as error:
            _LOG.warning("the sources can't be listed: %s", error)  # the next tick tries again
            return
        if len(keys):
            if len(parts) >= 64:
                seen.clear()
                keys = np.union1d(known, keys)
            seen.add(keys.astype("<u8").tobytes())
        yield from arrivals


@dataclass
class WatchFolders(beam.PTransform):
    """Ticks → `Arrival`s without content. After `stop_after_seconds` (0: never) the last tick is over and the stream ends."""

    settings: FolderSettings
    not_in: NotIn
    stop_after_seconds: float = 0

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """An unbounded collection, spread over the workers (descriptors only)."""
        start = Timestamp.now()
        stop = start + self.stop_after_seconds if self.stop_after_seconds else MAX_TIMESTAMP
        return (
            root
            | "Tick"
            >> PeriodicImpulse(start_timestamp=start, stop_timestamp=stop, fire_interval=self.settings.poll_seconds)
            | "OneLooks" >> beam.Map(_keyed).with_output_types(tuple[bytes, bytes])
            | "Look" >> beam.ParDo(_Look(self.settings, self.not_in))
            | "Spread" >> beam.Reshuffle()
        )


def _keyed(tick: object) -> tuple[bytes, bytes]:
    return b"", b""
