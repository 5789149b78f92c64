"""Puts what was removed back in its place beside what was kept, in reading order.

Before: body "First.\\nLast." and a removed "Share" that stood between them.
After: three lines: kept "First.", removed "Share", kept "Last.".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.codes import Field
from schemas.records import Removed

_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"


class Piece(NamedTuple):
    """A stretch of a line: kept text where `removed` is None, else what was taken out here."""

    text: str
    removed: Removed | None = None


class MarkedLine(NamedTuple):
    """One line to show. It is `whole` when it was removed as a line of its own."""

    pieces: tuple[Piece, ...]
    whole: bool = False


def marked_lines(body: str, removed: Sequence[Removed], source: str) -> tuple[MarkedLine, ...]:
    """The lines of `body` with its removals in their places, in linear time.

    `source` is the markup-free text that `Removed.start` and `end` count in: it tells a removed line from a stretch
    removed inside a kept line. Removals of other fields than the body are left out.
    """
    lines: list[MarkedLine] = []
    current: list[Piece] = []
    place = 0

    def end_line() -> None:
        if any(piece.removed or piece.text.strip() for piece in current):
            lines.append(MarkedLine(tuple(current)))
        current.clear()

    def keep(text: str) -> None:
        first, *others = text.split("\n")
        if first:
            current.append(Piece(first))
        for other in others:
            end_line()
            if other:
                current.append(Piece(other))

    for each in sorted((each for each in removed if each.field is Field.BODY), key=lambda each: each.seq):
        offset = min(max(each.body_offset, place), len(body))
        keep(body[place:offset])
        place = offset
        # A stretch may hold the line break around it; what counts is where its visible part stands.
        start = each.start + len(each.text) - len(each.text.lstrip())
        end = each.end - (len(each.text) - len(each.text.rstrip()))
        if is_whole_line(source, start, end):
            end_line()
            lines.append(MarkedLine((Piece(each.text, each),), whole=True))
        else:
            current.append(Piece(each.text, each))
    keep(body[place:])
    end_line()
    return tuple(lines)


def is_whole_line(source: str, start: int, end: int) -> bool:
    """Whether nothing but white space stands between `source[start:end]` and the line ends around it."""
    return _reaches_line_end(source, start - 1, -1) and _reaches_line_end(source, end, 1)


def _reaches_line_end(source: str, index: int, step: int) -> bool:
    while 0 <= index < len(source) and source[index].isspace():
        if source[index] in _LINE_ENDS:
            return True
        index += step
    return not 0 <= index < len(source)
