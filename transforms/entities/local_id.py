"""Gives a name that no list knows an identity: a pure function of the name, so that no run needs to ask another.

Before: "Sergey Shoigu", "SERGEI SHOYGU", "Сергей Шойгу"  After: "local:sergei-shoigu" for all three.

Only spellings that are surely one name give one id: case, accents, hyphens, y and i, doubled letters, Cyrillic and Greek
letters, and the lists of `[spellings]` in configs/name_keys.toml. The scheme is frozen: an id once written stays what it is. Were
a rule here ever to change, ids of the new scheme must begin "local:2:" instead.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from schemas.entities import EntityType
from transforms.entities.name_rules import NameRules, respell
from transforms.entities.person_words import person_words

PREFIX = "local:"
_SPELLED = re.compile("[a-zA-Z\u00c0-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1fff]")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_WORD = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"the[\s]+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile("['’]s?$")


def local_id(name: str, entity_type: EntityType = EntityType.PERSON) -> str:
    """ "local:" and the name's slug: words of letters and digits with "-" between; "" where the name has neither.

    Persons' spellings are folded as this module says; for other types only case, accents, hyphens, "the" and a possessive are.
    Names in scripts that can't be spelled in Latin letters without losing what parts them (Chinese, Arabic …) keep theirs.
    """
    return _local_id(name, entity_type is EntityType.PERSON)


@lru_cache(maxsize=16384)
def _local_id(name: str, person: bool) -> str:
    text = unicodedata.normalize("NFKC", name).strip()
    if not text.isascii() and not all(_SPELLED.match(letter) for letter in _LETTER.findall(text)):
        slug = _NOT_WORD.sub("-", unicodedata.normalize("NFKC", text.casefold())).strip("-")
        return PREFIX + slug if slug else ""
    if person:
        parts = (*spelled_words(text), person_words(text).suffix)
        if parts[0]:
            return PREFIX + "-".join(part for part in parts if part)
    plain = anyascii(_POSSESSIVE.sub("", _ARTICLE.sub("", text, count=1))).replace("'", "").replace(".", "")
    slug = _NOT_WORD.sub("-", plain.lower().replace("&", " and ")).strip("-")
    return PREFIX + slug if slug else ""


@lru_cache(maxsize=16384)
def spelled_words(name: str) -> tuple[str, ...]:
    """The words of a person's name in the spelling that ids have; empty where it has no letter."""
    return tuple(_fold(word) for word in person_words(_POSSESSIVE.sub("", name)).plain)


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    """One word of a person's name in the form that its id has."""
    rules = NameRules.load()
    form = rules.spellings.get(word)
    if form is not None:
        return form
    folded = respell(word, rules.id_spelling)
    return _folded_spellings().get(folded, folded)


@lru_cache(maxsize=1)
def _folded_spellings() -> dict[str, str]:
    """The listed spellings as they look after the rules, for words the lists don't have letter by letter."""
    rules = NameRules.load()
    return {respell(word, rules.id_spelling): form for word, form in rules.spellings.items()}
