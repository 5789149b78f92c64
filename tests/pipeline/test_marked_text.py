"""Removals come back in their places, and nothing of the kept text is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.marked_text import MarkedLine, is_whole_line, marked_lines
from schemas.codes import Action, Category, Field, Scope
from schemas.records import Removed


def _removed(source: str, text: str, body_offset: int, seq: int = 0, field: Field = Field.BODY) -> Removed:
    start = source.index(text)
    return Removed(
        article_id="a1",
        seq=seq,
        field=field,
        start=start,
        end=start + len(text),
        text=text,
        body_offset=body_offset,
        rule_id="share.prompt",
        category=Category.SHARE,
        scope=Scope.GLOBAL,
        action=Action.REMOVED,
        language="en",
        published_month=None,
    )


def _plain(lines: tuple[MarkedLine, ...]) -> list[str]:
    return [
        ("- " if line.whole else "  ")
        + "".join(f"<{p.text}>" if p.removed and not line.whole else p.text for p in line.pieces)
        for line in lines
    ]


def test_a_removed_line_stands_between_the_lines_it_stood_between() -> None:
    source = "First one.\n\nShare\nTweet\n  \nLast one."
    body = "First one.\nLast one."
    for share_at, tweet_at in ((10, 10), (11, 11), (10, 11)):
        removed = [_removed(source, "Tweet", tweet_at, 1), _removed(source, "Share", share_at)]
        assert _plain(marked_lines(body, removed, source)) == ["  First one.", "- Share", "- Tweet", "  Last one."]


def test_removals_at_both_ends() -> None:
    source = "By Staff\nThe text.\nNA/PA"
    removed = [_removed(source, "By Staff", 0), _removed(source, "NA/PA", 9, 1)]
    assert _plain(marked_lines("The text.", removed, source)) == ["- By Staff", "  The text.", "- NA/PA"]


def test_a_stretch_inside_a_line_stays_inside() -> None:
    source = "OSLO (Example) - Rain fell. NA/PA\nIt stopped."
    body = "Rain fell.\nIt stopped."
    removed = [_removed(source, "OSLO (Example) - ", 0), _removed(source, "NA/PA", 10, 1)]
    assert _plain(marked_lines(body, removed, source)) == ["  <OSLO (Example) - >Rain fell.<NA/PA>", "  It stopped."]


def test_a_removal_may_hold_its_line_break() -> None:
    source = "One.\nShare\nTwo."
    assert _plain(marked_lines("One.\nTwo.", [_removed(source, "Share\n", 5)], source))[1].startswith("- ")
    assert is_whole_line("a\r\nShare \u2028b", 3, 8)
    assert not is_whole_line("a Share\nb", 2, 7)


def test_other_fields_and_blank_lines_are_left_out() -> None:
    source = "Head | Site\nText."
    removed = [_removed(source, " | Site", 4, field=Field.HEADLINE)]
    assert _plain(marked_lines("Text.\n\n", removed, source)) == ["  Text."]
    assert marked_lines("", [], "") == ()


def test_an_impossible_place_loses_nothing() -> None:
    source = "One.\nShare\nTwo."
    assert _plain(marked_lines("One.\nTwo.", [_removed(source, "Share", 999)], source)) == [
        "  One.",
        "  Two.",
        "- Share",
    ]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.text(alphabet="ab .\n", min_size=1, max_size=8), st.booleans()), max_size=12))
def test_kept_and_removed_characters_all_appear_in_order(parts: list[tuple[str, bool]]) -> None:
    body, source, removed = "", "", []
    for seq, (text, is_removed) in enumerate(parts):
        if is_removed:
            at = len(source)
            removed.append(replace(_removed(text, text, len(body), seq), start=at, end=at + len(text)))
        else:
            body += text
        source += text
    lines = marked_lines(body, removed, source)
    kept = "".join(piece.text for line in lines for piece in line.pieces if piece.removed is None)
    assert "".join(kept.split()) == "".join(body.split())
    assert [piece.removed for line in lines for piece in line.pieces if piece.removed] == removed
