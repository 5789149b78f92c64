from __future__ import annotations

import pytest

from transforms.cleaning.pattern_start import first_texts, start_key


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        ("(?:please )?(?:subscribe|sign up)", {"plea", "subs", "sign"}),
        (r"\d+ comments?", {"0"}),
        ("ad(?:s|verts)?: ?tell", {"ads:", "adve", "ad: ", "ad:t"}),
        ("(?:More)? +[:>]x", {"more", " :x", " >x"}),
        ("[^a]bc", {""}),
        ("x?.*", {"x", ""}),
        ("(?<=a)(?i:CLICK)", {"clic"}),
        ("(?:ab){1,2}c", {"ab"}),
        ("(?-i:[A-C])d", {"ad", "bd", "cd"}),
        ("stra\u00dfe", {"stra"}),
        ("\u00dfa", {"ssa"}),
        ("fb", {"fb"}),
        ("(?:)", {""}),
    ],
)
def test_what_every_match_starts_with(pattern: str, starts: set[str]) -> None:
    assert first_texts(pattern) == starts


def test_digits_of_every_script_are_one() -> None:
    assert start_key("12 comments") == "00 c"
    assert start_key("\u0661\u06f2 x") == "00 x"
    assert start_key("ab") == "ab"


def test_too_many_starts_are_any_start() -> None:
    assert first_texts("[a-z][a-z][a-z][a-z]") == {""}
