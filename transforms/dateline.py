"""Takes the dateline off an article's first paragraph, and tells its country.

Before: "LONDON, March 3 (Reuters) - Talks resumed …"  After: place "LONDON", agency "Reuters", date "March 3", and the
offset of "Talks". What datelines look like is `transforms.dateline_forms`; the lists of well-known places, regions, months
and words that are no places are configs/datelines.toml; other places come from `transforms.gazetteer`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from schemas.records import Dateline
from transforms.agencies import AgencyRules, find_agency
from transforms.dateline_forms import AGENCY_GROUPS, dateline_forms
from transforms.fold import fold_characters
from transforms.gazetteer import Gazetteer, fold_place

_MAX_DATELINE = 140
"""Characters: no dateline is longer."""
# A capital, then words without any mark up to a longer one in lower case, and the next: a sentence, so nothing else needs
# to be tried. Names of places hold no such words.
_SENTENCE = re.compile("[A-ZÀ-ÖØ-ÞА-ЯЁ][A-Za-zÀ-ÖØ-öø-ſА-яЁё' ]{,60}? [a-zß-öø-ÿа-яё]{4,} ")
# What every dateline has one of, save some in Chinese, Japanese and Korean.
_MARK = re.compile(r"[-:/|(\[]|[A-Z]{3}\. ")
_SPACED_DASH = re.compile(r" -{1,3} +$")
_WORDS_OF_DATE = re.compile(r"[^\W\d_]{2,}")
_LAST_OF_DATE = re.compile(r"(\w+)[.,]$")
_DATE_PARTICLES = frozenset(("de", "st", "nd", "rd", "th", "er"))


@dataclass(frozen=True, slots=True)
class DatelineRules:
    """Country by folded name of a well-known place, countries by folded region (the likeliest first), words that are no
    places and such that only places begin with, folded names of months and weekdays, the forms of a dateline, and the
    gazetteer."""

    countries: Mapping[str, str]
    stop_words: frozenset[str]
    place_words: frozenset[str]
    regions: Mapping[str, tuple[str, ...]]
    date_words: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    gazetteer: Gazetteer

    @staticmethod
    def load() -> DatelineRules:
        """The built-in list (cached)."""
        return _load()

    def countries_of(self, place: str) -> tuple[str, ...]:
        """The countries in which a place of this name lies, the likeliest first."""
        known = self.countries.get(fold_place(place))
        others = self.gazetteer.countries(place)
        return (known, *(country for country in others if country != known)) if known else others


def find_dateline(paragraph: str, rules: DatelineRules | None = None) -> tuple[Dateline, int] | None:
    """The dateline that `paragraph` starts with and the offset (code points) of the text after it; None without one.

    A place in upper case or a known one needs a dash (or a colon, or a full stop) after it. A place in upper case without
    an agency counts only if it is well known, or listed (or reads like a place), no listed word, and followed by a spaced
    dash; a place in mixed case always needs an agency that is known. "(Reuters) - " without a place is a dateline with an
    empty place.
    """
    loaded = rules or DatelineRules.load()
    indent = len(paragraph) - len(paragraph.lstrip())
    head = fold_characters(paragraph[indent : indent + _MAX_DATELINE])
    if _SENTENCE.match(head) or (head.isascii() and not _MARK.search(head)):
        return None
    for pattern in loaded.patterns:
        found = pattern.match(head)
        if found is None or not head[found.end() : found.end() + 1]:
            continue  # nothing after it: a line of its own is no dateline
        accept = _accept_east_asian if "east_asian" in pattern.groupindex else _accept
        parts = accept(found, head, loaded)
        if parts is not None:
            written = paragraph[indent:]  # folding changes Arabic letters, so everything is taken as it stands
            place, agency, date = (" ".join(written[start:end].split()) for start, end in parts)
            return (
                Dateline(written[: found.end()].rstrip(), place, agency or None, date or None),
                indent + found.end(),
            )
    return None


def dateline_country(place: str, rules: DatelineRules | None = None) -> str | None:
    """The country (ISO 3166-1 alpha-2) of a dateline's place, or None where it isn't known.

    Of several places ("KYIV/MOSCOW") the first counts. A region decides before the city ("PARIS, Texas"); where it lies in
    several countries ("Georgia"), the one that has a city of that name. Else the likeliest: the best known, then the most
    populous.
    """
    loaded = rules or DatelineRules.load()
    whole = loaded.countries.get(fold_place(place))
    if whole is not None:
        return whole
    city, _, region = place.partition(",")
    cities = loaded.countries_of(re.split(r"\s*[/·、]\s*", city.strip())[0])
    if region.strip():
        around = loaded.regions.get(fold_place(region)) or loaded.gazetteer.countries(region)
        if around:
            return next((country for country in around if country in cities), around[0])
    return next(iter(cities or loaded.regions.get(fold_place(city), ())), None)


_Parts = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Where place (with its region), agency and date stand in the text; (0, 0) for none."""


def _span(found: re.Match[str], *names: str) -> tuple[int, int]:
    groups = found.groupdict()
    name = next((name for name in names if groups.get(name)), None)
    return found.span(name) if name else (0, 0)


def _accept(found: re.Match[str], head: str, rules: DatelineRules) -> _Parts | None:
    """Place, agency and date of a match that really is a dateline."""
    groups = found.groupdict()
    agency_span, date_span = _span(found, *AGENCY_GROUPS), _date_span(found)
    agency, date = head[slice(*agency_span)].strip(), head[slice(*date_span)]
    if date and not _is_date(date, rules):
        return None
    known_agency = _is_agency(agency)
    if agency and not known_agency and not re.fullmatch(r"[A-Z][\w .&'\-]{1,30}", agency):
        return None
    mark = (groups.get("mark") or "").strip()
    if "place" not in groups:
        return ((0, 0), agency_span, date_span) if known_agency and mark not in (":", ".") else None
    place_span = _place_span(found)
    if not _is_set_off(found, head, rules, known_agency=known_agency):
        return None
    return (place_span, agency_span, date_span) if _is_place(found, head, rules, known_agency=known_agency) else None


def _is_agency(written: str) -> bool:
    """Whether an agency writes its name so: "dpa", but not "beta" for the agency Beta."""
    agencies = AgencyRules.load()
    if not written or find_agency(written, agencies) is None:
        return False
    latin = re.findall(r"[A-Za-z]+", written)
    return not latin or not written.islower() or any(word in agencies.lower_case for word in latin)


def _date_span(found: re.Match[str]) -> tuple[int, int]:
    """Where the date stands, without a full stop that ends it but not an abbreviation."""
    start, end = _span(found, "date")
    last = _LAST_OF_DATE.search(found.string, start, end)
    if last and (last.group(1).isdigit() or (len(last.group(1)) >= 4 and last.group(1).casefold() != "sept")):
        end -= 1
    return start, end


def _place_span(found: re.Match[str]) -> tuple[int, int]:
    start, end = found.span("place")
    if found.groupdict().get("region"):
        return start, found.end("region")
    # "КИЇВ. 3 березня": the full stop is no part of the name; that of "St." is followed by a word.
    return start, end - 1 if found.string[end - 1] == "." and len(found.group("place")) > 4 else end


def _is_date(date: str, rules: DatelineRules) -> bool:
    return all(fold_place(word) in rules.date_words or word in _DATE_PARTICLES for word in _WORDS_OF_DATE.findall(date))


def _is_set_off(found: re.Match[str], head: str, rules: DatelineRules, *, known_agency: bool) -> bool:
    """Whether the mark after the dateline, or what sets off its agency, is one that datelines have."""
    groups = found.groupdict()
    place, mark = groups["place"], (groups.get("mark") or "").strip()
    following = head[found.end() : found.end() + 1]
    upper = place == place.upper()
    familiar = _is_familiar(place, rules)
    if mark == ":" and not (
        familiar and not following.islower() and ((upper and not groups.get("region")) or known_agency)
    ):
        return False  # a colon follows many words: "OPINION: …"
    if mark == "." and not known_agency:
        # "KÖLN. Die …"; not "LONDON. PARIS. MILAN."
        rest = head[found.end() :].split(" ", 1)[0]
        cased = place != place.lower()
        if not (
            familiar and upper and cased and not groups.get("region") and rest != rest.upper() and rest[:1].isupper()
        ):
            return False
    if groups.get("slashed"):
        return known_agency or bool(groups.get("date"))
    if any(groups.get(name) for name in ("piped", "dashed", "comma")):
        return known_agency
    # "New Delhi, Mar 3 (PTI) Talks resumed": without a dash all else must be certain.
    return bool(mark) or (known_agency and (bool(groups.get("date")) or familiar))


def _is_familiar(place: str, rules: DatelineRules) -> bool:
    return fold_place(place) in rules.countries or fold_place(place.split("/")[0]) in rules.countries


def _is_place(found: re.Match[str], head: str, rules: DatelineRules, *, known_agency: bool) -> bool:
    """Whether what stands in the place's position is one."""
    groups = found.groupdict()
    place, region = groups["place"], groups.get("region")
    agency = next((groups[name] for name in AGENCY_GROUPS if groups.get(name)), None)
    following, rest = head[found.end() : found.end() + 1], head[found.end() :]
    familiar = _is_familiar(place, rules)
    if not familiar and _is_listed_word(place, rules):
        return False
    if place == place.upper():
        if familiar:
            # "ROME - the city, not the empire - was quiet": an aside is closed by a second dash.
            return known_agency or not (following.islower() and " - " in rest)
        if agency is not None:
            return known_agency or len(place) > 2
        return _may_stand_alone(found, place, region, following, rules)
    # In mixed case only an agency makes it certain: "Berlin (dpa) - ", not "Paris - the city of light - was".
    capitalised = all(word[0].isupper() for word in re.split(r"[ /-]", place) if len(word) > 3)
    placed = familiar or (region is not None and fold_place(region) in rules.regions)
    if known_agency or not capitalised or not placed:
        return known_agency and capitalised
    # "Baghdad (Example.com) - Talks", "Nairobi - Talks resumed" and "Elswick, Ill. - Talks"
    return _SPACED_DASH.search(found.group()) is not None and following.isupper() and " - " not in rest


def _is_listed_word(place: str, rules: DatelineRules) -> bool:
    """Whether the words that are no places hold this one or, unless a list of places has it, its first word."""
    if place.upper() in rules.stop_words:
        return True
    first = place.split()[0].upper().rstrip(".")
    return first in rules.stop_words and not rules.countries_of(place) and fold_place(place) not in rules.regions


def _may_stand_alone(
    found: re.Match[str], place: str, region: str | None, following: str, rules: DatelineRules
) -> bool:
    """Whether an upper-case opening without agency, which isn't well known, is a place: "SVALMARK - ", not "AI - the"."""
    if following.islower() or _SPACED_DASH.search(found.group()) is None:
        return False
    # The words of a list can be names of places too ("READING"), so it was asked before.
    if rules.gazetteer.countries(place):
        return True
    if place == place.lower():
        return False  # a script without capitals: any word looks like this
    if region is not None and (fold_place(region) in rules.regions or rules.gazetteer.countries(region)):
        return True
    words = place.split()
    if found.groupdict().get("date"):
        return len(words) <= 3
    # Abbreviations have few letters or no vowel; two words may be anybody's name.
    letters = re.sub(r"[\W\d_]", "", place)
    vowels = sum(character in "AEIOUYАЕИОУЫЭЮЯ" for character in fold_place(place).upper())
    shaped = len(letters) >= 5 and vowels >= 2 and len(words) <= 2
    return shaped and (len(words) == 1 or words[0].rstrip(".") in rules.place_words)


def _accept_east_asian(found: re.Match[str], head: str, rules: DatelineRules) -> _Parts | None:
    """Place, agency and date of a Chinese, Japanese or Korean dateline; their marks ("电", "=") are certain enough, save
    that brackets may hold anything: there the agency must be known, or the place where a reporter's name follows it."""
    groups = found.groupdict()
    place_span, agency_span, date_span = _span(found, "place"), _span(found, *AGENCY_GROUPS), _span(found, "date")
    if groups.get("joined"):
        return _split_joined(found, head, rules)
    if groups.get("reporter"):
        return (place_span, (0, 0), (0, 0)) if rules.countries_of(groups["place"]) else None
    agency = head[slice(*agency_span)]
    if found.group()[0] in "[【［(" and (not agency or find_agency(agency, AgencyRules.load()) is None):
        return None
    return place_span, agency_span, date_span


def _split_joined(found: re.Match[str], head: str, rules: DatelineRules) -> _Parts | None:
    """Parts of "記者王小明台北" (reporter, place) and "ニューヨーク共同" (place, agency), by the places that are known."""
    start, end = found.span("joined")
    cuts = range(start, end)
    if found.groupdict().get("agency"):
        if find_agency(found.group("agency"), AgencyRules.load()) is None:
            return None
        place = next((cut for cut in cuts if end - cut >= 2 and rules.countries_of(head[cut:end])), end)
        return ((place, end) if place < end else (0, 0), _span(found, "agency"), _span(found, "date"))
    for cut in cuts[2:]:
        if find_agency(head[cut:end], AgencyRules.load()) is not None and rules.countries_of(head[start:cut]):
            return (start, cut), (cut, end), (0, 0)
    return None


@lru_cache(maxsize=1)
def _load() -> DatelineRules:
    document = read_toml("datelines.toml")
    places, regions, months = document["places"], document["regions"], read_toml("months.toml")["names"]
    assert isinstance(places, dict)
    assert isinstance(regions, dict)
    assert isinstance(months, dict)
    countries: dict[str, str] = {}
    for country in sorted(places):
        for name in text_list(places, country):
            countries.setdefault(fold_place(name), country)
    by_region: dict[str, tuple[str, ...]] = {}
    for country in regions:  # as in the file: where two have a region of the same name, the likelier stands first
        for name in text_list(regions, country):
            folded = fold_place(name)
            by_region[folded] = (*by_region.get(folded, ()), country)
    weekdays = text_list(document, "weekdays")
    named = (name for year in months.values() for month in year for name in month)
    return DatelineRules(
        countries=countries,
        stop_words=frozenset(word.upper() for word in text_list(document, "stop_words")),
        place_words=frozenset(text_list(document, "place_words")),
        regions=by_region,
        date_words=frozenset(fold_place(word) for word in (*text_list(document, "months"), *named, *weekdays)),
        patterns=dateline_forms(weekdays, (name for country in regions for name in text_list(regions, country))),
        gazetteer=Gazetteer.load(),
    )
