"""BeautifulSoup reads the chosen part into typed drafts."""

from __future__ import annotations

import pytest
from lxml import etree

from schemas.codes import BlockKind
from transforms.html.blocks import Draft, read_blocks


def read(markup: str) -> list[Draft]:
    return read_blocks(etree.fromstring(markup, etree.HTMLParser(huge_tree=True)))


@pytest.mark.parametrize(
    ("markup", "kind", "text"),
    [
        ("<p>One  two</p>", BlockKind.PARAGRAPH, "One two"),
        ("<h3>Floods</h3>", BlockKind.HEADING, "Floods"),
        ("<ul><li><p>First</p></li></ul>", BlockKind.LIST_ITEM, "First"),
        ("<dl><dd>Meaning</dd></dl>", BlockKind.LIST_ITEM, "Meaning"),
        ("<blockquote><p>Quoted</p></blockquote>", BlockKind.QUOTE, "Quoted"),
        ("<figcaption>A ferry</figcaption>", BlockKind.CAPTION, "A ferry"),
        ("<table><tr><td>Rain</td><td>12</td></tr></table>", BlockKind.TABLE_ROW, "Rain 12"),
        ("<pre>a\n  b\n\nc</pre>", BlockKind.PREFORMATTED, "a\nb\nc"),
        ("<div>Loose</div>", BlockKind.PARAGRAPH, "Loose"),
    ],
)
def test_kinds(markup: str, kind: BlockKind, text: str) -> None:
    (draft,) = read(markup)
    assert (draft.kind, draft.text) == (kind, text)


def test_links_path_and_labels() -> None:
    (draft,) = read('<div class="Story Lead" id="Top"><p>See <a>the map</a></p></div>')
    assert draft.path == "div/p"
    assert draft.labels == ("story", "lead", "top")
    assert draft.link_density == pytest.approx(7 / 11)


def test_links_that_were_counted_before() -> None:
    (draft,) = read('<p data-links="7">See the map</p>')
    assert draft.links == 7


def test_cut_pieces_keep_their_place() -> None:
    drafts = read('<div>One<hr data-cut="0"><p>Two</p><hr></div>')
    assert [(draft.text, draft.piece) for draft in drafts] == [("One", None), ("", 0), ("Two", None)]


def test_roles_are_inherited() -> None:
    drafts = read('<header data-role="head"><p>Lead</p></header><h1 data-role="headline">Title</h1><p>Text</p>')
    assert [draft.role for draft in drafts] == ["head", "headline", ""]


@pytest.mark.parametrize("depth", [100, 250, 1400])
def test_deep_markup_is_read(depth: int) -> None:
    drafts = read("<div>" * depth + "<p>deep</p>" + "</div>" * depth)
    assert [draft.text for draft in drafts] == ["deep"]
    assert len(drafts[0].path) < 100
