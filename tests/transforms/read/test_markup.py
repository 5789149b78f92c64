from __future__ import annotations

import pytest

from transforms.read.markup import has_entities, is_page, looks_like_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>The harbour.</p>", True),
        ("\n <DIV class='x'>words", True),
        ("The harbour<br>reopened<br/>today", True),
        ("Words <a href='x'>link</a> words", True),
        ("Profit < 3 % and > 1 %", False),
        ("The <p> element is old.", False),
        ("<3 the harbour", False),
        ("a<b and b>c", False),
        ("<Reuters> said the harbour <sic> reopened", False),
        ("mail <ada@north.example> or <jo@north.example>", False),
        ("", False),
    ],
)
def test_looks_like_html(text: str, expected: bool) -> None:
    assert looks_like_html(text) is expected


def test_entities_and_pages() -> None:
    assert has_entities("caf&eacute; &#8211; now")
    assert not has_entities("Brook & Sons; and more")
    assert is_page("PHP warning\n<HTML>")
    assert not is_page("A text about the web\n" * 400 + "<html>")


def test_it_stays_fast_on_hostile_text() -> None:
    assert not looks_like_html("x" + "<a " * 20_000)
    assert not looks_like_html("x<" * 30_000)
