"""The nearest name, or none."""

from __future__ import annotations

from pipeline.nearest import did_you_mean, nearest

KEYS = ("max_ratio", "max_record_bytes", "quotes")


def test_the_nearest_is_found_whatever_its_case() -> None:
    assert nearest("max_ration", KEYS) == "max_ratio"
    assert nearest("QUOTE", KEYS) == "quotes"
    assert did_you_mean("max_ration", KEYS) == "; did you mean max_ratio?"


def test_nothing_is_made_up() -> None:
    assert nearest("zebra", KEYS) is None
    assert nearest("", KEYS) is None
    assert did_you_mean("zebra", KEYS) == ""


def test_a_huge_name_costs_little() -> None:
    assert nearest("x" * 1_000_000, KEYS) is None
