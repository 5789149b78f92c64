"""Trains the block model of transforms/html/block_model.py on the public evaluation sets, and judges it honestly.

    train_block_model.py              writes configs/block_model.toml and configs/block_words.toml
    train_block_model.py --evaluate   F1, precision and recall of each set: without the model; with one that saw its pages;
                                      with one that saw no page of its publisher (two foldings); with one that saw none of
                                      its set; and how many pages get better and worse than without

A block's label is 1 where at least half of its 4-word shingles are in the gold body (each shingle counted as often as the
gold has it); shorter blocks, where the gold has their words in a row. A block weighs its words, a page as much as any other.
The sets are found as quality_gate.py finds them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
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

from benchmarks.evaluation_sets import EVALUATION_VARIABLE, evaluation_folder, evaluation_pages, read_documents  # noqa: E402
from benchmarks.oblivious_trees import Floats, Forest, TreeSettings, fit  # noqa: E402
from benchmarks.scoring import SHINGLE_WORDS, Overlap, body_overlap, body_score, page_f1, shingles  # noqa: E402
from benchmarks.word_weights import Line, WordSettings, fit_words  # noqa: E402
from pipeline.chain import Rules  # noqa: E402
from pipeline.settings import Settings, default_settings  # noqa: E402
from schemas.codes import BlockKind  # noqa: E402
from schemas.errors import RecordError  # noqa: E402
from schemas.records import DecodedDocument, ParsedDocument  # noqa: E402
from transforms.cleaning.clean import clean  # noqa: E402
from transforms.decoding.decode import decode  # noqa: E402
from transforms.html.block_features import FEATURES, measure  # noqa: E402
from transforms.html.block_model import BlockModel, refine  # noqa: E402
from transforms.html.block_words import WordWeights  # noqa: E402
from transforms.html.outline import make_outline  # noqa: E402
from transforms.html.page import parse_page  # noqa: E402
from transforms.html.tree import parse_tree  # noqa: E402

MODEL = _ROOT / "configs" / "block_model.toml"
WORDS = _ROOT / "configs" / "block_words.toml"
LIMITS = {"max_share": 0.25, "paragraph": -200, "long_paragraph": -300, "standfirst": 0, "list_item": -1000}
"""See BlockModel; in thousandths of a logit but for the share."""

_SEEDS = (0, 1, 2)
_FOLDS = 6
_FOLDINGS = ("", "again ")
_WORD_FOLDS = 4
_PROCESSES = 2
_CHANGE = 0.005
_MAX_LINKS = 0.9
_LEAST_WORDS = 60.0
_MAX_WEIGHT = 0.2
_SETTINGS = TreeSettings()


class Page(NamedTuple):
    """One page of a set. `parsed` is the page as rules alone have it, None where it is a reject; `lines` are all its lines
    with less than `_MAX_LINKS` of links, to learn words from."""

    set_name: str
    publisher: str
    gold: str
    parsed: ParsedDocument | None
    lines: tuple[Line, ...]


# -- pages and labels ----------------------------------------------------------------------------------------------


def read_pages(folder: Path, rules: Rules) -> Iterator[Page]:
    """The pages of the sets under `folder`, in the order of the sets."""
    for set_name, path, gold in evaluation_pages(folder):
        publisher = publisher_of(urlsplit(gold.get("url") or gold["id"]).netloc)
        document = next(read_documents(path, rules.read), None)
        decoded = decode(document) if document else None
        try:
            parsed = parse_page(decoded, rules.page) if decoded else None
        except RecordError:
            parsed = None
        lines = page_lines(decoded, gold["body"], publisher) if decoded and parsed else ()
        yield Page(set_name, publisher, gold["body"], parsed, lines)


def page_lines(document: DecodedDocument, gold: str, publisher: str) -> tuple[Line, ...]:
    """All lines of a page of at least two words that are not just links; `is_body` as in `label_texts`."""
    runs = make_outline(parse_tree(document.text).find("body")).runs
    labels = label_texts([run.text for run in runs], gold)
    return tuple(
        Line(run.text, label, publisher)
        for run, label in zip(runs, labels, strict=True)
        if run.words > 1 and run.link_density < _MAX_LINKS
    )


def publisher_of(host: str) -> str:
    """The part of a host name that one publisher's hosts share: "news.example.co.uk" → "example.co.uk"."""
    names = host.lower().split(".")
    short = len(names) > 2 and names[-2] in ("co", "com", "org", "net", "gov", "ac", "or", "ne")
    return ".".join(names[-3:] if short else names[-2:])


class Rows(NamedTuple):
    """Blocks to learn from: features, whether each is part of the gold body, and weights."""

    features: Floats
    labels: Floats
    weights: Floats


def training_rows(parsed: ParsedDocument, gold: str, words: WordWeights) -> Rows:
    """The blocks of the kinds that the model may be asked about and that rules keep."""
    places, rows = measure(parsed.text, parsed.blocks, words)
    blocks = [parsed.blocks[index] for index in places]
    labels = np.array(label_texts([parsed.text[block.start : block.end] for block in blocks], gold), np.float64)
    counts = rows[:, list(FEATURES).index("words")] + 2
    kept = np.array([block.cut is None and block.kind is not BlockKind.HEADLINE for block in blocks], bool)
    weights = np.minimum(counts / max(_LEAST_WORDS, float(counts[kept].sum())), _MAX_WEIGHT)
    asked = kept & np.array([block.kind in _ASKED for block in blocks], bool)
    return Rows(rows[asked], labels[asked], weights[asked])


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


class Trained(NamedTuple):
    """The two files of a model."""

    model: str
    words: str

    def load(self) -> BlockModel:
        """The model that they make."""
        return BlockModel.load(self.model, self.words)


def train(pages: Sequence[Page]) -> Trained:
    """The model for `pages`: forests of several seeds, averaged.

    Blocks are measured with word weights that were learned without their publisher, as strange pages will be.
    """
    folds = [fold_of(page.publisher, _WORD_FOLDS) for page in pages]
    found: list[Rows] = []
    for fold in range(_WORD_FOLDS):
        words = _fit_words([page for page, own in zip(pages, folds, strict=True) if own != fold])
        found += [
            training_rows(page.parsed, page.gold, words)
            for page, own in zip(pages, folds, strict=True)
            if own == fold and page.parsed is not None
        ]
    rows = np.vstack([each.features for each in found])
    labels = np.concatenate([each.labels for each in found])
    weights = np.concatenate([each.weights for each in found])
    forests = [fit(rows, labels, weights, _SETTINGS, seed) for seed in _SEEDS]
    return Trained(as_toml(forests), words_as_toml(_fit_words(pages)))


def _fit_words(pages: Sequence[Page]) -> WordWeights:
    weights = fit_words((line for page in pages for line in page.lines), WordSettings())
    return WordWeights({word: whole for word, weight in weights.items() if (whole := round(100 * weight))})


def fold_of(publisher: str, folds: int, folding: str = "") -> int:
    """Which part of all pages a publisher's are in; other `folding` texts make other parts."""
    return int(hashlib.sha256(f"{folding}{publisher}".encode()).hexdigest(), 16) % folds


def words_as_toml(words: WordWeights) -> str:
    """configs/block_words.toml."""
    lines = [
        "# Made by benchmarks/train_block_model.py; read by transforms/html/block_words.py. Not edited by hand.",
        "# Words and pairs of words at the start of a line, those with digits as #, that several publishers use; how much each",
        "# speaks for the line being part of the article, in hundredths of a logit.",
        "[words]",
        *(f"{json.dumps(word, ensure_ascii=False)} = {weight}" for word, weight in sorted(words.weights.items())),
    ]
    return "\n".join(lines) + "\n"


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


class Way(NamedTuple):
    """A way to hold pages out: pairs of pages to learn from and pages to score, by index."""

    name: str
    tasks: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


_pages: list[Page] = []
_rules: list[Rules] = []


def _start(folder: Path) -> None:
    if not _rules:
        _rules.append(Rules.load(_without_model()))
        _pages.extend(read_pages(folder, _rules[0]))


def _overlap(index: int, model: BlockModel | None) -> Overlap:
    page = _pages[index]
    if page.parsed is None:
        return body_overlap(page.gold, None)
    parsed = page.parsed if model is None else refine(page.parsed, model)
    try:
        return body_overlap(page.gold, clean(parsed, _rules[0].clean).body)
    except RecordError:
        return body_overlap(page.gold, None)


def _judge(task: tuple[tuple[int, ...], tuple[int, ...]]) -> dict[int, Overlap]:
    """Trains on the first pages, scores the second; without training pages, scores without a model."""
    learned, test = task
    model = train([_pages[index] for index in learned]).load() if learned else None
    return {index: _overlap(index, model) for index in test}


def _ways() -> list[Way]:
    every = tuple(range(len(_pages)))
    sets = [page.set_name for page in _pages]
    ways = [Way("rules alone", (((), every),)), Way("saw these pages", ((every, every),))]
    left_out = [
        Way("publisher left out", tuple(_split(_parts(folding), part) for part in range(_FOLDS)))
        for folding in _FOLDINGS
    ]
    by_set = Way("set left out", tuple(_split(sets, name) for name in dict.fromkeys(sets)))
    return [*ways, left_out[0], by_set, *left_out[1:]]


def _parts(folding: str) -> list[int]:
    return [fold_of(page.publisher, _FOLDS, folding) for page in _pages]


def evaluate(folder: Path) -> None:
    """Prints the scores of every way to hold pages out, and how many pages get better and worse than by rules alone."""
    _start(folder)
    with ProcessPoolExecutor(max_workers=_PROCESSES, initializer=_start, initargs=(folder,)) as pool:
        before: dict[int, Overlap] = {}
        for way in _ways():
            found: dict[int, Overlap] = {}
            for part in pool.map(_judge, way.tasks):
                found.update(part)
            before = before or found
            for name in dict.fromkeys(page.set_name for page in _pages):
                of_set = [index for index, page in enumerate(_pages) if page.set_name == name]
                score = body_score(found[index] for index in of_set)
                change = [page_f1(found[index]) - page_f1(before[index]) for index in of_set]
                print(
                    f"{way.name:<20} {name:<30} F1 {score.f1:.4f}  P {score.precision:.4f}  R {score.recall:.4f}"
                    f"  better {sum(each > _CHANGE for each in change)}  worse {sum(each < -_CHANGE for each in change)}",
                    flush=True,
                )


def _split(keys: Sequence[object], held_out: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (
        tuple(index for index, key in enumerate(keys) if key != held_out),
        tuple(index for index, key in enumerate(keys) if key == held_out),
    )


def _without_model() -> Settings:
    settings = default_settings()
    return replace(settings, clean=replace(settings.clean, block_model=False))


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument(
        "--evaluate", action="store_true", help="judge by leaving publishers and sets out; write nothing"
    )
    given = arguments.parse_args()
    folder = evaluation_folder()
    if given.evaluate:
        evaluate(folder)
        return 0
    pages = list(read_pages(folder, Rules.load(_without_model())))
    if not pages:
        print(f"no evaluation set in {folder}; name their folder in {EVALUATION_VARIABLE}", file=sys.stderr)
        return 2
    trained = train(pages)
    MODEL.write_text(trained.model, encoding="utf-8")
    WORDS.write_text(trained.words, encoding="utf-8")
    print(f"wrote {MODEL.name} and {WORDS.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
