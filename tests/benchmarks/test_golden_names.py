from __future__ import annotations

import json
from pathlib import Path

from benchmarks.golden_names import Share, precision_by_method, shares, texts

TYPED = [
    {"surface": "Norway", "type": "place"},
    {"surface": "Germany", "type": "person"},
    {"surface": "Nowhere", "type": "place"},
]
LINKED = [{"surface": "Norway", "qid": "Q20", "person": False}, {"surface": "Germany", "qid": "Q1", "person": False}]


def scored(folder: Path, mentions: list[dict[str, object]]) -> list[object]:
    (folder / "a.txt").write_text("The ministers of Norway and Germany met again and spoke about the old harbour.\n")
    (folder / "gold.jsonl").write_text(json.dumps({"id": "a", "mentions": mentions}) + "\n")
    return list(texts(folder))


def test_typed_names(tmp_path: Path) -> None:
    found = scored(tmp_path, TYPED)
    assert shares(found) == (Share("names_f1", 4 / 5, 3), Share("names_typed_f1", 2 / 5, 3))
    assert precision_by_method(found) == {"alias": Share("alias", 0.5, 2)}


def test_linked_names(tmp_path: Path) -> None:
    found = scored(tmp_path, LINKED)
    assert shares(found)[:2] == (Share("linked_right", 0.5, 2), Share("linked_precision", 0.5, 2))
    assert precision_by_method(found) == {"alias": Share("alias", 0.5, 2)}
