"""The finder of dates: golden sentences, what relative dates mean, what is no date, and that nothing makes it fail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.golden_dates import FILES, score_file, sentences
from schemas.entities import DateAnchor
from transforms.entities.tokens import tokenize
from transforms.temporal.edtf import is_edtf
from transforms.temporal.find_dates import TemporalRules, find_dates

SUNDAY = date(2020, 8, 23)
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ru", "fa", "ar", "zh", "ja", "ko", "pl", "und")
RULES = TemporalRules.load()


def values(text: str, language: str = "en", day: date | None = SUNDAY) -> list[tuple[str, str]]:
    return [(found.surface, found.value) for found in find_dates(text, language, DateAnchor(day), RULES)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("held_out", [False, True])
def test_golden_sentences(name: str, held_out: bool) -> None:
    got = score_file(name, held_out=held_out)
    assert got.marked >= 30
    assert got.right / got.marked >= (0.93 if held_out else 0.95)
    assert got.false <= 0.14 * got.marked


def test_golden_values_are_edtf() -> None:
    marked = [value for name in FILES for sentence in sentences(name) for _, _, value in sentence.spans]
    assert len(marked) >= 560
    assert [value for value in marked if not is_edtf(value)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They met on Sunday.", "2020-08-23"),
        ("They will meet on Sunday.", "2020-08-23"),
        ("They met on Monday.", "2020-08-17"),
        ("They will meet on Monday.", "2020-08-24"),
        ("He said on Monday that it will rain.", "2020-08-17"),
        ("By Monday it must be done.", "2020-08-24"),
        ("By Monday it was done.", "2020-08-17"),
        ("They left last Sunday.", "2020-08-16"),
        ("It closed on December 28.", "2019-12-28"),
        ("It will close on December 28.", "2020-12-28"),
        ("It was last week.", "2020-W33"),
        ("It was a year ago.", "2019"),
        ("It was two weeks ago.", "2020-W32"),
        ("It was three days ago.", "2020-08-20"),
    ],
)
def test_relative_dates(text: str, value: str) -> None:
    assert [found for _, found in values(text)] == [value]


def test_a_later_date_counts_from_the_one_before() -> None:
    assert values("In 1998 it fell; two years later it rose.") == [("1998", "1998"), ("two years later", "2000")]
    assert values("Two years later it rose.") == []


def test_ranges_take_the_year_of_their_end() -> None:
    assert values("from May to July 2019") == [("May to July 2019", "2019-05/2019-07")]
    assert values("from December 28 to January 3, 2020") == [
        ("December 28 to January 3, 2020", "2019-12-28/2020-01-03")
    ]
    assert values("open Monday through Thursday") == [("Monday through Thursday", "2020-08-17/2020-08-20")]
    assert values("from November to February") == [("November to February", "2019-11/2020-02")]


def test_a_date_takes_its_weekday_in() -> None:
    assert values("on Friday, August 14") == [("Friday, August 14", "2020-08-14")]
    assert values("14 Ağustos Cuma günü", "tr") == [("14 Ağustos Cuma", "2020-08-14")]


def test_days_of_a_month_near_now() -> None:
    assert values("지난달 1일 열린", "ko") == [("지난달 1일", "2020-07-01")]
    assert values("他上月10日说", "zh") == [("上月10日", "2020-07-10")]


def test_without_a_day_the_year_is_unknown_and_relative_dates_are_left() -> None:
    assert values("on August 14 and on Sunday, last week, two weeks ago", day=None) == [("August 14", "XXXX-08-14")]


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.", "The score was 3-1.", "See pages 1980-1995.", "A crowd of 2000 people came.", "Every Sunday they sing.",
        "The Sunday Ledger wrote it.", "It has version 2.0.1 and costs 1,500.", "In 2000 homes it was dark.", "on February 31",
        "in 2999", "The year 1120 soldiers", "Call 555-1990.", "the numbers 12/13/14/15",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert values(text) == []


def test_the_order_of_numeric_dates_is_the_language_s() -> None:
    assert values("on 03/04/2021", "en") == [("03/04/2021", "2021-03-04")]
    assert values("on 03/04/2021", "en-GB") == [("03/04/2021", "2021-04-03")]
    assert values("le 03/04/2021", "fr") == [("03/04/2021", "2021-04-03")]


def test_digits_and_dashes_of_other_scripts() -> None:
    assert values("در ۲۳ مرداد ۱۳۹۹ آمد", "fa") == [("۲۳ مرداد ۱۳۹۹", "2020-08-13")]
    assert values("on August 10–12", "en") == [("August 10–12", "2020-08-10/2020-08-12")]


def test_a_language_without_a_grammar_has_the_general_forms() -> None:
    assert values("den 14 augusti 2020", "sv") == [("14 augusti 2020", "2020-08-14")]
    assert values("2020-08-14", "xx") == [("2020-08-14", "2020-08-14")]


_WORDS = st.sampled_from(
    ["May", "March 3", "Sunday", "last", "week", "ago", "two", "years", "2019", "1990s", "the", "of", "-", "/", "to", "until", "30",
     "31", "February", "29", "century", "19th", "Q3", "first", "quarter", "BC", "146", "0", "9999", ",", ".", "next", "summer", "later",
     "年", "月", "日", "10", "上周", "مرداد", "۱۳۹۹", "года", "15", "années", "vor", "Jahren", "'", "90s", "weekend", "and", "between"]
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(max_size=80), st.lists(_WORDS, max_size=14).map(" ".join), st.lists(_WORDS, max_size=10).map("".join)
    ),
    st.sampled_from(LANGUAGES),
    st.one_of(st.none(), st.dates(date(1600, 1, 1), date(2400, 12, 31))),
)
def test_any_text(text: str, language: str, day: date | None) -> None:
    found = find_dates(text, language, DateAnchor(day), RULES)
    at = 0
    for each in found:
        assert at <= each.start < each.end <= len(text)
        assert each.surface == text[each.start : each.end]
        assert is_edtf(each.value), each
        at = each.end
    assert found == find_dates(text, language, DateAnchor(day), RULES, tokenize(text))
