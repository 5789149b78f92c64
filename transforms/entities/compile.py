"""Compiles the entities of alias files into the files of a store, which any number of workers map into memory.

Before: entities with their aliases. After: seven files and a manifest, as `store_format` describes them; the same entities give the
same bytes, in whatever order they come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from schemas.entities import AliasKind, EntityType
from transforms.entities.alias_entity import ANY_LANGUAGE, AliasEntity, Case
from transforms.entities.alias_key import exact_form, key_of, spellings
from transforms.entities.shared_aliases import Bearer, Clash, clashes
from transforms.entities.store_format import (
    ALIASES,
    ANY_CASE,
    COMMA,
    EXACT_CASE,
    FILES,
    FIRST,
    FORMAT,
    LITERAL,
    LOWER,
    MANIFEST,
    NO_DAY,
    PERSON_LISTS,
    PERSONS,
    PLACE,
    READING,
    READINGS,
    SHORT,
    TEXT,
    TITLE_CASE,
    Reading,
)
from transforms.entities.tokens import tokenize

_CASES = {Case.ANY: ANY_CASE, Case.TITLE: TITLE_CASE, Case.EXACT: EXACT_CASE}
_KINDS = tuple(AliasKind)
_MAX_CAPITALS = 32
"""Tokens of an alias whose capitals are checked: the bits of a reading."""


class Source(NamedTuple):
    """An alias file that went in: its name and the SHA-256 of its content."""

    name: str
    sha256: str


class Compiled(NamedTuple):
    """The bytes of a store by file name, and the aliases that were left undecided because their entities ask for that."""

    files: Mapping[str, bytes]
    left: int


class _Entry(NamedTuple):
    """One spelling of an alias with its key."""

    key: str
    spelling: str
    bearer: Bearer


class _Texts:
    """The blob of texts that is being written; each text stands in it once. Place 0 holds the empty text."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self._places: dict[str, int] = {}
        self.place("")

    def place(self, text: str) -> int:
        if text not in self._places:
            content = text.encode()
            self._places[text] = len(self.blob)
            self.blob += PLACE.pack(len(content)) + content
        return self._places[text]


def compile_store(
    entities: Iterable[AliasEntity], sources: Sequence[Source] = (), *, name_key: Callable[[str], str] | None = None
) -> tuple[Compiled, tuple[Clash, ...]]:
    """The store's files, and the shared aliases that nothing decides; a caller refuses the store where there are any.

    `name_key` gives the spelling key of a person's name, under which `AliasStore.by_name_key` finds it; without it none is found.
    """
    ordered = sorted(entities, key=lambda entity: entity.id)
    by_key: dict[str, list[_Entry]] = {}
    for entry in _entries(ordered):
        by_key.setdefault(entry.key, []).append(entry)
    refused: dict[tuple[str, str], Clash] = {}
    left: set[str] = set()
    for key, entries in by_key.items():
        if len(entries) > 1:
            for clash in clashes([entry.bearer for entry in entries]):
                if clash.one.entity.leaves_shared or clash.other.entity.leaves_shared:
                    left.add(key)
                else:
                    refused.setdefault((clash.one.entity.id, clash.other.entity.id), clash)
    files = _files(ordered, by_key, name_key)
    files[MANIFEST] = _manifest(ordered, by_key, sources, files)
    return Compiled(files, len(left)), tuple(refused.values())


def write_store(compiled: Compiled, folder: Path) -> None:
    """Writes the files into `folder`, which is made if need be; the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, MANIFEST):
        (folder / name).write_bytes(compiled.files[name])


def _entries(entities: Sequence[AliasEntity]) -> Iterator[_Entry]:
    for entity in entities:
        seen: set[tuple[object, ...]] = set()
        for alias in entity.aliases:
            for spelling in spellings(alias.text):
                key = key_of(spelling)
                form = exact_form(tokenize(spelling).words)
                if (key, form, alias[1:]) not in seen:
                    seen.add((key, form, alias[1:]))
                    yield _Entry(key, spelling, Bearer(alias, entity))


def _languages(by_key: Mapping[str, Sequence[_Entry]]) -> list[str]:
    found = {entry.bearer.alias.language for entries in by_key.values() for entry in entries} - {ANY_LANGUAGE}
    return [ANY_LANGUAGE, *sorted(found)]


def _files(
    entities: Sequence[AliasEntity],
    by_key: Mapping[str, Sequence[_Entry]],
    name_key: Callable[[str], str] | None,
) -> dict[str, bytes]:
    languages = {language: index for index, language in enumerate(_languages(by_key))}
    texts = _Texts()
    places = {entity.id: texts.place(_entity_text(entity)) for entity in entities}
    trie = marisa_trie.Trie(sorted(by_key))
    by_number = sorted((trie[key], key) for key in by_key)
    first, readings = bytearray(), bytearray()
    for _, key in by_number:
        first += PLACE.pack(len(readings) // READING.size)
        records = {_reading(entry, places, languages, texts) for entry in by_key[key]}
        for record in sorted(records, key=lambda record: (record.kind, record)):
            readings += READING.pack(*record)
    first += PLACE.pack(len(readings) // READING.size)
    persons = _persons(entities, places, name_key)
    person_trie = marisa_trie.Trie(sorted(persons))
    lists = bytearray()
    for _, key in sorted((person_trie[key], key) for key in persons):
        lists += PLACE.pack(texts.place(" ".join(map(str, persons[key]))))
    lower = {key.split(" ", 1)[0] for key, entries in by_key.items() if any(map(_begins_small, entries))}
    return {
        ALIASES: trie.tobytes(),
        FIRST: bytes(first),
        READINGS: bytes(readings),
        LOWER: marisa_trie.Trie(sorted(lower)).tobytes(),
        PERSONS: person_trie.tobytes(),
        PERSON_LISTS: bytes(lists),
        TEXT: bytes(texts.blob),
    }


def _entity_text(entity: AliasEntity) -> str:
    return "\t".join((entity.id, entity.name, entity.type.value, entity.wikidata_id or "", entity.iso_code or ""))


def _begins_small(entry: _Entry) -> bool:
    """Whether the text may have the first token in small letters."""
    word = tokenize(entry.spelling).words[0]
    return entry.bearer.alias.case is Case.ANY or word[0].islower()


def _reading(entry: _Entry, places: Mapping[str, int], languages: Mapping[str, int], texts: _Texts) -> Reading:
    alias, entity = entry.bearer
    words = tokenize(entry.spelling).words
    literal = (
        all(len(word) == 1 or word.isdigit() for word in words) and not entry.spelling.isalnum() and len(words) > 1
    )
    case = _CASES[alias.case]
    if (
        case == TITLE_CASE
        and words[0][0].islower()
        and any(not word.islower() and word[1:] != word[1:].lower() for word in words)
    ):
        case = EXACT_CASE  # "iPhone" would else be found as "iphone".
    capitals = sum(1 << index for index, word in enumerate(words[:_MAX_CAPITALS]) if word[0].isupper())
    form = ""
    if literal:
        form = entry.spelling
    elif case == EXACT_CASE:
        form = exact_form(words)
    return Reading(
        entity=places[entity.id],
        capitals=capitals,
        kind=_KINDS.index(alias.kind),
        flags=case | SHORT * alias.short | COMMA * ("," in entry.spelling) | LITERAL * literal,
        language=languages[alias.language],
        prior=alias.prior,
        first=alias.valid.first.toordinal() if alias.valid.first else NO_DAY,
        last=alias.valid.last.toordinal() if alias.valid.last else NO_DAY,
        context=texts.place("\n".join(alias.context)),
        only_with=texts.place("\n".join(alias.only_with)),
        form=texts.place(form),
    )


def _persons(
    entities: Sequence[AliasEntity], places: Mapping[str, int], name_key: Callable[[str], str] | None
) -> dict[str, list[int]]:
    """Spelling key → places of the persons who bear such a full name."""
    found: dict[str, list[int]] = {}
    for entity in entities if name_key else ():
        if entity.type is EntityType.PERSON and name_key:
            full = (alias.text for alias in entity.aliases if alias.kind is AliasKind.NAME and not alias.short)
            for key in {name_key(text) for text in (entity.name, *full) if len(tokenize(text).words) > 1}:
                if key:
                    found.setdefault(key, []).append(places[entity.id])
    return found


def _manifest(
    entities: Sequence[AliasEntity],
    by_key: Mapping[str, Sequence[_Entry]],
    sources: Sequence[Source],
    files: Mapping[str, bytes],
) -> bytes:
    document = {
        "format": FORMAT,
        "entities": len(entities),
        "aliases": len(by_key),
        "readings": len(files[READINGS]) // READING.size,
        "longest": max(map(len, by_key), default=0),
        "languages": _languages(by_key),
        "licences": sorted({entity.licence for entity in entities if entity.licence}),
        "sources": [{"name": source.name, "sha256": source.sha256} for source in sources],
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
