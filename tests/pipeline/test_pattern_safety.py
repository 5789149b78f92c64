"""Patterns that can hang are refused."""

from __future__ import annotations

import re

import pytest

from pipeline.pattern_safety import danger_of


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(\w+\s?)*x", r"(a+)+", r"(?:a|b+)*c", r"(\d*\.?)+", r".*a.*b.*c.*d", r"(?:[a-z]+ ?){2,40}"),
        # No repeat inside a repeat, and still more ways than any line has time for.
        *(
            r"(a|aa)+b",
            r"((a)|a)*b",
            r"(?:a|b|ab)*c",
            r"(.|\s)*x",
            r"(?:\d{1,8}\D?)*x",
            r"(?:x?x?x?x?x?x?)*y",
            r"(?:\w+ ?){1,5}",
        ),
        *(
            r"(a?){30}a{30}",
            r"(?:(?:a|a){8}){8}b",
            r"\w*\w*\w*\w*x",
            r"\d+[\d.]+\d+[^x]+$",
            r"(?=(\w+))\1+:",
            r"(?!(?:a|aa)+b)c",
        ),
    ],
)
def test_refuses(pattern: str) -> None:
    assert danger_of(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"\w+ \w+", r"(?:, \w+)*", r"(?: [\w'-]+){0,40}x", r"(?:abc)+", r".*a.*", r"(?:\w+ ){1,5}", r"(?=x)\d+"],
)
def test_lets_through(pattern: str) -> None:
    assert danger_of(pattern) is None


def test_a_broken_pattern_is_an_error() -> None:
    with pytest.raises(re.error):
        danger_of("(a")
