"""News agencies by any of their names."""

from __future__ import annotations

import re

import pytest

from configs.toml import read_toml
from transforms.agencies import AgencyRules, agencies_in, find_agency
from transforms.fold import fold_line

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
        ("Jane Roe, AP", ["AP"]),
        ("By JANE ROE, Associated Press", ["Associated Press"]),
        ("Jane Roe and AFP", ["AFP"]),
        ("JANE ROE / AP", ["AP"]),
        ("Jane Roe | AP and AFP", ["AP", "AFP"]),
        ("Photo: AP", ["AP"]),
        ("AFP via Example Images", ["AFP"]),
        ("With input from agencies (PTI, ANI)", ["PTI", "ANI"]),
        ("sda/dpa", ["sda", "dpa"]),
        ("Quelle: dpa", ["dpa"]),
        ("© 2021 AP", ["AP"]),
        ("© AFP/AP", ["AFP", "AP"]),
        ("Copyright 2021 AP.", ["AP"]),
        ("© 2021 Example Media, Lancaster, PA", []),
        ("(c) 2021 The Associated Press. All rights reserved.", ["The Associated Press"]),
        ("PRNewswire", ["PRNewswire"]),
        ("Фото: РИА Новости", ["РИА Новости"]),
        ("(연합뉴스)", ["연합뉴스"]),
        ("來源：中央社", ["中央社"]),
        ("AA Battery sales rose", []),
        ("Nova Scotia and Petra Keller", []),
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
    ids = [entry["wikidata"] for entry in entries if "wikidata" in entry]
    assert all(re.fullmatch(r"Q\d+", each) for each in ids)
    assert len(ids) == len(set(ids))


def test_no_name_means_two_agencies() -> None:
    entries = read_toml("agencies.toml")["agency"]
    assert isinstance(entries, list)
    by_name: dict[str, str] = {}
    for entry in entries:
        for name in (entry["name"], *entry["aliases"], *entry.get("marked", ())):
            assert by_name.setdefault(fold_line(name), entry["name"]) == entry["name"], name
