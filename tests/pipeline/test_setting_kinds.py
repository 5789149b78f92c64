"""Each kind takes what it allows, from TOML and from text, and refuses the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.setting_kinds import AUTO, Character, Choice, Duration, Folders, Kind, Number, Switch, Value, Whole, Words

WHOLE = Whole(1, 64)
SHARE = Number(0, 1)
QUOTES = Choice(("keep", "ascii"))
TIME = Duration(0.1, 86_400)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (WHOLE, 1, 1),
        (WHOLE, 64, 64),
        (Whole(1, 64, auto=True), "auto", AUTO),
        (Whole(1, 64, auto=True), 2, 2),
        (SHARE, 0, 0.0),
        (SHARE, 0.25, 0.25),
        (QUOTES, "ascii", "ascii"),
        (TIME, "30s", 30.0),
        (TIME, "1.5 m", 90.0),
        (TIME, "500ms", 0.5),
        (TIME, "1d", 86_400.0),
        (TIME, "2", 2.0),
        (TIME, 3, 3.0),
        (Switch(), False, False),
        (Words(), ["a", "b c"], ("a", "b c")),
        (Words(), [], ()),
        (Character(), ";", ";"),
        (Character(optional=True), "", ""),
    ],
)
def test_check_takes(kind: Kind, value: object, expected: Value) -> None:
    taken = kind.check(value)
    assert taken == expected
    assert type(taken) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WHOLE, 0),
        (WHOLE, 65),
        (WHOLE, 2.0),
        (WHOLE, True),
        (WHOLE, "2"),
        (SHARE, 1.01),
        (SHARE, float("nan")),
        (SHARE, float("inf")),
        (SHARE, True),
        (QUOTES, "Keep"),
        (TIME, "30 seconds"),
        (TIME, "s"),
        (TIME, "-1s"),
        (TIME, "25h"),
        (TIME, "0s"),
        (TIME, True),
        (QUOTES, 1),
        (Switch(), 1),
        (Switch(), "true"),
        (Words(), "a"),
        (Words(), ["a", 1]),
        (Words(), ["a", " "]),
        (Character(), ""),
        (Character(), "ab"),
    ],
)
def test_check_refuses(kind: Kind, value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is made by the caller
        kind.check(value)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (WHOLE, " 12 ", 12),
        (SHARE, "0.05", 0.05),
        (SHARE, "1", 1.0),
        (QUOTES, "keep", "keep"),
        (Switch(), "TRUE", True),
        (Switch(), "false", False),
        (Words(), "body, full text ,", ("body", "full text")),
        (Words(), "", ()),
        (Character(), "\t", "\t"),
    ],
)
def test_parse_takes(kind: Kind, text: str, expected: Value) -> None:
    assert kind.parse(text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (WHOLE, ""),
        (WHOLE, "-1"),
        (WHOLE, "1_0"),
        (WHOLE, "١"),
        (WHOLE, "9" * 5000),
        (SHARE, "nan"),
        (SHARE, "half"),
        (Switch(), "yes"),
        (QUOTES, ""),
    ],
)
def test_parse_refuses(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        kind.parse(text)


def test_folders_are_relative_to_where_they_were_named(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    assert Folders().under(tmp_path, ("rules",)) == (str(tmp_path / "rules"),)
    with pytest.raises(ValueError, match="nothing"):
        Folders().under(tmp_path, ("nothing",))
