from __future__ import annotations

import json
import re

import pytest

from benchmarks.write_pattern_facts import built_in_expressions
from configs.toml import read_text
from transforms.cleaning.likely_patterns import without_leading
from transforms.cleaning.pattern_facts import FILE, PatternFacts, analyse, facts_of, facts_text
from transforms.cleaning.required_text import required_texts
from transforms.fold import LEADING_MARKS


def test_what_a_match_contains_and_how_it_starts() -> None:
    assert analyse("(?:please )?(?:subscribe|join up)") == PatternFacts(
        ("join up", "subscribe"), ("join", "plea", "subs")
    )
    assert analyse(r"\w+") == PatternFacts(None, ("",))


def test_texts_that_contain_another_are_left_out() -> None:
    assert analyse("(?:newsletter|our newsletter)s?").texts == ("newsletter",)


def test_an_expression_without_an_entry_is_analysed() -> None:
    assert facts_of("(?:quokka|wombat) parade") == analyse("(?:quokka|wombat) parade")
    with pytest.raises(re.error):
        facts_of("(quokka")


def test_the_packaged_file_has_every_built_in_expression() -> None:
    # If this fails: python -m benchmarks.write_pattern_facts
    assert read_text(FILE) == facts_text(built_in_expressions())


def test_the_packaged_answers_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.cleaning.pattern_facts.analyse", _unasked)
    for pattern in built_in_expressions():
        assert facts_of(pattern).starts


def _unasked(pattern: str) -> PatternFacts:
    raise AssertionError(pattern)


def test_leading_marks_say_nothing() -> None:
    pattern = f"[{LEADING_MARKS}]*(?i:sign up (?:for|to))"
    assert required_texts(pattern) == required_texts(without_leading(pattern))
    assert without_leading("sign up") == "sign up"


def test_each_line_of_the_file_is_one_expression() -> None:
    lines = read_text(FILE).splitlines()
    keys = [json.loads(line)[0] for line in lines]
    assert keys == sorted(set(keys))
