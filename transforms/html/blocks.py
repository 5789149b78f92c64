"""Reads the chosen, pruned part of a page with BeautifulSoup into typed drafts of blocks, in document order.

Before: `<div><h2>Floods</h2><p>It <a>rained</a>.</p><hr data-cut="0"></div>`.
After: a heading, a paragraph ("It rained.", 6 of 10 characters linked) and the place of the cut piece 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._htmlparser import HTMLParserTreeBuilder
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict, NavigableString, Tag

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
_DEEP = 200
_MAX_LABELS = 600
_MAX_PATH = 12
_MAX_BOXES = 5


@dataclass(frozen=True, slots=True)
class Draft:
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


class _PlainBuilder(LXMLTreeBuilder):
    """BeautifulSoup's builder over lxml without its care for name spaces, which HTML has none of: a quarter less time."""

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes], nsmap: Any = None) -> None:
        """An element begins."""
        self.soup.handle_starttag(tag, None, None, attrib)  # type: ignore[union-attr,arg-type]

    def end(self, tag: str | bytes) -> None:
        """An element ends."""
        self.soup.handle_endtag(tag)  # type: ignore[union-attr,arg-type]


def read_blocks(markup: str, depth: int = 0) -> list[Draft]:
    """The drafts in `markup`, which is well formed; `depth` is how deeply its elements are nested."""
    # lxml drops text in deep trees when BeautifulSoup drives it; the standard library's parser is slower and does not.
    builder = _PlainBuilder if depth < _DEEP else HTMLParserTreeBuilder
    soup = BeautifulSoup(markup, builder=builder(multi_valued_attributes=None, attribute_dict_class=AttributeDict))
    drafts: list[Draft] = []
    pieces: list[str] = []
    names: list[str] = []
    labels: list[tuple[str, ...]] = []
    roles: list[str] = [""]
    boxes: list[int] = []
    opened = 0
    kinds: list[BlockKind] = [BlockKind.PARAGRAPH]
    links = anchors = breaks = 0

    def flush() -> None:
        nonlocal links, breaks
        breaks = 0
        if not pieces:
            return
        raw = "".join(pieces)
        pieces.clear()
        text = _fold_lines(raw) if kinds[-1] is BlockKind.PREFORMATTED else fold_space(raw)
        if text:
            drafts.append(
                Draft(
                    text=text,
                    kind=kinds[-1],
                    links=links,
                    path="/".join(names[-_MAX_PATH:]),
                    labels=tuple(word for level in labels[-3:] for word in level),
                    role=roles[-1],
                    boxes=tuple(boxes[-_MAX_BOXES:]),
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
                flush()
                names.pop()
                boxes.pop()
                labels.pop()
                roles.pop()
                kinds.pop()
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
            if name == "br":
                if kinds[-1] is BlockKind.PREFORMATTED:
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
                links += int(str(child.get("data-links") or 0))
                stack.append((iter(child.contents), ""))
            elif (
                name in INLINE
                or ("-" in name and not any(isinstance(inner, Tag) for inner in child.contents))
                or name == "html"
            ):
                stack.append((iter(child.contents), ""))
            elif name == "hr" and child.get("data-cut") is not None:
                flush()
                drafts.append(Draft("", BlockKind.CHROME, piece=int(str(child["data-cut"]))))
            elif name in ("td", "th") and not any(
                isinstance(inner, Tag) and inner.name not in INLINE for inner in child.contents
            ):
                pieces.append(" ")
                stack.append((iter(child.contents), "cell"))
            else:
                flush()
                names.append(name)
                opened += 1
                boxes.append(opened)
                labels.append(_labels(child))
                roles.append(str(child.get("data-role") or roles[-1]))
                kinds.append(_KINDS.get(name, kinds[-1]))
                links = int(str(child.get("data-links") or 0))
                stack.append((iter(child.contents), "block"))
    flush()
    return drafts


def _labels(tag: Tag) -> tuple[str, ...]:
    words = f"{tag.get('class', '')} {tag.get('id', '')}"
    return tuple(words[:_MAX_LABELS].lower().split())


def _fold_lines(raw: str) -> str:
    return "\n".join(line for line in (fold_space(line) for line in raw.split("\n")) if line)
