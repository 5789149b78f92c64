"""Only elements built like an article of their own, behind the page's own, are the next article."""

from __future__ import annotations

import pytest

from transforms.html.main_content import split_headings
from transforms.html.next_article import mark_next_articles
from transforms.html.outline import make_outline
from transforms.html.prune import Marks, weigh
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree

RULES = PageRules.load()
TEXT = "<p>The ferry between the two islands was held in port for the third day, the harbour master said.</p>" * 4


def marked(markup: str) -> list[str]:
    """The labels of the elements that are marked."""
    outline = make_outline(parse_tree(f"<html><body>{markup}</body></html>").find("body"))
    totals = weigh(outline, RULES)
    own, others = split_headings(outline, frozenset(("ferry held in port example gazette",)))
    marks: Marks = [None] * len(outline.nodes)
    mark_next_articles(outline, totals, marks, own[-1], others, RULES)
    return [node.labels for node, mark in zip(outline.nodes, marks, strict=True) if mark is not None]


@pytest.mark.parametrize(
    ("markup", "labels"),
    [
        (f"<div>{{own}}{TEXT}</div><div>{{next}}{TEXT}</div>", [""]),
        (f"<article>{{own}}{TEXT}<article class=b>{{next}}{TEXT}</article></article>", ["b"]),
        (f"<div class=a>{{own}}{TEXT}</div><div class=b>{{next}}{TEXT}</div>", []),
        (f"{{own}}<article class=b>{{next}}{TEXT}</article>", []),
        (f"<article>{{own}}{TEXT}<article class=b>{{next}}</article></article>", []),
        (f"<article>{{own}}{TEXT}<article class=b>{{own}}{TEXT}</article></article>", []),
        (f"<main>{{own}}{TEXT}{{next}}{TEXT}</main>", []),
    ],
)
def test_marks(markup: str, labels: list[str]) -> None:
    filled = markup.format(own="<h1>Ferry held in port</h1>", next="<h1>Prize for bread</h1>")
    assert marked(filled) == labels
