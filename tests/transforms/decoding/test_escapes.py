from __future__ import annotations

import pytest

from transforms.decoding.escapes import read_escapes


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"First line.\nSecond line.\nThird line.", "First line.\nSecond line.\nThird line."),
        (r"One.\r\n\r\nTwo.\r\n\r\nThree.", "One.\r\n\r\nTwo.\r\n\r\nThree."),
        (r"She said \"no\".\n\tThe caf\u00e9 and 1\/2.\nEnd.", 'She said "no".\n\tThe café and 1/2.\nEnd.'),
        (r"A smile \ud83d\ude00.\nAnd half of one \ud83d.\nEnd.", "A smile 😀.\nAnd half of one �.\nEnd."),
        (r"第一段。\n第二段。\n第三段。", "第一段。\n第二段。\n第三段。"),
    ],
)
def test_a_text_that_was_never_read_is_read(text: str, read: str) -> None:
    assert read_escapes(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "Line breaks are here.\nSo a \\n is meant.\\nReally.",
        r"The file lay in C:\new\notes\next on the old computer.",
        r"One \n only.",
        r"A backslash \ and \t stand here.",
    ],
)
def test_other_backslashes_stay(text: str) -> None:
    assert read_escapes(text) is text
