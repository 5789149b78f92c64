"""Thresholds as dataclasses, by the example of configs/cleaning.toml."""

from __future__ import annotations

import pytest

from configs.toml import read_text
from schemas.errors import UsageError
from transforms.cleaning.clean_settings import built_in_settings, parse_settings

TEXT = read_text("cleaning.toml")


def test_the_built_in_settings() -> None:
    settings = built_in_settings()
    assert settings is built_in_settings()
    assert settings.doubling.min_characters == 40
    assert "newsletter" in settings.cues.strong
    assert not settings.cues.strong & settings.cues.address


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[prose]", "[prose]\nmax_words = 3", "prose.max_words: unknown key"),
        ("[prose]", "[pros]", "unknown table 'pros'"),
        ("min_characters = 40", "min_characters = -1", "doubling.min_characters: -1; allowed is a whole number from 0"),
        ("min_characters = 40", "", "doubling.min_characters is missing"),
        ("edge_share = 0.7", "edge_share = 2", "cues.edge_share: 2; allowed is a number from 0 to 1"),
        ("suspended_words = [", "suspended_words = [1, ", "joining.suspended_words"),
        ("[prose]", "[prose", "no valid TOML"),
    ],
)
def test_unusable_settings_are_one_line(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(UsageError) as caught:
        parse_settings(TEXT.replace(old, new, 1), "x.toml")
    assert str(caught.value).startswith("x.toml: ")
    assert message in str(caught.value)
    assert "\n" not in message


def test_a_missing_table_is_named() -> None:
    with pytest.raises(UsageError, match=r"x.toml: the table \[prose\] is missing"):
        parse_settings("", "x.toml")
