"""Keeps the articles for which an expression holds: 'word_count >= 100' -> an article of 42 words is a reject (`filtered`).

The reject says which part did not hold and what the columns in it are: 'word_count >= 100' does not hold: word_count is 42.
docs/filters.md explains the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import RejectCode
from schemas.errors import RecordError
from schemas.records import Article
from transforms.filter_syntax import And, Column, Node, parse_filter
from transforms.filter_types import Evaluate, columns_of, truth_of, typed

_SHOWN = 60
"""Characters of a value that a message shows."""


class _Part(NamedTuple):
    """One of the conditions that are joined by `and` at the top, its text, and the columns that it names."""

    text: str
    holds: Evaluate
    columns: tuple[tuple[str, Evaluate], ...]


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A checked expression; picklable, compiled once a process. An empty expression keeps everything."""

    expression: str = ""

    def __post_init__(self) -> None:
        _parts(self.expression)

    def check(self, article: Article) -> None:
        """Raises RecordError (filtered) where a part is false or, because of a null in it, unknown."""
        for part in _parts(self.expression):
            holds = part.holds(article)
            if holds is not True:
                values = ", ".join(f"{name} is {_shown(value(article))}" for name, value in part.columns)
                verb = "is unknown" if holds is None else "does not hold"
                raise RecordError(RejectCode.FILTERED, f"{part.text!r} {verb}{': ' if values else ''}{values}")


@lru_cache(maxsize=16)
def _parts(expression: str) -> tuple[_Part, ...]:
    """The parts of `expression` in their order. Raises UsageError, one line that says where, for a bad one."""
    if not expression.strip():
        return ()
    node = parse_filter(expression)
    truth_of(node, expression)
    return tuple(
        _Part(expression[part.start : part.end], truth_of(part, expression), _named(part, expression))
        for part in (node.parts if isinstance(node, And) else (node,))
    )


def _named(part: Node, expression: str) -> tuple[tuple[str, Evaluate], ...]:
    return tuple((_name(column), typed(column, expression).evaluate) for column in columns_of(part))


def _name(column: Column) -> str:
    return column.name if column.field is None else f"{column.name}.{column.field}"


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


KEEP_ALL = RowFilter()
"""No filter."""
