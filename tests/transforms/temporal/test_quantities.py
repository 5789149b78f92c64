"""Quantities and money: values, number formats, the units' own examples, any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs.toml import read_toml
from transforms.temporal.quantities import QuantityRules, find_quantities

RULES = QuantityRules.load()


def values(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(found.surface, found.value) for found in find_quantities(text, language, RULES)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It cost $1.5 billion.", [("$1.5 billion", "1500000000 USD")]),
        ("en", "up 20 percent", [("20 percent", "20 percent")]),
        ("en", "a 5-mile run of 5 km", [("5-mile", "5 mi"), ("5 km", "5 km")]),
        ("en", "£20,000 or US$3m", [("£20,000", "20000 GBP"), ("US$3m", "3000000 USD")]),
        ("en", "1,234.5 tonnes", [("1,234.5 tonnes", "1234.5 t")]),
        ("en", "4.5 percentage points", [("4.5 percentage points", "4.5 percentage points")]),
        ("en", "at 70 km/h in version 1.2.3", []),
        ("de", "1.234,5 Tonnen für 2,5 Milliarden Euro", [("1.234,5 Tonnen", "1234.5 t"), ("2,5 Milliarden Euro", "2500000000 EUR")]),
        ("fr", "3 milliards d'euros", [("3 milliards d'euros", "3000000000 EUR")]),
        ("ru", "20 млрд рублей", [("20 млрд рублей", "20000000000 RUB")]),
    ],
)  # fmt: skip
def test_values(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text, language) == expected


def _units() -> list[Any]:
    table: Any = read_toml("temporal/quantities.toml")
    return list(table["unit"])


@pytest.mark.parametrize("unit", _units(), ids=lambda unit: unit["name"])
def test_a_unit_and_its_examples(unit: dict[str, str]) -> None:
    def named(text: str) -> bool:
        return any(value.split(" ", 1)[1] == unit["name"] for _, value in values(text))

    assert named(unit["example"])
    assert not named(unit["counterexample"])


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.text(alphabet="0123456789.,' $€%-kmbnilo\u00a0d", max_size=40), st.sampled_from(["en", "de", "fr", "ru", "und"])
)
def test_any_text(text: str, language: str) -> None:
    at = 0
    for found in find_quantities(text, language, RULES):
        assert at <= found.start < found.end <= len(text)
        assert found.surface == text[found.start : found.end]
        assert float(found.value.split(" ")[0]) >= 0
        at = found.end
