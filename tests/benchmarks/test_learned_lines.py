from __future__ import annotations

from dataclasses import replace

from benchmarks.learned_lines import learned_from, make_texts, measure, sites
from pipeline.chain import Rules
from pipeline.settings import default_settings


def test_learning_finds_what_rules_miss_and_loses_nothing() -> None:
    rules = Rules.load(default_settings())
    for number, site in list(enumerate(sites()))[:3]:
        texts = make_texts(number, site, 14)
        before = measure(texts, rules)
        after = measure(texts, replace(rules, clean=replace(rules.clean, learned=learned_from(texts, rules))))
        assert before.kept > 0.6 * before.added
        assert after.kept < 0.1 * after.added
        assert after.lost == before.lost == 0


def test_the_articles_are_the_same_each_time() -> None:
    site = sites()[0]
    assert make_texts(0, site, 5) == make_texts(0, site, 5)
    assert len({text.document.raw for text in make_texts(0, site, 5)}) == 5
