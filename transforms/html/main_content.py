"""Chooses the element that holds the article, by where the paragraphs are rather than by what elements are called.

Before: a body with a header, an <article> per teaser and a <div> with the story. After: the div, and its headline.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from transforms.fold import fold_text
from transforms.html.outline import Outline
from transforms.html.prune import Marks
from transforms.html.rules import PageRules, spell_labels


@dataclass(frozen=True, slots=True)
class MainContent:
    """Node indices: `containers` hold the body text, in document order and apart from each other; `headline` is their
    h1 (None: not found) and `root` holds them all."""

    root: int
    containers: tuple[int, ...]
    headline: int | None


def choose_main(
    outline: Outline, totals: list[int], marks: Marks, titles: frozenset[str], rules: PageRules, own: int = -1
) -> MainContent:
    """The main content of a page. Where nothing reads like a paragraph, the whole body is the container.

    `titles` are the headlines that the page's metadata states, folded; `own` is the h1 that one of them is surely about
    (`split_headings`; -1: none).
    """
    nodes = outline.nodes
    weights = kept_weights(outline, totals, marks)
    container = _descend(outline, weights, marks, _own_article(outline, weights, titles, rules, own), rules)
    containers = _join(outline, weights, marks, container, rules)
    headline = own if _is_in(outline, containers, own) else _headline(outline, containers, totals, titles, rules)
    root = containers[0]
    while nodes[root].last < nodes[containers[-1]].last:
        root = nodes[root].parent
    if headline is not None:
        while not root <= headline <= nodes[root].last:
            root = nodes[root].parent
    return MainContent(root, containers, headline)


def _join(outline: Outline, weights: list[int], marks: Marks, container: int, rules: PageRules) -> tuple[int, ...]:
    """The container and the elements around it that are built like it: the same tag and labels, with paragraphs."""
    nodes = outline.nodes
    own = nodes[container]
    if not own.labels:
        return (container,)
    top = container
    for _ in range(rules.limits.join_levels):
        if nodes[top].parent < 0:
            break
        top = nodes[top].parent
    found = []
    index = top + 1
    while index <= nodes[top].last:
        node = nodes[index]
        if marks[index] is not None:
            index = node.last + 1
        elif index == container or (
            node.tag == own.tag and node.labels == own.labels and weights[index] >= rules.limits.join_min_words
        ):
            found.append(index)
            index = node.last + 1
        else:
            index += 1
    # Many alike are a list of something.
    return tuple(found) if container in found and len(found) <= rules.limits.max_containers else (container,)


def kept_weights(outline: Outline, totals: list[int], marks: Marks) -> list[int]:
    """Each node's paragraph weight without that of the marked nodes in it; 0 for a marked node and below."""
    kept = [totals[index + 1] - totals[index] for index in range(len(outline.runs))]
    for node, mark in zip(outline.nodes, marks, strict=True):
        if mark is not None:
            kept[node.start : node.end] = [0] * (node.end - node.start)
    running = [0, *accumulate(kept)]
    return [running[node.end] - running[node.start] for node in outline.nodes]


def _is_in(outline: Outline, containers: tuple[int, ...], index: int) -> bool:
    return any(container < index <= outline.nodes[container].last for container in containers)


def _own_article(outline: Outline, weights: list[int], titles: frozenset[str], rules: PageRules, own_h1: int) -> int:
    """The <article> with the stated headline in it, where most of the page's other paragraphs stand in other articles:
    pages append the next article, or lists of earlier ones. Else the body."""
    nodes = outline.nodes
    articles = [index for index, node in enumerate(nodes) if node.tag == "article" and weights[index]]
    if len(articles) < 2:
        return 0
    stated = own_h1 if own_h1 >= 0 else _stated_h1(outline, titles)
    own = next(
        (i for i in articles if i <= stated <= nodes[i].last and weights[i] >= rules.limits.min_kept_words),
        -1,
    )
    if own < 0:
        return 0
    others = 0
    last = -1
    for index in articles:
        if index > last and not index <= own <= nodes[index].last:
            last = nodes[index].last
            others += weights[index] if index != own else 0
    return own if others >= rules.limits.descend_share * (weights[0] - weights[own]) else 0


def split_headings(outline: Outline, stated: frozenset[str]) -> tuple[list[int], list[int]]:
    """The h1 that say one of the headlines `stated` outside h1, folded, or how one of them begins; and the other h1."""
    own: list[int] = []
    others: list[int] = []
    for index, node in enumerate(outline.nodes):
        if node.tag == "h1" and node.start < node.end:
            text = " ".join(run.text for run in outline.runs[node.start : node.end])
            folded = fold_text(text) if len(text) <= _TITLE_CAP else ""
            is_own = len(folded) >= _TITLE_MIN and any(title.startswith(folded) for title in stated)
            (own if is_own else others).append(index)
    return own, others


def _stated_h1(outline: Outline, titles: frozenset[str]) -> int:
    """The first h1 that says a stated headline; -1 if there is none."""
    for index, node in enumerate(outline.nodes):
        if node.tag == "h1" and node.start < node.end:
            text = " ".join(run.text for run in outline.runs[node.start : node.end])
            if len(text) <= _TITLE_CAP and fold_text(text) in titles:
                return index
    return -1


def _descend(outline: Outline, weights: list[int], marks: Marks, container: int, rules: PageRules) -> int:
    nodes = outline.nodes
    limits = rules.limits
    trusted = limits.descend_share
    while True:
        total = weights[container]
        if not total:
            return container
        best = -1
        body = -1
        index = container + 1
        last = nodes[container].last
        while index <= last:
            node = nodes[index]
            if marks[index] is not None or weights[index] < limits.body_label_share * total:
                index = node.last + 1
                continue
            if best < 0:
                best = index
            if body < 0 and _is_body(node.labels, node.element, rules):
                body = index
            index += 1
        if body > 0:
            container = body
            trusted = (
                limits.descend_share_trusted if nodes[body].tag not in ("article", "main") else limits.descend_share
            )
        elif best > 0 and weights[best] >= trusted * total and nodes[best].tag not in _TEXT_TAGS:
            container = best
        else:
            return container


_TEXT_TAGS = frozenset(
    ("p", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "ul", "ol", "dl", "table", "tbody", "tr")
)


def _is_body(labels: str, element: object, rules: PageRules) -> bool:
    if element.tag in ("article", "main") or (labels and rules.body.search(spell_labels(labels))):  # type: ignore[attr-defined]
        return True
    return "articlebody" in (element.get("itemprop") or "").lower()  # type: ignore[attr-defined]


def _headline(
    outline: Outline, containers: tuple[int, ...], totals: list[int], titles: frozenset[str], rules: PageRules
) -> int | None:
    """The h1 of the article: one that the page's metadata states, else one at the container's start or shortly above.

    An h1 further up is the site's name or another article's, one after the first paragraph a heading of the body.
    """
    nodes = outline.nodes
    first, last = nodes[containers[0]], nodes[containers[-1]]
    # Running totals of the words in runs that are no paragraphs.
    small = [
        0,
        *accumulate(run.words if totals[index] == totals[index + 1] else 0 for index, run in enumerate(outline.runs)),
    ]
    limit = rules.limits.head_max_words
    above = inside = None
    for index in range(1, last.last + 1):
        node = nodes[index]
        if node.tag != "h1" or node.start == node.end:
            continue
        near = small[max(node.end, first.start)] - small[node.end] <= limit
        text = " ".join(run.text for run in outline.runs[node.start : node.end])
        if near and len(text) <= _TITLE_CAP and fold_text(text) in titles:
            return index
        if node.end <= first.start:
            if near:
                above = index
        elif inside is None and totals[node.start] - totals[first.start] < limit:
            inside = index
    return above if inside is None else inside


_TITLE_CAP = 400
_TITLE_MIN = 10
