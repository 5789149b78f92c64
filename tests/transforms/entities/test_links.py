"""What one article's names mean: acronyms, surnames, variants, offices, metonyms, overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import AliasKind, Entity, EntityType, FoundName, MentionMethod
from transforms.entities.links import link_names
from transforms.entities.local_id import local_id
from transforms.entities.name_key import name_key
from transforms.entities.tokens import tokenize

PERSON, ORGANIZATION, PLACE = EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE
HARBOURTOWN = Entity("local:harbourtown", "Harbourtown", PLACE)
VALLEYLAND = Entity("local:valleyland", "Valleyland", PLACE, None, "VL")
KNOWN = Entity("Q1", "Sergei Shoigu", PERSON)


class Store:
    """Knows the persons given, and the government that a capital's name stands for."""

    def __init__(self, persons: tuple[Entity, ...] = (), metonyms: Mapping[str, Entity] | None = None) -> None:
        self.persons = persons
        self.metonyms = metonyms or {}

    def by_name_key(self, key: str, /) -> tuple[Entity, ...]:
        return tuple(entity for entity in self.persons if name_key(entity.name) == key)

    def metonym(self, name: str, /) -> Entity | None:
        return self.metonyms.get(name)


def found(
    text: str, surface: str, what: EntityType | Entity, nth: int = 0, kind: AliasKind = AliasKind.NAME
) -> FoundName:
    """The nth `surface` in `text`, as an alias of an entity or as a chunk of a type."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    if isinstance(what, Entity):
        return FoundName(start, start + len(surface), surface, what.type, MentionMethod.ALIAS, kind, what)
    return FoundName(start, start + len(surface), surface, what, MentionMethod.CHUNK)


def linked(
    text: str, *names: FoundName, language: str = "en", store: Store | None = None
) -> list[tuple[str, str, str]]:
    """(surface, method, entity id or "-") of each name."""
    return [
        (name.surface, name.method.value, name.entity.id if name.entity else "-")
        for name in link_names(names, tokenize(text), language, store)
    ]


def test_a_surname_is_the_one_who_bears_it() -> None:
    text = "Amir Hatami spoke. Hatami left. Mr Hatami's car stayed."
    assert linked(text, found(text, "Amir Hatami", PERSON), found(text, "Hatami", PERSON, 2)) == [
        ("Amir Hatami", "chunk", "local:amir-hatami"),
        ("Hatami", "surname", "local:amir-hatami"),
        ("Hatami", "surname", "local:amir-hatami"),
    ]


def test_a_surname_of_two_is_nobody_s() -> None:
    text = "Ann Roe met Tom Roe. Later Roe left."
    names = [found(text, "Ann Roe", PERSON), found(text, "Tom Roe", PERSON), found(text, "Roe", PERSON, 2)]
    assert linked(text, *names)[-1] == ("Roe", "chunk", "-")


def test_a_surname_of_two_words() -> None:
    text = "Hossein Amir Abdollahian came. Amir Abdollahian spoke, and Abdollahian left."
    names = [found(text, "Hossein Amir Abdollahian", PERSON), found(text, "Amir Abdollahian", PERSON, 1)]
    assert {identity for _, _, identity in linked(text, *names)} == {local_id("Hossein Amir Abdollahian")}
    assert len(linked(text, *names)) == 3


def test_a_surname_of_a_person_of_a_list() -> None:
    text = "Sergei Shoigu came. Then Shoigu left."
    assert linked(text, found(text, "Sergei Shoigu", KNOWN), found(text, "Shoigu", PERSON, 1)) == [
        ("Sergei Shoigu", "alias", "Q1"),
        ("Shoigu", "surname", "Q1"),
    ]


@pytest.mark.parametrize("name", ["Sergey Shoygu", "Sergej Schoigu"])
def test_a_variant_in_the_article_or_in_the_store(name: str) -> None:
    text = f"{name} came."
    assert linked(text, found(text, name, PERSON), store=Store((KNOWN,))) == [(name, "variant", "Q1")]
    text = f"Sergei Shoigu came. {name} left."
    assert linked(text, found(text, "Sergei Shoigu", KNOWN), found(text, name, PERSON))[-1] == (name, "variant", "Q1")


def test_two_known_persons_of_one_spelling_are_not_chosen_between() -> None:
    text = "Sergey Shoygu came."
    store = Store((KNOWN, Entity("Q2", "Sergey Shoigu", PERSON)))
    assert linked(text, found(text, "Sergey Shoygu", PERSON), store=store) == [
        ("Sergey Shoygu", "chunk", "local:sergei-shoigu")
    ]


def test_family_names_that_come_first() -> None:
    text = "Kim Jong-un spoke to Xi Jinping. Kim left. Then Xi left. Jong-un stayed."
    names = [found(text, "Kim Jong-un", PERSON), found(text, "Xi Jinping", PERSON)]
    rows = linked(text, *names, found(text, "Kim", PERSON, 1), found(text, "Xi", PERSON, 1))
    assert ("Kim", "surname", "local:kim-jong-un") in rows
    assert ("Xi", "surname", "local:xi-jinping") in rows


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Ann Young came. Young people cheered.", "Young"),
        ("Ann Roe came. Later Jane Roe left.", "Roe"),
        ("Ann Trump came. Then the Trump Tower opened.", "Trump"),
    ],
)
def test_words_that_are_no_surname_here(text: str, missing: str) -> None:
    full = " ".join(text.split()[:2])
    assert [surface for surface, _, _ in linked(text, found(text, full, PERSON))].count(missing) == 0


def test_a_title_makes_a_place_a_person() -> None:
    text = "Tom Valleyland came to Valleyland. Mr Valleyland left."
    names = [found(text, "Tom Valleyland", PERSON), *(found(text, "Valleyland", VALLEYLAND, nth) for nth in (1, 2))]
    assert [identity for _, _, identity in linked(text, *names)] == [
        local_id("Tom Valleyland"),
        "local:valleyland",
        local_id("Tom Valleyland"),
    ]


def test_titles_are_no_part_of_a_name() -> None:
    text = "Secretary of State Ann Roe and President Tom Marsh met."
    names = [found(text, "Secretary of State Ann Roe", PERSON), found(text, "President Tom Marsh", PERSON)]
    assert [surface for surface, _, _ in linked(text, *names)] == ["Ann Roe", "Tom Marsh"]


def test_a_person_behind_the_place_of_an_office() -> None:
    text = "The ambassador to Valleyland Ann Roe spoke. A Valleyland Ann Roe Trust closed."
    names = [found(text, "Valleyland", VALLEYLAND, nth) for nth in (0, 1)]
    names += [found(text, "Valleyland Ann Roe", ORGANIZATION), found(text, "Valleyland Ann Roe Trust", ORGANIZATION)]
    assert [surface for surface, _, _ in linked(text, *names)] == ["Valleyland", "Ann Roe", "Valleyland Ann Roe Trust"]


def test_inflected_surnames() -> None:
    text = "Иван Лавров приехал. Слова Лаврова услышали."
    assert linked(text, found(text, "Иван Лавров", PERSON), language="ru")[-1] == (
        "Лаврова",
        "surname",
        local_id("Иван Лавров"),
    )
    text = "Встретили Сергея Шойгу и Марию Лаврову. Пришла Мария Лаврова."
    names = [found(text, surface, PERSON) for surface in ("Сергея Шойгу", "Мария Лаврова", "Марию Лаврову")]
    assert [identity for _, _, identity in linked(text, *names, language="ru", store=Store((KNOWN,)))] == [
        "Q1",
        local_id("Мария Лаврова"),
        local_id("Мария Лаврова"),
    ]
    text = "Anna Keller kam. Kellers Rede war kurz."
    assert linked(text, found(text, "Anna Keller", PERSON), language="de")[-1][0] == "Kellers"


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Trade Board (HTB) met. Later the HTB left.",
        "The HTB (Harbour Trade Board) met. Later the HTB left.",
    ],
)
def test_an_acronym_is_what_the_article_says(text: str) -> None:
    other = Entity("Q9", "Home Team Bureau", ORGANIZATION)
    aliases = [found(text, "HTB", other, nth, AliasKind.ACRONYM) for nth in (0, 1)]
    rows = linked(text, found(text, "Harbour Trade Board", ORGANIZATION), *aliases)
    assert {identity for _, _, identity in rows} == {"local:harbour-trade-board"}
    assert [method for surface, method, _ in rows if surface == "HTB"] == ["acronym", "acronym"]


def test_a_definition_in_other_words_keeps_the_known_entity() -> None:
    known = Entity("Q9", "International Atomic Energy Agency", ORGANIZATION)
    text = "Die Internationale Atomenergie-Organisation (IAEO) warnt. Die IAEO kam."
    rows = linked(text, found(text, "IAEO", known), found(text, "IAEO", known, 1), language="de")
    assert {identity for _, _, identity in rows} == {"Q9"}


def test_an_acronym_of_a_term_is_no_name() -> None:
    known = Entity("Q9", "Inner Party", ORGANIZATION)
    text = "Laws on intellectual property (IP) are old. An IP law is new."
    assert linked(text, found(text, "IP", known), found(text, "IP", known, 1)) == []


def test_an_agreement_that_is_defined() -> None:
    text = "The Joint Plan of Action (JPA) ended."
    names = link_names([], tokenize(text), "en")
    assert [(name.surface, name.type) for name in names] == [
        ("Joint Plan of Action", EntityType.AGREEMENT),
        ("JPA", EntityType.AGREEMENT),
    ]


@pytest.mark.parametrize(
    ("text", "surface", "identity"),
    [
        ("The Roe administration left.", "Roe administration", "local:roe-administration"),
        ("A Roe-era rule ended.", "Roe-era", "local:roe-era"),
        ("The Roe government left.", "Roe government", "local:roe-government"),
        ("Roe's administration left.", "Roe", "local:ann-roe"),
    ],
)
def test_an_office_is_not_the_person(text: str, surface: str, identity: str) -> None:
    ann = Entity("local:ann-roe", "Ann Roe", PERSON)
    assert [(row[0], row[2]) for row in linked(text, found(text, "Roe", ann))] == [(surface, identity)]


def test_metonyms_need_a_cue() -> None:
    store = Store(metonyms={"Harbourtown": VALLEYLAND})
    text = "Harbourtown has warned its neighbours. Officials in Harbourtown said no. They saw Harbourtown."
    names = link_names([found(text, "Harbourtown", HARBOURTOWN, nth) for nth in range(3)], tokenize(text), "en", store)
    assert [name.kind for name in names] == [AliasKind.METONYM, AliasKind.NAME, AliasKind.NAME]
    assert [name.entity for name in names] == [VALLEYLAND, HARBOURTOWN, HARBOURTOWN]


def test_demonyms_are_groups() -> None:
    text = "Valleylanders cheered."
    (name,) = link_names([found(text, "Valleylanders", VALLEYLAND, 0, AliasKind.DEMONYM)], tokenize(text), "en")
    assert name.type is EntityType.GROUP


def test_the_longest_name_stays() -> None:
    text = "The Bank of Valleyland Holding paid."
    names = [found(text, "Bank of Valleyland Holding", ORGANIZATION), found(text, "Valleyland", VALLEYLAND)]
    assert linked(text, *names) == [("Bank of Valleyland Holding", "chunk", "local:bank-of-valleyland-holding")]


def test_single_unknown_names() -> None:
    text = "Roe met Harborex."
    assert linked(text, found(text, "Roe", PERSON), found(text, "Harborex", ORGANIZATION)) == [
        ("Roe", "chunk", "-"),
        ("Harborex", "chunk", "local:harborex"),
    ]


WORDS = st.sampled_from(
    [
        "Ann",
        "Tom",
        "Roe",
        "Marsh",
        "Board",
        "(AB)",
        "Joint",
        "(JPB)",
        "Plan",
        "administration",
        "said",
        "Kim",
        "Jong-un",
        ".",
        ",",
        "in",
        "AB\n",
        "Лавров",
    ]
)


@given(st.lists(WORDS, max_size=25), st.randoms(use_true_random=False), st.sampled_from(["en", "de", "ru", "es"]))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_text(words: list[str], random, language: str) -> None:  # type: ignore[no-untyped-def]
    """Whatever is found, the names are in order, apart, and where they say; the order of what is found doesn't matter."""
    text = " ".join(words)
    tokens = tokenize(text)
    names = []
    for place in range(len(tokens.words)):
        if random.random() < 0.5:
            last = min(place + random.randrange(3), len(tokens.words) - 1)
            start, end = tokens.starts[place], tokens.ends[last]
            what = random.choice([PERSON, PLACE, ORGANIZATION])
            entity = random.choice([None, None, KNOWN if what is PERSON else None])
            method = MentionMethod.ALIAS if entity else MentionMethod.CHUNK
            names.append(FoundName(start, end, text[start:end], what, method, AliasKind.NAME, entity))
    rows = link_names(names, tokens, language, Store((KNOWN,)))
    assert all(text[row.start : row.end] == row.surface for row in rows)
    assert all(one.end <= other.start for one, other in pairwise(rows))
    assert link_names(names[::-1], tokens, language, Store((KNOWN,))) == rows


def test_a_town_s_name_is_a_surname_throughout() -> None:
    elswick = Entity("Q7", "Elswick", PLACE, "Q7")
    text = 'Jo Elswick spoke. "No," said Elswick, who left. Elswick stayed calm. The advice of Elswick helped.'
    names = [found(text, "Jo Elswick", PERSON), *(found(text, "Elswick", elswick, nth) for nth in (1, 2, 3))]
    assert [entity for _, _, entity in linked(text, *names)] == ["local:jo-elswick"] * 4
    text = 'Jo Elswick spoke. "No," said Elswick, who left for Elswick, Texas, and lives in Elswick.'
    names = [found(text, "Jo Elswick", PERSON), *(found(text, "Elswick", elswick, nth) for nth in (1, 2, 3))]
    assert [entity for _, _, entity in linked(text, *names)][1:] == ["local:jo-elswick", "Q7", "Q7"]
