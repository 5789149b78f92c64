"""Reads the golden sentences with marked dates and scores what the finder makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from schemas.entities import DateAnchor
from transforms.temporal.find_dates import TemporalRules, find_dates

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "golden"
FILES = ("dates.txt", "dates_later.txt", "dates_hard.txt")

_MARKED = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")


class Sentence(NamedTuple):
    """One golden line without its marks. `spans` are (start, end, EDTF value)."""

    line: int
    language: str
    day: date | None
    text: str
    spans: tuple[tuple[int, int, str], ...]

    @property
    def held_out(self) -> bool:
        return self.line % 2 == 0


class Score(NamedTuple):
    """How many dates are marked, found with the right value, and found where none is marked."""

    marked: int
    right: int
    false: int


def sentences(name: str) -> Iterator[Sentence]:
    """The sentences of a golden file."""
    language, day = "und", None
    for number, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            _, language, written = line.split()
            day = None if written == "-" else date.fromisoformat(written)
        elif line and not line.startswith("#"):
            yield _unmarked(number, language, day, line)


def _unmarked(number: int, language: str, day: date | None, line: str) -> Sentence:
    text, at = "", 0
    spans: list[tuple[int, int, str]] = []
    for match in _MARKED.finditer(line):
        text += line[at : match.start()] + match[1]
        spans.append((len(text) - len(match[1]), len(text), match[2]))
        at = match.end()
    return Sentence(number, language, day, text + line[at:], tuple(spans))


def score(sentence: Sentence) -> Score:
    """A marked date is right if a found one overlaps it and has its value; found dates that overlap none are false."""
    found = find_dates(sentence.text, sentence.language, DateAnchor(sentence.day), TemporalRules.load())
    right = sum(
        any(date.start < end and start < date.end and date.value == value for date in found)
        for start, end, value in sentence.spans
    )
    false = sum(not any(date.start < end and start < date.end for start, end, _ in sentence.spans) for date in found)
    return Score(len(sentence.spans), right, false)


def score_file(name: str, *, held_out: bool) -> Score:
    """The sum over one half of a file."""
    listed = [score(sentence) for sentence in sentences(name) if sentence.held_out is held_out]
    return Score(sum(s.marked for s in listed), sum(s.right for s in listed), sum(s.false for s in listed))
