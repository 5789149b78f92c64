"""Where an article says what an acronym stands for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.acronyms import find_definitions, is_acronym, stands_for
from transforms.entities.link_rules import LinkRules
from transforms.entities.tokens import tokenize

RULES = LinkRules.load()


@pytest.mark.parametrize(
    ("text", "acronym", "long", "named"),
    [
        ("the Joint Comprehensive Plan of Action (JCPOA), which", "JCPOA", "Joint Comprehensive Plan of Action", True),
        ("the JCPOA (Joint Comprehensive Plan of Action) of", "JCPOA", "Joint Comprehensive Plan of Action", True),
        ("the Harbour Trade Board (“HTB”) said", "HTB", "Harbour Trade Board", True),
        ("the Harbour Trade Board (HTB; founded in 1990)", "HTB", "Harbour Trade Board", True),
        ("die Neue Harbourpartei für Deutschland (NHD)", "NHD", "Neue Harbourpartei für Deutschland", True),
        ("the Valley Educational, Scientific and Cultural Organization (VESCO)", "VESCO", None, True),
        ("laws on intellectual property (IP) are", "IP", "intellectual property", False),
        ("Met by Ann Roe. The Valley Health Office (VHO) shut", "VHO", "Valley Health Office", True),
    ],
)
def test_definitions(text: str, acronym: str, long: str | None, named: bool) -> None:
    (definition,) = find_definitions(tokenize(text), RULES)
    assert definition.acronym == acronym
    assert definition.named is named
    assert text[definition.place :].startswith(acronym)
    if long is not None:
        assert text[definition.start : definition.end] == long


@pytest.mark.parametrize(
    "text",
    [
        "the firm's head (Ann ROE) said",
        "he left (IMF) early",
        "the Valley Office (see page 3) is",
        "She won. (AP)",
        "MOSCOW (AFP) — the river",
        "the United Harbour (HB)",
    ],
)
def test_no_definitions(text: str) -> None:
    assert find_definitions(tokenize(text), RULES) == ()


def test_words() -> None:
    assert is_acronym("JCPoA")
    assert not is_acronym("Roe")
    assert stands_for("UNSC", ["United", "Nations", "Security", "Council"], RULES.small)
    assert not stands_for("UNSC", ["United", "Nations", "Council"], RULES.small)


@given(st.text(alphabet="ABCab (),.of", max_size=60))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_places_are_right(text: str) -> None:
    for definition in find_definitions(tokenize(text), RULES):
        assert text[definition.place : definition.place + len(definition.acronym)] == definition.acronym
        assert 0 <= definition.start < definition.end <= len(text)
