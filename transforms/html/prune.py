"""Marks the elements that are no body text by what they are: navigation, captions, share bars, comments and their like.

Before: `<article>… <div class="share-bar">Tweet</div> …</article>`. After: the div's mark names `page.class.share`.
A class name alone never decides: what holds much of the page's paragraph text stays (sites call whole articles
"sidebar-grid" or leave a <nav> unclosed), and where the marks together leave too little, the class marks are dropped.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from schemas.codes import Category
from schemas.records import Cut
from transforms.html.outline import Node, Outline, Run
from transforms.html.rules import ClassRule, PageRules, TagRule

Marks = list[Cut | None]


def paragraph_weight(run: Run, rules: PageRules) -> int:
    """How much a run says about where the article is: its length where it reads like a paragraph, else 0."""
    limits = rules.limits
    if run.words < limits.paragraph_min_words or run.link_density > limits.paragraph_max_links:
        return 0
    if run.text.count(_SHOWN_MARKUP) > 1:  # the page's own markup, offered for copying
        return 0
    return run.words


_SHOWN_MARKUP = "</p>"


def weigh(outline: Outline, rules: PageRules) -> list[int]:
    """Running totals of paragraph weight: entry i is the weight of all runs before run i."""
    return [0, *accumulate(paragraph_weight(run, rules) for run in outline.runs)]


def mark_nodes(outline: Outline, totals: list[int], rules: PageRules) -> Marks:
    """For each node of the outline the cut that it falls under by itself, or None. Marks below a mark say nothing more."""
    limits = rules.limits
    nodes = outline.nodes
    found = _find_suspects(outline, rules)
    # What is surely no article (navigation, forms, cookie notices, comments) goes first: the rest is judged against what is left.
    marks: Marks = [None] * len(nodes)
    left = totals[-1]
    left -= _mark(
        outline, totals, rules, marks, totals[-1], [(index, about.sure) for index, about in found if about.sure]
    )
    before = marks
    suspects = [(index, about.all) for index, about in found]
    while True:
        marks = list(before)
        cut = _mark(outline, totals, rules, marks, left, suspects)
        if left - cut >= limits.min_kept_share * left or left - cut >= limits.min_kept_words:
            break
        # Some label says something else here than it does elsewhere: the rule that cuts most is not heard.
        worst = _heaviest_rule(outline, totals, before, marks)
        if worst is None:
            break
        suspects = [(index, tuple(rule for rule in about if rule.id != worst)) for index, about in suspects]
    if outline.images:
        _mark_image_texts(outline, totals, marks, rules)
    return marks


def open_marks(outline: Outline, totals: list[int], marks: Marks, kept: int, rules: PageRules) -> None:
    """Takes, in place, the marks off what holds node `kept`, and marks what is below them by itself instead."""
    nodes = outline.nodes
    outermost = -1
    index = kept
    while index > 0:
        if marks[index] is not None:
            marks[index] = None
            outermost = index
        index = nodes[index].parent
    if outermost < 0:
        return
    suspects = []
    for index in range(outermost + 1, nodes[outermost].last + 1):
        node = nodes[index]
        if node.start != node.end and not index <= kept <= node.last:
            found = _rules_for(rules, node.tag, _own_labels(node))
            if found is not None:
                suspects.append((index, found.all))
    _mark(outline, totals, rules, marks, totals[-1], suspects)


def _heaviest_rule(outline: Outline, totals: list[int], before: Marks, marks: Marks) -> str | None:
    """The rule with the greatest weight under its marks, of those made after `before`; None where none weighs anything."""
    weights: dict[str, int] = {}
    for node, old, mark in zip(outline.nodes, before, marks, strict=True):
        if mark is not None and old is None and mark.category not in _SURE:
            weights[mark.rule_id] = weights.get(mark.rule_id, 0) + totals[node.end] - totals[node.start]
    heaviest = max(weights, key=weights.__getitem__, default=None)
    return heaviest if heaviest is not None and weights[heaviest] else None


_LOOK_INTO = 100
_SURE = frozenset((Category.COMMENTS, Category.COOKIE))


class _Rules(NamedTuple):
    """The rules that speak of an element, in their order: all of them, and those that are sure."""

    all: tuple[TagRule | ClassRule, ...]
    sure: tuple[TagRule | ClassRule, ...]


_Suspects = list[tuple[int, tuple[TagRule | ClassRule, ...]]]
"""Nodes with text below the body that some rule speaks of, in document order, with those rules."""


def _find_suspects(outline: Outline, rules: PageRules) -> list[tuple[int, _Rules]]:
    return [
        (index, found)
        for index, node in enumerate(outline.nodes)
        if index and node.start != node.end and (found := _rules_for(rules, node.tag, _own_labels(node)))
    ]


def _mark(outline: Outline, totals: list[int], rules: PageRules, marks: Marks, total: int, suspects: _Suspects) -> int:
    """Marks suspects in place, the outermost first; answers the weight under the new marks."""
    limits = rules.limits
    nodes = outline.nodes
    weight = 0
    marked = 0  # the last node below what is marked so far
    for index, suspected in suspects:
        if index <= marked:
            continue
        node = nodes[index]
        if marks[index] is not None:
            marked = node.last
            continue
        own = totals[node.end] - totals[node.start]
        for rule in suspected:
            sure = rule.category in _SURE
            if own > rule.max_words or own > (limits.max_sure_share if sure else rule.max_share) * total:
                continue
            # The cap keeps nested, unclosed elements from making this quadratic.
            if rule.unless_holds and any(
                inner.tag in rule.unless_holds for inner in nodes[index + 1 : min(node.last, index + _LOOK_INTO) + 1]
            ):
                continue
            if isinstance(rule, ClassRule) and (
                node.end - node.start > rule.max_runs
                or (rule.linked and not any(run.links for run in outline.runs[node.start : node.end]))
            ):
                continue
            if isinstance(rule, TagRule) and (
                (rule.unless_question and _is_question(outline, node, rules))
                or (rule.announcing and not _announces(outline, index, rules))
            ):
                continue
            marks[index] = Cut(rule.id, rule.category)
            weight += own
            marked = node.last
            break
    return weight


def _is_question(outline: Outline, node: Node, rules: PageRules) -> bool:
    """Whether all text of a node is one question: what opens the answer below it."""
    if node.end - node.start != 1:
        return False
    run = outline.runs[node.start]
    return run.words >= rules.limits.question_min_words and run.text.endswith(("?", "\uff1f", "\u061f"))


def _announces(outline: Outline, index: int, rules: PageRules) -> bool:
    """Whether node `index` has a heading that is a link, or nearly nothing but links: it announces another article."""
    nodes, limit = outline.nodes, rules.limits.link_only_share
    for node in nodes[index + 1 : min(nodes[index].last, index + _LOOK_INTO) + 1]:
        if node.tag in _HEADINGS and any(run.link_density > limit for run in outline.runs[node.start : node.end]):
            return True
    runs = outline.runs[nodes[index].start : min(nodes[index].end, nodes[index].start + _LOOK_INTO)]
    return sum(run.links for run in runs) > limit * sum(len(run.text) for run in runs)


def _mark_image_texts(outline: Outline, totals: list[int], marks: Marks, rules: PageRules) -> None:
    """Marks, in place, elements that hold an image and a little text that is no paragraph: captions, credits, teasers."""
    limits = rules.limits
    nodes = outline.nodes
    held = [0] * (len(nodes) + 1)
    for image in outline.images:
        held[image + 1] += 1
    images = list(accumulate(held))
    index = 1
    while index < len(nodes):
        node = nodes[index]
        if marks[index] is not None or node.start == node.end:
            index = node.last + 1
            continue
        if node.tag in _BOXES and images[node.last + 1] > images[index]:
            runs = outline.runs[node.start : min(node.end, node.start + limits.image_text_max_runs + 1)]
            if (
                len(runs) <= limits.image_text_max_runs
                and sum(run.words for run in runs) <= limits.image_text_max_words
                and (len(runs) == 1 or all(run.node != index for run in runs))
                and not any(inner.tag in _TEXT_TAGS for inner in nodes[index + 1 : node.last + 1])
                and totals[node.end] - totals[node.start] <= limits.max_cut_share * totals[-1]
            ):
                marks[index] = IMAGE_TEXT
                index = node.last
        index += 1


IMAGE_TEXT = Cut("page.image_text", Category.CAPTION)
_BOXES = frozenset(("div", "section", "article"))
_TEXT_TAGS = frozenset(("p", "h1", "li", "blockquote", "pre", "table", "dl"))


def _own_labels(node: Node) -> str:
    """The labels that name what a node is. The id of a heading spells its text: "related-work" is no teaser."""
    return str(node.element.get("class") or "") if node.tag in _HEADINGS and node.labels else node.labels


_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@lru_cache(maxsize=50_000)
def _rules_for(rules: PageRules, tag: str, labels: str) -> _Rules | None:
    found = rules.about(tag, labels)
    if not found:
        return None
    return _Rules(found, tuple(rule for rule in found if isinstance(rule, TagRule) or rule.category in _SURE))
