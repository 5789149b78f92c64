"""Learning word weights: several publishers, no names, nothing that says nothing."""

from __future__ import annotations

from benchmarks.word_weights import Line, WordSettings, fit_words

SETTINGS = WordSettings(publishers=2, sparsity=0.1, ridge=0.1)
HOSTS = ("one.example", "two.example", "three.example")
LINES = [
    line
    for host in HOSTS
    for line in (
        Line("sign up for our newsletter", False, host),
        Line("the minister said so for hours", True, host),
    )
]


def test_it_tells_what_stands_outside_from_what_stands_inside() -> None:
    weights = fit_words(LINES, SETTINGS)
    assert weights["newsletter"] < 0 < weights["said"]
    assert weights["sign up"] < 0
    assert abs(weights.get("for", 0.0)) < 0.5 * abs(weights["newsletter"])


def test_words_of_few_publishers_and_their_names_are_left_out() -> None:
    alone = Line("gazette exclusive", False, HOSTS[0])
    names = [Line("two things", False, host) for host in HOSTS]
    weights = fit_words([*LINES, alone, *names], SETTINGS)
    assert not {"gazette", "exclusive", "two", "two things"} & weights.keys()


def test_repeats_of_one_publisher_change_nothing() -> None:
    assert fit_words(LINES + LINES[:1] * 50, SETTINGS) == fit_words(LINES, SETTINGS)
