"""The reviewed lists behind publisher, section, keywords and lead image, from configs/described.toml.

Before: `[section] nothing = ["Uncategorized"]`. After: `"uncategorized" in DescribedRules.load().no_section`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from configs.toml import read_toml, text_list


@dataclass(frozen=True, slots=True)
class DescribedRules:
    """Folded values that name nothing, marks between keywords, words of pictures that aren't the article's, and the order of
    a picture's sources."""

    no_publisher: frozenset[str]
    no_section: frozenset[str]
    no_keyword: frozenset[str]
    keyword_marks: tuple[str, ...]
    other_image_words: frozenset[str]
    image_sources: tuple[str, ...]

    @staticmethod
    def load() -> DescribedRules:
        """The built-in lists, read once a process."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> DescribedRules:
    document: Any = read_toml("described.toml")

    def nothing(field: str) -> frozenset[str]:
        return frozenset(value.casefold() for value in text_list(document[field], "nothing"))

    return DescribedRules(
        no_publisher=nothing("publisher"),
        no_section=nothing("section"),
        no_keyword=nothing("keywords"),
        keyword_marks=text_list(document["keywords"], "marks"),
        other_image_words=frozenset(text_list(document["image"], "other_words")),
        image_sources=text_list(document["image"], "sources"),
    )
