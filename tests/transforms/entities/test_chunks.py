"""Unknown names: found, cut to the name, and typed, in seven languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs.toml import read_toml
from schemas.entities import EntityType, FoundName, MentionMethod
from transforms.entities.chunks import find_chunks
from transforms.entities.name_types import person_part
from transforms.entities.name_words import NameWords
from transforms.entities.tokens import tokenize

_EXAMPLES = ("example", "counterexample")


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(name.surface, name.type.value) for name in find_chunks(tokenize(text), language)]


@pytest.mark.parametrize(
    ("language", "text", "surface", "kind"),
    [
        ("en", "On Monday Russian Foreign Minister Elena Orlova met reporters.", "Elena Orlova", "person"),
        ("en", "The report was written by Daniel Whitcombe of Harrow.", "Daniel Whitcombe", "person"),
        ("en", "She studied law at Fenwick University for years.", "Fenwick University", "organization"),
        ("en", "The boat sank in the Alder River near the bridge.", "Alder River", "place"),
        ("en", "He was joined by Ursula von der Heyden in the talks.", "Ursula von der Heyden", "person"),
        ("de", "Der Vorstand der Nordwind AG trat am Dienstag zurück.", "Nordwind AG", "organization"),
        ("de", "Das sagte Präsidentin Katharina Lindemann am Abend.", "Katharina Lindemann", "person"),
        ("fr", "Le président Julien Marchandeau a parlé à la presse.", "Julien Marchandeau", "person"),
        ("es", "El ministro Andrés Villalobos viajó ayer a la capital.", "Andrés Villalobos", "person"),
        ("pt", "O governador Paulo Figueiredo disse que não.", "Paulo Figueiredo", "person"),
        ("it", "Il ministro Marco Bellandi ha parlato con i giornalisti.", "Marco Bellandi", "person"),
        ("ru", "Об этом сообщил министр Сергей Ковалёв во вторник.", "Сергей Ковалёв", "person"),
    ],
)
def test_a_name_is_found_without_its_title(language: str, text: str, surface: str, kind: str) -> None:
    assert (surface, kind) in found(text, language)


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("The Fenwick Jazz Festival drew thousands of visitors.", "Fenwick Jazz Festival", EntityType.EVENT),
        (
            "He fell in the Second Battle of Fenwick Ridge that year.",
            "Second Battle of Fenwick Ridge",
            EntityType.EVENT,
        ),
        ("After that Operation Red Kestrel was called off by Harrow.", "Operation Red Kestrel", EntityType.EVENT),
        ("Both sides signed the Harrow Peace Agreement last year.", "Harrow Peace Agreement", EntityType.AGREEMENT),
    ],
)
def test_events_and_treaties_are_no_places(text: str, surface: str, kind: EntityType) -> None:
    names = [name for name in find_chunks(tokenize(text), "en") if name.surface == surface]
    assert all(name.type is kind for name in names)


def test_a_word_that_opens_a_sentence_is_no_part_of_a_name() -> None:
    assert not any(
        surface.startswith("After ") for surface, _ in found("After Fenwick College it closed. After Ann Roe left.")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose again. However, nobody knew why. Yesterday it rained.",
        "On Monday and in March they will meet.",
        "",
        "  \n ",
        "nothing here has a capital",
        "東京は晴れです。",
    ],
)
def test_capitals_of_sentences_and_calendars_are_no_names(text: str) -> None:
    assert found(text) == []


def test_the_title_of_a_song_in_quotes_is_no_name_of_anyone() -> None:
    assert "Amber Rivers" not in [surface for surface, _ in found('The single "Amber Rivers" was a hit in summer.')]


def test_what_is_taken_stays_taken_but_can_be_widened() -> None:
    text = "She studied law at Fenwick University for years."
    inside = text.index("Fenwick")
    place = FoundName(inside, inside + 7, "Fenwick", EntityType.PLACE, MentionMethod.ALIAS)
    assert [name.surface for name in find_chunks(tokenize(text), "en", [place])] == ["Fenwick University"]
    whole = FoundName(inside, inside + 18, "Fenwick University", EntityType.ORGANIZATION, MentionMethod.ALIAS)
    assert find_chunks(tokenize(text), "en", [whole]) == ()


def _around(text: str, surface: str) -> list[str]:
    start = text.index(surface)
    taken = FoundName(start, start + len(surface), surface, EntityType.PLACE, MentionMethod.ALIAS)
    return [name.surface for name in find_chunks(tokenize(text), "en", [taken])]


def test_a_place_that_is_a_given_name_begins_a_person_s_name() -> None:
    assert _around("The goal was scored by Jordan Whitcombe, 24.", "Jordan") == ["Jordan Whitcombe"]


def test_a_known_name_with_an_office_is_left_to_the_list() -> None:
    assert _around("The bill was signed by the Governor of Texas.", "Texas") == []
    assert _around("It was read by a Texas Senator in May.", "Texas") == []
    assert _around("It was read by the Texas Secretary-General in May.", "Texas") == []


def test_a_text_has_the_same_names_whatever_was_read_before() -> None:
    text = "The report was written by Daniel Whitcombe of Harrow. Whitcombe declined to comment."
    first = find_chunks(tokenize(text), "en")
    find_chunks(tokenize("Elena Orlova met the Fenwick Choir in Alder."), "en")
    assert find_chunks(tokenize(text), "en") == first


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.sampled_from("Aa Bc.,'’-\n“\"()&9éÉЖж東\u200f of the St von al"), max_size=120),
    st.sampled_from(["en", "de", "ru", "zh", "und", ""]),
)
def test_any_text_gives_exact_offsets_in_order_without_overlap(text: str, language: str) -> None:
    end = 0
    for name in find_chunks(tokenize(text), language):
        assert end <= name.start < name.end
        assert name.surface == text[name.start : name.end]
        assert name.method is MentionMethod.CHUNK
        assert name.entity is None
        end = name.end


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_no_text_fails(text: str) -> None:
    find_chunks(tokenize(text), "en")


def test_titles_and_places_around_a_person_are_cut() -> None:
    lists = NameWords.load()
    assert person_part(["Russian", "Foreign", "Minister", "Elena", "Orlova"], "en", lists) == (3, 5)
    assert person_part(["Daniel", "Whitcombe", "of", "Harrow"], "en", lists) == (0, 2)
    assert person_part(["Ursula", "von", "der", "Heyden"], "de", lists) == (0, 4)
    assert person_part(["Orlova"], "en", lists) == (0, 1)


def test_a_surname_is_found_again_where_the_article_repeats_it() -> None:
    text = "Daniel Whitcombe wrote the report on Tuesday. Critics of the Whitcombe report disagreed."
    assert [surface for surface, _ in found(text)].count("Whitcombe") == 1


def test_a_line_of_capitals_names_nobody() -> None:
    assert found("BREAKING NEWS FROM THE HARBOUR TODAY") == []


@pytest.mark.parametrize("name", sorted(NameWords.load().lists))
def test_each_list_of_words_has_its_example_and_counterexample(name: str) -> None:
    table = read_toml("names.toml")[name]
    assert isinstance(table, dict)
    assert table["example"] != table["counterexample"]
    words = {word for language, listed in table.items() if language not in _EXAMPLES for word in str(listed).split()}
    assert words == {word.lower() for word in words}
    example = {word.lower() for word in tokenize(str(table["example"])).words}
    assert words & example
