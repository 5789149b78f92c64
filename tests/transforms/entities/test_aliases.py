"""Names found by aliases: the longest that is written as it must be, and the entity that the article means."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.build import store_folder
from schemas.entities import AliasKind, EntityType, FoundName, MentionMethod
from schemas.errors import UsageError
from transforms.entities.alias_file import parse_alias_file
from transforms.entities.aliases import find_aliases
from transforms.entities.compile import compile_store, write_store
from transforms.entities.store import AliasStore
from transforms.entities.store_format import FILES, MANIFEST
from transforms.entities.tokens import tokenize

PLACES: list[dict[str, Any]] = [
    {"id": "Q794", "type": "place", "name": "Iran", "iso": "IR", "names": {"*": ["Iran"], "fa": ["ایران"], "ar": ["إيران"], "he": ["איראן"], "ko": ["이란"], "ru": ["Иран"]}, "demonyms": {"en": ["Iranian", "Iranians"]}, "metonyms": {"*": ["Tehran"]}},
    {"id": "Q3616", "type": "place", "name": "Tehran", "names": {"*": ["Tehran"]}},
    {"id": "Q30", "type": "place", "name": "United States", "names": {"*": ["United States", "the United States"]}, "acronyms": {"*": ["US", "USA"]}},
    {"id": "Q61", "type": "place", "name": "Washington, D.C.", "names": {"*": ["Washington", "Washington, D.C."]}},
    {"id": "Q757", "type": "place", "name": "Saint Vincent and the Grenadines", "names": {"*": ["Saint Vincent and the Grenadines"]}},
    {"id": "Q810", "type": "place", "name": "Jordan", "names": {"*": ["Jordan"]}},
    {"id": "Q230", "type": "place", "name": "Georgia", "names": {"*": ["Georgia"]}, "prior": 9},
    {"id": "Q1428", "type": "place", "name": "Georgia (state)", "names": {"*": ["Georgia"]}, "context": ["Atlanta", "Joe Biden"]},
    {"id": "Q17", "type": "place", "name": "Japan", "names": {"zh": ["日本"], "*": ["Japan"]}},
    {"id": "Q21", "type": "place", "name": "Sana'a", "names": {"*": ["Sana'a"]}},
    {"id": "Q33", "type": "place", "name": "St. Louis", "names": {"*": ["St. Louis"]}},
]  # fmt: skip
BODIES: list[dict[str, Any]] = [
    {"id": "Q1065", "type": "organization", "name": "United Nations", "names": {"*": ["United Nations"]}, "acronyms": {"*": ["UN"], "fr": ["ONU"]}},
    {"id": "Q37470", "type": "organization", "name": "UN Security Council", "names": {"*": ["UN Security Council", "United Nations Security Council"]}, "acronyms": {"*": ["UNSC"]}},
    {"id": "Q7817", "type": "organization", "name": "World Health Organization", "names": {"*": ["World Health Organization"]}, "acronyms": {"*": ["WHO"]}},
    {"id": "local:old-league", "type": "organization", "name": "Old League", "names": {"*": ["the League"]}, "valid": {"to": "1946-04-20"}},
    {"id": "local:new-league", "type": "organization", "name": "New League", "names": {"*": ["the League"]}, "valid": {"from": "1991"}},
    {"id": "local:skiff", "type": "product", "name": "Skiff", "names": {"*": [{"text": "Skiff", "only_with": ["telephone"]}]}},
    {"id": "local:ephone", "type": "product", "name": "ePhone", "names": {"*": ["ePhone"]}},
    {"id": "local:soda", "type": "product", "name": "soda", "case": "any", "names": {"*": ["Fizz Soda"]}},
    {"id": "local:911", "type": "event", "name": "9/11", "names": {"*": ["9/11"]}},
    {"id": "local:ann-roe", "type": "person", "name": "Ann Roe", "names": {"*": ["Ann Roe"]}, "shared": "leave"},
    {"id": "local:ann-roe-2", "type": "person", "name": "Ann Roe (judge)", "names": {"*": ["Ann Roe"]}, "shared": "leave"},
]  # fmt: skip


def _store(entities: Sequence[dict[str, Any]], folder: Path) -> AliasStore:
    file = parse_alias_file("\n".join(map(json.dumps, entities)), "test.jsonl")
    assert not file.problems
    compiled, clashes = compile_store(file.entities)
    assert not clashes
    write_store(compiled, folder)
    return AliasStore.open(folder)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> AliasStore:
    return _store([*PLACES, *BODIES], tmp_path_factory.mktemp("store"))


def _found(store: AliasStore, text: str, language: str = "en", day: date | None = None) -> list[tuple[str, str]]:
    names = find_aliases(tokenize(text), language, store, day)
    assert all(text[name.start : name.end] == name.surface for name in names)
    return [(name.surface, name.entity.id) for name in names if name.entity]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Iran's envoy", [("Iran", "Q794")]),
        ("iran", []),
        ("IRAN", [("IRAN", "Q794")]),
        ("US-led talks", [("US", "Q30")]),
        ("the U.S. and the U.S.A.", [("U.S.", "Q30"), ("U.S.A.", "Q30")]),
        ("tell us", []),
        ("Us", []),
        ("The United States", [("The United States", "Q30")]),
        ("UN Security Council", [("UN Security Council", "Q37470")]),
        ("U.N. Security Council", [("U.N. Security Council", "Q37470")]),
        (
            "United Nations Security Council, the UNSC",
            [("United Nations Security Council", "Q37470"), ("UNSC", "Q37470")],
        ),
        ("un Security Council", []),
        ("Saint Vincent, and the Grenadines", [("Saint Vincent, and the Grenadines", "Q757")]),
        ("Saint Vincent and The Grenadines", [("Saint Vincent and The Grenadines", "Q757")]),
        ("Washington D.C.", [("Washington D.C.", "Q61")]),
        ("Washington, D.C., and Iran", [("Washington, D.C.", "Q61"), ("Iran", "Q794")]),
        ("in the United\nStates", []),
        ("the United. States", []),
        ("St Louis and St. Louis", [("St Louis", "Q33"), ("St. Louis", "Q33")]),
        ("Sanaa, Sana’a, SANA'A", [("Sanaa", "Q21"), ("Sana’a", "Q21"), ("SANA'A", "Q21")]),
        ("WHO said", [("WHO", "Q7817")]),
        ("Who said", []),
        ("TELL US WHO WAS THERE", []),
        ("UNSC MEETS ON IRAN TODAY", [("UNSC", "Q37470"), ("IRAN", "Q794")]),
        ("Mr. Jordan left Jordan", [("Jordan", "Q810")]),
        ("9/11 and 9-11", [("9/11", "local:911")]),
        ("ephone, ePhone", [("ePhone", "local:ephone")]),
        ("fizz soda", [("fizz soda", "local:soda")]),
        ("@Iran, Iran.com and Iran@example", []),
        ("Skiff", []),
        ("A telephone by Skiff", [("Skiff", "local:skiff")]),
        ("Ann Roe", []),
        ("anti-Iran", [("Iran", "Q794")]),
        ("Iranic", []),
    ],
)
def test_what_is_found(store: AliasStore, text: str, found: list[tuple[str, str]]) -> None:
    assert _found(store, text) == found


@pytest.mark.parametrize(
    ("language", "text", "surface"),
    [
        ("fa", "در ایران گفت", "ایران"), ("ar", "روسيا وإيران", "إيران"), ("he", "באיראן", "איראן"), ("ko", "이란은 오늘", "이란"),
        ("zh", "在日本举行", "日本"), ("zh-Hant", "在日本", "日本"), ("fr", "à l'ONU", "ONU"), ("und", "l'ONU", "ONU"),
    ],
)  # fmt: skip
def test_languages(store: AliasStore, language: str, text: str, surface: str) -> None:
    assert [found for found, _ in _found(store, text, language)] == [surface]


def test_aliases_of_another_language_do_not_count(store: AliasStore) -> None:
    assert _found(store, "ONU", "en") == []
    assert _found(store, "Iranians", "de") == []


def test_context_then_prior_decide(store: AliasStore) -> None:
    assert _found(store, "Georgia votes") == [("Georgia", "Q230")]
    assert _found(store, "Georgia votes; Atlanta waits") == [("Georgia", "Q1428")]
    assert _found(store, "Joe Biden on Georgia") == [("Georgia", "Q1428")]
    assert _found(store, "Joe and Biden on Georgia") == [("Georgia", "Q230")]


def test_the_day_of_publication_decides(store: AliasStore) -> None:
    assert _found(store, "the League met", day=date(1930, 1, 1)) == [("the League", "local:old-league")]
    assert _found(store, "the League met", day=date(2020, 1, 1)) == [("the League", "local:new-league")]
    assert _found(store, "the League met", day=date(1970, 1, 1)) == []
    assert _found(store, "the League met") == []


def test_kinds_types_and_methods(store: AliasStore) -> None:
    names = find_aliases(tokenize("Iranians in Tehran told the UN"), "en", store, None)
    assert [(name.kind, name.type, name.method) for name in names] == [
        (AliasKind.DEMONYM, EntityType.GROUP, MentionMethod.ALIAS),
        (AliasKind.NAME, EntityType.PLACE, MentionMethod.ALIAS),
        (AliasKind.ACRONYM, EntityType.ORGANIZATION, MentionMethod.ACRONYM),
    ]
    assert names[0].entity is not None
    assert (names[0].entity.name, names[0].entity.type, names[0].entity.iso_code) == ("Iran", EntityType.PLACE, "IR")
    metonym = store.metonym("Tehran")
    assert metonym is not None
    assert metonym.id == "Q794"
    assert store.metonym("Iran") is None


def test_a_store_is_pickled_by_its_folder(store: AliasStore) -> None:
    again = pickle.loads(pickle.dumps(store))
    assert again.sha256 == store.sha256
    assert _found(again, "Iran") == [("Iran", "Q794")]
    assert again.check() == []


def test_persons_by_spelling_key(tmp_path: Path) -> None:
    entities = parse_alias_file("\n".join(map(json.dumps, BODIES)), "test.jsonl").entities
    compiled, _ = compile_store(entities, name_key=lambda name: name[::-1].lower())
    write_store(compiled, tmp_path)
    found = AliasStore.open(tmp_path).by_name_key("eor nna")
    assert [entity.id for entity in found] == ["local:ann-roe", "local:ann-roe-2"]
    assert AliasStore.open(tmp_path).by_name_key("ann roe") == ()


def test_the_same_entities_in_any_order_give_the_same_bytes() -> None:
    entities = parse_alias_file("\n".join(map(json.dumps, [*PLACES, *BODIES])), "test.jsonl").entities
    assert compile_store(entities) == compile_store(entities[::-1])


def _clashes(*changes: dict[str, Any]) -> list[str]:
    lines = [json.dumps({"id": f"Q{number}", "type": "place", "name": f"Elswick {number}", "names": {"*": ["Elswick"]}, **change}) for number, change in enumerate(changes, 1)]  # fmt: skip
    file = parse_alias_file("\n".join(lines), "mine.jsonl")
    assert not file.problems
    return [str(clash) for clash in compile_store(file.entities)[1]]


def test_an_alias_of_two_entities_needs_something_that_decides() -> None:
    (message,) = _clashes({}, {})
    assert 'mine.jsonl:2: "Elswick" means Q2 (Elswick 2) and, in mine.jsonl:1, Q1 (Elswick 1)' in message
    assert len(_clashes({}, {}, {})) == 3
    assert not _clashes({"prior": 1}, {})
    assert not _clashes({"context": ["harbour"]}, {})
    assert not _clashes({"valid": {"to": "1999"}}, {"valid": {"from": "2000"}})
    assert len(_clashes({"valid": {"to": "1999"}}, {"valid": {"from": "1999"}})) == 1
    assert not _clashes({"names": {"en": ["Elswick"]}}, {"names": {"fr": ["Elswick"]}})
    assert len(_clashes({"names": {"en": ["Elswick"]}}, {"names": {"en-GB": ["Elswick"]}})) == 1
    assert not _clashes({"case": "exact", "names": {"*": ["ELSWICK"]}}, {})
    assert len(_clashes({"names": {"*": ["El-swick"]}}, {})) == 1
    assert not _clashes({"shared": "leave"}, {})
    assert not _clashes({"metonyms": {"*": ["Elswick"]}, "names": {"*": ["Wick"]}}, {})


@pytest.mark.parametrize("spoil", ["missing", "short", "format", "json"])
def test_a_folder_that_is_no_store(tmp_path: Path, spoil: str) -> None:
    _store(PLACES, tmp_path)
    if spoil == "missing":
        (tmp_path / FILES[0]).unlink()
    elif spoil == "short":
        (tmp_path / FILES[2]).write_bytes(b"x")
    elif spoil == "format":
        (tmp_path / MANIFEST).write_text((tmp_path / MANIFEST).read_text().replace('"format": 1', '"format": 99'))
    else:
        (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(UsageError, match=str(tmp_path)):
        AliasStore.open(tmp_path)


def test_a_changed_byte_is_told(tmp_path: Path) -> None:
    store = _store(PLACES, tmp_path)
    content = bytearray((tmp_path / "text.bin").read_bytes())
    content[-1] ^= 1
    (tmp_path / "text.bin").write_bytes(bytes(content))
    assert store.check() == ["text.bin"]


_WORDS = st.sampled_from(["Iran", "U.S.", "UN", "Security", "Council", "the", "Georgia", "و", "وإيران", "日本", "\n", ", ", " ", "-", "'s ", ". ", "İ", "ß", "é", "e\u0301", "\u200c"])  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.lists(st.one_of(_WORDS, st.text(max_size=5)), max_size=20).map("".join),
    st.sampled_from(["en", "ar", "ko", "und", ""]),
)
def test_any_text_gives_names_in_order_at_their_places(text: str, language: str) -> None:
    previous = 0
    for name in find_aliases(tokenize(text), language, BUILT_IN, date(2020, 1, 1)):
        assert isinstance(name, FoundName)
        assert previous <= name.start < name.end
        assert text[name.start : name.end] == name.surface
        previous = name.end


BUILT_IN = AliasStore.open(store_folder())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Talks between the U.S., Russia and Iran at the UN Security Council", ["Q30", "Q159", "Q794", "Q37470"]),
        ("The mayor of Lyon met Germany's envoy from Lagos.", ["Q456", "Q183", "Q8673"]),
        ("Residents of South Korea and the Democratic Republic of the Congo", ["Q884", "Q974"]),
        ("North Carolina, Bavaria and Catalonia", ["Q1454", "Q980"]),
        ("The WHO, NATO and the European Commission", ["Q7817", "Q7184", "Q8880"]),
        ("Reading Orange a Nice story at Bath", []),
    ],
)
def test_the_built_in_store(text: str, ids: list[str]) -> None:
    assert [entity_id for _, entity_id in _found(BUILT_IN, text)][: len(ids) or 1] == ids


@pytest.mark.parametrize(
    ("language", "text", "ids"),
    [
        ("fr", "Le ministre est venu. Le Mans a gagné.", ["Q1476"]),
        ("ru", "Ей было двадцать лет. Того же мнения соседи.", []),
        ("ru", "Он вернулся из Того.", ["Q945"]),
    ],
)
def test_the_built_in_store_takes_no_small_word_for_a_name(language: str, text: str, ids: list[str]) -> None:
    assert [entity_id for _, entity_id in _found(BUILT_IN, text, language)] == ids


CLUB: list[dict[str, Any]] = [
    {"id": "Q1", "type": "place", "name": "Elswick", "names": {"*": ["Elswick"]}, "prior": 20},
    {
        "id": "Q2",
        "type": "organization",
        "name": "Elswick FC",
        "names": {"*": [{"text": "Elswick", "only_with": ["striker"]}]},
    },
]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Elswick flooded.", ["Q1"]),
        ("Elswick sold a striker.", ["Q2"]),
        ("The striker of Elswick lives in Elswick.", ["Q2", "Q1"]),
    ],
)
def test_a_club_is_meant_where_the_article_speaks_of_its_sport_but_not_behind_in(
    text: str, ids: list[str], tmp_path: Path
) -> None:
    names = find_aliases(tokenize(text), "en", _store(CLUB, tmp_path), None)
    assert [name.entity.id for name in names if name.entity] == ids
