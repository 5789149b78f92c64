from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks import quality_gate as gate
from benchmarks.scoring import Overlap
from schemas.records import Article

TASKS = list(gate.golden_tasks())


def test_the_golden_set_is_varied() -> None:
    assert len(TASKS) >= 12
    assert len({task.gold["language"] for task in TASKS}) >= 6
    assert {str(task.path).rpartition(".")[2] for task in TASKS} == {"html", "txt"}


def test_gold_has_what_the_gate_reads() -> None:
    for task in TASKS:
        assert (gate.GOLDEN / task.gold["input"]).is_file()
        assert task.gold["headline"]
        assert len(task.gold["body"]) > 100


def test_floors_hold_every_measure_of_the_golden_set() -> None:
    floors = json.loads(gate.FLOORS.read_text(encoding="utf-8"))
    assert {"body_f1", "headline", "language", "published_day"} <= set(floors["golden"]["at_least"])
    assert {"leftover_kept", "body_lost"} == set(floors["noisy golden"]["at_most"])


def test_a_page_of_the_golden_set_becomes_its_article() -> None:
    task = next(task for task in TASKS if task.name == "en-article-jsonld")
    scored = gate.score(task)
    assert scored.body.true > 0.9
    assert dict(scored.right)["headline"]
    assert dict(scored.right)["published_day"]


def _article() -> Article:
    task = next(task for task in TASKS if task.name == "en-agency")
    article = gate.find_article(str(task.path))
    assert article is not None
    return article


def test_fields_are_judged_only_where_the_gold_has_them() -> None:
    article = replace(_article(), headline="A", license=None, agencies=(), published_at=None)
    assert dict(gate.field_scores({"headline": "a", "license": None}, article)) == {"headline": True, "license": True}
    assert dict(gate.field_scores({"license": "CC-BY-4.0", "agencies": ["AP"]}, article)) == {
        "license": False,
        "agencies": False,
    }
    assert dict(gate.field_scores({"published": None}, article)) == {"published_day": True}
    assert dict(gate.field_scores({"published": "2026-01-01", "authors": None}, None)) == {
        "published_day": False,
        "authors": False,
    }


def test_an_agency_too_many_is_wrong() -> None:
    article = _article()
    assert article.agencies
    assert dict(gate.field_scores({"agencies": None}, article)) == {"agencies": False}


def _measure(name: str, value: float) -> gate.Measure:
    return gate.Measure("golden", name, value, 10)


def test_the_gate_fails_below_a_floor_and_above_a_ceiling() -> None:
    floors = {"golden": {"at_least": {"body_f1": 0.9}, "at_most": {"leftover_kept": 0.1}}}
    good = [_measure("body_f1", 0.9), _measure("leftover_kept", 0.1), _measure("new", 0.0)]
    assert gate.failures(good, floors) == []
    bad = [_measure("body_f1", 0.89), _measure("leftover_kept", 0.11)]
    assert gate.failures(bad, floors) == bad


def test_update_leaves_a_margin_and_other_sets_alone() -> None:
    floors = {"other": {"at_least": {"body_f1": 0.5}, "at_most": {}}}
    new = gate.updated([_measure("body_f1", 0.95), _measure("body_lost", 0.01)], floors)
    assert new["other"] == floors["other"]
    assert new["golden"] == {"at_least": {"body_f1": 0.948}, "at_most": {"body_lost": 0.012}}


@pytest.mark.parametrize(("kept", "expected"), [(0, 0.0), (1, 0.5)])
def test_noisy_measures_are_shares_of_all_lines(kept: int, expected: float) -> None:
    from benchmarks.leftovers import NoisyScore

    scored = gate.Scored("noisy golden", "a", Overlap(1, 0, 0), (), NoisyScore(kept, 2, 0, 9, True))
    assert gate.measures([scored])[0] == gate.Measure("noisy golden", "leftover_kept", expected, 2)
