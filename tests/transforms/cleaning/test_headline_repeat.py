from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning import headline_repeat
from transforms.cleaning.clean_settings import built_in_settings
from transforms.cleaning.headline_repeat import find_split_headlines, repeats_headline
from transforms.fold import fold_line

LIMITS = built_in_settings().headline_repeat


@pytest.mark.parametrize(
    "line",
    [
        "Harbour Reopens After Storm",
        "HARBOUR REOPENS AFTER STORM",
        "Harbour reopens after storm.",
        "Harbour Reopens After Storm | The Example Times",
        "Harbour Reopens After Storm – Example News",
        "Harbour Reopens After Storm - Example News",
        "Harbour Reopens After Storm | World | Example News",
        "Example News: Harbour Reopens After Storm",
        "Example News | Harbour Reopens After Storm",
        "World » Harbour reopens after storm",
        "Harbour reopens after…",
        "Harbour reopens [...]",
        "Harbour ‘reopens’ after storm",
    ],
)
def test_the_headline_again(line: str) -> None:
    assert repeats_headline(line, fold_line("Harbour Reopens After Storm"), LIMITS)


@pytest.mark.parametrize(
    "line",
    [
        "Harbour reopens after storm damage is repaired",
        "Harbour reopens",
        "Harbour Reopens After Storm – and what the council plans to do about the next one this year",
        "Harbour reopens after storm-related repairs",
        "Harbour…",
        "OSLO (Example) - Harbour reopens after storm",
        "The mayor said that the harbour reopens after storm",
    ],
)
def test_not_the_headline(line: str) -> None:
    assert not repeats_headline(line, fold_line("Harbour Reopens After Storm"), LIMITS)


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Harbour Reopens After Storm", "Harbour Reopens After Storm | Example News"),
        ("HARBOUR REOPENS AFTER STORM.", "Harbour Reopens After Storm | World | Example News"),
        ("Harbour reopens after storm", "Harbour Reopens After Storm · Example News"),
        ("Harbour reopens after storm", "Harbour Reopens After Storm • The Example"),
        ("Harbour reopens after storm", "Harbour Reopens After Storm » Example"),
        ("港口委员会批准夜间渡轮", "港口委员会批准夜间渡轮 | 示例报"),
    ],
)
def test_the_headline_without_the_site_it_names(line: str, headline: str) -> None:
    assert repeats_headline(line, fold_line(headline), LIMITS)


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        # Dash and colon may be the headline's own.
        ("Harbour Reopens After Storm", "Harbour Reopens After Storm – Example News"),
        ("Harbour Reopens After Storm", "Harbour Reopens After Storm: What We Know"),
        # A section in front, too few letters, another sentence.
        ("Opinion and debate", "Opinion and Debate | The harbour needs more ferries at night"),
        ("Low tide", "Low Tide | Example News"),
        ("Harbour reopens after storm damage", "Harbour Reopens After Storm | Example News"),
    ],
)
def test_not_the_headline_without_a_site(line: str, headline: str) -> None:
    assert not repeats_headline(line, fold_line(headline), LIMITS)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Harbour reopens", "after storm", "The harbour reopened."], (range(2),)),
        (["Share", "HARBOUR", "REOPENS AFTER", "STORM"], (range(1, 4),)),
        (["Harbour reopens", "after storm", "Harbour", "reopens after storm"], (range(2), range(2, 4))),
        (["Harbour reopens", "after the storm"], ()),
        (["Harbour reopens after storm"], ()),
        (["Harbour reopens", "", "after storm"], (range(3),)),
    ],
)
def test_headline_in_several_lines(texts: list[str], found: tuple[range, ...]) -> None:
    assert find_split_headlines(texts, fold_line("Harbour Reopens After Storm"), LIMITS) == found


def test_chinese_headline_in_two_lines() -> None:
    assert find_split_headlines(["旧城港口在风暴后", "重新开放"], fold_line("旧城港口在风暴后重新开放"), LIMITS) == (
        range(2),
    )


_PARTS = [
    "Harbour",
    "harbour",
    "don't",
    "dont",
    "“Quay”",
    "quay",
    "'",
    '"',
    "`",
    "-",
    "–",
    "|",
    "…",
    "7",
    "é",
    "ß",
    "",
    "•",
]


@given(st.lists(st.sampled_from(_PARTS), max_size=7), st.lists(st.sampled_from(_PARTS), min_size=1, max_size=7))
@settings(derandomize=True, deadline=None, max_examples=400)
def test_what_is_told_without_folding_is_never_a_repeat(line: list[str], headline: list[str]) -> None:
    text, folded = " ".join(line), fold_line(" ".join(headline))
    fast = repeats_headline(text, folded, LIMITS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headline_repeat, "_surely_says_else", lambda line, headline, max_quotes: False)
        assert repeats_headline(text, folded, LIMITS) == fast


@pytest.mark.parametrize(
    "first", ["Nine lanterns", "9 lanterns", "“Nine lanterns”", "• Nine lanterns", "İnce lanterns"]
)
def test_a_broken_headline_is_found_whatever_it_begins_with(first: str) -> None:
    assert find_split_headlines([first, "of Elswick"], fold_line(f"{first} of Elswick"), LIMITS) == (range(2),)
