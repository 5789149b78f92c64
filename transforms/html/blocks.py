"""Reads the chosen, pruned part of a page with BeautifulSoup into typed drafts of blocks, in document order.

Before: `<div><h2>Floods</h2><p>It <a>rained</a>.</p><hr data-cut="0"></div>`.
After: a heading, a paragraph ("It rained.", 6 of 10 characters linked) and the place of the cut piece 0.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import AttributeDict, NavigableString, Tag
from lxml import etree

from schemas.codes import BlockKind
from transforms.html.outline import INLINE, fold_space

_KINDS = {
    "h1": BlockKind.HEADING,
    "h2": BlockKind.HEADING,
    "h3": BlockKind.HEADING,
    "h4": BlockKind.HEADING,
    "h5": BlockKind.HEADING,
    "h6": BlockKind.HEADING,
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE,
    "q": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "tr": BlockKind.TABLE_ROW,
    "pre": BlockKind.PREFORMATTED,
}
_LIKE_PRE = dict.fromkeys(("xmp", "plaintext", "listing"), "pre")
_KEPT_ATTRIBUTES = frozenset(("class", "id", "data-cut", "data-role", "data-links"))
_MAX_LABELS = 600
_MAX_PATH = 12
_MAX_BOXES = 5


class Draft(NamedTuple):
    """A block of the chosen part before it has a place in the text. `links` counts characters inside links.

    `piece` is the number of a cut piece whose text stands here instead (then `text` is empty). `boxes` number the
    elements that it stands in. `role` is what the
    pruner knew: "headline", "head" (between headline and container) or "".
    """

    text: str
    kind: BlockKind
    links: int = 0
    path: str = ""
    labels: tuple[str, ...] = ()
    role: str = ""
    piece: int | None = None
    boxes: tuple[int, ...] = ()

    @property
    def link_density(self) -> float:
        """Share of the characters inside links, 0 to 1."""
        return min(1.0, self.links / len(self.text)) if self.text else 0.0


class _TreeBuilder(HTMLTreeBuilder):
    """Tells BeautifulSoup the elements of an lxml tree one by one, so that nothing is written out and parsed once more."""

    def __init__(self, root: Any) -> None:
        super().__init__(multi_valued_attributes={}, attribute_dict_class=AttributeDict, string_containers={})
        self._root = root

    def feed(self, markup: Any) -> None:
        """Called once; `markup` is empty."""
        soup: Any = self.soup
        # Elements are hung up here: BeautifulSoup's own way links each with its neighbours, which nobody asks for.
        contents: list[Any] = soup.contents
        outer: list[list[Any]] = []
        preserved = 0  # open elements in which white space counts
        # Only what says something about a block: each attribute and each string costs an object.
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                text = element.text
                if tag == "a":
                    child = _Element(tag, {})
                else:
                    kept = {name: value for name, value in element.items() if name in _KEPT_ATTRIBUTES}
                    name = _LIKE_PRE.get(tag, tag)
                    child = _Element(name, kept)
                    if name in self.preserve_whitespace_tags:
                        preserved += 1
                    if text and text.isspace() and text.isascii():
                        text = None
                contents.append(child)
                outer.append(contents)
                contents = child.contents
            else:
                contents = outer.pop()
                if preserved and _LIKE_PRE.get(tag, tag) in self.preserve_whitespace_tags:
                    preserved -= 1
                text = element.tail
                # White space around a block says nothing.
                if text and tag != "a" and "-" not in tag and text.isspace():
                    continue
            if text:
                # As BeautifulSoup has it, ASCII white space alone is one space or line end.
                if not preserved and not text.strip(BeautifulSoup.ASCII_SPACES):
                    text = "\n" if "\n" in text else " "
                contents.append(NavigableString(text))


class _Element(Tag):
    """A Tag without what only serves changing, searching and writing a tree, which costs more than all else in making one."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.namespace = self.prefix = None
        self.attrs = attributes  # type: ignore[assignment]
        self.contents = []
        self.hidden = False


def read_blocks(root: Any) -> list[Draft]:
    """The drafts in `root`, an lxml element without comments in it."""
    soup = BeautifulSoup("", builder=_TreeBuilder(root))
    drafts: list[Draft] = []
    pieces: list[str] = []
    blocks = [_Open("", (), "", BlockKind.PARAGRAPH, 0)]
    opened = 0
    links = anchors = breaks = 0

    def flush() -> None:
        nonlocal links, breaks
        breaks = 0
        if not pieces:
            return
        block = blocks[-1]
        raw = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        text = _fold_lines(raw) if block.kind is BlockKind.PREFORMATTED else fold_space(raw)
        if text:
            drafts.append(
                Draft(
                    text=text,
                    kind=block.kind,
                    links=links,
                    path="/".join([each.name for each in blocks[1:][-_MAX_PATH:]]),
                    labels=tuple([word for each in blocks[-3:] for word in each.labels]),
                    role=block.role,
                    boxes=tuple([each.box for each in blocks[1:][-_MAX_BOXES:]]),
                )
            )
        links = 0

    stack: list[tuple[Any, str]] = [(iter(soup.contents), "")]
    while stack:
        children, closing = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if closing == "block":
                if pieces:
                    flush()
                breaks = 0
                blocks.pop()
            elif closing == "a":
                anchors -= 1
            elif closing == "cell":
                pieces.append(" ")
        elif type(child) is NavigableString:
            pieces.append(child)
            if anchors:
                links += len(child)
            if breaks and not child.isspace():
                breaks = 0
        elif isinstance(child, Tag):
            name = child.name
            attributes: Any = child.attrs
            if name == "br":
                if blocks[-1].kind is BlockKind.PREFORMATTED:
                    pieces.append("\n")
                else:
                    breaks += 1
                    pieces.append(" ")
                    if breaks > 1:
                        flush()
            elif name == "a":
                anchors += 1
                stack.append((iter(child.contents), "a"))
            elif name == "body":
                links += int(attributes.get("data-links", 0))
                stack.append((iter(child.contents), ""))
            elif (
                name in INLINE
                or ("-" in name and not any(isinstance(inner, Tag) for inner in child.contents))
                or name == "html"
            ):
                stack.append((iter(child.contents), ""))
            elif name == "hr" and "data-cut" in attributes:
                flush()
                drafts.append(Draft("", BlockKind.CHROME, piece=int(attributes["data-cut"])))
            elif name in ("td", "th") and not any(
                isinstance(inner, Tag) and inner.name not in INLINE for inner in child.contents
            ):
                pieces.append(" ")
                stack.append((iter(child.contents), "cell"))
            else:
                if pieces:
                    flush()
                breaks = 0
                outer = blocks[-1]
                labels = _labels(attributes.get("class", ""), attributes.get("id", "")) if attributes else ()
                role = attributes.get("data-role") or outer.role
                opened += 1
                blocks.append(_Open(name, labels, role, _KINDS.get(name, outer.kind), opened))
                links = int(attributes.get("data-links", 0))
                stack.append((iter(child.contents), "block"))
    flush()
    soup.contents.clear()  # the soup points at itself: else only the cycle collector could free them
    return drafts


class _Open(NamedTuple):
    """A block element that is open; `box` numbers them."""

    name: str
    labels: tuple[str, ...]
    role: str
    kind: BlockKind
    box: int


@lru_cache(maxsize=20_000)
def _labels(classes: str, own_id: str) -> tuple[str, ...]:
    return tuple(f"{classes} {own_id}"[:_MAX_LABELS].lower().split())


def _fold_lines(raw: str) -> str:
    return "\n".join(line for line in (fold_space(line) for line in raw.split("\n")) if line)
