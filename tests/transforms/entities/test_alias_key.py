"""Keys: spellings of one name fold to one key, and other names don't."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.alias_key import exact_form, fold_token, fold_tokens, key_of, spellings
from transforms.entities.tokens import tokenize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.", "US"),
        ("U.S.A.", "USA"),
        ("São Tomé", "Sao Tome"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("Łódź", "lodz"),
        ("Ørsted", "Orsted"),
        ("İzmir", "Izmir"),
        ("إيران", "ايران"),
        ("كرمان", "کرمان"),
        ("مُحَمَّد", "محمد"),
        ("Ёлкин", "Елкин"),
    ],
)
def test_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), [("Iran", "Iraq"), ("हिन्दी", "हिन्दू"), ("US", "USA"), ("Mali", "Mal i")])
def test_other_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Sana'a", ("Sana'a", "Sanaa")),
        ("al-Qaeda", ("al-Qaeda", "alQaeda")),
        ("Lark & Sons", ("Lark & Sons", "Lark and Sons")),
        ("آیت\u200cالله", ("آیت\u200cالله", "آیتالله", "آیت الله")),
        ("Iran", ("Iran",)),
    ],
)
def test_spellings(name: str, written: tuple[str, ...]) -> None:
    assert spellings(name) == written


def test_the_exact_form_keeps_case() -> None:
    assert exact_form(("U.N.", "Sécurité")) == "UN Securite"
    assert exact_form(("Who",)) != exact_form(("WHO",))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(max_size=30))
def test_folding_is_the_same_alone_and_together(text: str) -> None:
    words = tokenize(text).words
    if words:
        assert fold_tokens(words) == [fold_token(word) for word in words]
    assert key_of(text) == "".join(f"{fold_token(word)} " for word in words)
