"""Datelines and their countries."""

from __future__ import annotations

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


def test_gazetteer_is_large() -> None:
    assert len(RULES.countries) > 800
    assert len(set(RULES.countries.values())) > 180


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_answered(paragraph: str) -> None:
    found = find_dateline(paragraph, RULES)
    assert found is None or (0 < found[1] < len(paragraph) and paragraph.lstrip().startswith(found[0].text))
