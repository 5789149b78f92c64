from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Normalization
from transforms.cleaning.clean_settings import built_in_settings
from transforms.cleaning.line_joining import Line, join_lines

JOINING = built_in_settings().joining
LEFTOVERS = {"Share", "Subscribe to our newsletter", "by Tom Okafor", "tweet"}
LONG = "The council said on Monday that it had agreed with the port"


def joined(text: str) -> list[str]:
    lines, gap = [], False
    position = 0
    for raw in text.split("\n"):
        if raw.strip():
            lines.append(Line(position, position + len(raw), raw.strip(), gap))
            gap = False
        else:
            gap = True
        position += len(raw) + 1
    paragraphs, _ = join_lines(lines, lambda line, _: line in LEFTOVERS, JOINING)
    return [paragraph.text for paragraph in paragraphs]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (f"{LONG}\nauthority to wait.", [f"{LONG} authority to wait."]),
        (f"{LONG}\n\nauthority to wait.", [f"{LONG} authority to wait."]),
        (f"{LONG} of the\nUnited Isles.", [f"{LONG} of the United Isles."]),
        (f"{LONG}, the mayor and the others,\nMaria Keller among them.", [f"{LONG}, the mayor and the others, Maria Keller among them."]),
        ("He was met by the mayor,\nwho had come from the capital for the day.", ["He was met by the mayor, who had come from the capital for the day."]),
        # A headline may be broken as well.
        ("President urges\nexpansion of ties\nThe president said so.", ["President urges expansion of ties", "The president said so."]),
        ("Subscribe to\nour newsletter", ["Subscribe to our newsletter"]),
        # Three pieces, two of them short.
        ("Those celebrity contacts made it big\nnews when he was arrested abroad\nin 2006.", ["Those celebrity contacts made it big news when he was arrested abroad in 2006."]),
        # A link stood on a line of its own.
        ("It was the first time that the\nmayor\n, the port and the farmers sat at one table.", ["It was the first time that the mayor, the port and the farmers sat at one table."]),
        ("省政府周一表示，一位知名工程师将领导港口的重建工作\n，该港口在风暴中受损。", ["省政府周一表示，一位知名工程师将领导港口的重建工作，该港口在风暴中受损。"]),
    ],
)  # fmt: skip
def test_broken_lines_become_one(text: str, paragraphs: list[str]) -> None:
    assert joined(text) == paragraphs


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}.\nThe authority will wait.",
        # A list of short lines, a list with marks, a list after a colon.
        "Flour\nsugar\nbutter",
        f"{LONG}:\nthe first thing that it wants to see is a plan",
        f"{LONG}\n- item one of the list",
        f"{LONG}\n1. item one of the list",
        # Headings and leftovers.
        f"Harbour reopens after the storm of the century\nby Tom Okafor\n{LONG}",
        f"{LONG}.\nShare\ntweet",
        "US imposes new sanctions\nMeanwhile, the council imposed new sanctions on the port.",
        # A name that starts in lower case.
        f"{LONG}\niPhone sales rose",
        # Dots that begin a line, code.
        f"{LONG}.\n... and then it had to wait",
        "example x in A or x in B := by\nintro h\nexact h",
        # Verse.
        "The tide comes in\nand the boats go out\nand nobody waves",
    ],
)
def test_lines_that_stay_apart(text: str) -> None:
    assert joined(text) == text.split("\n")


def test_words_in_mid_sentence_are_no_leftovers() -> None:
    assert joined(f"{LONG}.\n{LONG} to\ntweet") == [f"{LONG}.", f"{LONG} to tweet"]


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        # The text has the word in one piece elsewhere; with its hyphen; not at all; a suspended compound.
        ("The government met again and asked the new govern-\nment to wait.", "asked the new government to wait."),
        ("A well-known house stood by, and it was a well-\nknown house.", "it was a well-known house."),
        ("The minister said that the long and winding co-\noperation would last.", "winding co-operation would last."),
        ("The union said that the members want two-\nand three-year contracts.", "want two- and three-year contracts."),
    ],
)
def test_hyphens_at_line_ends(text: str, paragraph: str) -> None:
    (only,) = joined(text)
    assert only.endswith(paragraph)


def test_compounds_keep_their_hyphen_in_wrapped_text() -> None:
    text = (
        "The government said on Monday that a man who is a well-\n"
        "known builder of harbours would lead the works that engi-\n"
        "neers from two countries had planned for the whole coast\n"
        "between the capital and the border, where the two long-\n"
        "distance lines meet."
    )
    (only,) = joined(text)
    assert "a well-known builder" in only
    assert "that engineers from" in only
    assert "two long-distance lines" in only


def test_wrapped_text_is_joined_and_paragraph_ends_are_kept() -> None:
    text = (
        "Harbour reopens\n"
        "The harbour of the old town reopened on Monday, the Port Authority\n"
        "said. Ships from Northland and Southland had waited for three days\n"
        "because of the storm.\n"
        "Mayor Keller called it a great day for the town and its fishermen,\n"
        "Reyes agreed."
    )
    assert joined(text) == [
        "Harbour reopens",
        "The harbour of the old town reopened on Monday, the Port Authority said. Ships from Northland and Southland had waited for three days because of the storm.",
        "Mayor Keller called it a great day for the town and its fishermen, Reyes agreed.",
    ]


def test_chinese_lines_are_joined_without_a_space() -> None:
    first = (
        "新华社北京三月三日电国务院总理在北京会见了来访的外国代表团一行并就共同关心的国际和地区问题交换了意见和看法，"
    )
    assert joined(f"{first}\n双方表示满意。") == [f"{first}双方表示满意。"]


def test_what_was_joined_is_noted() -> None:
    lines = [Line(0, len(LONG), LONG), Line(len(LONG) + 1, len(LONG) + 9, "to wait.")]
    _, notes = join_lines(lines, lambda line, joined: False, JOINING)
    assert notes == (Normalization.LINES_JOINED,)
    assert join_lines(lines[:1], lambda line, joined: False, JOINING)[1] == ()


@given(
    st.lists(st.sampled_from(["The", "the word-", "word", "a", "X, and", "- item", "世界", "，好", LONG]), max_size=12)
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_no_line_is_lost_and_order_is_kept(texts: list[str]) -> None:
    lines, position = [], 0
    for text in texts:
        lines.append(Line(position, position + len(text), text))
        position += len(text) + 1
    paragraphs, _ = join_lines(lines, lambda line, joined: False, JOINING)
    pieces = [piece for paragraph in paragraphs for piece in paragraph.pieces]
    assert [(piece.start, piece.end, piece.text) for piece in pieces] == [line[:3] for line in lines]
