"""Datelines in many languages, and openings that only look like one: tests/transforms/dateline_cases.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from configs.toml import parse_toml
from transforms.dateline import dateline_country, find_dateline

_GROUPS: Any = parse_toml((Path(__file__).parent / "dateline_cases.toml").read_text(encoding="utf-8"))["group"]
_CASES = [(case, group["after"]) for group in _GROUPS for case in group["datelines"]]
_NONE = [opening for group in _GROUPS for opening in group["no_datelines"]]


@pytest.mark.parametrize(("case", "after"), _CASES, ids=[case[0] for case, _ in _CASES])
def test_dateline(case: list[str], after: str) -> None:
    opening, place, agency, date, country = case
    found = find_dateline(opening + after)
    assert found is not None
    dateline, end = found
    assert (dateline.place, dateline.agency or "", dateline.date or "") == (place, agency, date)
    assert dateline_country(place) == (country or None)
    assert (opening + after)[end:] == after
    assert dateline.text == opening.strip()


@pytest.mark.parametrize("opening", _NONE)
def test_no_dateline(opening: str) -> None:
    assert find_dateline(opening) is None


def test_there_are_enough_cases() -> None:
    assert len(_CASES) >= 150
    assert len(_NONE) >= 100
