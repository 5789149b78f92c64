"""A document as cleaning sees it: paragraphs with normal spelling, and what each line is by itself.

Before: blocks of a `ParsedDocument`  After: `Unit`s, broken lines rejoined; `Lines` answers what each line is by itself: rules, byline, date line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.codes import BlockKind, Normalization
from schemas.records import Cut, ParsedDocument
from schemas.rules import Rule, Where
from transforms.byline import parse_byline
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.cuts import STANDFIRST
from transforms.cleaning.gluing import Gluer, may_be_glued
from transforms.cleaning.line_joining import Line, Paragraph, Piece, join_lines
from transforms.cleaning.shapes import (
    count_words,
    ends_sentence,
    is_cue_line,
    is_date_line,
    is_prose,
    speaks_to_reader,
)
from transforms.metadata.urls import host_of
from transforms.normalize import normalize_text

_JOINED_KINDS = (BlockKind.LINE, BlockKind.PREFORMATTED)
_MAX_BYLINE_WORDS = 20
_MAX_SENTENCE_WORDS = 8
"""A longer line that ends like a sentence is no byline; asking would be dear."""


class Unit(NamedTuple):
    """A paragraph; `text` is in normal spelling; `cut` is what the page's structure has decided."""

    paragraph: Paragraph
    text: str
    kind: BlockKind
    words: int
    cut: Cut | None


class Lines:
    """The units of one document, and the questions asked about single lines; answers are remembered."""

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        self.parsed = parsed
        self.rules = rules
        self.is_plain = all(block.kind is BlockKind.LINE for block in parsed.blocks)
        self.notes: set[Normalization] = set(parsed.normalizations)
        self._language = _declared_language(parsed)
        self._host = _host(parsed)
        self._rules_of: dict[str, tuple[Rule, ...]] = {}
        self._bylines: dict[str, str | None] = {}
        self.units = self._make_units()

    def rules_of(self, text: str, words: int) -> tuple[Rule, ...]:
        """The rules that describe the whole line, wherever they hold. Dear: asked only where it matters."""
        known = self._rules_of.get(text)
        if known is None:
            known = self._rules_of[text] = self.rules.index.find(text, words, self._language, self._host)
        return known

    def rules_in_body(self, text: str, words: int) -> tuple[Rule, ...]:
        """Like `rules_of`, but rules that hold at head and tail only may be left out."""
        known = self._rules_of.get(text)
        if known is None:
            known = self.rules.index.find(text, words, self._language, self._host, Where.BODY)
        return known

    def byline_of(self, text: str, words: int) -> str | None:
        """The byline, without its "By", that the whole line is; None where it is none."""
        if words > _MAX_BYLINE_WORDS or (words > _MAX_SENTENCE_WORDS and ends_sentence(text)):
            return None
        if text not in self._bylines:
            self._bylines[text] = parse_byline(text)
        return self._bylines[text]

    def is_date(self, text: str, words: int) -> bool:
        """Whether the line is a date or a time and nothing else."""
        return is_date_line(text, words, self.rules.settings.dates)

    def is_known(self, text: str, words: int) -> bool:
        """Whether the line is surely no prose: a leftover that a rule describes, a byline, a date line."""
        return bool(self.rules_of(text, words) or self.is_date(text, words) or self.byline_of(text, words) is not None)

    def is_cue(self, text: str, words: int, *, at_edge: bool) -> bool:
        """Whether the line is made of the words with which pages speak about themselves."""
        return is_cue_line(text, words, self.rules.settings.cues, at_edge=at_edge)

    def speaks_to_reader(self, text: str, words: int) -> bool:
        """Whether the line addresses the reader about the page: told of sentences among leftovers only."""
        return speaks_to_reader(text, words, self.rules.settings.cues)

    def is_prose(self, unit: Unit) -> bool:
        """Whether the unit is surely a paragraph of the article."""
        if not is_prose(unit.text, unit.words, self.rules.settings.prose):
            return False
        return not (self.is_known(unit.text, unit.words) or self.is_cue(unit.text, unit.words, at_edge=True))

    def _is_complete(self, text: str, joined: bool) -> bool:
        words = count_words(text)
        return self.is_known(text, words) or self.is_cue(text, words, at_edge=joined)

    def _make_units(self) -> tuple[Unit, ...]:
        units: list[Unit] = []
        pending: list[Line] = []
        text = self.parsed.text
        settings, cuts_standfirst = self.rules.normalize, not self.rules.standfirst_in_body
        previous_end = 0
        gaps: set[str] = set()
        for block in self.parsed.blocks:
            start, end, kind, cut = block.start, block.end, block.kind, block.cut
            between = text[previous_end:start]
            if previous_end and between != "\n":
                gaps.add(between)
            previous_end = end
            plain, notes = normalize_text(text[start:end], settings)
            if not plain:
                self.notes.update(notes)
            elif cut is None and kind in _JOINED_KINDS:
                pending.append(Line(start, end, plain, _has_blank_line(between), notes))
            else:
                if pending:
                    units += self._join(pending)
                    pending = []
                if cut is None and kind is BlockKind.STANDFIRST and cuts_standfirst:
                    cut = STANDFIRST
                paragraph = Paragraph((Piece(start, end, plain, notes),), plain, True)
                units.append(Unit(paragraph, plain, kind, count_words(plain), cut))
        for gap in gaps:
            self._note_gap(gap)
        units += self._join(pending) if pending else ()
        return self._unglue(units) if may_be_glued(text) else tuple(units)

    def _unglue(self, units: Sequence[Unit]) -> tuple[Unit, ...]:
        gluer = Gluer(self.parsed.text, self.rules.settings.gluing, self.rules.normalize)
        if not gluer.is_damaged(unit.paragraph for unit in units if unit.cut is None):
            return tuple(units)
        apart: list[Unit] = []
        for unit in units:
            paragraphs, note = gluer.split(unit.paragraph)
            if unit.cut is not None or note is None:
                apart.append(unit)
                continue
            self.notes.add(note)
            apart += (Unit(part, part.text, unit.kind, count_words(part.text), None) for part in paragraphs)
        return tuple(apart)

    def _join(self, pending: list[Line]) -> list[Unit]:
        paragraphs, notes = join_lines(pending, self._is_complete, self.rules.settings.joining)
        self.notes.update(notes)
        return [
            Unit(paragraph, paragraph.text, BlockKind.LINE, count_words(paragraph.text), None)
            for paragraph in paragraphs
        ]

    def _note_gap(self, between: str) -> None:
        self.notes.add(Normalization.NEWLINES)
        if between.strip("\r\n"):
            self.notes.add(Normalization.WHITESPACE)


def _has_blank_line(between: str) -> bool:
    return between.count("\n") > 1 or ("\n" not in between and between.count("\r") > 1)


def _declared_language(parsed: ParsedDocument) -> str | None:
    """The primary subtag of the language that the record or the page states: "de" of "de-AT"."""
    stated = parsed.source.supplied.language
    if not stated and parsed.metadata.language:
        stated = parsed.metadata.language[0].value
    if not stated:
        return None
    primary = re.split(r"[-_]", stated.strip().casefold(), maxsplit=1)[0]
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else None


def _host(parsed: ParsedDocument) -> str | None:
    """The host of the record's address, for rules of single sites."""
    url = parsed.source.url or parsed.source.supplied.url
    if not url and parsed.metadata.url:
        url = parsed.metadata.url[0].value
    return host_of(url) if url else None
