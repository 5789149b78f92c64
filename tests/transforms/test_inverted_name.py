"""Names written surname first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import AuthorKind
from schemas.records import Author
from transforms.author_words import AuthorWords
from transforms.byline import authors_of, parse_byline
from transforms.inverted_name import turn_around

WORDS = AuthorWords.load()


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Roe, Jane", "Jane Roe"),
        ("McRoe, Jane A.", "Jane A. McRoe"),
        ("O'Roe, Jean-Luc", "O'Roe, Jean-Luc"),  # not in the list
        ("Roe, Springfield", "Roe, Springfield"),
        ("Jane, John", "Jane, John"),  # two people by their given names
        ("Roe, Jane and John Doe", "Roe, Jane and John Doe"),
        ("Roe, Jane, Springfield", "Roe, Jane, Springfield"),
        ("Jane Roe, John", "Jane Roe, John"),
        ("Editor, Jane", "Editor, Jane"),
        ("News, Jane", "News, Jane"),
        ("Jane Roe", "Jane Roe"),
    ],
)
def test_turning(text: str, turned: str) -> None:
    assert turn_around(text, WORDS) == turned


def test_catalogues_write_any_name_so() -> None:
    assert turn_around("van der Roe, Aiko", WORDS, surely=True) == "Aiko van der Roe"
    assert turn_around("Roe, PhD", WORDS, surely=True) == "Roe, PhD"


def test_byline_in_the_text() -> None:
    byline = parse_byline("By Roe, John")
    assert byline == "Roe, John"
    assert authors_of(byline) == (Author("John Roe", AuthorKind.PERSON),)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=60), st.booleans())
def test_any_text_is_answered_and_turned_once(text: str, surely: bool) -> None:
    turned = turn_around(text, WORDS, surely=surely)
    assert turn_around(turned, WORDS, surely=surely) == turned
