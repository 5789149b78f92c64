"""The watch ends what takes too long where Python can hear it, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.codes import Payload, RejectCode, SourceFormat, Stage
from schemas.records import RawDocument, Reject
from transforms.isolation.journal import at_work, note_of
from transforms.isolation.limits import Limits
from transforms.isolation.watch import WATCH, file_note, record_note
from transforms.step import apply

OTHER = RawDocument("in/b.txt", "b.txt", SourceFormat.TEXT, Payload.TEXT, b"Snow")


@pytest.fixture
def document() -> RawDocument:
    """One for each test: what a record has spent is kept by the record itself."""
    return RawDocument("in/a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"Rain")


@pytest.fixture(autouse=True)
def armed() -> Iterator[None]:
    with WATCH.armed(Limits(seconds=0.3)):
        yield


def spin(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_step_that_never_ends_is_a_reject(document: RawDocument) -> None:
    started = time.process_time()
    reject = apply(document, Stage.CLEAN, lambda _: spin(60))
    assert isinstance(reject, Reject)
    assert (reject.code, reject.stage, reject.raw) == (RejectCode.TOO_SLOW, Stage.CLEAN, b"Rain")
    assert time.process_time() - started < 10
    assert reject.message.startswith("the record took more than 0.3 seconds. ")


def test_time_spent_waiting_is_not_counted(document: RawDocument) -> None:
    assert apply(document, Stage.CLEAN, lambda _: time.sleep(1.2)) is None


def test_the_steps_of_one_record_share_its_time_and_the_next_record_has_its_own(document: RawDocument) -> None:
    def step(record: RawDocument) -> str:
        spin(0.2)
        time.sleep(0.6)  # the watch looks meanwhile
        return record.name

    assert apply(document, Stage.DECODE, step) == "a.txt"
    assert isinstance(apply(document, Stage.PARSE, step), Reject)
    assert apply(OTHER, Stage.DECODE, step) == "b.txt"


def test_what_ends_just_in_time_leaves_nothing_for_the_next(document: RawDocument) -> None:
    # The end of each step falls near a look of the watch, so that some are told just as they end.
    for number in range(12):
        slow = replace(document, name=f"{number}.txt")
        apply(slow, Stage.DECODE, lambda _, n=number: spin(0.40 + n * 0.02))
        assert apply(OTHER, Stage.DECODE, lambda record: record.name) == "b.txt"
    spin(0.6)


def test_the_journal_names_the_record_while_it_is_worked_on(tmp_path: Path, document: RawDocument) -> None:
    def look(_: RawDocument) -> frozenset[bytes]:
        return at_work(str(tmp_path))

    with WATCH.armed(Limits(journal=str(tmp_path))):
        assert apply(document, Stage.CLEAN, look) == {note_of(record_note("a.txt"))}
        assert at_work(str(tmp_path)) == frozenset()
        for _ in WATCH.read("c.jsonl", iter([1])):
            # Between two records the file is not at work: a crash there is not the reader's.
            assert at_work(str(tmp_path)) == frozenset()

        def reading() -> Iterator[frozenset[bytes]]:
            yield at_work(str(tmp_path))

        assert list(WATCH.read("c.jsonl", reading())) == [{note_of(file_note("c.jsonl"))}]


def test_deadly_are_the_records_and_files_of_exactly_that_name() -> None:
    with WATCH.armed(Limits(deadly=frozenset({note_of(record_note("a.txt")), note_of(file_note("b.warc"))}))):
        assert WATCH.is_deadly_record("a.txt")
        assert WATCH.is_deadly_file("b.warc")
        assert not WATCH.is_deadly_file("a.txt")
        assert not WATCH.is_deadly_record("b.warc")


def test_a_note_of_any_name_fits(tmp_path: Path) -> None:
    for name in ("x" * 10_000, "new\nline", "\ud800", ""):
        with WATCH.armed(Limits(journal=str(tmp_path))):
            named = RawDocument("u", name, SourceFormat.TEXT, Payload.TEXT, b"Rain")
            assert apply(named, Stage.CLEAN, lambda _: at_work(str(tmp_path))) == {note_of(record_note(name))}
