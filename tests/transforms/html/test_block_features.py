"""Measures of blocks: what they count, and that they hold for any page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import BlockKind, Category
from schemas.records import Block, Cut
from transforms.html.block_features import FEATURES, measure
from transforms.html.block_words import WordWeights

LONG = "The ferry between the two islands was held in port for the third day, the harbour master said on Monday, and nobody knew why."
RELATED = Cut("page.class.related", Category.RELATED)
WORDS = WordWeights({"newsletter": -300, "sign up": -100, "said": 200})


def page(*parts: tuple[str, BlockKind, str, Cut | None]) -> tuple[str, list[Block]]:
    blocks: list[Block] = []
    offset = 0
    for text, kind, path, cut in parts:
        blocks.append(Block(offset, offset + len(text), kind, path=path, cut=cut))
        offset += len(text) + 1
    return "\n".join(text for text, *_ in parts), blocks


def columns(*parts: tuple[str, BlockKind, str, Cut | None]) -> dict[str, list[float]]:
    places, rows = measure(*page(*parts), WORDS)
    assert len(places) == len(rows)
    return {name: rows[:, column].tolist() for column, name in enumerate(FEATURES)}


PARAGRAPH = (LONG, BlockKind.PARAGRAPH, "article/p", None)
NOTE = ("Ana Example writes about ships.", BlockKind.PARAGRAPH, "article/div/div/p", None)


def test_chrome_has_no_row_but_is_counted() -> None:
    found = columns(PARAGRAPH, ("More on ships", BlockKind.CHROME, "", RELATED), NOTE)
    assert found["words"] == [24, 5]
    assert found["passed_related"] == [0, 1]
    assert found["cuts_before"] == [0, 1]
    assert found["cuts_after"] == [1, 0]


def test_place_and_structure() -> None:
    heading = ("No end in sight", BlockKind.HEADING, "article/h2", None)
    found = columns(PARAGRAPH, heading, PARAGRAPH, NOTE)
    assert found["same_path"] == [0.5, 0, 0.5, 0]
    assert found["same_path_after"] == [0, 0.5, 0, -1]
    assert found["depth"] == [0, 0, 0, 2]
    assert found["heading_level"] == [0, 0, 2, 2]
    assert found["heading_words"] == [0, 0, 4, 4]
    assert found["since_heading"] == [99, 99, 1, 2]
    assert found["since_paragraph"] == [99, 1, 2, 1]
    assert found["share_before"] == pytest.approx([0, 24 / 57, 28 / 57, 52 / 57])
    assert found["share_after"] == pytest.approx([33 / 57, 29 / 57, 5 / 57, 0])


def test_shape() -> None:
    found = columns(
        ("Ana Example, Reporter", BlockKind.STANDFIRST, "p", None),
        ("It rained, and rained.", BlockKind.PARAGRAPH, "p", None),
    )
    assert found["capitals"] == [1, 0.25]
    assert found["capitals_after"] == [0.25, -1]
    assert found["window_ends"] == [0.5, 0.5]
    assert found["is_standfirst"] == [1, 0]
    assert found["words_after"] == [4, -1]
    assert found["words_before"] == [-1, 3]


def test_scripts_without_case_have_no_capitals() -> None:
    found = columns(
        ("과학관은 내후년 봄에 문을 열 예정이다.", BlockKind.PARAGRAPH, "p", None),
        ("Été à Brest", BlockKind.HEADING, "h2", None),
    )
    assert found["capitals"] == [0, pytest.approx(2 / 3)]


def test_wording_is_asked_of_open_blocks_and_of_what_follows_the_last_paragraph() -> None:
    prompt = "Sign up for our newsletter"
    found = columns(
        (prompt, BlockKind.LIST_ITEM, "ul/li", None),
        (prompt, BlockKind.HEADING, "h2", None),
        PARAGRAPH,
        (prompt, BlockKind.PARAGRAPH, "p", RELATED),
        (prompt, BlockKind.LIST_ITEM, "ul/li", None),
    )
    against = pytest.approx(-400 / 5**0.5)
    assert found["wording"] == [0, against, pytest.approx(200 / 23**0.5), 0, against]
    assert found["wording_heading"] == [0, 0, against, against, against]
    assert found["wording_after"][:2] == [against, pytest.approx(200 / 23**0.5)]


def test_boxes_hold_what_stands_in_the_same_elements() -> None:
    note = "Ana Example writes about ships."
    blocks = [
        Block(0, len(LONG), BlockKind.PARAGRAPH, boxes=(1, 2, 3)),
        Block(len(LONG) + 1, 2 * len(LONG) + 1, BlockKind.PARAGRAPH, boxes=(1, 2, 4)),
        Block(2 * len(LONG) + 2, 2 * len(LONG) + 2 + len(note), BlockKind.PARAGRAPH, 0.5, boxes=(1, 5, 6)),
    ]
    rows = measure(f"{LONG}\n{LONG}\n{note}", blocks, WORDS)[1]
    found = {name: rows[:, column].tolist() for column, name in enumerate(FEATURES)}
    assert found["box_blocks"] == [2, 2, 1]
    assert found["box_share"] == [1, 1, 0]
    assert found["box_links"] == [0, 0, 0.5]
    assert found["outer_blocks"] == [3, 3, 3]
    assert found["outer_words"] == [pytest.approx(53 / 3)] * 3


def test_a_page_of_chrome_has_no_rows() -> None:
    places, rows = measure(*page(("Home", BlockKind.CHROME, "", RELATED)), WORDS)
    assert places == []
    assert rows.shape == (0, len(FEATURES))


PARTS = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=60),
        st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.CHROME]),
        st.sampled_from(["p", "div/p", "h2", ""]),
        st.sampled_from([None, RELATED]),
    ),
    min_size=1,
    max_size=12,
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(PARTS)
def test_any_page_has_finite_numbers(parts: list[tuple[str, BlockKind, str, Cut | None]]) -> None:
    places, rows = measure(*page(*parts), WORDS)
    assert rows.shape == (sum(kind is not BlockKind.CHROME for _, kind, *_ in parts), len(FEATURES))
    assert np.isfinite(rows).all()
    assert places == sorted(places)
