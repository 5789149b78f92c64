"""Takes blocks out of the chosen part that rules leave but that read like no part of the article: a small trained model.

Before: paragraphs of an article, then "Get our magazine through your letterbox …" in another kind of place.
After: the last block is cut by `page.model.structure`, which names the group of measures that spoke against it most.

The model is a list of trees whose levels all ask the same question, each leaf a number; their sum is how much speaks for
the block. Leaves are whole thousandths, so sums are exact on every machine. It only judges where it won on pages of
publishers it had not seen: paragraphs, short standfirsts, and list items after the last paragraph. Quotes, tables,
subheads and lists within the article are left to the rules. `benchmarks/train_block_model.py` makes configs/block_model.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from configs.toml import TOMLDecodeError, parse_toml, read_toml
from schemas.codes import BlockKind, Category
from schemas.errors import UsageError
from schemas.records import Block, Cut, ParsedDocument
from transforms.html.block_features import FEATURES, LONG_WORDS, Matrix, measure

_WORDS = list(FEATURES).index("words")
_CUTS = {
    group: Cut(f"page.model.{group}", Category.RELATED if group == "links" else Category.OTHER)
    for group in sorted(set(FEATURES.values()))
}


@dataclass(frozen=True)
class BlockModel:
    """Trees of equal depth. Arrays: `features` and `thresholds` (trees, depth), `leaves` (trees, 2 ** depth) in thousandths.

    Bit i of a leaf's number, from the highest, is whether the feature of level i exceeds its threshold. A block goes whose
    sum is below its limit, as long as all that goes is at most `max_share` of the page's words that rules keep.
    """

    base: int
    features: npt.NDArray[np.int64]
    thresholds: Matrix
    leaves: npt.NDArray[np.int64]
    max_share: float
    paragraph_limit: int
    long_paragraph_limit: int
    standfirst_limit: int
    list_item_limit: int

    @classmethod
    def load(cls, text: str | None = None) -> BlockModel:
        """The packaged model, or the one in the TOML `text`. Raises UsageError where it can't be read."""
        try:
            return _build(read_toml("block_model.toml") if text is None else parse_toml(text))
        except (TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"block_model.toml: {type(error).__name__}: {error}") from error

    def scores(self, rows: Matrix) -> npt.NDArray[np.int64]:
        """For each row of `measure` how much speaks for the block, in thousandths of a logit."""
        return np.asarray(self.base + self._values(rows).sum(axis=1))

    def reason(self, row: Matrix) -> Cut:
        """The cut that names the group of features which speaks most against the block of this one row."""
        against = dict.fromkeys(_CUTS, 0)
        names = list(FEATURES)
        for features, value in zip(self.features.tolist(), self._values(row[np.newaxis])[0].tolist(), strict=True):
            for feature in features:
                against[FEATURES[names[feature]]] += value
        return _CUTS[min(against, key=lambda group: (against[group], group))]

    def _values(self, rows: Matrix) -> npt.NDArray[np.int64]:
        trees, depth = self.features.shape
        answers = rows[:, self.features.ravel()].reshape(len(rows), trees, depth) > self.thresholds
        leaf = answers @ (1 << np.arange(depth - 1, -1, -1))
        return np.asarray(self.leaves[np.arange(trees), leaf])

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
    """The page with the blocks cut that `model` tells to be no part of the article. Text and places stay. Idempotent
    only in what is kept out: a second run sees fewer blocks and may cut more."""
    places, rows = measure(parsed.text, parsed.blocks, model.words)
    limits = _limits(parsed.blocks, places, rows, model)
    asked = [row for row, limit in enumerate(limits) if limit is not None]
    scores = model.scores(rows[asked]).tolist()
    going = sorted(
        (score, row)
        for score, row in zip(scores, asked, strict=True)
        if (limit := limits[row]) is not None and score < limit
    )
    if not going:
        return parsed
    words = rows[:, _WORDS].tolist()
    kept = sum(
        count for count, index in zip(words, places, strict=True)
        if parsed.blocks[index].cut is None and parsed.blocks[index].kind is not BlockKind.HEADLINE
    )  # fmt: skip
    left = model.max_share * kept
    blocks = list(parsed.blocks)
    for _, row in going:
        if words[row] <= left:
            left -= words[row]
            blocks[places[row]] = replace(blocks[places[row]], cut=model.reason(rows[row]))
    return replace(parsed, blocks=tuple(blocks))


def _limits(blocks: Sequence[Block], places: Sequence[int], rows: Matrix, model: BlockModel) -> list[int | None]:
    limits: list[int | None] = []
    is_last = True
    for row in range(len(places) - 1, -1, -1):
        block, words = blocks[places[row]], float(rows[row, _WORDS])
        limits.append(model.limit(block, words, is_last))
        if words >= LONG_WORDS and block.cut is None and block.kind is not BlockKind.LIST_ITEM:
            is_last = False
    return limits[::-1]


def _build(table: Mapping[str, Any]) -> BlockModel:
    names = {name: index for index, name in enumerate(FEATURES)}
    trees = table["tree"]
    limits = table["limits"]
    model = BlockModel(
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
