from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import Entity, EntityType, FoundName, FoundQuote, MentionMethod
from transforms.entities.quote_rules import QuoteExample, QuoteRules
from transforms.entities.quotes import find_quotes
from transforms.entities.tokens import tokenize

RULES = QuoteRules.load()
NAMES = ("Mara Lind", "Мара Линд", "Tom Okafor", "Lind", "the Harbour Board")


def names_in(text: str) -> tuple[FoundName, ...]:
    """Each occurrence of NAMES; persons, but for the board."""
    found: list[FoundName] = []
    for name in sorted(NAMES, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            if not any(each.start < start + len(name) and start < each.end for each in found):
                kind = EntityType.ORGANIZATION if "Board" in name else EntityType.PERSON
                entity = Entity(f"local:{name.split()[-1].lower()}", name, kind)
                found.append(FoundName(start, start + len(name), name, kind, MentionMethod.CHUNK, entity=entity))
            start = text.find(name, start + 1)
    return tuple(sorted(found))


def quotes(text: str, language: str = "en") -> tuple[FoundQuote, ...]:
    return find_quotes(tokenize(text), language, names_in(text), RULES)


def told(text: str, language: str = "en") -> list[tuple[str, str | None, str]]:
    """(speaker as written, whom it means, words)."""
    return [
        (text[quote.speaker_start : quote.speaker_end], quote.speaker.name if quote.speaker else None, quote.quote)
        for quote in quotes(text, language)
    ]


@pytest.mark.parametrize("example", RULES.examples, ids=lambda example: example.text[:40])
def test_the_rule_files_own_sentences(example: QuoteExample) -> None:
    expected = [(example.speaker, example.quote)] if example.speaker else []
    assert [(speaker, words) for speaker, _, words in told(example.text, example.language)] == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # Between name and verb stand words that no comma encloses.
        ('"The quay must be closed at once," the engineer Mara Lind of Norhaven said.', None),
        ('"The quay must be closed at once," Mara Lind said.', "Mara Lind"),
        ('"The quay must be closed at once," Prime Minister Mara Lind said.', "Mara Lind"),
        ('"The quay must be closed at once," Mara Lind, who built it, said on Monday.', "Mara Lind"),
        ('"Must the quay be closed at once?" asked Mara Lind.', "Mara Lind"),
        ('Mara Lind told reporters in the capital on Monday: "The quay must be closed."', "Mara Lind"),
        ('Mara Lind also said that the quay is old, and "the quay must be closed at once" is a song.', None),
        ('Mara Lind, the chief engineer, warned, "The quay must be closed."', "Mara Lind"),
        ('"The quay must be closed at once," according to the Harbour Board.', "the Harbour Board"),
        # The sentence is over: what follows is another one.
        ('"The quay must be closed at once." Tom Okafor said on Monday that he would wait.', None),
        # Too short to be words of anyone.
        ('The "great quay", said Mara Lind.', None),
        ('A sign reads "No swimming near the quay" since Mara Lind said so.', None),
    ],
)
def test_speakers(text: str, speaker: str | None) -> None:
    assert [meant for _, meant, _ in told(text)] == ([speaker] if speaker else [])


def test_a_pronoun_is_the_one_person_named_before_it() -> None:
    text = 'Mara Lind closed the quay.\n"It was about to give way," she said.'
    assert told(text) == [("she", "Mara Lind", "It was about to give way,")]


def test_a_pronoun_that_may_be_two_is_nobody() -> None:
    text = 'Mara Lind met Tom Okafor.\n"It was about to give way," she said.'
    assert told(text) == [("she", None, "It was about to give way,")]


def test_a_pronoun_goes_on_with_the_last_speaker() -> None:
    text = (
        'Tom Okafor came late. "The quay must be closed at once," said Mara Lind.\n'
        '"It was about to give way," she said.'
    )
    assert [meant for _, meant, _ in told(text)] == ["Mara Lind", "Mara Lind"]


def test_words_that_go_on_are_the_same_speakers() -> None:
    text = '"The quay must be closed at once," Mara Lind said. "It was about to give way."'
    assert [(speaker, words) for speaker, _, words in told(text)] == [
        ("Mara Lind", "The quay must be closed at once,"),
        ("Mara Lind", "It was about to give way."),
    ]


def test_a_mark_without_its_partner_ends_with_its_paragraph() -> None:
    text = '"The quay must be closed.\nIt is old," said Mara Lind.'
    assert told(text) == []


def test_a_language_without_words_has_no_quotes() -> None:
    assert told('"The quay must be closed at once," said Mara Lind.', "tlh") == []


MARKS = ['"', "“", "”", "„", "«", "»", " ", "\n", ". ", ", ", ": ", "?", "…"]
WORDS = ["said", "she", "Mara Lind", "Tom Okafor", "the old quay is shut", "according to", "also", "Mr."]
PIECES = st.sampled_from([*MARKS, *WORDS])


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["en", "de", "fr", "es", "ru", "und"]))
def test_quotes_of_any_text_are_in_it_in_order(text: str, language: str) -> None:
    end = 0
    for quote in quotes(text, language):
        assert text[quote.start : quote.end] == quote.quote
        assert quote.start >= end
        assert 0 <= quote.speaker_start < quote.speaker_end <= len(text)
        assert not (quote.start < quote.speaker_end and quote.speaker_start < quote.end)
        end = quote.end
