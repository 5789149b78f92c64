"""Datelines and their countries."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dateline import DatelineRules, dateline_country, find_dateline

RULES = DatelineRules.load()


@pytest.mark.parametrize(
    ("opening", "place", "agency", "date"),
    [
        ("TEHRAN (Tasnim) – ", "TEHRAN", "Tasnim", None),
        ("MOSCOW – ", "MOSCOW", None, None),
        ("TEHRAN\u00a0–\u00a0", "TEHRAN", None, None),
        ("WASHINGTON (AP) — ", "WASHINGTON", "AP", None),
        ("LONDON, March 3 (Reuters) - ", "LONDON", "Reuters", "March 3"),
        ("NEW YORK - ", "NEW YORK", None, None),
        ("PARIS, France (AFP) – ", "PARIS, France", "AFP", None),
        ("BEIJING, Aug. 24 (Xinhua) -- ", "BEIJING", "Xinhua", "Aug. 24"),
        ("Berlin (dpa) - ", "Berlin", "dpa", None),
        ("МОСКВА, 3 марта. /ТАСС/. ", "МОСКВА", "ТАСС", "3 марта"),
        ("(Reuters) - ", "", "Reuters", None),
        ("KYIV/MOSCOW (Reuters) - ", "KYIV/MOSCOW", "Reuters", None),
        ("ST. PETERSBURG, Fla. (AP) — ", "ST. PETERSBURG, Fla.", "AP", None),
        ("By Tom Okafor, LONDON — ", "LONDON", None, None),
        ("ISLAMABAD: ", "ISLAMABAD", None, None),
        ("QUSRA, West Bank (AP) — ", "QUSRA, West Bank", "AP", None),
        ("تهران – ", "تهران", None, None),
        ("عمّان – ", "عمّان", None, None),  # with a vowel sign, as Arabic texts may write it
        ("بيروت (رويترز) - ", "بيروت", "رويترز", None),
        ("موسكو - تاس: ", "موسكو", "تاس", None),
        ("March 3 (Reuters) - ", "", "Reuters", "March 3"),
        ("New Delhi, Mar 3 (PTI) ", "New Delhi", "PTI", "Mar 3"),
        ("Nairobi — ", "Nairobi", None, None),
        ("Washington, DC – ", "Washington, DC", None, None),
        ("Baghdad (Example.com) – ", "Baghdad", "Example.com", None),
        ("Paris, France | AFP | ", "Paris, France", "AFP", None),
        ("ABUJA, Nigeria, March 3, 2022/Example Group/ -- ", "ABUJA, Nigeria", "Example Group", "March 3, 2022"),
        ("新华社北京3月3日电 ", "北京", "新华社", "3月3日"),
        ("新华社北京3月3日电（记者李明）", "北京", "新华社", "3月3日"),
        ("中新网上海3月3日电 (记者 李明) ", "上海", "中新网", "3月3日"),
        ("中新社3月3日电 ", "", "中新社", None),
        ("本报东京3月3日讯 ", "东京", None, "3月3日"),
        ("本报讯（记者李明）", "", None, None),
        ("【ロイター】", "", "ロイター", None),
        ("[東京 3日 ロイター] - ", "東京", "ロイター", "3日"),
        ("(서울=연합뉴스) 김민수 기자 = ", "서울", "연합뉴스", None),
    ],
)
def test_datelines(opening: str, place: str, agency: str | None, date: str | None) -> None:
    paragraph = opening + "The talks resumed on Sunday."
    found = find_dateline(paragraph, RULES)
    assert found is not None
    dateline, end = found
    assert (dateline.place, dateline.agency, dateline.date) == (place, agency, date)
    assert paragraph[end:] == "The talks resumed on Sunday."
    assert dateline.text == opening.strip()


@pytest.mark.parametrize(
    "paragraph",
    [
        "WATCH – the moment the bridge fell",
        "BREAKING – The bridge is closed",
        "OPINION: Why the bridge fell",
        "UPDATE 2 - The bank raises rates",
        "Paris – the city of light – was dark.",
        "AI - the next wave",
        "NATO – The alliance met.",
        "Moscow: a city of rings",
        "Paris - Old and New - is a book by Example.",
        "Paris - the city of light",
        "MOSCOW (Reuters) reported nothing new.",
        "London - Example Ltd - has been sold.",
        "Harbour | Ferries | Talks resumed",
        "【独家】茶馆开业",
        "(주)예시=회사",
        "网络社会电话普及",
        "社会各界讯息很多",
        "Baghdad (beta) – Train a model.",
        "APPLE – the firm said",
        "Custom Voice (beta) – Train a model.",
        "MOSCOW –",
        "MOSCOW",
        "",
    ],
)
def test_no_datelines(paragraph: str) -> None:
    assert find_dateline(paragraph, RULES) is None


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("TEHRAN", "IR"),
        ("KYIV/MOSCOW", "UA"),
        ("ST. PETERSBURG", "RU"),
        ("ST. PETERSBURG, Fla.", "US"),
        ("PARIS, France", "FR"),
        ("São Paulo", "BR"),
        ("МОСКВА", "RU"),
        ("NOWHERE", None),
        ("", None),
    ],
)
def test_country(place: str, country: str | None) -> None:
    assert dateline_country(place, RULES) == country


def test_a_dateline_without_place_has_no_country() -> None:
    assert dateline_country("عَمّان", RULES) == "JO"
    assert dateline_country("北京", RULES) == "CN"
    assert dateline_country("", RULES) is None


def test_hostile_openings_are_answered_fast() -> None:
    started = time.process_time()
    for part in ("A", "A.", "A-", "A ", "A, ", "A' ", "(A", "A/", "北", "3日", "A - ", "ـً"):
        find_dateline(part * 4000 + "x", RULES)
    assert time.process_time() - started < 1


def test_gazetteer_is_large() -> None:
    assert len(RULES.countries) > 800
    assert len(set(RULES.countries.values())) > 180


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_answered(paragraph: str) -> None:
    found = find_dateline(paragraph, RULES)
    assert found is None or (0 < found[1] < len(paragraph) and paragraph.lstrip().startswith(found[0].text))
