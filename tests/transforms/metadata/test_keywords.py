"""Keywords among what pages state."""

from __future__ import annotations

import pytest

from schemas.records import Candidate, PageMetadata, SuppliedFields
from transforms.metadata.keywords import choose_keywords


@pytest.mark.parametrize(
    ("stated", "chosen"),
    [
        ([("harbour, ferry,  Harbour", "keywords")], ("harbour", "ferry")),
        ([("harbour", "article:tag"), ("ferry", "article:tag"), ("other", "keywords")], ("harbour", "ferry")),
        ([("null", "article:tag"), ("ferry; bridge", "keywords")], ("ferry", "bridge")),
        ([("#harbour", "keywords")], ("harbour",)),
        ([("harbour", "tags"), ("section:world", "tags"), ("Cup: the final", "tags")], ("harbour", "Cup: the final")),
        ([("港、橋", "keywords")], ("港", "橋")),
        ([("https://example.org/a", "keywords")], ()),
        ([("x" * 101, "keywords")], ()),
        ([], ()),
    ],
)
def test_keywords(stated: list[tuple[str, str]], chosen: tuple[str, ...]) -> None:
    metadata = PageMetadata(keywords=tuple(Candidate(value, source) for value, source in stated))
    assert choose_keywords(metadata, SuppliedFields()) == chosen
    assert choose_keywords(metadata, SuppliedFields(keywords=("own",))) == ("own",)


def test_at_most_a_hundred() -> None:
    metadata = PageMetadata(keywords=tuple(Candidate(f"word{number}", "tags") for number in range(200)))
    assert len(choose_keywords(metadata, SuppliedFields())) == 100
