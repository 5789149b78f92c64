"""Gives a message's page the address that the message states for it.

Before: a page without a URL, in a message with the header url="https://courier.example/harbour". After: the record has that URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.records import RawDocument, Reject


def with_url(records: Iterable[RawDocument | Reject], url: str | None) -> Iterator[RawDocument | Reject]:
    """The records; those that state no address of their own have `url`."""
    for record in records:
        if url and isinstance(record, RawDocument) and record.url is None:
            yield replace(record, url=url)
        else:
            yield record
