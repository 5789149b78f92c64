from __future__ import annotations

import pytest

from transforms.cleaning.required_text import required_texts


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(?:subscribe|sign up) +(?:to|for) +our +newsletters?", (" our newsletter",)),
        (r"\d+ comments?", (" comment",)),
        ("[•* ]*(?:Tweet|SHARE)[.! ]*", ("share", "tweet")),
        ("(?:read|x)", None),
        ("(?:read)?", None),
        (r"\w+", None),
        ("(?:more){1,2}", ("more",)),
        ("(?<=a)click(?=b)", ("click",)),
    ],
)
def test_what_every_match_contains(pattern: str, texts: tuple[str, ...] | None) -> None:
    assert required_texts(pattern) == texts
