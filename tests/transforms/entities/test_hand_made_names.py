"""The alias files written by hand: one line an entity, sorted by id, each id once in all of them, no empty name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "configs" / "entities"
FILES = (
    "agreements",
    "armed_groups",
    "companies",
    "events",
    "institutions",
    "media",
    "ngos_universities",
    "parties",
    "places_products",
    "sports",
)


def ids(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


@pytest.mark.parametrize("name", FILES)
def test_sorted_by_id(name: str) -> None:
    assert ids(name) == sorted(ids(name))


def test_each_id_once() -> None:
    every = [one for name in FILES for one in ids(name)]
    assert len(every) == len(set(every))
    assert len(every) >= 600


@pytest.mark.parametrize("name", FILES)
def test_no_empty_name(name: str) -> None:
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        entity = json.loads(line)
        for kind in ("names", "short", "acronyms", "demonyms", "metonyms"):
            for texts in entity.get(kind, {}).values():
                assert texts, entity["id"]
                assert all((text if isinstance(text, str) else text["text"]).strip() for text in texts), entity["id"]
