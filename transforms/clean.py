"""Cleans an article: blocks → rules → the body, and everything that was taken out with the rule that took it.

Before: headline, byline, "MOSCOW – Talks resumed …", "Share", "Most read", two headlines  After: the body "Talks resumed …";
headline, byline and dateline moved to columns of their own; three removed rows.

Order: lines are joined; rules, date lines and bylines mark lines; doubled paragraphs are found; the first and last paragraph
of prose that is left delimit head, body and tail; the headline is recognised; only then leftovers nobody has listed are
told by their shape, at head and tail, because in the middle a short line may be a subhead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.codes import Action, BlockKind, Category, Normalization, RejectCode
from schemas.errors import RecordError
from schemas.records import Block, CleanedDocument, Cut, Dateline, PageMetadata, ParsedDocument, SuppliedFields
from schemas.rules import Rule, Take, Where
from transforms.assemble import Decided, Stretch, assemble
from transforms.boilerplate import cut_of, in_place
from transforms.byline import parse_byline
from transforms.clean_rules import CleanRules
from transforms.dateline import find_dateline
from transforms.doubling import find_intruders, find_repeats, paragraph_key, repeats_headline, second_copy_within
from transforms.fold import fold_line
from transforms.headline import choose_headline
from transforms.line_joining import Line, Paragraph, Piece, join_lines
from transforms.normalize import fingerprint, in_order, normalize_text
from transforms.shapes import (
    count_words,
    ends_sentence,
    has_sentence_break,
    is_announcement,
    is_cue_line,
    is_date_line,
    is_list_item,
    is_prose,
    looks_left_over,
)

_NO_METADATA = PageMetadata()
_NOTHING_SUPPLIED = SuppliedFields()
_JOINED_KINDS = (BlockKind.LINE, BlockKind.PREFORMATTED)
_OWN_CATEGORIES = (Category.BODY_REPEAT, Category.HEADLINE, Category.HEADLINE_REPEAT, Category.BYLINE, Category.CAPTION)
"""Cuts of what is the article's own; what follows them may be the article's as well."""
_EDGE_CHARACTERS = 800
"""How far from the end of the last paragraph leftovers are looked for."""
_EDGE_SENTENCES = 4
"""Of how many sentences one leftover may consist there."""
_SENTENCE_START = re.compile("[.!?…。！？؟][\"'”’»)\\]]* +(?=[^\\W\\d_a-z]|[^\\w\\s])")
_WIDE_GAP = re.compile(r"\s{3,}|\t+")
_TEXT_KINDS = (BlockKind.LINE, BlockKind.PARAGRAPH, BlockKind.HEADING)

HEADLINE = Cut("headline.line", Category.HEADLINE, action=Action.MOVED)
HEADLINE_REPEAT = Cut("headline.repeat", Category.HEADLINE_REPEAT)
BODY_REPEAT = Cut("doubling.paragraph", Category.BODY_REPEAT)
BODY_REPEAT_INSIDE = Cut("doubling.inside_paragraph", Category.BODY_REPEAT)
INTRUDER = Cut("doubling.in_one_copy", Category.OTHER)
BYLINE = Cut("byline.line", Category.BYLINE, action=Action.MOVED)
DATELINE = Cut("dateline.start", Category.DATELINE, action=Action.MOVED)
DATE_LINE = Cut("date_line", Category.DATE_LINE, action=Action.MOVED)
STANDFIRST = Cut("standfirst.block", Category.STANDFIRST, action=Action.MOVED)
CUE_LINE = Cut("shape.cue_words", Category.PAGE_CHROME)
ANNOUNCEMENT = Cut("shape.announcement", Category.RELATED)
HEAD_SHAPE = Cut("shape.head", Category.PAGE_CHROME)
TAIL_SHAPE = Cut("shape.tail", Category.PAGE_CHROME)
EMPTY_HEADING = Cut("shape.heading_without_text", Category.PAGE_CHROME)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph as cleaning sees it. `rules` are those that describe it, wherever they hold."""

    paragraph: Paragraph
    text: str
    kind: BlockKind
    words: int
    cut: Cut | None
    rules: tuple[Rule, ...]
    byline: str | None
    is_date: bool


def clean(parsed: ParsedDocument, rules: CleanRules) -> CleanedDocument:
    """The cleaned form of a page or a plain text. Idempotent on its own body for plain text without leftovers.

    Raises `RecordError` (no_body) when nothing is left, (no_text) when nothing visible came in.
    """
    return _Cleaner(parsed, rules).run()


class _Cleaner:
    """One document's cleaning. The lists run parallel to `units`; each step fills in cuts that are still open."""

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        self.parsed = parsed
        self.rules = rules
        self.settings = rules.settings
        self.is_plain = all(block.kind is BlockKind.LINE for block in parsed.blocks)
        self.language = _declared_language(parsed)
        self.host = None
        self.notes: set[Normalization] = set(parsed.normalizations)
        self.seen: dict[str, tuple[int, tuple[Rule, ...], str | None, bool]] = {}
        self.units: tuple[_Unit, ...] = ()
        self.cuts: list[Cut | None] = []
        self.stretches: dict[int, list[Stretch]] = {}
        self.first: int | None = None
        self.last: int | None = None
        self.headline: str | None = None
        self.byline: str | None = None
        self.dateline: Dateline | None = None

    def run(self) -> CleanedDocument:
        self.units = self._units()
        self.cuts = [unit.cut for unit in self.units]
        self._choose_stated_headline()
        self._cut_doubled()
        self._find_prose()
        self._recognise_headline()
        self._cut_headline_repeats()
        self._cut_lines()
        self._cut_stretches()
        return self._finish()

    # Lines and what is known of each by itself

    def _units(self) -> tuple[_Unit, ...]:
        units: list[_Unit] = []
        pending: list[Line] = []
        previous_end = 0
        text = self.parsed.text

        def flush() -> None:
            if pending:
                paragraphs, notes = join_lines(pending, self._is_complete, self.settings.joining)
                self.notes.update(notes)
                units.extend(self._unit(paragraph, BlockKind.LINE, None) for paragraph in paragraphs)
                pending.clear()

        for block in self.parsed.blocks:
            between = text[previous_end : block.start]
            if between != "\n" and previous_end:
                self._note_gap(between)
            previous_end = block.end
            plain, notes = normalize_text(text[block.start : block.end], self.rules.normalize)
            if not plain:
                self.notes.update(notes)
                continue
            if block.kind in _JOINED_KINDS and block.cut is None:
                pending.append(Line(block.start, block.end, plain, _has_blank_line(between)))
                continue
            flush()
            paragraph = Paragraph((Piece(block.start, block.end, plain),), plain, True)
            units.append(self._unit(paragraph, block.kind, self._block_cut(block)))
        flush()
        return tuple(units)

    def _block_cut(self, block: Block) -> Cut | None:
        if block.cut is None and block.kind is BlockKind.STANDFIRST and not self.rules.standfirst_in_body:
            return STANDFIRST
        return block.cut

    def _note_gap(self, between: str) -> None:
        self.notes.add(Normalization.NEWLINES)
        if between.strip("\r\n"):
            self.notes.add(Normalization.WHITESPACE)

    def _unit(self, paragraph: Paragraph, kind: BlockKind, cut: Cut | None) -> _Unit:
        text = paragraph.text
        if cut is not None:
            return _Unit(paragraph, text, kind, 0, cut, (), None, False)
        return _Unit(paragraph, text, kind, *self._look(text)[:1], cut, *self._look(text)[1:])

    def _look(self, text: str) -> tuple[int, tuple[Rule, ...], str | None, bool]:
        """(words, rules that describe the line, byline, is a date line); remembered, because joining asks as well."""
        known = self.seen.get(text)
        if known is None:
            words = count_words(text)
            found = self.rules.index.find(text, words, self.language, self.host)
            byline = parse_byline(text) if words <= 16 and len(text) <= 160 else None
            known = (words, found, byline, is_date_line(text, words, self.settings.dates))
            self.seen[text] = known
        return known

    def _is_complete(self, text: str) -> bool:
        words, found, byline, is_date = self._look(text)
        return bool(found) or byline is not None or is_date or self._is_cue(text, words, at_edge=False)

    def _is_cue(self, text: str, words: int, *, at_edge: bool) -> bool:
        return is_cue_line(text, words, self.settings.cues, at_edge=at_edge)

    # Doubling, prose, headline

    def _choose_stated_headline(self) -> None:
        metadata, supplied = self.parsed.metadata, self.parsed.source.supplied
        if metadata != _NO_METADATA or supplied != _NOTHING_SUPPLIED:
            self.headline = choose_headline(metadata, supplied).headline
        if self.headline is None:
            blocks = [unit.text for unit in self.units if unit.kind is BlockKind.HEADLINE]
            self.headline = blocks[0] if blocks else None

    def _cut_doubled(self) -> None:
        limits = self.settings.doubling
        open_units = [
            index
            for index, unit in enumerate(self.units)
            if self.cuts[index] is None and not unit.rules and unit.kind is not BlockKind.HEADLINE
        ]
        keys = [paragraph_key(self.units[index].text) for index in open_units]
        if len(set(keys)) == len(keys):
            return
        repeats = find_repeats(self._keys_without_dateline(keys), limits)
        words = [self.units[index].words for index in open_units]
        for position, original in enumerate(repeats):
            if original is not None:
                self.cuts[open_units[position]] = BODY_REPEAT
        if self.is_plain:
            for position in find_intruders(repeats, words, limits):
                index = open_units[position]
                if not ends_sentence(self.units[index].text) or self._is_cue(
                    self.units[index].text, self.units[index].words, at_edge=True
                ):
                    self.cuts[index] = INTRUDER

    def _keys_without_dateline(self, keys: Sequence[str]) -> Sequence[str]:
        return keys

    def _find_prose(self) -> None:
        """The first and the last paragraph that surely belongs to the article: they delimit head and tail."""
        for index in range(len(self.units)):
            if self._is_solid(index):
                self.first = index
                break
        if self.first is not None:
            self.last = next(index for index in range(len(self.units) - 1, -1, -1) if self._is_solid(index))

    def _is_solid(self, index: int) -> bool:
        unit = self.units[index]
        if self.cuts[index] is not None or unit.rules or unit.byline is not None or unit.is_date:
            return False
        if not is_prose(unit.text, unit.words, self.settings.prose):
            return False
        return not self._is_cue(unit.text, unit.words, at_edge=True)

    def _where(self, index: int) -> Where:
        if self.first is None or self.last is None:
            return Where.ANY
        if index < self.first:
            return Where.HEAD
        return Where.TAIL if index > self.last else Where.BODY

    def _recognise_headline(self) -> None:
        limits = self.settings.headline
        if self.headline is not None:
            stated = fold_line(self.headline)
            for index, unit in enumerate(self.units):
                near_top = self.first is None or index <= self.first
                if self.cuts[index] is None and (
                    unit.kind is BlockKind.HEADLINE or (near_top and fold_line(unit.text) == stated)
                ):
                    self.cuts[index] = HEADLINE
                    break
            return
        if not self.is_plain or self.first is None:
            return
        for index, unit in enumerate(self.units[: limits.max_lines_before]):
            if index > self.first:
                return
            if self.cuts[index] is not None or unit.rules or unit.byline is not None or unit.is_date:
                continue
            if index < self.first and self._is_cue(unit.text, unit.words, at_edge=False) and not self._is_said_again(index):
                continue
            if self._is_headline_shaped(index):
                self.headline = unit.text
                self.cuts[index] = HEADLINE
                if self.first == index:
                    self.first = next(i for i in range(index + 1, len(self.units)) if self._is_solid(i))
            return

    def _is_said_again(self, index: int) -> bool:
        folded = fold_line(self.units[index].text)
        return any(fold_line(unit.text) == folded for unit in self.units[index + 1 : index + 4])

    def _is_headline_shaped(self, index: int) -> bool:
        """Whether the first open line is a headline: short, no full stop, and prose begins soon after it."""
        limits, unit = self.settings.headline, self.units[index]
        if not limits.min_words <= unit.words <= limits.max_words or len(unit.text) > limits.max_characters:
            return False
        if is_list_item(unit.text) or unit.text[-1:] in ":,;" or unit.text[:1].islower():
            return False
        if not any(self._is_solid(i) for i in range(index + 1, min(len(self.units), index + limits.max_lines_to_prose + 1))):
            return False
        if find_dateline(unit.text) is not None:
            return False
        if self._is_said_again(index):
            return True
        if not ends_sentence(unit.text):
            return not (has_sentence_break(unit.text) and unit.words > limits.max_words // 2)
        return unit.text.rstrip("\"'”’»)")[-1:] in "?!？！" and not has_sentence_break(unit.text)

    def _cut_headline_repeats(self) -> None:
        if self.headline is None:
            return
        folded = fold_line(self.headline)
        for index, unit in enumerate(self.units):
            if self.cuts[index] in (None, BODY_REPEAT) and repeats_headline(unit.text, folded):
                self.cuts[index] = HEADLINE_REPEAT

    # Leftover lines

    def _cut_lines(self) -> None:
        rest: Cut | None = None
        tail_has_leftovers = False
        for index, unit in enumerate(self.units):
            if self.cuts[index] is not None:
                continue
            where = self._where(index)
            own = self._cut_own(index, where)
            rule = next((rule for rule in unit.rules if where is Where.ANY or in_place(rule, where)), None)
            if own is not None:
                self.cuts[index] = own
                tail_has_leftovers = tail_has_leftovers or where is Where.TAIL
            elif rule is not None:
                self.cuts[index] = cut_of(rule)
                if where is Where.TAIL:
                    tail_has_leftovers = True
                    if rule.take is Take.REST:
                        rest = cut_of(rule)
            else:
                self.cuts[index] = self._cut_unlisted(index, where, rest)
                tail_has_leftovers = tail_has_leftovers or (where is Where.TAIL and self.cuts[index] is not None)
            if where is not Where.TAIL:
                rest = None

    def _cut_own(self, index: int, where: Where) -> Cut | None:
        """The cut of a byline or date line, which belong to the article and stand at its head or its tail."""
        unit = self.units[index]
        if where in (Where.BODY, Where.ANY):
            return None
        if unit.byline is not None and (where is Where.HEAD or self.byline is None):
            if self.byline is None:
                self.byline = unit.byline
            return BYLINE
        return DATE_LINE if unit.is_date else None

    def _cut_unlisted(self, index: int, where: Where, rest: Cut | None) -> Cut | None:
        """The cut of a line that no rule describes; None where it may be the article's."""
        unit, shape = self.units[index], self.settings.shape
        if unit.kind not in _TEXT_KINDS:
            return rest if rest is not None and looks_left_over(unit.text, unit.words, shape.rest_max_words) else None
        if where is Where.ANY:
            return None
        if self._is_cue(unit.text, unit.words, at_edge=where is not Where.BODY):
            return CUE_LINE
        if is_announcement(unit.text, unit.words, self.settings.cues):
            return ANNOUNCEMENT
        if where is Where.TAIL:
            if rest is not None and looks_left_over(unit.text, unit.words, shape.rest_max_words):
                return rest
            if unit.kind is BlockKind.HEADING:
                return EMPTY_HEADING if self._only_headings_from(index) else None
            if self.is_plain and looks_left_over(unit.text, unit.words, shape.max_words) and self._may_cut_tail(index):
                return TAIL_SHAPE
        if where is Where.HEAD and self.is_plain and self.headline is not None:
            if looks_left_over(unit.text, unit.words, shape.head_max_words):
                return HEAD_SHAPE
        return None

    def _only_headings_from(self, index: int) -> bool:
        return all(
            self.cuts[i] is not None or self.units[i].kind is BlockKind.HEADING for i in range(index, len(self.units))
        )

    def _may_cut_tail(self, index: int) -> bool:
        """Whether the article has ended before line `index`: a leftover stands before it, or a finished sentence does."""
        previous = self.cuts[index - 1]
        if previous is not None and previous.category not in _OWN_CATEGORIES:
            return True
        for before in range(index - 1, -1, -1):
            if self.cuts[before] is None:
                return ends_sentence(self.units[before].text)
        return False

    # Stretches inside kept lines

    def _cut_stretches(self) -> None:
        kept = [index for index, cut in enumerate(self.cuts) if cut is None]
        if not kept:
            return
        opening = next((index for index in kept if self.units[index].kind is not BlockKind.HEADING), kept[0])
        self._cut_dateline(opening)
        self._cut_edge(kept[-1])
        self._cut_copy_inside(kept)

    def _cut_dateline(self, index: int) -> None:
        found = find_dateline(self.units[index].text)
        if found is not None and 0 < found[1] < len(self.units[index].text):
            self.dateline = found[0]
            self._add(index, Stretch(0, found[1], DATELINE))

    def _cut_edge(self, index: int) -> None:
        """Takes sign-offs, licence sentences and other known lines off the end of the article's last paragraph.

        They begin where a sentence ends or behind a gap of several spaces, all that is left of a line break.
        """
        text = self.units[index].text
        start = max((stretch.end for stretch in self.stretches.get(index, [])), default=0)
        breaks = [at for at in self._breaks(index) if at > start]
        end = len(text)
        while breaks:
            found = next(
                (
                    (at, cut)
                    for at in reversed(breaks[-_EDGE_SENTENCES:])
                    if (cut := self._cut_of_edge(text[at:end].strip())) is not None
                ),
                None,
            )
            if found is None:
                return
            self._add(index, Stretch(found[0], end, found[1]))
            end = found[0]
            breaks = [at for at in breaks if at < end]

    def _cut_of_edge(self, sentence: str) -> Cut | None:
        """The cut of one or a few sentences at the end of a paragraph, if a rule describes them as a whole."""
        words = count_words(sentence)
        found = self.rules.index.find(sentence, words, self.language, self.host)
        rule = next((rule for rule in found if in_place(rule, Where.TAIL)), None)
        return cut_of(rule) if rule is not None else None

    def _breaks(self, index: int) -> list[int]:
        """Offsets in the unit's text, ascending, at which a leftover could begin: after sentences, after wide gaps."""
        unit = self.units[index]
        text = unit.text
        low = max(0, len(text) - _EDGE_CHARACTERS)
        found = {match.end() for match in _SENTENCE_START.finditer(text, low)}
        piece = unit.paragraph.pieces[-1]
        raw = self.parsed.text[piece.start : piece.end]
        before = len(text) - len(piece.text)
        for match in _WIDE_GAP.finditer(raw, max(0, len(raw) - 2 * _EDGE_CHARACTERS)):
            found.add(before + len(normalize_text(raw[: match.start()], self.rules.normalize)[0]) + 1)
        return sorted(at for at in found if low <= at < len(text))

    def _cut_copy_inside(self, kept: Sequence[int]) -> None:
        for index in kept:
            at = second_copy_within(self.units[index].text)
            if at is not None and index not in self.stretches:
                self._add(index, Stretch(at, len(self.units[index].text), BODY_REPEAT_INSIDE))

    def _add(self, index: int, stretch: Stretch) -> None:
        self.stretches.setdefault(index, []).append(stretch)

    # Result

    def _finish(self) -> CleanedDocument:
        decided = [
            Decided(
                unit.paragraph,
                self.cuts[index],
                tuple(sorted(self.stretches.get(index, ()), key=lambda stretch: stretch.start)),
            )
            for index, unit in enumerate(self.units)
        ]
        result = assemble(self.parsed.text, decided, self.rules.normalize)
        if not result.body:
            raise RecordError(
                RejectCode.NO_BODY, f"all {len(self.units)} lines of {self.parsed.source.name} were taken out"
            )
        removed = result.removed
        return CleanedDocument(
            parsed=self.parsed,
            body=result.body,
            removed=removed,
            normalizations=in_order(self.notes | result.normalizations),
            fingerprint=fingerprint(self.parsed.text),
            headline=self.headline,
            standfirst=" ".join(unit.text for unit in self.units if unit.kind is BlockKind.STANDFIRST) or None,
            byline=self.byline,
            dateline=self.dateline,
            sign_offs=self._texts(removed, Category.SIGN_OFF),
            date_lines=self._texts(removed, Category.DATE_LINE),
            license_lines=self._texts(removed, Category.LICENSE),
            copyright_lines=self._texts(removed, Category.COPYRIGHT),
        )

    def _texts(self, removed: Sequence[object], category: Category) -> tuple[str, ...]:
        return tuple(
            normalize_text(span.text)[0] for span in removed if getattr(span, "category", None) is category  # type: ignore[attr-defined]
        )


def _has_blank_line(between: str) -> bool:
    return between.count("\n") > 1 or (between.count("\r") > 1 and "\n" not in between)


def _declared_language(parsed: ParsedDocument) -> str | None:
    """The primary subtag of the language that the record or the page states: "de" of "de-AT"."""
    stated = parsed.source.supplied.language or (parsed.metadata.language[0].value if parsed.metadata.language else None)
    if not stated:
        return None
    primary = re.split(r"[-_]", stated.strip().casefold(), maxsplit=1)[0]
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else None
