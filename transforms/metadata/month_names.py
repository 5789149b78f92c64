"""Reads the names of months in the languages that news is written in.

Before: "Jänner", "de". After: 1. "Minuten", "de": None. "اسفند": month 12 of the Persian calendar.
The names are data (configs/months.toml, from Unicode CLDR through dateparser), because a library that has to load a language
first takes 30 ms to 300 ms for every word that stands where a month could. Only languages that the file does not name are put to dateparser.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from configs.toml import read_toml
from schemas.codes import Calendar
from transforms.metadata.date_rules import DateRules

UNKNOWN_LANGUAGE = "und"

_ACCENTS = (("\u0300", "\u036f"), ("\u0591", "\u05c7"), ("\u064b", "\u065f"))
"""Ranges of the marks of Latin, Greek and Cyrillic, of Hebrew and of Arabic that a name is the same name without."""


@dataclass(frozen=True, slots=True)
class MonthNames:
    """`by_language` maps a language to its folded names and their months, 1 to 12; `fallback` does so for the commonest
    languages together, in which the first language that has a name wins. `calendars` maps the names of other calendars' months;
    `known` are all names of all languages."""

    by_language: Mapping[str, Mapping[str, int]]
    fallback: Mapping[str, int]
    calendars: Mapping[str, tuple[Calendar, int]]
    known: frozenset[str]

    @staticmethod
    def load() -> MonthNames:
        """The built-in names, read once a process, when a date with a name that isn't English comes."""
        return _load()


def fold_name(name: str) -> str:
    """`name` in lower case without accents: "Août" is "aout"."""
    if name.isascii():
        return name.lower()
    # Composed again, because Hangul takes itself apart as well. Marks of other scripts are vowels, and part of the name.
    # Lower case behind it, because signs take themselves apart into capitals.
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()).lower() if not _is_accent(c))
    return unicodedata.normalize("NFC", bare)


def _is_accent(character: str) -> bool:
    return any(first <= character <= last for first, last in _ACCENTS)


@lru_cache(maxsize=1024)
def is_month_name(name: str) -> bool:
    """Whether a word is a month's name in any language or calendar of the file."""
    english = DateRules.load().month(name)
    return english is not None or _bare(name) in MonthNames.load().known


@lru_cache(maxsize=1024)
def month_in(name: str, language: str | None) -> tuple[Calendar, int] | None:
    """The calendar and month (1–12) that a name means: in English, in `language`, in another calendar, in the commonest languages."""
    month = DateRules.load().month(name) or month_of(name, language)
    if month is not None:
        return Calendar.GREGORIAN, month
    return MonthNames.load().calendars.get(_bare(name))


def _bare(name: str) -> str:
    return fold_name(" ".join(name.split()).rstrip("."))


@lru_cache(maxsize=1024)
def month_of(name: str, language: str | None) -> int | None:
    """The month (1–12) that a name means in `language` (a BCP 47 tag), else in the commonest languages; None if it is no month.

    Stated languages can be wrong, hence the second attempt.
    """
    names = MonthNames.load()
    primary = (language or "").split("-")[0].lower()
    if primary and primary != UNKNOWN_LANGUAGE:
        own = names.by_language.get(primary)
        found = _ask_dateparser(name, primary) if own is None else own.get(_bare(name))
        if found is not None:
            return found
    return names.fallback.get(_bare(name))


@lru_cache(maxsize=1)
def _load() -> MonthNames:
    table: Any = read_toml("months.toml")
    by_language: dict[str, dict[str, int]] = {language: {} for language in table["without_names"]}
    for language, months in table["names"].items():
        by_language[language] = {_bare(name): number for number, row in enumerate(months, 1) for name in row}
    fallback: dict[str, int] = {}
    for language in DateRules.load().fallback_languages:
        for name, number in by_language.get(language, {}).items():
            fallback.setdefault(name, number)
    calendars = {
        _bare(name): (Calendar(calendar), number)
        for calendar, months in table["calendars"].items()
        for number, row in enumerate(months, 1)
        for name in row
    }
    known = frozenset(calendars).union(*by_language.values())
    return MonthNames(by_language, fallback, calendars, known)


def _ask_dateparser(name: str, language: str) -> int | None:
    """Only a whole date with that name is put to dateparser, strictly: its search finds dates in anything."""
    with warnings.catch_warnings():
        # dateparser's own use of strptime is deprecated from Python 3.13 on, and must not fail a strict run.
        warnings.simplefilter("ignore")
        import dateparser

        try:
            found = dateparser.parse(
                f"15 {name} 2001",
                languages=[language],
                settings={
                    "STRICT_PARSING": True,
                    "PARSERS": ["absolute-time"],
                    "DATE_ORDER": "DMY",
                    "RELATIVE_BASE": datetime(2001, 1, 15),
                    "TIMEZONE": "UTC",
                    "RETURN_AS_TIMEZONE_AWARE": False,
                },
            )
        except ValueError:
            return None  # a language that dateparser doesn't know
    return int(found.month) if found is not None and (found.year, found.day) == (2001, 15) else None
