from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterator

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.read.compression import compression_of, unpack

TEXT = b"".join(b"line %d of the harbour news\n" % number for number in range(2000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": lambda raw: zstandard.ZstdCompressor().compress(raw),
}


def _pieces(raw: bytes, size: int) -> Iterator[bytes]:
    return (raw[place : place + size] for place in range(0, len(raw), size))


def _all(
    raw: bytes, size: int = 1000, max_bytes: int = 10**9, max_ratio: float = 10**6
) -> tuple[bytes, tuple[str, ...], RecordError | None]:
    chunks, layers = unpack(_pieces(raw, size), max_bytes=max_bytes, max_ratio=max_ratio)
    out = b""
    try:
        for chunk in chunks:
            out += chunk
    except RecordError as error:
        return out, layers, error
    return out, layers, None


@pytest.mark.parametrize("kind", sorted(PACKERS))
@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_members_in_a_row_are_one_stream(kind: str, size: int) -> None:
    pack = PACKERS[kind]
    raw = pack(TEXT[:3000]) + pack(b"") + pack(TEXT[3000:9000])
    assert compression_of(raw[:10]) == kind
    assert _all(raw, size) == (TEXT[:9000], (kind,), None)


@pytest.mark.parametrize("kind", sorted(PACKERS))
def test_a_cut_stream_gives_what_came_before(kind: str) -> None:
    raw = PACKERS[kind](TEXT)
    out, _, error = _all(raw[:-5])
    assert error is not None
    assert error.code is RejectCode.TRUNCATED_COMPRESSION
    assert TEXT.startswith(out)


@pytest.mark.parametrize("kind", sorted(PACKERS))
def test_damage_inside_is_corrupt(kind: str) -> None:
    raw = bytearray(PACKERS[kind](TEXT) + PACKERS[kind](TEXT))
    raw[len(raw) - len(PACKERS[kind](TEXT)) // 2] ^= 0xFF
    raw[-3] ^= 0x55
    out, _, error = _all(bytes(raw))
    assert error is not None
    assert error.code in (RejectCode.CORRUPT_COMPRESSION, RejectCode.TRUNCATED_COMPRESSION)
    assert out.startswith(TEXT[:1000])


def test_other_bytes_after_a_member_are_damage_and_padding_is_not() -> None:
    assert _all(gzip.compress(TEXT) + b"\0" * 512)[2] is None
    out, _, error = _all(gzip.compress(TEXT) + b"garbage of ten and more")
    assert out == TEXT
    assert error is not None
    assert error.code is RejectCode.CORRUPT_COMPRESSION


def test_two_layers_are_undone_and_a_third_is_left() -> None:
    two = bz2.compress(gzip.compress(TEXT))
    assert _all(two) == (TEXT, ("bzip2", "gzip"), None)
    out, layers, _ = _all(gzip.compress(two))
    assert layers == ("gzip", "bzip2")
    assert compression_of(out[:10]) == "gzip"


@pytest.mark.parametrize("kind", sorted(PACKERS))
def test_a_bomb_is_stopped_early(kind: str) -> None:
    bomb = PACKERS[kind](b"\0" * 40_000_000)
    out, _, error = _all(bomb, max_ratio=100)
    assert error is not None
    assert error.code is RejectCode.DECOMPRESSION_LIMIT
    assert len(out) < 40_000_000


def test_a_small_file_may_have_any_ratio() -> None:
    assert _all(gzip.compress(b"a" * 900_000), max_ratio=100)[2] is None


def test_the_cap_on_bytes() -> None:
    _, _, error = _all(gzip.compress(TEXT), max_bytes=10_000)
    assert error is not None
    assert error.code is RejectCode.DECOMPRESSION_LIMIT
    assert "10,000" in error.message


def test_zstd_skippable_frames_are_passed() -> None:
    frame = b"\x50\x2a\x4d\x18" + (600).to_bytes(4, "little") + b"x" * 600
    raw = frame + zstandard.ZstdCompressor().compress(TEXT)
    assert _all(raw, 100) == (TEXT, ("zstd",), None)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(sorted(PACKERS)), st.integers(1, 50))
def test_any_bytes_survive_packing(raw: bytes, kind: str, size: int) -> None:
    if compression_of(raw[:10]):
        return
    assert _all(PACKERS[kind](raw), size) == (raw, (kind,), None)
