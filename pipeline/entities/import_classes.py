"""Which foreign classes are imported as which type: configs/entity_classes.toml.

Before: `[followthemoney] person = ["Person"]`. After: `types["Person"]` is `EntityType.PERSON`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_toml, text_list
from schemas.entities import EntityType


class Classes(NamedTuple):
    """Foreign class → type, for Wikidata and for FollowTheMoney; the languages whose names are taken from Wikidata."""

    wikidata: Mapping[str, EntityType]
    followthemoney: Mapping[str, EntityType]
    languages: tuple[str, ...]


@lru_cache(maxsize=1)
def load_classes() -> Classes:
    """The classes of the built-in file (cached)."""
    document = read_toml("entity_classes.toml")
    wikidata, followthemoney = document["wikidata"], document["followthemoney"]
    assert isinstance(wikidata, Mapping)
    assert isinstance(followthemoney, Mapping)
    return Classes(_types(wikidata), _types(followthemoney), text_list(wikidata, "languages"))


def _types(table: Mapping[str, object]) -> dict[str, EntityType]:
    kinds = {kind.value: kind for kind in EntityType}
    return {each: kinds[name] for name in table if name in kinds for each in text_list(table, name)}
