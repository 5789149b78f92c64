"""Turns one record of another source into one line of an alias file, or says why not.

Before: a Wikidata item with labels and 57 sitelinks. After: `{"id": "Q…", "type": "person", "names": {"*": […]}, "prior": 57, …}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.entities.import_classes import Classes
from schemas.entities import EntityType
from transforms.entities.alias_entity import MAX_NAME
from transforms.entities.alias_key import key_of

_QID = re.compile(r"Q[1-9][0-9]{0,9}")
_ISO = re.compile(r"[A-Z]{2}")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&.-]{1,7}")
_SLUG = re.compile(r"\S{1,150}")
_SEPARATOR = re.compile(r"[|;]")
ANY = "*"


class SkippedError(Exception):
    """The record is none to import; the message is why, as a heading of the counts."""


class BadRecordError(Exception):
    """The record is broken; the message is why."""


def wikidata_line(item: Mapping[str, Any], classes: Classes, min_sitelinks: int) -> dict[str, Any]:
    """The line of one item of a Wikidata dump. Raises SkippedError or BadRecordError."""
    entity_id = item.get("id")
    if not isinstance(entity_id, str) or not entity_id:
        raise BadRecordError("no id")
    if not _QID.fullmatch(entity_id):
        raise SkippedError("no item")
    links = len(_table(item, "sitelinks"))
    if links < min_sitelinks:
        raise SkippedError(f"fewer than {min_sitelinks} sitelinks")
    kinds = (classes.wikidata.get(each) for each in _values(item, "P31"))
    entity_type = next((kind for kind in kinds if kind), None)
    if entity_type is None:
        raise SkippedError("no class of configs/entity_classes.toml")
    labels, aliases = _table(item, "labels"), _table(item, "aliases")
    names: dict[str, list[str]] = {}
    for language in classes.languages:
        label = _text(labels.get(language))
        others = (
            [_text(each) for each in aliases.get(language, ())] if isinstance(aliases.get(language, ()), list) else []
        )
        key = ANY if language == "en" else language
        names[key] = [*([label] if label else []), *(other for other in others if other and _tells(other, entity_type))]
    name = next(
        (each for each in (_text(labels.get(code)) for code in ("en", "mul", *classes.languages)) if each), None
    )
    if name is None:
        raise SkippedError("no label in a language that is taken")
    iso = next((code for code in _values(item, "P297") if _ISO.fullmatch(code)), None)
    return _line(entity_id, entity_type, name, names, links, "Wikidata", "CC0-1.0", iso=iso)


def followthemoney_line(record: Mapping[str, Any], classes: Classes) -> dict[str, Any]:
    """The line of one FollowTheMoney entity (OpenSanctions). Raises SkippedError or BadRecordError."""
    own_id, properties = record.get("id"), _table(record, "properties")
    if not isinstance(own_id, str) or not _SLUG.fullmatch(own_id):
        raise BadRecordError("no id")
    entity_type = classes.followthemoney.get(str(record.get("schema")))
    if entity_type is None:
        raise SkippedError("no schema of configs/entity_classes.toml")
    given = [*_list(properties, "name"), *(each for each in _list(properties, "alias") if _tells(each, entity_type))]
    name = record.get("caption") if isinstance(record.get("caption"), str) else None
    name = name or next(iter(given), None)
    if not name:
        raise BadRecordError("no name")
    wikidata = next((each for each in (*_list(properties, "wikidataId"), own_id) if _QID.fullmatch(each)), None)
    entity_id = wikidata or f"ftm:{own_id}"
    return _line(entity_id, entity_type, name, {ANY: given}, 0, "FollowTheMoney", "")


def csv_line(row: Mapping[str, str | None]) -> dict[str, Any]:
    """The line of one CSV row with the columns id, type, name, and if wanted aliases, language, prior. Raises BadRecordError."""
    cells = {
        key: (value or "").strip() for key, value in row.items() if isinstance(key, str) and not isinstance(value, list)
    }
    missing = [key for key in ("id", "type", "name") if not cells.get(key)]
    if missing:
        raise BadRecordError(f"no {missing[0]}")
    kinds = {kind.value: kind for kind in EntityType}
    if cells["type"] not in kinds:
        raise BadRecordError(f"type {cells['type']!r} is none of {', '.join(kinds)}")
    prior = cells.get("prior") or "0"
    if not re.fullmatch(r"-?[0-9]{1,6}", prior):
        raise BadRecordError(f"prior {prior!r} is no whole number")
    names = [cells["name"], *(each.strip() for each in _SEPARATOR.split(cells.get("aliases", "")))]
    return _line(
        cells["id"], kinds[cells["type"]], cells["name"], {cells.get("language") or ANY: names}, int(prior), "CSV", ""
    )


def _line(
    entity_id: str,
    kind: EntityType,
    name: str,
    names: Mapping[str, list[str]],
    prior: int,
    source: str,
    licence: str,
    *,
    iso: str | None = None,
) -> dict[str, Any]:
    kept: dict[str, list[str]] = {}
    acronyms: dict[str, list[str]] = {}
    anywhere: set[str] = set()
    for language, given in names.items():
        for each in dict.fromkeys(_usable(given)):
            if each in anywhere:
                continue
            if language == ANY:
                anywhere.add(each)
            (acronyms if _ACRONYM.fullmatch(each) else kept).setdefault(language, []).append(each)
    if not kept and not acronyms:
        raise BadRecordError("no name that can be matched")
    line: dict[str, Any] = {"id": entity_id, "type": kind.value, "name": " ".join(name.split())}
    line.update({key: value for key, value in (("names", kept), ("acronyms", acronyms), ("iso", iso)) if value})
    line.update({"prior": prior, "shared": "leave", "source": source})
    return {**line, "licence": licence} if licence else line


def _usable(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        plain = " ".join(name.split())
        if len(plain) <= MAX_NAME and plain.isprintable() and len(key_of(plain).strip()) > 1:
            yield plain


def _tells(alias: str, kind: EntityType) -> bool:
    """Whether an alias besides the label says enough alone: of a person only one of several words."""
    return kind is not EntityType.PERSON or " " in alias or not alias.isascii()


def _values(item: Mapping[str, Any], claim: str) -> list[str]:
    """The ids or texts that the item's statements of one property name."""
    found: list[str] = []
    for statement in _table(item, "claims").get(claim, ()):
        try:
            value = statement["mainsnak"]["datavalue"]["value"]
        except (KeyError, TypeError):
            continue
        found.append(
            value if isinstance(value, str) else str(value.get("id", "")) if isinstance(value, Mapping) else ""
        )
    return found


def _table(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    # A dump writes an empty table as an empty list.
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    text = value.get("value") if isinstance(value, Mapping) else None
    return text if isinstance(text, str) and text.strip() else None
