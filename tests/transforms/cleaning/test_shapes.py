from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.clean_settings import built_in_settings
from transforms.cleaning.shapes import (
    could_be_headline,
    count_words,
    ends_sentence,
    has_sentence_break,
    is_announcement,
    is_cue_line,
    is_date_line,
    is_list_item,
    is_prose,
    is_quotation,
    is_title_case,
    looks_left_over,
    looks_like_data,
    speaks_to_reader,
    starts_lower,
)

SETTINGS = built_in_settings()


def cue(text: str, *, at_edge: bool = True) -> bool:
    return is_cue_line(text, count_words(text), SETTINGS.cues, at_edge=at_edge)


def test_words_are_counted_in_all_scripts() -> None:
    assert count_words("one two three") == 3
    assert count_words("北京三月三日电国务院总理在北京") == 7
    assert count_words("Donaudampfschifffahrtsgesellschaft") == 1


@pytest.mark.parametrize(
    "text", ["It ended.", "Did it?", "“It ended.”", "It ended.[3]", "结束了。", "انتهى؟", "It ended…"]
)
def test_sentence_ends(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["More from World", "No comments:", "It ended,", "v2.0 beta"])
def test_no_sentence_end(text: str) -> None:
    assert not ends_sentence(text)


def test_sentence_breaks() -> None:
    assert has_sentence_break("It ended. Nobody left.")
    assert has_sentence_break("“It ended.” Nobody left")
    assert not has_sentence_break("It ended at 3 p.m. on Monday")


def test_prose() -> None:
    def prose(text: str) -> bool:
        return is_prose(text, count_words(text), SETTINGS.prose)

    assert prose("The minister said on Monday that talks would resume.")
    assert prose("word " * 19 + "word")
    assert prose("国务院总理三月三日在北京会见了来访的外国代表团一行。")
    assert not prose("More from World")
    assert not prose("He left.")


def test_title_case() -> None:
    assert is_title_case("President Urges Expansion of Military Ties")
    assert not is_title_case("President urges expansion of military ties")
    assert not is_title_case("Talks Resume")


@pytest.mark.parametrize("text", ["- item", "• item", "3. item", "(b) item", "a) item"])
def test_list_items(text: str) -> None:
    assert is_list_item(text)


@pytest.mark.parametrize("text", ["item", "3 items", "A house", "-item", "2.5 percent"])
def test_no_list_items(text: str) -> None:
    assert not is_list_item(text)


def test_lower_case_starts() -> None:
    assert starts_lower("is fighting")
    assert starts_lower("“which is")
    assert not starts_lower("iPhone sales")
    assert not starts_lower("3 men")
    assert not starts_lower("新华社")


@pytest.mark.parametrize("text", ["Trending in your area", "Top Stories", "No comments:", "Share"])
def test_shape_of_leftovers(text: str) -> None:
    assert looks_left_over(text, count_words(text), 8)


@pytest.mark.parametrize(
    "text",
    ["He left.", "- Bring a torch", "“Not now”", "which is why", "one, two,", "A line that is far too long to be a button or a label"],
)  # fmt: skip
def test_shape_of_text(text: str) -> None:
    assert not looks_left_over(text, count_words(text), 8)


@pytest.mark.parametrize(
    "text",
    [
        "Get the latest headlines in your inbox",
        "Follow Example News on Facebook",
        "What do you think? Let us know below",
        "Never miss a story: sign up for our daily newsletter today.",
        "5 minute read",
        "Abonnieren Sie unseren Newsletter",
        "Partager cet article",
        "Подписывайтесь на наш канал",
    ],
)
def test_lines_about_the_page(text: str) -> None:
    assert cue(text)


@pytest.mark.parametrize(
    "text",
    [
        "The newspaper lost subscribers in May",
        "The app is free to download for all.",
        "Facebook said it would remove the posts.",
        "- Email",
        "He read the letter aloud to the court",
        "",
    ],
)
def test_lines_about_the_world(text: str) -> None:
    assert not cue(text)


def test_in_the_middle_names_do_not_count() -> None:
    assert cue("Story continues below", at_edge=False)
    assert not cue("Follow Example News on Facebook", at_edge=False)


@pytest.mark.parametrize(
    "text",
    ["ALSO READ | Ten things to know today", "Watch: Crowds gather in the square", "More on this: Ministers clash"],
)
def test_announcements(text: str) -> None:
    assert is_announcement(text, count_words(text), SETTINGS.cues)


@pytest.mark.parametrize(
    "text",
    [
        "Reaction: what the parties said",
        "See: the ruling of the court was clear.",
        "“Read: this” he said",
        "Keller: I will not resign",
        "12:30 the train leaves",
    ],
)
def test_no_announcements(text: str) -> None:
    assert not is_announcement(text, count_words(text), SETTINGS.cues)


@pytest.mark.parametrize(
    "text",
    [
        "Updated: 14:05 GMT",
        "3 March 2021",
        "2 hours ago",
        "Published on Tuesday, March 3, 2021 at 5:30 pm EST",
        "Veröffentlicht am 3. März 2021 um 12.30 Uhr",
        "Publié le 3 mars 2021 à 14h05",
        "2021年3月3日 14:05",
        "3 марта 2021 г.",
        "2021-03-03T14:05:00Z",
        "tirsdag 3. marts 2021 kl. 14.05",
        "2021. március 3., szerda",
        "3 Μαρτίου 2021",
        "3 במרץ 2021",
        "Thứ Tư, ngày 3 tháng 3 năm 2021",
        "۱۲ اسفند ۱۳۹۹",
        "3 มีนาคม 2564",
        "Опубліковано: 3 березня 2021, 14:05",
    ],
)
def test_date_lines(text: str) -> None:
    assert is_date_line(text, count_words(text), SETTINGS.dates)


@pytest.mark.parametrize(
    "text",
    [
        "In March 2021 the talks resumed",
        "Havnen lukker 3. marts 2021",
        "3. marts 2021 og 4. marts 2021 i Elswick",
        "March on the capital",
        "Monday",
        "1984 is a novel",
        "5 minute read",
        "",
    ],
)
def test_no_date_lines(text: str) -> None:
    assert not is_date_line(text, count_words(text), SETTINGS.dates)


@given(st.text(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_line_is_judged_without_error(text: str) -> None:
    words = count_words(text)
    assert words >= 1
    for judgement in (
        cue(text),
        is_announcement(text, words, SETTINGS.cues),
        is_date_line(text, words, SETTINGS.dates),
        looks_left_over(text, words, 8),
    ):
        assert judgement in (True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our free daily email has all that you need to know.", True),
        ("Melden Sie sich für unseren Newsletter an und verpassen Sie nichts mehr.", True),
        ("The newspaper lost ten thousand subscribers in May.", False),
        ("You will find no harbour that is older.", False),
        ("“Read our letters,” she asked the court.", False),
        ("- Read our letters to the court", False),
    ],
)
def test_sentences_that_speak_to_the_reader(text: str, expected: bool) -> None:
    assert speaks_to_reader(text, count_words(text), SETTINGS.cues) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14\tUtah\t82.38", True),
        ("1 Alaska 14.55", True),
        ("Price range: low to middling", True),
        ("Maria Keller, head of sales", True),
        ("World news", False),
        ("Why the ferry sank", False),
    ],
)
def test_rows_and_items_look_like_data(text: str, expected: bool) -> None:
    assert looks_like_data(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who pays for the bridge?", True),
        ("“We are done”: the mayor gives up", True),
        ("Ferry fares to rise", True),
        ("The ferry was late on Monday.", False),
        ("- Bread", False),
        ("and so it went", False),
        ("What to bring:", False),
    ],
)
def test_headlines_in_lists(text: str, expected: bool) -> None:
    assert could_be_headline(text, count_words(text), 25) is expected


def test_quotations() -> None:
    assert is_quotation("“I want to see how he turns that into policy.”", 10)
    assert not is_quotation("“Most read”", 2)
    assert not is_quotation("I want to see how he turns that into policy.", 10)
