"""Tells by cheap signs which records are worked on in a child process: large ones, those of very many tags or references.

Before: a page of 9 MiB, or of 60 KiB with nothing odd about it. After: "9,437,184 bytes", or None.
What is slow or harmful to a parser has to be long in one of these ways; what is not is left to the watch in the worker.
"""

from __future__ import annotations

from schemas.codes import Payload
from schemas.records import RawDocument
from transforms.isolation.limits import Suspicion

_LOOKED_AT = 64 * 1024
"""Below this many bytes a record is not looked into: the parsers take what is so short in any form."""


def suspicion_of(document: RawDocument, limits: Suspicion) -> str | None:
    """Why `document` is worked on in isolation, or None. About 0.1 ms for a page of 200 KB, nothing for a short one."""
    text: bytes | str = document.raw if document.content is None else document.content
    size = len(text)
    if size > limits.bytes:
        return f"{size:,} bytes"
    if size < _LOOKED_AT:
        return None
    is_page = document.payload is Payload.HTML
    if is_page and (tags := _count(text, "<")) > limits.tags:
        return f"{tags:,} tags"
    if (references := _count(text, "&")) > limits.references:
        return f"{references:,} character references"
    if not is_page and size > limits.line and (longest := _longest_line(text)) > limits.line:
        return f"a line of {longest:,} characters"
    return None


def _count(text: bytes | str, character: str) -> int:
    return text.count(character.encode()) if isinstance(text, bytes) else text.count(character)


def _longest_line(text: bytes | str) -> int:
    lines = text.splitlines()
    return max(map(len, lines), default=0)
