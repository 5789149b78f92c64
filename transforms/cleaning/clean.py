"""Cleans an article: blocks → rules → the body, and everything that was taken out with the rule that took it.

Before: headline, byline, "MOSCOW – Talks resumed …", "Share", "Most read", two headlines  After: the body "Talks resumed …";
headline, byline and dateline moved to columns of their own; four removed rows.

Order: lines are joined; doubled paragraphs are found; the first and last paragraph of prose that is left delimit head, body
and tail; the headline is recognised; rules cut lines where they hold. Only then leftovers nobody has listed are told by
their words or their shape, mostly at head and tail, because in the middle a short line may be a subhead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import apache_beam as beam

from schemas.codes import BlockKind, Category, RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import (
    CleanedDocument,
    Cut,
    Dateline,
    PageMetadata,
    ParsedDocument,
    RemovedSpan,
    SuppliedFields,
)
from schemas.rules import Match, Rule, Take, Where
from transforms.cleaning import cuts
from transforms.cleaning.article_end import closes_article, find_last_prose
from transforms.cleaning.assemble import Decided, Stretch, assemble
from transforms.cleaning.boilerplate import cut_of, in_place
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.doubling import (
    find_intruders,
    find_repeats,
    may_repeat,
    paragraph_key,
    second_copy_within,
)
from transforms.cleaning.headline_line import find_headline_line
from transforms.cleaning.headline_repeat import find_split_headlines, repeats_headline
from transforms.cleaning.learned_cuts import find_learned
from transforms.cleaning.near_doubling import find_near_repeats, may_nearly_repeat
from transforms.cleaning.shapes import (
    could_be_headline,
    ends_sentence,
    is_announcement,
    is_quotation,
    looks_left_over,
    looks_like_data,
)
from transforms.cleaning.text_end import find_end_stretches
from transforms.cleaning.units import Lines, Unit
from transforms.dateline import find_dateline
from transforms.fold import fold_line
from transforms.metadata.headline import choose_headline
from transforms.normalize import fingerprint, in_order, normalize_text
from transforms.step import Step

_NO_METADATA = PageMetadata()
_NOTHING_SUPPLIED = SuppliedFields()
TEXT_KINDS = (BlockKind.LINE, BlockKind.PARAGRAPH, BlockKind.HEADING)
MAX_MIDDLE_WORDS = 30
"""No leftover in the middle of an article is longer: long ones (licences, notices) stand at its edges."""
_MIN_MIDDLE_CUES = 3
"""Words: a shorter line in the middle that no rule lists may be a subhead, whatever its words."""
_OWN_CATEGORIES = (
    Category.BODY_REPEAT,
    Category.HEADLINE,
    Category.HEADLINE_REPEAT,
    Category.BYLINE,
    Category.CAPTION,
)
"""Cuts of what is the article's own; what follows them may be the article's as well."""


def clean(parsed: ParsedDocument, rules: CleanRules) -> CleanedDocument:
    """The cleaned form of a page or a plain text.

    Raises `RecordError` (no_body) when nothing is left. Never hangs: linear in the text but for rule patterns, which see
    bounded lines only.
    """
    return Cleaner(parsed, rules).run()


@dataclass
class Clean(beam.PTransform):
    """ParsedDocument → CleanedDocument; rejects pass."""

    rules: CleanRules

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        return records | beam.ParDo(Step(Stage.CLEAN, ParsedDocument, partial(clean, rules=self.rules)))


class Cleaner:
    """One document's cleaning. `cuts` runs parallel to `units`; each step fills in what is still open.

    `transforms.cleaning.explain` derives from it to ask the same questions again.
    """

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        self.parsed = parsed
        self.rules = rules
        self.lines = Lines(parsed, rules)
        self.units: tuple[Unit, ...] = self.lines.units
        self.cuts: list[Cut | None] = [unit.cut for unit in self.units]
        self.closing: set[int] = set()
        self._unexplained = range(0)
        self.stretches: dict[int, list[Stretch]] = {}
        self.first: int | None = None
        self.last: int | None = None
        self.headline: str | None = None
        self.byline: str | None = None
        self.dateline: Dateline | None = None

    def run(self) -> CleanedDocument:
        self.headline = self._stated_headline()
        self._cut_doubled()
        self._find_prose()
        self._cut_headline()
        self._cut_lines()
        self._cut_learned()
        self._cut_stretches()
        return self._finish()

    # Doubling, prose, headline

    def _stated_headline(self) -> str | None:
        """What the record, the page or its h1 says is the headline; None for most plain texts."""
        metadata, supplied = self.parsed.metadata, self.parsed.source.supplied
        stated = None
        if metadata != _NO_METADATA or supplied != _NOTHING_SUPPLIED:
            stated = choose_headline(metadata, supplied).headline
        blocks = (unit.text for unit in self.units if unit.kind is BlockKind.HEADLINE)
        return stated or next(blocks, None)

    def _cut_doubled(self) -> None:
        limits = self.rules.settings.doubling
        open_units = [
            index
            for index, unit in enumerate(self.units)
            if self.cuts[index] is None and unit.kind is not BlockKind.HEADLINE
        ]
        texts = [self.units[index].text for index in open_units]
        repeats = self._repeats(texts)
        if repeats is None:
            return
        if not self.lines.is_plain and self._share(open_units, repeats) < limits.page_min_share:
            return
        for position, original in enumerate(repeats):
            if original is not None:
                self.cuts[open_units[position]] = cuts.BODY_REPEAT
        if not self.lines.is_plain:
            return
        for position in find_intruders(repeats, [self.units[index].words for index in open_units], limits):
            unit = self.units[open_units[position]]
            if not ends_sentence(unit.text) or self.lines.is_cue(unit.text, unit.words, at_edge=True):
                self.cuts[open_units[position]] = cuts.INTRUDER

    def _repeats(self, texts: Sequence[str]) -> tuple[int | None, ...] | None:
        """For each of `texts` the one it repeats, letter for letter or nearly; None where none does."""
        limits = self.rules.settings.doubling
        exact: tuple[int | None, ...] = (None,) * len(texts)
        if may_repeat(texts):
            keys = [paragraph_key(text) for text in texts]
            if len(set(keys)) < len(keys):
                exact = find_repeats(keys, limits)
        repeats = find_near_repeats(texts, exact, limits) if may_nearly_repeat(texts, exact) else exact
        return repeats if any(original is not None for original in repeats) else None

    def _share(self, open_units: Sequence[int], repeats: Sequence[int | None]) -> float:
        """How much of the open text, by words, are repeated paragraphs; 0 to 1."""
        words = [self.units[index].words for index in open_units]
        repeated = sum(number for number, original in zip(words, repeats, strict=True) if original is not None)
        return repeated / max(1, sum(words))

    def _find_prose(self) -> None:
        """The first and the last paragraph that surely belong to the article: they delimit head and tail."""
        every = range(len(self.units))
        self.first = next((index for index in every if self._is_open_prose(index)), None)
        if self.first is None:
            return
        if self.lines.is_plain:
            self.last = find_last_prose(self.lines, self.cuts, self.first)
        else:
            self.last = next(index for index in reversed(every) if self._is_open_prose(index))

    def _is_open_prose(self, index: int) -> bool:
        return self.cuts[index] is None and self.lines.is_prose(self.units[index])

    def _where(self, index: int) -> Where:
        """The part of the article that unit `index` stands in; any where no paragraph is surely prose."""
        if self.first is None or self.last is None:
            return Where.ANY
        if index < self.first:
            return Where.HEAD
        return Where.TAIL if index > self.last else Where.BODY

    def _cut_headline(self) -> None:
        if self.headline is None and self.lines.is_plain and self.first is not None:
            index = find_headline_line(self.lines, self.cuts, self.first)
            if index is not None:
                index = self._plainest(index)
                self.headline = self.units[index].text
                self.cuts[index] = cuts.HEADLINE
                if self.first == index:
                    self.first = next(i for i in range(index + 1, len(self.units)) if self._is_open_prose(i))
        if self.headline is None:
            return
        folded = fold_line(self.headline)
        is_placed = any(cut is cuts.HEADLINE for cut in self.cuts)
        for index, unit in enumerate(self.units):
            cut = self.cuts[index]
            if cut is not None and cut is not cuts.BODY_REPEAT:
                continue
            if not is_placed and self._is_first_headline(index, unit, folded):
                self.cuts[index] = cuts.HEADLINE
                is_placed = True
            elif repeats_headline(unit.text, folded):
                self.cuts[index] = cuts.HEADLINE_REPEAT
        for lines in find_split_headlines([unit.text for unit in self.units], folded):
            is_head = not is_placed and (self.first is None or lines.start <= self.first)
            for index in lines:
                self.cuts[index] = self.cuts[index] or (cuts.HEADLINE if is_head else cuts.HEADLINE_REPEAT)
            is_placed = is_placed or is_head

    def _plainest(self, index: int) -> int:
        """The line soon behind `index` that says the same without a site's name, dots or a break; `index` where none does."""
        texts = [unit.text for unit in self.units[index : index + 5]]
        for later in range(1, len(texts)):
            folded = fold_line(texts[later])
            if folded == fold_line(texts[0]) or ends_sentence(texts[later]):
                continue
            if repeats_headline(texts[0], folded) or find_split_headlines(texts[:later], folded)[:1] == (range(later),):
                return index + later
        return index

    def _is_first_headline(self, index: int, unit: Unit, folded: str) -> bool:
        if unit.kind is BlockKind.HEADLINE:
            return True
        near_top = self.first is None or index <= self.first
        return near_top and fold_line(unit.text) == folded

    # Leftover lines

    def _cut_lines(self) -> None:
        rest: Cut | None = None
        self._unexplained = range(0)
        for index, unit in enumerate(self.units):
            if self.cuts[index] is not None:
                continue
            where = self._where(index)
            if where is Where.BODY and unit.words > MAX_MIDDLE_WORDS:
                continue
            own = self._cut_own(unit, where)
            if own is not None:
                self.cuts[index] = own
                continue
            rules_of = self.lines.rules_in_body if where is Where.BODY else self.lines.rules_of
            rules = rules_of(unit.text, unit.words)
            if rules and is_quotation(unit.text, unit.words):
                rules = tuple(rule for rule in rules if rule.match is Match.EXACT)
            rule = _rule_in_place(rules, where, rest)
            if rule is not None:
                self.cuts[index] = cut_of(rule)
                if where is Where.TAIL and closes_article(rule.where, rule.category):
                    self.closing.add(index)
                if where is Where.TAIL and rule.take is Take.REST:
                    rest = cut_of(rule)
            else:
                self.cuts[index] = self._cut_unlisted(index, where, rest)

    def _cut_own(self, unit: Unit, where: Where) -> Cut | None:
        """The cut of a byline or date line, which belong to the article and stand at its head or its tail."""
        if where in (Where.BODY, Where.ANY):
            return None
        byline = self.lines.byline_of(unit.text, unit.words)
        if byline is not None and (where is Where.HEAD or self.byline is None):
            self.byline = self.byline or byline
            return cuts.BYLINE
        return cuts.DATE_LINE if self.lines.is_date(unit.text, unit.words) else None

    def _cut_unlisted(self, index: int, where: Where, rest: Cut | None) -> Cut | None:
        """The cut of a line that no rule describes; None where it may be the article's."""
        unit, shape = self.units[index], self.rules.settings.shape
        if where is Where.ANY:
            return None
        if rest is not None and could_be_headline(unit.text, unit.words, shape.rest_max_words):
            return rest
        if unit.kind not in TEXT_KINDS:
            return None
        if self._is_cue(index, where):
            return cuts.CUE_LINE
        if is_announcement(unit.text, unit.words, self.rules.settings.cues):
            return cuts.ANNOUNCEMENT
        if self._goes_with_leftovers(index, where):
            self.closing.add(index)
            return cuts.TAIL_SENTENCE
        if where is Where.TAIL and unit.kind is BlockKind.HEADING:
            return cuts.EMPTY_HEADING if self._only_headings_from(index) else None
        if not self.lines.is_plain:
            return None
        if where is Where.TAIL and looks_left_over(unit.text, unit.words, shape.max_words):
            return cuts.TAIL_SHAPE if self._is_over_before(index) else None
        if where is Where.HEAD and self.headline and looks_left_over(unit.text, unit.words, shape.head_max_words):
            return cuts.HEAD_SHAPE
        return None

    def _only_headings_from(self, index: int) -> bool:
        return index > self._last_open_text

    @cached_property
    def _last_open_text(self) -> int:
        """The last unit that is no heading and not cut when the tail begins; -1 where there is none."""
        every = range(len(self.units) - 1, -1, -1)
        return next((i for i in every if self.cuts[i] is None and self.units[i].kind is not BlockKind.HEADING), -1)

    def _is_cue(self, index: int, where: Where) -> bool:
        """Whether unit `index` is made of the words of pages about themselves, as strictly as its place asks for."""
        unit = self.units[index]
        if where is Where.BODY and (unit.words < _MIN_MIDDLE_CUES or unit.text[-1:] in "?:：？…"):
            return False  # Subheads: "Android app", "Why listen to us?"
        if self.lines.is_cue(unit.text, unit.words, at_edge=where is Where.TAIL):
            return True
        is_among_leftovers = where is Where.TAIL and self.lines.is_plain and self._follows_leftover(index)
        return is_among_leftovers and self.lines.speaks_to_reader(unit.text, unit.words)

    def _goes_with_leftovers(self, index: int, where: Where) -> bool:
        """Whether unit `index` is a short sentence that follows a leftover behind which no article goes on."""
        if where is not Where.TAIL or not self.lines.is_plain or index == 0:
            return False
        unit = self.units[index]
        if not ends_sentence(unit.text) or is_quotation(unit.text, unit.words):
            return False
        if index - 1 in self.closing:
            return unit.words <= self.rules.settings.article_end.short_words
        is_shaped = self.cuts[index - 1] in (cuts.TAIL_SHAPE, cuts.CUE_LINE)
        return is_shaped and unit.words <= self.rules.settings.shape.max_words

    def _follows_leftover(self, index: int) -> bool:
        previous = self.cuts[index - 1]
        return previous is not None and previous.category not in _OWN_CATEGORIES

    def _is_over_before(self, index: int) -> bool:
        """Whether the article is over before line `index`: a leftover stands before it, or a finished sentence does and
        what follows is no list or table."""
        if self._follows_leftover(index):
            return self.cuts[index - 1] is not cuts.TAIL_SHAPE or self._is_short_run(index)
        before = next((i for i in range(index - 1, -1, -1) if self.cuts[i] is None), None)
        if before is None or not ends_sentence(self.units[before].text):
            return False
        return self._is_short_run(index)

    def _is_short_run(self, index: int) -> bool:
        """Whether few lines around `index` in the tail are told by nothing but their shape, and not most look like data."""
        begin, end = index, self._next_explained(index)
        if end < len(self.units):
            return True  # A leftover follows them.
        most = self.rules.settings.shape.max_alone
        while end - begin <= most and begin > 0 and self.cuts[begin - 1] is cuts.TAIL_SHAPE:
            begin -= 1
        data = sum(looks_like_data(unit.text) for unit in self.units[begin:end]) if end - begin <= most else 0
        return end - begin <= most and 2 * data < end - begin

    def _next_explained(self, index: int) -> int:
        """The first unit behind `index` that is a leftover or cut already; the number of units where there is none."""
        # What lies ahead doesn't change while lines are cut in their order, so that each is asked once.
        if index not in self._unexplained:
            behind = (i for i in range(index + 1, len(self.units)) if not self._is_unexplained(i))
            self._unexplained = range(index, next(behind, len(self.units)))
        return self._unexplained.stop

    def _is_unexplained(self, index: int) -> bool:
        unit = self.units[index]
        return self.cuts[index] is None and not (
            self.lines.is_known(unit.text, unit.words) or self.lines.is_cue(unit.text, unit.words, at_edge=True)
        )

    def _cut_learned(self) -> None:
        """Cuts what the site repeats; where the article's edges move by it, the lines there are looked at again."""
        learned = find_learned(self.parsed, self.units, self.cuts, self.headline, self.rules.learned)
        if not learned:
            return
        for index, cut in learned.items():
            self.cuts[index] = cut
        self._find_prose()
        self._cut_lines()

    # Stretches of kept lines

    def _cut_stretches(self) -> None:
        kept = [index for index, cut in enumerate(self.cuts) if cut is None]
        if not kept:
            return
        for index in kept:
            at = second_copy_within(self.units[index].text)
            if at is not None:
                self._add(index, Stretch(at, len(self.units[index].text), cuts.BODY_REPEAT_INSIDE))
        opening = next((index for index in kept if self.units[index].kind is not BlockKind.HEADING), kept[0])
        start = 0
        found = find_dateline(self.units[opening].text)
        if found is not None and 0 < found[1] < len(self.units[opening].text):
            self.dateline, start = found
            self._add(opening, Stretch(0, start, cuts.DATELINE))
        last = kept[-1]
        if last not in self.stretches or last == opening:
            for stretch in find_end_stretches(self.lines, self.units[last], start if last == opening else 0):
                self._add(last, stretch)

    def _add(self, index: int, stretch: Stretch) -> None:
        self.stretches.setdefault(index, []).append(stretch)

    # Result

    def _finish(self) -> CleanedDocument:
        decided = [
            Decided(
                unit.paragraph,
                self.cuts[index],
                tuple(sorted(self.stretches[index], key=_start_of)) if index in self.stretches else (),
            )
            for index, unit in enumerate(self.units)
        ]
        result = assemble(self.parsed.text, decided, self.rules.normalize)
        if not result.body:
            raise RecordError(
                RejectCode.NO_BODY, f"all {len(self.units)} lines of {self.parsed.source.name} were taken out"
            )
        standfirst = " ".join(unit.text for unit in self.units if unit.kind is BlockKind.STANDFIRST)
        return CleanedDocument(
            parsed=self.parsed,
            body=result.body,
            removed=result.removed,
            normalizations=in_order(self.lines.notes | result.normalizations),
            fingerprint=fingerprint(self.parsed.text),
            headline=self.headline,
            standfirst=standfirst or None,
            byline=self.byline,
            dateline=self.dateline,
            sign_offs=_texts(result.removed, Category.SIGN_OFF),
            date_lines=_texts(result.removed, Category.DATE_LINE),
            license_lines=_texts(result.removed, Category.LICENSE),
            copyright_lines=_texts(result.removed, Category.COPYRIGHT),
        )


def _rule_in_place(rules: Sequence[Rule], where: Where, rest: Cut | None) -> Rule | None:
    """The first of `rules` that holds in this part of the article; under a heading rather one of the heading's category."""
    if not rules:
        return None
    holding = [rule for rule in rules if where is Where.ANY or in_place(rule, where)]
    related = (rule for rule in holding if rest is not None and rule.category is rest.category)
    return next(related, holding[0] if holding else None)


def _start_of(stretch: Stretch) -> int:
    return stretch.start


def _texts(removed: Sequence[RemovedSpan], category: Category) -> tuple[str, ...]:
    return tuple(normalize_text(span.text)[0] for span in removed if span.category is category)
