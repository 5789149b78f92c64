"""A lake and its Iceberg warehouse in a bucket, with a catalog of pyiceberg's configuration: all upkeep, read back by pyiceberg."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("boto3")

from pipeline.lake.iceberg.place import Place
from pipeline.lake.migrate import migrate
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from transforms.storage import s3
from transforms.storage.object_filesystem import ObjectFileSystem


@pytest.fixture
def lake(s3_endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty place in a bucket; `desk` is a catalog that has its tables there."""
    from pyiceberg import catalog

    configured = {
        "TYPE": "sql",
        "URI": f"sqlite:///{tmp_path}/catalog.db",
        "S3__ENDPOINT": s3_endpoint,
        "S3__ACCESS_KEY_ID": "test",
        "S3__SECRET_ACCESS_KEY": "test",
        "S3__REGION": "us-east-1",
    }
    for name, value in configured.items():
        monkeypatch.setenv(f"PYICEBERG_CATALOG__DESK__{name}", value)
    monkeypatch.setattr(catalog, "_ENV_CONFIG", type(catalog._ENV_CONFIG)())
    for name, value in (("ENDPOINT_URL", s3_endpoint), ("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3.client.cache_clear()
    s3.client(0).create_bucket(Bucket="icebergs")
    yield "s3://icebergs/lake"
    s3.client.cache_clear()


def shown() -> tuple[list[str], int]:
    """What pyiceberg reads of the rejects, with nothing of copydesk, and of how many snapshots."""
    from pyiceberg.catalog import load_catalog

    table = load_catalog("desk").load_table("news.rejects")
    assert table.location() == "s3://icebergs/warehouse/news/rejects"
    ids = table.scan(selected_fields=("reject_id",)).to_arrow().column(0).to_pylist()
    return sorted(ids), len(table.snapshots())


def held(lake: str) -> list[str]:
    return sorted(dataset(lake, "rejects").to_table(columns=["reject_id"]).column(0).to_pylist())


def test_tables_follow_the_lake_through_runs_compaction_and_removal(lake: str, kills: ModuleType) -> None:
    fs = ObjectFileSystem(s3.S3Store())
    place = Place("desk", "s3://icebergs/warehouse", "news")
    kills.write(lake, [1, 2], fs)
    assert migrate(lake, place, pipeline_version="9").snapshots
    assert shown() == (held(lake), 1)
    kills.write(lake, [3, 4], fs)
    kills.do("compact", lake, fs)  # replaces the files of both runs: nothing of the second is left to show
    assert shown() == (held(lake), 2)
    kills.do("forget", lake, fs)
    assert shown() == (held(lake), 1)  # older snapshots would tell of what is gone
    assert len(held(lake)) == 3
    assert verify(lake) == ()
