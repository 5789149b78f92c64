"""Tests of transforms.metadata.date_rules: zones, months and orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.codes import DateSource
from transforms.metadata.date_rules import DateRules

RULES = DateRules.load()


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        (None, 0),
        ("Z", 0),
        ("+01:00", 1),
        ("-0530", -5.5),
        ("GMT+2", 2),
        ("UTC -03:00", -3),
        ("EST", -5),
        ("cest", 2),
        ("XYZ", 0),
        ("−05:00", -5),
    ],
)
def test_offsets(zone: str | None, hours: float) -> None:
    assert RULES.offset(zone) == timedelta(hours=hours)


def test_months() -> None:
    assert [RULES.month(name) for name in ("Sept.", "sep", "MAY", "December", "mayor", "octob")] == [
        9,
        9,
        5,
        12,
        None,
        None,
    ]


def test_order_of_numeric_dates() -> None:
    assert RULES.is_month_first("en-US")
    assert RULES.is_month_first("en")
    assert not RULES.is_month_first("en-GB")
    assert not RULES.is_month_first("de")


def test_every_source_has_a_confidence() -> None:
    assert set(RULES.confidence) == {source.value for source in DateSource}
    assert all(0 <= share <= 1 for share in (*RULES.confidence.values(), *RULES.certainty.values()))
