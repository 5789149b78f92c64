"""What the drills write: invented articles, cleaned and described by the pipeline's own steps, and a reject after every third.

Before: a number. After: `Item(file, rows, later)`, where `later` are the rows that a replay finds instead of a reject.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from benchmarks.generator import article_text, make_story
from pipeline.chain import Described, Rules, run_record
from pipeline.lake.rows import Staged
from pipeline.settings import default_settings
from schemas.codes import Payload, RejectCode, SourceFormat, Stage
from schemas.records import InputFile, RawDocument
from transforms.rejects import make_reject

REJECT_EVERY = 4


class Item(NamedTuple):
    """One input file and the rows that it gives."""

    file: InputFile
    rows: tuple[Staged, ...]
    later: tuple[Staged, ...]


def make_items(count: int) -> tuple[Item, ...]:
    """Inputs 0 … count - 1, all in English: few partitions, so that drills of many runs stay short."""
    rules = Rules.load(default_settings())
    return tuple(_item(number, rules) for number in range(count))


def _item(number: int, rules: Rules) -> Item:
    raw = article_text(make_story(number, language="en", characters=600)).encode()
    name = f"{number:04d}.txt"
    uri = f"in/{name}"
    file = InputFile(uri, name, len(raw), hashlib.sha256(raw).hexdigest())
    described = run_record(RawDocument(uri, name, SourceFormat.TEXT, Payload.TEXT, raw), rules)
    if not isinstance(described, Described):
        raise ValueError(f"{name}: {described.message}")
    article: tuple[Staged, ...] = (described.article, *described.removed, described.mentions)
    if number % REJECT_EVERY != REJECT_EVERY - 1:
        return Item(file, article, article)
    reject = make_reject(
        source_uri=uri,
        name=name,
        stage=Stage.READ,
        code=RejectCode.UNREADABLE_FILE,
        message="Gone for a while",
        raw=raw,
    )
    return Item(file, (reject,), article)
