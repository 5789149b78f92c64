"""Carves the chosen part out of a page's tree: numbered places where something was cut, and nothing that would only cost time.

Before: `<main><article><div class="share">Mail</div><p style="…">It <b>rained</b>.</p></article><p>Ad</p></main>`.
After: `<main><article><hr data-cut="0"><p data-links="0" style="…">It rained.</p></article><hr data-cut="1"></main>`, and what
the pieces 0 and 1 are. BeautifulSoup costs per tag and string, so it sees only what says something about a block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from schemas.codes import Category
from schemas.records import Cut
from transforms.html.main_content import MainContent
from transforms.html.outline import INLINE_TAGS_TO_UNWRAP, INVISIBLE, Outline
from transforms.html.prune import Marks

OUTSIDE = Cut("page.outside_main", Category.PAGE_CHROME)
_OWN_ATTRIBUTES = ("data-cut", "data-role", "data-links")
_VERY_MANY = 2000
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What a page may hold by reference (`&#11;`), and lxml reads but does not write."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of `outline.runs[start:end]` that BeautifulSoup does not read, and why."""

    start: int
    end: int
    cut: Cut


def carve(outline: Outline, marks: Marks, main: MainContent) -> tuple[list[Piece], Any]:
    """The pieces that are cut from the main content's root, and the root with what is left.

    Changes the tree under `main.root`: it must not be read afterwards.
    """
    nodes = outline.nodes
    root = nodes[main.root]
    direct = {run.node for run in outline.runs[root.start : root.end]}
    etree.strip_attributes(root.element, *_OWN_ATTRIBUTES)  # a page's own would be believed
    pieces: list[Piece] = []
    if main.root == root.last and root.end - root.start == 1:  # nothing but one run, maybe of 100,000 links
        root.element.set("data-links", str(outline.runs[root.start].links))
        _flatten(root.element, outline.runs[root.start].text)
    index = main.root + 1
    while index <= root.last:
        node = nodes[index]
        element = node.element
        cut = _cut_of(outline, marks, main, index)
        if cut is not None and node.start < node.end:
            element.clear(keep_tail=True)
            element.tag = "hr"
            element.set("data-cut", str(len(pieces)))
            pieces.append(Piece(node.start, node.end, cut))
            index = node.last
        elif index == node.last and node.end - node.start == 1:
            # One run: its links are counted, so BeautifulSoup need not build an object for each.
            element.set("data-links", str(outline.runs[node.start].links))
            _flatten(element, outline.runs[node.start].text)
        elif index not in direct:
            # Nothing would be lost or joined by leaving these out, and each would cost an object.
            if node.start == node.end and node.parent not in direct:
                element.clear(keep_tail=True)
                element.tag = "template"
                index = node.last
            elif node.tag == "div" and not node.labels:
                element.tag = "span"
        index += 1
    _unwrap(root.element)
    root.element.tail = None
    return pieces, root.element


def _flatten(element: Any, text: str) -> None:
    """Leaves the bare text of an element that is one run, with spaces where a table's cells or one `<br>` part words."""
    if len(element) > _VERY_MANY and element.tag not in _LINED and next(element.iterancestors("pre"), None) is None:
        # Unwrapping one by one is quadratic; `text` is what would be left.
        if _UNWRITABLE.search(text) is None:
            del element[:]
            element.text = text
        return
    etree.strip_tags(element, "a")
    parting = [inner for inner in element.iter("br", "td", "th") if inner is not element]
    if not parting:
        return
    # Two <br> part lines, and so does any in what is preformatted or in a table's cell.
    broken = any(inner.tag == "br" for inner in parting)
    if broken and (len(parting) > 1 or element.tag in _LINED or next(element.iterancestors("pre"), None) is not None):
        return
    _unwrap(element)
    for inner in parting:
        tail = inner.tail
        if _UNWRITABLE.search(f"{inner.text}{tail}"):
            for beside in (inner.addprevious, inner.addnext):
                space = etree.Element("br")
                space.text = " "
                beside(space)
            continue
        inner.text = f" {inner.text or ''}"
        inner.tail = f" {tail}" if tail and not tail.isspace() else " "
    etree.strip_tags(element, "br", "td", "th")


_LINED = frozenset(("pre", "td", "th"))


def _cut_of(outline: Outline, marks: Marks, main: MainContent, index: int) -> Cut | None:
    """Why a node below the root is cut, or None; tells the reader of what is kept where headline and head are."""
    node = outline.nodes[index]
    headline = main.headline
    if headline is not None and index <= headline <= node.last:
        if index == headline:
            node.element.set("data-role", "headline")
        return None
    for container in main.containers:
        if index <= container <= node.last:
            return None
        if container < index <= outline.nodes[container].last:
            return marks[index]
    if marks[index] is not None:
        return marks[index]
    if headline is not None and headline < index and node.end <= outline.nodes[main.containers[0]].start:
        node.element.set("data-role", "head")
        return None
    return OUTSIDE


def _unwrap(element: Any) -> None:
    etree.strip_elements(element, *INVISIBLE, with_tail=False)
    etree.strip_tags(element, *INLINE_TAGS_TO_UNWRAP)
