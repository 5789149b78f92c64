"""Rejoins lines that were broken in the middle of a sentence.

Before: "… legitimate government which" / "is fighting an insurgency."  After: one paragraph of two pieces, joined by a space.

Three signs that two lines are one: the second starts in lower case; the first stops at a comma or an article; a stretch is
wrapped at a fixed width (each next word wouldn't have fitted). Leftovers, bylines, headings and list items are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.codes import Normalization
from transforms.cleaning.caseless_breaks import find_caseless_breaks
from transforms.cleaning.clean_settings import Joining
from transforms.cleaning.shapes import CLOSERS, ends_sentence, is_list_item, starts_lower

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WIDE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# No line begins with these marks: what follows a link that stood on a line of its own.
_CONTINUES = re.compile("[，、。；：！？）」』】》．，،؛؟]|[,;)\\]](?=[\\s,.]|$)|[.!?:”’](?=[\\s,;]|$)|»(?=[,;]|$)")
_CJK_OPEN_END = "，、；：（「『"
_BROKEN_WORD = re.compile(r"[^\W\d_]{2,}-$")
_MAX_ABBREVIATION = 5
"""Characters of "U.S.", "Inc." and "Sept." with their full stops."""
_FIRST_WORD = re.compile(r"[^\W\d_]+")


class Line(NamedTuple):
    """One line: `text` is normalised (`notes` say how), `start` and `end` its place in the source, `gap` whether a blank
    line precedes it."""

    start: int
    end: int
    text: str
    gap: bool = False
    notes: tuple[Normalization, ...] = ()


class Piece(NamedTuple):
    """A line's place in its paragraph. `joint` stands before it in the joined text (" ", or "" in scripts without spaces);
    `drop_hyphen` takes the hyphen of the line before away with it."""

    start: int
    end: int
    text: str
    notes: tuple[Normalization, ...] = ()
    joint: str = ""
    drop_hyphen: bool = False


class Paragraph(NamedTuple):
    """One or more lines that are one. `gap`: whether a blank line precedes it."""

    pieces: tuple[Piece, ...]
    text: str
    gap: bool


def join_lines(
    lines: Sequence[Line], is_complete: Callable[[str, bool], bool], settings: Joining
) -> tuple[tuple[Paragraph, ...], tuple[Normalization, ...]]:
    """The paragraphs of `lines`, in order, and lines_joined or hyphens_joined where that happened.

    `is_complete(text, joined)` tells lines that are something by themselves: leftovers, bylines, date lines; `joined` when
    the text is two lines together. Linear in the number of characters.
    """
    wrapped = _wrapped_breaks(lines, settings)
    wrapped |= find_caseless_breaks([line.text for line in lines], [line.gap for line in lines], settings)
    vocabulary = _Vocabulary(lines)
    notes: set[Normalization] = set()
    paragraphs: list[Paragraph] = []
    pieces: list[Piece] = []
    gap = False
    for index, line in enumerate(lines):
        joint = None
        if pieces:
            so_far = line.start - pieces[0].start
            joint = _joint(lines, index, so_far, index in wrapped, is_complete, settings, vocabulary)
        if joint is None:
            if pieces:
                paragraphs.append(_paragraph(pieces, gap))
            pieces, gap = [Piece(line.start, line.end, line.text, line.notes)], line.gap
            continue
        space, drop_hyphen = joint
        notes.add(Normalization.LINES_JOINED)
        if drop_hyphen:
            notes.add(Normalization.HYPHENS_JOINED)
        pieces.append(Piece(line.start, line.end, line.text, line.notes, space, drop_hyphen))
    if pieces:
        paragraphs.append(_paragraph(pieces, gap))
    return tuple(paragraphs), tuple(note for note in Normalization if note in notes)


def join_pieces(pieces: Sequence[Piece]) -> str:
    """The text of a paragraph's pieces."""
    if len(pieces) == 1:
        return pieces[0].text
    parts: list[str] = []
    for piece in pieces:
        if piece.drop_hyphen and parts:
            parts[-1] = parts[-1][:-1]
        if parts:
            parts.append(piece.joint)
        parts.append(piece.text)
    return "".join(parts)


def _paragraph(pieces: list[Piece], gap: bool) -> Paragraph:
    return Paragraph(tuple(pieces), join_pieces(pieces), gap)


def _joint(
    lines: Sequence[Line],
    index: int,
    so_far: int,
    is_wrapped: bool,
    is_complete: Callable[[str, bool], bool],
    settings: Joining,
    vocabulary: _Vocabulary,
) -> tuple[str, bool] | None:
    """How line `index` goes on from the line before it: (joint, drop hyphen); None where it doesn't.

    `so_far` is the length of the paragraph that the line before ends.
    """
    before, after = lines[index - 1].text, lines[index].text
    lower = starts_lower(after)
    if not after[:1].isalnum() and _CONTINUES.match(after) and not is_complete(before, False):
        return "", False
    if not (lower or is_wrapped or _is_open(before, after, lines[index], settings)):
        return None
    if is_list_item(after) and not is_wrapped:
        return None
    if is_complete(before, False):
        if not lower or is_complete(after, False) or not is_complete(f"{before} {after}", True):
            return None
    elif is_complete(after, False):
        # In mid-sentence "tags" or "share" are words like any other; after a headline "by …" is a byline.
        in_mid_sentence = index > 1 and so_far >= settings.min_characters and not ends_sentence(before)
        if not lower or lines[index].gap or not (in_mid_sentence or _last_word(before) in settings.open_words):
            return None
    elif lower and not is_wrapped:
        long_enough = max(so_far, len(after)) >= settings.min_characters or (
            not starts_lower(before) and so_far + len(after) >= settings.min_characters * 3 // 2
        )
        # A headline may be broken as well; a verse has more lines in lower case.
        at_top = index == 1 and len(before) >= settings.min_characters // 3 and not before.isupper()
        unfinished = _last_word(before) in settings.open_words and so_far >= settings.min_characters // 2
        unfinished = unfinished and not (index + 1 < len(lines) and starts_lower(lines[index + 1].text))
        at_top = at_top and not (len(lines) > 2 and starts_lower(lines[2].text))
        if before[-1:] in ":;" or not (long_enough or at_top or unfinished or is_complete(f"{before} {after}", True)):
            return None
        if ends_sentence(before) and (lines[index].gap or not _may_go_on(before)):
            return None
    return _hyphen_joint(before, after, is_wrapped, settings, vocabulary)


def _may_go_on(before: str) -> bool:
    """Whether an end mark need not end the sentence: after an abbreviation, or a quotation (“Stop!” / he said)."""
    word = before[-60:].rsplit(" ", 1)[-1]
    return before[-1:] in CLOSERS or "." in word[:-1] or (word[:1].isupper() and len(word) <= _MAX_ABBREVIATION)


def _hyphen_joint(
    before: str, after: str, is_wrapped: bool, settings: Joining, vocabulary: _Vocabulary
) -> tuple[str, bool]:
    """The joint of two lines known to be one, hyphens and scripts without spaces considered."""
    if _CJK.match(before[-1:]) and _CJK.match(after[:1]):
        return "", False
    if before[-1:] in _CJK_OPEN_END or (_CJK.match(after[:1]) and not before[-1:].isascii()):
        return "", False
    if not (_BROKEN_WORD.search(before[-40:]) and after[:1].islower()):
        return " ", False
    first = _FIRST_WORD.match(after)
    head, tail = _last_word(before).rstrip("-"), first.group().casefold() if first else ""
    if tail in settings.suspended_words:
        return " ", False
    # Without a dictionary the text itself decides: does it have the word in one piece or with its hyphen elsewhere?
    is_compound = head in settings.compound_heads or vocabulary.has(f"{head}-{tail}")
    if vocabulary.has(head + tail) or (is_wrapped and not is_compound):
        return "", True
    return "", False


class _Vocabulary:
    """Answers whether a word stands anywhere in the lines; folds the text only when first asked."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._words: frozenset[str] | None = None

    def has(self, word: str) -> bool:
        if self._words is None:
            text = " ".join(line.text for line in self._lines).casefold()
            self._words = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))
        return word in self._words


def _last_word(text: str) -> str:
    return text[-60:].rsplit(" ", 1)[-1].casefold()


def _is_open(before: str, after: str, line: Line, settings: Joining) -> bool:
    """Whether `before` can't be a line's end, in a text whose next line starts with a capital or has no case."""
    if line.gap or len(before) < settings.min_characters:
        return False
    if before[-1:] in _CJK_OPEN_END[:2]:
        return True
    if before[-1:] in ",،":
        return len(before) >= settings.min_characters * 3 // 2 and len(after) >= settings.min_characters // 2
    return _last_word(before) in settings.open_words


def _wrapped_breaks(lines: Sequence[Line], settings: Joining) -> frozenset[int]:
    """Indices of lines that go on from the line before because a program wrapped the text at a fixed width.

    The test: within lines that no blank line parts, the next line's first word would not have fitted. It must hold for
    three breaks and for most of the lines that are not the last of their paragraph.
    """
    wrapped: set[int] = set()
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].gap:
            if index - start >= 4:
                wrapped.update(_wrapped_in(lines, start, index, settings))
            start = index
    return frozenset(wrapped)


def _wrapped_in(lines: Sequence[Line], start: int, end: int, settings: Joining) -> list[int]:
    width = max(len(line.text) for line in lines[start:end])
    cjk = bool(_CJK.match(lines[start].text[-1:]))
    wide = any(_WIDE.search(line.text[-2:]) for line in lines[start : start + 2])
    if not (settings.wrap_min // (2 if wide else 1) <= width <= settings.wrap_max):
        return []
    found: list[int] = []
    for index in range(start + 1, end):
        before, after = lines[index - 1].text, lines[index].text
        room = width - len(before)
        fits = room > 2 if cjk else len(after.split(" ", 1)[0]) + 1 <= room
        if not fits:
            found.append(index)
    breaks = end - start - 1
    unfinished = sum(1 for i in range(start + 1, end) if not ends_sentence(lines[i - 1].text.rstrip(CLOSERS)))
    if len(found) < 3 or len(found) < 0.6 * breaks or unfinished < 0.5 * breaks:
        return []
    return found
