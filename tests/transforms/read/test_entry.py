from __future__ import annotations

from schemas.codes import RejectCode, Stage
from schemas.records import InputFile
from transforms.read.entry import Entry
from transforms.read.settings import ReadSettings
from transforms.read.source import Skipped

FILE = InputFile("in/a.warc", "a.warc", 3, "0" * 64)


def test_ids_are_unique_and_printable() -> None:
    entry = Entry(FILE, ReadSettings())
    assert [entry.record_id(stated) for stated in ("a", "a", "a~2", "a", "x y\n", "z" * 500)] == [
        "a",
        "a~2",
        "a~2~2",
        "a~3",
        "x_y_",
        "z" * 200,
    ]


def test_rejects_name_the_record() -> None:
    reject = Entry(FILE, ReadSettings()).reject("L3", RejectCode.INVALID_JSON, "bad", Skipped(b"ab", 9, "f" * 64), 7)
    assert (reject.source_uri, reject.stage, reject.byte_offset) == ("in/a.warc#L3", Stage.READ, 7)
    assert (reject.raw, reject.raw_size, reject.raw_sha256) == (b"ab", 9, "f" * 64)
