"""What an Iceberg table of the lake looks like: its columns, how it is partitioned, how its files are sorted.

Before: the table `articles` of `schemas.tables`. After: an Iceberg schema with the same columns in the same order and their
descriptions, the partitions identity(language) and identity(published_month), the order published_at, article_id.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pyarrow as pa
from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
from pyiceberg.schema import Schema, assign_fresh_schema_ids
from pyiceberg.table.sorting import NullOrder, SortDirection, SortField, SortOrder
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    NestedField,
    StringType,
    StructType,
    TimestamptzType,
)

from schemas.tables import Table

_PLAIN: dict[pa.DataType, IcebergType] = {
    pa.string(): StringType(),
    pa.large_string(): StringType(),
    pa.binary(): BinaryType(),
    pa.bool_(): BooleanType(),
    pa.int32(): IntegerType(),
    pa.int64(): LongType(),
    pa.float32(): FloatType(),
    pa.float64(): DoubleType(),
    pa.date32(): DateType(),
    pa.timestamp("us", tz="UTC"): TimestamptzType(),
}


def iceberg_schema(table: Table, present: frozenset[str] | None = None) -> Schema:
    """The table's columns, with the ids that Iceberg gives a new table.

    `present` are the columns that an Iceberg table has already: the others come as optional, since its older files lack them.
    Raises TypeError for an Arrow type that the lake has not used so far.
    """
    ids = count(1)
    fields = [
        NestedField(
            next(ids),
            field.name,
            _type(field.type, ids),
            required=not field.nullable and (present is None or field.name in present),
            doc=(field.metadata or {}).get(b"description", b"").decode() or None,
        )
        for field in table.schema
    ]
    # Iceberg counts level by level; the name mapping, made of this schema, must have the ids that the table will have.
    return assign_fresh_schema_ids(Schema(*fields))


def partition_spec(table: Table, schema: Schema) -> PartitionSpec:
    """The Hive partitions as Iceberg's: the values of the columns themselves."""
    fields = [
        PartitionField(schema.find_field(name).field_id, PARTITION_FIELD_ID_START + index, IdentityTransform(), name)
        for index, name in enumerate(table.partition_by)
    ]
    return PartitionSpec(*fields)


def sort_order(table: Table, schema: Schema) -> SortOrder:
    """The order of rows inside each file: ascending, unknown values last."""
    fields = [
        SortField(schema.find_field(name).field_id, IdentityTransform(), SortDirection.ASC, NullOrder.NULLS_LAST)
        for name in table.sort_by
    ]
    return SortOrder(*fields)


def _type(kind: pa.DataType, ids: Iterator[int]) -> IcebergType:
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type, ids)
    if pa.types.is_list(kind):
        element = next(ids)
        return ListType(element, _type(kind.value_type, ids), element_required=not kind.value_field.nullable)
    if pa.types.is_struct(kind):
        inner = [kind.field(index) for index in range(kind.num_fields)]
        return StructType(
            *(NestedField(next(ids), each.name, _type(each.type, ids), required=not each.nullable) for each in inner)
        )
    try:
        return _PLAIN[kind]
    except KeyError:
        raise TypeError(f"no Iceberg type is known for {kind}") from None
