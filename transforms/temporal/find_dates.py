"""Finds the dates in a body and gives each an EDTF value, relative to the day on which it is told.

Before: "met on Sunday", told on 2020-08-23. After: "Sunday", "2020-08-23". "two weeks ago" → "2020-W32", "December 2019" →
"2019-12", "the 1990s" → "199X". What is no date is left: "may" as a verb, scores, pages, "2000 people".
The grammars are data (configs/temporal); the finder jumps from one word that can begin a date to the next and takes the longest
form there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from configs.toml import read_toml
from schemas.entities import DateAnchor, FoundDate
from transforms.entities.tokens import Tokens
from transforms.metadata.date_rules import DateRules
from transforms.temporal.direction import Direction, direction_of
from transforms.temporal.grammar import WHOLE, Form, Grammar, Kind, compiled, load_grammar
from transforms.temporal.resolve import resolve
from transforms.temporal.stated import Told, Written

_LOOK_BACK = 56
"""Characters before a date that the forms' `before` and `not_before` and the qualifier look at."""

_REFERENCE = 400
"""Characters behind a date within which "two years later" counts from it."""

_JOINED = frozenset({Kind.DAY, Kind.MONTH, Kind.YEAR, Kind.WEEKDAY})
"""Kinds that make a range with another one of their kind behind."""

_NEEDS_DIRECTION = frozenset(
    {Kind.DAY, Kind.MONTH, Kind.WEEKDAY, Kind.WEEKEND, Kind.QUARTER, Kind.HALF, Kind.SEASON, Kind.DAY_OF_MONTH}
)
_BEFORE_WEEKDAY = frozenset({" ", ", ", " (", "("})
"""What stands between a date and its weekday: "27 Mayıs Cuma", "8月14日（周五"."""

_PART_NAMES = {
    "monthnumber": "month",
    "tomorrow": "near",
    "stepafter": "step",
    "agounit": "unit",
    "fullmonth": "month",
    "fullmonth2": "month2",
}
_SAME_MARK = "mark"
"""The group of a form that only says that two marks are the same: "14/08/2020"."""

_SPACES_AND_DASHES = (
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("–", "-"),
    ("—", "-"),
    ("‑", "-"),
    ("’", "'"),
    ("ʼ", "'"),
)
_OTHER_DIGITS = re.compile("[٠-٩۰-۹०-९০-৯๐-๙０-９]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "0123456789" * 6)
_FOLLOWER = re.compile(r"( ?[^\w\s]{0,2})( ?)([^\W\d_]+|\d)")
_YEAR_DIGITS = 4
_SHORT_WORD = 3
"""Letters of words that link a number to a month: of, de, and, bis."""

_WITHIN_A_NUMBER = re.compile(r"(?:\d[.,:/'-]|[/:+#$€£¥@_\d])\Z")


@dataclass(frozen=True, slots=True)
class TemporalRules:
    """`first_year` and `years_ahead` bound the years that count as such: 1500 to 50 years after the day of the article.

    `languages` have a grammar of their own.
    """

    first_year: int
    years_ahead: int
    latest_year: int
    languages: frozenset[str]

    @staticmethod
    def load() -> TemporalRules:
        """The built-in rules, read once a process."""
        return _load()

    def grammar(self, language: str) -> Grammar:
        """The grammar of a language, by its BCP 47 tag; compiled once a process."""
        return load_grammar(language.split("-")[0].lower())


@lru_cache(maxsize=1)
def _load() -> TemporalRules:
    table: Any = read_toml("temporal/any.toml")
    return TemporalRules(
        first_year=table["first_year"],
        years_ahead=table["years_ahead"],
        latest_year=table["latest_year"],
        languages=frozenset(table["languages"]),
    )


def find_dates(
    text: str, language: str, anchor: DateAnchor, rules: TemporalRules, tokens: Tokens | None = None
) -> tuple[FoundDate, ...]:
    """The dates of a text, in order, not overlapping; offsets are code points. `tokens` are those of the text, where they are at hand.

    `language` is a BCP 47 tag: it chooses the grammar and the order of 03/04/2021. Without a day in `anchor`, days and months
    without a year are of the year "XXXX", and what is relative to now ("Sunday", "last week") is not found.
    """
    grammar = rules.grammar(language)
    plain = _plain(text)
    month_first = DateRules.load().is_month_first(language)
    last_year = anchor.day.year + rules.years_ahead if anchor.day else rules.latest_year
    found: list[FoundDate] = []
    previous: str | None = None
    for written in _joined(list(_written(plain, grammar, tokens)), plain, grammar):
        direction = Direction.OPEN
        if written.kind in _NEEDS_DIRECTION and anchor.day is not None and "year" not in written.parts:
            direction = direction_of(plain, written.start, written.end, grammar.direction)
        if found and written.start - found[-1].end > _REFERENCE:
            previous = None
        value = resolve(written, Told(anchor.day, direction, previous, month_first, rules.first_year, last_year))
        if value is None:
            continue
        start = _qualified(plain, written.start, grammar, after=found[-1].end if found else 0)
        found.append(FoundDate(start, written.end, text[start : written.end], value))
        previous = value
    return tuple(found)


def forms_in(text: str, language: str, rules: TemporalRules) -> frozenset[str]:
    """The ids of the forms that a text has, whatever they resolve to; for the rules' own examples."""
    return frozenset(written.form for written in _written(_plain(text), rules.grammar(language)))


def _plain(text: str) -> str:
    """The text with plain spaces, dashes and digits, one character for one."""
    if text.isascii():
        return text
    for mark, plain in _SPACES_AND_DASHES:
        if mark in text:
            text = text.replace(mark, plain)
    if _OTHER_DIGITS.search(text):
        text = text.translate(_DIGITS)
    return text


def _written(text: str, grammar: Grammar, tokens: Tokens | None = None) -> Iterator[Written]:
    """What the text states, left to right: at each word that begins a form the longest one that matches."""
    at = 0
    by_word, by_digits = grammar.by_word, grammar.by_digits
    for start, end in _firsts(text, grammar, tokens):
        if start < at:
            continue
        forms: Sequence[Form]
        if "0" <= text[start] <= "9":
            batches = by_digits.get(end - start)
            if batches is None or not _begins_a_date(text, start, end, grammar):
                continue
            forms = [form for batch in batches if compiled(batch.any).match(text, start) for form in batch.forms]
        else:
            forms = by_word.get(text[start:end], ())
        best: re.Match[str] | None = None
        chosen: Form | None = None
        for form in forms:
            match = compiled(form.pattern).match(text, start)
            if match and (best is None or match.end() > best.end()) and _fits(form, text, start):
                best, chosen = match, form
        if best is None or chosen is None:
            continue
        at = best.end()
        parts = dict(chosen.parts)
        for group, written in best.groupdict().items():
            if written is not None and group != _SAME_MARK:
                parts[_PART_NAMES.get(group, group)] = grammar.read(group, written)
        yield Written(start, at, chosen.kind, parts, chosen.value, form=chosen.id)


def _firsts(text: str, grammar: Grammar, tokens: Tokens | None) -> Iterator[tuple[int, int]]:
    """Where the words and numbers are at which a form may begin. The tokens of a text save looking at each of its characters again."""
    if tokens is None or not tokens.simple or grammar.unspaced:
        for match in grammar.scan.finditer(text):
            yield match.span()
        return
    starts, ends = tokens.starts, tokens.ends
    # Few tokens are left of many.
    told = [(place, telling) for place, telling in enumerate(map(grammar.telling.__getitem__, tokens.words)) if telling]
    for place, telling in told:
        if telling == WHOLE:
            yield starts[place], ends[place]
        else:
            for match in grammar.scan.finditer(text, starts[place], ends[place]):
                yield match.span()


def _begins_a_date(text: str, start: int, end: int, grammar: Grammar) -> bool:
    """Whether what stands around a number allows a date; most numbers in a text are counts, which this passes over."""
    if grammar.followers is not None and end - start < _YEAR_DIGITS:
        match = _FOLLOWER.match(text, end)
        if match is None:
            return False
        marks, space, word = match.groups()
        if word.isdecimal():
            if not marks:
                return False
        elif (marks or space) and len(word) > _SHORT_WORD and word not in grammar.followers:
            return False
    return not start or not _WITHIN_A_NUMBER.search(text, max(0, start - 2), start)


def _fits(form: Form, text: str, start: int) -> bool:
    if form.before is None and form.not_before is None:
        return True
    front = text[max(0, start - _LOOK_BACK) : start]
    if form.before is not None and not compiled(form.before).search(front):
        return False
    return form.not_before is None or not compiled(form.not_before).search(front)


def _joined(written: Sequence[Written], text: str, grammar: Grammar) -> Iterator[Written]:
    """A weekday and its date as one; two dates with "to" between them as one range."""
    pending: Written | None = None
    for item in written:
        if pending is not None:
            gap = text[pending.end : item.start]
            if (
                pending.kind is Kind.WEEKDAY
                and item.kind in (Kind.DAY, Kind.NUMERIC)
                and len(gap) < 10
                and grammar.weekday_gap.fullmatch(gap)
            ):
                pending = item._replace(start=pending.start)
                continue
            if (
                pending.kind is Kind.DAY
                and item.kind is Kind.WEEKDAY
                and gap in _BEFORE_WEEKDAY
                and pending.last is None
            ):
                pending = pending._replace(end=item.end)
                continue
            if _is_range(pending, item, gap, text, grammar):
                first = pending
                if "year" in item.parts and "year" not in first.parts and first.kind in (Kind.DAY, Kind.MONTH):
                    first = _of_the_same_year(first, item)
                pending = first._replace(end=item.end, last=item)
                continue
            yield pending
        pending = item
    if pending is not None:
        yield pending


def _of_the_same_year(first: Written, second: Written) -> Written:
    """The first end of a range with the year of the second, or with the one before: "December 28 to January 3, 2020"."""
    year, months = second.parts["year"], (first.parts.get("month"), second.parts.get("month"))
    if isinstance(year, int) and isinstance(months[0], int) and isinstance(months[1], int) and months[0] > months[1]:
        year -= 1
    return first._replace(parts={**first.parts, "year": year})


def _is_range(first: Written, second: Written, gap: str, text: str, grammar: Grammar) -> bool:
    if first.kind is not second.kind or first.kind not in _JOINED or first.last is not None or len(gap) > 12:
        return False
    if "year2" in first.parts or "day2" in first.parts or "day2" in second.parts or "year2" in second.parts:
        return False
    if grammar.range_gap.fullmatch(gap):
        return True
    return grammar.range_and is not None and bool(
        grammar.range_and.search(text[max(0, first.start - _LOOK_BACK) : first.start] + "\0" + gap)
    )


def _qualified(text: str, start: int, grammar: Grammar, *, after: int) -> int:
    """Where a date begins with what qualifies it ("early ", "the end of "), which its value does not tell."""
    if grammar.qualifier is None:
        return start
    front = max(after, start - _LOOK_BACK)
    match = grammar.qualifier.search(text[front:start])
    return start if match is None else front + match.start()
