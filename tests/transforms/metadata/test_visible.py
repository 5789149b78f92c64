"""Tests of transforms.metadata.visible: the author and date lines around a heading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from schemas.records import Candidate
from transforms.metadata.rules import MetadataRules
from transforms.metadata.visible import (
    VisibleMetadata,
    cut_names,
    find_by_class,
    find_first_date,
    find_visible,
    is_author_path,
)

RULES = MetadataRules.load()


def _around(markup: str) -> VisibleMetadata:
    tree = html.document_fromstring(f"<main>{markup}</main>")
    return find_visible(tree.find(".//h1"), tree.find(".//main"), RULES)


def test_by_line_with_link_and_date() -> None:
    found = _around('<h1>Harbour reopens</h1><div>By <a href="/authors/roe">Jane Roe</a> · 3 March 2021</div>')
    assert found.authors == (Candidate("Jane Roe", "visible:by"), Candidate("Jane Roe", "visible:link"))
    assert found.published == (Candidate("3 March 2021", "visible:date"),)
    assert found.modified == ()


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<p>By</p><p>Jane Roe</p>", "Jane Roe"),
        ("<p>Do 25.04.24 | 14:07 Uhr | Von Eva Muster-Beispiel</p>", "Eva Muster-Beispiel"),
        ("<p>Jane Roe | 05.04.2025</p>", "Jane Roe"),
        ("<p>By Jane Roe and John Doe</p>", "Jane Roe and John Doe"),
        ("<p>By Jane Roe, head of research</p>", "Jane Roe"),
        ("<p>By Jane Roe Founder of Example</p>", "Jane Roe"),
        ("<p>Text: Maria Beispiel</p>", "Maria Beispiel"),
        ("<p>By the Example Team</p>", "the Example Team"),
    ],
)
def test_by_lines(markup: str, name: str) -> None:
    assert _around(f"<h1>Harbour reopens</h1>{markup}").authors[0].value == name


@pytest.mark.parametrize(
    "line",
    [
        "By Friday, the army had left the town.",
        "By the end of the year, the river had risen.",
        "Reviewed by Ann Poe",
        "The bridge was opened by 3 p.m.",
        "Photo by Jane Roe",
        "Von Raketen getroffen und zerstört worden ist die Brücke.",
    ],
)
def test_sentences_and_other_roles_are_no_bylines(line: str) -> None:
    assert _around(f"<h1>Harbour reopens</h1><p>{line}</p>").authors == ()


def test_byline_class_beside_the_heading() -> None:
    found = _around(
        '<h1>Harbour reopens</h1><div class="article-byline">Jane Roe</div><div class="author-bio">Jane writes.</div>'
    )
    assert found.authors == (Candidate("Jane Roe", "visible:class"),)


def test_updates_are_modifications() -> None:
    found = _around("<h1>Harbour reopens</h1><p>Published 3 March 2021</p><p>Updated: 5 March 2021</p>")
    assert [c.value for c in found.published] == ["3 March 2021"]
    assert [c.value for c in found.modified] == ["5 March 2021"]


def test_nearest_date_first() -> None:
    found = _around("<p>OCTOBER 13, 2025</p><h1>Harbour reopens</h1><p>Share</p><p>Next: 19 March 2026</p>")
    assert [c.value for c in found.published] == ["OCTOBER 13, 2025", "19 March 2026"]


def test_a_month_and_a_year_alone_come_last() -> None:
    found = _around("<h1>Harbour report</h1><p>Date: March 2021</p><p>Next: 19 March 2026</p>")
    assert found.published == (Candidate("19 March 2026", "visible:date"), Candidate("March 2021", "visible:month"))
    assert _around("<h1>Harbour report</h1><p>Room 2021</p>").published == ()


def test_first_date_of_a_page_that_states_none() -> None:
    def first(markup: str) -> tuple[Candidate, ...]:
        return find_first_date(list(html.document_fromstring(markup).iter("*")), RULES)

    assert first("<main><p>At 4 there were 12</p><p>Do 25.04.24 | 14:07 Uhr | Von <b>Eva</b></p></main>") == (
        Candidate("25.04.24 | 14:07 Uhr", "visible:page"),
    )
    assert first("<main><p>Updated: 25.04.24, 14:07</p></main>") == ()
    assert first("<main><p>25.04.24</p></main>") == ()
    assert first("<main><p>The harbour was closed on 25.04.24, 14:07</p></main>") == ()
    assert first('<main><div class="related"><p>25.04.24, 14:07</p></div></main>') == ()


def test_anywhere_by_class() -> None:
    tree = html.document_fromstring(
        '<div class="comment-author">troll77 Smith</div><div class="card-author-details"><p>Luke Beispiel</p></div>'
        '<div class="resource-author-details"><p>Jane Roe</p><small>December 17, 2025</small></div>'
    )
    found = find_by_class(list(tree.iter("*")), RULES, authors=True, dates=True)
    assert found.published == (Candidate("December 17, 2025", "visible:page"),)
    assert found.authors == (Candidate("Jane Roe", "visible:page"),)
    assert find_by_class(list(tree.iter("*")), RULES, authors=False, dates=False).authors == ()


def test_author_paths() -> None:
    assert is_author_path("https://example.org/authors/jane-roe", RULES)
    assert not is_author_path("https://example.org/authority/water", RULES)
    assert not is_author_path("/authors", RULES)
    assert not is_author_path("http://[broken", RULES)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.text(max_size=120))
def test_cut_names_gives_a_piece_of_its_line(text: str) -> None:
    names = cut_names(" ".join(text.split()), RULES)
    assert names is None or (names in " ".join(text.split()) and not any(c.isdigit() for c in names)) or "," in text
