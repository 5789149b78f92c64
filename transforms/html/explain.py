"""Says how a page's main content was chosen and what the rules named inside it, for a person who wonders.

Before: a page.  After: `PageChoice`: the path body → main → div.story with the paragraph words of each step, the elements
that came next, what was marked by which rule, and what a rule named but the limits left.

Nothing is decided here: `choose_in` of `transforms.html.page` decides, and what it went by is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from schemas.records import DecodedDocument
from transforms.html.main_content import kept_weights
from transforms.html.outline import Outline
from transforms.html.page import Found, choose_in
from transforms.html.prune import Spared
from transforms.html.rules import ClassRule, PageRules, TagRule
from transforms.html.tree import parse_tree
from transforms.metadata.page_metadata import collect

RUNNERS_UP = 3
"""Elements beside the chosen one that are named."""
_LABELS_SHOWN = 60


class Element(NamedTuple):
    """An element of the page: its place as "body > main > div", its class and id names, its paragraph words."""

    path: str
    labels: str
    words: int


class Marked(NamedTuple):
    """An element that a rule cut."""

    element: Element
    rule_id: str


class NotFollowed(NamedTuple):
    """An element that a rule named and did not cut. `reason` is one clause with the measure and the limit."""

    element: Element
    rule_id: str
    reason: str


class PageChoice(NamedTuple):
    """How the main content was chosen. Words are those of paragraphs: runs too short or too full of links count nothing.

    `steps` lead from the body to the first of `containers`; `runners_up` lie beside them, heaviest first. `marked` and
    `not_followed` are in document order.
    """

    words: int
    kept_words: int
    steps: tuple[Element, ...]
    containers: tuple[Element, ...]
    runners_up: tuple[Element, ...]
    headline: Element | None
    marked: tuple[Marked, ...]
    not_followed: tuple[NotFollowed, ...]


def explain_page(document: DecodedDocument, rules: PageRules) -> PageChoice:
    """The choice that `parse_page` makes on this page. Raises RecordError as it does."""
    spared: list[Spared] = []
    tree = parse_tree(document.text)
    found = choose_in(tree, collect(tree, document.source.url), rules, spared)
    outline, main = found.outline, found.main
    kept = kept_weights(outline, found.totals, found.marks)

    def element(index: int, words: int | None = None) -> Element:
        node = outline.nodes[index]
        own = found.totals[node.end] - found.totals[node.start]
        return Element(_path(outline, index), node.labels[:_LABELS_SHOWN], own if words is None else words)

    return PageChoice(
        words=found.totals[-1],
        kept_words=kept[0],
        steps=tuple(element(index, kept[index]) for index in _ancestors(outline, main.containers[0])),
        containers=tuple(element(index, kept[index]) for index in main.containers),
        runners_up=tuple(element(index, kept[index]) for index in _runners_up(found, kept)),
        headline=None if main.headline is None else element(main.headline),
        marked=tuple(_marked(found, element)),
        not_followed=tuple(
            NotFollowed(element(each.node), each.rule_id, _why_spared(each, rules))
            for each in _last_words(spared, found)
        ),
    )


def _marked(found: Found, element: Callable[[int], Element]) -> Iterator[Marked]:
    """The outermost marked elements: marks below a mark say nothing more."""
    last = -1
    for index, mark in enumerate(found.marks):
        if mark is not None and index > last:
            last = found.outline.nodes[index].last
            yield Marked(element(index), mark.rule_id)


def _ancestors(outline: Outline, index: int) -> tuple[int, ...]:
    """The body first, the node itself last."""
    path = [index]
    while outline.nodes[path[-1]].parent >= 0:
        path.append(outline.nodes[path[-1]].parent)
    return tuple(reversed(path))


def _path(outline: Outline, index: int) -> str:
    return " > ".join(outline.nodes[each].tag for each in _ancestors(outline, index))


def _runners_up(found: Found, kept: list[int]) -> list[int]:
    """The heaviest outermost elements that neither hold a container nor lie in one."""
    nodes = found.outline.nodes
    beside: list[int] = []
    index = 0
    while index < len(nodes):
        last = nodes[index].last
        if index in found.main.containers:
            index = last + 1
        elif any(index < container <= last for container in found.main.containers):
            index += 1
        else:
            if kept[index]:
                beside.append(index)
            index = last + 1
    return sorted(beside, key=lambda each: (-kept[each], each))[:RUNNERS_UP]


def _last_words(spared: list[Spared], found: Found) -> Iterator[Spared]:
    """Each element and rule once, with what was said last, where the element kept its text."""
    latest = {(each.node, each.rule_id): each for each in spared}
    for key in sorted(latest):
        mark = found.marks[key[0]]
        if mark is None:
            yield latest[key]


def _why_spared(spared: Spared, rules: PageRules) -> str:
    limits = rules.limits
    share = spared.words / spared.total if spared.total else 0.0
    holds = f"holds {share:.0%} of the paragraph words"
    every: tuple[TagRule | ClassRule, ...] = (*rules.tags, *rules.classes)
    rule = next((each for each in every if each.id == spared.rule_id), None)
    if spared.reason == "max_words" and rule is not None:
        return f"has {spared.words:,} paragraph words; the rule's max_words is {rule.max_words:,}"
    if spared.reason == "max_sure_share":
        return f"{holds}; limits.max_sure_share is {limits.max_sure_share:.0%}"
    if spared.reason == "max_cut_share":
        return f"{holds}; its limit is {rule.max_share if rule else limits.max_cut_share:.0%} (max_cut_share)"
    if spared.reason == "unless_holds" and rule is not None:
        return f"holds one of {', '.join(sorted(rule.unless_holds))} (unless_holds)"
    if spared.reason == "linked":
        return "has no link in it, and the rule asks for one (linked)"
    if spared.reason == "max_runs":
        return "has more stretches of text than the rule's max_runs"
    if spared.reason == "unless_question":
        return "is a question, which opens the answer below it (unless_question)"
    if spared.reason == "announcing":
        return "announces no other article, and the rule asks for that (announcing)"
    if spared.reason == "min_kept_share":
        return (
            f"all rules together would leave {share:.0%} of the paragraph words; limits.min_kept_share is "
            f"{limits.min_kept_share:.0%}, so this rule, which cuts most, is not heard on this page"
        )
    return spared.reason
