"""Which names of the index of brands become aliases, and which are left out."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.brand_entities import brand_entities


def _index(path: Path, *tags: dict[str, str], category: str = "brands/shop/clothes") -> Path:
    document = {"nsi": {category: {"items": [{"tags": each} for each in tags]}}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_names_of_their_own_are_taken_and_others_need_words_of_business(tmp_path: Path) -> None:
    found = brand_entities(
        _index(
            tmp_path / "index.json",
            {"brand": "Zorvexa Kleding", "brand:wikidata": "Q9999001"},
            {"brand": "Many Things", "brand:wikidata": "Q9999002"},
            {"brand": "Zorvexa", "brand:wikidata": "Q9999003"},
            {"brand": "Water", "brand:wikidata": "Q9999004"},
            {"brand": "London", "brand:wikidata": "Q9999005"},
            {"brand": "Nobody Knows", "brand:wikidata": "no id"},
        ),
        frozenset(),
    )
    aliases = {entity["id"]: entity["names"]["*"][0] for entity in found}
    assert aliases["Q9999001"] == "Zorvexa Kleding"
    assert "shares" in aliases["Q9999002"]["only_with"]
    assert "shares" in aliases["Q9999003"]["only_with"]
    assert aliases.keys() == {"Q9999001", "Q9999002", "Q9999003"}


def test_what_two_bear_or_other_files_have_is_left_out(tmp_path: Path) -> None:
    index = _index(
        tmp_path / "index.json",
        {"brand": "Zorvexa Kleding", "brand:wikidata": "Q9999001"},
        {"brand": "Zorvexa Kleding", "brand:wikidata": "Q9999002"},
        {"brand": "Quolimbra Tessile", "brand:wikidata": "Q9999003"},
        {"brand": "Trivonda Calzado", "brand:wikidata": "Q9999004"},
    )
    assert brand_entities(index, frozenset(("quolimbra tessile ", "Q9999004"))) == []


def test_towns_and_owners_of_masts_are_left_out(tmp_path: Path) -> None:
    town = _index(tmp_path / "a.json", {"operator": "City of Zorvexa", "operator:wikidata": "Q9999001"})
    masts = _index(
        tmp_path / "b.json",
        {"operator": "Zorvexa Energi", "operator:wikidata": "Q9999001"},
        category="operators/power/pole",
    )
    assert brand_entities(town, frozenset()) == brand_entities(masts, frozenset()) == []
