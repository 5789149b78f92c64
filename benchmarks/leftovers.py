"""Makes plain-text articles with known leftovers from clean ones: what a scraper leaves behind when the markup is gone.

    body "The bridge …\\nThe mayor …"  ->  "Headline\\n\\nBy …\\n\\nCAIRO (AFP) – The bridge …\\n\\nThe mayor …\\n\\n3 comments\\n\\n…"

The wordings are in leftovers.toml and are this measure's own. Everything added is remembered, so that it can be counted.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.scoring import fold, shingles

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_GAPS = ("\n", "\n\n", "\n\n", "\n \n")


class Wordings(NamedTuple):
    """The leftovers of one language. Pairs are (as it stands, what the column must hold)."""

    byline: tuple[tuple[str, str], ...]
    dateline: tuple[tuple[str, str], ...]
    license: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    middle: tuple[str, ...]
    sign_off: tuple[str, ...]
    tail: tuple[tuple[str, ...], ...]


class NoisyText(NamedTuple):
    """A text with leftovers and what is right for it; None where it has no such line."""

    text: str
    body: str
    leftovers: tuple[str, ...]
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    agency: str | None = None
    license: str | None = None


class NoisyScore(NamedTuple):
    """Counts for one text: leftover lines still in the body of those added, shingles lost of those wanted."""

    kept: int
    added: int
    lost: int
    wanted: int
    exact: bool


@lru_cache(maxsize=1)
def wordings() -> dict[str, Wordings]:
    """The wordings by language."""
    tables = tomllib.loads(Path(__file__).with_name("leftovers.toml").read_text(encoding="utf-8"))
    return {
        language: Wordings(
            byline=tuple((str(line), str(value)) for line, value in table["byline"]),
            dateline=tuple((str(place), str(agency)) for place, agency in table["dateline"]),
            license=tuple((str(line), str(value)) for line, value in table["license"]),
            head=tuple(table["head"]),
            middle=tuple(table["middle"]),
            sign_off=tuple(table["sign_off"]),
            tail=tuple(tuple(block) for block in table["tail"]),
        )
        for language, table in tables.items()
    }


def make_noisy(paragraphs: Sequence[str], headline: str, language: str, rng: random.Random) -> NoisyText:
    """One text made of clean `paragraphs` with a random choice of the leftovers of `language`."""
    words = wordings()[language]
    body = list(paragraphs)
    top: list[str] = []
    added: list[str] = []
    byline = dateline = agency = license_id = None
    if named := rng.random() < 0.85:
        top += [headline] * rng.choice((1, 1, 2))
    if rng.random() < 0.4:
        line, byline = rng.choice(words.byline)
        top.append(line)
    if rng.random() < 0.35:
        added.append(rng.choice(words.head))
        top.append(added[-1])
    if rng.random() < 0.45:
        place, source = rng.choice(words.dateline)
        opening = f"{place} ({source})" if source else place
        body[0] = f"{opening} {rng.choice('–—-')} {body[0]}"
        dateline, agency = place, source or None
    if rng.random() < 0.2:
        body *= 2
    for _ in range(rng.choice((0, 0, 1, 2))):
        added.append(rng.choice(words.middle))
        body.insert(rng.randrange(1, len(body)), added[-1])
    tail: list[str] = []
    if rng.random() < 0.3:
        tail.append(rng.choice(words.sign_off))
    for block in rng.sample(words.tail, rng.choice((1, 2, 3))):
        tail += block
    if rng.random() < 0.4:
        line, stated = rng.choice(words.license)
        license_id = stated or None
        tail.append(line)
    text = rng.choice(_GAPS).join([*top, *body, *tail])
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return NoisyText(
        text=text,
        body="\n".join(paragraphs),
        leftovers=(*added, *tail),
        headline=headline if named else None,
        byline=byline,
        dateline=dateline,
        agency=agency,
        license=license_id,
    )


def score_noisy(noisy: NoisyText, body: str) -> NoisyScore:
    """Counts what is left and what is lost in the `body` that was found."""
    folded, lines = fold(body), {fold(line) for line in body.split("\n")}
    kept = sum(fold(line) in lines or (len(line) > 25 and fold(line) in folded) for line in noisy.leftovers)
    wanted = shingles(fold(noisy.body))
    lost = sum((wanted - shingles(folded)).values())
    return NoisyScore(kept, len(noisy.leftovers), lost, sum(wanted.values()), folded == fold(noisy.body))
