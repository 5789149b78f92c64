"""What is known of an expression before it is tried: what a match contains and how it starts. Built-in ones are looked up.

Before: `(?:please )?(?:subscribe|join up)`  After: `PatternFacts(texts=("join up", "subscribe"), starts=("join", "plea", "subs"))`

To analyse all built-in rules takes a process a second. `configs/pattern_facts.jsonl` has the answers, a line for each
expression under a hash of it; an expression that isn't there (a user's own, an edited one) is analysed when it is met, so
an old file costs time and changes nothing. `python -m benchmarks.write_pattern_facts` writes it; a test compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_text
from transforms.cleaning.pattern_start import first_texts
from transforms.cleaning.required_text import required_texts

FILE = "pattern_facts.jsonl"


class PatternFacts(NamedTuple):
    """`texts`: case-folded, one of them stands in every match (None: unknown), none within another. `starts`:
    `first_texts`, sorted."""

    texts: tuple[str, ...] | None
    starts: tuple[str, ...]


def facts_of(pattern: str) -> PatternFacts:
    """The facts of `pattern`, from the packaged file where it has them. Raises `re.error` for an unknown, bad pattern."""
    return _packaged().get(_key(pattern)) or analyse(pattern)


def analyse(pattern: str) -> PatternFacts:
    """The facts of `pattern`, found from its syntax. Raises `re.error`."""
    return PatternFacts(_fewest(required_texts(pattern)), tuple(sorted(first_texts(pattern))))


def facts_text(patterns: Iterable[str]) -> str:
    """The content of `FILE` for these expressions: JSON lines in the order of their hashes."""
    lines = {_key(pattern): analyse(pattern) for pattern in patterns}
    return "".join(json.dumps([key, *lines[key]], ensure_ascii=False) + "\n" for key in sorted(lines))


@lru_cache(maxsize=1)
def _packaged() -> Mapping[str, PatternFacts]:
    entries = [json.loads(line) for line in read_text(FILE).split("\n") if line]
    return {key: PatternFacts(None if texts is None else tuple(texts), tuple(starts)) for key, texts, starts in entries}


def _key(pattern: str) -> str:
    return hashlib.blake2b(pattern.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _fewest(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """`texts` without those that contain another one."""
    if texts is None:
        return None
    return tuple(text for text in texts if not any(other in text for other in texts if other != text))
