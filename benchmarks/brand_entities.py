"""Companies, brands and public bodies as entities with aliases, from the name-suggestion-index of OpenStreetMap.

Before: `{"operator": "Elswick Fire Department", "operator:wikidata": "Q…"}`. After: one line of an alias file.

    npm pack name-suggestion-index@8.0.20260918, and its package/dist/json/nsi.min.json
    python -m benchmarks.brand_entities nsi.min.json

The index (BSD-3-Clause) has tens of thousands of names with Wikidata ids, but not how well known each is. So a name is taken only where it
can hardly mean anything else: none that two entities bear, that is a person's or a place's, or one plain word. Names of plain words only
("Best Buy" is one) count where the article speaks of business as well.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.build_entities import TARGET, write
from transforms.entities.alias_key import key_of, spellings
from transforms.entities.name_features import common_bit
from transforms.entities.name_model import NameModel
from transforms.entities.name_words import NameWords, WordClass
from transforms.entities.tokens import tokenize

_QID = re.compile("Q[1-9][0-9]{2,}")
_KEYS = ("brand", "operator", "network")
_LEFT_OUT = re.compile(
    "flags/.*|operators/(advertising|power|pipeline|man_made|route)/.*|transit/(highway|public_transport|route/(bus|trolleybus|ferry|walking_bus))(/.*)?"
    "|.*/(place_of_worship|vending_machine|recycling|parking|parcel_locker|charge_point|surveillance|toilets|totem|billboard|post_box)"
)
"""Categories whose names are of no one, of local routes, or of the owners of masts and boxes."""
_WRITTEN = re.compile("[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ0-9][A-Za-zÀ-žΑ-ωΆ-ώА-яёіїєґІЇЄҐ0-9 .,'’&+-]{2,59}")
_PRIOR = -5
"""Below the prior of every entity written by hand."""
_LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "ru")
_PEOPLE = (WordClass.GIVEN_NAME, WordClass.SURNAME, WordClass.GIVEN_OR_SURNAME)
_MIN_LETTERS, _MIN_CAPITALS = 5, 4
_BUSINESS = (
    "bank", "brand", "brands", "chain", "company", "customers", "firm", "restaurant", "retailer", "shares", "shop", "store", "stores",
)  # fmt: skip
_WELL_KNOWN = 4
"""Categories in which the index has an entity, from which on its name counts, where business is spoken of, though persons bear it."""
_CLEARLY_KNOWN = 3
"""An entity bears a name that another has too where the index has it in this many categories, and in three times as many."""
_MUNICIPAL = re.compile(
    "(City|Town|Township|Village|County|Borough|Municipality|State|Government|Department|Ministry|Commune|Office) of .*"
    "|(Ville|Mairie|Prefeitura|Secretaria|Stadt|Stad|Gemeente|Ayuntamiento|Comune|Commune|Gmina|Land|Landkreis|Kreis|Markt|Concello|Ajuntament) .*"
    "|.* (kommune?|District( [IVX]+)?|Municipality|gmina)"
)
"""Names of towns and their offices: as a rule the index has the town's own id with them."""


def brand_entities(index: Path, taken: frozenset[str]) -> list[dict[str, Any]]:
    """The entities, in order of id. `taken`: ids and keys of aliases that stand in other files and are left to them."""
    names: dict[str, Counter[str]] = {}
    bearers: dict[str, Counter[str]] = {}
    branded: set[str] = set()
    for entity_id, name, category in _stated(json.loads(index.read_text(encoding="utf-8"))["nsi"]):
        names.setdefault(entity_id, Counter())[name] += 1
        for key in _keys(name):
            bearers.setdefault(key, Counter())[entity_id] += 1
        if category.startswith("brands/"):
            branded.add(entity_id)
    words = _Words()
    found = []
    for entity_id, given in sorted(names.items()):
        if entity_id in taken:
            continue
        plain: list[object] = []
        exact: list[object] = []
        for name in given:
            keys = _keys(name)
            if keys & taken or not all(_is_clear(bearers[key], entity_id) for key in keys):
                continue
            alias = words.alias(name, public=entity_id not in branded)
            known = entity_id in branded and given[name] >= _WELL_KNOWN
            if alias is None and known and not words.are_usual(name):
                alias = {"text": name, "only_with": list(_BUSINESS)}
            if alias is not None:
                (exact if isinstance(alias, str) and name.isupper() and name.isalpha() else plain).append(alias)
        if plain or exact:
            entity: dict[str, Any] = {"id": entity_id, "type": "organization", "name": given.most_common(1)[0][0]}
            entity |= {"names": {"*": plain}} if plain else {}
            entity |= {"acronyms": {"*": exact}} if exact else {}
            entity |= {"prior": _PRIOR, "shared": "leave", "source": "name-suggestion-index", "licence": "BSD-3-Clause"}
            found.append(entity)
    return found


def _keys(name: str) -> set[str]:
    return {key_of(spelling) for spelling in spellings(name)}


def _is_clear(bearers: Counter[str], entity_id: str) -> bool:
    """Whether a name that `bearers` have means `entity_id`."""
    others = max((count for other, count in bearers.items() if other != entity_id), default=0)
    return not others or bearers[entity_id] >= _CLEARLY_KNOWN * others


def _stated(index: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Wikidata ids with the names that the index gives them and the category, in order of category."""
    for path, category in sorted(index.items()):
        if _LEFT_OUT.fullmatch(path):
            continue
        for item in category["items"]:
            tags = item["tags"]
            for key in _KEYS:
                entity_id = tags.get(f"{key}:wikidata", "")
                if not _QID.fullmatch(entity_id):
                    continue
                stated = [tags.get(key), tags.get(f"{key}:en")]
                if key == "brand":
                    stated.append(tags.get("official_name"))
                for name in stated:
                    if name and _WRITTEN.fullmatch(name) and not (_MUNICIPAL.fullmatch(name) and "School" not in name):
                        yield entity_id, " ".join(name.replace("’", "'").split()), path


class _Words:
    """What tells names of their own from words, persons and places."""

    def __init__(self) -> None:
        self.model = NameModel.load()
        self.lists = NameWords.load()

    def alias(self, name: str, *, public: bool) -> object | None:
        """`name` as an alias: a text, an object with the words it needs, or None where it may be anything."""
        words = tokenize(name).words
        owner = re.fullmatch("(.+)'s", name)
        if len(words) == 1 or (owner and len(words) == 2):
            return self._one_word(name, (owner[1] if owner else words[0]), owned=owner is not None)
        people = [word for word in words if word.capitalize() in self.lists.people]
        if len(people) == len(words) and len(words) < 4:
            return None
        if self.lists.places.countries(name) or len(name) < _MIN_LETTERS:
            return None
        usual = [self._is_usual(word) for word in words]
        if not all(known or word in people for known, word in zip(usual, words, strict=True)):
            return name
        # "Owasso Police Department", "Bank of Elswick"; not "Department of Health", which many countries have.
        own = [word for word, known in zip(words, usual, strict=True) if not known]
        if len(words) > 2 and any(word in people or self.lists.places.countries(word) for word in own):
            return name
        return None if public else {"text": name, "only_with": list(_BUSINESS)}

    def are_usual(self, name: str) -> bool:
        """Whether `name` has only usual words."""
        return all(map(self._is_usual, tokenize(name).words))

    def _one_word(self, name: str, word: str, *, owned: bool) -> object | None:
        if self.lists.classify(word.capitalize(), "en", common=False) not in (WordClass.UNKNOWN, *_PEOPLE):
            return None
        if name.isupper():
            return name if len(name) >= _MIN_CAPITALS and name.isalpha() and not self._is_usual(name) else None
        if len(word) < _MIN_LETTERS or self._is_usual(word) or self.lists.places.countries(word):
            return None
        if word.capitalize() in self.lists.people and not owned:
            return None
        return {"text": name, "only_with": list(_BUSINESS)} if word[1:].islower() or owned else name

    def _is_usual(self, word: str) -> bool:
        if not word[0].isalpha():
            return True
        bits = [common_bit(word.lower(), language) for language in _LANGUAGES]
        return any(self.model.common[bit >> 3] >> (bit & 7) & 1 for bit in bits)


def _taken() -> frozenset[str]:
    """The ids of the other files and the keys of all their aliases."""
    found: set[str] = set()
    for path in sorted(TARGET.glob("*.jsonl")):
        if path.name == "base_brands.jsonl":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            entity = json.loads(line)
            found.add(entity["id"])
            for kind in ("names", "short", "acronyms", "demonyms", "metonyms", "events"):
                for given in entity.get(kind, {}).values():
                    for alias in given:
                        found |= _keys(alias if isinstance(alias, str) else alias["text"])
    return frozenset(found)


def main(arguments: Sequence[str]) -> None:
    """Writes configs/entities/base_brands.jsonl; `arguments` is the path of nsi.min.json."""
    write("base_brands.jsonl", brand_entities(Path(arguments[0]), _taken()))


if __name__ == "__main__":
    main(sys.argv[1:])
