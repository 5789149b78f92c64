"""Tests of transforms.metadata.date_forms: reading written dates."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Calendar, DatePrecision, DateSource
from transforms.metadata.date_forms import find_date_expressions, is_month_and_year, parse_date

SECOND, MINUTE, DAY, MONTH, YEAR = (
    DatePrecision.SECOND,
    DatePrecision.MINUTE,
    DatePrecision.DAY,
    DatePrecision.MONTH,
    DatePrecision.YEAR,
)


@pytest.mark.parametrize(
    ("raw", "language", "iso", "precision"),
    [
        ("2021-03-04T05:06:07Z", None, "2021-03-04T05:06:07", SECOND),
        ("2021-03-04T05:06:07.123456789+02:00", None, "2021-03-04T03:06:07.123456", SECOND),
        ("2021-03-04 05:06", None, "2021-03-04T05:06:00", MINUTE),
        ("2021-03-04T05:06+0100", None, "2021-03-04T04:06:00", MINUTE),
        ("2021-03-04", None, "2021-03-04T00:00:00", DAY),
        ("20210304", None, "2021-03-04T00:00:00", DAY),
        ("2021-03", None, "2021-03-01T00:00:00", MONTH),
        ("2021", None, "2021-01-01T00:00:00", YEAR),
        ("1614834367", None, "2021-03-04T05:06:07", SECOND),
        ("1614834367000", None, "2021-03-04T05:06:07", SECOND),
        ("Thu, 04 Mar 2021 05:06:07 GMT", None, "2021-03-04T05:06:07", SECOND),
        ("Thu, 04 Mar 2021 05:06:07 -0500", None, "2021-03-04T10:06:07", SECOND),
        ("Thu Mar 04 2021 05:06:07 GMT+0100 (CET)", None, "2021-03-04T04:06:07", SECOND),
        ("Thu, 09/25/2025", "en", "2025-09-25T00:00:00", DAY),
        ("Dec 19th 2025", "en", "2025-12-19T00:00:00", DAY),
        ("Dec 19th 2025, 4:05 pm EST", "en", "2025-12-19T21:05:00", MINUTE),
        ("19 December 2025 at 12:30 am", "en", "2025-12-19T00:30:00", MINUTE),
        ("25.04.24", "de", "2024-04-25T00:00:00", DAY),
        ("Do 25.04.24 | 14:07 Uhr", "de", "2024-04-25T14:07:00", MINUTE),
        ("2026.01.29 18:40", "ko", "2026-01-29T18:40:00", MINUTE),
        ("2026. 1. 29.", "ko", "2026-01-29T00:00:00", DAY),
        ("2026년 1월 29일", "ko", "2026-01-29T00:00:00", DAY),
        ("2026年1月29日 18:40", "ja", "2026-01-29T18:40:00", MINUTE),
        ("3. März 2021", "de", "2021-03-03T00:00:00", DAY),
        ("5 février 2023 à 15h30", "fr", "2023-02-05T15:30:00", MINUTE),
        ("3 марта 2021 г., 14:05", "ru", "2021-03-03T14:05:00", MINUTE),
        ("4 de agosto de 2021", "es", "2021-08-04T00:00:00", DAY),
        ("04-ago-2021 5:11:10", "en-us", "2021-08-04T05:11:10", SECOND),
        ("March 2021", "en", "2021-03-01T00:00:00", MONTH),
        ("03/04/2021", "en-GB", "2021-04-03T00:00:00", DAY),
        ("03/04/2021", "en-US", "2021-03-04T00:00:00", DAY),
        ("4 марта 2021, 14:05 (мск)", "ru", "2021-03-04T11:05:00", MINUTE),
        ("4 มีนาคม 2564 เวลา 14:05 น.", "th", "2021-03-04T14:05:00", MINUTE),
        ("4.3.2021 klo 14.05", "fi", "2021-03-04T14:05:00", MINUTE),
        ("March 3rd, 2021 at 2:05 p.m. PT", "en", "2021-03-03T22:05:00", MINUTE),
        ("Published: 3 March 2021", "en", "2021-03-03T00:00:00", DAY),
        ("٢٠٢١-٠٣-٠٤", "ar", "2021-03-04T00:00:00", DAY),
    ],
)
def test_forms(raw: str, language: str | None, iso: str, precision: DatePrecision) -> None:
    parsed = parse_date(raw, language=language, source=DateSource.META)
    assert parsed is not None
    assert parsed.at == datetime.fromisoformat(iso).replace(tzinfo=timezone.utc)
    assert parsed.precision is precision
    assert 0 < parsed.confidence <= 0.97


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "yesterday",
        "Harbour reopens",
        "2021-02-30",
        "0021-03-04",
        "3021-03-04",
        "31/31/2021",
        "12 people 2020",
        "999999999999999",
        "Updated: 14:05 GMT",
    ],
)
def test_no_dates(raw: str) -> None:
    assert parse_date(raw, language="en", source=DateSource.META) is None


def test_confidence_falls_with_source_and_form() -> None:
    def confidence(raw: str, source: DateSource) -> float:
        parsed = parse_date(raw, language="en", source=source)
        assert parsed is not None
        return parsed.confidence

    assert confidence("2021-03-04", DateSource.JSON_LD) > confidence("2021-03-04", DateSource.TEXT)
    assert confidence("3 March 2021", DateSource.TEXT) > confidence("03/04/2021", DateSource.TEXT)


def test_expressions_in_a_line() -> None:
    line = "Published 3 March 2021 | Updated 05.03.2021 14:05"
    found = find_date_expressions(line)
    assert [line[start:].startswith(expression) for expression, start in found] == [True, True]
    assert [expression for expression, _ in found] == ["3 March 2021", "05.03.2021 14:05"]
    assert find_date_expressions("version 1.2.3.4 costs 5.99") == ()


def test_long_hostile_lines_are_quick() -> None:
    for piece in ("1 ", "1.1.1.", "2021-", "12 a", "(((((1:"):
        find_date_expressions(piece * 100_000)
        parse_date(piece * 100_000, language="en", source=DateSource.META)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.datetimes(min_value=datetime(1601, 1, 1), max_value=datetime(2099, 12, 30)), st.integers(-12, 14))
def test_iso_round_trip(moment: datetime, hours: int) -> None:
    at = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    parsed = parse_date(at.isoformat(), language=None, source=DateSource.META)
    assert parsed is not None
    assert parsed.at == at
    assert parsed.at.utcoffset() == timedelta(0)
    again = parse_date(parsed.at.isoformat(), language=None, source=DateSource.META)
    assert again is not None
    assert (again.at, again.precision) == (parsed.at, parsed.precision)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(alphabet="0123456789/.-: TZ年月+", max_size=40))
def test_any_text_is_read_or_refused(raw: str) -> None:
    parsed = parse_date(raw, language="en", source=DateSource.TEXT)
    assert parsed is None or 1600 <= parsed.at.year <= 2100


@pytest.mark.parametrize(
    ("raw", "language"),
    [
        ("4 مارس 2021", "ar"),
        ("4 آذار/مارس 2021", "ar"),
        ("৪ মার্চ ২০২১", "bn"),
        ("4 март 2021", "bg"),
        ("4. března 2021", "cs"),
        ("4. marts 2021", "da"),
        ("4. März 2021", "de"),
        ("4 Μαρτίου 2021", "el"),
        ("4 de marzo de 2021", "es"),
        ("4. märts 2021", "et"),
        ("4. maaliskuuta 2021 klo", "fi"),
        ("4 mars 2021", "fr"),
        ("4 במרץ 2021", "he"),
        ("4 मार्च 2021", "hi"),
        ("4. ožujka 2021.", "hr"),
        ("2021. március 4.", "hu"),
        ("4 Մարտի 2021", "hy"),
        ("4 Maret 2021", "id"),
        ("4 marzo 2021", "it"),
        ("2021年3月4日", "ja"),
        ("4 მარტი 2021", "ka"),
        ("2021년 3월 4일", "ko"),
        ("2021 m. kovo 4 d.", "lt"),
        ("2021. gada 4. marts", "lv"),
        ("2021 оны 3 сарын 4", "mn"),
        ("4 Mac 2021", "ms"),
        ("4 maart 2021", "nl"),
        ("4 marca 2021 r.", "pl"),
        ("4 de março de 2021", "pt"),
        ("4 martie 2021", "ro"),
        ("4 марта 2021 г.", "ru"),
        ("4. marec 2021", "sk"),
        ("4. marca 2021", "sl"),
        ("4 mars 2021", "sv"),
        ("4 மார்ச் 2021", "ta"),
        ("4 มีนาคม 2021", "th"),
        ("4 Mart 2021", "tr"),
        ("4 березня 2021", "uk"),
        ("4 مارچ 2021", "ur"),
        ("4 tháng 3, 2021", "vi"),
        ("Ngày 4 tháng 3 năm 2021", "vi"),
    ],
)
def test_languages(raw: str, language: str) -> None:
    parsed = parse_date(raw, language=language, source=DateSource.TEXT)
    assert parsed is not None
    assert (parsed.at, parsed.precision) == (datetime(2021, 3, 4, tzinfo=timezone.utc), DAY)
    assert len(find_date_expressions(f"– {raw} |")) == 1


@pytest.mark.parametrize(
    ("raw", "language", "calendar"),
    [
        ("۱۴ اسفند ۱۳۹۹", "fa", Calendar.PERSIAN),
        ("1399/12/14", "fa", Calendar.PERSIAN),
        ("14 Esfand 1399", "en", Calendar.PERSIAN),
        ("20 رجب 1442 هـ", "ar", Calendar.ISLAMIC),
        ("4 มีนาคม 2564", "th", Calendar.BUDDHIST),
        ("4 มี.ค. 64", "th", Calendar.BUDDHIST),
        ("4/3/2564", "th", Calendar.BUDDHIST),
        ("令和3年3月4日", "ja", Calendar.JAPANESE),
        ("民國110年3月4日", "zh-Hant", Calendar.ROC),
        ("4 March 2021", "fa", Calendar.GREGORIAN),
    ],
)
def test_calendars(raw: str, language: str, calendar: Calendar) -> None:
    parsed = parse_date(raw, language=language, source=DateSource.TEXT)
    assert parsed is not None
    assert (parsed.at, parsed.calendar) == (datetime(2021, 3, 4, tzinfo=timezone.utc), calendar)


def test_a_word_that_is_no_month_does_not_hide_the_date_behind_it() -> None:
    assert [text for text, _ in find_date_expressions("12 people 2020 – 3 March 2021")] == ["3 March 2021"]
    assert find_date_expressions("the 2020 season 12") == ()


def test_halves_of_the_day() -> None:
    def hour(raw: str, language: str) -> int:
        parsed = parse_date(raw, language=language, source=DateSource.TEXT)
        assert parsed is not None
        return parsed.at.hour

    assert [hour(f"4 March 2021, 2:05 {half}", "en") for half in ("pm", "PM", "p.m.", "am", "AM")] == [14, 14, 14, 2, 2]
    assert hour("2026.01.29 오후 6:40", "ko") == 18
    assert hour("2021年3月4日 下午2:05", "zh") == 14


def test_months_and_years_alone() -> None:
    assert is_month_and_year("March 2021")
    assert is_month_and_year("มีนาคม 2564")
    assert not is_month_and_year("people 2021")
    assert not is_month_and_year("3 March 2021")


@pytest.mark.parametrize("text", ["2024-01-01T25:61:00", "2024-01-01T30:00", "2024-01-01 10:00:61"])
def test_a_time_that_no_clock_shows_leaves_the_day(text: str) -> None:
    found = parse_date(text, language="en", source=DateSource.META)
    assert found is not None
    assert (found.at, found.precision) == (datetime(2024, 1, 1, tzinfo=timezone.utc), DatePrecision.DAY)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-01-01T29:30", datetime(2024, 1, 2, 5, 30, tzinfo=timezone.utc)),
        ("2024-01-01T23:59:60Z", datetime(2024, 1, 1, 23, 59, 59, tzinfo=timezone.utc)),
    ],
)
def test_late_hours_and_leap_seconds_are_times(text: str, at: datetime) -> None:
    found = parse_date(text, language="en", source=DateSource.META)
    assert found is not None
    assert found.at == at
