from __future__ import annotations

import hashlib
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.read.source import ByteSource


def _broken(*chunks: bytes) -> Iterator[bytes]:
    yield from chunks
    raise RecordError(RejectCode.TRUNCATED_COMPRESSION, "cut")


def test_reads_across_chunks_and_counts() -> None:
    source = ByteSource(iter([b"ab", b"", b"cdef", b"g"]))
    assert source.peek(3) == b"abc"
    assert source.read(5) == b"abcde"
    assert source.offset == 5
    source.unread(b"de")
    assert (source.offset, source.read(99), source.at_end()) == (3, b"defg", True)


def test_damage_reads_as_the_end_and_is_kept() -> None:
    source = ByteSource(_broken(b"one\ntw"))
    assert source.line(100) == b"one\n"
    assert source.line(100) == b"tw"
    assert source.at_end()
    assert source.damage is not None
    assert source.damage.code is RejectCode.TRUNCATED_COMPRESSION


def test_a_failing_disk_is_damage_too() -> None:
    def failing() -> Iterator[bytes]:
        yield b"x"
        raise OSError(5, "Input/output error")

    source = ByteSource(failing())
    assert source.read(10) == b"x"
    assert source.damage is not None
    assert source.damage.code is RejectCode.UNREADABLE_FILE


def test_a_long_line_is_cut_at_the_limit() -> None:
    source = ByteSource(iter([b"a" * 50 + b"\nb"]))
    assert source.line(20) == b"a" * 20
    skipped = source.skip_line(b"a" * 20, keep=30)
    assert skipped.size == 51
    assert skipped.head == b"a" * 30
    assert skipped.sha256 == hashlib.sha256(b"a" * 50 + b"\n").hexdigest()
    assert source.line(20) == b"b"


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\x01", b"\n")), max_size=12))
def test_lines_are_those_of_the_joined_chunks(chunks: list[bytes]) -> None:
    source = ByteSource(iter(chunks))
    lines = []
    while line := source.line(1000):
        lines.append(line)
    whole = b"".join(chunks)
    assert b"".join(lines) == whole
    assert source.offset == len(whole)
    assert [line.rstrip(b"\n") for line in lines] == [
        part for part in (whole.split(b"\n")[:-1] if whole.endswith(b"\n") else whole.split(b"\n")) if part or lines
    ]
