"""A file's records come with one count; an unforeseen failure is one reject with the file's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.codes import RejectCode
from schemas.records import RawDocument, ReadCount, Reject
from transforms.counters import Counters
from transforms.match import match_inputs
from transforms.read import records
from transforms.read.settings import ReadSettings
from transforms.read.transform import _ReadFile


def read(path: Path) -> list[RawDocument | Reject | ReadCount]:
    (file,) = match_inputs([str(path)]).files
    return list(_ReadFile(ReadSettings(), Counters(), {}).process(file))


def test_a_count_follows_the_last_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "The harbour reopened."}\nno JSON\n')
    first, second, count = read(path)
    assert isinstance(first, RawDocument)
    assert isinstance(second, Reject)
    assert isinstance(count, ReadCount)
    assert (count.name, count.uri, count.size, count.records) == ("a.jsonl", str(path), 42, 2)


def test_an_unforeseen_failure_keeps_the_bytes_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Iterator[RawDocument]:
        raise ZeroDivisionError("no reader is perfect")

    monkeypatch.setattr(records, "_read", fail)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 70_000)
    reject, count = read(path)
    assert isinstance(reject, Reject)
    assert isinstance(count, ReadCount)
    assert (reject.code, reject.raw, reject.raw_size) == (RejectCode.INTERNAL_ERROR, b"x" * 65_536, 70_000)
    assert "ZeroDivisionError: no reader is perfect" in reject.message
    assert count.records == 1
