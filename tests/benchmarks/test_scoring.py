from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.leftovers import make_noisy, score_noisy, wordings
from benchmarks.scoring import body_overlap, body_score, fold, gold_days, page_f1, same_names, shingles

BODY = "The bridge over the sound was closed on Friday.\nEngineers found a crack in the third pier, the mayor said."


def test_overlap_counts_shingles_of_four_words() -> None:
    assert body_overlap("a b c d e", "a b c d") == (0.5, 0.0, 0.5)
    assert body_overlap("a b c d", "a b c d x") == (0.5, 0.5, 0.0)
    assert body_overlap(BODY, BODY) == (1.0, 0.0, 0.0)
    assert body_overlap("a b", None) == (0.0, 0.0, 1.0)


def test_repeats_count_as_often_as_they_stand() -> None:
    overlap = body_overlap("a b c d", "a b c d\na b c d")
    assert overlap.true == pytest.approx(1 / 5)
    assert shingles("a b c d a b c d")["a", "b", "c", "d"] == 2


def test_score_is_the_f1_of_the_means() -> None:
    score = body_score([body_overlap("a b c d", "a b c d"), body_overlap("a b c d", None)])
    assert tuple(score) == pytest.approx((1.0, 0.5, 2 / 3))
    assert tuple(body_score([])) == (0.0, 0.0, 0.0)
    assert page_f1(body_overlap("a b c d e", "a b c d")) == pytest.approx(2 / 3)


def test_fold_sees_what_a_reader_sees() -> None:
    assert fold("  “Yes” –\u00a0he said ") == fold('"yes" - HE said')
    assert fold("Yes, he said") != fold("Yes he said")
    assert fold(None) == ""


def test_names_are_a_set() -> None:
    assert same_names(["Ann Lee", "Bo Ray"], ["bo ray", "Ann  Lee"])
    assert not same_names(["Ann Lee"], ["Ann Lee", "Bo Ray"])
    assert same_names([], [""])


def test_a_date_with_an_offset_may_be_two_days() -> None:
    assert gold_days("2026-01-01T00:30:00+09:00") == ("2026-01-01", "2025-12-31")
    assert gold_days("2026-05-08T12:05:00Z") == ("2026-05-08", "2026-05-08")
    assert gold_days("2026-05-08") == ("2026-05-08",)
    assert gold_days("2026-05") == ("2026-05",)


@pytest.mark.parametrize("language", wordings())
def test_noisy_text_is_right_when_clean_and_wrong_when_not(language: str) -> None:
    for seed in range(20):
        noisy = make_noisy(BODY.split("\n"), "Bridge closed", language, random.Random(seed))
        perfect = score_noisy(noisy, noisy.body)
        assert (perfect.kept, perfect.lost, perfect.exact) == (0, 0, True)
        untouched = score_noisy(noisy, noisy.text)
        assert untouched.kept == untouched.added > 0
        assert not untouched.exact
        assert all(line in noisy.text for line in noisy.leftovers)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.text(max_size=80), st.text(max_size=80))
def test_shares_add_up(gold: str, found: str) -> None:
    overlap = body_overlap(gold, found)
    assert sum(overlap) == pytest.approx(1.0 if shingles(gold) or shingles(found) else 0.0)
    assert overlap == (
        body_overlap(found, gold).true,
        body_overlap(found, gold).missed,
        body_overlap(found, gold).false,
    )
