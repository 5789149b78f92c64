"""What finding mentions goes by: the alias store, the finders' rules, and configs/mentions.toml.

Before: the folder of an alias store, and what is asked for. After: one object, opened anew in each worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from configs.toml import read_toml
from schemas.entities import MentionMethod
from transforms.entities.alias_rules import AliasRules
from transforms.entities.chunks import ChunkRules
from transforms.entities.link_rules import LinkRules
from transforms.entities.quote_rules import QuoteRules
from transforms.entities.store import AliasStore, sent_as
from transforms.temporal.find_dates import TemporalRules
from transforms.temporal.quantities import QuantityRules


class Wanted(NamedTuple):
    """What is looked for beside names."""

    dates: bool = True
    quotes: bool = False
    quantities: bool = False
    ner: str = "rules"
    """Who finds the names that no list knows: "rules", or "spacy"."""


@dataclass(frozen=True, slots=True)
class MentionRules:
    """Made by `open`. Pickled as what it was opened with: a worker maps the store and loads the rules itself, which are some
    megabytes. `confidence` by method; `dateline_days` is how far a dateline's date may be from publication."""

    wanted: Wanted
    store: AliasStore
    aliases: AliasRules
    chunks: ChunkRules
    links: LinkRules
    dates: TemporalRules
    quantities: QuantityRules
    quotes: QuoteRules
    confidence: Mapping[MentionMethod, float]
    dateline_days: int

    @staticmethod
    def open(folder: Path | str, wanted: Wanted | None = None) -> MentionRules:
        """The rules with the alias store in `folder`. Raises UsageError where that is none."""
        written = _written()
        return MentionRules(
            wanted=wanted or Wanted(),
            store=AliasStore.open(folder),
            aliases=AliasRules.load(),
            chunks=ChunkRules.load(),
            links=LinkRules.load(),
            dates=TemporalRules.load(),
            quantities=QuantityRules.load(),
            quotes=QuoteRules.load(),
            confidence=written.confidence,
            dateline_days=written.dateline_days,
        )

    def __reduce__(self) -> tuple[object, tuple[str, Wanted]]:
        return MentionRules.open, (sent_as(self.store.folder), self.wanted)


class _Written(NamedTuple):
    """configs/mentions.toml."""

    confidence: Mapping[MentionMethod, float]
    dateline_days: int


@lru_cache(maxsize=1)
def _written() -> _Written:
    document = read_toml("mentions.toml")
    confidence, dateline = document["confidence"], document["dateline"]
    assert isinstance(confidence, Mapping)
    assert isinstance(dateline, Mapping)
    return _Written(
        {method: float(confidence[method.value]) for method in MentionMethod},
        int(dateline["max_days"]),
    )
