from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

import pytest

from schemas.errors import UsageError
from schemas.records import RawDocument
from transforms.match import match_inputs
from transforms.read.records import read_file
from transforms.storage.object_filesystem import ObjectFileSystem

Bucket = tuple[ObjectFileSystem, str]


@pytest.fixture
def raw(bucket: Bucket) -> str:
    fs, root = bucket
    for name in (
        "raw/a.txt",
        "raw/x/b.html",
        "raw/x/c.txt",
        "raw/.hidden",
        "raw/lake/_runs/1.json",
        "raw/lake/articles/p",
        "raw2/z",
    ):
        with fs.open_write(f"{root}/{name}") as stream:
            stream.write(f"<p>The text of {name}</p>".encode())
    return root


def test_a_prefix_is_a_folder(raw: str) -> None:
    matched = match_inputs([f"{raw}/raw"])
    assert [file.name for file in matched.files] == ["a.txt", "x/b.html", "x/c.txt"]
    assert matched.files[0].uri == f"{raw}/raw/a.txt"
    assert matched.files[0].sha256 == hashlib.sha256(b"<p>The text of raw/a.txt</p>").hexdigest()
    assert (matched.hidden, matched.lakes) == (1, 1)
    assert match_inputs([f"{raw}/raw/"]).files == matched.files


def test_objects_and_globs(raw: str) -> None:
    assert [file.name for file in match_inputs([f"{raw}/raw/x/b.html"]).files] == ["b.html"]
    assert [file.name for file in match_inputs([f"{raw}/raw/**/*.txt"]).files] == ["a.txt", "x/c.txt"]
    both = match_inputs([f"{raw}/raw/x", f"{raw}/raw"])
    assert [file.name for file in both.files] == ["a.txt", "x/b.html", "x/c.txt"]
    assert both.duplicates == 2


def test_an_object_is_known_by_its_version(bucket: Bucket, raw: str) -> None:
    matched = match_inputs([f"{raw}/raw"])
    assert match_inputs([f"{raw}/raw"], seen=matched.keys).seen == 3
    bucket[0].delete(f"{raw}/raw/a.txt")
    with bucket[0].open_write(f"{raw}/raw/a.txt") as stream:
        stream.write(b"<p>The text of RAW/a.txt</p>")
    assert [file.name for file in match_inputs([f"{raw}/raw"], seen=matched.keys).files] == ["a.txt"]


def test_objects_older_than_asked_for_are_left_out(raw: str) -> None:
    later = datetime.now(timezone.utc) + timedelta(days=1)
    assert match_inputs([f"{raw}/raw"], since=later).older == 3


def test_records_are_read_from_objects(raw: str) -> None:
    (file,) = match_inputs([f"{raw}/raw/x/b.html"]).files
    (record,) = read_file(file)
    assert isinstance(record, RawDocument)
    assert record.raw == b"<p>The text of raw/x/b.html</p>"
    assert record.source_uri == f"{raw}/raw/x/b.html"


@pytest.mark.parametrize(("name", "message"), [("nothing", "no object of this name"), ("raw/lake", "is a lake")])
def test_unusable_inputs_are_one_line(raw: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        match_inputs([f"{raw}/{name}"])
    assert "\n" not in str(raised.value)
