from __future__ import annotations

import re

import pytest

from pipeline.rules import load_rules
from transforms.required_text import RequiredTexts, fold_case, required_texts
from transforms.rule_match import compile_rule


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(?:subscribe|sign up) +(?:to|for) +our +newsletters?", (" our newsletter",)),
        (r"\d+ comments?", (" comment",)),
        ("[•* ]*(?:Tweet|SHARE)[.! ]*", ("share", "tweet")),
        ("(?:read|x)", None),
        ("(?:read)?", None),
        (r"\w+", None),
        ("(?:more){1,2}", ("more",)),
        ("(?<=a)click(?=b)", ("click",)),
    ],
)
def test_what_every_match_contains(pattern: str, texts: tuple[str, ...] | None) -> None:
    assert required_texts(pattern) == texts


def test_only_likely_expressions_are_candidates() -> None:
    required = RequiredTexts(["subscribe(?:d|r)?", "sha(?:re|res)", r"\d+", "©x|all rights"])
    assert required.candidates("please subscribe") == [0, 2, 3] or required.candidates("please subscribe") == [0, 2]
    assert 1 in required.candidates("shares")
    assert 1 not in required.candidates("tweet")
    assert 2 in required.candidates("")


def test_no_rule_loses_an_example() -> None:
    compiled = [compile_rule(rule) for rule in load_rules()]
    patterns = [entry for entry in compiled if entry.whole is not None]
    required = RequiredTexts([entry.whole.pattern for entry in patterns if entry.whole is not None])
    tried = 0
    for number, entry in enumerate(patterns):
        assert entry.whole is not None
        for example in entry.rule.examples:
            line = re.sub(r"\s+", " ", example).strip()
            if entry.whole.fullmatch(line):
                tried += 1
                assert number in required.candidates(fold_case(line)), (entry.rule.id, example)
    assert tried > 50
