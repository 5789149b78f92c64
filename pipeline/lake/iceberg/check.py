"""Whether a lake's Iceberg tables show what its manifests say: for `copydesk verify`.

Before: a lake whose last run was cut off before its snapshot. After: (path, "lacks 2 files of the lake; …"), one for each difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.iceberg.catalog import opened
from pipeline.lake.iceberg.place import FOLDER, location, read_place
from pipeline.lake.iceberg.snapshots import data_files
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import ManifestError, live_files, read_manifests
from schemas.errors import UsageError
from schemas.tables import TABLES


def check_tables(fs: FileSystem, paths: LakePaths) -> Iterator[tuple[str, str]]:
    """(path relative to the lake, what is wrong in one line) for each table that differs; nothing where the lake has none.

    Changes nothing: a table that is missing is one that differs. Raises ManifestError where a manifest can't be read.
    """
    try:
        place = read_place(fs, paths)
        if place is None:
            return
        manifests = read_manifests(fs, paths)
        with opened(fs, paths, place) as catalog:
            for name in TABLES:
                where = f"{FOLDER}/{name}"
                expected = {
                    location(paths, entry.path): entry.rows for entry in live_files(manifests, name) if entry.rows
                }
                try:
                    found = data_files(catalog.load_table(place.identifier(name)))
                except Exception as error:
                    if expected:
                        yield where, f"the Iceberg table can't be read ({type(error).__name__}); run `copydesk migrate`"
                    continue
                missing, foreign = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
                if missing:
                    yield where, f"lacks {len(missing)} files of the lake, such as {missing[0]}; run `copydesk migrate`"
                if foreign:
                    yield where, f"names {len(foreign)} files that are not in the lake, such as {foreign[0]}"
                for path in sorted(expected.keys() & found.keys()):
                    if found[path].record_count != expected[path]:
                        yield where, f"says {found[path].record_count} rows for {path}, which holds {expected[path]}"
    except ManifestError:
        raise
    except UsageError as error:
        yield f"{FOLDER}/place.json", f"the Iceberg tables can't be checked: {error}"
