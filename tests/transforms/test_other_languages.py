from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.other_languages import other_languages

GERMAN = (
    "Die Hafenbehörde teilte mit, dass die Brücke gesperrt bleibt, bis alle Seile von Ingenieuren geprüft worden sind."
)
ENGLISH = "The harbour authority said that the bridge would stay closed until the engineers had checked every one of the cables."
RUSSIAN = (
    "Портовые власти сообщили, что мост останется закрытым, пока инженеры не проверят все тросы, и это займёт месяц."
)
CHINESE = "港务局表示，在工程师检查完所有缆索之前，这座大桥将继续关闭，市民可以乘坐渡轮过河。" * 3


def test_a_body_in_one_language_has_no_other() -> None:
    assert other_languages("\n".join([GERMAN] * 5), "de") == ()
    assert other_languages("\n".join([CHINESE] * 5), "zh-Hans") == ()


def test_paragraphs_of_another_language_are_measured_by_characters() -> None:
    body = "\n".join([GERMAN, GERMAN, ENGLISH, GERMAN])
    (other,) = other_languages(body, "de")
    assert other.language == "en"
    assert other.share == round(len(ENGLISH) / len(body), 4)


def test_the_largest_share_comes_first() -> None:
    found = other_languages("\n".join([GERMAN] * 4 + [RUSSIAN] * 2 + [ENGLISH]), "de")
    assert [share.language for share in found] == ["ru", "en"]


def test_another_script_in_a_text_without_spaces() -> None:
    assert [share.language for share in other_languages("\n".join([CHINESE, CHINESE, ENGLISH]), "zh-Hans")] == ["en"]


def test_short_lines_and_small_shares_do_not_count() -> None:
    assert other_languages("\n".join([GERMAN, GERMAN, "The end of the story."]), "de") == ()
    assert other_languages("\n".join([GERMAN] * 30 + [ENGLISH]), "de") == ()


def test_nothing_is_other_than_unknown() -> None:
    assert other_languages("\n".join([GERMAN, ENGLISH]), "und") == ()


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([GERMAN, ENGLISH, RUSSIAN, CHINESE, "", "x"]), max_size=12))
def test_shares_are_shares(paragraphs: list[str]) -> None:
    found = other_languages("\n".join(paragraphs), "de")
    assert all(0 < share.share <= 1 for share in found)
    assert sum(share.share for share in found) <= 1.001
    assert "de" not in {share.language for share in found}
