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
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670"
"""Accents and Arabic vowel signs that stand as characters of their own: they belong to the word."""
_INNER = rf"(?:{_LETTER}|[{_MARKS}])"
_UPPER_WORD = rf"(?:{_LETTER}\.)*{_LETTER}{_INNER}*(?:['’.\-]{_INNER}*)*\.?"
_PLACE = rf"(?P<place>{_UPPER_WORD}(?:[ /]{{1,2}}{_UPPER_WORD}){{0,5}})"
_NAME = r"[^()\[\]/\n]{2,40}(?:/[^()\[\]/\n]{2,30})?"
# A capital, then words without any mark up to a longer one in lower case, and the next: a sentence, so nothing else needs
# to be tried. Names of places hold no such words.
_SENTENCE = re.compile("[A-ZÀ-ÖØ-ÞА-ЯЁ][A-Za-zÀ-ÖØ-öø-ſА-яЁё' ]{,60}? [a-zß-öø-ÿа-яё]{4,} ")
# What every dateline has one of, save some in Chinese, Japanese and Korean.
_MARK = re.compile(r"[-:/|(\[]")
_DASH = r" ?(?P<mark>\.?-{1,3}|:)"
_AGENCY_GROUPS = ("agency", "slashed", "piped", "dashed")
_HAN = "\u3400-\u9fff"
_EAST_ASIAN_DATE = r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)"
_EAST_ASIAN = (
    # 新华社北京3月3日电（记者李明） · 本报东京3月3日讯 · 本报讯
    rf"(?P<east_asian>(?:本报|本報|本网|本網|本台)|(?P<agency>[{_HAN}]{{2,6}}?(?:社|网|網|台)))"
    rf"(?:(?P<place>[{_HAN}]{{2,8}}?) ?(?:{_EAST_ASIAN_DATE}|(?=[电電]))|{_EAST_ASIAN_DATE.replace('?P<date>', '?:')})?"
    rf" ?[电電讯訊](?: ?\([^()]{{2,60}}\))? *:? *",
    # 【ロイター】 · [東京 3日 ロイター] - · (台北3日電)
    rf"(?P<east_asian>[\[［【])(?:(?P<place>[{_HAN}\u30a0-\u30ff]{{1,12}}) {_EAST_ASIAN_DATE} )?(?P<agency>[^\[\]［］【】 ]{{2,20}})[\]］】] *(?:-+ *)?",
    # (서울=연합뉴스) 김민수 기자 =
    r"[(\[](?P<east_asian>(?P<place>[\uac00-\ud7a3]{2,10}(?:[·,/][\uac00-\ud7a3]{2,10}){0,3}))=(?P<agency>[^()\[\]=\n]{2,20})[)\]]"
    r" *(?:[\uac00-\ud7a3·, ]{2,40}기자 *= *)?",
)
"""Datelines in Chinese, Japanese and Korean. Before the date stand agency and place without a space between them."""


@dataclass(frozen=True, slots=True)
class DatelineRules:
    """Country by folded place name and by folded region, words that are no places, and the expressions for a dateline."""

    countries: Mapping[str, str]
    stop_words: frozenset[str]
    regions: Mapping[str, str]
    patterns: tuple[re.Pattern[str], ...]

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
    if _SENTENCE.match(head) or (head.isascii() and not _MARK.search(head)):
        return None
    for pattern in loaded.patterns:
        found = pattern.match(head)
        if found is None:
            continue
        accept = _accept_east_asian if "east_asian" in pattern.groupindex else _accept
        dateline = accept(found, head, loaded)
        if dateline is not None:
            place, agency, date = dateline
            groups = found.groupdict()
            start = found.start("place") if place else 0
            stop = (found.end("region") if groups.get("region") else start + len(place)) if place else 0
            written = paragraph[indent:]  # folding changes Arabic letters, so everything is taken as it stands
            if agency is not None:
                key = next(key for key in _AGENCY_GROUPS if groups.get(key))
                agency = written[found.start(key) : found.end(key)].strip()
            as_written = " ".join(written[start:stop].split())
            return Dateline(written[: found.end()].rstrip(), as_written, agency, date), indent + found.end()
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
    agency = next((groups[key] for key in _AGENCY_GROUPS if groups.get(key)), None)
    date, mark = groups.get("date"), groups.get("mark") or ""
    following = head[found.end() : found.end() + 1]
    if not following:
        return None  # nothing after it: a line of its own is no dateline
    known_agency = agency is not None and find_agency(agency, AgencyRules.load()) is not None
    if agency is not None and not known_agency and not re.fullmatch(r"[A-Z][\w .&'\-]{1,30}", agency):
        return None
    if "place" not in groups:
        return ("", agency, date) if known_agency and mark != ":" else None
    place, region = groups["place"], groups.get("region")
    known = _fold_place(place) in rules.countries or _fold_place(place.split("/")[0]) in rules.countries
    upper = place == place.upper() and place != place.lower()
    uncased = place == place.upper() and place == place.lower()
    if mark == ":" and not (known and (upper or known_agency)):
        return None  # a colon follows many words: "OPINION: …"
    if groups.get("slashed") and not (known_agency or date):
        return None
    if (groups.get("piped") or groups.get("dashed")) and not known_agency:
        return None
    if not mark and not groups.get("slashed") and not groups.get("piped") and not (known_agency and date):
        return None  # "New Delhi, Mar 3 (PTI) Talks resumed": without a dash all else must be certain
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
    if known and capitalised and not known_agency:
        # "Baghdad (Example.com) - Talks" and "Nairobi - Talks resumed"; an aside is closed by a second dash.
        rest = head[found.end() :]
        spaced_dash = re.search(r" -{1,3} +$", found.group()) is not None
        return (place, agency, date) if spaced_dash and following.isupper() and " - " not in rest else None
    return (place, agency, date) if known_agency and capitalised else None


def _accept_east_asian(
    found: re.Match[str], head: str, rules: DatelineRules
) -> tuple[str, str | None, str | None] | None:
    """Place, agency and date of a Chinese, Japanese or Korean dateline; their marks ("电", "=", brackets) are certain
    enough, save that brackets may hold anything: there the agency must be known."""
    groups = found.groupdict()
    if not head[found.end() : found.end() + 1]:
        return None
    agency = next((groups[key] for key in _AGENCY_GROUPS if groups.get(key)), None)
    if found.group()[0] in "[【［(" and (agency is None or find_agency(agency, AgencyRules.load()) is None):
        return None
    return groups.get("place") or "", agency, groups.get("date")


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
    letters = "".join(character for character in folded if not unicodedata.combining(character)).replace("\u0640", "")
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
    # "Paris, France | AFP | ", "موسكو - تاس: "
    set_off = r" ?(?:\| ?(?P<piped>[^()\[\]/|\n]{2,30}?) ?\| ?|-{1,2} ?(?P<dashed>[^()\[\]/|:\n-]{2,25}?) ?(?P<mark>:|-{1,2}))"
    no_dash = rf" ?\((?P<agency>{_NAME})\)(?= [^\W\d_a-z])"
    any_date = date.replace("?P<date>", "?:")
    return DatelineRules(
        countries=countries,
        stop_words=frozenset(word.upper() for word in text_list(document, "stop_words")),
        regions=by_region,
        patterns=tuple(
            re.compile(expression)
            for expression in (
                rf"{opening}{set_off} *",
                rf"{opening}(?:{bracketed}|{slashed}) *",
                rf"{opening}{no_dash} *",
                rf"(?:{any_date},? ?)?[(\[](?P<agency>[^()\[\]\n]{{2,40}})[)\]]{_DASH} *",
                *_EAST_ASIAN,
            )
        ),
    )
