"""Keeps what a run's first pass has parsed, so that the run itself does not parse it once more.

Before: a sampled page is parsed to learn from it, and again when its turn comes. After: its turn takes the blocks of the first time.

Local runs only: on other runners the two passes lie in different processes, and nothing is kept. Each document is handed out
once, and only for a record that is the same in all its fields and bytes; the run gives the same rows either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from schemas.records import DecodedDocument, ParsedDocument, RawDocument

MAX_CHARACTERS = 8_000_000
"""Text that is kept in all: some 300 pages, about 30 MB with their blocks."""


class _Kept(NamedTuple):
    """A parsed document whose source has lost its bytes, and their hash."""

    parsed: ParsedDocument
    sha256: bytes


class _Store:
    """What is kept; `room` is in characters, 0 where nothing is wanted."""

    def __init__(self) -> None:
        self.room = 0
        self.documents: dict[str, _Kept] = {}


_store = _Store()


def begin_keeping() -> None:
    """From now on documents are kept, until the process ends: for a process that serves a single run."""
    _store.room = MAX_CHARACTERS


@contextmanager
def keeping() -> Iterator[None]:
    """Documents are kept as long as the block lasts. For one run at a time."""
    begin_keeping()
    try:
        yield
    finally:
        _store.room = 0
        _store.documents.clear()


def keep(parsed: ParsedDocument) -> None:
    """Keeps `parsed` if there is room for it."""
    size = len(parsed.text)
    if size <= _store.room:
        _store.room -= size
        source = parsed.source
        _store.documents[source.source_uri] = _Kept(
            replace(parsed, source=_without_bytes(source)), hashlib.sha256(source.raw).digest()
        )


def take(document: DecodedDocument) -> ParsedDocument | None:
    """What was kept of this very record, which is then forgotten; else None."""
    if not _store.documents:
        return None
    source = document.source
    kept = _store.documents.pop(source.source_uri, None)
    if kept is None or kept.parsed.source != _without_bytes(source):
        return None
    if kept.sha256 != hashlib.sha256(source.raw).digest():
        return None
    return replace(kept.parsed, source=source)


def _without_bytes(source: RawDocument) -> RawDocument:
    return replace(source, raw=b"")
