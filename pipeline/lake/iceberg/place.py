"""Which catalog holds a lake's Iceberg tables, under which names, and where their metadata lies.

Before: `[iceberg]` of the settings. After: `_iceberg/place.json` in the lake, by which later runs, `copydesk migrate` and
readers find the tables. It holds names and addresses only; how to reach a catalog stands in pyiceberg's own configuration.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from schemas.errors import UsageError

FOLDER = "_iceberg"
"""In the lake: the place, and without another warehouse the tables' metadata; with the lake's own catalog, all of it can be
made anew from the manifests."""
CATALOG_FILE = "catalog.db"
_PLACE_FILE = "place.json"
_CREDENTIALS = re.compile(r"://[^/\s]*@")


class Place(NamedTuple):
    """`catalog` is a name in pyiceberg's configuration, "" the lake's own SQLite catalog; `warehouse` a folder or URI for the
    tables' metadata, "" the lake's folder `_iceberg` (own catalog) or what the catalog decides; `namespace` may have dots."""

    catalog: str
    warehouse: str
    namespace: str

    def identifier(self, table: str) -> tuple[str, ...]:
        """A table's full name in the catalog."""
        return (*self.namespace.split("."), table)


def named_place(catalog: str, warehouse: str, namespace: str) -> Place:
    """The place that the settings name. Raises UsageError for a namespace that no catalog takes."""
    names = namespace.split(".")
    if not all(name and name.replace("_", "").replace("-", "").isalnum() for name in names):
        raise UsageError(
            f"[iceberg] namespace: {namespace!r} must be names of letters, digits, - and _, joined by dots"
        )
    return Place(catalog, warehouse, namespace)


def read_place(fs: FileSystem, paths: LakePaths) -> Place | None:
    """Where the lake's Iceberg tables are; None where it has none. Raises UsageError where the file can't be understood."""
    path = paths.absolute(f"{FOLDER}/{_PLACE_FILE}")
    if not fs.exists(path):
        return None
    try:
        content = json.loads(fs.read_bytes(path))
        return Place(str(content["catalog"]), str(content["warehouse"]), str(content["namespace"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: does not say where the Iceberg tables are ({error}); delete it and name them again"
        ) from error


def choose_place(fs: FileSystem, paths: LakePaths, wanted: Place | None) -> Place | None:
    """The place that the lake has, else the one wanted, which `write_place` then records.

    A lake with Iceberg tables keeps them whatever a later run's settings say: its readers would miss what is new.
    Raises UsageError where another place is wanted than the lake has.
    """
    present = read_place(fs, paths)
    if present is None or wanted is None or wanted == present:
        return present or wanted
    raise UsageError(
        f"[iceberg]: the lake's tables are {_named(present)}, not {_named(wanted)}; use the same settings, or delete "
        f"{FOLDER}/{_PLACE_FILE} in the lake to make new tables"
    )


def write_place(fs: FileSystem, paths: LakePaths, place: Place) -> None:
    """Records the place, once. Only the lake's one writer may call it."""
    path = paths.absolute(f"{FOLDER}/{_PLACE_FILE}")
    if fs.exists(path):
        return
    fs.make_folders(paths.absolute(FOLDER))
    fs.delete(f"{path}.tmp")
    with fs.open_write(f"{path}.tmp") as stream:
        stream.write((json.dumps(place._asdict(), sort_keys=True, indent=2) + "\n").encode())
        fs.fsync_stream(stream)
    fs.replace(f"{path}.tmp", path)


def reason(error: Exception) -> str:
    """An error of pyiceberg in one line, without what stands before "@" in an address: it may be a password."""
    line = " ".join(f"{type(error).__name__}: {error}".split())
    return _CREDENTIALS.sub("://…@", line)[:300]


def location(paths: LakePaths, relative: str) -> str:
    """The URI by which Iceberg names a file of the lake."""
    path = paths.absolute(relative)
    return path if "://" in path else f"file://{path}"


def _named(place: Place) -> str:
    catalog = f"in the catalog {place.catalog!r}" if place.catalog else "in the lake's own catalog"
    return f"{catalog}, namespace {place.namespace!r}" + (f", warehouse {place.warehouse!r}" if place.warehouse else "")
