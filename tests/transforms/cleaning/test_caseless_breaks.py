from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.caseless_breaks import find_caseless_breaks
from transforms.cleaning.clean_settings import built_in_settings

JOINING = built_in_settings().joining
PARAGRAPHS = (
    "港口委员会星期二批准了三班夜间渡轮，此前居民们已经等待了好几个月，希望恢复这条线路。",
    "两岸居民自今年春天大桥关闭以来一直要求提供这项服务，共有四千多人在请愿书上签名。",
    "委员会主席表示，夜间票价将与白天相同，第一班船将在五月三日晚上十一点出发。",
    "批评者警告说，船员已经人手不足，加班费用会给镇上带来沉重的负担。",
)
KOREAN = "항만 위원회는 화요일 야간 여객선 세 편을 승인했으며, 주민들은 이 노선이 다시 열리기를 여러 달 동안 기다려 왔다고 위원장이 밝혔다. 첫 배는 오월 삼일 밤에 떠난다."


def breaks(text: str) -> list[int]:
    """Which lines of `text` go on from the line before."""
    texts: list[str] = []
    gaps: list[bool] = []
    gap = False
    for line in text.split("\n"):
        if line:
            texts.append(line)
            gaps.append(gap)
        gap = not line
    return sorted(find_caseless_breaks(texts, gaps, JOINING))


def wrap(text: str, width: int) -> str:
    """Broken at `width`; marks that may not begin a line hang over."""
    return "\n".join(re.findall(f".{{1,{width}}}[，。]?", text))


def test_paragraphs_broken_once() -> None:
    assert breaks("\n\n".join(f"{text[:17]}\n{text[17:]}" for text in PARAGRAPHS)) == [1, 3, 5, 7]


def test_a_headline_right_above_broken_lines_is_none_of_them() -> None:
    text = "港口委员会批准夜间渡轮\n" + "\n\n".join(f"{text[:17]}\n{text[17:]}" for text in PARAGRAPHS)
    assert breaks(text) == [2, 4, 6, 8]


@pytest.mark.parametrize("width", [12, 13, 17, 24])
def test_narrow_columns(width: int) -> None:
    text = "\n\n".join(wrap(text, width) for text in PARAGRAPHS)
    lines = text.replace("\n\n", "\n").split("\n")
    joined = breaks(text)
    assert len(lines) - len(joined) == len(PARAGRAPHS)


def test_korean_lines_need_a_word_that_did_not_fit() -> None:
    lines, line = [], ""
    for word in KOREAN.split(" "):
        if len(line) + 1 + len(word) > 22:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    assert len(breaks("\n".join([*lines, line]))) >= len(lines) - 1


def test_a_break_at_any_place_is_told_by_a_comma_where_paragraphs_stand_apart() -> None:
    one, two, three, four = PARAGRAPHS
    assert breaks(f"{one}\n\n{two[:27]}\n{two[27:]}\n\n{three}\n\n{four[:14]}\n{four[14:]}") == [2, 5]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        # Subheads right above their paragraphs.
        f"居民们的反应不尽相同\n{PARAGRAPHS[0]}\n\n下一步的计划尚未确定下来\n{PARAGRAPHS[1]}\n\n费用\n{PARAGRAPHS[2]}",
        # A list of headlines behind an article, a numbered list.
        f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n港口重新开放，渡轮恢复运行\n大桥关闭三个月，商户叫苦不迭\n镇长宣布，新学校明年开工",
        f"{PARAGRAPHS[0]}\n\n一些要点：\n1. 夜间渡轮每天开出三班，票价不变\n2. 第一班船将在五月三日出发，持续一年。\n\n{PARAGRAPHS[1]}",
        '“The Lantern of Elswick, a play”\n“Nine Harbours, a new musical”\n\n“Low Tide, a play for two”\n“Ferry”\n\nIt ends.',
        # Verse: equally long, no marks inside.
        "潮水涨起来的时候我在岸边\n船儿出海去的时候你在船上\n没有一个人挥手向我们告别\n只有那盏灯还在远处亮着光",
    ],
)  # fmt: skip
def test_what_stays_apart(text: str) -> None:
    assert breaks(text) == []


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.text(alphabet="港口，。委员会 ab", min_size=1, max_size=40), st.booleans())))
def test_every_index_is_a_line_without_a_gap(lines: list[tuple[str, bool]]) -> None:
    found = find_caseless_breaks([text for text, _ in lines], [gap for _, gap in lines], JOINING)
    assert all(0 < index < len(lines) and not lines[index][1] for index in found)
