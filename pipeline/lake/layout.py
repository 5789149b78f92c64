"""Every path of the lake, and back from a path to what it means.

Before: table "articles", partition ("zh-Hant", "2024-03"). After: "articles/language=zh-Hant/published_month=2024-03", in
which run 5f… writes "part-5f…-00000.parquet". Values are percent-encoded as Hive and pyarrow do; an unknown one is
`__HIVE_DEFAULT_PARTITION__`. Relative paths are relative to the lake and use "/".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from schemas.tables import HIVE_NULL, TABLES, Table

RUNS = "_runs"
STAGING = "_staging"
STREAM = "_stream"
"""What streams have in hand; outside STAGING, which every run clears of what others left there."""
LEARNED = "_learned"
LOCK = "_lock.json"
"""Says who is writing, while someone is."""
LEDGER = "_ledger"
"""Shortcuts only; may be deleted."""
PENDING = "pending.json"
"""Name, inside a run's staging folder, of the manifest that waits to be published."""

Partition = tuple[str | None, ...]

_LONGEST_VALUE = 64
_PART = re.compile(r"part-([0-9a-f]{8,64})-([0-9]{5,})\.parquet")


class LakePaths(NamedTuple):
    """A lake's root, absolute, and the paths below it."""

    root: str

    def absolute(self, relative: str) -> str:
        """The absolute path of one inside the lake; raises ValueError where it would lie outside."""
        if relative.startswith("/") or any(part in ("", ".", "..") for part in relative.split("/")):
            raise ValueError(f"not a path inside the lake: {relative!r}")
        return f"{self.root}/{relative}"

    @property
    def runs(self) -> str:
        """The folder of manifests."""
        return f"{self.root}/{RUNS}"

    @property
    def staging(self) -> str:
        """The folder of work in progress."""
        return f"{self.root}/{STAGING}"


def manifest_path(run_id: str) -> str:
    """Relative path of a run's manifest."""
    return f"{RUNS}/{run_id}.json"


def inputs_path(run_id: str) -> str:
    """Relative path of a run's list of inputs."""
    return f"{RUNS}/{run_id}.inputs.parquet"


def tombstones_path(run_id: str) -> str:
    """Relative path of what a run that forgot rows does not let in again."""
    return f"{RUNS}/{run_id}.forgotten.txt"


def learned_path(run_id: str) -> str:
    """Relative path of what a run sampled to learn what sites repeat."""
    return f"{LEARNED}/{run_id}.json"


def decisions_path() -> str:
    """Relative path of what users decided about learned lines."""
    return f"{LEARNED}/decisions.json"


@lru_cache(maxsize=4096)
def partition_value(value: str | None) -> str | None:
    """`value` as it may name a folder: None where it is unknown, empty, too long for a file name, or Hive's own null.

    Rows carry what this gives, so that the column and the folder always agree.
    """
    if (
        not value
        or len(value) > _LONGEST_VALUE
        or value == HIVE_NULL
        or len(quote(value, safe="")) > 3 * _LONGEST_VALUE
    ):
        return None
    return value


def directory(table: Table, partition: Partition) -> str:
    """The relative folder of one partition; of the table itself where it has no partitions."""
    if len(partition) != len(table.partition_by):
        raise ValueError(f"{table.name} is partitioned by {table.partition_by}, not by {len(partition)} values")
    parts = [
        f"{column}={HIVE_NULL if value is None else quote(value, safe='')}"
        for column, value in zip(table.partition_by, partition, strict=True)
    ]
    return "/".join([table.name, *parts])


def parse_directory(path: str) -> tuple[Table, Partition]:
    """The table and partition that a relative folder stands for; raises ValueError where it stands for none."""
    name, *parts = path.split("/")
    table = TABLES.get(name)
    if table is None or len(parts) != len(table.partition_by):
        raise ValueError(f"not a folder of a table: {path!r}")
    values: list[str | None] = []
    for column, part in zip(table.partition_by, parts, strict=True):
        key, equals, value = part.partition("=")
        if key != column or not equals:
            raise ValueError(f"expected {column}=… in {path!r}, found {part!r}")
        values.append(None if value == HIVE_NULL else unquote(value))
    return table, tuple(values)


def part_name(run_id: str, shard: int) -> str:
    """A file's name; `shard` counts from 0 within one run and partition."""
    return f"part-{run_id}-{shard:05d}.parquet"


def run_of_part(name: str) -> str | None:
    """The run id in a file's name; None where it is not the name of a part."""
    match = _PART.fullmatch(name)
    return match.group(1) if match else None
