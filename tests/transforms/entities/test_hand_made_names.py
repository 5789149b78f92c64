"""The alias files written by hand: one line an entity, sorted by id, each id once in all of them, no empty name."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "configs" / "entities"
FILES = (
    "agreements",
    "armed_groups",
    "bodies",
    "brands_media",
    "clubs",
    "companies",
    "events",
    "institutions",
    "landmarks_regions",
    "media",
    "ngos_universities",
    "parties",
    "people_arts",
    "people_business_science",
    "people_politics",
    "people_sport",
    "places_products",
    "sport_events",
    "sports",
    "wars_works",
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
    assert len(every) >= 4_000


def test_each_wikidata_id_once() -> None:
    """An id that two lines bear makes one person of two: so three wrong ids were found (a cyclist with a president's)."""
    files = sorted(path for path in FOLDER.glob("*.jsonl") if not path.stem.startswith("base_"))
    lines = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    stated = [line.get("wikidata") or line["id"] for line in lines]
    assert not [one for one, count in Counter(stated).items() if count > 1]


@pytest.mark.parametrize("name", FILES)
def test_no_empty_name(name: str) -> None:
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        entity = json.loads(line)
        for kind in ("names", "short", "acronyms", "demonyms", "metonyms"):
            for texts in entity.get(kind, {}).values():
                assert texts, entity["id"]
                assert all((text if isinstance(text, str) else text["text"]).strip() for text in texts), entity["id"]
