"""Finds the next article that a page appends to its own: infinite scroll, "continue with", a day's reports on one page.

Before: `<main><div class="story"><h1>Rain</h1>…</div><div class="story"><h1>Bread wins prize</h1>…</div></main>`.
After: the second div is marked `page.next_article`; so is an <article> with an h1 of its own inside the first.

A second h1 alone says nothing: page builders set subheads as h1. It must open an element that is built like the one with the
page's own headline, or that is an <article>, with running text before it and in it.
"""

from __future__ import annotations

from schemas.codes import Category
from schemas.records import Cut
from transforms.html.outline import Outline
from transforms.html.prune import Marks
from transforms.html.rules import PageRules

NEXT_ARTICLE = Cut("page.next_article", Category.RELATED)
_MOST = 40
"""Later h1 that are looked at: more are a list of something."""


def mark_next_articles(
    outline: Outline, totals: list[int], marks: Marks, own: int, others: list[int], rules: PageRules
) -> None:
    """Marks, in place, the elements of other articles after the node `own`, the h1 of the page's own article, with those of the
    h1 `others` that open them."""
    nodes = outline.nodes
    later = [heading for heading in others if heading > nodes[own].last]
    for heading in later[:_MOST]:
        top = _opened_by(outline, totals, heading, own)
        if (
            top != heading
            and marks[top] is None
            and (nodes[top].tag == "article" or _is_built_like(outline, top, own))
            and totals[nodes[top].start] - totals[nodes[own].end] >= rules.limits.min_kept_words
            and totals[nodes[top].end] - totals[nodes[top].start] >= rules.limits.join_min_words
        ):
            marks[top] = NEXT_ARTICLE


def _opened_by(outline: Outline, totals: list[int], heading: int, own: int) -> int:
    """The outermost element around `heading` without running text before it in that element, and without `own` in it."""
    nodes = outline.nodes
    top = heading
    while True:
        parent = nodes[top].parent
        if parent < 0 or parent <= own <= nodes[parent].last:
            return top
        if totals[nodes[heading].start] > totals[nodes[parent].start]:
            return top
        top = parent


def _is_built_like(outline: Outline, top: int, own: int) -> bool:
    """Whether the element beside `top` that holds `own` has the same tag and labels."""
    nodes = outline.nodes
    beside = own
    while nodes[beside].parent != nodes[top].parent:
        beside = nodes[beside].parent
        if beside < 0:
            return False
    return beside != own and (nodes[beside].tag, nodes[beside].labels) == (nodes[top].tag, nodes[top].labels)
