"""Rules that notice whether tried rules have a say."""

from __future__ import annotations

from pipeline.rules import parse_rules
from pipeline.watched_rules import watched
from transforms.cleaning.boilerplate import RuleIndex
from transforms.cleaning.clean_rules import clean_rules

KNOWN = parse_rules(
    """
[[rule]]
id = "comments.known"
match = "exact"
text = ["Post a comment"]
category = "comments"
example = ["Post a comment"]
counterexample = ["Post it."]
""",
    "known.toml",
)
TRIED = parse_rules(
    """
[[rule]]
id = "comments.tried"
match = "exact"
text = ["Say it"]
category = "comments"
example = ["Say it"]
counterexample = ["Say it aloud."]
""",
    "tried.toml",
)


def test_a_line_of_a_tried_rule_is_a_hit_and_the_answer_stays_the_same() -> None:
    rules, watch = watched(clean_rules(KNOWN), RuleIndex(TRIED), {"comments.tried"})
    assert rules.index.find("Post a comment", 3) == KNOWN
    assert not watch.is_hit
    assert rules.index.find("Say it", 2) == ()
    assert watch.is_hit


def test_a_known_rule_that_is_changed_is_a_hit() -> None:
    rules, watch = watched(clean_rules(KNOWN), RuleIndex(()), {"comments.known"})
    rules.index.find("Nothing", 1)
    assert not watch.is_hit
    rules.index.find("Post a comment", 3)
    assert watch.is_hit
