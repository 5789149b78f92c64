from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Field, Normalization
from transforms.normalize import NormalizeSettings, fingerprint, in_order, normalize_text, rebuild, skeleton

N = Normalization


@pytest.mark.parametrize(
    ("text", "plain", "notes"),
    [
        ("plain text", "plain text", ()),
        ("typographic “quotes” – kept", "typographic “quotes” – kept", ()),
        ("TEHRAN\u00a0(Example) –", "TEHRAN (Example) –", (N.NBSP,)),
        ("two  spaces\tand a tab", "two spaces and a tab", (N.WHITESPACE,)),
        ("zero\u200bwidth\ufeff", "zerowidth", (N.ZERO_WIDTH,)),
        ("co\u00adoperation", "cooperation", (N.SOFT_HYPHEN,)),
        ("bell\x07 rang", "bell rang", (N.CONTROL_CHARACTERS,)),
        ("ﬁrst ﬂight", "first flight", (N.LIGATURES,)),
        ("Cafe\u0301", "Café", (N.UNICODE_NFC,)),
        ("  edges  ", "edges", ()),
        ("\u200b", "", (N.ZERO_WIDTH,)),
        # The joiner is spelling in Persian, noise in English.
        ("می\u200cخواهم", "می\u200cخواهم", ()),
        ("no\u200cise", "noise", (N.ZERO_WIDTH,)),
        # At a word's end behind a virama and, in the sign of the Hijri year, behind an Arabic letter.
        ("അവന്\u200d പറഞ്ഞു", "അവന്\u200d പറഞ്ഞു", ()),
        ("سال ه\u200d.ق", "سال ه\u200d.ق", ()),
        ("می\u200c خواهد", "می خواهد", (N.ZERO_WIDTH,)),
        ("അവന്\u200d\u200d പറഞ്ഞു", "അവന്\u200d പറഞ്ഞു", (N.ZERO_WIDTH,)),
        ("👩🏽\u200d🚒 came", "👩🏽\u200d🚒 came", ()),
        ("Tom &amp;amp; Ana &#8217;n&nbsp;co", "Tom & Ana ’n co", (N.NBSP, N.HTML_ENTITIES)),
        ("AT&T; R&D", "AT&T; R&D", ()),
        ("a &a\u00admp; b", "a & b", (N.SOFT_HYPHEN, N.HTML_ENTITIES)),
        ("Ｔｈｅ １２：３０ train", "The 12:30 train", (N.FULL_WIDTH,)),
        ("ＮＡＴＯの代表", "ＮＡＴＯの代表", ()),
    ],
)
def test_normal_spelling_and_what_was_changed(text: str, plain: str, notes: tuple[Normalization, ...]) -> None:
    assert normalize_text(text) == (plain, notes)


def test_quotes_and_dashes_only_when_asked() -> None:
    text = "“It’s” – 1914—18"
    assert normalize_text(text)[0] == text
    assert normalize_text(text, NormalizeSettings(ascii_quotes=True)) == ('"It\'s" – 1914—18', (N.QUOTES,))
    assert normalize_text(text, NormalizeSettings(True, True)) == ('"It\'s" - 1914-18', (N.QUOTES, N.DASHES))


def test_notes_come_in_one_order() -> None:
    assert in_order({N.DASHES, N.NBSP, N.NEWLINES}) == (N.NEWLINES, N.NBSP, N.DASHES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A b\n\nc", "A\u00a0bc"),
        ("“quoted” – it’s", '"quoted" - it\'s'),
        ("ﬁrst Cafe\u0301", "first Café"),
        ("govern-\nment", "government"),
        ("zero\u200b\u00adwidth\x07", "zerowidth"),
        ("Tom &amp;amp; Ana", "Tom & Ana"),
        ("caf&eacute;&nbsp;&hellip;", "café …"),
        ("&a\u00admp;lt;", "<"),
    ],
)
def test_fingerprint_ignores_spelling(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Talks resumed", "Talks resume"), ("Case", "case"), ("ends.", "ends"), ("1-2", "12"), ("a b", "b a"), ("–", "")],
)
def test_fingerprint_sees_every_other_change(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_fingerprint_is_a_known_hash() -> None:
    assert fingerprint("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert fingerprint("\ud800") == fingerprint(" \ud800 ")


class Span:
    def __init__(self, text: str, body_offset: int, field: Field = Field.BODY) -> None:
        self.text, self.body_offset, self.field = text, body_offset, field


def test_rebuild_puts_stretches_back_in_order() -> None:
    removed = [Span("Head", 0), Span("ROME –", 0), Span("| Site", 3, Field.HEADLINE), Span("Ad", 6), Span("Share", 13)]
    rebuilt = rebuild("One two\nthree", removed)
    # A dash between letters counts as a hyphen there: the settings may have made one of it.
    assert skeleton(rebuilt) == "HeadROMEOnetwAdothreeShare"


@given(st.text(max_size=60))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_normalising_keeps_the_fingerprint_and_is_idempotent(text: str) -> None:
    for choice in (NormalizeSettings(), NormalizeSettings(True, True)):
        plain, _ = normalize_text(text, choice)
        assert fingerprint(plain) == fingerprint(text)
        assert normalize_text(plain, choice) == (plain, ())


@given(st.text(alphabet="&amp;#38;lt x-\n\u00ad\u037eé", max_size=30))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_the_same_holds_for_soups_of_references(text: str) -> None:
    plain, _ = normalize_text(text)
    assert fingerprint(plain) == fingerprint(text)
    assert normalize_text(plain) == (plain, ())
    assert fingerprint("\n".join(normalize_text(line)[0] for line in text.split("\n"))) == fingerprint(text)


ODD = "a\u0301B-–’“ \n\u00a0\u00ad\u200b\u200c\u200d\u0323\ufb01\u0649\ufe8e\u3000é\x07\x85\u1100\u1161"


@given(st.text(alphabet=ODD, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_the_same_holds_for_soups_of_odd_characters(text: str) -> None:
    plain, notes = normalize_text(text)
    assert fingerprint(plain) == fingerprint(text)
    assert normalize_text(plain) == (plain, ())
    assert plain == text.strip() or notes
