"""Says for every line of a document why it went or why it stayed, for a person who writes rules.

Before: "Trending in your area" in the middle of an article.  After: kept; no prose (4 words, prose.min_words = 8);
near miss shape.tail: it would go at the tail, but this line stands in the body.

Nothing is decided here: `Cleaner` runs as always, and its own questions are asked again for other places.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import BlockKind
from schemas.errors import RecordError
from schemas.records import Block, Cut, ParsedDocument
from schemas.rules import Match, Rule, Take, Where
from transforms.cleaning.boilerplate import RuleIndex, in_place
from transforms.cleaning.clean import Cleaner
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.cuts import ANNOUNCEMENT, BODY_REPEAT, BUILT_IN, CUE_LINE, HEAD_SHAPE, TAIL_SHAPE
from transforms.cleaning.doubling import paragraph_key
from transforms.cleaning.leftover_lines import MAX_MIDDLE_WORDS, TEXT_KINDS
from transforms.cleaning.rule_match import compile_rule
from transforms.cleaning.shapes import is_prose, looks_left_over, own_shape
from transforms.cleaning.text_end import find_end_stretches
from transforms.cleaning.units import Unit
from transforms.fold import fold_line, fold_text
from transforms.html.page_cuts import page_cut_meaning

_PLACES = (Where.HEAD, Where.BODY, Where.TAIL)
_ANY_LENGTH = 200
"""Words up to which a rule is a near miss although the line is longer than its max_words."""


class NearMiss(NamedTuple):
    """A rule or a test that describes the line, or its end, but did not take it; `reason` says why, in one clause."""

    rule_id: str
    category: str
    reason: str


class CutStretch(NamedTuple):
    """A stretch that went from a kept line's start or end."""

    text: str
    cut: Cut


class LineVerdict(NamedTuple):
    """What became of one line or block, and why.

    `start` and `end` are code points of the markup-free text. `where` is the part of the article that it stands in, as
    rules mean it; `any` where no paragraph of the text is surely prose. `reasons` are sentences, what decided first.
    """

    number: int
    start: int
    end: int
    text: str
    kind: BlockKind
    where: Where
    words: int
    link_density: float
    path: str
    labels: tuple[str, ...]
    cut: Cut | None
    reasons: tuple[str, ...]
    near_misses: tuple[NearMiss, ...]
    stretches: tuple[CutStretch, ...]


def explain_lines(parsed: ParsedDocument, rules: CleanRules) -> tuple[LineVerdict, ...]:
    """A verdict for each line in reading order; also for a document of which nothing is left."""
    explained = _Explained(parsed, rules)
    with suppress(RecordError):  # Nothing is left of the document, which is when its lines matter most.
        explained.run()
    blocks = {block.start: block for block in parsed.blocks}
    return tuple(explained.verdict(index, blocks) for index in range(len(explained.units)))


class _Explained(Cleaner):
    """A cleaning that remembers what it asked; afterwards its questions are asked again."""

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        super().__init__(parsed, rules)
        self._rests: dict[int, Cut | None] = {}
        self._by_id = {rule.id: rule for rule in rules.rules}

    def _cut_unlisted(self, index: int, where: Where, rest: Cut | None) -> Cut | None:
        self._rests[index] = rest
        return super()._cut_unlisted(index, where, rest)

    def verdict(self, index: int, blocks: dict[int, Block]) -> LineVerdict:
        """What became of unit `index`; only after `run`."""
        unit, cut = self.units[index], self.cuts[index]
        start, end = unit.paragraph.pieces[0].start, unit.paragraph.pieces[-1].end
        block = blocks.get(start)
        rest = self._rests.get(index)
        return LineVerdict(
            number=index + 1,
            start=start,
            end=end,
            text=self.parsed.text[start:end],
            kind=unit.kind,
            where=self._where(index),
            words=unit.words,
            link_density=block.link_density if block else 0.0,
            path=block.path if block else "",
            labels=block.labels if block else (),
            cut=cut,
            reasons=tuple(self._why_cut(index, cut, rest) if cut else self._why_kept(index)),
            near_misses=() if cut else self._near_misses(index),
            stretches=tuple(
                CutStretch(unit.text[each.start : each.end].strip(), each.cut) for each in self.stretches.get(index, ())
            ),
        )

    # What went

    def _why_cut(self, index: int, cut: Cut, rest: Cut | None) -> Iterator[str]:
        unit = self.units[index]
        if unit.cut is not None:
            yield BUILT_IN.get(cut.rule_id) or page_cut_meaning(cut.rule_id)
            return
        rule = self._by_id.get(cut.rule_id)
        if rule is None:
            yield BUILT_IN.get(cut.rule_id, "Decided without a rule of the rule files.")
            if cut in (CUE_LINE, ANNOUNCEMENT):
                yield self._page_words(unit)
            elif cut in (TAIL_SHAPE, HEAD_SHAPE):
                shape = self.rules.settings.shape
                limit = shape.max_words if cut == TAIL_SHAPE else shape.head_max_words
                yield f"{unit.words} words of {limit} that it may have, and nothing in its form says that it is text."
        elif cut is rest:
            yield f"It looks left over and follows a line that opens such a list ({cut.rule_id}, take = rest)."
        else:
            yield f"{_described(rule, unit.text)}; {_placed(rule)}."
        if cut is BODY_REPEAT:
            key = paragraph_key(unit.text)
            first = next((i for i in range(index) if paragraph_key(self.units[i].text) == key), None)
            if first is not None:
                yield f"It says what line {first + 1} says."
        others = [each.id for each in self.lines.rules_of(unit.text, unit.words) if each.id != cut.rule_id]
        if others:
            yield f"Also described by {', '.join(others)}."

    # What stayed

    def _why_kept(self, index: int) -> Iterator[str]:
        unit, where = self.units[index], self._where(index)
        settings = self.rules.settings
        yield self._prose(unit)
        if self.lines.is_prose(unit):
            return
        if where is Where.ANY:
            yield "No paragraph here is surely prose, so nothing is head or tail: only rules of the files take lines."
            return
        if where is Where.BODY and unit.words > MAX_MIDDLE_WORDS:
            yield f"Between paragraphs no line of more than {MAX_MIDDLE_WORDS} words is asked about."
            return
        if unit.kind not in TEXT_KINDS:
            yield f"A {unit.kind.value.replace('_', ' ')} goes by rules only, never by its shape or its words."
            return
        yield self._page_words(unit)
        if where is Where.BODY:
            yield "Between paragraphs shape says nothing: a short line may be a subhead."
            return
        if not self.lines.is_plain:
            yield "On a page shape says nothing: the markup tells what a line is."
            return
        limit, name = (
            (settings.shape.max_words, "shape.max_words")
            if where is Where.TAIL
            else (settings.shape.head_max_words, "shape.head_max_words")
        )
        own = own_shape(unit.text)
        if own:
            yield f"By its shape it may be the article's: {own}."
        elif not looks_left_over(unit.text, unit.words, limit):
            yield f"Its shape is a leftover's, but it has {unit.words} words; {name} = {limit}."
        elif where is Where.HEAD and not self.headline:
            yield "Its shape is a leftover's, but no headline is known: it may be one."
        elif where is Where.TAIL and not self._is_over_before(index):
            yield "Its shape is a leftover's, but the line before it ends no sentence and is no leftover."

    def _prose(self, unit: Unit) -> str:
        limits = self.rules.settings.prose
        if self.lines.is_prose(unit):
            return f"Surely prose: {unit.words} words, {_long_enough(unit, limits.sure_words)}."
        if is_prose(unit.text, unit.words, limits):
            return "Built like prose, but a rule, a byline, a date or the words of pages describe it too."
        if unit.words < limits.min_words:
            return f"No sure prose: {unit.words} words; prose.min_words = {limits.min_words}."
        return f"No sure prose: no sentence ends in it, and {unit.words} words; prose.sure_words = {limits.sure_words}."

    def _page_words(self, unit: Unit) -> str:
        cues = self.rules.settings.cues
        words = [word.strip('.,:;!?()[]|»«"“”').replace("’", "'").casefold() for word in unit.text.split()]
        strong = [word for word in words if word in cues.strong]
        weak = [word for word in words if word in cues.weak or word in cues.address]
        if unit.words > cues.max_words:
            return f"Too long to be words of pages about themselves: {unit.words}; cues.max_words = {cues.max_words}."
        if not strong:
            return f"Words of pages about themselves: none that is sure, {len(weak)} of {len(words)} that may be."
        return (
            f"Words of pages about themselves: {', '.join(dict.fromkeys(strong))}; with {len(weak)} that may be, "
            f"{len(strong) + len(weak)} of {len(words)}; cues.edge_share = {cues.edge_share:g}."
        )

    def _near_misses(self, index: int) -> tuple[NearMiss, ...]:
        unit, where = self.units[index], self._where(index)
        found = [
            NearMiss(rule.id, rule.category.value, reason)
            for rule in _wide_index(self.rules.rules).find(unit.text, unit.words)
            for reason in [self._why_not(self._by_id[rule.id], unit, where)]
            if reason
        ]
        for place in _PLACES:
            cut = None if place is where else self._asked_again(index, place)
            if cut is not None:
                found.append(NearMiss(cut.rule_id, cut.category.value, f"would take it in the {place}{_stands(where)}"))
        if index not in self.stretches and not found:
            found += [
                NearMiss(
                    each.cut.rule_id,
                    each.cut.category.value,
                    f"would take its end “{unit.text[each.start : each.end].strip()}” if it were the last line",
                )
                for each in find_end_stretches(self.lines, unit, 0)
            ]
        phrase = None if found or unit.words > _CLOSE_WORDS else closest_phrase(unit.text, self.rules.rules)
        if phrase is not None:
            found.append(NearMiss(phrase[0].id, phrase[0].category.value, f"says “{phrase[1]}”, which is close"))
        return tuple(found)

    def _why_not(self, rule: Rule, unit: Unit, where: Where) -> str:
        reasons = []
        if unit.words > rule.max_words:
            reasons.append(f"the line has {unit.words} words; its max_words is {rule.max_words}")
        elif rule not in self.lines.rules_of(unit.text, unit.words):
            if rule.site is not None:
                reasons.append(f"it is for the site {rule.site} only")
            if rule.language is not None:
                reasons.append(f"it is for {rule.language}; the document says that it is in another language")
        if where is not Where.ANY and not in_place(rule, where):
            reasons.append(f"it holds in the {rule.where}{_stands(where)}")
        if where is Where.BODY and unit.words > MAX_MIDDLE_WORDS:
            reasons.append(f"between paragraphs no line of more than {MAX_MIDDLE_WORDS} words is asked about")
        return "; ".join(reasons)

    def _asked_again(self, index: int, where: Where) -> Cut | None:
        """The cut that this line would get without a rule, if it stood elsewhere."""
        byline = self.byline
        try:
            return self._cut_own(self.units[index], where) or super()._cut_unlisted(index, where, None)
        finally:
            self.byline = byline


def _long_enough(unit: Unit, sure_words: int) -> str:
    if unit.words >= sure_words:
        return f"from {sure_words} on whatever the line ends in"
    return "and a sentence ends in it"


def _stands(where: Where) -> str:
    return f"; this line stands in the {where}"


def _placed(rule: Rule) -> str:
    place = "holds everywhere" if rule.where is Where.ANY else f"holds in the {rule.where}"
    return f"{place}, takes {'the line' if rule.take is Take.LINE else rule.take.value}"


def _described(rule: Rule, text: str) -> str:
    """Which of the rule's phrases describes the line."""
    if rule.match is Match.PATTERN:
        return "The whole line fits the rule's pattern"
    compiled = compile_rule(rule)
    folded, line = fold_text(text), fold_line(text)
    if rule.match is Match.EXACT:
        phrase = next((each for each in rule.texts if fold_line(each) == line), None)
    else:
        phrase = next((each for each in rule.texts if folded.startswith(fold_text(each))), None)
    verb = "is" if compiled.exact else "starts with"
    return f"The line {verb} “{phrase}”" if phrase else "The rule describes the line"


@lru_cache(maxsize=2)
def _wide_index(rules: tuple[Rule, ...]) -> RuleIndex:
    """The same rules for lines of any length, in any language, on any site."""
    return RuleIndex([replace(rule, max_words=_ANY_LENGTH, language=None, site=None) for rule in rules])


_CLOSE_WORDS = 12
_CLOSE_SHARE = 0.6


def closest_phrase(line: str, rules: tuple[Rule, ...]) -> tuple[Rule, str] | None:
    """The rule whose phrase shares the most words with `line`, three fifths of all words at least; ties go by rule id."""
    words = frozenset(fold_line(line).split())
    best: tuple[float, Rule, str] | None = None
    for phrase_words, rule, phrase in _phrases(rules):
        share = len(words & phrase_words) / len(words | phrase_words)
        if share >= _CLOSE_SHARE and (best is None or share > best[0]):
            best = (share, rule, phrase)
    return None if best is None else best[1:]


@lru_cache(maxsize=2)
def _phrases(rules: tuple[Rule, ...]) -> tuple[tuple[frozenset[str], Rule, str], ...]:
    return tuple(
        (frozenset(folded), rule, phrase)
        for rule in rules
        for phrase in (*rule.texts, *rule.examples)
        if (folded := fold_line(phrase).split())
    )
