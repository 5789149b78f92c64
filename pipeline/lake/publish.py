"""Makes a complete run visible: moves its files to their final names, then publishes the manifest with one rename.

Before: a staging folder with finished files and `pending.json`, which lists them. After: the files and the manifest in the lake,
replaced files and the staging folder gone. Every step may be done again after a crash at any instant and gives the same end.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import PENDING, LakePaths, manifest_path
from pipeline.lake.lock import check_lock
from pipeline.lake.manifest import Manifest, ManifestError, from_json
from schemas.errors import UnfinishedError
from transforms.storage.lease import LeaseLostError

_FSYNC_THREADS = 8


class PublishError(Exception):
    """A run can't be made visible: a staged file is missing or damaged, or its name is taken by other bytes."""


class Move(NamedTuple):
    """One staged file and its final name, both relative to the lake."""

    staged: str
    path: str
    bytes: int
    sha256: str


class Pending(NamedTuple):
    """A run that is complete in staging. `manifest_json` is the manifest as it will stand."""

    manifest: Manifest
    manifest_json: bytes
    moves: tuple[Move, ...]


def write_pending(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending) -> None:
    """Writes `pending.json` under its name only once it is whole and on disk: from here on the run can be finished."""
    content = {"manifest": pending.manifest_json.decode(), "moves": [move._asdict() for move in pending.moves]}
    folder = paths.absolute(staging)
    fs.delete(f"{folder}/{PENDING}.tmp")
    _write_durably(fs, f"{folder}/{PENDING}.tmp", json.dumps(content, sort_keys=True).encode())
    fs.rename_if_absent(f"{folder}/{PENDING}.tmp", f"{folder}/{PENDING}")
    fs.fsync_folder(folder)


def read_pending(fs: FileSystem, paths: LakePaths, staging: str) -> Pending | None:
    """The pending run of a staging folder; None where it holds none, or one that is damaged."""
    path = f"{paths.absolute(staging)}/{PENDING}"
    if not fs.exists(path):
        return None
    try:
        content = json.loads(fs.read_bytes(path))
        raw = content["manifest"].encode()
        moves = tuple(Move(**move) for move in content["moves"])
        return Pending(from_json(raw, path), raw, moves)
    except (ValueError, KeyError, TypeError, AttributeError, ManifestError):
        return None


def is_published(fs: FileSystem, paths: LakePaths, run_id: str) -> bool:
    """Whether the run's manifest is in the lake."""
    return fs.exists(paths.absolute(manifest_path(run_id)))


def has_landed(fs: FileSystem, paths: LakePaths, run_id: str) -> bool:
    """`is_published`, asked after an error. Raises UnfinishedError where nothing answers: neither yes nor no would be true then."""
    try:
        return is_published(fs, paths, run_id)
    except OSError as error:
        raise UnfinishedError(
            f"whether run {run_id} is in the lake can't be told ({error}); the next run finishes or undoes it"
        ) from error


def publish(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending) -> None:
    """Moves, publishes, deletes what is replaced, deletes the staging folder. Raises PublishError or OSError."""
    if not is_published(fs, paths, pending.manifest.run_id):
        for move in pending.moves:
            _place(fs, paths, move)
        _fsync_folders(fs, paths, {_parent(move.path) for move in pending.moves})
        _publish_manifest(fs, paths, staging, pending)
    for path in pending.manifest.replaces:
        fs.delete(paths.absolute(path))
        _delete_empty_folders(fs, paths, _parent(path))
    delete_staging(fs, paths, staging)


def publish_or_withdraw(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending, lock_token: str = "") -> None:
    """The last step of every run, whatever its kind: promises to finish, and publishes.

    Raises PublishError or OSError (LeaseLostError where the lock is no longer that of `lock_token`); nothing of the run is visible
    then. Raises UnfinishedError where that can't be told. An error after the manifest was published is none of the
    run's and is not raised.
    """
    try:
        write_pending(fs, paths, staging, pending)
    except Exception:
        # The promise may stand all the same: kept, the run would land after it was called failed.
        fs.delete(f"{paths.absolute(staging)}/{PENDING}")
        raise
    publish_left(fs, paths, staging, pending, lock_token)


def publish_left(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending, lock_token: str = "") -> None:
    """`publish_or_withdraw` for a run whose promise to finish is in its staging folder already."""
    try:
        check_lock(fs, paths, lock_token)
    except LeaseLostError:
        raise  # what lies in staging may be in the hands of whoever has the lock now
    except OSError:
        fs.delete(f"{paths.absolute(staging)}/{PENDING}")  # kept, the run would land after it was called failed
        raise
    try:
        publish(fs, paths, staging, pending)
    except Exception:
        if not has_landed(fs, paths, pending.manifest.run_id):
            # Not where the lock was lost: whoever has it now may be publishing the very same run under the same names.
            check_lock(fs, paths, lock_token)
            withdraw(fs, paths, staging, pending)
            raise
        # The manifest is visible, so the run is in: "failed" would be untrue. What is left to tidy up is done when the lake
        # is closed or opened next.


def withdraw(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending) -> None:
    """Undoes what `publish` did of a run whose manifest is not published: its files, its staging folder."""
    # First the promise to finish: a crash after this finds a staging folder without one, and files of an unknown run.
    fs.delete(f"{paths.absolute(staging)}/{PENDING}")
    for move in pending.moves:
        fs.delete(paths.absolute(move.path))
        _delete_empty_folders(fs, paths, _parent(move.path))
    delete_staging(fs, paths, staging)


def delete_staging(fs: FileSystem, paths: LakePaths, staging: str) -> None:
    """Deletes one staging folder, and the folder of all of them where it was the last."""
    fs.delete_tree(paths.absolute(staging))
    fs.delete_folder_if_empty(paths.staging)


def discard_staging(fs: FileSystem, paths: LakePaths, staging: str) -> None:
    """Deletes a staging folder that is no longer needed, whether its run failed or is in the lake. One that holds a promise to finish
    stays for `recovery.recover`, as does one that can't be deleted."""
    with suppress(OSError):
        if not fs.exists(f"{paths.absolute(staging)}/{PENDING}"):
            delete_staging(fs, paths, staging)


def _place(fs: FileSystem, paths: LakePaths, move: Move) -> None:
    staged, final = paths.absolute(move.staged), paths.absolute(move.path)
    if fs.exists(final):
        if fs.size(final) != move.bytes or fs.sha256(final) != move.sha256:
            raise PublishError(f"{move.path}: is in the lake already with other bytes")
        fs.delete(staged)
        return
    try:
        size = fs.size(staged)
    except FileNotFoundError:
        raise PublishError(f"{move.staged}: is missing") from None
    if size != move.bytes:
        raise PublishError(f"{move.staged}: has {size} bytes instead of {move.bytes}")
    fs.make_folders(_parent(final))
    fs.rename_if_absent(staged, final)


def _publish_manifest(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending) -> None:
    waiting = f"{paths.absolute(staging)}/manifest.json"
    fs.delete(waiting)
    _write_durably(fs, waiting, pending.manifest_json)
    fs.make_folders(paths.runs)
    fs.rename_if_absent(waiting, paths.absolute(manifest_path(pending.manifest.run_id)))
    fs.fsync_folder(paths.runs)


def _write_durably(fs: FileSystem, path: str, content: bytes) -> None:
    with fs.open_write(path) as stream:
        stream.write(content)
        fs.fsync_stream(stream)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _fsync_folders(fs: FileSystem, paths: LakePaths, folders: set[str]) -> None:
    """Forces the entries of folders, and their own entries in each folder above them, onto the disk: each folder once.

    At the same time, because a disk's journal takes many waiting calls together.
    """
    every: set[str] = set()
    for folder in folders:
        while folder and folder not in every:
            every.add(folder)
            folder = _parent(folder)
    with ThreadPoolExecutor(_FSYNC_THREADS) as pool:
        list(pool.map(fs.fsync_folder, [paths.root, *map(paths.absolute, sorted(every))]))


def _delete_empty_folders(fs: FileSystem, paths: LakePaths, folder: str) -> None:
    while folder and fs.delete_folder_if_empty(paths.absolute(folder)):
        folder = _parent(folder)
