"""Walks a page's tree once and writes down what every later decision needs: its stretches of text and its blocks.

Before: `<div class="Story-Body"><p>One <a href="/t">two</a>.</p></div>`.
After: one Run ("One two.", 3 of 8 characters linked) and Nodes for body, div (labels "story-body") and p over it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

_INVISIBLE_WORDS = """
    script style noscript template svg head title meta link base object embed iframe canvas audio video map area
    param source track datalist annotation annotation-xml applet noframes noembed
"""
INVISIBLE = frozenset(_INVISIBLE_WORDS.split())
"""Elements whose text no reader sees in the page."""

_INLINE_WORDS = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rb rp rt rtc ruby s samp
    small span strike strong sub sup time tt u var wbr img picture input label meter output progress slot blink
    math semantics mrow mi mo mn ms mtext msup msub msubsup mfrac msqrt mroot mover munder munderover mstyle
    mspace mpadded mphantom menclose mmultiscripts mprescripts none merror
"""
INLINE = frozenset(_INLINE_WORDS.split())
"""Elements that don't interrupt a line of text. Every other element does."""

INLINE_TAGS_TO_UNWRAP = tuple(sorted(INLINE - {"a"}))

# White space that folds to one space. A no-break space is text here: the text cleaner records what it does with it.
_SPACE = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PLAIN = " \t\n\r"
_UNSEEN = " \t\n\r\f\v\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def fold_space(text: str) -> str:
    """`text` with each stretch of white space as one space and none at the ends; empty where nothing can be seen."""
    folded = " ".join(text.split())
    if text.isascii():
        return folded
    # str.split folds ASCII white space fast, but also eats the odd spaces that are text here.
    if folded != text.strip(_PLAIN) and _ODD_SPACE.search(text):
        folded = _SPACE.sub(" ", text).strip(" ")
    return folded if folded.strip(_UNSEEN) else ""


def count_words(text: str) -> int:
    """Words in `text`; scripts written without spaces count half a word a character, about what a translation has."""
    words = text.count(" ") + 1
    if not text.isascii() and len(text) > 12 * words:
        words += len(_UNSPACED.findall(text)) // 2
    return words


@dataclass(slots=True)
class Run:
    """A stretch of text between two block boundaries. `text` is folded; `links` counts its characters inside links.

    `node` is the index of the block element that holds it; `breaks` is set where a `<br><br>` ended the run before.
    """

    text: str
    words: int
    links: int
    node: int

    @property
    def link_density(self) -> float:
        """Share of the characters inside links, 0 to 1."""
        return min(1.0, self.links / len(self.text))


@dataclass(slots=True)
class Node:
    """A block element: `runs[start:end]` of the outline are its text. `labels` are its class and id, lower case."""

    element: Any
    tag: str
    parent: int
    start: int
    labels: str
    end: int = 0
    last: int = 0


@dataclass(slots=True)
class Outline:
    """A page's block elements and runs, both in document order. `nodes[0]` is the body. `images` has, for each image,
    the node that holds it.

    The descendants of node i are nodes i+1 … nodes[i].last. `depth` is the deepest nesting, in elements.
    """

    nodes: list[Node]
    runs: list[Run]
    images: list[int]
    depth: int


def make_outline(body: Any) -> Outline:
    """The outline of everything below `body`, an lxml element without comments in it, which is left as it is."""
    nodes: list[Node] = []
    runs: list[Run] = []
    images: list[int] = []
    pieces: list[str] = []
    links = 0  # characters of `pieces` inside links
    anchors = 0  # links that are open
    breaks = 0  # <br> since the last visible character
    current = -1
    deepest = 0
    sorts: list[int] = []  # what the open elements are
    # One flat pass in C: an iterator over the children of each element would cost three times as much. Pages have a thousand
    # elements, so this loop calls nothing that it need not.
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            tag = element.tag
            sort = _SORTS.get(tag, _BLOCK)
            if sort == _BLOCK:
                if "-" in tag and not len(element):
                    sort = _INLINE
            elif sort == _HIDDEN:
                sorts.append(sort)
                walk.skip_subtree()
                continue
            elif sort == _CELL and _is_layout_cell(element):
                sort = _BLOCK
            sorts.append(sort)
            if len(sorts) > deepest:
                deepest = len(sorts)
            text = element.text
            if sort == _BLOCK:
                if pieces:
                    _end_run(runs, pieces, links, current)
                    links = breaks = 0
                labels = element.get("class", "")
                own_id = element.get("id")
                nodes.append(Node(element, tag, current, len(runs), f"{labels} {own_id}" if own_id else labels))
                current = len(nodes) - 1
            elif sort == _LINK:
                anchors += 1
            elif sort == _IMAGE:
                images.append(current)
            elif sort != _INLINE and pieces:
                pieces.append(" ")
                if sort == _BREAK:
                    breaks += 1
                    if breaks > 1:
                        _end_run(runs, pieces, links, current)
                        links = breaks = 0
        else:
            sort = sorts.pop()
            text = element.tail
            if sort == _BLOCK:
                if pieces:
                    _end_run(runs, pieces, links, current)
                    links = breaks = 0
                node = nodes[current]
                node.end = len(runs)
                node.last = len(nodes) - 1
                current = node.parent
                if current < 0:
                    break
            elif sort == _LINK:
                anchors -= 1
            elif sort == _CELL:
                text = f" {text or ''}"
        # White space at the start of a run is not taken up.
        if text:
            if not text.isspace():
                pieces.append(text)
                breaks = 0
                if anchors:
                    links += len(text)
            elif pieces:
                pieces.append(" ")
    return Outline(nodes, runs, images, deepest)


def _end_run(runs: list[Run], pieces: list[str], links: int, node: int) -> None:
    """Adds what `pieces` hold to `runs`, if any of it can be seen, and empties them."""
    text = fold_space(pieces[0] if len(pieces) == 1 else "".join(pieces))
    pieces.clear()
    if text:
        runs.append(Run(text, count_words(text), links, node))


_INLINE, _BLOCK, _LINK, _CELL, _BREAK, _IMAGE, _HIDDEN = range(7)
_SORTS = {
    **dict.fromkeys(INLINE, _INLINE),
    **dict.fromkeys(INVISIBLE, _HIDDEN),
    "a": _LINK,
    "br": _BREAK,
    "img": _IMAGE,
    "td": _CELL,
    "th": _CELL,
}


def _is_layout_cell(cell: Any) -> bool:
    """Whether a table cell is there for layout: it holds blocks of its own."""
    return any(type(child.tag) is str and child.tag not in INLINE for child in cell)
