"""Decides line by line what is left over: by rules where they hold, then, for what no rule lists, by words and shape.

Before: after the last paragraph "Share", "Ten lanterns of Elswick", "Comments"  After: all three are cut, the second by its shape.
In the middle of an article shape says nothing, because a short line there may be a subhead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from schemas.codes import BlockKind, Category
from schemas.records import Cut, ParsedDocument
from schemas.rules import Match, Rule, Take, Where
from transforms.cleaning import cuts
from transforms.cleaning.article_end import closes_article
from transforms.cleaning.boilerplate import cut_of, in_place
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.decisions import Decisions
from transforms.cleaning.shapes import (
    could_be_headline,
    ends_sentence,
    is_announcement,
    is_quotation,
    looks_left_over,
    looks_like_data,
)
from transforms.cleaning.units import Unit

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


class LeftoverLines(Decisions):
    """The step that cuts lines; it may be taken again when the article's edges have moved."""

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        super().__init__(parsed, rules)
        self._look_anew()

    def _cut_lines(self) -> None:
        self._look_anew()
        rest: Cut | None = None
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
        self._look_anew()

    def _look_anew(self) -> None:
        """Forgets what `_first_explained` and `_open_before` found, which holds as long as no line but the next is cut."""
        self._explained: tuple[int, int] = (0, 0)
        self._open: tuple[int, int | None] = (0, None)

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
        before = self._open_before(index)
        if before is None or not ends_sentence(self.units[before].text):
            return False
        return self._is_short_run(index)

    def _is_short_run(self, index: int) -> bool:
        """Whether few lines around `index` in the tail are told by nothing but their shape, and not most look like data."""
        if self._first_explained(index + 1) < len(self.units):
            return True  # A leftover follows them.
        most = self.rules.settings.shape.max_alone
        start = index
        while start > 0 and self.cuts[start - 1] is cuts.TAIL_SHAPE and len(self.units) - start <= most:
            start -= 1
        run = self.units[start:]
        return len(run) <= most and 2 * sum(looks_like_data(unit.text) for unit in run) < len(run)

    def _first_explained(self, index: int) -> int:
        """The first unit from `index` on that is cut or a known leftover; the number of units where none is.

        What was seen the last time isn't looked at again: while lines are decided one after the other, the cuts behind
        the one in hand stay as they are.
        """
        asked, found = self._explained
        found = max(index, found) if index >= asked else index
        while found < len(self.units) and self._is_unexplained(found):
            found += 1
        self._explained = index, found
        return found

    def _open_before(self, index: int) -> int | None:
        """The last unit before `index` that is not cut. Likewise."""
        asked, found = self._open
        low = asked if index >= asked else 0
        found = next((i for i in range(index - 1, low - 1, -1) if self.cuts[i] is None), found if low else None)
        self._open = index, found
        return found

    def _is_unexplained(self, index: int) -> bool:
        unit = self.units[index]
        return self.cuts[index] is None and not (
            self.lines.is_known(unit.text, unit.words) or self.lines.is_cue(unit.text, unit.words, at_edge=True)
        )


def _rule_in_place(rules: Sequence[Rule], where: Where, rest: Cut | None) -> Rule | None:
    """The first of `rules` that holds in this part of the article; under a heading rather one of the heading's category."""
    if not rules:
        return None
    holding = [rule for rule in rules if where is Where.ANY or in_place(rule, where)]
    related = (rule for rule in holding if rest is not None and rule.category is rest.category)
    return next(related, holding[0] if holding else None)
