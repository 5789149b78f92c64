"""Opens the catalog that holds a lake's Iceberg tables, and makes or widens the tables.

Before: a `Place`. After: pyiceberg's `Catalog`, and for each table of the lake an Iceberg table with all columns of
`schemas.tables`. pyiceberg is an extra: `pip install 'copydesk[iceberg]'`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.iceberg.place import CATALOG_FILE, FOLDER, Place, location, reason
from pipeline.lake.layout import LakePaths
from schemas.errors import UsageError
from schemas.tables import SCHEMA_VERSION, Table

try:
    from pyiceberg.catalog import Catalog, load_catalog
    from pyiceberg.exceptions import NoSuchTableError
    from pyiceberg.table import Table as IcebergTable

    from pipeline.lake.iceberg.definition import iceberg_schema, partition_spec, sort_order
except ImportError as error:
    raise UsageError(
        f"Iceberg tables need pyiceberg, which is not installed ({error}): pip install 'copydesk[iceberg]'"
    ) from error

LAKE = "copydesk.lake"
"""Table property: the lake whose files the table names."""
VERSION = "copydesk.schema-version"
"""Table property: the version of `schemas.tables` that its columns are those of."""

_PROPERTIES = {
    # A run makes one small manifest: merged, planning a scan stays fast after thousands of runs.
    "commit.manifest-merge.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    # The files are the lake's: no other engine may delete them when a table is dropped or snapshots expire.
    "gc.enabled": "false",
    # Where another engine writes to the table; copydesk's own files come from the lake.
    "write.parquet.compression-codec": "zstd",
}


def check_place(paths: LakePaths, place: Place) -> None:
    """Raises UsageError where the tables can't be kept there; writes nothing."""
    if place.catalog:
        _configured(place).close()
    elif "://" in paths.root:
        raise UsageError(
            "[iceberg] catalog: a lake on an object store needs a catalog; name one of pyiceberg's configuration"
        )
    elif "#" in paths.root or "?" in paths.root:
        raise UsageError(f"--lake {paths.root}: Iceberg's addresses can't hold # or ?; choose another folder")


@contextmanager
def opened(fs: FileSystem, paths: LakePaths, place: Place) -> Iterator[Catalog]:
    """The catalog, closed afterwards. Raises UsageError where it can't be had."""
    catalog = _load(fs, paths, place)
    try:
        yield catalog
    finally:
        catalog.close()


def tables_in(fs: FileSystem, paths: LakePaths, place: Place, catalog: Catalog, table: Table) -> IcebergTable:
    """The Iceberg table of `table`: made where there is none, with columns added that this version has and it lacks.

    Raises UsageError where the name belongs to another lake's table.
    """
    identifier = place.identifier(table.name)
    try:
        found = catalog.load_table(identifier)
    except NoSuchTableError:
        return _make(paths, place, catalog, table)
    except FileNotFoundError:
        if place.catalog:
            raise
        return _remake(fs, paths, place, catalog, table)
    owner = found.properties.get(LAKE)
    if owner != location(paths, table.name).rpartition("/")[0]:
        if place.catalog:
            raise UsageError(
                f"[iceberg]: {'.'.join(identifier)} is the table of another lake ({owner}); choose another namespace"
            )
        return _remake(fs, paths, place, catalog, table)
    return _widen(found, table)


def _load(fs: FileSystem, paths: LakePaths, place: Place) -> Catalog:
    logging.getLogger("pyiceberg.io.pyarrow").addFilter(_not_about_dictionaries)
    if place.catalog:
        return _configured(place)
    check_place(paths, place)
    fs.make_folders(paths.absolute(FOLDER))
    file = f"{paths.root}/{FOLDER}/{CATALOG_FILE}"
    try:
        return load_catalog("copydesk", type="sql", uri=f"sqlite:///{file}", warehouse=_warehouse(paths, place))
    except Exception as error:
        raise UsageError(f"{file}: can't be opened ({reason(error)})") from error


def _configured(place: Place) -> Catalog:
    try:
        return load_catalog(place.catalog)
    except Exception as error:
        raise UsageError(f"[iceberg] catalog: {place.catalog!r} can't be opened ({reason(error)})") from error


def _warehouse(paths: LakePaths, place: Place) -> str:
    if not place.warehouse:
        return location(paths, FOLDER)
    return place.warehouse.rstrip("/") if "://" in place.warehouse else f"file://{place.warehouse.rstrip('/')}"


def _make(paths: LakePaths, place: Place, catalog: Catalog, table: Table) -> IcebergTable:
    schema = iceberg_schema(table)
    catalog.create_namespace_if_not_exists(place.namespace)
    where: str | None = None  # the catalog's own choice
    if not place.catalog and not place.warehouse:
        where = f"{_warehouse(paths, place)}/{table.name}"
    elif place.warehouse:
        where = f"{_warehouse(paths, place)}/{place.namespace.replace('.', '/')}/{table.name}"
    return catalog.create_table(
        place.identifier(table.name),
        schema,
        location=where,
        partition_spec=partition_spec(table, schema),
        sort_order=sort_order(table, schema),
        properties={
            **_PROPERTIES,
            LAKE: location(paths, table.name).rpartition("/")[0],
            VERSION: SCHEMA_VERSION,
            # Our files hold no Iceberg ids: readers find their columns by name.
            "schema.name-mapping.default": schema.name_mapping.model_dump_json(),
            "comment": table.description,
        },
    )


def _remake(fs: FileSystem, paths: LakePaths, place: Place, catalog: Catalog, table: Table) -> IcebergTable:
    """The lake was moved: Iceberg names files by their full paths, so its tables are made anew from the manifests."""
    catalog.drop_table(place.identifier(table.name))
    fs.delete_tree(paths.absolute(f"{FOLDER}/{table.name}"))
    return _make(paths, place, catalog, table)


def _widen(found: IcebergTable, table: Table) -> IcebergTable:
    present = frozenset(found.schema().column_names)
    wanted = iceberg_schema(table, present)
    if not set(wanted.column_names) - present:
        return found
    with found.transaction() as change:
        with change.update_schema() as columns:
            columns.union_by_name(wanted)
        change.set_properties({VERSION: SCHEMA_VERSION})
    return found.refresh()


def _not_about_dictionaries(record: logging.LogRecord) -> bool:
    """False for a warning that a dictionary-encoded column is read as what it encodes, which is what is meant."""
    return "does not have a dictionary type" not in str(record.msg)
