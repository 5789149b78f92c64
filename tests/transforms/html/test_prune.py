"""Elements are cut for what they are, unless they hold the article."""

from __future__ import annotations

import pytest

from transforms.html.outline import make_outline
from transforms.html.prune import mark_nodes, open_marks, weigh
from transforms.html.rules import PageRules
from transforms.html.tree import parse_tree

RULES = PageRules.load()
PARAGRAPH = "<p>The ferry between the two islands was held in port for the third day, the harbour master said.</p>"


def cuts(markup: str) -> dict[str, str]:
    """rule id by the text of what it cuts"""
    outline = make_outline(parse_tree(markup).find("body"))
    marks = mark_nodes(outline, weigh(outline, RULES), RULES)
    return {
        " ".join(run.text for run in outline.runs[node.start : node.end]): mark.rule_id
        for node, mark in zip(outline.nodes, marks, strict=True)
        if mark is not None
    }


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<nav>x</nav>", "page.tag.nav"),
        ("<figure><figcaption>x</figcaption></figure>", "page.tag.figure"),
        ("<button>x</button>", "page.tag.button"),
        ('<div class="article-share">x</div>', "page.class.share"),
        ('<div class="newsletterSignup">x</div>', "page.class.newsletter"),
        ('<section id="comments">x</section>', "page.class.comments"),
        ('<ul class="related-articles"><li>x</li></ul>', "page.class.related"),
        ('<p class="wp-caption-text">x</p>', "page.class.caption"),
        ('<div class="ad-slot">x</div>', "page.class.advertisement"),
    ],
)
def test_small_pieces_are_cut(markup: str, rule: str) -> None:
    assert cuts(f"<article>{PARAGRAPH * 4}{markup}</article>") == {"x": rule}


@pytest.mark.parametrize("wrapper", ['<div class="sidebar">', '<div class="share">', "<nav>", "<form>", "<header>"])
def test_the_article_stays_whatever_holds_it(wrapper: str) -> None:
    assert cuts(f"{wrapper}{PARAGRAPH * 12}</div>") == {}


def test_comments_may_outweigh_the_article() -> None:
    page = f'<article>{PARAGRAPH * 3}</article><div class="comments">{PARAGRAPH * 9}</div>'
    assert list(cuts(page).values()) == ["page.class.comments"]


def test_a_table_in_a_figure_stays() -> None:
    assert cuts(f"{PARAGRAPH * 4}<figure><table><tr><td>x</td></tr></table></figure>") == {}


def test_words_match_whole_words_only() -> None:
    assert cuts(f'{PARAGRAPH * 4}<p class="shareholder shadow">x</p>') == {}


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        ('<div><img src="a"><div>The ferry in port</div></div>', {"The ferry in port": "page.image_text"}),
        ('<div><a><img src="a"><h3>Storm hits</h3></a></div>', {"Storm hits": "page.image_text"}),
        ('<div><img src="a"><p>The ferry in port</p></div>', {}),
        ("<div><div>The ferry in port</div></div>", {}),
        ('<div><img src="a"><h1>Ferry held</h1></div>', {}),
        (f'<div><img src="a"><div>{"many words " * 40}</div></div>', {}),
    ],
)
def test_text_that_stands_with_an_image(markup: str, cut: dict[str, str]) -> None:
    assert cuts(f"<article>{PARAGRAPH * 12}{markup}</article>") == cut


def test_a_rule_that_would_leave_nothing_is_not_heard() -> None:
    page = f'<div class="share">{PARAGRAPH}</div>' * 4 + '<div class="related">Storm hits</div>'
    assert cuts(page) == {"Storm hits": "page.class.related"}


@pytest.mark.parametrize("label", ["no-share", "has-share", "with-share", "without-share"])
def test_what_has_or_lacks_a_thing_is_not_the_thing(label: str) -> None:
    assert cuts(f'<article>{PARAGRAPH * 4}<p class="{label}">x</p></article>') == {}


def test_what_stands_beside_the_headline_in_a_marked_element_is_judged_by_itself() -> None:
    page = f'<div class="caption"><h1>Ferry held</h1><div class="photo-credit">x</div></div>{PARAGRAPH * 4}'
    outline = make_outline(parse_tree(page).find("body"))
    totals = weigh(outline, RULES)
    marks = mark_nodes(outline, totals, RULES)
    headline = next(index for index, node in enumerate(outline.nodes) if node.tag == "h1")
    assert [mark and mark.rule_id for mark in marks[1:4]] == ["page.class.caption", None, None]
    open_marks(outline, totals, marks, headline, RULES)
    assert [mark and mark.rule_id for mark in marks[1:4]] == [None, None, "page.class.caption"]


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        ('<div class="photo"><img src="a"><p>The ferry in port. Photo: Example</p></div>', "page.class.image_box"),
        ('<div class="photo"><p>The ferry in port</p><h2>Reaction</h2></div>', None),
        (f'<div class="photo">{PARAGRAPH * 4}</div>', None),
    ],
)
def test_captions_in_boxes_named_after_their_image(markup: str, cut: str | None) -> None:
    assert list(cuts(f"<article>{PARAGRAPH * 12}{markup}</article>").values()) == ([cut] if cut else [])


def test_factboxes_may_be_long() -> None:
    assert list(cuts(f'{PARAGRAPH * 4}<div class="factbox">{PARAGRAPH * 6}</div>').values()) == ["page.class.factbox"]
    assert cuts(f'{PARAGRAPH * 4}<div class="share">{PARAGRAPH * 6}</div>') == {}


def test_markup_for_copying_weighs_nothing() -> None:
    shown = f"<div>{'&lt;p&gt;The ferry was held in port for the third day.&lt;/p&gt; ' * 3}</div>"
    assert weigh(make_outline(parse_tree(f"<body>{shown}</body>").find("body")), RULES)[-1] == 0


def test_a_teaser_has_a_link() -> None:
    linked = '<div class="teaser"><a href="/b">Storm hits</a></div>'
    plain = '<div class="teaser">Wind came first</div>'
    assert cuts(f"<article>{PARAGRAPH * 6}{linked}{plain}</article>") == {"Storm hits": "page.class.teaser"}


def test_the_id_of_a_heading_is_no_label() -> None:
    assert cuts(f'{PARAGRAPH * 4}<h2 id="related-work">Related work</h2>') == {}
    assert list(cuts(f'{PARAGRAPH * 4}<h2 class="related">Related work</h2>').values()) == ["page.class.related"]


@pytest.mark.parametrize(
    ("button", "cut"),
    [
        ("Why was the ferry held in port?", False),
        ("<h3>The ferry in port</h3>", False),
        ("Show more", True),
        ("Forgot your password?", True),
    ],
)
def test_questions_that_fold_their_answers_stay(button: str, cut: bool) -> None:
    found = cuts(f"<article>{PARAGRAPH * 4}<button>{button}</button>{PARAGRAPH}</article>")
    assert list(found.values()) == (["page.tag.button"] if cut else [])


def test_text_that_can_be_read_aloud_is_no_player() -> None:
    page = f'{PARAGRAPH * 12}<section class="text-to-speech">{PARAGRAPH * 4}</section><div class="tts">Listen</div>'
    assert cuts(page) == {"Listen": "page.class.widget"}


@pytest.mark.parametrize(
    ("inner", "cut"),
    [
        ('<h3><a href="/b">Storm hits the coast</a></h3><p>Trees fell on Friday night.</p>', True),
        ('<h3><span>Weather</span><div><a href="/b">Storm hits the coast</a></div></h3><p>Trees fell.</p>', True),
        ('<p><a href="/b">Storm hits the northern coast</a></p>', True),
        ("<h3>14:05: the ferry leaves</h3><p>It turned back after an hour.</p>", False),
    ],
)
def test_small_articles_that_announce_others_go(inner: str, cut: bool) -> None:
    found = cuts(f"<main>{PARAGRAPH * 9}<article>{inner}</article></main>")
    assert list(found.values()) == (["page.tag.article"] if cut else [])
