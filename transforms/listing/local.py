"""The files that an input on the local disk means: a file, a folder with all below it, or a glob.

Before: "samples". After: `Place("samples/a/b.html", "samples/a/b.html", "a/b.html", 5120, …)` and so on, each folder's in order of name.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import NothingFoundError, UsageError
from transforms.glob_pattern import compile_glob, fits
from transforms.listing.local_path import local_path, shown
from transforms.listing.place import Place, Walk

MAGIC = re.compile(r"[*?\[]")


def folder_identity(path: str) -> tuple[int, int] | None:
    """Device and number of a folder or file, which tell it under any name; None where it can't be asked."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def list_local(given: str, walk: Walk) -> Iterator[Place]:
    """The files of one input; raises UsageError where there is none."""
    if "\0" in given or not given:
        raise UsageError(f"input {given!r} is no path")
    path = local_path(given)
    scheme = given.startswith("file://")
    if scheme and urlsplit(given).netloc not in ("", "localhost"):
        raise UsageError(f"input {given!r}: a file:// URI names a local path, file:///...")
    if not os.path.lexists(path) and MAGIC.search(unquote(given) if scheme else given):
        yield from _glob(given, path, walk)
        return
    try:
        status = Path(path).stat()
    except OSError as error:
        raise UsageError(_not_there(given, path, error)) from error
    if not stat.S_ISDIR(status.st_mode):
        yield _place(path, shown(given), shown(Path(path).name), status)
        return
    if walk.lake == (status.st_dev, status.st_ino):
        raise UsageError(f"input {given!r} is the lake itself; give the folder of the raw articles")
    if _is_lake(path):
        raise UsageError(f"input {given!r} is a lake; to read its articles again name its folder articles")
    count = 0
    for relative, entry in _walk(path, walk):
        count += 1
        yield _place(entry.path, shown(_join(given, relative)), shown(relative), _status(entry))
    if not count:
        refused = sum(1 for place, _ in walk.unreadable if place.path.startswith(path))
        if not refused:
            raise NothingFoundError(f"input {given!r} is a folder without any file")


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        return None


def _place(path: str, uri: str, name: str, status: os.stat_result | None) -> Place:
    if status is None or not stat.S_ISREG(status.st_mode):
        return Place(path, uri, name)
    return Place(path, uri, name, status.st_size, status.st_mtime_ns)


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
    hint = f"; did you mean {shown(nearest)!r}?" if near else ""
    return f"input {given!r} does not exist{hint}"


def _walk(
    root: str, walk: Walk, wanted: Callable[[tuple[str, ...], bool], bool] | None = None
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """(path below `root`, entry) of each entry that is no folder. Real folders are walked before linked ones and each folder once, so
    loops end and what is found doesn't depend on the order of the disk."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, str]] = [("", root)]
    linked: list[tuple[str, str]] = []
    while waiting or linked:
        if not waiting:
            linked.sort(reverse=True)
            waiting.append(linked.pop())
        below, folder = waiting.pop()
        identity = folder_identity(folder)
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
            walk.unreadable.append((Place(folder, shown(folder), shown(below.rstrip("/"))), why))
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
                yield relative, entry
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


def _glob(given: str, path: str, walk: Walk) -> Iterator[Place]:
    """The files that a glob matches; a folder that it matches is taken with all below it."""
    parts = path.split("/")
    fixed = next(place for place, part in enumerate(parts) if MAGIC.search(part))
    root = "/".join(parts[:fixed]) or ("/" if path.startswith("/") else ".")
    pattern = [part for part in parts[fixed:] if part]
    compiled = compile_glob(pattern)
    if not Path(root).is_dir():
        raise UsageError(f"no file matches {given!r}: {root!r} is no folder")
    prefix = given[: MAGIC.search(given).start()] if MAGIC.search(given) else given  # type: ignore[union-attr]
    lead = prefix.rsplit("/", 1)[0] + "/" if "/" in prefix else ""
    count = 0
    for relative, entry in _walk(root, walk, lambda names, folder: fits(names, compiled, folder)):
        count += 1
        uri = shown(_join(lead, relative) if lead else relative)
        yield _place(entry.path, uri, shown(relative), _status(entry))
    if not count:
        raise NothingFoundError(f"no file matches {given!r}")
