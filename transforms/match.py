"""Finds the files that the inputs mean and hashes them: the pre-pass that gives a run its identity.

Before: ["samples", "extra/*.html"]. After: `InputFile("samples/a/b.html", "a/b.html", 5120, "9f2c...")` and so on, sorted by name, with a
reject for each pipe, socket or unreadable file on the way. The order of the inputs makes no difference.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from schemas.codes import RejectCode, Stage
from schemas.errors import RecordError, UsageError
from schemas.records import InputFile, Reject, Unopened
from transforms.glob_pattern import compile_glob, fits
from transforms.rejects import make_reject

_CHUNK = 1024 * 1024
_BATCH = 64
_THREADS = 4
_MAGIC = re.compile(r"[*?\[]")
_SURROGATE = re.compile("[\udc80-\udcff]")
_ESCAPED_BYTE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
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
    over because they are a lake."""

    files: tuple[InputFile, ...]
    unopened: tuple[Unopened, ...]
    duplicates: int
    hidden: int = 0
    lakes: int = 0

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """The rejects of what could not be opened, sorted by (name, uri)."""
        return tuple(each.reject for each in self.unopened)


class _Found(NamedTuple):
    path: str
    uri: str
    name: str


@dataclass
class _Walk:
    """What one walk found beside its files."""

    lake: tuple[int, int] | None
    unreadable: list[tuple[_Found, str]]
    hidden: int = 0
    lakes: int = 0


def local_path(uri: str) -> str:
    """The path on this machine that an InputFile's uri means: a file:// URI undone; bytes that are no UTF-8, which a uri shows as
    %XX, put back where no file has the literal name."""
    if uri.startswith("file://"):
        return os.fsdecode(unquote_to_bytes(urlsplit(uri.replace("#", "%23").replace("?", "%3F")).path))
    if _ESCAPED_BYTE.search(uri) and not os.path.lexists(uri):
        raw = _ESCAPED_BYTE.sub(lambda match: chr(0xDC00 + int(match[0][1:], 16)), uri)
        if os.path.lexists(raw):
            return raw
    return uri


def _shown(path: str) -> str:
    """A path as text that can be written as UTF-8."""
    return _SURROGATE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", path) if _SURROGATE.search(path) else path


def match_inputs(inputs: Sequence[str], *, lake: str | None = None) -> Matched:
    """The files that `inputs` mean: files, folders (recursive), globs (`*`, `?`, `[...]`, `**`), file:// URIs; relative ones stay
    relative. Names are relative to their input: a file's base name, else the path below the folder or below the glob's fixed leading folder, with "/".

    Names that start with a dot are passed over, as is the `lake` and any other lake below a folder (told by its `_runs`). A folder that is reached
    twice through symbolic links is read once. Same name and same content twice are kept once. Where inputs overlap, a file goes by its
    longest name (that of the outermost input). Raises UsageError for a path that doesn't exist, a glob without a match, a folder without
    a file, or storage that isn't local.
    """
    if not inputs:
        raise UsageError("no input is given; name a file, a folder or a glob")
    lake_id = _identity(local_path(lake)) if lake else None
    walk = _Walk(lake_id, [])
    found = [place for given in inputs for place in _expand(given, walk)]
    places = _each_once(found)
    again = len(found) - len(places)
    hashed = _hash_all(places)
    kept: dict[tuple[str, str], InputFile] = {}
    rejects: dict[tuple[str, str], Reject] = {}
    for place, file in hashed:
        if isinstance(file, InputFile):
            if kept.setdefault((file.name, file.sha256), file) is not file:
                again += 1
        else:
            rejects[(place.name, place.uri)] = _reject(place, file)
    why = dict(walk.unreadable)
    for place in _each_once(list(why)):
        rejects[(place.name, place.uri)] = _reject(place, RecordError(RejectCode.UNREADABLE_FILE, why[place]))
    return Matched(
        files=tuple(sorted(kept.values(), key=lambda file: (file.name, file.sha256, file.uri))),
        unopened=_unopened(rejects),
        duplicates=again,
        hidden=walk.hidden,
        lakes=walk.lakes,
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


def _each_once(found: Sequence[_Found]) -> list[_Found]:
    """Each path once, sorted, under the longest of its names and then the smallest uri, in whatever order the inputs were given.

    A path is told by its spelling, made absolute: links of other names are other files.
    """
    by_path: dict[str, list[_Found]] = {}
    for place in found:
        by_path.setdefault(os.path.abspath(place.path), []).append(place)  # noqa: PTH100 - Path.absolute keeps ".."
    kept: list[_Found] = []
    for same in by_path.values():
        if len({place.path for place in same}) == 1:
            kept.append(min(same, key=_rank))
            continue
        # "link/../x" is spelled like "x" and may be another file.
        by_file: dict[tuple[int, int] | None, list[_Found]] = {}
        for place in same:
            by_file.setdefault(_identity(place.path), []).append(place)
        kept.extend(min(places, key=_rank) for places in by_file.values())
    return sorted(kept)


def _rank(place: _Found) -> tuple[int, str, str]:
    return -len(place.name), place.uri, place.name


def _reject(place: _Found, error: RecordError) -> Reject:
    return make_reject(source_uri=place.uri, name=place.name, stage=Stage.MATCH, code=error.code, message=error.message)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _expand(given: str, walk: _Walk) -> Iterator[_Found]:
    """The files of one input; raises UsageError where there is none."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", given)
    if scheme and scheme[1].lower() != "file":
        raise UsageError(f"input {given!r}: this version reads local files only, not {scheme[1].lower()}://")
    if "\0" in given or not given:
        raise UsageError(f"input {given!r} is no path")
    path = local_path(given)
    if scheme and urlsplit(given).netloc not in ("", "localhost"):
        raise UsageError(f"input {given!r}: a file:// URI names a local path, file:///...")
    if not os.path.lexists(path) and _MAGIC.search(unquote(given) if scheme else given):
        yield from _glob(given, path, walk)
        return
    try:
        status = Path(path).stat()
    except OSError as error:
        raise UsageError(_not_there(given, path, error)) from error
    if not stat.S_ISDIR(status.st_mode):
        yield _Found(path, _shown(given), _shown(Path(path).name))
        return
    if walk.lake == (status.st_dev, status.st_ino):
        raise UsageError(f"input {given!r} is the lake itself; give the folder of the raw articles")
    if _is_lake(path):
        raise UsageError(f"input {given!r} is a lake; to read its articles again name its folder articles")
    count = 0
    for relative, file in _walk(path, walk):
        count += 1
        yield _Found(file, _shown(_join(given, relative)), _shown(relative))
    if not count:
        refused = sum(1 for place, _ in walk.unreadable if place.path.startswith(path))
        if not refused:
            raise UsageError(f"input {given!r} is a folder without any file")


def _join(folder: str, relative: str) -> str:
    if folder.startswith("file://"):
        relative = "".join(
            letter if letter.isalnum() or letter in "/-_.~" else "".join(f"%{byte:02X}" for byte in os.fsencode(letter))
            for letter in relative
        )
    return f"{folder.rstrip('/')}/{relative}" if folder.strip("/") else f"/{relative}"


def _not_there(given: str, path: str, error: OSError) -> str:
    folder, base = os.path.split(path.rstrip("/"))
    try:
        names = sorted(entry.name for entry in Path(folder or ".").iterdir())
    except OSError:
        names = []
    if isinstance(error, PermissionError):
        return f"input {given!r} can't be read: {error.strerror}"
    if os.path.lexists(path):
        return f"input {given!r} is a symbolic link to nothing ({error.strerror})"
    near = difflib.get_close_matches(base, names, 1, 0.6)
    nearest = f"{folder.rstrip('/')}/{near[0]}" if folder and near else "".join(near)
    hint = f"; did you mean {_shown(nearest)!r}?" if near else ""
    return f"input {given!r} does not exist{hint}"


def _walk(
    root: str, walk: _Walk, wanted: Callable[[tuple[str, ...], bool], bool] | None = None
) -> Iterator[tuple[str, str]]:
    """(path below `root`, path) of each entry that is no folder. Real folders are walked before linked ones and each folder once, so
    loops end and what is found doesn't depend on the order of the disk."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, str]] = [("", root)]
    linked: list[tuple[str, str]] = []
    while waiting or linked:
        if not waiting:
            linked.sort(reverse=True)
            waiting.append(linked.pop())
        below, folder = waiting.pop()
        identity = _identity(folder)
        if identity in seen:
            continue
        if identity is not None:
            seen.add(identity)
            if identity == walk.lake:
                walk.lakes += 1
                continue
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            why = f"the folder can't be read: {error.strerror or error}"
            walk.unreadable.append((_Found(folder, _shown(folder), _shown(below.rstrip("/"))), why))
            continue
        if below and any(entry.name == "_runs" for entry in entries) and _is_lake(folder):
            walk.lakes += 1
            continue
        folders: list[tuple[str, str]] = []
        for entry in entries:
            if entry.name.startswith("."):
                walk.hidden += 1
                continue
            relative = below + entry.name
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            if wanted is not None and not wanted(tuple(relative.split("/")), is_folder):
                continue
            if not is_folder:
                yield relative, entry.path
            elif entry.is_symlink():
                linked.append((relative + "/", entry.path))
            else:
                folders.append((relative + "/", entry.path))
        waiting.extend(reversed(folders))


def _is_lake(folder: str) -> bool:
    try:
        return any(entry.name.endswith(".json") for entry in Path(folder, "_runs").iterdir())
    except OSError:
        return False


def _glob(given: str, path: str, walk: _Walk) -> Iterator[_Found]:
    """The files that a glob matches; a folder that it matches is taken with all below it."""
    parts = path.split("/")
    fixed = next(place for place, part in enumerate(parts) if _MAGIC.search(part))
    root = "/".join(parts[:fixed]) or ("/" if path.startswith("/") else ".")
    pattern = [part for part in parts[fixed:] if part]
    compiled = compile_glob(pattern)
    if not Path(root).is_dir():
        raise UsageError(f"no file matches {given!r}: {root!r} is no folder")
    prefix = given[: _MAGIC.search(given).start()] if _MAGIC.search(given) else given  # type: ignore[union-attr]
    lead = prefix.rsplit("/", 1)[0] + "/" if "/" in prefix else ""
    count = 0
    for relative, file in _walk(root, walk, lambda names, folder: fits(names, compiled, folder)):
        count += 1
        yield _Found(file, _shown(_join(lead, relative) if lead else relative), _shown(relative))
    if not count:
        raise UsageError(f"no file matches {given!r}")


def _hash_all(found: list[_Found]) -> list[tuple[_Found, InputFile | RecordError]]:
    batches = [found[place : place + _BATCH] for place in range(0, len(found), _BATCH)]
    if len(batches) <= 1:
        return [(place, _hashed(place)) for place in found]
    with ThreadPoolExecutor(_THREADS) as pool:
        results = pool.map(lambda batch: [(place, _hashed(place)) for place in batch], batches)
        return [pair for batch in results for pair in batch]


def _hashed(place: _Found) -> InputFile | RecordError:
    """The file's size and SHA-256; opening never waits (a pipe without a writer would)."""
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


def _irregular(mode: int) -> RecordError:
    what = next((name for test, name in _KINDS if test(mode)), "a folder" if stat.S_ISDIR(mode) else "no regular file")
    return RecordError(RejectCode.NOT_A_REGULAR_FILE, f"the input is {what}")


def _refused(place: _Found, error: OSError) -> RecordError:
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
