"""Finds quantities and amounts of money in a body and gives each as a number with a unit.

Before: "$1.5 billion", "20 percent", "5 km". After: "1500000000 USD", "20 percent", "5 km".
Units are data (configs/temporal/quantities.toml). Numbers stay decimal: nothing is rounded or converted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from configs.toml import read_toml
from schemas.entities import FoundQuantity

_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f' ]\d{3})+(?:[.,]\d{1,3})?(?!\d)|\d+(?:[.,]\d{1,4})?(?!\d)"
_GROUPS = re.compile("[\u00a0\u202f' ]")


@dataclass(frozen=True, slots=True)
class QuantityRules:
    """`before` and `behind` map a written unit to its name; `multipliers` do so for a language's words ("billion": 10^9)."""

    before: Mapping[str, str]
    behind: Mapping[str, str]
    multipliers: Mapping[str, Mapping[str, int]]
    decimal_comma: frozenset[str]

    @staticmethod
    def load() -> QuantityRules:
        """The built-in units, read once a process."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> QuantityRules:
    table: Any = read_toml("temporal/quantities.toml")
    return QuantityRules(
        before={written: unit["name"] for unit in table["unit"] for written in unit.get("before", ())},
        behind={written: unit["name"] for unit in table["unit"] for written in unit.get("behind", ())},
        multipliers=table["multipliers"],
        decimal_comma=frozenset(table["decimal_comma"]["languages"]),
    )


def find_quantities(text: str, language: str, rules: QuantityRules) -> tuple[FoundQuantity, ...]:
    """The quantities of a text that have a known unit, in order, not overlapping; offsets are code points.

    `language` (BCP 47) says which words multiply and whether "1.234" is a whole number.
    """
    primary = language.split("-")[0].lower()
    multipliers = rules.multipliers.get(primary, rules.multipliers["en"])
    found: list[FoundQuantity] = []
    for match in _expression(primary).finditer(text):
        unit = rules.behind.get(match["behind"] or "") or rules.before.get(match["before"] or "")
        number = _number(match["number"], comma=primary in rules.decimal_comma)
        if unit is None or number is None:
            continue
        value = number * multipliers.get(match["many"] or "", 1)
        found.append(FoundQuantity(match.start(), match.end(), match.group(), f"{_plain(value)} {unit}"))
    return tuple(found)


@lru_cache(maxsize=32)
def _expression(language: str) -> re.Pattern[str]:
    rules = QuantityRules.load()
    many = _listed(rules.multipliers.get(language, rules.multipliers["en"]))
    space = "[ \u00a0\u202f-]?"
    tail = rf"(?:{space}(?P<many>{many})(?!\w))?(?:{space}(?:de |d'|di )?(?P<behind>{_listed(rules.behind)})(?![\w/]))?"
    return re.compile(rf"(?<![\w.,])(?:(?P<before>{_listed(rules.before)})[ \u00a0]?)?(?P<number>{_NUMBER}){tail}")


def _listed(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _number(written: str, *, comma: bool) -> Decimal | None:
    """The number as written: "1,234.5" in English is "1.234,5" in German; None where its marks fit neither."""
    digits = _GROUPS.sub("", written)
    group, point = (".", ",") if comma else (",", ".")
    if digits.count(point) > 1:
        # "1.500" in a text that writes English numbers otherwise can't be told; "1.234.567" is whole.
        digits = digits.replace(point, "")
    whole, _, part = digits.partition(point)
    if group in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole):
        # "4.5" in German, "4,5" in English: a decimal by the other mark.
        return Decimal(whole.replace(group, ".")) if whole.count(group) == 1 and not part else None
    if group in part:
        return None
    whole = whole.replace(group, "")
    return Decimal(f"{whole}.{part}" if part else whole)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
