"""Forms of demonyms and Russian cases, as the derived alias files have them."""

from __future__ import annotations

import pytest

from benchmarks.inflect import demonym_forms, russian_cases


@pytest.mark.parametrize(
    ("language", "word", "forms"),
    [
        ("en", "Iranians", ("Iranians",)),
        ("de", "Iraner", ("Iraner", "Iranern", "Iraners", "Iranerin", "Iranerinnen")),
        ("de", "iranisch", ("iranisch", "iranische", "iranischer", "iranischen", "iranisches", "iranischem")),
        ("fr", "iranien", ("iranien", "iraniens", "iranienne", "iraniennes")),
        ("fr", "français", ("français", "française", "françaises")),
        ("es", "francés", ("francés", "franceses", "francesa", "francesas")),
        ("es", "iraní", ("iraní", "iraníes", "iranís")),
        ("pt", "alemão", ("alemão", "alemães", "alemã", "alemãs")),
        ("pt", "espanhol", ("espanhol", "espanhóis", "espanhola", "espanholas")),
        ("it", "tedesco", ("tedesco", "tedeschi", "tedesci", "tedesca", "tedesche")),
    ],
)
def test_demonyms(language: str, word: str, forms: tuple[str, ...]) -> None:
    assert demonym_forms(language, word) == forms


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("Россия", ("Россия", "России", "Россию", "Россией")),
        ("Иран", ("Иран", "Ирана", "Ирану", "Ираном", "Иране")),
        ("Москва", ("Москва", "Москвы", "Москве", "Москву", "Москвой")),
        ("Китай", ("Китай", "Китая", "Китаю", "Китаем", "Китае")),
        ("Мали", ("Мали",)),
        ("Саудовская Аравия", ("Саудовская Аравия",)),
    ],
)
def test_russian_cases(name: str, cases: tuple[str, ...]) -> None:
    assert russian_cases(name) == cases
