"""Markup of any kind becomes a tree, or an expected loss."""

from __future__ import annotations

import pytest

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.html.tree import parse_tree


def text_of(markup: str) -> str:
    return "".join(parse_tree(markup).itertext())


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Rain in the hills</p>", "Rain in the hills"),
        ("just a line", "just a line"),
        ('<?xml version="1.0" encoding="latin-1"?><html><body><p>Café</p></body></html>', "Café"),
        ("<p>a\x00b\x01c\x7fd</p>", "abcd"),
        ("<p>a\ud800b</p>", "a\ufffdb"),
        ("<p>one<!-- two --><?three?> four</p>", "one four"),
        ('<meta charset="iso-8859-1"><p>Über Łódź</p>', "Über Łódź"),
        ("<p>caf&eacute; &amp; bar&nbsp;x</p>", "café & bar\xa0x"),
    ],
)
def test_keeps_the_text(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><p>one</p></body></html><p>two</p> three",
        "<html><body><p>one</p></body><p>two</p> three</html>",
        "<html><body><p>one</p></body> two <i>three</i></html>",
        "<p>one</p></body><html class=x><body id=y><p>two</p></body></html> <body>three",
    ],
)
def test_what_follows_the_end_is_in_the_body(markup: str) -> None:
    root = parse_tree(markup)
    assert "".join("".join(root.find("body").itertext()).split()) == "onetwothree"
    assert [child.tag for child in root if child.tag != "head"] == ["body"]


def test_declared_entities_are_not_expanded() -> None:
    markup = '<!DOCTYPE html [<!ENTITY bomb "boom boom">]><p>&bomb;</p>'
    assert "&bomb;" in text_of(markup)


@pytest.mark.parametrize("depth", [200, 300, 1900])
def test_text_below_the_parsers_first_limit_is_kept(depth: int) -> None:
    assert text_of("<div>" * depth + "deep down" + "</div>" * depth + "<p>after</p>") == "deep downafter"


@pytest.mark.parametrize("tag", ["div", "b", "span"])
def test_too_deep_is_an_expected_loss(tag: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_tree(f"<{tag}>text " * 10_000)
    assert caught.value.code is RejectCode.TOO_DEEP


@pytest.mark.parametrize("markup", ["", " \n\t", "<!-- only a comment -->"])
def test_nothing_is_an_expected_loss(markup: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_tree(markup)
    assert caught.value.code is RejectCode.NO_TEXT


@pytest.mark.parametrize("code", range(128))
def test_each_control_character_but_white_space_goes(code: int) -> None:
    kept = chr(code) if (code >= 32 and code != 127) or chr(code) in "\t\n\f" else "\n" if code == 13 else ""
    shown = "".join(
        parse_tree(f"<pre>a{'&lt;' if code == 60 else '&amp;' if code == 38 else chr(code)}b</pre>").itertext()
    )
    assert shown == f"a{kept}b"
