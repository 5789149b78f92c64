"""Takes blocks out of the chosen part that rules leave but that read like no part of the article: a small trained model.

Before: paragraphs of an article, then "Get our magazine through your letterbox …" in another kind of place.
After: the last block is cut by `page.model.structure`, which names the group of measures that spoke against it most.

The model is a list of trees whose levels all ask the same question, each leaf a number; their sum is how much speaks for
the block. Leaves are whole thousandths, so sums are exact on every machine. It only judges where it won on pages of
publishers it had not seen: paragraphs, short standfirsts, and list items after the last paragraph. Quotes, tables,
subheads and lists within the article are left to the rules. `benchmarks/train_block_model.py` makes configs/block_model.toml
and configs/block_words.toml; docs/block-model.md says how, and how well it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from configs.toml import TOMLDecodeError, parse_toml, read_toml
from schemas.codes import BlockKind, Category
from schemas.errors import UsageError
from schemas.records import Block, Cut, ParsedDocument
from transforms.html.block_features import FEATURES, LONG_WORDS, Matrix, measure
from transforms.html.block_words import WordWeights

_WORDS = list(FEATURES).index("words")
_GROUPS = tuple(sorted(set(FEATURES.values())))
_GROUP_OF = np.array([_GROUPS.index(group) for group in FEATURES.values()])
_CUTS = tuple(Cut(f"page.model.{group}", Category.RELATED if group == "links" else Category.OTHER) for group in _GROUPS)


_AT_ONCE = 1000
"""Blocks whose answers are held in memory together: pages may have a hundred thousand."""


class BlockVerdict(NamedTuple):
    """What the model says of the block `parsed.blocks[block]`, in logits: it goes where `score` is below `limit`.

    `limit` is None where the model has no say. `contributions` have an entry for each group of measures, the one that
    speaks most against the block first; with the model's starting point they add up to `score`. `is_cut` is false for a block
    below its limit where so much would go that the model stopped (`max_share`).
    """

    block: int
    score: float
    limit: float | None
    is_cut: bool
    contributions: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class BlockModel:
    """Trees of equal depth. Arrays: `features` and `thresholds` (trees, depth), `leaves` (trees, 2 ** depth) in thousandths.

    Bit i of a leaf's number, from the highest, is whether the feature of level i exceeds its threshold. A block goes whose
    sum is below its limit, as long as all that goes is at most `max_share` of the page's words that rules keep.
    """

    words: WordWeights
    base: int
    features: npt.NDArray[np.int64]
    thresholds: Matrix
    leaves: npt.NDArray[np.int64]
    max_share: float
    paragraph_limit: int
    long_paragraph_limit: int
    standfirst_limit: int
    list_item_limit: int
    _first_leaf: npt.NDArray[np.int64] = field(init=False, repr=False, compare=False)
    _means: tuple[Matrix, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Finds where each tree's leaves begin among all, and the means of the leaves below each answer, level by level."""
        trees, leaves = self.leaves.shape
        means = [self.leaves.reshape(trees, 1 << level, -1).mean(axis=2) for level in range(leaves.bit_length())]
        object.__setattr__(self, "_first_leaf", np.arange(0, trees * leaves, leaves)[:, None])
        object.__setattr__(self, "_means", tuple(means))

    @classmethod
    def load(cls, text: str | None = None, words: str | None = None) -> BlockModel:
        """The packaged model, or the one in the TOML `text` with the weights in `words`. Raises UsageError where either
        can't be read."""
        try:
            weights = WordWeights.load(words)
        except (TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"block_words.toml: {type(error).__name__}: {error}") from error
        try:
            return _build(read_toml("block_model.toml") if text is None else parse_toml(text), weights)
        except (TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"block_model.toml: {type(error).__name__}: {error}") from error

    def scores(self, rows: Matrix) -> npt.NDArray[np.int64]:
        """For each row of `measure` how much speaks for the block, in thousandths of a logit."""
        scores = np.full(len(rows), self.base, np.int64)
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            scores[part] += self.leaves.ravel()[self._leaf(rows[part]) + self._first_leaf].sum(axis=0)
        return scores

    def contributions(self, rows: Matrix) -> Matrix:
        """How much each group of measures moves each row's score, in thousandths: shape (rows, groups).

        Each answer on the way to a leaf moves the mean of the leaves that are still open; the feature asked for gets it.
        """
        trees, depth = self.features.shape
        every = np.arange(trees)
        moved = np.zeros((len(rows), len(_GROUPS)))
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            leaf = np.ascontiguousarray(self._leaf(rows[part]).T)
            for level in range(depth):
                after, before = leaf >> (depth - level - 1), leaf >> (depth - level)
                step = self._means[level + 1][every, after] - self._means[level][every, before]
                groups = _GROUP_OF[self.features[:, level]]
                for group in range(len(_GROUPS)):
                    moved[part, group] += step[:, groups == group].sum(axis=1)
        return moved

    def _leaf(self, rows: Matrix) -> npt.NDArray[np.int64]:
        """The number of the leaf that each tree has for each row: shape (trees, rows)."""
        columns = np.ascontiguousarray(rows.T)
        leaf = np.zeros((len(self.features), len(rows)), np.int64)
        for level in range(self.features.shape[1]):
            leaf <<= 1
            leaf += columns[self.features[:, level]] > self.thresholds[:, level, None]
        return leaf

    def limit(self, block: Block, words: float, is_last: bool) -> int | None:
        """The score below which the block goes; None where the model has no say.

        `is_last`: no running text comes after it.
        """
        if block.cut is not None:
            return None
        if block.kind is BlockKind.PARAGRAPH:
            return self.long_paragraph_limit if words >= LONG_WORDS else self.paragraph_limit
        if block.kind is BlockKind.STANDFIRST and words < LONG_WORDS:
            return self.standfirst_limit
        if block.kind is BlockKind.LIST_ITEM and is_last:
            return self.list_item_limit
        return None


@lru_cache(maxsize=1)
def built_in_model() -> BlockModel:
    """The packaged model, read once."""
    return BlockModel.load()


def refine(parsed: ParsedDocument, model: BlockModel) -> ParsedDocument:
    """The page with the blocks cut that `model` tells to be no part of the article. Text and places stay.

    Not idempotent: a second run sees fewer blocks kept and may cut more.
    """
    judged = _judge(parsed, model)
    if not judged.going:
        return parsed
    blocks = list(parsed.blocks)
    worst = model.contributions(judged.rows[list(judged.going)]).argmin(axis=1).tolist()
    for row, group in zip(judged.going, worst, strict=True):
        place = judged.places[row]
        blocks[place] = replace(blocks[place], cut=_CUTS[group])
    return replace(parsed, blocks=tuple(blocks))


def explain(parsed: ParsedDocument, model: BlockModel) -> tuple[BlockVerdict, ...]:
    """What `refine` goes by, for each block of `parsed` (a page as rules alone have it) but chrome, in their order."""
    judged = _judge(parsed, model)
    if not judged.places:
        return ()
    going = frozenset(judged.going)
    scores = (model.scores(judged.rows) / 1000).tolist()
    moved = (model.contributions(judged.rows) / 1000).tolist()
    return tuple(
        BlockVerdict(
            block=place,
            score=scores[row],
            limit=None if judged.limits[row] is None else (judged.limits[row] or 0) / 1000,
            is_cut=row in going,
            contributions=tuple(
                sorted(zip(_GROUPS, moved[row], strict=True), key=lambda entry: (entry[1], entry[0])),
            ),
        )
        for row, place in enumerate(judged.places)
    )


class _Judged(NamedTuple):
    """Indices of the blocks that are no chrome, their rows and limits, and the rows of those that go."""

    places: list[int]
    rows: Matrix
    limits: list[int | None]
    going: tuple[int, ...]


def _judge(parsed: ParsedDocument, model: BlockModel) -> _Judged:
    places, rows = measure(parsed.text, parsed.blocks, model.words)
    limits = _limits(parsed.blocks, places, rows, model)
    asked = [row for row, limit in enumerate(limits) if limit is not None]
    scores = model.scores(rows[asked]).tolist() if asked else []
    doubtful = sorted(
        (score, row)
        for score, row in zip(scores, asked, strict=True)
        if (limit := limits[row]) is not None and score < limit
    )
    going: list[int] = []
    if doubtful:
        words = rows[:, _WORDS].tolist()
        left = model.max_share * sum(
            count for count, index in zip(words, places, strict=True)
            if parsed.blocks[index].cut is None and parsed.blocks[index].kind is not BlockKind.HEADLINE
        )  # fmt: skip
        for _, row in doubtful:
            if words[row] <= left:
                left -= words[row]
                going.append(row)
    return _Judged(places, rows, limits, tuple(going))


def _limits(blocks: Sequence[Block], places: Sequence[int], rows: Matrix, model: BlockModel) -> list[int | None]:
    limits: list[int | None] = []
    is_last = True
    for place, words in zip(reversed(places), rows[::-1, _WORDS].tolist(), strict=True):
        block = blocks[place]
        limits.append(model.limit(block, words, is_last))
        if words >= LONG_WORDS and block.cut is None and block.kind is not BlockKind.LIST_ITEM:
            is_last = False
    return limits[::-1]


def _build(table: Mapping[str, Any], words: WordWeights) -> BlockModel:
    names = {name: index for index, name in enumerate(FEATURES)}
    trees = table["tree"]
    limits = table["limits"]
    model = BlockModel(
        words=words,
        base=int(table["base"]),
        features=np.array([[names[name] for name in tree["features"]] for tree in trees], np.int64),
        thresholds=np.array([tree["thresholds"] for tree in trees], np.float64),
        leaves=np.array([tree["leaves"] for tree in trees], np.int64),
        max_share=float(limits["max_share"]),
        paragraph_limit=int(limits["paragraph"]),
        long_paragraph_limit=int(limits["long_paragraph"]),
        standfirst_limit=int(limits["standfirst"]),
        list_item_limit=int(limits["list_item"]),
    )
    if model.features.ndim != 2 or model.thresholds.shape != model.features.shape:
        raise ValueError("every tree needs as many thresholds as features, and all trees the same number")
    if model.leaves.shape != (len(trees), 1 << model.features.shape[1]):
        raise ValueError("a tree of n features needs 2 ** n leaves")
    return model
