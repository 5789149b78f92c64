from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules import load_rules
from transforms.cleaning.likely_patterns import LikelyPatterns
from transforms.cleaning.required_text import fold_case
from transforms.cleaning.rule_match import CompiledRule, compile_rule
from transforms.fold import LEADING_MARKS, TRAILING_MARKS

_PATTERNS = ["subscribe(?:d|r)?", "sha(?:re|res)", "[0-9]+", "\u00a9x|all rights", "(?:>|read) more", ".{2,9}reserved"]
_WHOLE = [re.compile(f"[{LEADING_MARKS}]*(?i:{pattern})[{TRAILING_MARKS}]*") for pattern in _PATTERNS]
_LIKELY = LikelyPatterns([(whole.pattern, 5) for whole in _WHOLE])


def _compiled() -> tuple[list[CompiledRule], LikelyPatterns]:
    compiled = [entry for entry in map(compile_rule, load_rules()) if entry.whole is not None]
    return compiled, LikelyPatterns([(entry.whole.pattern, entry.rule.max_words) for entry in compiled if entry.whole])


def test_only_likely_expressions_are_candidates() -> None:
    assert _LIKELY.candidates("subscribed", 1) == [0]
    assert _LIKELY.candidates("please subscribe", 2) == []
    assert _LIKELY.candidates("shares", 1) == [1]
    assert _LIKELY.candidates("tweet", 1) == []
    assert _LIKELY.candidates("12", 1) == [2]
    assert _LIKELY.candidates("all rights reserved", 3) == [3, 5]
    assert _LIKELY.candidates("", 0) == []


def test_marks_before_the_line_may_be_the_expressions_own() -> None:
    assert _LIKELY.candidates("> more", 2) == [4]
    assert _LIKELY.candidates("\u2022 > more", 3) == [4]
    assert _LIKELY.candidates("\u2022 shares", 2) == [1]


def test_lines_longer_than_an_expression_allows_are_not_tried() -> None:
    assert _LIKELY.candidates("all rights reserved " * 20, 60) == []


@given(
    st.lists(
        st.sampled_from(
            ["subscribe", "SHARE", "s", "7", "\u00a9X", "all rights", ">", "read", "more", "\u2022", "reserved"]
        )
    )
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_no_match_is_lost(words: list[str]) -> None:
    line = " ".join(words)
    found = _LIKELY.candidates(fold_case(line), 1)
    assert all(number in found for number, whole in enumerate(_WHOLE) if whole.fullmatch(line))


def test_no_rule_loses_an_example() -> None:
    compiled, likely = _compiled()
    tried = 0
    for number, entry in enumerate(compiled):
        assert entry.whole is not None
        for example in entry.rule.examples:
            line = re.sub(r"\s+", " ", example).strip()
            if entry.whole.fullmatch(line):
                tried += 1
                assert number in likely.candidates(fold_case(line), len(line.split())), (entry.rule.id, example)
    assert tried > 50


def test_few_expressions_are_tried_for_prose() -> None:
    compiled, likely = _compiled()
    line = fold_case("The council of the town voted on Tuesday to reopen the old bridge.")
    assert len(likely.candidates(line, 13)) < len(compiled) / 20
