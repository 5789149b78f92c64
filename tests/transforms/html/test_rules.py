"""Every class rule recognises its own examples and leaves its counterexamples; unusable files say why."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.html.rules import ClassRule, PageRules, spell_labels

RULES = PageRules.load()


@pytest.mark.parametrize("rule", RULES.classes, ids=lambda rule: rule.id)
def test_examples(rule: ClassRule) -> None:
    tag = min(rule.tags, default="div")
    assert rule.examples
    assert rule.counterexamples
    for example in rule.examples:
        assert rule.matches(example, tag), example
    for counterexample in rule.counterexamples:
        assert not rule.matches(counterexample, tag), counterexample


PARTS = st.sampled_from(
    sorted({part for word in RULES.words for part in word.split("-")} | {"no", "has", "x1", "Überall"})
)
LABELS = st.lists(st.tuples(PARTS, st.sampled_from(["-", "_", " ", "__", ":", ""])), max_size=8)


@settings(derandomize=True, max_examples=300)
@given(LABELS, st.booleans(), st.sampled_from(["div", "p", "h2", "aside"]))
def test_rules_about_labels_are_those_that_match(pieces: list[tuple[str, str]], camel: bool, tag: str) -> None:
    labels = "".join((part.capitalize() if camel else part) + mark for part, mark in pieces)
    found = [rule for rule in RULES.about(tag, labels) if isinstance(rule, ClassRule)]
    assert found == [rule for rule in RULES.classes if rule.matches(labels, tag)]


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES.tags] + [rule.id for rule in RULES.classes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("labels", "spelled"),
    [
        ("articleShareBar x_y", "-article-share-bar- -x-y-"),
        ("post__content", "-post-content-"),
        ("-lead-", "-lead-"),
        ("", ""),
    ],
)
def test_spelling_of_labels(labels: str, spelled: str) -> None:
    assert spell_labels(labels) == spelled


def test_endless_labels_are_capped() -> None:
    assert len(spell_labels("a" * 1_000_000)) < 1_000


def test_rules_reach_workers_unchanged() -> None:
    assert pickle.loads(pickle.dumps(RULES)) == RULES


@pytest.mark.parametrize("text", ["= broken", "[limits]", '[[class]]\nid = "x"'])
def test_unusable_files_are_usage_errors(text: str) -> None:
    with pytest.raises(UsageError, match=r"page\.toml"):
        PageRules.load(text)
