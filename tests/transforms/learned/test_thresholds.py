from __future__ import annotations

from typing import Any

import pytest

from configs.toml import read_text, read_toml
from schemas.errors import UsageError
from transforms.learned.thresholds import parse_thresholds, thresholds


def test_the_built_in_thresholds_are_those_of_the_file() -> None:
    document: Any = read_toml("learned.toml")
    assert thresholds().learn.edge_stories == document["learn"]["edge_stories"]
    assert thresholds().stories.same_share == document["stories"]["same_share"]


def test_a_mistake_is_named() -> None:
    with pytest.raises(UsageError, match=r"f: learn.edge: unknown key; allowed are anywhere_share, "):
        parse_thresholds(read_text("learned.toml").replace("[learn]", "[learn]\nedge = 1"), "f")
