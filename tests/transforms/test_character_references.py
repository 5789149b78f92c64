from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.character_references import decode_in_place, decode_references


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("Tom &amp; Ana", "Tom & Ana"),
        ("it&#8217;s &#x2019; &rsquo;", "it’s ’ ’"),
        ("a&nbsp;b &hellip; &eacute;", "a\u00a0b … é"),
        # Escaped twice and three times; windows-1252 numbers, as browsers read them.
        ("Tom &amp;amp; Ana &amp;quot;yes&amp;quot;", 'Tom & Ana "yes"'),
        ("&amp;amp;lt;", "<"),
        ("we&#146;re", "we’re"),
        ("&" + "amp;" * 200_000 + "lt;", "<"),
    ],
)
def test_references_are_decoded(text: str, decoded: str) -> None:
    assert decode_references(text) == decoded


@pytest.mark.parametrize(
    "text",
    ["AT&T; R&D; Q&A; S&P;", "salt & pepper; oil", "&unknown;", "&#0; &#1; &#xD800;", "&amp", "a=1&copy=2", "&;"],
)
def test_what_is_no_reference_stays(text: str) -> None:
    assert decode_references(text) is text


@given(st.text(alphabet="&amp;#38lt x", max_size=40))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_decoding_is_idempotent_and_keeps_places(text: str) -> None:
    decoded = decode_references(text)
    assert decode_references(decoded) == decoded
    placed = decode_in_place(text)
    assert len(placed) == len(text)
    assert "".join(placed.split()) == "".join(decoded.split())
