"""Tests of transforms.metadata.element_text: one element's text."""

from __future__ import annotations

import pytest
from lxml import html

from transforms.metadata.element_text import element_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1>Storm<br>closes <b>har</b>bour</h1>", "Storm closes harbour"),
        ("<h1><span>Weather</span><span>Storm ahead</span></h1>", "Weather Storm ahead"),
        ("<h1> Storm <script>var x</script> ahead\n</h1>", "Storm ahead"),
        ("<h1>CO<sub>2</sub> falls</h1>", "CO2 falls"),
        ("<h1><!-- kicker -->Storm</h1>", "Storm"),
        ("<h1></h1>", ""),
    ],
)
def test_text_as_a_reader_sees_it(markup: str, text: str) -> None:
    assert element_text(html.fragment_fromstring(markup)) == text


def test_endless_elements_are_bounded() -> None:
    text = element_text(html.fragment_fromstring("<h1>" + "<i>a </i>" * 5_000 + "</h1>"))
    assert 100 < len(text) < 1_100
