"""The reviewed tables behind dates: order of numeric dates, English month names, confidences, from configs/metadata.toml.

Before: `[dates.months] names = ["january", …]`. After: `DateRules.load().month("Sept.") == 9`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from configs.toml import read_toml


@dataclass(frozen=True, slots=True)
class DateRules:
    """Confidences are shares from 0 to 1: by kind of source, by place (`places`) and what others say
    (`agreement`), by the way a date is written (`certainty`)."""

    first_year: int
    last_year: int
    last_year_without_fetch: int
    month_first: frozenset[str]
    least: float
    general_names: frozenset[str]
    confidence: dict[str, float]
    places: dict[str, float]
    agreement: dict[str, float]
    certainty: dict[str, float]
    fallback_languages: tuple[str, ...]
    months: dict[str, int]

    @staticmethod
    def load() -> DateRules:
        """The built-in tables, read once a process."""
        return _load()

    def month(self, name: str) -> int | None:
        """1 to 12 for an English month name or its abbreviation of three or more letters ("Sept")."""
        return self.months.get(name.lower().rstrip("."))

    def is_month_first(self, language: str | None) -> bool:
        """Whether 03/04/2021 is 4 March in this language or, where the tag names one, this region."""
        tag = (language or "en").lower().replace("_", "-")
        return tag in self.month_first


@lru_cache(maxsize=1)
def _load() -> DateRules:
    table: Any = read_toml("metadata.toml")["dates"]
    months: dict[str, int] = {}
    for number, name in enumerate(table["months"]["names"], start=1):
        for length in range(3, len(name) + 1):
            # "sept" and "sep", but not "septe".
            if length in (3, len(name)) or name[:length] == "sept":
                months[name[:length]] = number
    return DateRules(
        first_year=table["first_year"],
        last_year=table["last_year"],
        last_year_without_fetch=table["last_year_without_fetch"],
        month_first=frozenset(table["month_first"]),
        least=table["least"],
        general_names=frozenset(table["general_names"]),
        confidence=table["confidence"],
        places=table["places"],
        agreement=table["agreement"],
        certainty=table["certainty"],
        fallback_languages=tuple(table["fallback"]["languages"]),
        months=months,
    )
