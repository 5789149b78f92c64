"""News agencies by any of their names."""

from __future__ import annotations

import re

import pytest

from configs.toml import read_toml
from transforms.agencies import AgencyRules, agencies_in, find_agency

RULES = AgencyRules.load()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Tasnim", "Tasnim News Agency"),
        ("AP", "Associated Press"),
        ("the Associated Press", "Associated Press"),
        ("dpa", "Deutsche Presse-Agentur"),
        ("/ТАСС/", "TASS"),
        ("新华社", "Xinhua News Agency"),
        ("Mehr News Agency", "Mehr News Agency"),
        ("AFP/Reuters", "Agence France-Presse"),
        ("Example Wire", None),
        ("", None),
    ],
)
def test_find(written: str, name: str | None) -> None:
    agency = find_agency(written, RULES)
    assert (agency.name if agency else None) == name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("All Content by Mehr News Agency is licensed under a Creative Commons licence.", ["Mehr News Agency"]),
        ("-- dpa", ["dpa"]),
        ("(AFP, dpa)", ["AFP", "dpa"]),
        ("The Associated Press contributed to this report.", ["The Associated Press"]),
        ("Reuters, then Xinhua, then Reuters", ["Reuters", "Xinhua"]),
        ("NA/PA", []),
        ("(Reporting by Petra Keller; Editing by B. Jones)", []),
        ("Mehr dazu in Kürze", []),
    ],
)
def test_in_text(text: str, written: list[str]) -> None:
    assert [agency.as_written for agency in agencies_in(text, RULES)] == written


def test_the_list_is_whole() -> None:
    entries = read_toml("agencies.toml")["agency"]
    assert isinstance(entries, list)
    names = [entry["name"] for entry in entries]
    assert len(names) == len(set(names)) >= 80
    assert all(re.fullmatch(r"[A-Z]{2}", entry["country"]) for entry in entries)
    assert all(re.fullmatch(r"Q\d+", entry.get("wikidata", "Q1")) for entry in entries)
