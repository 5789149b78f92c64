"""The article is where the paragraphs are."""

from __future__ import annotations

import pytest

from transforms.html.main_content import choose_main
from transforms.html.outline import make_outline
from transforms.html.prune import mark_nodes, weigh
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree

RULES = PageRules.load()
PARAGRAPH = "<p>The ferry between the two islands was held in port for the third day, the harbour master said.</p>"
TEASER = '<article class="card"><h2>Storm</h2><p>Trees fell across the northern road on Friday night.</p></article>'


def chosen(markup: str, *titles: str) -> tuple[list[str], str | None]:
    """labels of the containers, and the headline's text"""
    outline = make_outline(parse_tree(markup).find("body"))
    totals = weigh(outline, RULES)
    main = choose_main(outline, totals, mark_nodes(outline, totals, RULES), frozenset(titles), RULES)
    headline = None
    if main.headline is not None:
        node = outline.nodes[main.headline]
        headline = " ".join(run.text for run in outline.runs[node.start : node.end])
    return [outline.nodes[index].labels or outline.nodes[index].tag for index in main.containers], headline


@pytest.mark.parametrize(
    ("markup", "containers"),
    [
        (f'{TEASER * 2}<div class="text">{PARAGRAPH * 12}</div>{TEASER}', ["text"]),
        (f"<main><article>{PARAGRAPH * 5}</article>{TEASER}</main>", ["article"]),
        (f'<div class="a"><div class="entry-content">{PARAGRAPH * 4}</div>{PARAGRAPH * 2}</div>', ["entry-content"]),
        (f'<div class="a"><div itemprop="articleBody">{PARAGRAPH * 4}</div>{PARAGRAPH * 2}</div>', ["div"]),
        (f'<div class="b x">{PARAGRAPH * 9}</div><p>ad</p><div class="b x">{PARAGRAPH * 2}</div>', ["b x", "b x"]),
        (
            f'<div class="article-text"><p>{PARAGRAPH}</p><div class="x">{PARAGRAPH * 9}</div>{PARAGRAPH}</div>',
            ["article-text"],
        ),
        ("<p>one</p><p>two</p>", ["body"]),
    ],
)
def test_containers(markup: str, containers: list[str]) -> None:
    assert chosen(markup)[0] == containers


def test_the_article_of_the_stated_headline_wins_over_longer_ones() -> None:
    own = f'<article class="own"><h1>Ferry held</h1>{PARAGRAPH * 4}</article>'
    next_one = f'<article class="next"><h2>Storm hits</h2>{PARAGRAPH * 20}</article>'
    assert chosen(f"<main>{own}{next_one}</main>", "ferry held") == (["own"], "Ferry held")
    assert chosen(f"<main>{own}{next_one}</main>")[0] == ["next"]


def test_parts_of_the_article_in_sections_of_their_own_are_joined() -> None:
    first, second = (
        f'<section><div><div><div class="article-text">{PARAGRAPH * count}</div></div></div></section>'
        for count in (9, 4)
    )
    assert chosen(f"<div>{first}<aside>x</aside>{second}</div>")[0] == ["article-text", "article-text"]


@pytest.mark.parametrize(
    ("markup", "titles", "headline"),
    [
        (f"<h1>Ferry held</h1><article>{PARAGRAPH * 4}</article>", (), "Ferry held"),
        (f"<article><h1>Ferry held</h1>{PARAGRAPH * 4}</article>", (), "Ferry held"),
        (f"<h1>The Daily Example</h1><h1>Ferry held</h1><article>{PARAGRAPH * 4}</article>", (), "Ferry held"),
        (
            f"<h1>Ferry held</h1><h1>Live</h1><article>{PARAGRAPH * 4}</article>",
            ("ferry held",),
            "Ferry held",
        ),
        (f"<article>{PARAGRAPH * 14}<h1>What comes next</h1>{PARAGRAPH}</article>", (), None),
        (f"<h1>Site</h1><ul>{'<li>Section</li>' * 200}</ul><article>{PARAGRAPH * 4}</article>", (), None),
    ],
)
def test_headlines(markup: str, titles: tuple[str, ...], headline: str | None) -> None:
    assert chosen(markup, *titles)[1] == headline
