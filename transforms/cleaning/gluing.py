"""Finds sentences that lost the space or the paragraph break between them.

Before: "… reopened on Monday.The mayor said: “At last.”Ships had waited …"  After: the places before "The" and "Ships".

A full stop inside a word is mostly right as it is: "e.g.", "U.S.", "Node.js", initials, addresses and file names. So the
words on both sides decide, and behind a name only words that begin sentences count. Word lists stand in configs/cleaning.toml.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence

from schemas.codes import Normalization
from transforms.cleaning.clean_settings import Gluing
from transforms.cleaning.line_joining import Paragraph, Piece, join_pieces
from transforms.normalize import NormalizeSettings, normalize_text

_MARK = "[.!?]"
_QUOTES = '"“”„«»‘’'
# One end mark or "?!", quotes and brackets around it, a letter at once behind; or a mark of a script without capitals.
# French has a space before its closing quote.
_INVISIBLE = "\xad\u200b\u200e\u200f\u2060\ufeff"
_BEHIND = rf"(?:[{_QUOTES})\]]|[ \xa0\u202f]»){{0,2}}[{_INVISIBLE}]*(?=[^\W\d_])"
_GLUE = re.compile(rf"(?:(?<=[^\W_][^\W_])|(?<=\d%))[”»’)\]\"]?(?:\.|[!?]{{1,3}}){_BEHIND}|[؟۔।॥]{_BEHIND}")
# The end mark stands first, so that the search can jump from one to the next.
_QUICK = re.compile(
    rf"[.!?؟۔।॥](?=[^\s\d]|[ \xa0\u202f]»)(?<![\s.][^\W\d_].)(?:[{_QUOTES})\]]|[ \xa0\u202f]»){{0,2}}[{_INVISIBLE}]*(?=[^\W\d_a-z])"
)
_ANY_BEHIND = _QUOTES + _INVISIBLE + ")] \xa0\u202f"
_LEFT = re.compile(r"[^\W_]+%?$")
_RIGHT = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEFORE_LEFT = " \t\n\r\xa0\"“”„«»‘’'()[-–—"
_AFTER_RIGHT = " \t\n\r\xa0,;:'’\"”»)]-–—.!?…"
_NO_CAPITALS = re.compile("[\u0590-\u08ff\u0900-\u0dff]")
_MIN_NO_CAPITALS = 3
_MIN_LEFT = 3
_SENTENCE_END = re.compile(rf"[.!?؟۔।॥][{_QUOTES})\]]{{0,2}}(?=\s|$)")
_MIN_SPACES = 2
_LOOK = 60
"""Characters on each side in which a word is looked for."""


def may_be_glued(text: str) -> bool:
    """Whether `text` has an end mark with a letter behind it that isn't a small Latin one. Fast."""
    return _QUICK.search(text) is not None


class Gluer:
    """Splits glued paragraphs of one document."""

    def __init__(self, source: str, settings: Gluing, normalize: NormalizeSettings) -> None:
        self._source = source
        self._settings = settings
        self._normalize = normalize

    def is_damaged(self, paragraphs: Iterable[Paragraph]) -> bool:
        """Whether so many sentences are glued that it is no slip of the author's, which would stay as published."""
        glued = sum(len(self._places(piece)) for paragraph in paragraphs for piece in paragraph.pieces)
        return glued > 0 and glued >= self._settings.min_share * len(_SENTENCE_END.findall(self._source))

    def split(self, paragraph: Paragraph) -> tuple[tuple[Paragraph, ...], Normalization | None]:
        """The paragraphs that `paragraph` is, and what was done: a space put in, or paragraphs separated.

        Paragraphs are separated where one line is most of the document and sentences are glued in it several times: then
        breaks were lost. Elsewhere a space was, which is all that is sure.
        """
        pieces: list[list[Piece]] = [[]]
        places = [self._places(piece) for piece in paragraph.pieces]
        found = sum(len(at) for at in places)
        if not found:
            return (paragraph,), None
        size = paragraph.pieces[-1].end - paragraph.pieces[0].start
        apart = found >= self._settings.min_breaks and 2 * size > len(self._source) and len(paragraph.pieces) == 1
        for piece, at in zip(paragraph.pieces, places, strict=True):
            joint, drop_hyphen = piece.joint, piece.drop_hyphen
            for start, end in zip((piece.start, *at), (*at, piece.end), strict=True):
                text, notes = normalize_text(self._source[start:end], self._normalize)
                if start != piece.start and apart:
                    pieces.append([])
                    joint = ""
                elif start != piece.start:
                    joint, drop_hyphen = " ", False
                pieces[-1].append(Piece(start, end, text, notes, joint, drop_hyphen))
        paragraphs = tuple(Paragraph(tuple(part), join_pieces(part), paragraph.gap) for part in pieces)
        return paragraphs, Normalization.PARAGRAPHS_SPLIT if apart else Normalization.SPACES_ADDED

    def _places(self, piece: Piece) -> tuple[int, ...]:
        """Places in the source before which a sentence begins that is glued to the one before."""
        if not may_be_glued(piece.text) or piece.text.count(" ") < self._settings.min_words - 1:
            return ()
        raw = self._source[piece.start : piece.end]
        quotes = _Quotes(raw)
        found = (self._place(raw, quotes, match) for match in _GLUE.finditer(raw))
        return tuple(piece.start + place for place in found if place is not None)

    def _place(self, raw: str, quotes: _Quotes, match: re.Match[str]) -> int | None:
        right = _RIGHT.match(raw, match.end())
        if right is None:
            return None
        sign = match.group()
        mark = next(at for at, letter in enumerate(sign) if letter in ".!?؟۔।॥")
        marks_end = match.start() + mark + len(sign[mark:].rstrip(_ANY_BEHIND))
        place = _behind_closing(raw, quotes, marks_end, match.end())
        if raw[place - 1].isspace():
            return None
        if sign[mark] in "؟۔।॥":
            return place
        left = _LEFT.search(raw[max(0, match.start() - _LOOK) : match.start()])
        before = raw[match.start() - len(left.group()) - 1 : match.start() - len(left.group())] if left else "."
        after = raw[right.end() : right.end() + 2]
        # A sentence has words before its last one: "pathlib.Path" at a line's start is a name.
        if left is None or raw.count(" ", max(0, match.start() - _LOOK), match.start()) < _MIN_SPACES:
            return None
        if (before and before not in _BEFORE_LEFT) or not _ends_word(after):
            return None
        has_quote = any(letter in _QUOTES + ")]" for letter in sign)
        is_word = len(right.group()) > 1 or (after[:1] == " " and after[1:2].islower())
        return place if self._are_sentences(left.group(), right.group(), has_quote, is_word) else None

    def _are_sentences(self, left: str, right: str, has_quote: bool, is_word: bool) -> bool:
        """Whether one sentence ends in `left` and another begins with `right`."""
        if _NO_CAPITALS.match(right):
            return bool(_NO_CAPITALS.match(left)) and min(len(left), len(right)) >= _MIN_NO_CAPITALS
        first = right[:1]
        if not first.isupper() or (right.isupper() and len(right) > 1 and not has_quote):
            return False
        if not right[1:].replace("'", "").replace("’", "").islower() and len(right) > 1 and not has_quote:
            return False
        if has_quote:
            return True
        if left.casefold() in self._settings.abbreviations or right.casefold() in self._settings.name_endings:
            return False
        if left.islower() and len(left) >= _MIN_LEFT and is_word:
            return True
        # Behind a name only a word that begins sentences: "in Northport.The mayor", not "Fun.Time".
        return right.casefold() in self._settings.openers


def _ends_word(after: str) -> bool:
    """Whether a word ends before `after`: at a space or a mark; a full stop must not go on into an address."""
    if not after:
        return True
    if after[0] not in _AFTER_RIGHT:
        return False
    return after[0] not in ".-'’" or len(after) < 2 or not after[1].isalnum() or after[0] != "."


class _Quotes:
    """Where the quotation marks of one text stand; each mark is looked for once, however often it is asked about."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._places_of: dict[str, tuple[int, ...]] = {}

    def is_open(self, opening: str, closing: str, place: int) -> bool:
        """Whether a quotation that began with `opening` goes on at `place`."""
        return self._before(opening, place) > self._before(closing, place)

    def is_odd(self, sign: str, others: Sequence[str], place: int) -> bool:
        """Whether `sign` opens a quotation at `place`, in languages that use it on both sides."""
        return not any(self._of(other) for other in others) and self._before(sign, place) % 2 == 0

    def _before(self, sign: str, place: int) -> int:
        return bisect.bisect_left(self._of(sign), place)

    def _of(self, sign: str) -> tuple[int, ...]:
        places = self._places_of.get(sign)
        if places is None:
            places = self._places_of[sign] = tuple(found.start() for found in re.finditer(sign, self._raw))
        return places


def _behind_closing(raw: str, quotes: _Quotes, start: int, end: int) -> int:
    """The place in `raw[start:end]`, the marks behind a sentence's end mark, where the next sentence begins."""
    for place in range(start, end):
        sign = raw[place]
        if sign in ")]’ \xa0\u202f" + _INVISIBLE or (sign == "”" and not quotes.is_odd("”", "“„", place)):
            continue
        if sign in "“„‘" and not (sign in "“‘" and quotes.is_open("„" if sign == "“" else "‚", sign, place)):
            return place
        if sign == '"' and quotes.is_odd(sign, "", place):
            return place
        if sign == "”" or (sign in "«»" and not quotes.is_open("»" if sign == "«" else "«", sign, place)):
            return place
    return end
