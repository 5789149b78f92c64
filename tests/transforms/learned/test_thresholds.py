from __future__ import annotations

import copy
from typing import Any

import pytest

from configs.toml import read_toml
from schemas.errors import UsageError
from transforms.learned.thresholds import parse_thresholds, thresholds


def test_the_built_in_thresholds_are_those_of_the_file() -> None:
    document: Any = read_toml("learned.toml")
    assert thresholds().learn.edge_stories == document["learn"]["edge_stories"]
    assert thresholds().stories.same_share == document["stories"]["same_share"]


@pytest.mark.parametrize(
    ("table", "key", "value", "message"),
    [
        ("lines", "head_lines", 0, "f: lines.head_lines: 0; allowed is a whole number above 0"),
        ("lines", "head_lines", True, "f: lines.head_lines: True; allowed is a whole number above 0"),
        ("learn", "edge_share", 1.5, "f: learn.edge_share: 1.5; allowed is a number above 0, at most 1"),
        ("learn", "edge", 1, "f: learn.edge: unknown key; allowed are edge_stories, edge_share, "),
        ("apply", "max_share", None, "f: apply.max_share is missing"),
    ],
)
def test_a_mistake_is_named(table: str, key: str, value: object, message: str) -> None:
    document: Any = copy.deepcopy(read_toml("learned.toml"))
    document[table][key] = value
    if value is None:
        del document[table][key]
    with pytest.raises(UsageError) as raised:
        parse_thresholds(document, "f")
    assert str(raised.value).startswith(message)


def test_tables_are_those_that_are_known() -> None:
    document: Any = dict(read_toml("learned.toml"))
    with pytest.raises(UsageError, match=r"f: unknown table 'zebra'"):
        parse_thresholds({**document, "zebra": {}}, "f")
    with pytest.raises(UsageError, match=r"f: the table \[apply\] is missing"):
        parse_thresholds({key: value for key, value in document.items() if key != "apply"}, "f")
