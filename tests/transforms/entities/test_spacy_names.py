"""The spaCy tier: its marks become names as the chunker's, and what is missing is told in one line."""

from __future__ import annotations

import importlib.util
from types import SimpleNamespace

import pytest

from pipeline.settings import load_settings
from schemas.entities import EntityType, FoundName, MentionMethod
from schemas.errors import UsageError
from transforms.entities import spacy_names
from transforms.entities.chunks import find_chunks
from transforms.entities.name_tiers import SPACY, TIERS, check_tier, spacy_models
from transforms.entities.spacy_names import find_spacy_names
from transforms.entities.tokens import tokenize

TEXT = "On Monday Ann Roe left Fenwick University."


def _span(surface: str, label: str) -> SimpleNamespace:
    start = TEXT.index(surface)
    return SimpleNamespace(label_=label, start_char=start, end_char=start + len(surface))


def test_marks_become_names_beside_what_lists_know(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = [_span("Monday", "DATE"), _span("Ann Roe", "PERSON"), _span("Fenwick University", "ORG")]
    monkeypatch.setattr(spacy_names, "_pipeline", lambda model: lambda text: SimpleNamespace(ents=marks))
    tokens = tokenize(TEXT)
    assert [(name.surface, name.type) for name in find_spacy_names(tokens, "en")] == [
        ("Ann Roe", EntityType.PERSON),
        ("Fenwick University", EntityType.ORGANIZATION),
    ]
    start = TEXT.index("Ann")
    taken = FoundName(start, start + 7, "Ann Roe", EntityType.PERSON, MentionMethod.ALIAS)
    assert [name.surface for name in find_spacy_names(tokens, "en", [taken])] == ["Fenwick University"]


def test_languages_without_a_model_have_the_chunker() -> None:
    tokens = tokenize("Die Präsidentin der Universität Fenwick, Anna Rohde, sprach in Harrow.")
    assert "de" not in spacy_models()
    assert find_spacy_names(tokens, "de") == find_chunks(tokens, "de")


def test_what_is_not_installed_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"^entities\.ner is 'spacy', but spacy is not installed; pip install .*$"):
        check_tier(SPACY)
    check_tier("rules")


def test_the_setting_knows_the_tiers() -> None:
    assert load_settings(environment={}).entities.ner == "rules" == TIERS[0]


@pytest.mark.skipif(
    any(importlib.util.find_spec(each) is None for each in (SPACY, spacy_models()["en"])), reason="no spaCy model"
)
def test_a_model_finds_a_person() -> None:
    found = find_spacy_names(tokenize("Barack Obama met Angela Merkel in Berlin."), "en")
    assert ("Angela Merkel", EntityType.PERSON) in [(name.surface, name.type) for name in found]
