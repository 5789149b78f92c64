"""Measures how often each method of finding names is right: benchmarks/method_precision.py LAKE GOLD_DIR [...]

A gold folder has gold.jsonl: {"id": …, "mentions": [{"surface": …, "qid": …}]} for the texts <id>.txt that the lake was made from.
Before: surname "Roe" linked to the entity of "Ann Roe"; gold says Q5 for both. After: one right of the method "surname".

A mention with a Wikidata id is right where gold has that id for its surface. One with an id of this project's own is right where gold says
one and the same thing for all surfaces that got this id in the article, and counts only where at least two different surfaces did.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow.dataset as ds

from transforms.fold import fold_text


class Linked(NamedTuple):
    """What is measured of one mention."""

    surface: str
    entity_id: str | None
    wikidata_id: str | None
    method: str


def judged(mentions: Iterable[Linked], gold: Mapping[str, str]) -> Counter[tuple[str, bool]]:
    """How many mentions of one article are right and wrong, by method; `gold` is what each folded surface means."""
    known = [mention for mention in mentions if mention.entity_id and plain(mention.surface) in gold]
    meanings: dict[str, set[str]] = defaultdict(set)
    surfaces: dict[str, set[str]] = defaultdict(set)
    for mention in known:
        meanings[str(mention.entity_id)].add(gold[plain(mention.surface)])
        surfaces[str(mention.entity_id)].add(plain(mention.surface))
    counts: Counter[tuple[str, bool]] = Counter()
    for mention in known:
        if mention.wikidata_id:
            counts[mention.method, gold[plain(mention.surface)] == mention.wikidata_id] += 1
        elif len(surfaces[str(mention.entity_id)]) > 1:
            counts[mention.method, len(meanings[str(mention.entity_id)]) == 1] += 1
    return counts


def plain(surface: str) -> str:
    """The surface without case, "the" and a possessive."""
    return fold_text(surface).removeprefix("the ").removesuffix("'s")


def main(lake: str, *folders: str) -> int:
    """Prints a row for each method."""
    by_article: dict[str, list[Linked]] = defaultdict(list)
    articles = {
        row["article_id"]: Path(row["source_uri"]).stem for row in _rows(lake, "articles", ["article_id", "source_uri"])
    }
    for row in _rows(lake, "mentions", ["article_id", "surface", "entity_id", "wikidata_id", "method"]):
        by_article[articles[row.pop("article_id")]].append(Linked(**row))
    counts: Counter[tuple[str, bool]] = Counter()
    for folder in folders:
        for line in (Path(folder) / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            gold = {plain(mention["surface"]): mention["qid"] for mention in entry["mentions"]}
            counts += judged(by_article.get(entry["id"], []), gold)
    print(f"{'method':<10}{'right':>7}{'wrong':>7}{'precision':>11}")
    for method in sorted({method for method, _ in counts}):
        right, wrong = counts[method, True], counts[method, False]
        print(f"{method:<10}{right:>7}{wrong:>7}{right / (right + wrong):>11.3f}")
    return 0


def _rows(lake: str, table: str, columns: list[str]) -> list[dict[str, str]]:
    source = ds.dataset(f"{lake}/{table}", format="parquet", partitioning="hive", exclude_invalid_files=True)
    rows: list[dict[str, str]] = source.to_table(columns=columns).to_pylist()
    return rows


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
