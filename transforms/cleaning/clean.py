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
from functools import partial

import apache_beam as beam

from schemas.codes import BlockKind, Category, RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import (
    CleanedDocument,
    PageMetadata,
    ParsedDocument,
    RemovedSpan,
    SuppliedFields,
)
from transforms.cleaning import cuts
from transforms.cleaning.assemble import Decided, Stretch, assemble
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.doubled_units import find_doubled
from transforms.cleaning.doubling import SHORTEST_DOUBLED, second_copy_within
from transforms.cleaning.headline_line import find_headline_line
from transforms.cleaning.headline_repeat import find_split_headlines, repeats_headline
from transforms.cleaning.learned_cuts import find_learned
from transforms.cleaning.leftover_lines import LeftoverLines
from transforms.cleaning.shapes import ends_sentence
from transforms.cleaning.text_end import find_end_stretches
from transforms.cleaning.units import Unit
from transforms.dateline import find_dateline
from transforms.fold import fold_line
from transforms.metadata.headline import choose_headline
from transforms.normalize import fingerprint, in_order, normalize_text
from transforms.step import Step

_NO_METADATA = PageMetadata()
_NOTHING_SUPPLIED = SuppliedFields()


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


class Cleaner(LeftoverLines):
    """One document's cleaning, step by step: doubled paragraphs, prose, headline, leftover lines, edges of what is kept.

    `transforms.cleaning.explain` derives from it to ask the same questions again.
    """

    def run(self) -> CleanedDocument:
        self.headline = self._stated_headline()
        for index, cut in find_doubled(self.lines, self.cuts).items():
            self.cuts[index] = cut
        self._find_prose()
        self._cut_headline()
        self._cut_lines()
        self._cut_learned()
        self._cut_stretches()
        return self._finish()

    # Headline

    def _stated_headline(self) -> str | None:
        """What the record, the page or its h1 says is the headline; None for most plain texts."""
        metadata, supplied = self.parsed.metadata, self.parsed.source.supplied
        stated = None
        if metadata != _NO_METADATA or supplied != _NOTHING_SUPPLIED:
            stated = choose_headline(metadata, supplied).headline
        blocks = (unit.text for unit in self.units if unit.kind is BlockKind.HEADLINE)
        return stated or next(blocks, None)

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
        limits = self.rules.settings.headline_repeat
        is_placed = any(cut is cuts.HEADLINE for cut in self.cuts)
        for index, unit in enumerate(self.units):
            cut = self.cuts[index]
            if cut is not None and cut is not cuts.BODY_REPEAT:
                continue
            if not is_placed and self._is_first_headline(index, unit, folded):
                self.cuts[index] = cuts.HEADLINE
                is_placed = True
            elif repeats_headline(unit.text, folded, limits):
                self.cuts[index] = cuts.HEADLINE_REPEAT
        for lines in find_split_headlines([unit.text for unit in self.units], folded, limits):
            is_head = not is_placed and (self.first is None or lines.start <= self.first)
            for index in lines:
                self.cuts[index] = self.cuts[index] or (cuts.HEADLINE if is_head else cuts.HEADLINE_REPEAT)
            is_placed = is_placed or is_head

    def _plainest(self, index: int) -> int:
        """The line soon behind `index` that says the same without a site's name, dots or a break; `index` where none does."""
        texts = [unit.text for unit in self.units[index : index + 5]]
        said = fold_line(texts[0])
        limits = self.rules.settings.headline_repeat
        for later in range(1, len(texts)):
            if ends_sentence(texts[later]):
                continue
            folded = fold_line(texts[later])
            if folded == said:
                continue
            if repeats_headline(texts[0], folded, limits):
                return index + later
            if find_split_headlines(texts[:later], folded, limits)[:1] == (range(later),):
                return index + later
        return index

    def _is_first_headline(self, index: int, unit: Unit, folded: str) -> bool:
        if unit.kind is BlockKind.HEADLINE:
            return True
        near_top = self.first is None or index <= self.first
        return near_top and fold_line(unit.text) == folded

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
            if len(self.units[index].text) < SHORTEST_DOUBLED:
                continue
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
            Decided(unit.paragraph, cut, tuple(sorted(self.stretches[index], key=_start_of)))
            if index in self.stretches
            else Decided(unit.paragraph, cut)
            for index, (unit, cut) in enumerate(zip(self.units, self.cuts, strict=True))
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


def _start_of(stretch: Stretch) -> int:
    return stretch.start


def _texts(removed: Sequence[RemovedSpan], category: Category) -> tuple[str, ...]:
    return tuple(normalize_text(span.text)[0] for span in removed if span.category is category)
