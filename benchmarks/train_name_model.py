"""Trains the name model: `python -m benchmarks.train_name_model TEXTS.jsonl [--out FOLDER] [--epochs N]`.

TEXTS.jsonl holds one document a line: {"lang": "en", "src": "gum-news", "text": …, "spans": [[start, end, "P" | "O" | "L"], …]}
with person, organisation and place names marked, as benchmarks/name_corpora.py writes it. A structured perceptron with
bounded, averaged steps; the order is fixed by a seed, so that the same texts give the same table byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.entities.name_features import (
    COMBINATIONS,
    COMMON_BITS,
    TABLE_SIZE,
    Role,
    common_bit,
    word_rows,
)
from transforms.entities.name_model import LABELS, NameModel, best_labels, find_runs, rows_of_runs
from transforms.entities.name_words import NameWords, WordClass
from transforms.entities.tokens import Tokens, tokenize

_BEGIN = {"P": 1, "O": 3, "L": 5}
_KEPT_ROWS = 2_000_000
# The rows of the word itself, of its lower-case form and of its last four letters.
_OWN_ROWS = (COMBINATIONS, COMBINATIONS + 1, COMBINATIONS + 4)


class Document(NamedTuple):
    """A text with the names in it: start, end, kind."""

    language: str
    source: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


class Example(NamedTuple):
    """A run: the table rows of each token (tokens, rows) and the right labels."""

    rows: npt.NDArray[np.int32]
    labels: list[int]


def read_documents(path: Path, skipped: frozenset[str]) -> list[Document]:
    """The documents of a file but those whose source is skipped."""
    found: list[Document] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["src"] not in skipped:
            spans = tuple((int(start), int(end), str(kind)) for start, end, kind in sorted(entry["spans"]))
            found.append(Document(entry["lang"], entry["src"], entry["text"], spans))
    return found


def common_words(documents: Sequence[Document], least: int = 2) -> npt.NDArray[np.uint8]:
    """The bits of the words that stand in lower case `least` times and half as often as with a capital, or more."""
    lower: Counter[tuple[str, str]] = Counter()
    upper: Counter[tuple[str, str]] = Counter()
    for document in documents:
        for word in tokenize(document.text).words:
            if word.islower():
                lower[document.language, word] += 1
            elif word[0].isupper():
                upper[document.language, word.lower()] += 1
    bits = np.zeros(1 << (COMMON_BITS - 3), np.uint8)
    for (language, word), count in sorted(lower.items()):
        if count >= least and count * 2 >= upper[language, word]:
            bit = common_bit(word, language)
            bits[bit >> 3] |= 1 << (bit & 7)
    return bits


def labels_of(tokens: Tokens, spans: Sequence[tuple[int, int, str]]) -> list[int]:
    """The right label of each token."""
    labels = [0] * len(tokens.words)
    place = 0
    for start, end, kind in spans:
        while place < len(labels) and tokens.ends[place] <= start:
            place += 1
        first = place
        while place < len(labels) and tokens.starts[place] < end:
            labels[place] = _BEGIN[kind] + (place > first)
            place += 1
    return labels


def begun(labels: Sequence[int]) -> list[int]:
    """Labels of one run in which no name starts inside: a comma or quotation mark can part a name into two runs."""
    fixed: list[int] = []
    for label in labels:
        inside = label in (2, 4, 6) and (not fixed or fixed[-1] not in (label, label - 1))
        fixed.append(label - 1 if inside else label)
    return fixed


def examples_of(
    document: Document, model: NameModel, kept: dict[tuple[str, str, Role], tuple[int, ...]]
) -> list[Example]:
    """The runs of one document; `kept` remembers the rows of words."""
    tokens = tokenize(document.text)
    language = document.language
    found = find_runs(tokens, language, model)
    if not found.runs:
        return []
    rows = rows_of_runs(found)
    words = {place: word for word, place in rows.cache.places.items()}
    kinds = rows.cache.kinds
    full: list[list[int]] = []
    for roles, row in zip(rows.words.tolist(), rows.combinations.tolist(), strict=True):
        for role, known in zip(Role, roles, strict=True):
            key = (language, words[known], role)
            own = kept.get(key)
            if own is None:
                own = kept[key] = word_rows(words[known], WordClass(int(kinds[known])), language)[role]
            row += own
        full.append(row)
    labels = labels_of(tokens, document.spans)
    examples: list[Example] = []
    at = 0
    for run in found.runs:
        size = run.end - run.first
        examples.append(Example(np.array(full[at : at + size], np.int32), begun(labels[run.first : run.end])))
        at += size
    return examples


def train(
    examples: Sequence[Example], epochs: int, seed: int, drop: float = 0.3, bound: float = 0.01
) -> npt.NDArray[np.float32]:
    """The table. `drop` is the share of runs whose own words are hidden, `bound` the largest step."""
    # The last row stays zero: it stands for what is hidden.
    weights = np.zeros((TABLE_SIZE + 1, len(LABELS)), np.float32)
    sums = np.zeros((TABLE_SIZE + 1, len(LABELS)), np.float64)
    order = list(range(len(examples)))
    chance = random.Random(seed)
    step = 1
    for epoch in range(epochs):
        chance.shuffle(order)
        wrong = 0
        for number in order:
            rows, gold = examples[number]
            # Own words are hidden at times, so that the model learns to judge unknown ones by all the rest.
            if chance.random() < drop:
                rows = rows.copy()
                rows[:, _OWN_ROWS] = TABLE_SIZE
            places = np.arange(len(gold))
            scores = weights[rows].sum(axis=1)
            right = float(scores[places, gold].sum())
            scores += 1.0  # The right labels must win by one for each label that differs.
            scores[places, gold] -= 1.0
            found = best_labels(scores.tolist())
            if found != gold:
                wrong += 1
                different = [place for place, label in enumerate(gold) if found[place] != label]
                loss = float(scores[places, found].sum()) - right
                size = min(bound, loss / (2 * rows.shape[1] * len(different)))
                for place in different:
                    for label, change in ((gold[place], size), (found[place], -size)):
                        np.add.at(weights, (rows[place], label), change)
                        np.add.at(sums, (rows[place], label), change * step)
                weights[TABLE_SIZE] = 0.0
            step += 1
        print("epoch", epoch + 1, "runs not right", wrong, "of", len(order), flush=True)
    return (weights - sums / step).astype(np.float32)[:TABLE_SIZE]


def in_steps(table: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """The table in 255 equal steps; the few largest weights, one in ten thousand, are cut."""
    largest = float(np.quantile(np.abs(table[table != 0]), 0.9999))
    steps: npt.NDArray[np.int8] = np.clip(np.rint(table * (127 / largest)), -127, 127).astype(np.int8)
    return steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("configs/names"))
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[5, 6], help="one table is trained for each")
    parser.add_argument("--skip", default="", help="sources to leave out, parted by commas")
    options = parser.parse_args()
    documents = read_documents(options.texts, frozenset(options.skip.split(",")))
    common = common_words(documents)
    model = NameModel(np.zeros((TABLE_SIZE, len(LABELS)), np.int8), common, NameWords.load())
    examples: list[Example] = []
    kept: dict[tuple[str, str, Role], tuple[int, ...]] = {}
    for document in documents:
        if len(kept) > _KEPT_ROWS:
            kept.clear()
        examples += examples_of(document, model, kept)
    print(len(documents), "documents", len(examples), "runs")
    # Each seed's table is right in other places; their mean is steadier than either.
    tables = [in_steps(train(examples, options.epochs, seed)) for seed in options.seeds]
    table = np.rint(np.mean(np.stack(tables), axis=0, dtype=np.float64)).astype(np.int8)
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / "model.npy", table)
    np.save(options.out / "common.npy", common)


if __name__ == "__main__":
    main()
