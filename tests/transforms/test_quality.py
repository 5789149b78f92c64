from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import BlockKind, Payload, SourceFormat
from schemas.records import Block, ParsedDocument, Quality, RawDocument
from transforms.quality import link_density, quality_of

STORY = "The bridge is closed.\nEngineers said that they would look at all of the cables, and that it may take 3 weeks."


def test_an_ordinary_text() -> None:
    found = quality_of(STORY, "en")
    assert found.end_punctuation_line_share == 1.0
    assert found.mean_word_length == pytest.approx(4.0, abs=0.3)
    assert found.stop_word_share == pytest.approx(0.6, abs=0.15)
    assert found.upper_case_share == pytest.approx(2 / 80, abs=0.01)
    assert found.alphabetic_word_share == pytest.approx(21 / 22, abs=0.01)
    assert found.symbol_share == found.bullet_line_share == found.ellipsis_line_share == 0.0
    assert found.repeated_ngram_share == found.repeated_line_share == 0.0


@pytest.mark.parametrize(
    ("body", "signal", "value"),
    [
        ("# # # ab", "symbol_share", 3 / 5),
        ("€ 5 😀", "symbol_share", 2 / 3),
        ("Said “so.”\nNo end", "end_punctuation_line_share", 0.5),
        ("桥已关闭。\n渡轮", "end_punctuation_line_share", 0.5),
        ("BRIDGE closed", "upper_case_share", 6 / 12),
        ("12 345 a", "digit_share", 5 / 6),
        ("12 – one", "alphabetic_word_share", 1 / 3),
        ("(one) 2nd", "alphabetic_word_share", 1.0),
        ("• one\n- two\nthree\n— No, he said.", "bullet_line_share", 0.5),
        ("Read on …\nRead on...\nRead on.", "ellipsis_line_share", 2 / 3),
        ("a\na\nb\na", "repeated_line_share", 0.5),
        ("大桥关闭", "mean_word_length", 1.0),
        ("\U00020000\U00020001 x", "mean_word_length", 1.0),
    ],
)
def test_each_signal(body: str, signal: str, value: float) -> None:
    assert getattr(quality_of(body, "und"), signal) == pytest.approx(value, abs=1e-5)


def test_small_words_need_a_list_for_the_language() -> None:
    assert quality_of("the of and", "en").stop_word_share == 1.0
    assert quality_of("the of and", "de").stop_word_share == 0.0
    assert quality_of("Дом је", "sr-Cyrl").stop_word_share == 0.5
    assert quality_of("สะพาน", "th").stop_word_share is None
    assert quality_of("桥的", "zh-Hans").stop_word_share == 0.5


def test_repetition_in_a_text_without_spaces() -> None:
    assert (quality_of("大桥将继续关闭。" * 4, "zh-Hans").repeated_ngram_share or 0) > 0.5


def test_nothing_is_measured_on_nothing() -> None:
    assert set(quality_of("", "en")) == {None}
    assert set(quality_of(" \n ", "en")) == {None}


def _page(payload: Payload) -> ParsedDocument:
    source = RawDocument("a", "a", SourceFormat.HTML, payload, b"x")
    blocks = (Block(0, 30, BlockKind.PARAGRAPH), Block(31, 41, BlockKind.CHROME, link_density=0.6))
    return ParsedDocument(source, "utf-8", "x" * 41, blocks)


def test_link_density_is_of_the_whole_page() -> None:
    assert link_density(_page(Payload.HTML)) == pytest.approx(6 / 40)
    assert quality_of(STORY, "en", _page(Payload.HTML)).link_density == pytest.approx(6 / 40)
    assert link_density(_page(Payload.TEXT)) is None


def test_hostile_text_costs_no_more_than_a_long_one() -> None:
    quality_of(STORY, "en")
    start = time.process_time()
    for text in ("a " * 200_000, "\n" * 400_000, "a" * 400_000, "\ud800" * 400_000, "桥" * 200_000, ".”" * 200_000):
        quality_of(text, "en")
    assert time.process_time() - start < 3


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=300))
def test_shares_are_shares(body: str) -> None:
    found = quality_of(body, "en")
    assert found == quality_of(body, "en")
    for name in Quality._fields:
        value = getattr(found, name)
        assert value is None or name == "mean_word_length" or 0 <= value <= 1
