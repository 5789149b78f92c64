"""Tests of transforms.metadata.date_rules: months, orders and confidences."""

from __future__ import annotations

from schemas.codes import DateSource
from transforms.metadata.date_rules import DateRules

RULES = DateRules.load()


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
    assert all(0 <= share <= 1 for share in (*RULES.places.values(), *RULES.agreement.values()))
