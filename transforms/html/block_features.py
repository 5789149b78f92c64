"""Measures each block of a parsed page by what depends on no site: shape, wording, place, neighbours, what was cut.

Before: the blocks of a page, some cut by rules. After: a row for each block that is no chrome, with a number for each name
in `FEATURES`: its words, its share of links, how much of the article's text stands in the same kind of place.

Numbers are plain (words, shares from 0 to 1, blocks), because the model only compares them with thresholds. The work is
linear in the text; sums run in the order of the blocks, so that they are the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from schemas.codes import BlockKind, Category
from schemas.records import Block
from transforms.html.block_words import EDGE, WordWeights
from transforms.html.outline import count_words

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
T = TypeVar("T")

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
    counts = [_count_words(text, block.start, block.end) for block in chosen]
    running_text = _paragraph_weights(chosen, counts)
    starts = [text[block.start : min(block.end, block.start + EDGE)] for block in chosen]
    wordings_of = _weigh(chosen, starts, running_text, wordings)
    words, weights = np.array(counts, np.float64), np.array(running_text, np.float64)
    wording = np.array(wordings_of)
    capitals = np.array([_capital_share(each) for each in starts])
    links = np.array([block.link_density for block in chosen])
    ends = [_END.search(text, max(block.start, block.end - 12), block.end) is not None for block in chosen]
    windows = _window_means(np.array((links, words, ends)))
    paths, path_of = _numbered([block.path for block in chosen])
    _, labels_of = _numbered([block.labels for block in chosen])
    same_path = _shares(path_of, weights)
    levels = np.array([_heading_level(path) for path in paths], np.float64)[path_of]
    heading = _last_before(levels > 0)
    passed = np.cumsum(words)
    columns: dict[str, Sequence[float] | npt.NDArray[Any]] = {
        "words": words,
        "capitals": capitals,
        "is_standfirst": [block.kind is BlockKind.STANDFIRST for block in chosen],
        "links": links,
        "window_links": windows[0],
        "same_path": same_path,
        "same_path_after": _next(same_path, -1),
        "same_labels": _shares(labels_of, weights),
        "path_blocks": np.bincount(path_of)[path_of],
        "label_blocks": np.bincount(labels_of)[labels_of],
        "depth": _depths(paths, path_of, weights),
        "in_paragraph": np.array(["p" in path.split("/")[-3:] for path in paths])[path_of],
        "wording": wording,
        "wording_all": [weight * count**0.5 for weight, count in zip(wordings_of, counts, strict=True)],
        "wording_after": _next(wording, 0),
        "wording_heading": _value_at(heading, wording),
        "share_before": (passed - words) / passed[-1],
        "share_after": (passed[-1] - passed) / passed[-1],
        "since_paragraph": _distances(_last_before(weights > 0)),
        "heading_level": _value_at(heading, levels),
        "heading_words": _value_at(heading, words),
        "since_heading": _distances(heading),
        "words_before": np.concatenate(([-1], words[:-1])),
        "words_after": _next(words, -1),
        "capitals_after": _next(capitals, -1),
        "window_words": windows[1],
        "window_ends": windows[2],
        **_boxes(chosen, words, weights, links),
        **_cuts_around(blocks),
    }
    rows = np.empty((len(FEATURES), len(places)))
    # Column by column: an array made of lists and arrays together would go through the latter number by number.
    for column, name in enumerate(FEATURES):
        rows[column] = columns[name]
    return places, rows.T


def _count_words(text: str, start: int, end: int) -> int:
    """`count_words` of a part of `text`, which is only copied where single characters count."""
    words = text.count(" ", start, end) + 1
    return count_words(text[start:end]) if end - start > 12 * words else words


def _paragraph_weights(blocks: Sequence[Block], words: Sequence[int]) -> list[int]:
    """The words of each block that is running text, else 0. Where no block is long, shorter ones are the text."""
    plain = [
        count if block.link_density < _PARAGRAPH_MAX_LINKS and block.cut is None else 0
        for count, block in zip(words, blocks, strict=True)
    ]
    least = LONG_WORDS if max(plain) >= LONG_WORDS else _PARAGRAPH_WORDS
    return [count if count >= least else 0 for count in plain]


def _weigh(
    blocks: Sequence[Block], starts: Sequence[str], weights: Sequence[int], wordings: WordWeights
) -> list[float]:
    """What the words of each block say, 0 where nobody asks: for what is cut, and for lists and tables in the article."""
    last = max((index for index, weight in enumerate(weights) if weight), default=-1)
    return [
        wordings.weigh(start)
        if block.cut is None
        and (block.kind in _WEIGHED or (index > last and block.kind is BlockKind.LIST_ITEM))
        else 0.0
        for index, (block, start) in enumerate(zip(blocks, starts, strict=True))
    ]  # fmt: skip


def _capital_share(start: str) -> float:
    """Capitalised words for each word at the start of a block; 0 in scripts without case."""
    words = start.split()
    return len([word for word in words if word[0].isupper()]) / max(1, len(words))


def _heading_level(path: str) -> int:
    found = _HEADING.search(path)
    return int(found.group(1)) if found else 0


def _numbered(keys: Sequence[T]) -> tuple[list[T], Numbers]:
    """The distinct keys in the order of their first appearance, and for each of `keys` its place among them."""
    numbers: dict[T, int] = {}
    own = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(own, np.int64)


def _shares(groups: Numbers, weights: Matrix) -> Matrix:
    """For each block the share of the running text that stands in other blocks of its group."""
    return np.asarray((np.bincount(groups, weights)[groups] - weights) / (weights.sum() or 1))


def _depths(paths: Sequence[str], path_of: Numbers, weights: Matrix) -> Numbers:
    """How much deeper each block stands than most of the running text."""
    depths = np.array([path.count("/") for path in paths], np.int64)[path_of]
    main = np.bincount(depths, weights).argmax() if weights.any() else depths.min()
    return np.asarray(depths - main)


def _boxes(blocks: Sequence[Block], words: Matrix, weights: Matrix, links: Matrix) -> dict[str, npt.NDArray[Any]]:
    """What the elements around each block hold: the one around its own, the next outside, and the one outside that."""
    widest = max(1, max(len(block.boxes) for block in blocks))
    # Number 0 stands for the whole chosen part: blocks that lie in less than that many elements of it.
    numbers = np.array([(0,) * (widest - len(block.boxes)) + block.boxes for block in blocks], np.int64)
    places = numbers.ravel()
    sizes = np.array([block.end - block.start for block in blocks], np.float64)
    held = []
    for values in (np.ones(len(blocks)), words, weights, sizes, links * sizes):
        sums = np.bincount(places, np.repeat(values, widest))
        sums[0] = values.sum()
        held.append(sums)
    total = weights.sum() or 1
    columns: dict[str, npt.NDArray[Any]] = {}
    for level, name in ((2, "box"), (3, "outer"), (4, "outmost")):
        box = numbers[:, max(0, widest - level)]
        count, all_words, weight, size, linked = [sums[box] for sums in held]
        columns[f"{name}_share"] = weight / total
        columns[f"{name}_blocks"] = count
        columns[f"{name}_links"] = linked / size
        columns[f"{name}_words"] = all_words / count
    return columns


def _window_means(values: Matrix) -> Matrix:
    """The mean of each value and up to three on either side, for each row of `values`."""
    count = values.shape[1]
    running = np.zeros((len(values), count + 1))
    np.cumsum(values, axis=1, out=running[:, 1:])
    places = np.arange(count)
    low = np.maximum(0, places - _WINDOW)
    high = np.minimum(count, places + _WINDOW + 1)
    return np.asarray((running[:, high] - running[:, low]) / (high - low))


def _next(values: Matrix, last: float) -> Matrix:
    """For each block the value of the one after it."""
    return np.concatenate((values[1:], (last,)))


def _last_before(marks: npt.NDArray[np.bool_]) -> Numbers:
    """For each block the place of the last marked one before it; -1 where there is none."""
    marked = np.where(marks, np.arange(len(marks)), -1)
    return np.concatenate(([-1], np.maximum.accumulate(marked)[:-1]))


def _distances(places: Numbers) -> Numbers:
    """For each block how far before it the one at the given place is; a large number where there is none."""
    return np.where(places < 0, _FAR, np.minimum(_FAR, np.arange(len(places)) - places))


def _value_at(places: Numbers, values: Matrix) -> Matrix:
    """The values at `places`; 0 where a place is -1."""
    return np.where(places < 0, 0.0, values[places])


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
