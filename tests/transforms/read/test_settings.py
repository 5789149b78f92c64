from __future__ import annotations

import pytest

from schemas.errors import UsageError
from transforms.read.settings import ReadSettings


@pytest.mark.parametrize(
    "wrong",
    [{"max_file_bytes": 0}, {"max_record_bytes": -1}, {"max_ratio": 0.5}, {"csv_delimiter": "::"}, {"csv_quote": ""}],
)
def test_unusable_values_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=f"input.{next(iter(wrong))} is"):
        ReadSettings(**wrong)  # type: ignore[arg-type]


def test_defaults() -> None:
    assert ReadSettings().max_record_bytes == 32 * 1024 * 1024
