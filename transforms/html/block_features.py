"""Measures each block of a parsed page by what depends on no language and no site: shape, place, neighbours, what was cut.

Before: the blocks of a page, some cut by rules. After: a row for each block that is no chrome, with a number for each name
in `FEATURES`: its words, its share of links, how much of the article's text stands in the same kind of place.

Numbers are plain (words, shares from 0 to 1, blocks), because the model only compares them with thresholds. The work is
linear in the text; sums run in the order of the blocks, so that they are the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from schemas.codes import BlockKind, Category
from schemas.records import Block
from transforms.html.block_words import WordWeights
from transforms.html.outline import count_words

Matrix = npt.NDArray[np.float64]

FEATURES: dict[str, str] = {
    "words": "shape",
    "letters_per_word": "shape",
    "capitals": "shape",
    "commas": "shape",
    "ends_sentence": "shape",
    "digits": "shape",
    "begins": "shape",
    "is_standfirst": "shape",
    "links": "links",
    "window_links": "links",
    "same_path": "structure",
    "same_path_after": "structure",
    "same_labels": "structure",
    "depth": "structure",
    "in_paragraph": "structure",
    "tag": "structure",
    "path_blocks": "structure",
    "label_blocks": "structure",
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
    "known_words": "repeats",
    "wording": "wording",
    "wording_all": "wording",
    "wording_before": "wording",
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
    "capitals_before": "neighbours",
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
"""The columns, in order, and the group under which a verdict names each."""

LONG_WORDS = 20
"""Words from which on a block is surely running text."""

_PARAGRAPH_WORDS = 9
"""The same on pages without any such block: some languages put a sentence into so few."""
_PARAGRAPH_MAX_LINKS = 0.4
_EDGE = 160
"""Characters at the start of a block in which capitals are counted."""
_FAR = 99
_WINDOW = 3
_END = re.compile("[.!?\u2026\u3002\uff01\uff1f\u061f\u0964\u06d4][\"'\u201d\u2019\u00bb)\\]\u300d\u300f]*$")
_HEADING = re.compile("(?:^|/)h([1-6])$")
_DIGITS = re.compile(r"\d")
_LONG_WORDS_OF = re.compile(r"\w{4,}").findall
_TAGS = {
    "p": 1,
    "div": 2,
    "section": 3,
    "article": 3,
    "li": 4,
    "dd": 4,
    "dt": 4,
    "tr": 5,
    "td": 5,
    "blockquote": 6,
    "q": 6,
}
_OTHER_TAG = 7
_QUOTES = "\"'\u201c\u2018\u201e\u00ab\u300c"


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
    same_path = _shares(paths, weights)
    before, after = _running_shares(words)
    levels = [_heading_level(path) for path in paths]
    wording = [wordings.weigh(each) for each in texts]
    columns: dict[str, Iterable[float]] = {
        "words": words,
        "letters_per_word": [len(each) / count for each, count in zip(texts, words, strict=True)],
        "capitals": capitals,
        "commas": [_count_commas(each) / count for each, count in zip(texts, words, strict=True)],
        "ends_sentence": ends,
        "digits": [_digit_share(each) for each in texts],
        "begins": [_beginning(each) for each in texts],
        "is_standfirst": [block.kind is BlockKind.STANDFIRST for block in chosen],
        "links": links,
        "window_links": _window_means(links),
        "same_path": same_path,
        "same_path_after": [*same_path[1:], -1],
        "same_labels": _shares([block.labels for block in chosen], weights),
        "tag": [_TAGS.get(path[path.rfind("/") + 1 :], _OTHER_TAG) for path in paths],
        "path_blocks": _counts(paths),
        "label_blocks": _counts([block.labels for block in chosen]),
        "known_words": _known_shares(texts, weights),
        "wording": wording,
        "wording_all": [weight * count**0.5 for weight, count in zip(wording, words, strict=True)],
        "wording_before": [0, *wording[:-1]],
        "wording_after": [*wording[1:], 0],
        "wording_heading": _from_heading(levels, wording, 0),
        "depth": _depths(paths, weights),
        "in_paragraph": ["p" in path.split("/")[-3:] for path in paths],
        "share_before": before,
        "share_after": after,
        "since_paragraph": _distances([weight > 0 for weight in weights]),
        "heading_level": _from_heading(levels, levels, 0),
        "heading_words": _from_heading(levels, words, 0),
        "since_heading": _distances([level > 0 for level in levels]),
        "words_before": [-1, *words[:-1]],
        "words_after": [*words[1:], -1],
        "capitals_before": [-1, *capitals[:-1]],
        "capitals_after": [*capitals[1:], -1],
        "window_words": _window_means(words),
        "window_ends": _window_means(ends),
        **_boxes(chosen, words, weights),
        **_cuts_around(blocks, places),
    }
    rows = np.empty((len(places), len(FEATURES)))
    for column, name in enumerate(FEATURES):
        rows[:, column] = np.fromiter(columns[name], np.float64, len(places))
    return places, rows


def _paragraph_weights(blocks: Sequence[Block], words: Sequence[int]) -> list[int]:
    """The words of each block that is running text, else 0. Where no block is long, shorter ones are the text."""
    plain = [
        count if block.link_density < _PARAGRAPH_MAX_LINKS and block.cut is None else 0
        for count, block in zip(words, blocks, strict=True)
    ]
    least = LONG_WORDS if max(plain) >= LONG_WORDS else _PARAGRAPH_WORDS
    return [count if count >= least else 0 for count in plain]


def _capital_share(text: str) -> float:
    """Capitalised words for each word, at the start of the text; 0 in scripts without case."""
    words = text[:_EDGE].split(" ")
    return sum(word[:1].isupper() for word in words) / len(words)


def _digit_share(text: str) -> float:
    """Digits for each character, at the start of the text."""
    return len(_DIGITS.findall(text, 0, _EDGE)) / min(_EDGE, len(text))


def _beginning(text: str) -> int:
    """What the text begins with: 0 a small letter, 1 a letter without case, 2 a capital, 3 a quote, 4 a digit, 5 a sign."""
    first = text[0]
    if first.isalpha():
        return 2 if first.isupper() else 0 if first.islower() else 1
    return 3 if first in _QUOTES else 4 if first.isdigit() else 5


def _count_commas(text: str) -> int:
    commas = text.count(",")
    return commas if text.isascii() else commas + text.count("\u060c") + text.count("\u3001") + text.count("\uff0c")


def _heading_level(path: str) -> int:
    found = _HEADING.search(path)
    return int(found.group(1)) if found else 0


def _shares(keys: Sequence[object], weights: Sequence[int]) -> list[float]:
    """For each block the share of the running text that stands in other blocks with its key."""
    sums: dict[object, int] = {}
    for key, weight in zip(keys, weights, strict=True):
        sums[key] = sums.get(key, 0) + weight
    total = sum(weights) or 1
    return [(sums[key] - weight) / total for key, weight in zip(keys, weights, strict=True)]


def _counts(keys: Sequence[object]) -> list[int]:
    """For each block how many have its key."""
    sums: dict[object, int] = {}
    for key in keys:
        sums[key] = sums.get(key, 0) + 1
    return [sums[key] for key in keys]


def _known_shares(texts: Sequence[str], weights: Sequence[int]) -> list[float]:
    """For each block the share of its longer words that other running text has as well; its first characters count."""
    words = [set(_LONG_WORDS_OF(each[:_KNOWN_EDGE].lower())) for each in texts]
    sums: dict[str, int] = {}
    for own, weight in zip(words, weights, strict=True):
        if weight:
            for word in own:
                sums[word] = sums.get(word, 0) + 1
    shares = []
    for own, weight in zip(words, weights, strict=True):
        least = 2 if weight else 1
        shares.append(sum(sums.get(word, 0) >= least for word in own) / max(1, len(own)))
    return shares


_KNOWN_EDGE = 240


class _Box:
    """What an element holds, summed up over its blocks."""

    __slots__ = ("blocks", "characters", "links", "weight", "words")

    def __init__(self) -> None:
        self.blocks = self.words = self.weight = self.characters = 0
        self.links = 0.0


def _boxes(blocks: Sequence[Block], words: Sequence[int], weights: Sequence[int]) -> dict[str, list[float]]:
    """What the elements around each block hold: the one around its own, the next outside, and the one outside that."""
    sums: dict[int, _Box] = {}
    for block, count, weight in zip(blocks, words, weights, strict=True):
        size = block.end - block.start
        for number in block.boxes:
            box = sums.get(number)
            if box is None:
                box = sums[number] = _Box()
            box.blocks += 1
            box.words += count
            box.weight += weight
            box.characters += size
            box.links += block.link_density * size
    total = sum(weights) or 1
    columns: dict[str, list[float]] = {}
    for level, name in ((-2, "box"), (-3, "outer"), (-4, "outmost")):
        found = [
            sums[block.boxes[max(level, -len(block.boxes))]] if block.boxes else None
            for block in blocks
        ]  # fmt: skip
        columns[f"{name}_share"] = [box.weight / total if box else 1.0 for box in found]
        columns[f"{name}_blocks"] = [box.blocks if box else len(blocks) for box in found]
        columns[f"{name}_links"] = [box.links / box.characters if box else 0.0 for box in found]
        columns[f"{name}_words"] = [box.words / box.blocks if box else 0.0 for box in found]
    return columns


def _depths(paths: Sequence[str], weights: Sequence[int]) -> list[int]:
    """How much deeper each block stands than most of the running text."""
    depths = [path.count("/") for path in paths]
    sums: dict[int, int] = {}
    for depth, weight in zip(depths, weights, strict=True):
        sums[depth] = sums.get(depth, 0) + weight
    main = max(sorted(sums), key=lambda depth: sums[depth])
    return [depth - main for depth in depths]


def _running_shares(words: Sequence[int]) -> tuple[list[float], list[float]]:
    """The share of all words before and after each block."""
    total = sum(words)
    before: list[float] = []
    after: list[float] = []
    passed = 0
    for count in words:
        before.append(passed / total)
        passed += count
        after.append((total - passed) / total)
    return before, after


def _window_means(values: Sequence[float]) -> list[float]:
    """The mean of each value and up to three on either side."""
    running = [0.0]
    for value in values:
        running.append(running[-1] + value)
    count = len(values)
    means = []
    for index in range(count):
        low, high = max(0, index - _WINDOW), min(count, index + _WINDOW + 1)
        means.append((running[high] - running[low]) / (high - low))
    return means


def _distances(marks: Sequence[bool]) -> list[int]:
    """Blocks since the last marked one before each; a large number where there is none."""
    distances = []
    distance = _FAR
    for mark in marks:
        distances.append(distance)
        distance = 1 if mark else min(_FAR, distance + 1)
    return distances


def _from_heading(levels: Sequence[int], values: Sequence[float], none: float) -> list[float]:
    """For each block the value of the last heading before it."""
    found = []
    last = none
    for level, value in zip(levels, values, strict=True):
        found.append(last)
        if level:
            last = value
    return found


def _cuts_around(blocks: Sequence[Block], places: Sequence[int]) -> dict[str, list[float]]:
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
