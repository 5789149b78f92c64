from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.sought_texts import AnyOf, Sought, SoughtTexts, blocks_of

_TEXTS = ["newsletter", "cookies", "подписк", "ad", "é", "terms of use"]


def _numbers(line: str) -> set[int]:
    table = SoughtTexts([Sought(text, (number,)) for number, text in enumerate(_TEXTS)])
    return table.numbers_in(line, blocks_of(line))


def test_texts_are_found_at_every_place() -> None:
    for shift in range(9):
        line = "x" * shift + "newsletter" + "y" * shift
        assert _numbers(line) == {0}, line
        assert AnyOf(_TEXTS).stands_in(line, blocks_of(line))


def test_no_text_no_number() -> None:
    assert _numbers("news letters, cook ies") == set()
    assert not AnyOf(_TEXTS).stands_in("news letters, cook ies", blocks_of("news letters, cook ies"))
    assert not AnyOf([]).stands_in("anything", blocks_of("anything"))
    assert _numbers("") == set()


def test_a_text_may_stand_for_several_numbers() -> None:
    table = SoughtTexts([Sought("newsletter", (3, 5)), Sought("letters of", (7,))])
    line = "our newsletters of today"
    assert table.numbers_in(line, blocks_of(line)) == {3, 5, 7}


@given(st.lists(st.sampled_from([*_TEXTS, "x", " ", "new", "ы", "\ud800", "🙂"]), max_size=8).map("".join))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_blocks_lose_no_text(line: str) -> None:
    expected = {number for number, text in enumerate(_TEXTS) if text in line}
    assert _numbers(line) == expected
    assert AnyOf(_TEXTS).stands_in(line, blocks_of(line)) == bool(expected)
