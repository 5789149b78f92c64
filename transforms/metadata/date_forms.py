"""Reads dates as news writes them.

Before: "Dec 19th 2025, 4:05 pm EST". After: 2025-12-19 21:05 UTC, precision minute, zone "-05:00".
A time without a zone is left as the clock shows it (`transforms.metadata.zones` tells whose clock). Nothing finer than stated is
invented: "March 2021" is 2021-03-01 with precision month. Forms seen on the article fixtures of fundus and WCXB: those
of machines (`transforms.metadata.date_exact`), "Thu, 09/25/2025", "Dec 19th 2025", "25.04.24", dotted Korean dates; and the long forms of
Unicode CLDR: "2021. március 4.", "2021 m. kovo 4 d.", "4 tháng 3, 2021", "令和3年3月4日", with the months' names in their language.
Dates of the Persian, Islamic and Buddhist calendars are told by the month's name, or by the year and the language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from schemas.codes import Calendar, DatePrecision, DateSource
from transforms.metadata.date_exact import read_exact
from transforms.metadata.date_moment import ParsedDate, moment
from transforms.metadata.date_rules import DateRules
from transforms.metadata.month_names import is_month_name, month_in

MAX_RAW = 200
"""Characters of a raw date that are looked at."""

_TIME = (
    r"(?:[T\s,;|·•/–—-]|\b(?:at|um|à|às|kl|klo|alle|a las|om|ore|godz|saat|в|о|г|года|року|lúc|pukul)\b\.?|ساعت|الساعة|เวลา|\(){0,8}"
    r"(?P<before>오전|오후|午前|午後|上午|下午)?\s?"
    r"(?P<hour>[01]?\d|2[0-4])(?:[:h시時点]|\.(?=\d\d(?!\d|\.)))\s?(?P<minute>[0-5]\d)(?:[:분分]\s?(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[apAP]\.?\s?[mM]\b\.?)?\s?(?:Uhr\b\s?)?\(?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+\-−]\d{2}:?\d{2}|(?:UTC|GMT)[+\-−]\d{1,2}\b|[A-Z]{2,4}\b|[Мм][Сс][Кк]\b)?"
)
# Letters with the marks that Indic and other scripts write vowels with, which \w leaves out: anything but white space, digits
# and punctuation.
_L = r"[^\s\d!-@\[-`{-¿×÷\u055a-\u055f\u060c\u061b\u061f\u06d4\u0964\u0965\u2000-\u200b\u200e-\u206f\u3000-\u303f\uff00-\uff20]"
# A name of a month: a word; a short one, where words are short; Thai abbreviations; Arabic names of two words.
_NAME = rf"(?:[\u0600-\u06ff\u200c]{{2,9}}\s[\u0600-\u06ff]{{4,7}}|[\u0e00-\u0e7f]{{1,4}}\.[\u0e00-\u0e7f]{{1,2}}|{_L}{{3,14}}|[\u0600-\u0dff\u1000-\u109f]{{2}})"
_FORMS = (
    r"(?P<y1>\d{4})(?P<sep1>[-/.年년])\s?(?P<m1>\d{1,2})[-/.月월]\s?(?P<d1>\d{1,2})(?!\d)[日일.]?(?:\s?\((?:"
    + _L
    + r"){1,3}\))?",
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°|\.|-?го)?[\s\-/,]{{1,2}}(?:de\s|of\s|d['’])?(?P<n2>{_NAME})(?:/[\u0600-\u06ff]{{3,8}})?\.?,?[\s\-/]{{1,2}}(?:de\s|del\s|of\s)?(?P<y2>\d{{4}})(?!\d)",
    rf"(?P<n3>{_NAME})\.?\s{{1,2}}(?P<d3>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s{{1,2}}(?P<y3>\d{{4}})(?!\d)",
    r"(?P<a4>\d{1,2})(?P<sep4>[./-])\s?(?P<b4>\d{1,2})(?P=sep4)\s?(?P<y4>\d{4}|\d{2})(?![\d.])",
    rf"(?P<d5>\d{{1,2}})[-\s](?P<n5>{_NAME})\.?[-\s](?P<y5>\d{{2}})(?!\d)",
    rf"(?P<y7>\d{{4}})\.\sgada\s(?P<d7>\d{{1,2}})\.\s(?P<n7>{_NAME})",
    r"(?P<d8>\d{1,2})\s(?:tháng|thg)\s?(?P<m8>\d{1,2})(?:,?\snăm|,)?\s(?P<y8>\d{4})(?!\d)",
    r"(?P<y9>\d{4})\sоны\s(?P<m9>\d{1,2})\s(?:дугаар\s|дүгээр\s|-?р\s)?сарын\s(?P<d9>\d{1,2})",
    rf"(?P<y6>\d{{4}})(?:\.|,|\sm\.|\sж\.|\sжылғы|-?ko|eko)?\s(?P<n6>{_NAME})(?:ren)?\.?\s(?P<d6>\d{{1,2}})(?!\d)",
    r"(?P<era>令和|平成|昭和|民國|民国)\s?(?P<y0>\d{1,3}|元)年\s?(?P<m0>\d{1,2})月\s?(?P<d0>\d{1,2})日",
)
_EXPRESSION = re.compile(rf"(?<![\d.])(?:{'|'.join(_FORMS)})(?:{_TIME})?")
_MONTH_YEAR = re.compile(
    rf"\s*(?P<n>{_NAME})\.?,?\s(?:de\s)?(?P<y>\d{{4}})\s*|\s*(?P<y2>\d{{4}})[-/.年년]\s?(?P<m2>\d{{1,2}})[月월]?\s*"
)
_YEAR = re.compile(r"\s*(\d{4})\s*")
# The year before each era's first. Names of eras say the calendar in any language.
_ERAS = {
    "令和": (2018, Calendar.JAPANESE),
    "平成": (1988, Calendar.JAPANESE),
    "昭和": (1925, Calendar.JAPANESE),
    "民國": (1911, Calendar.ROC),
    "民国": (1911, Calendar.ROC),
}
_PERSIAN_YEARS = range(1200, 1500)
_ISLAMIC_YEARS = range(1250, 1600)
_BUDDHIST_YEARS = range(2400, 2700)
_THAI_CENTURY = 2500
_PERSIAN_LANGUAGES = frozenset({"fa", "ps", "ckb"})
_ISLAMIC_LANGUAGES = frozenset({"ar", "ur"})
# Languages whose two-digit years are Buddhist.
_BUDDHIST_LANGUAGES = frozenset({"th"})

_DIGIT = re.compile(r"\d")
# What every form has: a year of four digits, numbers with marks between, "4-Mar-21", an era. Most lines with a digit have none of it.
_LIKELY = re.compile(r"\d{4}(?!\d)|\d[./-]\s?\d\d?[./-]\s?\d\d|\d[-\s][^\s\d]{2,15}[-\s]\d\d(?!\d)|\d年|元年")
_MOST_BEFORE_DIGIT = 24
"""More characters than any form has in front of its first digit: a month's name, a full stop, two spaces."""
_MOST_BEHIND_DIGIT = 40
"""More characters than any form has behind its last digit, with the one that it looks at there."""
_NO_DIGITS = re.compile(r"\D{120}")
"""More characters than any form has between two digits: a month's name, or eight words in front of a time."""
_ODD_DIGIT = re.compile("[^\\D0-9]")
_WORD = re.compile(r"\d+|[^\s\d]+")
_NAMES = ("n2", "n3", "n5", "n6", "n7")


@lru_cache(maxsize=1024)
def find_date_expressions(text: str) -> tuple[tuple[str, int], ...]:
    """The stretches of a line that are written like full dates, with the offset of each; at most 8, in 1,000 characters.

    A word where the month stands must be a month's name in some language ("12 people 2020" is no date).
    """
    if not _DIGIT.search(text):
        return ()
    matches = islice(_expressions(_plain_digits(text[:1_000])), 8)
    return tuple((text[match.start() : match.end()].strip(), match.start()) for match in matches)


def _expressions(text: str) -> Iterator[re.Match[str]]:
    """The dates of a text in ASCII digits, left to right; where a word is no month's name, a later number may begin a date."""
    at = end = 0
    if not _LIKELY.search(text):
        return
    while digit := _DIGIT.search(text, at):
        # Where no digit is near, no date begins or goes on; trying its many forms there costs more than all else here.
        if digit.start() >= end:
            gap = _NO_DIGITS.search(text, digit.end())
            end = gap.start() + _MOST_BEHIND_DIGIT if gap else len(text)
        match = _EXPRESSION.search(text, max(at, digit.start() - _MOST_BEFORE_DIGIT), end)
        if match is None:
            at = end
            continue
        if all(is_month_name(match[group]) for group in _NAMES if match[group]):
            yield match
            at = match.end()
        else:
            word = _WORD.match(text, match.start())
            at = word.end() if word else match.end()


def is_month_and_year(text: str) -> bool:
    """Whether a text is a month's name and a year and nothing else: "March 2021"."""
    if len(text) > 40 or not text[-4:].isdecimal():
        return False
    match = _MONTH_YEAR.fullmatch(_plain_digits(text))
    return bool(match and match["n"] and is_month_name(match["n"]))


def parse_date(raw: str, *, language: str | None, source: DateSource) -> ParsedDate | None:
    """The date that `raw` states, or None where it states none or an absurd one (before 1600, after 2100).

    `language` is a BCP 47 tag that decides the order of all-numeric dates and names the months; `source` sets the
    confidence. Reads the forms of machines, numeric and named-month forms. Idempotent on its own ISO output; never looks at
    the clock.
    """
    found = read_date(raw, language)
    if found is None:
        return None
    return found._replace(confidence=round(DateRules.load().confidence[source.value] * found.confidence, 4))


def read_date(raw: str, language: str | None) -> ParsedDate | None:
    """As `parse_date`; the confidence is that of the way it is written alone."""
    return _read(raw[:MAX_RAW].strip(), language)


@lru_cache(maxsize=4096)
def _read(raw: str, language: str | None) -> ParsedDate | None:
    rules = DateRules.load()
    if not _DIGIT.search(raw):
        return None
    text = _plain_digits(raw)
    try:
        found = read_exact(text, rules) or _written(text, language, rules) or _incomplete(text, language, rules)
    except (ValueError, OverflowError):
        return None
    if found is None or not rules.first_year <= found.at.year <= rules.last_year:
        return None
    return found


def _plain_digits(text: str) -> str:
    """Arabic, Persian, Devanagari … digits as ASCII; one character for one, so offsets stay."""
    return text if text.isascii() else _ODD_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def _written(text: str, language: str | None, rules: DateRules) -> ParsedDate | None:
    match = next(_expressions(text), None)
    if match is None:
        return None
    part = match.groupdict()
    certainty = rules.certainty["named_month"]
    calendar = Calendar.GREGORIAN
    primary = (language or "").split("-")[0].lower()
    form = next(str(number) for number in range(10) if part[f"y{number}"])
    year = 1 if part[f"y{form}"] == "元" else int(part[f"y{form}"])
    if form == "4":
        year, month, day, certainty = _numeric(part["a4"], part["b4"], part["y4"], part["sep4"], language, rules)
    else:
        day = int(part[f"d{form}"])
        name = part.get(f"n{form}")
        if name:
            named = month_in(name, language)
            if named is None:
                return None
            calendar, month = named
        else:
            month = int(part[f"m{form}"])
            if form == "1":
                certainty = rules.certainty["exact"]
                if month > 12 >= day:
                    month, day = day, month
    if part["era"]:
        before, calendar = _ERAS[part["era"]]
        year += before
    elif form == "5" or (form == "4" and len(part["y4"]) == 2):
        certainty = rules.certainty["two_digit_year"]
        year = year % 100 + _THAI_CENTURY if primary in _BUDDHIST_LANGUAGES else _century(year % 100)
    if calendar is Calendar.GREGORIAN:
        calendar = _calendar_of(year, primary, named=bool(part.get(f"n{form}")))
    if calendar is Calendar.ISLAMIC:
        certainty *= rules.certainty["islamic"]
    hour = int(part["hour"]) if part["hour"] else None
    half = (
        "p"
        if part["before"] in ("오후", "午後", "下午")
        else "a"
        if part["before"]
        else (part["half"] or "").lower()[:1]
    )
    if hour is not None and half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return moment(
        year,
        month,
        day,
        hour=hour,
        minute=int(part["minute"]) if part["minute"] else None,
        second=int(part["second"]) if part["second"] else None,
        zone=part["zone"],
        certainty=certainty,
        calendar=calendar,
    )


def _calendar_of(year: int, primary: str, *, named: bool) -> Calendar:
    """The calendar that a year of this language is counted in; a Gregorian month's name leaves the Buddhist era alone."""
    if year in _BUDDHIST_YEARS:
        return Calendar.BUDDHIST
    if not named and year in _PERSIAN_YEARS and primary in _PERSIAN_LANGUAGES:
        return Calendar.PERSIAN
    if not named and year in _ISLAMIC_YEARS and primary in _ISLAMIC_LANGUAGES:
        return Calendar.ISLAMIC
    return Calendar.GREGORIAN


def _century(two_digits: int) -> int:
    """As POSIX has it: 69–99 are 19xx, 00–68 are 20xx."""
    return two_digits + (1900 if two_digits >= 69 else 2000)


def _numeric(
    first: str, second: str, last: str, separator: str, language: str | None, rules: DateRules
) -> tuple[int, int, int, float]:
    """(year, month, day, certainty) of 03/04/2021; a number above 12 can't be the month, dots always put the day first."""
    a, b, year = int(first), int(second), int(last)
    certainty = rules.certainty["named_month"]
    if len(last) == 2:
        year, certainty = _century(year), rules.certainty["two_digit_year"]
    if a > 12 or separator == ".":
        return year, b, a, certainty
    if b > 12:
        return year, a, b, certainty
    month_first = rules.is_month_first(language)
    if a != b:
        # The order is the reader's guess unless the language is one that never puts the month first.
        certainty *= rules.certainty["ambiguous_order"] if month_first or language is None else 0.95
    return (year, a, b, certainty) if month_first else (year, b, a, certainty)


def _incomplete(text: str, language: str | None, rules: DateRules) -> ParsedDate | None:
    """A month or a year alone, which must be all of the text; of other calendars only the Buddhist era, whose years are whole."""
    certainty = rules.certainty["incomplete"]
    primary = (language or "").split("-")[0].lower()
    match = _MONTH_YEAR.fullmatch(text)
    if match:
        year = int(match["y2"] or match["y"])
        calendar = _calendar_of(year, primary, named=bool(match["n"]))
        named = (calendar, int(match["m2"])) if match["m2"] else month_in(match["n"], language)
        if named is None or named[0] in (Calendar.PERSIAN, Calendar.ISLAMIC):
            return None
        found = moment(year, named[1], 1, certainty=certainty, calendar=calendar)
        return found._replace(precision=DatePrecision.MONTH)
    match = _YEAR.fullmatch(text)
    if match:
        year = int(match[1])
        calendar = Calendar.BUDDHIST if year in _BUDDHIST_YEARS else Calendar.GREGORIAN
        return moment(year, 1, 1, certainty=certainty, calendar=calendar)._replace(precision=DatePrecision.YEAR)
    return None
