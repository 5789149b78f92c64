"""Knows the news agencies of the world by their names, abbreviations and names in other scripts.

Before: "All Content by Mehr News Agency is licensed …"  After: `Agency("Mehr News Agency", "Mehr News Agency", None)`.
The list is configs/agencies.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from configs.toml import read_toml, text_list
from schemas.records import Agency
from transforms.fold import fold_line

_MAX_TEXT = 4000
"""Characters of a text in which agencies are looked for; credit lines are far shorter."""
_SUFFIX = re.compile(r"(?:^the )|(?:'s)?(?: (?:news agency|news service|news|agency|agencies|wire|english))$|'s$")
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
    known = (rules or AgencyRules.load()).by_name
    text = as_written.strip(" ()[]/–—-")
    if not text or len(text) > 120:
        return None
    for part in (text, *re.split(r"\s*[/,&+;|]\s*|\s+and\s+", text)):
        folded = fold_line(part)
        for key in (folded, _SUFFIX.sub("", folded)):
            if key in known:
                return Agency(known[key].name, part.strip(), known[key].wikidata_id)
    return None


def agencies_in(text: str, rules: AgencyRules | None = None) -> tuple[Agency, ...]:
    """Every agency that a licence, credit or sign-off line names, each once, in order of appearance.

    Ambiguous abbreviations ("AP", "PA", "AA") count only where the whole line, or a bracketed or dashed part of it, is
    nothing else: so "NA/PA" names nobody.
    """
    loaded = rules or AgencyRules.load()
    text = text[:_MAX_TEXT]
    found: dict[str, tuple[int, Agency]] = {}
    whole = find_agency(text, loaded)
    if whole is not None and not re.fullmatch(r"\s*[A-Z]{1,3}(?:/[A-Z]{1,3})+/?\s*", text):
        found[whole.name] = (text.find(whole.as_written), whole)
    for match in loaded.text_pattern.finditer(text):
        as_written = match.group()
        known = loaded.by_name.get(fold_line(as_written))
        if known is not None and known.name not in found:
            found[known.name] = (match.start(), Agency(known.name, as_written, known.wikidata_id))
    for match in re.finditer(
        r"[(\[]([^()\[\]]{2,60})[)\]]|(?:^|\s)[–—-]{1,2} ?([^()–—]{2,30})$|(?:copyright|©)\s+(\w{2,12})$", text, re.I
    ):
        inner = next(group for group in match.groups() if group)
        for part in re.split(r"\s*[/,&+;|]\s*|\s+and\s+", inner):
            agency = find_agency(part, loaded)
            if agency is not None and agency.name not in found:
                found[agency.name] = (match.start(), agency)
    return tuple(agency for _, agency in sorted(found.values(), key=lambda item: (item[0], item[1].name)))


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
