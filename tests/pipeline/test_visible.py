"""Nothing that a terminal would obey gets through; nothing that a reader needs is lost."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.visible import one_line, visible


def test_control_characters_are_written_out() -> None:
    assert visible("a\x1b[2Jb\x07\r") == "a\\x1b[2Jb\\x07\\x0d"
    assert visible("\u202egpj.exe\u2069") == "\\u202egpj.exe\\u2069"
    assert visible("\ud800") == "\\ud800"


def test_text_in_any_script_stays() -> None:
    text = "می‌خواهم\tقال\nÄ—“x” 日本 \u200f🙂"
    assert visible(text) == text


def test_one_line_folds_and_cuts() -> None:
    assert one_line(" a\r\n\tb\u2028c\x1b ") == "a b c\\x1b"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_no_control_character_survives(text: str) -> None:
    shown = visible(text)
    assert not {char for char in shown if unicodedata.category(char) in ("Cc", "Cs")} - {"\t", "\n"}
    shown.encode("utf-8")
    assert visible(shown) == shown
    assert len(one_line(text, 20)) <= 20
