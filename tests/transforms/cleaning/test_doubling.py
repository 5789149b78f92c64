from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.clean_settings import Doubling
from transforms.cleaning.doubling import (
    find_intruders,
    find_repeats,
    may_repeat,
    paragraph_key,
    second_copy_within,
)

LIMITS = Doubling(min_characters=40, intruder_max_words=12, page_min_share=0.3)
A, B, C, D = (f"{letter} paragraph of the article that is long enough to count" for letter in "ABCD")


def repeats(*paragraphs: str) -> list[int | None]:
    return list(find_repeats([paragraph_key(paragraph) for paragraph in paragraphs], LIMITS))


def test_whole_body_twice_and_three_times() -> None:
    assert repeats(A, B, C, A, B, C) == [None, None, None, 0, 1, 2]
    assert repeats(A, B, A, B, A, B) == [None, None, 0, 1, 0, 1]


def test_doubled_from_the_middle() -> None:
    assert repeats(A, B, C, B, C) == [None, None, None, 1, 2]


def test_a_copy_with_other_spaces_and_quotes_is_a_copy() -> None:
    assert paragraph_key("He said “yes” twice") == paragraph_key('He  said "yes"  twice')
    assert paragraph_key("Yes") != paragraph_key("yes")


def test_short_lines_only_inside_a_run() -> None:
    assert repeats(A, "Yes.", B, A, "Yes.", B) == [None, None, None, 0, 1, 2]
    assert repeats("Yes.", A, "Yes.", B) == [None, None, None, None]
    assert repeats("Start", A, B, "Start", A, B) == [None, None, None, 0, 1, 2]


def test_a_paragraph_that_comes_back_elsewhere_is_the_articles() -> None:
    assert repeats(A, B, C, A, D) == [None] * 5
    assert repeats(A, A, B) == [None, 0, None]
    assert repeats(A, B, C, C) == [None, None, None, 2]
    assert repeats(A, B, C, B) == [None, None, None, 1]


def test_a_run_goes_on_over_lines_of_one_copy() -> None:
    found = repeats(A, "Ad", B, C, A, B, "Read this", C)
    assert found == [None, None, None, None, 0, 2, None, 3]
    words = [9, 1, 9, 9, 9, 9, 2, 9]
    assert find_intruders(found, words, LIMITS) == (1, 6)


def test_long_text_in_one_copy_is_no_intruder() -> None:
    found = repeats(A, D, B, C, A, B, C)
    assert find_intruders(found, [20] * 7, LIMITS) == ()


def test_a_copy_may_lack_the_dateline_of_the_first_paragraph() -> None:
    first, second = (
        "Delegates of four provinces signed an accord on Thursday.",
        "It shares out the water of the Orne for the next twelve years.",
    )
    assert repeats("MARLOW – " + first, second, first, second) == [None, None, 0, 1]
    assert repeats(first, second, "MARLOW – " + first, second) == [None, None, 0, 1]
    # Without a dash it is no dateline: the words before would be lost.
    assert repeats(first, second, "The second time round " + first, second)[2] is None


def test_a_leftover_in_another_place_of_the_copy_does_not_end_the_run() -> None:
    a, b, c, d = (
        f"{word} paragraph of the doubled article, long enough." for word in ("First", "Next", "Third", "Last")
    )
    texts = [a, b, c, d, "More on this: tolls", a, b, c, "More on this: tolls", d, "Most read"]
    assert repeats(*texts) == [None] * 5 + [0, 1, 2, 4, 3, None]


def test_signs_tell_when_no_key_can_be_equal() -> None:
    assert not may_repeat(["One text", "Another text", ""])
    assert may_repeat(["“One  text”", '"One text"'])


@given(st.lists(st.text(alphabet="aer \"“’'x", max_size=6), max_size=5))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_equal_keys_are_told_without_making_all(texts: list[str]) -> None:
    keys = [paragraph_key(text) for text in texts]
    assert may_repeat(texts) == (len(set(keys)) < len(keys))


def test_empty_keys_never_repeat() -> None:
    assert repeats("", "", "") == [None, None, None]


def test_second_copy_in_one_paragraph() -> None:
    text = " ".join(f"Sentence number {number} of the report says something." for number in range(12))
    assert second_copy_within(f"{text} {text}") == len(text) + 1
    assert second_copy_within(text) is None
    assert second_copy_within(f"{text} {text[:60]} and now something else entirely follows in this report.") is None


def test_many_paragraphs_take_linear_time() -> None:
    keys = [f"{number % 5000} {'x' * 50}" for number in range(20_000)]
    assert sum(found is not None for found in find_repeats(keys, LIMITS)) == 15_000
