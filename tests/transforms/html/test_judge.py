"""Lines of the head and lists of links are told from body text."""

from __future__ import annotations

import pytest

from schemas.codes import BlockKind
from transforms.html.blocks import Draft
from transforms.html.judge import judge_blocks
from transforms.html.rules import PageRules

RULES = PageRules.load()
LONG = "The ferry between the two islands was held in port for the third day, the harbour master said."
BODY = Draft(LONG, BlockKind.PARAGRAPH)
TITLE = Draft("Ferry held in port", BlockKind.HEADING, role="headline")


def judge(*drafts: Draft, titles: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    verdicts = judge_blocks(list(drafts), frozenset(titles), RULES)
    return [(verdict.kind.value, verdict.cut.rule_id if verdict.cut else None) for verdict in verdicts]


@pytest.mark.parametrize(
    "text",
    ["3 May 2024, 10:15", "Updated 10:15 GMT", "03.05.2024", "Ana Example | May 3, 2024", "2025年1月13日 21時37分"],
)
def test_date_lines_above_the_body(text: str) -> None:
    assert judge(TITLE, Draft(text, BlockKind.PARAGRAPH), BODY)[1] == ("paragraph", "page.date_line")


@pytest.mark.parametrize("text", ["It was 2024.", "Rain at last", f"In 2024, {LONG}"])
def test_lines_that_are_none(text: str) -> None:
    assert judge(TITLE, Draft(text, BlockKind.PARAGRAPH), BODY)[1][1] is None


def test_date_lines_inside_the_body_stay() -> None:
    assert judge(TITLE, BODY, Draft("3 May 2024, 10:15", BlockKind.PARAGRAPH), BODY)[2][1] is None


def test_the_standfirst_is_kept_as_one() -> None:
    lead = Draft("Passengers slept in the terminal as the storm went on", BlockKind.PARAGRAPH, role="head")
    assert judge(TITLE, lead, BODY)[1] == ("standfirst", None)
    assert judge(TITLE, Draft(lead.text, BlockKind.HEADING), BODY)[1] == ("standfirst", None)
    labelled = Draft("Slept in the terminal as storms went", BlockKind.PARAGRAPH, labels=("post-excerpt",))
    assert judge(TITLE, labelled, BODY)[1] == ("standfirst", None)


def test_short_lines_between_headline_and_container_go() -> None:
    assert judge(TITLE, Draft("Ana Example", BlockKind.PARAGRAPH, role="head"), BODY)[1] == (
        "paragraph",
        "page.head_line",
    )


def test_what_stands_above_the_headline_goes() -> None:
    assert judge(Draft("Shipping", BlockKind.PARAGRAPH), TITLE, BODY)[0] == ("paragraph", "page.head_line")


def test_a_stated_headline_is_found_without_h1() -> None:
    drafts = (Draft("Ferry held in port", BlockKind.PARAGRAPH), BODY)
    assert judge(*drafts, titles=("ferry held in port",))[0] == ("headline", None)
    assert judge(*drafts)[0] == ("paragraph", None)


def test_links_go_but_link_lists_stay() -> None:
    linked = Draft("More on shipping", BlockKind.PARAGRAPH, links=16)
    item = Draft("More on shipping", BlockKind.LIST_ITEM, links=16)
    assert judge(TITLE, BODY, linked, item, BODY)[2:4] == [("paragraph", "page.link_only"), ("list_item", None)]


def test_the_tail_ends_with_text() -> None:
    heading = Draft("Read on", BlockKind.HEADING)
    item = Draft("Storm hits the coast", BlockKind.LIST_ITEM, links=20)
    assert judge(TITLE, BODY, heading, item, item)[2:] == [
        ("heading", "page.bare_heading"),
        ("list_item", "page.link_tail"),
        ("list_item", "page.link_tail"),
    ]


def test_lists_and_headings_before_text_stay() -> None:
    heading = Draft("No end in sight", BlockKind.HEADING)
    item = Draft("Storm hits the coast", BlockKind.LIST_ITEM, links=20)
    plain = Draft("Rain: 12 mm", BlockKind.LIST_ITEM)
    assert judge(TITLE, BODY, heading, item, BODY, plain)[2:] == [
        ("heading", None),
        ("list_item", None),
        ("paragraph", None),
        ("list_item", None),
    ]


def test_short_headings_may_be_links() -> None:
    short = Draft("The ferry", BlockKind.HEADING, links=9)
    long = Draft("The ferry was held in port again", BlockKind.HEADING, links=32)
    assert judge(TITLE, BODY, short, long, BODY)[2:4] == [("heading", None), ("heading", "page.link_only")]


@pytest.mark.parametrize(
    ("heading", "cut"),
    [
        ("Shipping:Ferry held in port after the storm", "page.headline_repeat"),
        ("Ferry held in port after the storm", "page.headline_repeat"),
        ("Passengers slept in the terminal after the storm", None),
        ("Ferry held", None),
    ],
)
def test_a_heading_that_says_the_headline_goes(heading: str, cut: str | None) -> None:
    title = "ferry held in port after the storm | the example"
    drafts = (TITLE, Draft(heading, BlockKind.HEADING), BODY)
    assert judge(*drafts, titles=(title,))[1][1] == cut


def paragraphs(*numbers: int) -> list[Draft]:
    return [Draft(f"On day {number} of the storm, {LONG}", BlockKind.PARAGRAPH) for number in numbers]


def test_a_block_that_says_the_whole_text_again_goes() -> None:
    parts = paragraphs(*range(6))
    whole = Draft(" ".join(part.text for part in parts), BlockKind.PARAGRAPH)
    assert judge(TITLE, *parts, whole)[1:] == [("paragraph", None)] * 6 + [("paragraph", "page.copy")]
    longer = Draft(" ".join(part.text for part in paragraphs(*range(20, 26))), BlockKind.PARAGRAPH)
    assert judge(TITLE, *parts, longer)[-1] == ("paragraph", None)


def test_linked_lists_at_the_end_go() -> None:
    teaser = Draft("The strange life of a ferry captain", BlockKind.LIST_ITEM, links=20)
    tip = Draft("Bring a torch, a map and warm clothes", BlockKind.LIST_ITEM)
    linked = [("list_item", "page.link_tail")] * 3
    assert judge(TITLE, BODY, teaser, teaser, teaser)[2:] == linked
    assert judge(TITLE, BODY, teaser, tip, teaser)[2:] == [("list_item", None)] * 3
    assert judge(TITLE, BODY, teaser, teaser, teaser, BODY)[2:5] == [("list_item", None)] * 3


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Ana Example writes about ships and the people who sail them.", "page.author_bio"),
        ("Reporter Ana Example lives by the sea with two dogs and a boat.", "page.author_bio"),
        ("The captain told Ana Example that the ferry would not sail again.", None),
    ],
)
def test_the_last_words_about_the_author_go(text: str, cut: str | None) -> None:
    drafts = [TITLE, BODY, Draft(text, BlockKind.PARAGRAPH), BODY, BODY, Draft(text, BlockKind.PARAGRAPH)]
    verdicts = judge_blocks(drafts, frozenset(), RULES, frozenset(("ana example",)))
    assert [verdict.cut.rule_id if verdict.cut else None for verdict in verdicts][2:] == [None, None, None, cut]


def test_key_points_with_dates_stay() -> None:
    point = Draft("Two batches printed in 2014 and 2016 have an error", BlockKind.LIST_ITEM)
    date = Draft("3 May 2024, 10:15", BlockKind.LIST_ITEM)
    assert [rule for _, rule in judge(TITLE, date, point, BODY)] == [None, "page.date_line", None, None]


def test_linked_headings_over_text_stay_where_there_are_several() -> None:
    heading = Draft("The long ferry to the northern island", BlockKind.HEADING, links=37, path="article/h2")
    elsewhere = Draft(heading.text, BlockKind.HEADING, links=37, path="article/aside/h2")
    assert [rule for _, rule in judge(TITLE, BODY, *[heading, BODY] * 3)] == [None] * 8
    assert judge(TITLE, BODY, *[heading, BODY] * 2, elsewhere, BODY)[2][1] == "page.link_only"
