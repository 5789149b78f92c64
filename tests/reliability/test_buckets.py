"""Upkeep of a lake in a bucket: what holds on a disk holds there."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("boto3")

from botocore.exceptions import ConnectionClosedError, IncompleteReadError
from botocore.httpsession import URLLib3Session
from botocore.response import StreamingBody
from botocore.retries import standard

from pipeline.lake import publish
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


def test_every_answer_is_lost_once(
    bucket: tuple[ObjectFileSystem, str], kills: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request is carried out, its answer lost, and sent again by boto3: a put on condition then meets its own object."""
    fs, root = bucket
    if root.startswith("gs:"):
        pytest.skip("the emulator knows no conditions")
    send = URLLib3Session.send
    conditional = 0

    def lossy(self: URLLib3Session, request: Any) -> Any:
        nonlocal conditional
        answer = send(self, request)
        if request.headers.get("amz-sdk-request", b"").startswith(b"attempt=1"):
            conditional += "If-None-Match" in request.headers or "If-Match" in request.headers
            assert answer.content is not None
            answer.raw.close()
            raise ConnectionClosedError(endpoint_url=request.url)
        return answer

    with monkeypatch.context() as lost:
        lost.setattr(URLLib3Session, "send", lossy)
        lost.setattr(standard.ExponentialBackoff, "delay_amount", lambda *_: 0.0)
        kills.write(f"{root}/lake", [1, 2], fs)
    assert conditional > 5
    assert len(manifests(f"{root}/lake")) == 1
    assert verify(f"{root}/lake") == ()
    assert fs.list(f"{root}/lake") == ("_runs", "rejects")


def test_a_run_that_can_not_ask_for_its_lock_does_not_land_later(
    bucket: tuple[ObjectFileSystem, str], kills: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fs, root = bucket
    kills.write(f"{root}/lake", [1], fs)

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(publish, "check_lock", fails)
        with pytest.raises(OSError, match="Input/output error"):
            kills.write(f"{root}/lake", [2], fs)
    assert len(manifests(f"{root}/lake")) == 1
    kills.write(f"{root}/lake", [2], fs)
    assert len(manifests(f"{root}/lake")) == 2
    clean(f"{root}/lake", 0)  # what the failed run left in a bucket lies there for a while
    assert verify(f"{root}/lake") == ()


def test_an_answer_that_breaks_off_is_asked_for_again(
    bucket: tuple[ObjectFileSystem, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fs, root = bucket
    if root.startswith("gs:"):
        pytest.skip("Google's client sees to it itself")
    with fs.open_write(f"{root}/x") as stream:
        stream.write(b"hello")
    read, broken = StreamingBody.read, 2

    def breaks(self: StreamingBody, amt: int | None = None) -> bytes:
        nonlocal broken
        broken -= 1
        if broken >= 0:
            raise IncompleteReadError(actual_bytes=1, expected_bytes=5)
        return read(self, amt)

    monkeypatch.setattr(StreamingBody, "read", breaks)
    assert fs.read_bytes(f"{root}/x") == b"hello"
    broken = 3
    with pytest.raises(OSError, match="IncompleteReadError"):
        fs.read_bytes(f"{root}/x")
