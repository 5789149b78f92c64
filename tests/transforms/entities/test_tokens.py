"""Tokens: words of every script with their places, and which of them open a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.tokens import _PLAIN, _simple, is_simple, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U.S. envoy Brian Hook met al-Assad.", ("U.S.", "envoy", "Brian", "Hook", "met", "al", "Assad")),
        ("Iran's J.K. 5+1", ("Iran", "s", "J.K.", "5", "1")),
        ("हिन्दी में रूस", ("हिन्दी", "में", "रूस")),
        ("مُحَمَّد، علي", ("مُحَمَّد", "علي")),
        ("آیت\u200cالله خامنه\u200cای", ("آیت\u200cالله", "خامنه\u200cای")),
        ("e\u0301tat", ("e\u0301tat",)),
        ("தமிழ் നാട് తెలుగు", ("தமிழ்", "നാട്", "తెలుగు")),
        ("东京都。ok", ("东", "京", "都", "ok")),
        ("이란은 오늘", ("이란은", "오늘")),
        ("", ()),
        (" - ", ()),
        ("\u200c", ()),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert tokenize(text).words == words


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("One two. Three four", ["One", "Three"]),
        ("One\nTwo three", ["One", "Two"]),
        ("He said: “Never again” now", ["He", "Never"]),
        ("at 3:15 in example.com today", ["at"]),
        ("the U.S. Senate met", ["the"]),
        ("see (Then) that", ["see"]),
        ("东京。大阪", ["东", "大"]),
        ("What? Yes! No… Maybe", ["What", "Yes", "No", "Maybe"]),
    ],
)
def test_what_opens_a_sentence(text: str, opening: list[str]) -> None:
    tokens = tokenize(text)
    assert [word for word, opens in zip(tokens.words, tokens.opens, strict=True) if opens] == opening


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_places_are_exact_and_in_order(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens.words) == len(tokens.starts) == len(tokens.ends) == len(tokens.opens)
    previous = 0
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert previous <= start < end
        assert text[start:end] == word
        previous = end
    assert tokens.opens[:1] in ((), (True,))
    left = "".join(text[end:start] for end, start in zip((0, *tokens.ends), (*tokens.starts, len(text)), strict=True))
    assert not any(character.isalnum() for character in left)


@given(st.text(alphabet="ab.AU\u00e91_9 -'\u2019\u0416\u00b2\u00aa\u02bc\n", max_size=14))
@settings(derandomize=True, max_examples=1000, deadline=None)
def test_the_faster_pattern_says_the_same(text: str) -> None:
    assert not is_simple(text) or _simple().split(text) == _PLAIN.split(text)
    tokens = tokenize(text)
    assert "".join(gap + word for gap, word in zip(tokens.gaps, (*tokens.words, ""), strict=True)) == text


def test_every_character_of_simple_texts_is_cut_alike() -> None:
    for code in range(0xA0, 0xD800):
        text = f"a{chr(code)}+.b. {chr(code)}.{chr(code)}."
        assert not is_simple(text) or _simple().split(text) == _PLAIN.split(text), hex(code)
