"""Takes the dateline off an article's first paragraph.

Before: "LONDON, March 3 (Reuters) - Talks resumed …"  After: place "LONDON", agency "Reuters", date "March 3", and the
offset of "Talks". Forms follow the style books of the agencies: PLACE, Region, date (Agency) dash; PLACE, date. /Agency/.
The list of places, regions, months and words that are no places is configs/datelines.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from schemas.records import Dateline
from transforms.agencies import AgencyRules, find_agency
from transforms.fold import fold_characters

_MAX_DATELINE = 140
"""Characters: no dateline is longer."""
_LETTER = r"[^\W\d_]"
_UPPER_WORD = rf"(?:{_LETTER}\.)*{_LETTER}[^\W\d_'.’\-]*(?:['’.\-]{_LETTER}*)*\.?"
_PLACE = rf"(?P<place>{_UPPER_WORD}(?:[ /]{{1,2}}{_UPPER_WORD}){{0,5}})"
_NAME = r"[^()\[\]/\n]{2,40}(?:/[^()\[\]/\n]{2,30})?"
_DASH = r" ?(?P<mark>\.?-{1,3}|:)"


@dataclass(frozen=True, slots=True)
class DatelineRules:
    """Country by folded place name and by folded region, words that are no places, and the expressions for a dateline."""

    countries: Mapping[str, str]
    stop_words: frozenset[str]
    regions: Mapping[str, str]
    pattern: re.Pattern[str]
    agency_only: re.Pattern[str]

    @staticmethod
    def load() -> DatelineRules:
        """The built-in list (cached)."""
        return _load()


def find_dateline(paragraph: str, rules: DatelineRules | None = None) -> tuple[Dateline, int] | None:
    """The dateline that `paragraph` starts with and the offset (code points) of the text after it; None without one.

    A place in upper case or a known one needs a dash (or a colon, or a full stop after an agency between slashes) after
    it. A place in upper case that is not known counts without an agency only if it is no listed word, no abbreviation
    and followed by a spaced dash; a place in mixed case always needs an agency that is known. "(Reuters) - " without a
    place is a dateline with an empty place.
    """
    loaded = rules or DatelineRules.load()
    indent = len(paragraph) - len(paragraph.lstrip())
    head = fold_characters(paragraph[indent : indent + _MAX_DATELINE])
    for pattern in (loaded.pattern, loaded.agency_only):
        found = pattern.match(head)
        if found is not None:
            dateline = _accept(found, head, loaded)
            if dateline is not None:
                place, agency, date = dateline
                end = indent + found.end()
                text = paragraph[indent:end].rstrip()
                start = indent + found.start("place") if "place" in pattern.groupindex else indent
                stop = (
                    indent
                    + (found.end("region") if found.groupdict().get("region") else found.start("place") + len(place))
                    if place
                    else start
                )
                as_written = " ".join(paragraph[start:stop].split())
                return Dateline(text=text, place=as_written, agency=agency, date=date), end
    return None


def dateline_country(place: str, rules: DatelineRules | None = None) -> str | None:
    """The country (ISO 3166-1 alpha-2) of a dateline's place, or None where it isn't in the list.

    Of several places ("KYIV/MOSCOW") the first counts; a region ("ST. PETERSBURG, Fla.") decides before the city.
    """
    loaded = rules or DatelineRules.load()
    whole = loaded.countries.get(_fold_place(place))
    if whole is not None:
        return whole
    city, _, region = place.partition(",")
    if region.strip():
        return loaded.regions.get(_fold_place(region)) or loaded.countries.get(_fold_place(city))
    return loaded.countries.get(_fold_place(re.split(r"\s*/\s*", place)[0]))


def _accept(found: re.Match[str], head: str, rules: DatelineRules) -> tuple[str, str | None, str | None] | None:
    """Place, agency and date of a match that really is a dateline."""
    groups = found.groupdict()
    slashed = groups.get("slashed")
    agency, date = groups.get("agency") or slashed, groups.get("date")
    following = head[found.end() : found.end() + 1]
    if not following:
        return None  # nothing after it: a line of its own is no dateline
    known_agency = agency is not None and find_agency(agency, AgencyRules.load()) is not None
    if agency is not None and not known_agency and not re.fullmatch(r"[A-Z][\w .&'\-]{1,30}", agency):
        return None
    if "place" not in groups:
        return ("", agency, date) if known_agency and groups["mark"] != ":" else None
    place, region = groups["place"], groups.get("region")
    known = _fold_place(place) in rules.countries or _fold_place(place.split("/")[0]) in rules.countries
    upper = place == place.upper() and place != place.lower()
    uncased = place == place.upper() and place == place.lower()
    if groups["mark"] == ":" and not (known and (upper or known_agency)):
        return None  # a colon follows many words: "OPINION: …"
    if slashed is not None and not known_agency:
        return None
    words = place.split()
    if not known and (place.upper() in rules.stop_words or words[0].upper().rstrip(".") in rules.stop_words):
        return None
    if upper or uncased:
        if known:
            return place, agency, date
        if agency is not None:
            return (place, agency, date) if known_agency or len(place) > 2 else None
        return (
            (place, None, date)
            if upper and _may_be_unknown_place(found, place, region, date, following, rules)
            else None
        )
    if agency is not None and agency.islower() and not agency.startswith(("dpa", "epd")):
        return None  # "Custom Voice (beta) – …"
    # In mixed case only an agency makes it certain: "Berlin (dpa) - ", not "Paris - the city of light - was".
    capitalised = all(word[0].isupper() for word in re.split(r"[ /-]", place) if len(word) > 3)
    return (place, agency, date) if known_agency and capitalised else None


def _may_be_unknown_place(
    found: re.Match[str], place: str, region: str | None, date: str | None, following: str, rules: DatelineRules
) -> bool:
    """Whether an upper-case opening without agency that no list knows reads like a place: "QUSRA – ", not "AI - the"."""
    letters = re.sub(r"[\W\d_]", "", place)
    if region is not None and (_fold_place(region) in rules.regions or date is not None):
        return True
    # What follows starts a sentence; abbreviations have few letters or no vowel.
    spaced_dash = re.search(r" -{1,3} +$", found.group()) is not None
    vowels = sum(character in "AEIOUYАЕИОУЫЭЮЯ" for character in _fold_place(place).upper())
    sentence = following.isupper() or following in "\"'"
    return spaced_dash and sentence and len(letters) >= 5 and vowels >= 2 and len(place.split()) <= 3


@lru_cache(maxsize=4096)
def _fold_place(place: str) -> str:
    folded = unicodedata.normalize("NFKD", fold_characters(place).casefold())
    letters = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(letters.replace(".", " ").replace(",", " ").replace("\u0131", "i").split())


@lru_cache(maxsize=1)
def _load() -> DatelineRules:
    document = read_toml("datelines.toml")
    places = document["places"]
    assert isinstance(places, dict)
    countries: dict[str, str] = {}
    for country in sorted(places):
        for name in text_list(places, country):
            countries.setdefault(_fold_place(name), country)
    regions = document["regions"]
    assert isinstance(regions, dict)
    by_region = {_fold_place(name): country for country in sorted(regions) for name in text_list(regions, country)}
    region_names = [name for country in sorted(regions) for name in text_list(regions, country)]
    months = "|".join(month.replace(".?", r"\.?") for month in text_list(document, "months"))
    weekdays = "|".join(text_list(document, "weekdays"))
    day = r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?"
    date = (
        rf"(?P<date>(?:(?:{weekdays}),? )?(?:(?i:{months}) {day}|{day} (?:de )?(?i:{months})|\d{{1,2}}[./]\d{{1,2}})"
        rf"(?:,? ?\d{{4}})?|(?:{weekdays})|\d{{1,2}}月\d{{1,2}}日)\.?"
    )
    lead = r"(?:\(?(?:UPDATE|REFILE|CORRECTED|WRAPUP|RECAST) ?\d? ?- ?)?"
    by = rf"(?:(?:By|BY) {_UPPER_WORD}(?: {_UPPER_WORD}){{1,3}},? )?"
    written_regions = "|".join(
        re.escape(region) for region in sorted(region_names, key=lambda name: (-len(name), name))
    )
    region = rf"(?:, ?(?P<region>(?:{written_regions})(?=[ ,(\-])|{_UPPER_WORD}(?: {_UPPER_WORD}){{0,2}}))?"
    opening = rf"{lead}{by}{_PLACE}{region}(?:(?:,| -|\.)? ?{date},?|,)?"
    late_date = rf"(?:,? ?{date.replace('?P<date>', '?:')},?)?"
    bracketed = rf"(?: ?[(\[] ?(?P<agency>{_NAME}) ?[)\]])?{late_date}{_DASH}"
    slashed = rf"\.? ?/(?P<slashed>{_NAME})/\.?(?: ?-{{1,3}})?"
    return DatelineRules(
        countries=countries,
        stop_words=frozenset(word.upper() for word in text_list(document, "stop_words")),
        regions=by_region,
        pattern=re.compile(rf"{opening}(?:{bracketed}|{slashed}) *"),
        agency_only=re.compile(rf"[(\[](?P<agency>[^()\[\]\n]{{2,40}})[)\]]{_DASH} *"),
    )
