"""The files that an input in an object store means: one object, all below a prefix, or a glob.

Before: "s3://news/raw". After: `Place("s3://news/raw/a/b.html", "s3://news/raw/a/b.html", "a/b.html", 5120, …, etag)` and so on, by key.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.errors import NothingFoundError, UsageError
from transforms.glob_pattern import compile_glob, fits
from transforms.listing.local import MAGIC
from transforms.listing.place import Place, Walk
from transforms.storage.object_store import ObjectInfo, ObjectPath
from transforms.storage.stores import store_of

_NANOSECONDS = 1_000_000_000


def list_objects(given: str, walk: Walk) -> Iterator[Place]:
    """The objects of one input; raises UsageError where there is none or the store refuses.

    As on a disk, names that start with a dot are passed over, as is a lake below the prefix (told by its `_runs`).
    """
    try:
        where = ObjectPath.of(given)
        count = 0
        for place in _listed(given, where, walk):
            count += 1
            yield place
    except (OSError, ValueError) as error:
        raise UsageError(f"input {given!r}: {error}") from error
    if not count:
        raise NothingFoundError(f"input {given!r}: there is no object of this name or below it")


def _listed(given: str, where: ObjectPath, walk: Walk) -> Iterator[Place]:
    store = store_of(given)
    root = f"{where.scheme}://{where.bucket}/"
    if MAGIC.search(where.key):
        parts = where.key.split("/")
        fixed = next(number for number, part in enumerate(parts) if MAGIC.search(part))
        prefix = "".join(f"{part}/" for part in parts[:fixed])
        pattern = compile_glob([part for part in parts[fixed:] if part])
        for found in _outside_lakes(store.list(where.bucket, prefix), prefix, walk):
            name = found.key[len(prefix) :]
            if fits(tuple(name.split("/")), pattern, False):
                yield _place(root, found, name)
        return
    single = store.head(where.bucket, where.key) if where.key and not where.key.endswith("/") else None
    if single is not None:
        yield _place(root, single, where.key.rpartition("/")[2])
        return
    prefix = f"{where.key.rstrip('/')}/" if where.key else ""
    for found in _outside_lakes(store.list(where.bucket, prefix), prefix, walk):
        yield _place(root, found, found.key[len(prefix) :])


def _outside_lakes(found: Iterator[ObjectInfo], prefix: str, walk: Walk) -> Iterator[ObjectInfo]:
    """The objects that are to be read. By key, a lake's `_runs` come before its tables ("_" is before "a"), so it is known in time."""
    lakes: tuple[str, ...] = ()
    for each in found:
        name = each.key[len(prefix) :]
        if each.key.startswith(lakes) if lakes else False:
            continue
        folder, runs, rest = f"/{name}".rpartition("/_runs/")
        if runs and rest.endswith(".json"):
            if not folder:
                raise UsageError(
                    f"{each.key.rpartition('/_runs/')[0] or 'the bucket'} is a lake; to read its articles name its folder articles"
                )
            lakes = (*lakes, f"{prefix}{folder[1:]}/")
            walk.lakes += 1
        elif any(part.startswith(".") for part in name.split("/")):
            walk.hidden += 1
        elif not each.key.endswith("/"):  # a console's mark of an empty folder
            yield each


def _place(root: str, found: ObjectInfo, name: str) -> Place:
    modified = int(found.modified.timestamp() * _NANOSECONDS)
    return Place(root + found.key, root + found.key, name, found.size, modified, found.etag)
