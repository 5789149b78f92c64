"""What is known of a document while it is cleaned: its units, what became of each so far, and where its article stands.

Before: units of which the first and the last are prose  After: `where` of those between them is body, of the others head or tail.
"""

from __future__ import annotations

from schemas.records import Cut, Dateline, ParsedDocument
from schemas.rules import Where
from transforms.cleaning.article_end import find_last_prose
from transforms.cleaning.assemble import Stretch
from transforms.cleaning.clean_rules import CleanRules
from transforms.cleaning.units import Lines, Unit


class Decisions:
    """One document's state. `cuts` runs parallel to `units`; each step of the cleaning fills in what is still open."""

    def __init__(self, parsed: ParsedDocument, rules: CleanRules) -> None:
        self.parsed = parsed
        self.rules = rules
        self.lines = Lines(parsed, rules)
        self.units: tuple[Unit, ...] = self.lines.units
        self.cuts: list[Cut | None] = [unit.cut for unit in self.units]
        self.closing: set[int] = set()
        self.stretches: dict[int, list[Stretch]] = {}
        self.first: int | None = None
        self.last: int | None = None
        self.headline: str | None = None
        self.byline: str | None = None
        self.dateline: Dateline | None = None

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
