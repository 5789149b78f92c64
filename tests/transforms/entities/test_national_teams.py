"""The team of a country and the country: reports of matches, and all other texts."""

from __future__ import annotations

import pytest

from configs.toml import read_toml
from schemas.entities import AliasKind, Entity, EntityType, FoundName, MentionMethod
from transforms.entities.national_teams import with_national_teams
from transforms.entities.tokens import tokenize

VALLEYLAND = Entity("Q1", "Valleyland", EntityType.PLACE, "Q1", "VL")
REPORT = "The coach named his squad for the tournament. The captain was a midfielder. "


def teams(text: str, language: str = "en") -> list[str]:
    """What "Valleyland" is at each of its places."""
    names = []
    start = text.find("Valleyland")
    while start >= 0:
        names.append(
            FoundName(
                start, start + 10, "Valleyland", EntityType.PLACE, MentionMethod.ALIAS, AliasKind.NAME, VALLEYLAND
            )
        )
        start = text.find("Valleyland", start + 1)
    return [str(name.entity and name.entity.id) for name in with_national_teams(names, tokenize(text), language)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Valleyland beat Hillonia.", ["local:valleyland-national-team"]),
        ("They lost to Valleyland 2-1.", ["local:valleyland-national-team"]),
        ("A win over Valleyland. Valleyland have hope.", ["local:valleyland-national-team"] * 2),
        ("A match against the Valleyland of old, in Valleyland.", ["local:valleyland-national-team", "Q1"]),
        ("Valleyland's Ann Roe plays against Valleyland.", ["Q1", "local:valleyland-national-team"]),
        ("He lives in Valleyland.", ["Q1"]),
        ("Valleyland is a country.", ["Q1"]),
    ],
)
def test_a_word_beside_the_name_makes_the_team(text: str, ids: list[str]) -> None:
    assert teams(REPORT + text) == ids


def test_without_a_report_of_a_match_the_country_is_meant() -> None:
    assert teams("Sanctions against Valleyland were lifted. Valleyland won the case.") == ["Q1", "Q1"]
    assert teams(REPORT + "Valleyland beat Hillonia.", "xx") == ["Q1"]


def test_the_rules_own_examples() -> None:
    table = read_toml("mentions.toml")["national_teams"]
    assert isinstance(table, dict)
    for language, words in table.items():
        if isinstance(words, dict):
            report = " ".join(words["report"][:4])
            assert teams(f"{report}: {words['before'][0]} Valleyland", language) == ["local:valleyland-national-team"]
            assert teams(f"{report}: {words['place'][0]} Valleyland", language) == ["Q1"]
