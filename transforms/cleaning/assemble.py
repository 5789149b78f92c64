"""Builds the body and the removed spans from what cleaning decided, so that together they are the source text.

Before: lines, each with a cut or none, and stretches cut off a kept line's edges  After: the body, and `RemovedSpan`s with
their place in the source and in the body.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.codes import Field, Normalization
from schemas.records import Cut, RemovedSpan
from transforms.character_references import decode_in_place
from transforms.cleaning.line_joining import Paragraph, Piece, join_pieces
from transforms.normalize import NormalizeSettings, normalize_text

_IGNORED_IN_ALIGNMENT = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\-\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)


_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]` of a kept paragraph, cut off at its start or end."""

    start: int
    end: int
    cut: Cut


class Decided(NamedTuple):
    """A paragraph and what becomes of it: cut as a whole, or kept without its `stretches` (ordered, at its edges)."""

    paragraph: Paragraph
    cut: Cut | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """The finished body (paragraphs joined by one newline), what was removed, and the changes of spelling in the body."""

    body: str
    removed: tuple[RemovedSpan, ...]
    normalizations: frozenset[Normalization]


def assemble(source: str, decided: Sequence[Decided], settings: NormalizeSettings) -> Assembled:
    """Body and removed spans of `decided`, whose paragraphs lie in `source` in order and do not overlap."""
    body: list[str] = []
    length = 0
    removed: list[RemovedSpan] = []
    notes: set[Normalization] = set()

    def take(start: int, end: int, cut: Cut, offset: int) -> None:
        removed.append(
            RemovedSpan(
                Field.BODY, start, end, source[start:end], cut.rule_id, cut.category, cut.scope, cut.action, offset
            )
        )

    for item in decided:
        pieces = item.paragraph.pieces
        if item.cut is not None:
            take(pieces[0].start, pieces[-1].end, item.cut, length)
            continue
        if not item.stretches:
            if body:
                length += 1
            body.append(item.paragraph.text)
            length += len(item.paragraph.text)
            for piece in pieces:
                if piece.notes:
                    notes.update(piece.notes)
            continue
        kept, cuts = _split(source, item)
        text, found = _kept_text(source, kept, settings)
        if not text:
            for start, end, cut in cuts:
                take(start, end, cut, length)
            continue
        notes |= found
        if body:
            length += 1
        body.append(text)
        first = kept[0].start
        for start, end, cut in cuts:
            take(start, end, cut, length if start < first else length + len(text))
        length += len(text)
    return Assembled("\n".join(body), tuple(removed), frozenset(notes))


def _kept_text(
    source: str, pieces: Sequence[Piece], settings: NormalizeSettings
) -> tuple[str, frozenset[Normalization]]:
    notes: set[Normalization] = set()
    written: list[Piece] = []
    for piece in pieces:
        if not piece.text:  # Clipped: what is left of it is normalised anew.
            text, found = normalize_text(source[piece.start : piece.end], settings)
            piece = piece._replace(text=text, notes=found)
        notes.update(piece.notes)
        if piece.text:
            written.append(piece)
    return join_pieces(written) if written else "", frozenset(notes)


def _split(source: str, item: Decided) -> tuple[tuple[Piece, ...], list[tuple[int, int, Cut]]]:
    """The pieces that are left of a paragraph, and the cut stretches, both by place in the source."""
    pieces = item.paragraph.pieces
    low, high = pieces[0].start, pieces[-1].end
    cuts: list[tuple[int, int, Cut]] = []
    length = len(item.paragraph.text)
    for stretch in item.stretches:
        start = pieces[0].start if stretch.start <= 0 else source_offset(source, item.paragraph, stretch.start)
        end = pieces[-1].end if stretch.end >= length else source_offset(source, item.paragraph, stretch.end)
        text = source[start:end]
        start, end = start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))
        if start >= end:
            continue
        cuts.append((start, end, stretch.cut))
        if start <= low or not source[low:start].strip():
            low = max(low, end)
        else:
            high = min(high, start)
    kept: list[Piece] = []
    for piece in pieces:
        start, end = max(piece.start, low), min(piece.end, high)
        if start < end and source[start:end].strip():
            clipped = (start, end) != (piece.start, piece.end)
            kept.append(piece._replace(start=start, end=end, text="") if clipped else piece)
    return tuple(kept), cuts


def source_offset(source: str, paragraph: Paragraph, offset: int) -> int:
    """The place in `source` of the code point `offset` of the paragraph's normalised text."""
    position = 0
    for number, piece in enumerate(paragraph.pieces):
        length = len(piece.text)
        following = paragraph.pieces[number + 1] if number + 1 < len(paragraph.pieces) else None
        if following is not None and following.drop_hyphen:
            length -= 1
        if offset <= position + length or following is None:
            return _align(source, piece, max(0, offset - position))
        position += length + len(following.joint)
        if offset < position:
            return following.start
    raise AssertionError("a paragraph has at least one piece")


def _align(source: str, piece: Piece, local: int) -> int:
    """The place in `source` of code point `local` of the piece's text, by counting visible characters in both."""
    raw = source[piece.start : piece.end]
    if raw == piece.text:
        return piece.start + local
    if "&" in raw:
        raw = decode_in_place(raw)
    wanted = _visible(piece.text[:local])
    seen = skipped = 0
    while skipped < len(raw):  # By the chunk first: the line may be long.
        count = _visible(raw[skipped : skipped + _CHUNK])
        if seen + count >= wanted:
            break
        seen += count
        skipped += _CHUNK
    for position, character in enumerate(raw[skipped:], skipped):
        count = _visible(character)
        if seen >= wanted and count and not unicodedata.combining(character):
            return piece.start + position
        seen += count
    return piece.end


def _visible(text: str) -> int:
    return len(_IGNORED_IN_ALIGNMENT.sub("", unicodedata.normalize("NFKD", text)))
