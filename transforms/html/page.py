"""Parses one page: markup in, the page's markup-free text out, as typed blocks, with the main content chosen.

Before: `<nav>Home</nav><article><h1>Rain</h1><p>It rained.</p></article>`.
After: text "Home\\nRain\\nIt rained.", blocks chrome (cut: page.outside_main), headline and paragraph.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from schemas.codes import BlockKind, RejectCode
from schemas.errors import RecordError
from schemas.records import Block, Cut, DecodedDocument, PageMetadata, ParsedDocument
from transforms.collector import collector_paused
from transforms.fold import fold_text
from transforms.html.blocks import Draft, read_blocks
from transforms.html.carve import OUTSIDE, Piece, carve
from transforms.html.judge import Verdict, judge_blocks
from transforms.html.main_content import MainContent, choose_main, split_headings
from transforms.html.next_article import mark_next_articles
from transforms.html.outline import Outline, make_outline
from transforms.html.prune import Marks, Spared, mark_nodes, open_marks, weigh
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree
from transforms.metadata.page_metadata import collect


@collector_paused()
def parse_page(document: DecodedDocument, rules: PageRules) -> ParsedDocument:
    """The typed blocks of a page. Every visible character of its body is in exactly one block.

    Raises RecordError: `no_text` where nothing is visible, `too_deep` where elements are nested beyond the limit.
    """
    tree = parse_tree(document.text, document.encoded)
    # Holding on to the elements keeps lxml from making an object for each of them once more in every walk.
    held = list(tree.iter("*"))
    metadata = collect(tree, document.source.url, held)
    parsed = read_tree(document, tree, metadata, rules)
    del held
    return parsed


def read_tree(document: DecodedDocument, tree: Any, metadata: PageMetadata, rules: PageRules) -> ParsedDocument:
    """The typed blocks of a page whose tree, which is used up, and metadata are known. Raises what `parse_page` raises."""
    found = choose_in(tree, metadata, rules)
    pieces, kept = carve(found.outline, found.marks, found.main)
    drafts = read_blocks(kept)
    root = found.outline.nodes[found.main.root]
    authors = frozenset(fold_text(author.value) for author in metadata.authors)
    verdicts = judge_blocks(drafts, found.titles, rules, authors)
    text, blocks = _assemble(found.outline, drafts, pieces, root.start, root.end, verdicts)
    return ParsedDocument(
        source=document.source,
        charset=document.charset,
        text=text,
        blocks=blocks,
        metadata=metadata,
        normalizations=document.normalizations,
    )


class Found(NamedTuple):
    """A page with its main content chosen: what the choice was made from, and the choice."""

    titles: frozenset[str]
    outline: Outline
    totals: list[int]
    marks: Marks
    main: MainContent


def choose_in(tree: Any, metadata: PageMetadata, rules: PageRules, spared: list[Spared] | None = None) -> Found:
    """The choice of a page's main content; `spared` as for `mark_nodes`. Raises what `parse_page` raises."""
    body = tree.find("body") if tree.tag != "body" else tree
    if body is None:
        raise RecordError(RejectCode.NO_TEXT, "the page has no body")
    outline = make_outline(body)
    if outline.depth > rules.limits.max_depth:
        raise RecordError(RejectCode.TOO_DEEP, f"elements are nested {outline.depth} deep")
    if not outline.runs:
        raise RecordError(RejectCode.NO_TEXT, "the page shows no text")
    totals = weigh(outline, rules)
    marks = mark_nodes(outline, totals, rules, spared)
    titles = frozenset(fold_text(title.value) for title in metadata.headline)
    stated = frozenset(fold_text(title.value) for title in metadata.headline if title.source != "h1")
    own, others = split_headings(outline, stated)
    if own:
        # Pages say their headline again, for print or for a screen reader; another article comes after the last of them.
        mark_next_articles(outline, totals, marks, own[-1], others, rules)
    main = choose_main(outline, totals, marks, titles, rules, own[0] if own else -1)
    if main.headline is not None:
        open_marks(outline, totals, marks, main.headline, rules)
    return Found(titles, outline, totals, marks, main)


def _assemble(
    outline: Outline,
    drafts: list[Draft],
    pieces: list[Piece],
    start: int,
    end: int,
    verdicts: list[Verdict],
) -> tuple[str, tuple[Block, ...]]:
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
            place = (draft.link_density, draft.path, draft.labels)
            blocks.append(Block(offset, offset + len(text), kind, *place, cut=cut, boxes=draft.boxes))
        lines.append(text)
        offset += len(text) + 1

    def runs(first: int, after: int) -> str:
        return "\n".join(run.text for run in outline.runs[first:after])

    add(runs(0, start), BlockKind.CHROME, OUTSIDE)
    for draft, (kind, cut) in zip(drafts, verdicts, strict=True):
        if draft.piece is not None:
            piece = pieces[draft.piece]
            add(runs(piece.start, piece.end), BlockKind.CHROME, piece.cut)
        else:
            add(draft.text, kind, cut, draft)
    add(runs(end, len(outline.runs)), BlockKind.CHROME, OUTSIDE)
    return "\n".join(lines), tuple(blocks)
