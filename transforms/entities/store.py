"""The compiled aliases: what a name can mean.

Before: the key "un ". After: the readings "United Nations, acronym, written UN" and whatever else is called so.
The tries are mapped into memory, whose pages the workers of a machine share; the records behind them are read where they lie and the
most used ones kept. Opening reads the manifest only.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import weakref
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files as package_files
from pathlib import Path

import marisa_trie

from schemas.entities import AliasKind, Entity, EntityType
from schemas.errors import UsageError
from transforms.entities.alias_key import key_of
from transforms.entities.store_format import (
    ALIASES,
    FILES,
    FIRST,
    FORMAT,
    LOWER,
    MANIFEST,
    PERSON_LISTS,
    PERSONS,
    PLACE,
    READING,
    READINGS,
    TEXT,
    Reading,
)

_CACHED = 8192
"""Entities, readings and texts kept decoded, of each: a run names a few thousand."""
_PAIR = struct.Struct("<II")
_METONYM = tuple(AliasKind).index(AliasKind.METONYM)


_CONFIGS = "configs:"
"""What stands before a folder inside the package `configs`, wherever that is installed."""


def sent_as(folder: Path) -> str:
    """How a worker is told of a store's folder: the built-in one by its place in the package, which another machine may have
    installed elsewhere, any other by its path.

    Before: `/opt/venv/lib/python3.12/site-packages/configs/entities/compiled`. After: `configs:entities/compiled`.
    """
    package = Path(str(package_files("configs")))
    return f"{_CONFIGS}{folder.relative_to(package).as_posix()}" if folder.is_relative_to(package) else str(folder)


def _found(folder: Path | str) -> Path:
    name = str(folder)
    if name.startswith(_CONFIGS):
        return Path(str(package_files("configs"))) / name.removeprefix(_CONFIGS)
    return Path(folder)


class AliasStore:
    """A store in `folder`; made by `open`. Pickled as its folder, so a worker opens its own."""

    def __init__(self, folder: Path, manifest: Mapping[str, object]) -> None:
        self.folder = folder
        self.sha256 = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
        """Identity of the store: equal for equal content."""
        languages = manifest["languages"]
        longest = manifest["longest"]
        assert isinstance(languages, list)
        assert isinstance(longest, int)
        self.languages: dict[str, int] = {language: index for index, language in enumerate(languages)}
        self.longest = longest
        """Characters of the longest key."""
        self.aliases = marisa_trie.Trie().mmap(str(folder / ALIASES))
        self.lower = marisa_trie.Trie().mmap(str(folder / LOWER))
        self._persons = marisa_trie.Trie().mmap(str(folder / PERSONS))
        self._first = _File(folder / FIRST)
        self._records = _File(folder / READINGS)
        self._lists = _File(folder / PERSON_LISTS)
        self._texts = _File(folder / TEXT)
        # On the object, not the class: the cache goes when the store goes.
        self.entity = lru_cache(maxsize=_CACHED)(self._entity)
        self.readings = lru_cache(maxsize=_CACHED)(self._readings)
        self.text = lru_cache(maxsize=_CACHED)(self._text)
        self.words = lru_cache(maxsize=_CACHED)(self._words)

    @staticmethod
    def open(folder: Path | str) -> AliasStore:
        """The store in `folder`. Raises UsageError where it is none, of another format, or cut short."""
        place = _found(folder)
        try:
            manifest = json.loads((place / MANIFEST).read_bytes())
            if manifest["format"] != FORMAT:
                raise UsageError(f"{place}: an alias store of format {manifest['format']}; this version reads {FORMAT}")
            for name in FILES:
                size = (place / name).stat().st_size
                if size != manifest["files"][name]["bytes"]:
                    raise UsageError(
                        f"{place / name}: {size} bytes, but the manifest says {manifest['files'][name]['bytes']}"
                    )
            return AliasStore(place, manifest)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{place}: no alias store; `copydesk entities build` makes one ({error})") from error

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return AliasStore.open, (sent_as(self.folder),)

    def _readings(self, number: int) -> tuple[Reading, ...]:
        """What the alias of this number in the trie can mean; names before acronyms before other kinds (cached as `readings`)."""
        first, end = _PAIR.unpack(self._first.read(number * PLACE.size, _PAIR.size))
        records = self._records.read(first * READING.size, (end - first) * READING.size)
        return tuple(map(Reading._make, READING.iter_unpack(records)))

    def readings_of(self, name: str) -> tuple[Reading, ...]:
        """What a name can mean, whatever its case; empty if nothing."""
        number = self.aliases.get(key_of(name))
        return () if number is None else self.readings(number)

    def by_name_key(self, key: str) -> tuple[Entity, ...]:
        """The persons with a full name of this spelling key (`name_key`), sorted by id."""
        number = self._persons.get(key)
        if number is None:
            return ()
        places = self.text(PLACE.unpack(self._lists.read(number * PLACE.size, PLACE.size))[0])
        return tuple(self.entity(int(place)) for place in places.split())

    def metonym(self, name: str) -> Entity | None:
        """What `name` stands for by metonymy ("Washington" → the United States), if one thing only."""
        found = {reading.entity for reading in self.readings_of(name) if reading.kind == _METONYM}
        return self.entity(found.pop()) if len(found) == 1 else None

    def _text(self, place: int) -> str:
        """The text at a place that a reading names (cached as `text`)."""
        size = PLACE.unpack(self._texts.read(place, PLACE.size))[0]
        return self._texts.read(place + PLACE.size, size).decode()

    def check(self) -> list[str]:
        """The files whose content is not what the manifest says."""
        stated = json.loads((self.folder / MANIFEST).read_bytes())["files"]
        return [
            name
            for name in FILES
            if hashlib.sha256((self.folder / name).read_bytes()).hexdigest() != stated[name]["sha256"]
        ]

    def _entity(self, place: int) -> Entity:
        """The entity at a reading's place (cached as `entity`)."""
        entity_id, name, entity_type, wikidata_id, iso_code = self.text(place).split("\t")
        return Entity(entity_id, name, EntityType(entity_type), wikidata_id or None, iso_code or None)

    def _words(self, place: int) -> tuple[str, ...]:
        """The folded words and phrases at a reading's place (cached as `words`)."""
        text = self.text(place)
        return tuple(text.split("\n")) if text else ()


class _File:
    """A file that is read in places. Not mapped: for a few places the kernel may map all of a large file, which counts as memory."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, place: int, size: int) -> bytes:
        return os.pread(self._descriptor, size, place)
