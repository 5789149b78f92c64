"""Parses one page: markup in, the page's markup-free text out, as typed blocks, with the main content chosen.

Before: `<nav>Home</nav><article><h1>Rain</h1><p>It rained.</p></article>`.
After: text "Home\\nRain\\nIt rained.", blocks chrome (cut: page.outside_main), headline and paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from schemas.codes import BlockKind, Category, RejectCode
from schemas.errors import RecordError
from schemas.records import Block, Cut, DecodedDocument, PageMetadata, ParsedDocument
from transforms.fold import fold_text
from transforms.html.blocks import Draft, read_blocks
from transforms.html.judge import judge_blocks
from transforms.html.main_content import MainContent, choose_main
from transforms.html.outline import INLINE_TAGS_TO_UNWRAP, INVISIBLE, Outline, make_outline
from transforms.html.prune import Marks, mark_nodes, weigh
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree

OUTSIDE = Cut("page.outside_main", Category.PAGE_CHROME)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of `outline.runs[start:end]` that BeautifulSoup does not read, and why."""

    start: int
    end: int
    cut: Cut


def parse_page(document: DecodedDocument, rules: PageRules) -> ParsedDocument:
    """The typed blocks of a page. Every visible character of its body is in exactly one block.

    Raises RecordError: `no_text` where nothing is visible, `too_deep` where elements are nested beyond the limit.
    """
    tree = parse_tree(document.text)
    metadata = _metadata(tree, document.source.url)
    body = tree.find("body") if tree.tag != "body" else tree
    if body is None:
        raise RecordError(RejectCode.NO_TEXT, "the page has no body")
    outline = make_outline(body)
    if outline.depth > rules.limits.max_depth:
        raise RecordError(RejectCode.TOO_DEEP, f"elements are nested {outline.depth} deep")
    if not outline.runs:
        raise RecordError(RejectCode.NO_TEXT, "the page shows no text")
    totals = weigh(outline, rules)
    marks = mark_nodes(outline, totals, rules)
    titles = frozenset(fold_text(title.value) for title in metadata.headline)
    main = choose_main(outline, totals, marks, titles, rules)
    pieces, markup = _cut_tree(outline, marks, main)
    drafts = read_blocks(markup, outline.depth)
    root = outline.nodes[main.root]
    text, blocks = _assemble(outline, drafts, pieces, root.start, root.end, rules, titles)
    return ParsedDocument(
        source=document.source,
        charset=document.charset,
        text=text,
        blocks=blocks,
        metadata=metadata,
        normalizations=document.normalizations,
    )


def _metadata(tree: Any, url: str | None) -> PageMetadata:
    try:
        from transforms.page_metadata import collect
    except ImportError:
        return PageMetadata()
    return collect(tree, url)


def _cut_tree(outline: Outline, marks: Marks, main: MainContent) -> tuple[list[Piece], str]:
    """Replaces what is cut by numbered places, strips what BeautifulSoup need not see, and serialises the rest.

    Changes the tree: nothing reads it afterwards.
    """
    nodes = outline.nodes
    pieces: list[Piece] = []
    spans = [(container, nodes[container].last) for container in main.containers]
    first = nodes[main.containers[0]].start
    headline = main.headline
    index = main.root + 1
    last = nodes[main.root].last
    root = nodes[main.root].element
    direct = {run.node for run in outline.runs[nodes[main.root].start : nodes[main.root].end]}
    etree.strip_attributes(root, *_OWN_ATTRIBUTES)
    while index <= last:
        node = nodes[index]
        cut = marks[index]
        holds_main = any(index <= start <= node.last for start, _ in spans)
        holds_headline = headline is not None and index <= headline <= node.last
        inside = any(start < index <= end for start, end in spans)
        if cut is None and not inside and not holds_main and not holds_headline:
            if node.end <= first and headline is not None and index > headline:
                node.element.set("data-role", "head")
                index += 1
                continue
            cut = OUTSIDE
        if holds_main or holds_headline:
            cut = None
        element = node.element
        if index == headline:
            element.set("data-role", "headline")
        if cut is None or node.start == node.end:
            if index == node.last and node.end - node.start == 1:
                # One run: its links are counted, so BeautifulSoup need not build an object for each.
                element.set("data-links", str(outline.runs[node.start].links))
                etree.strip_tags(element, "a")
            elif index not in direct:
                # Nothing would be lost or joined by leaving these out, and each would cost an object.
                if node.start == node.end and node.parent not in direct:
                    element.clear(keep_tail=True)
                    element.tag = "template"
                    index = node.last
                elif node.tag == "div" and not node.labels and index != main.root:
                    element.tag = "span"
            index += 1
            continue
        element.clear(keep_tail=True)
        element.tag = "hr"
        element.set("data-cut", str(len(pieces)))
        pieces.append(Piece(node.start, node.end, cut))
        index = node.last + 1
    etree.strip_elements(root, *INVISIBLE, with_tail=False)
    etree.strip_tags(root, *INLINE_TAGS_TO_UNWRAP)
    for element in root.iter():
        attributes = element.attrib
        if element.tag == "a":
            attributes.clear()
            continue
        if element.tag in _RAW:
            element.tag = "pre"
        if len(attributes) > _MANY:
            # Deleting one by one would be quadratic on elements with thousands of attributes.
            kept = [(name, attributes.get(name)) for name in sorted(_KEPT_ATTRIBUTES)]
            attributes.clear()
            for name, value in kept:
                if value is not None:
                    attributes[name] = value
        else:
            for name in attributes:
                if name not in _KEPT_ATTRIBUTES:
                    del attributes[name]
        tail = element.tail
        if tail and "-" not in element.tag and tail.isspace():
            element.tail = None
    return pieces, etree.tostring(root, encoding="unicode", method="html", with_tail=False)


_OWN_ATTRIBUTES = ("data-cut", "data-role", "data-links")
_KEPT_ATTRIBUTES = frozenset(("class", "id", *_OWN_ATTRIBUTES))
_MANY = 50
_RAW = frozenset(("xmp", "plaintext", "listing"))  # their text would be read as markup, or never end


def _assemble(
    outline: Outline,
    drafts: list[Draft],
    pieces: list[Piece],
    start: int,
    end: int,
    rules: PageRules,
    titles: frozenset[str],
) -> tuple[str, tuple[Block, ...]]:
    cuts = judge_blocks(drafts, titles, rules)
    lines: list[str] = []
    blocks: list[Block] = []
    offset = 0

    def add(text: str, kind: BlockKind, cut: Cut | None, draft: Draft | None = None) -> None:
        nonlocal offset
        if not text:
            return
        previous = blocks[-1] if blocks else None
        if (
            cut is not None
            and kind is BlockKind.CHROME
            and previous is not None
            and previous.kind is kind
            and previous.cut == cut
        ):
            blocks[-1] = Block(previous.start, offset + len(text), kind, cut=cut)
        elif draft is None:
            blocks.append(Block(offset, offset + len(text), kind, cut=cut))
        else:
            blocks.append(Block(offset, offset + len(text), kind, draft.link_density, draft.path, draft.labels, cut))
        lines.append(text)
        offset += len(text) + 1

    def runs(first: int, after: int) -> str:
        return "\n".join(run.text for run in outline.runs[first:after])

    add(runs(0, start), BlockKind.CHROME, OUTSIDE)
    for draft, (kind, cut) in zip(drafts, cuts, strict=True):
        if draft.piece is not None:
            piece = pieces[draft.piece]
            add(runs(piece.start, piece.end), BlockKind.CHROME, piece.cut)
        else:
            add(draft.text, kind, cut, draft)
    add(runs(end, len(outline.runs)), BlockKind.CHROME, OUTSIDE)
    return "\n".join(lines), tuple(blocks)
