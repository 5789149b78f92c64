"""The files of a compiled alias store and their records, which `compile` writes and `store` reads.

`aliases.marisa`  a trie of keys ("united nations "); each has a number
`first.bin`       uint32 by number: its first reading; one more at the end
`readings.bin`    `READING` records, the readings of one key side by side
`lower.marisa`    a trie of the first tokens of aliases that may begin in small letters
`persons.marisa`  a trie of the spelling keys of persons' names (`name_key`); each has a number
`persons.bin`     uint32 by number: the place in `text.bin` of the list of its entities
`text.bin`        texts, each a uint32 length and its UTF-8; others refer to them by their place
`manifest.json`   format, counts, sources, licences, languages, the SHA-256 and size of each file

All numbers are little-endian, so that a store made on one machine opens on every other.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

FORMAT = 1
MANIFEST = "manifest.json"
ALIASES, FIRST, READINGS = "aliases.marisa", "first.bin", "readings.bin"
LOWER, PERSONS, PERSON_LISTS, TEXT = "lower.marisa", "persons.marisa", "persons.bin", "text.bin"
FILES = (ALIASES, FIRST, READINGS, LOWER, PERSONS, PERSON_LISTS, TEXT)

READING = struct.Struct("<IIBBHiiiIII")
PLACE = struct.Struct("<I")

ANY_CASE, TITLE_CASE, EXACT_CASE = 0, 1, 2
CASE_BITS = 3
SHORT, COMMA, LITERAL = 4, 8, 16
"""Flags: a short form; written with a comma, so that one may stand in the text; signs between its tokens count ("9/11")."""

NO_DAY = 0
"""A validity that is open, among proleptic Gregorian ordinals, which start at 1."""


class Reading(NamedTuple):
    """One meaning of an alias. `entity`, `context`, `only_with` and `form` are places in `text.bin`, 0 for none.

    `capitals`: bit i is set where token i begins with a capital. `kind`: index among `AliasKind`. `language`: index in the
    manifest's languages, 0 for any. `first`, `last`: day ordinals. `form`: how an exact or literal alias is written.
    """

    entity: int
    capitals: int
    kind: int
    flags: int
    language: int
    prior: int
    first: int
    last: int
    context: int
    only_with: int
    form: int
