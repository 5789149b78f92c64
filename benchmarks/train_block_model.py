"""Trains the block model of transforms/html/block_model.py on the public evaluation sets, and judges it honestly.

    train_block_model.py              writes configs/block_model.toml
    train_block_model.py --evaluate   F1, precision and recall of each set: without the model; with one that saw its pages;
                                      with one that saw no page of its publisher (8 folds by host); none of its set

A block's label is 1 where at least half of its 4-word shingles are in the gold body (each shingle counted as often as the
gold has it); shorter blocks, where the gold has their words in a row. A block weighs its words, a page as much as any other.
The sets are found as quality_gate.py finds them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

# Beam warns of optional packages at import.
logging.getLogger().setLevel(logging.ERROR)

from benchmarks.oblivious_trees import Floats, Forest, TreeSettings, fit  # noqa: E402
from benchmarks.quality_gate import DEFAULT_EVALUATION_FOLDER, EVALUATION_SETS, EVALUATION_VARIABLE  # noqa: E402
from benchmarks.scoring import SHINGLE_WORDS, Overlap, body_overlap, body_score, shingles  # noqa: E402
from pipeline.chain import Rules  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from schemas.codes import BlockKind  # noqa: E402
from schemas.errors import RecordError  # noqa: E402
from schemas.records import InputFile, ParsedDocument, RawDocument  # noqa: E402
from transforms.cleaning.clean import clean  # noqa: E402
from transforms.decoding.decode import decode  # noqa: E402
from transforms.html.block_features import FEATURES, measure  # noqa: E402
from transforms.html.block_model import BlockModel, refine  # noqa: E402
from transforms.html.page import parse_page  # noqa: E402
from transforms.read.records import read_file  # noqa: E402

MODEL = _ROOT / "configs" / "block_model.toml"
LIMITS = {"max_share": 0.25, "paragraph": 500, "long_paragraph": 200, "standfirst": 500, "list_item": -500}
"""See BlockModel; in thousandths of a logit but for the share."""

_SEEDS = (0, 1)
_FOLDS = 8
_PROCESSES = 2
_SETTINGS = TreeSettings()


class Page(NamedTuple):
    """One page of a set. `parsed` is None where it is a reject; `labels` and `weights` are those of `rows`."""

    set_name: str
    host: str
    gold: str
    parsed: ParsedDocument | None
    rows: Floats
    labels: Floats
    weights: Floats


# -- pages and labels ----------------------------------------------------------------------------------------------


def read_pages(folder: Path, rules: Rules) -> Iterator[Page]:
    """The pages of the sets under `folder`, parsed as rules alone have them, in the order of the sets."""
    for directory, set_name in EVALUATION_SETS.items():
        gold_file = folder / directory / "gold.jsonl"
        if not gold_file.is_file():
            continue
        for line in gold_file.read_text(encoding="utf-8").rstrip("\n").split("\n"):
            gold = json.loads(line)
            parsed = _parse(folder / directory / f"{gold['id']}.html.gz", rules)
            host = publisher_of(urlsplit(gold.get("url") or gold["id"]).netloc)
            if parsed is None:
                nothing = np.zeros(0)
                yield Page(set_name, host, gold["body"], None, np.zeros((0, len(FEATURES))), nothing, nothing)
            else:
                yield Page(set_name, host, gold["body"], parsed, *training_rows(parsed, gold["body"]))


def _parse(path: Path, rules: Rules) -> ParsedDocument | None:
    raw = path.read_bytes()
    source = InputFile(str(path), path.name, len(raw), hashlib.sha256(raw).hexdigest())
    for record in read_file(source, rules.read):
        if isinstance(record, RawDocument):
            try:
                return parse_page(decode(record), rules.page)
            except RecordError:
                return None
    return None


def publisher_of(host: str) -> str:
    """The part of a host name that one publisher's hosts share: "news.example.co.uk" → "example.co.uk"."""
    names = host.lower().split(".")
    short = len(names) > 2 and names[-2] in ("co", "com", "org", "net", "gov", "ac", "or", "ne")
    return ".".join(names[-3:] if short else names[-2:])


def training_rows(parsed: ParsedDocument, gold: str) -> tuple[Floats, Floats, Floats]:
    """Rows, labels and weights of the blocks about which the model may be asked or that rules keep."""
    places, rows = measure(parsed.text, parsed.blocks)
    texts = [parsed.text[parsed.blocks[index].start : parsed.blocks[index].end] for index in places]
    labels = np.array(label_texts(texts, gold), np.float64)
    words = rows[:, list(FEATURES).index("words")]
    open_blocks = np.array(
        [parsed.blocks[index].cut is None and parsed.blocks[index].kind is not BlockKind.HEADLINE for index in places],
        bool,
    )
    weights = (words + 2) / max(1.0, float((words[open_blocks] + 2).sum()))
    asked = open_blocks & np.array([parsed.blocks[index].kind in _ASKED for index in places], bool)
    return rows[asked], labels[asked], weights[asked]


_ASKED = (BlockKind.PARAGRAPH, BlockKind.STANDFIRST, BlockKind.LIST_ITEM)


def label_texts(texts: Sequence[str], gold: str) -> list[bool]:
    """For each text whether it is part of the gold body."""
    left = shingles(gold)
    gold_words = f" {' '.join(_words(gold))} "
    labels = []
    for text in texts:
        words = _words(text)
        if len(words) < SHINGLE_WORDS:
            labels.append(bool(words) and f" {' '.join(words)} " in gold_words)
            continue
        own = shingles(text)
        found = own & left
        is_body = 2 * sum(found.values()) >= sum(own.values())
        if is_body:
            left -= found
        labels.append(is_body)
    return labels


_words = re.compile(r"\w+").findall


# -- training ------------------------------------------------------------------------------------------------------


def train(pages: Sequence[Page]) -> str:
    """The model for `pages` as TOML: forests of several seeds, averaged."""
    rows = np.vstack([page.rows for page in pages])
    labels = np.concatenate([page.labels for page in pages])
    weights = np.concatenate([page.weights for page in pages])
    return as_toml([fit(rows, labels, weights, _SETTINGS, seed) for seed in _SEEDS])


def as_toml(forests: Sequence[Forest]) -> str:
    """The mean of `forests`, as configs/block_model.toml has it."""
    names = list(FEATURES)
    share = len(forests)
    lines = [
        "# Made by benchmarks/train_block_model.py; read by transforms/html/block_model.py. Not edited by hand but for [limits].",
        "# Sums of leaves are thousandths of a logit: how much speaks for a block being part of the article.",
        f"base = {round(1000 * sum(forest.base for forest in forests) / share)}",
        "",
        "[limits]  # a block with a lower sum goes, but never more than max_share of the words that rules keep",
        *(f"{name} = {value}" for name, value in LIMITS.items()),
    ]
    for forest in forests:
        for tree in forest.trees:
            lines += [
                "",
                "[[tree]]",
                f"features = {json.dumps([names[feature] for feature in tree.features])}",
                f"thresholds = {json.dumps(list(tree.thresholds))}",
                f"leaves = {json.dumps([round(1000 * float(leaf) / share) for leaf in tree.leaves])}",
            ]
    return "\n".join(lines) + "\n"


# -- evaluation ----------------------------------------------------------------------------------------------------

_Task = tuple[tuple[int, ...], tuple[int, ...]]
"""Indices of pages to learn from and to score."""

_pages: list[Page] = []
_rules: list[Rules] = []


def _start(folder: Path) -> None:
    _rules.append(Rules.load(default_settings()))
    _pages.extend(read_pages(folder, _rules[0]))


def _score(test: Sequence[int], model: BlockModel | None) -> dict[int, Overlap]:
    result = {}
    for index in test:
        page = _pages[index]
        body = ""
        if page.parsed is not None:
            parsed = page.parsed if model is None else refine(page.parsed, model)
            try:
                body = clean(parsed, _rules[0].clean).body
            except RecordError:
                body = ""
        result[index] = body_overlap(page.gold, body)
    return result


def _judge(task: _Task) -> dict[int, Overlap]:
    """Trains on the first pages, scores the second; without training pages, scores without a model."""
    learned, test = task
    model = BlockModel.load(train([_pages[index] for index in learned])) if learned else None
    return _score(test, model)


def evaluate(folder: Path) -> None:
    """Prints the scores of every way to hold pages out."""
    with ProcessPoolExecutor(max_workers=_PROCESSES, initializer=_start, initargs=(folder,)) as pool:
        _start(folder)
        every = tuple(range(len(_pages)))
        fold = [int(hashlib.sha256(page.host.encode()).hexdigest(), 16) % _FOLDS for page in _pages]
        sets = [page.set_name for page in _pages]
        ways: dict[str, list[_Task]] = {
            "rules alone": [((), every)],
            "saw these pages": [(every, every)],
            "publisher left out": [_split(fold, number) for number in range(_FOLDS)],
            "set left out": [_split(sets, name) for name in dict.fromkeys(sets)],
        }
        for way, tasks in ways.items():
            found: dict[int, Overlap] = {}
            for part in pool.map(_judge, tasks):
                found.update(part)
            for name in dict.fromkeys(sets):
                score = body_score(found[index] for index in every if sets[index] == name)
                print(
                    f"{way:<20} {name:<30} F1 {score.f1:.4f}  P {score.precision:.4f}  R {score.recall:.4f}", flush=True
                )


def _split(keys: Sequence[object], held_out: object) -> _Task:
    return (
        tuple(index for index, key in enumerate(keys) if key != held_out),
        tuple(index for index, key in enumerate(keys) if key == held_out),
    )


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument(
        "--evaluate", action="store_true", help="judge by leaving publishers and sets out; write nothing"
    )
    given = arguments.parse_args()
    folder = _ROOT / os.environ.get(EVALUATION_VARIABLE, DEFAULT_EVALUATION_FOLDER)
    if given.evaluate:
        evaluate(folder)
        return 0
    pages = list(read_pages(folder, Rules.load(default_settings())))
    if not pages:
        print(f"no evaluation set in {folder}; name their folder in {EVALUATION_VARIABLE}", file=sys.stderr)
        return 2
    MODEL.write_text(train(pages), encoding="utf-8")
    print(f"wrote {MODEL.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
