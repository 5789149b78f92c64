"""Tests of transforms.metadata.rules: the lists of configs/metadata.toml as they are compiled."""

from __future__ import annotations

import dataclasses
import pickle

from schemas.records import PageMetadata
from transforms.metadata.rules import ARTICLE, OTHER, PAGE, WORK, MetadataRules

RULES = MetadataRules.load()


def test_every_meta_tag_states_a_field_of_the_record() -> None:
    fields = {field.name for field in dataclasses.fields(PageMetadata)}
    assert {field for field, _ in RULES.meta_fields.values()} <= fields
    assert RULES.meta_fields["og:title"] == ("headline", 0)
    assert "viewport" not in RULES.meta_fields


def test_types() -> None:
    assert RULES.type_rank("SomethingNewsArticle") == ARTICLE
    assert RULES.type_rank("WebPage") == PAGE
    assert RULES.type_rank("Recipe") == WORK
    assert RULES.type_rank("VideoObject") == OTHER
    assert RULES.is_news("OpinionNewsArticle")
    assert not RULES.is_news("BlogPosting")


def test_words_before_names_need_their_colon() -> None:
    assert RULES.by_pattern.match("By Jane Roe")
    assert RULES.by_pattern.match("Text: Jane Roe")
    assert not RULES.by_pattern.match("Text Neck: what helps")
    assert not RULES.by_pattern.match("Bypass opens")


def test_rules_are_lower_case_where_they_are_compared_so() -> None:
    for words in (RULES.byline_words, RULES.nobody, RULES.staff_words, RULES.roles, RULES.label_words):
        assert all(word == word.lower() for word in words)


def test_loaded_once_and_picklable() -> None:
    assert MetadataRules.load() is RULES
    assert pickle.loads(pickle.dumps(RULES)).meta_fields == RULES.meta_fields
