"""Short names, legal forms and nicknames: what an article's own words add to the names in it."""

from __future__ import annotations

import pytest

from schemas.entities import Entity, EntityType, FoundName, MentionMethod
from transforms.entities.company_forms import with_company_forms
from transforms.entities.link_rules import LinkRules
from transforms.entities.links import link_names
from transforms.entities.local_id import local_id
from transforms.entities.nicknames import with_nicknames
from transforms.entities.tokens import tokenize

PERSON, ORGANIZATION, PLACE = EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE
UNITED = Entity("Q1", "Fenwick United", ORGANIZATION)
HARROW = Entity("Q2", "Harrow", PLACE)


def chunk(text: str, surface: str, kind: EntityType, nth: int = 0) -> FoundName:
    """The nth `surface` of `text` as an unknown name."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return FoundName(start, start + len(surface), surface, kind, MentionMethod.CHUNK)


def alias(text: str, surface: str, entity: Entity, nth: int = 0) -> FoundName:
    """The nth `surface` of `text` as the name of a listed entity."""
    return chunk(text, surface, entity.type, nth)._replace(method=MentionMethod.ALIAS, entity=entity)


def ids(text: str, *names: FoundName) -> list[tuple[str, str]]:
    """(surface, entity id or "-") of the linked names."""
    return [(name.surface, name.entity.id if name.entity else "-") for name in link_names(names, tokenize(text), "en")]


def test_the_last_word_of_a_club() -> None:
    text = "Fenwick United won. United play on Sunday."
    assert ids(text, alias(text, "Fenwick United", UNITED), chunk(text, "United", ORGANIZATION, 1)) == [
        ("Fenwick United", "Q1"),
        ("United", "Q1"),
    ]


def test_two_clubs_with_one_last_word_are_not_chosen_between() -> None:
    text = "Fenwick United met Harrow United. United won."
    names = [alias(text, "Fenwick United", UNITED), chunk(text, "Harrow United", ORGANIZATION)]
    assert ids(text, *names, chunk(text, "United", ORGANIZATION, 2))[-1] == ("United", "local:united")


@pytest.mark.parametrize(
    ("full", "identity"), [("Elswick Oil", "local:elswick-oil"), ("Elswick Road School", "local:elswick")]
)
def test_a_company_is_called_by_a_word_that_looks_like_a_place_and_a_school_is_not(full: str, identity: str) -> None:
    text = f"{full} opened. Later Elswick grew."
    found = ids(text, chunk(text, full, ORGANIZATION), chunk(text, "Elswick", PLACE, 1))
    assert found[-1] == ("Elswick", identity)


def test_words_that_many_organisations_begin_with_mean_none() -> None:
    text = "National Elswick Society met. National spoke."
    names = [chunk(text, "National Elswick Society", ORGANIZATION), chunk(text, "National", ORGANIZATION, 1)]
    assert ids(text, *names)[-1] == ("National", "local:national")


@pytest.mark.parametrize(
    ("text", "surface", "kind", "whole"),
    [
        ("Elswick, Inc. said", "Elswick", PLACE, "Elswick, Inc."),
        ("Elswick Corp said", "Elswick", ORGANIZATION, "Elswick Corp"),
        ("Ann Roe Jr. said", "Ann Roe Jr", PERSON, "Ann Roe Jr."),
        ("Elswick, Co Durham", "Elswick", PLACE, "Elswick"),
        ("Elswick inc said", "Elswick", PLACE, "Elswick"),
    ],
)
def test_a_legal_form_belongs_to_the_name(text: str, surface: str, kind: EntityType, whole: str) -> None:
    (name,) = with_company_forms([chunk(text, surface, kind)], tokenize(text), LinkRules.load())
    assert name.surface == whole == text[name.start : name.end]
    assert (name.type is ORGANIZATION) == ("nc." in whole or "Corp" in whole)


def test_a_listed_place_before_a_form_stays_a_place() -> None:
    text = "Harrow, Inc"
    name = alias(text, "Harrow", HARROW)
    assert with_company_forms([name], tokenize(text), LinkRules.load()) == [name]


def test_a_nickname_stands_inside_a_person_s_name() -> None:
    text = 'Ann "Red" Roe left. Roe returned.'
    names = [chunk(text, "Ann", PERSON), chunk(text, "Red", ORGANIZATION), chunk(text, "Roe", PERSON)]
    joined = with_nicknames(names, tokenize(text))
    assert [(name.surface, name.entity and name.entity.name) for name in joined] == [('Ann "Red" Roe', "Ann Roe")]
    assert ids(text, *names)[-1] == ("Roe", local_id("Ann Roe"))


def test_two_persons_with_a_quotation_between_them_are_two() -> None:
    text = 'Ann Roe "met the whole of the council of" Tom Marsh.'
    names = [chunk(text, "Ann Roe", PERSON), chunk(text, "Tom Marsh", PERSON)]
    assert with_nicknames(names, tokenize(text)) == names


@pytest.mark.parametrize(
    ("rest", "identity"),
    [
        ("Harrow said so.", local_id("Ann Harrow")),
        ("She lives in Harrow now.", "Q2"),
        ("The Harrow show opened.", "Q2"),
        ("Harrow, Elswick, is far.", "Q2"),
    ],
)
def test_a_town_that_is_a_person_s_surname(rest: str, identity: str) -> None:
    text = f"Ann Harrow came. {rest}"
    assert ids(text, chunk(text, "Ann Harrow", PERSON), alias(text, "Harrow", HARROW, 1))[-1] == ("Harrow", identity)


def test_a_country_is_no_surname() -> None:
    land = HARROW._replace(iso_code="HA")
    text = "Ann Harrow came. Harrow said so."
    assert ids(text, chunk(text, "Ann Harrow", PERSON), alias(text, "Harrow", land, 1))[-1] == ("Harrow", "Q2")
