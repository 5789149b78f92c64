"""The reviewed tables behind dates: order of numeric dates, zones, month names, confidences, from configs/metadata.toml.

Before: `[dates.zones] EST = -5.0`. After: `DateRules.load().offset("EST") == timedelta(hours=-5)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from configs.toml import read_toml

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+\-−])(\d{1,2}):?(\d{2})?")


@dataclass(frozen=True, slots=True)
class DateRules:
    """Confidences are shares from 0 to 1; `zones` maps an abbreviation to hours east of Greenwich."""

    first_year: int
    last_year: int
    month_first: frozenset[str]
    confidence: dict[str, float]
    certainty: dict[str, float]
    fallback_languages: tuple[str, ...]
    months: dict[str, int]
    zones: dict[str, float]

    @staticmethod
    def load() -> DateRules:
        """The built-in tables, read once a process."""
        return _load()

    def month(self, name: str) -> int | None:
        """1 to 12 for an English month name or its abbreviation of three or more letters ("Sept")."""
        return self.months.get(name.lower().rstrip("."))

    def offset(self, zone: str | None) -> timedelta:
        """Distance from UTC of "Z", "+01:00", "GMT+1" or a known abbreviation; zero for none and for unknown ones."""
        if not zone:
            return timedelta(0)
        match = _OFFSET.fullmatch(zone.strip())
        if match:
            distance = timedelta(hours=min(int(match[2]), 15), minutes=int(match[3] or 0))
            return distance if match[1] == "+" else -distance
        return timedelta(hours=self.zones.get(zone.upper(), 0.0))

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
        month_first=frozenset(table["month_first"]),
        confidence=table["confidence"],
        certainty=table["certainty"],
        fallback_languages=tuple(table["fallback"]["languages"]),
        months=months,
        zones=table["zones"],
    )
