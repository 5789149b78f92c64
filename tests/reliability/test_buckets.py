"""Upkeep of a lake in a bucket: what holds on a disk holds there."""

from __future__ import annotations

from types import ModuleType

from pipeline.lake.cleanup import clean
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from transforms.storage.object_filesystem import ObjectFileSystem


def test_runs_compaction_forgetting_and_cleaning(bucket: tuple[ObjectFileSystem, str], kills: ModuleType) -> None:
    fs, root = bucket
    lake = f"{root}/lake"
    for number in range(3):
        kills.write(lake, [number, number + 10], fs)
    kills.do("compact", lake, fs)
    assert verify(lake) == ()
    kills.do("forget", lake, fs)
    found = dataset(lake, "rejects").to_table(columns=["source_uri"]).column(0).to_pylist()
    assert sorted(found) == ["in/0000.txt", "in/0002.txt", "in/0010.txt", "in/0011.txt", "in/0012.txt"]
    assert len(manifests(lake)) == 5
    with fs.open_write(f"{lake}/rejects/part-00000000deadbeef-00000.parquet") as stream:
        stream.write(b"orphan")
    assert clean(lake, 3600).deleted == ()
    assert clean(lake, 0).deleted == ("rejects/part-00000000deadbeef-00000.parquet",)
    assert verify(lake) == ()
