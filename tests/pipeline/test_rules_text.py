"""The rules' listing, their JSON, and what `copydesk rules test` says."""

from __future__ import annotations

import json

from pipeline.rule_check import RuleFailure
from pipeline.rules_text import failures_text, rules_json, rules_text
from schemas.codes import Category
from schemas.rules import Match, Rule, Where

RULES = (
    Rule(
        "comments.post",
        Match.EXACT,
        Category.COMMENTS,
        texts=("Post a comment",),
        language="en",
        examples=("Post a comment",),
    ),
    Rule(
        "share.networks",
        Match.PATTERN,
        Category.SHARE,
        pattern="share on .+",
        where=Where.TAIL,
        examples=("Share on X",),
        counterexamples=("Share prices fell",),
        file="share.toml",
    ),
)


def test_listing_is_aligned() -> None:
    lines = rules_text(RULES).splitlines()
    assert lines[1].split() == ["comments.post", "comments", "any", "line", "en", "exact", '"Post', "a", 'comment"']
    assert lines[2].startswith("share.networks  share     tail   line  any       pattern  share on .+")
    assert lines[-1] == "2 rules"


def test_json_holds_all_of_a_rule() -> None:
    first, second = json.loads(rules_json(RULES))
    assert first["text"] == ["Post a comment"]
    assert (second["pattern"], second["where"], second["file"]) == ("share on .+", "tail", "share.toml")
    assert second["counterexample"] == ["Share prices fell"]


def test_failures_are_one_line_each() -> None:
    assert failures_text(RULES, [], as_json=False) == "2 rules, 3 examples and counterexamples: all as they should be"
    failure = RuleFailure("share.networks", "share.toml", "Share\x1b", "the example is not matched by its rule")
    lines = failures_text(RULES, [failure], as_json=False).splitlines()
    assert lines[0] == "share.toml: rule share.networks: the example is not matched by its rule: 'Share\\x1b'"
    assert lines[1].endswith("1 wrong")
    assert json.loads(failures_text(RULES, [failure], as_json=True))["failures"][0]["rule_id"] == "share.networks"
