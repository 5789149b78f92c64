"""One walk finds every stretch of text and every block."""

from __future__ import annotations

import pytest

from transforms.html.outline import Outline, count_words, fold_space, make_outline
from transforms.html.tree import parse_tree


def outline(markup: str) -> Outline:
    return make_outline(parse_tree(markup).find("body"))


def texts(markup: str) -> list[str]:
    return [run.text for run in outline(markup).runs]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>It <b>rained</b>\n   all <i>day</i>.</p>", ["It rained all day."]),
        ("<p>un<b>believ</b>able</p>", ["unbelievable"]),
        ("<div>One<br>line<br><br>Two</div>", ["One line", "Two"]),
        ("<div>Loose text<p>in a paragraph</p>and after</div>", ["Loose text", "in a paragraph", "and after"]),
        ("<table><tr><td>Rain</td><td>12 mm</td></tr><tr><th>Sun</th></tr></table>", ["Rain 12 mm", "Sun"]),
        ("<table><tr><td><p>Left</p></td><td><p>Right</p></td></tr></table>", ["Left", "Right"]),
        ("<p>a<script>var b</script>c<style>d{}</style></p><noscript>e</noscript>", ["ac"]),
        ("<p>the <x-tip>word</x-tip> here</p>", ["the word here"]),
        ("<x-card><p>one</p><p>two</p></x-card>", ["one", "two"]),
        ("<p>\u200b</p><p>&nbsp;</p><p>a&nbsp;b</p>", ["a\xa0b"]),
        ("<textarea><b>typed</b></textarea>", ["<b>typed</b>"]),
    ],
)
def test_runs(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_links_are_counted_in_characters() -> None:
    (run,) = outline('<p>See <a href="/x">the <b>map</b></a> now</p>').runs
    assert (run.text, run.links) == ("See the map now", 7)
    assert run.link_density == pytest.approx(7 / 15)


def test_nodes_cover_their_runs_and_descendants() -> None:
    result = outline('<div class="Story-Body" id="main"><p>One</p><p>Two</p></div><p>Three</p>')
    body, div, first, second, third = result.nodes
    assert (body.tag, body.start, body.end, body.last) == ("body", 0, 3, 4)
    assert (div.labels, div.start, div.end, div.last, div.parent) == ("Story-Body main", 0, 2, 3, 0)
    assert [(node.start, node.end, node.parent) for node in (first, second, third)] == [(0, 1, 1), (1, 2, 1), (2, 3, 0)]
    assert [run.node for run in result.runs] == [2, 3, 4]


def test_depth_is_measured() -> None:
    assert outline("<div>" * 40 + "x" + "</div>" * 40).depth >= 40


@pytest.mark.parametrize(
    ("text", "folded"),
    [(" a \n\t b ", "a b"), ("a\u2028b", "a b"), ("a\xa0 b", "a\xa0 b"), ("\u200b \xa0", ""), ("", "")],
)
def test_fold_space(text: str, folded: str) -> None:
    assert fold_space(text) == folded


def test_scripts_without_spaces_have_words() -> None:
    assert count_words("It rained all day") == 4
    assert 8 <= count_words("昨日は一日中雨が降り続きました。") <= 12
