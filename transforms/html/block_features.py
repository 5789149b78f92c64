"""Measures each block of a parsed page by what depends on no site: shape, wording, place, neighbours, what was cut.

Before: the blocks of a page, some cut by rules. After: a row for each block that is no chrome, with a number for each name
in `FEATURES`: its words, its share of links, how much of the article's text stands in the same kind of place.

Numbers are plain (words, shares from 0 to 1, blocks), because the model only compares them with thresholds. The work is
linear in the text; sums run in the order of the blocks, so that they are the same on every machine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.codes import BlockKind, Category
from schemas.records import Block
from transforms.html.block_words import WordWeights
from transforms.html.outline import count_words

Matrix = npt.NDArray[np.float64]

FEATURES: dict[str, str] = {
    "words": "shape",
    "capitals": "shape",
    "is_standfirst": "shape",
    "links": "links",
    "window_links": "links",
    "same_path": "structure",
    "same_path_after": "structure",
    "same_labels": "structure",
    "path_blocks": "structure",
    "label_blocks": "structure",
    "depth": "structure",
    "in_paragraph": "structure",
    "box_share": "boxes",
    "box_blocks": "boxes",
    "box_links": "boxes",
    "outer_share": "boxes",
    "outer_blocks": "boxes",
    "outer_links": "boxes",
    "outer_words": "boxes",
    "outmost_share": "boxes",
    "outmost_blocks": "boxes",
    "outmost_links": "boxes",
    "outmost_words": "boxes",
    "wording": "wording",
    "wording_all": "wording",
    "wording_after": "wording",
    "wording_heading": "wording",
    "share_before": "place",
    "share_after": "place",
    "since_paragraph": "place",
    "since_heading": "place",
    "heading_words": "place",
    "heading_level": "place",
    "words_before": "neighbours",
    "words_after": "neighbours",
    "capitals_after": "neighbours",
    "window_words": "neighbours",
    "window_ends": "neighbours",
    "passed_related": "cuts",
    "passed_comments": "cuts",
    "passed_captions": "cuts",
    "coming_bylines": "cuts",
    "cuts_before": "cuts",
    "cuts_after": "cuts",
}
"""The columns, in order, and the group under which a verdict names each. Box, outer and outmost are the elements around
the block's own: the next, the one around that, and the third."""

LONG_WORDS = 20
"""Words from which on a block is surely running text."""

_PARAGRAPH_WORDS = 9
"""The same on pages without any such block: some languages put a sentence into so few."""
_PARAGRAPH_MAX_LINKS = 0.4
_EDGE = 120
"""Characters at the start of a block in which capitals are counted."""
_FAR = 99
_WINDOW = 3
_END = re.compile("[.!?\u2026\u3002\uff01\uff1f\u061f\u0964\u06d4][\"'\u201d\u2019\u00bb)\\]\u300d\u300f]*$")
_HEADING = re.compile("(?:^|/)h([1-6])$")
_WEIGHED = frozenset((BlockKind.PARAGRAPH, BlockKind.STANDFIRST, BlockKind.HEADING))


def measure(text: str, blocks: Sequence[Block], wordings: WordWeights) -> tuple[list[int], Matrix]:
    """The indices of the blocks that are no chrome, and their rows: shape (blocks, len(FEATURES))."""
    places = [index for index, block in enumerate(blocks) if block.kind is not BlockKind.CHROME]
    if not places:
        return places, np.zeros((0, len(FEATURES)))
    chosen = [blocks[index] for index in places]
    texts = [text[block.start : block.end] for block in chosen]
    words = [count_words(each) for each in texts]
    capitals = [_capital_share(each) for each in texts]
    links = [block.link_density for block in chosen]
    ends = [_END.search(each, max(0, len(each) - 12)) is not None for each in texts]
    weights = _paragraph_weights(chosen, words)
    paths = [block.path for block in chosen]
    labels = [block.labels for block in chosen]
    same_path = _shares(paths, weights)
    before = list(accumulate(words, initial=0))
    levels = _per_path(paths, _heading_level)
    wording = _weigh(chosen, texts, weights, wordings)
    columns: dict[str, Sequence[float] | npt.NDArray[Any]] = {
        "words": words,
        "capitals": capitals,
        "is_standfirst": [block.kind is BlockKind.STANDFIRST for block in chosen],
        "links": links,
        "window_links": _window_means(links),
        "same_path": same_path,
        "same_path_after": [*same_path[1:], -1],
        "same_labels": _shares(labels, weights),
        "path_blocks": _counts(paths),
        "label_blocks": _counts(labels),
        "depth": _depths(paths, weights),
        "in_paragraph": _per_path(paths, lambda path: "p" in path.split("/")[-3:]),
        "wording": wording,
        "wording_all": [weight * count**0.5 for weight, count in zip(wording, words, strict=True)],
        "wording_after": [*wording[1:], 0],
        "wording_heading": _from_heading(levels, wording),
        "share_before": [passed / before[-1] for passed in before[:-1]],
        "share_after": [(before[-1] - passed) / before[-1] for passed in before[1:]],
        "since_paragraph": _distances([weight > 0 for weight in weights]),
        "heading_level": _from_heading(levels, levels),
        "heading_words": _from_heading(levels, words),
        "since_heading": _distances([level > 0 for level in levels]),
        "words_before": [-1, *words[:-1]],
        "words_after": [*words[1:], -1],
        "capitals_after": [*capitals[1:], -1],
        "window_words": _window_means(words),
        "window_ends": _window_means(ends),
        **_boxes(chosen, words, weights),
        **_cuts_around(blocks),
    }
    return places, np.array([columns[name] for name in FEATURES], np.float64).T


def _paragraph_weights(blocks: Sequence[Block], words: Sequence[int]) -> list[int]:
    """The words of each block that is running text, else 0. Where no block is long, shorter ones are the text."""
    plain = [
        count if block.link_density < _PARAGRAPH_MAX_LINKS and block.cut is None else 0
        for count, block in zip(words, blocks, strict=True)
    ]
    least = LONG_WORDS if max(plain) >= LONG_WORDS else _PARAGRAPH_WORDS
    return [count if count >= least else 0 for count in plain]


def _weigh(blocks: Sequence[Block], texts: Sequence[str], weights: Sequence[int], wordings: WordWeights) -> list[float]:
    """What the words of each block say, 0 where nobody asks: for what is cut, and for lists and tables in the article."""
    last = max((index for index, weight in enumerate(weights) if weight), default=-1)
    return [
        wordings.weigh(text)
        if block.cut is None
        and (block.kind in _WEIGHED or (index > last and block.kind is BlockKind.LIST_ITEM))
        else 0.0
        for index, (block, text) in enumerate(zip(blocks, texts, strict=True))
    ]  # fmt: skip


def _capital_share(text: str) -> float:
    """Capitalised words for each word, at the start of the text; 0 in scripts without case."""
    words = text[:_EDGE].split()
    return sum([word[0].isupper() for word in words]) / max(1, len(words))


def _heading_level(path: str) -> int:
    found = _HEADING.search(path)
    return int(found.group(1)) if found else 0


def _per_path(paths: Sequence[str], ask: Callable[[str], int]) -> list[int]:
    """For each block what its path answers; each path is asked once."""
    answers = {path: int(ask(path)) for path in dict.fromkeys(paths)}
    return [answers[path] for path in paths]


def _shares(keys: Sequence[object], weights: Sequence[int]) -> list[float]:
    """For each block the share of the running text that stands in other blocks with its key."""
    sums: dict[object, int] = {}
    for key, weight in zip(keys, weights, strict=True):
        sums[key] = sums.get(key, 0) + weight
    total = sum(weights) or 1
    return [(sums[key] - weight) / total for key, weight in zip(keys, weights, strict=True)]


def _counts(keys: Sequence[object]) -> list[int]:
    """For each block how many have its key."""
    found = Counter(keys)
    return [found[key] for key in keys]


def _depths(paths: Sequence[str], weights: Sequence[int]) -> list[int]:
    """How much deeper each block stands than most of the running text."""
    depths = [path.count("/") for path in paths]
    sums: dict[int, int] = {}
    for depth, weight in zip(depths, weights, strict=True):
        sums[depth] = sums.get(depth, 0) + weight
    main = max(sorted(sums), key=lambda depth: sums[depth])
    return [depth - main for depth in depths]


def _boxes(blocks: Sequence[Block], words: Sequence[int], weights: Sequence[int]) -> dict[str, npt.NDArray[Any]]:
    """What the elements around each block hold: the one around its own, the next outside, and the one outside that."""
    widest = max(1, *(len(block.boxes) for block in blocks))
    # Number 0 stands for the whole chosen part: blocks that lie in less than that many elements of it.
    numbers = np.array([(0,) * (widest - len(block.boxes)) + block.boxes for block in blocks], np.int64)
    sizes = np.array([block.end - block.start for block in blocks], np.float64)
    links = np.array([block.link_density for block in blocks]) * sizes
    inside, block_of = np.unique(numbers, return_inverse=True)
    block_of = block_of.reshape(numbers.shape)
    held = {
        name: np.bincount(block_of.ravel(), np.repeat(np.asarray(values, np.float64), widest), len(inside))
        for name, values in (("blocks", np.ones(len(blocks))), ("words", words), ("weight", weights), ("size", sizes), ("links", links))
    }  # fmt: skip
    if inside[0] == 0:
        whole = {
            "blocks": len(blocks),
            "words": sum(words),
            "weight": sum(weights),
            "size": sizes.sum(),
            "links": links.sum(),
        }
        for name, value in whole.items():
            held[name][0] = value
    total = sum(weights) or 1
    columns: dict[str, npt.NDArray[Any]] = {}
    for level, name in ((2, "box"), (3, "outer"), (4, "outmost")):
        box = block_of[:, max(0, widest - level)]
        columns[f"{name}_share"] = held["weight"][box] / total
        columns[f"{name}_blocks"] = held["blocks"][box]
        columns[f"{name}_links"] = held["links"][box] / held["size"][box]
        columns[f"{name}_words"] = held["words"][box] / held["blocks"][box]
    return columns


def _window_means(values: Sequence[float]) -> Matrix:
    """The mean of each value and up to three on either side."""
    running = np.concatenate(([0.0], np.cumsum(np.asarray(values, np.float64))))
    places = np.arange(len(values))
    low = np.maximum(0, places - _WINDOW)
    high = np.minimum(len(values), places + _WINDOW + 1)
    return np.asarray((running[high] - running[low]) / (high - low))


def _distances(marks: Sequence[bool]) -> list[int]:
    """Blocks since the last marked one before each; a large number where there is none."""
    distances = []
    distance = _FAR
    for mark in marks:
        distances.append(distance)
        distance = 1 if mark else min(_FAR, distance + 1)
    return distances


def _from_heading(levels: Sequence[int], values: Sequence[float]) -> list[float]:
    """For each block the value of the last heading before it; 0 where there is none."""
    found = []
    last = 0.0
    for level, value in zip(levels, values, strict=True):
        found.append(last)
        if level:
            last = value
    return found


def _cuts_around(blocks: Sequence[Block]) -> dict[str, list[float]]:
    """What was cut out of the page before and after each block that is no chrome."""
    names = ("passed_related", "passed_comments", "passed_captions", "coming_bylines", "cuts_before", "cuts_after")
    counts: dict[str, list[float]] = {name: [] for name in names}
    related = comments = captions = bylines = near = 0
    passed_bylines = []
    for block in blocks:
        if block.kind is not BlockKind.CHROME:
            counts["passed_related"].append(related)
            counts["passed_comments"].append(comments)
            counts["passed_captions"].append(captions)
            counts["cuts_before"].append(near)
            passed_bylines.append(bylines)
            near = 0
            continue
        near += 1
        category = block.cut.category if block.cut else None
        related += category is Category.RELATED
        comments += category is Category.COMMENTS
        captions += category is Category.CAPTION
        bylines += category is Category.BYLINE
    counts["coming_bylines"] = [bylines - passed for passed in passed_bylines]
    counts["cuts_after"] = [*counts["cuts_before"][1:], near]
    return counts
