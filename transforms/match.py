"""Finds the files that the inputs mean and hashes them: the pre-pass that gives a run its identity.

Before: ["samples", "extra/*.html"]. After: `InputFile("samples/a/b.html", "a/b.html", 5120, "9f2c...")` and so on, sorted by name, with a
reject for each pipe, socket or unreadable file on the way. The order of the inputs makes no difference.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from schemas.codes import RejectCode, Stage
from schemas.errors import NothingFoundError, RecordError, UsageError
from schemas.records import InputFile, Reject, Unopened
from transforms.listing.local import folder_identity, list_local
from transforms.listing.local_path import local_path
from transforms.listing.objects import list_objects
from transforms.listing.place import Place, Walk
from transforms.listing.seen import NOTHING_SEEN, Keys, SeenFiles, keys_of
from transforms.rejects import make_reject
from transforms.storage.object_store import ObjectPath
from transforms.storage.stores import is_object, store_of

_NANOSECONDS = 1_000_000_000
_CHUNK = 1024 * 1024
_OBJECT_CHUNK = 8 * 1024 * 1024
_BATCH = 64
_THREADS = 4
_OBJECT_THREADS = 16
"""An object store answers many requests at once, each after some milliseconds."""
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISCHR, "a character device"),
)


@dataclass(frozen=True, slots=True)
class Matched:
    """What the inputs hold: files sorted by (name, sha256, uri), what could not be opened with its reject of stage `match`, and how many times a file came again: by
    another input, or with the same name and content. `hidden` counts files and folders passed over because their name starts with a dot, `lakes` folders passed
    over because they are a lake, `seen` files that need not be read again, `older` those changed before the time asked for. `keys` tell
    the files of this listing in later ones (`transforms.listing.seen`)."""

    files: tuple[InputFile, ...]
    unopened: tuple[Unopened, ...]
    duplicates: int
    hidden: int = 0
    lakes: int = 0
    seen: int = 0
    older: int = 0
    keys: Keys = field(default_factory=lambda: NOTHING_SEEN, compare=False, repr=False)

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """The rejects of what could not be opened, sorted by (name, uri)."""
        return tuple(each.reject for each in self.unopened)


@dataclass(frozen=True, slots=True)
class Listed:
    """What is to be read of a listing made at `at` (nanoseconds since 1970): files, each once, and folders that can't be read with why."""

    places: tuple[Place, ...]
    unreadable: tuple[tuple[Place, str], ...]
    at: int


def match_inputs(
    inputs: Sequence[str], *, lake: str | None = None, seen: Keys = NOTHING_SEEN, since: datetime | None = None
) -> Matched:
    """The files that `inputs` mean: files, folders (recursive), globs (`*`, `?`, `[...]`, `**`), file://, s3:// and gs:// URIs; relative
    paths stay relative. Names are relative to their input: a file's base name, else the path below the folder or below the glob's fixed leading folder, with "/".

    Names that start with a dot are passed over, as is the `lake` and any other lake below a folder (told by its `_runs`). A folder that is reached
    twice through symbolic links is read once. Same name and same content twice are kept once. Where inputs overlap, a file goes by its
    longest name (that of the outermost input). Files that `seen` knows are not opened; neither are those changed before `since`. Raises
    UsageError for a path that doesn't exist, a glob without a match, a folder without a file, or a store that refuses.
    """
    if not inputs:
        raise UsageError("no input is given; name a file, a folder or a glob")
    listed_at = time.time_ns()
    walk = Walk(folder_identity(local_path(lake)) if lake else None)
    known = SeenFiles(seen)
    listed, again = list_inputs(inputs, walk)
    older = 0
    places: list[Place] = []
    for place in known.new(listed):
        if since is not None and place.size >= 0 and place.modified < since.timestamp() * _NANOSECONDS:
            older += 1
        else:
            places.append(place)
    matched = match_listed(Listed(tuple(places), tuple(walk.unreadable), listed_at))
    return replace(
        matched,
        duplicates=matched.duplicates + again,
        hidden=walk.hidden,
        lakes=walk.lakes,
        seen=known.passed,
        older=older,
    )


def list_inputs(inputs: Sequence[str], walk: Walk, *, may_be_empty: bool = False) -> tuple[Iterator[Place], int]:
    """The places that `inputs` mean, each once, and how many came again by another input. Raises UsageError as `match_inputs` does, for
    one input as it is listed; `may_be_empty` lets inputs be that hold no file yet."""
    listed = (place for given in inputs for place in _list_one(given, walk, may_be_empty))
    if len(inputs) == 1:
        return listed, 0
    every = list(listed)  # Inputs may overlap; what one input lists, it lists once.
    once = _each_once(every)
    return iter(once), len(every) - len(once)


def _list_one(given: str, walk: Walk, may_be_empty: bool) -> Iterator[Place]:
    try:
        yield from (list_objects if is_object(given) else list_local)(given, walk)
    except NothingFoundError:
        if not may_be_empty:
            raise


def match_listed(listed: Listed) -> Matched:
    """The listed files, opened and hashed."""
    again = 0
    kept: dict[tuple[str, str], InputFile] = {}
    rejects: dict[tuple[str, str], Reject] = {}
    read: list[Place] = []
    for place, file in _hash_all(sorted(listed.places)):
        if isinstance(file, InputFile):
            read.append(place)
            if kept.setdefault((file.name, file.sha256), file) is not file:
                again += 1
        else:
            rejects[(place.name, place.uri)] = _reject(place, file)
    why = dict(listed.unreadable)
    for place in _each_once(list(why)):
        rejects[(place.name, place.uri)] = _reject(place, RecordError(RejectCode.UNREADABLE_FILE, why[place]))
    return Matched(
        files=tuple(sorted(kept.values(), key=lambda file: (file.name, file.sha256, file.uri))),
        unopened=_unopened(rejects),
        duplicates=again,
        keys=keys_of(read, listed.at),
    )


def _unopened(rejects: Mapping[tuple[str, str], Reject]) -> tuple[Unopened, ...]:
    """What could not be opened, sorted. A name is an identity only where it is given once: of several (files of one name
    named apart) the others go by their uri, since there are no bytes to tell them by."""
    taken: set[str] = set()
    found: list[Unopened] = []
    for name, uri in sorted(rejects):
        found.append(Unopened(InputFile(uri, uri if name in taken else name, 0, ""), rejects[name, uri]))
        taken.add(name)
    return tuple(found)


def _each_once(found: Sequence[Place]) -> list[Place]:
    """Each path once, sorted, under the longest of its names and then the smallest uri, in whatever order the inputs were given.

    A path is told by its spelling, made absolute: links of other names are other files.
    """
    by_path: dict[str, list[Place]] = {}
    for place in found:
        by_path.setdefault(os.path.abspath(place.path), []).append(place)  # noqa: PTH100 - Path.absolute keeps ".."
    kept: list[Place] = []
    for same in by_path.values():
        if len({place.path for place in same}) == 1:
            kept.append(min(same, key=_rank))
            continue
        # "link/../x" is spelled like "x" and may be another file.
        by_file: dict[tuple[int, int] | None, list[Place]] = {}
        for place in same:
            by_file.setdefault(folder_identity(place.path), []).append(place)
        kept.extend(min(places, key=_rank) for places in by_file.values())
    return sorted(kept)


def _rank(place: Place) -> tuple[int, str, str]:
    return -len(place.name), place.uri, place.name


def _reject(place: Place, error: RecordError) -> Reject:
    return make_reject(source_uri=place.uri, name=place.name, stage=Stage.MATCH, code=error.code, message=error.message)


def _hash_all(found: list[Place]) -> list[tuple[Place, InputFile | RecordError]]:
    threads = _OBJECT_THREADS if any(is_object(place.path) for place in found[:1]) else _THREADS
    batches = [found[place : place + _BATCH] for place in range(0, len(found), _BATCH)]
    if len(batches) <= 1:
        return [(place, _hashed(place)) for place in found]
    with ThreadPoolExecutor(threads) as pool:
        results = pool.map(lambda batch: [(place, _hashed(place)) for place in batch], batches)
        return [pair for batch in results for pair in batch]


def _hashed(place: Place) -> InputFile | RecordError:
    """The file's size and SHA-256; opening never waits (a pipe without a writer would)."""
    if is_object(place.path):
        return _hashed_object(place)
    try:
        descriptor = os.open(place.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return _refused(place, error)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                return _irregular(mode)
            digest = hashlib.sha256()
            size = 0
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        except OSError as error:
            return RecordError(RejectCode.UNREADABLE_FILE, f"the file can't be read: {error.strerror or error}")
    return InputFile(place.uri, place.name, size, digest.hexdigest())


def _hashed_object(place: Place) -> InputFile | RecordError:
    where, store = ObjectPath.of(place.path), store_of(place.path)
    digest = hashlib.sha256()
    try:
        for start in range(0, place.size, _OBJECT_CHUNK):
            digest.update(store.read(where.bucket, where.key, start, min(place.size, start + _OBJECT_CHUNK)))
    except OSError as error:
        return RecordError(RejectCode.UNREADABLE_FILE, f"the object can't be read: {error}")
    return InputFile(place.uri, place.name, place.size, digest.hexdigest())


def _irregular(mode: int) -> RecordError:
    what = next((name for test, name in _KINDS if test(mode)), "a folder" if stat.S_ISDIR(mode) else "no regular file")
    return RecordError(RejectCode.NOT_A_REGULAR_FILE, f"the input is {what}")


def _refused(place: Place, error: OSError) -> RecordError:
    try:
        mode = Path(place.path).stat().st_mode
    except OSError:
        if Path(place.path).is_symlink():
            message = f"the file is a symbolic link that leads nowhere ({error.strerror})"
            return RecordError(RejectCode.UNREADABLE_FILE, message)
        return RecordError(RejectCode.UNREADABLE_FILE, f"the file can't be opened: {error.strerror or error}")
    if not stat.S_ISREG(mode):
        return _irregular(mode)
    return RecordError(RejectCode.UNREADABLE_FILE, f"the file can't be opened: {error.strerror or error}")
