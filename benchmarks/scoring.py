"""Scores an article against its gold: the body by 4-word shingles, each field by equality of what a reader would see.

    body_overlap("a b c d e", "a b c d") -> Overlap(true=1/2, false=0, missed=1/2)

The body's measure is that of the article-extraction-benchmark (scrapinghub, MIT): multiset overlap of shingles, precision
and recall as means over pages, F1 of the two means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import NamedTuple

SHINGLE_WORDS = 4

_WORDS = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")
_STYLE = str.maketrans("“”„«»‘’‚–—\u00a0", '"""""' + "'''" + "-- ")


class Overlap(NamedTuple):
    """Shares of all shingles of both texts: in both, only in the found text, only in the gold; zeros if there are none."""

    true: float
    false: float
    missed: float


class BodyScore(NamedTuple):
    """Means over pages, 0 to 1."""

    precision: float
    recall: float
    f1: float


def fold(text: str | None) -> str:
    """Case, spaces and the style of quotes and dashes folded; "" for None."""
    return _SPACES.sub(" ", (text or "").translate(_STYLE)).strip().casefold()


def shingles(text: str | None) -> Counter[tuple[str, ...]]:
    """The multiset of runs of four words; a shorter text is one run."""
    tokens = _WORDS.findall(text or "")
    if not tokens:
        return Counter()
    places = range(max(1, len(tokens) - SHINGLE_WORDS + 1))
    return Counter(tuple(tokens[place : place + SHINGLE_WORDS]) for place in places)


def body_overlap(gold: str, found: str | None) -> Overlap:
    """How much of two bodies is the same."""
    wanted, got = shingles(gold), shingles(found)
    true = sum((wanted & got).values())
    false, missed = sum(got.values()) - true, sum(wanted.values()) - true
    total = true + false + missed
    return Overlap(true / total, false / total, missed / total) if total else Overlap(0.0, 0.0, 0.0)


def body_score(overlaps: Iterable[Overlap]) -> BodyScore:
    """Precision and recall as means over the pages that have any, F1 of the two means."""
    pages = list(overlaps)
    precisions = [page.true / (page.true + page.false) for page in pages if page.true + page.false]
    recalls = [page.true / (page.true + page.missed) for page in pages if page.true + page.missed]
    precision = sum(precisions) / len(precisions) if precisions else 0.0
    recall = sum(recalls) / len(recalls) if recalls else 0.0
    both = precision + recall
    return BodyScore(precision, recall, 2 * precision * recall / both if both else 0.0)


def page_f1(overlap: Overlap) -> float:
    """F1 of one page, to find the worst."""
    return 2 * overlap.true / (2 * overlap.true + overlap.false + overlap.missed) if sum(overlap) else 0.0


def same_names(gold: Sequence[str], found: Iterable[str]) -> bool:
    """The same set of names, folded."""
    return {fold(name) for name in gold} == {fold(name) for name in found} - {""}


def gold_days(text: str) -> tuple[str, ...]:
    """The beginnings of ISO dates that fit a gold date: the day as written (or only its month or year, if no more is
    written), and in UTC where it has an offset."""
    written = text[:10]
    try:
        # Python 3.10 does not read the Z.
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return (written,)
    return (written, when.astimezone(timezone.utc).date().isoformat()) if when.tzinfo else (written,)
