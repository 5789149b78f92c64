"""Knows the news agencies of the world by their names, abbreviations and names in other scripts.

Before: "All Content by Mehr News Agency is licensed …"  After: `Agency("Mehr News Agency", "Mehr News Agency", None)`.
The list is configs/agencies.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_toml, text_list
from schemas.records import Agency
from transforms.fold import fold_line

_MAX_TEXT = 4000
"""Characters of a text in which agencies are looked for; credit lines are far shorter."""
_SUFFIX = re.compile(r"(?:^the )|(?:'s)?(?: (?:news agency|news service|news|agency|agencies|wire|english))$|'s$")
_AROUND = " ()[]/–—-"
_MAX_CREDIT = 120
"""Characters: a longer line is a sentence, not a credit."""
_BETWEEN = re.compile(
    r"\s*[/,&+;|:•·]\s*|\s+[–—-]{1,2}\s+|\s+(?:and|und|et|y|e|ve|och|og|en|и|via|with|with agencies|mit|avec|con)\s+"
)
# Codes of desks ("NA/PA"), and lines that state rights or dates: there abbreviations are parts of addresses and numbers.
_CODES = re.compile(r"\s*[A-Z]{1,3}(?:/[A-Z]{1,3})+/?\s*")
_STATEMENT = re.compile(r"©|\(c\)|copyright|licen[cs]|rights|\d", re.IGNORECASE)
_SET_OFF = re.compile(
    r"[(\[]([^()\[\]]{2,60})[)\]]|(?:^|\s)[–—-]{1,2} ?([^()–—]{2,30})$|(?:copyright|©|\(c\))\s+(?:\d{4},?\s+)?(\w{2,12}(?:/\w{2,12})?)\W*$",
    re.IGNORECASE,
)
# In running text a short all-capitals alias must be written in capitals: "ANSA", not "ansa".
_CAPITALS = re.compile(r"[A-Z][A-Z.\-]{1,7}")


class KnownAgency(NamedTuple):
    """Canonical name, Wikidata id, country (ISO 3166-1 alpha-2)."""

    name: str
    wikidata_id: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class AgencyRules:
    """The agencies, ready to look up. Keys are folded names; `text_pattern` finds the unambiguous names in a text.

    `lower_case` are the names that agencies themselves write in small letters ("dpa").
    """

    by_name: Mapping[str, KnownAgency]
    lower_case: frozenset[str]
    text_pattern: re.Pattern[str]

    @staticmethod
    def load() -> AgencyRules:
        """The built-in list (cached)."""
        return _load()


def find_agency(as_written: str, rules: AgencyRules | None = None) -> Agency | None:
    """The agency that `as_written` names as a whole, by any of its names, else None.

    Meant for what stands in a dateline's brackets or alone in a sign-off, so that "AP" and "AA" count too. Several names
    ("AFP/Reuters", "AP, dpa") give the first that is known.
    """
    loaded = rules or AgencyRules.load()
    text = as_written.strip(_AROUND)
    return next((agency for _, part in _parts(text) if (agency := _agency_called(part, loaded)) is not None), None)


def _agency_called(written: str, rules: AgencyRules) -> Agency | None:
    text = written.strip(_AROUND)
    folded = fold_line(text)
    for key in (folded, _SUFFIX.sub("", folded)):
        known = rules.by_name.get(key)
        if known is not None:
            return Agency(known.name, text, known.wikidata_id)
    return None


def agencies_in(text: str, rules: AgencyRules | None = None) -> tuple[Agency, ...]:
    """Every agency that a byline, credit, sign-off or licence line names, each once, in order of appearance.

    Ambiguous abbreviations ("AP", "PA", "AA") count only where a whole part of the line is nothing else: a part between
    brackets, after a dash or a copyright sign, or in a credit ("Jane Roe, AP", "Photo: AP", "AFP via Example Images")
    between marks. So "NA/PA" and "© Example Media, Lancaster, PA" name nobody.
    """
    loaded = rules or AgencyRules.load()
    text = text[:_MAX_TEXT]
    found: dict[str, tuple[int, Agency]] = {}

    def add(agency: Agency | None, start: int) -> None:
        if agency is not None and (agency.name not in found or start < found[agency.name][0]):
            found[agency.name] = (start, agency)

    if not _CODES.fullmatch(text) and not _STATEMENT.search(text):
        for start, part in _parts(text):
            add(_agency_called(part, loaded), start)
    for match in loaded.text_pattern.finditer(text):
        known = loaded.by_name.get(fold_line(match.group()))
        if known is not None:
            add(Agency(known.name, match.group(), known.wikidata_id), match.start())
    for match in _SET_OFF.finditer(text):
        group = next(index for index, value in enumerate(match.groups(), 1) if value)
        for start, part in _parts(match.group(group)):
            add(_agency_called(part, loaded), match.start(group) + start)
    return tuple(agency for _, agency in sorted(found.values(), key=lambda item: (item[0], item[1].name)))


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a credit between its marks and joining words, with their offsets; the whole is one too."""
    if len(text) <= _MAX_CREDIT:
        yield 0, text
        start = 0
        for mark in _BETWEEN.finditer(text):
            if start < mark.start():
                yield start, text[start : mark.start()]
            start = mark.end()
        if 0 < start < len(text):
            yield start, text[start:]


@lru_cache(maxsize=1)
def _load() -> AgencyRules:
    by_name: dict[str, KnownAgency] = {}
    in_text: set[str] = set()
    by_written: set[str] = set()
    entries = read_toml("agencies.toml")["agency"]
    assert isinstance(entries, list)
    for entry in entries:
        known = KnownAgency(entry["name"], entry.get("wikidata"), entry.get("country"))
        clear = (entry["name"], *text_list(entry, "aliases"))
        for name in (*clear, *text_list(entry, "marked")):
            by_name.setdefault(fold_line(name), known)
            by_written.add(name)
        in_text.update(clear)
    ordered = sorted(in_text, key=lambda name: (-len(name), name))
    capitals = [name for name in ordered if _CAPITALS.fullmatch(name)]
    others = [name for name in ordered if not _CAPITALS.fullmatch(name)]
    pattern = "|".join(re.escape(name).replace("\\ ", r"\s+").replace("'", "['’]") for name in (*others, *capitals))
    # Names are matched as written (case counts): "Trend" and "Mehr" are agencies, "mehr" is German for more.
    lower_case = frozenset(name for name in by_written if name.islower() and name.isascii())
    return AgencyRules(by_name, lower_case, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"))
