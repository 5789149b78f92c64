from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.same_stretches import Stretch, chain, find_stretches


def test_a_second_copy_is_found_around_a_difference() -> None:
    first = "thecouncilmetonmondayandvotedforthebridgewithoutalongdebate"
    second = first.replace("voted", "vxtex")
    found = list(find_stretches(first + second, 10))
    at = first.index("voted")
    assert found == [Stretch(59, 0, at + 1), Stretch(59 + at + 5, at + 5, 59 - at - 5)]
    assert chain(iter(found)) == [found]


def test_a_third_copy_is_told_of_the_first() -> None:
    text = "delegatesoffourprovincessigned"
    assert list(find_stretches(text * 3, 10)) == [Stretch(30, 0, 30), Stretch(60, 0, 30)]


def test_nothing_short_and_nothing_that_overlaps_itself() -> None:
    assert list(find_stretches("abcdefgh" + "xyz" + "abcdefgh", 10)) == []
    assert all(found.original + found.length <= found.copy for found in find_stretches("ha" * 100, 10))


def test_another_order_is_another_chain() -> None:
    one, two = Stretch(100, 50, 20), Stretch(120, 0, 40)
    assert chain(iter([one, two])) == [[one], [two]]


@given(st.text(alphabet="ab", max_size=60), st.text(alphabet="abc", max_size=20))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_stretches_are_true_and_in_order(first: str, between: str) -> None:
    text = first + between + first
    end = 0
    for copy, original, length in find_stretches(text, 6):
        assert text[copy : copy + length] == text[original : original + length]
        assert end <= copy
        assert original + length <= copy
        end = copy + length


def test_long_texts_take_linear_time() -> None:
    text = "".join(f"sentence{number}of{number * 7919 % 10007}" for number in range(4000))
    assert sum(found.length for found in find_stretches(text + text, 20)) == len(text)
