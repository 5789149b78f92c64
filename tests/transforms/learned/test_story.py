from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generator import make_story
from transforms.learned.story import resemblance, sketch_of, stories_of
from transforms.learned.thresholds import thresholds

LIMITS = thresholds().stories
TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=200), max_size=6)


def paragraphs(number: int, language: str = "en") -> list[str]:
    return list(make_story(number, seed=9, language=language, characters=1500).paragraphs)


def test_different_stories_have_little_in_common() -> None:
    for language in ("en", "de", "zh"):
        one, other = (sketch_of(paragraphs(number, language), LIMITS) for number in (1, 2))
        assert len(one) == len(other) == LIMITS.runs_kept
        assert resemblance(one, other, LIMITS) < LIMITS.same_share / 2


def test_versions_have_nearly_all_in_common() -> None:
    first = paragraphs(1)
    corrected = [
        first[0].replace(" the ", " a "),
        *first[1:],
        "A correction was made on Tuesday to the number of boats.",
    ]
    assert resemblance(sketch_of(first, LIMITS), sketch_of(corrected, LIMITS), LIMITS) > LIMITS.same_share


def test_a_shared_line_makes_no_version() -> None:
    line = "The Courier stays open to everyone thanks to 4,000 households around the bay, says its oldest reader."
    one, other = (sketch_of([*paragraphs(number), line], LIMITS) for number in (1, 2))
    assert 0 < resemblance(one, other, LIMITS) < LIMITS.same_share


def test_a_text_without_paragraphs_has_no_sketch() -> None:
    assert sketch_of(["Home", "Sign in", "No comments"], LIMITS) == ()
    assert resemblance((), (), LIMITS) == 0


def test_versions_are_one_story_through_others() -> None:
    early, later, last = (tuple(range(first, first + LIMITS.runs_kept)) for first in (0, 10, 25))
    others = [tuple(range(first, first + LIMITS.runs_kept)) for first in (1000, 2000)]
    assert resemblance(early, last, LIMITS) < LIMITS.same_share
    assert stories_of([others[0], early, last, others[1], later], LIMITS) == (0, 1, 1, 3, 1)


@given(TEXTS, TEXTS)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_resemblance_is_a_share_and_the_same_both_ways(one: list[str], other: list[str]) -> None:
    first, second = sketch_of(one, LIMITS), sketch_of(other, LIMITS)
    share = resemblance(first, second, LIMITS)
    assert 0 <= share <= 1
    assert share == resemblance(second, first, LIMITS)
    assert resemblance(first, first, LIMITS) == (1 if first else 0)
    assert list(first) == sorted(set(first))
