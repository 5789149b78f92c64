from __future__ import annotations

import pytest

from transforms.read.unicode import wide_charset


@pytest.mark.parametrize(
    "text",
    [
        "The harbour reopened today.",
        "<html>",
        "Порт снова открыт, сообщила газета.\n",
        "港口城市周一启用了新码头。 市长说 30 亿元。\n",
    ],
)
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_without_a_mark(text: str, charset: str) -> None:
    assert wide_charset(text.encode(charset)) == charset


def test_with_a_mark_and_without_either() -> None:
    assert wide_charset("Hafen".encode("utf-16")) == "utf-16"
    assert wide_charset("Hafen".encode("utf-32")) == "utf-32"
    assert wide_charset(b"The harbour") is None
    assert wide_charset(b"The har\0bour reopened today") is None
    assert wide_charset(bytes(range(256)) * 4) is None
    assert wide_charset(b"\0" * 400) is None
