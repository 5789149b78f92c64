"""Reads a file of thresholds: each TOML table becomes a frozen dataclass whose fields are its keys, no more and no fewer.

Before: `[prose] min_words = 8`  After: `CleaningSettings.prose.min_words == 8`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TypeVar, get_type_hints

from configs.toml import TOMLDecodeError, parse_toml
from schemas.errors import UsageError

_T = TypeVar("_T")


def parse_sections(kind: type[_T], text: str, file: str) -> _T:
    """A `kind`, whose fields are dataclasses, from TOML text. A whole number is 0 or more, a fraction 0 to 1, a set of words is
    read without case.

    Raises `UsageError` naming file, table and key on anything unknown, missing or of a wrong type.
    """
    try:
        document = parse_toml(text)
    except TOMLDecodeError as error:
        raise UsageError(f"{file}: no valid TOML: {error}") from error
    tables = get_type_hints(kind)
    for name in document:
        if name not in tables:
            raise UsageError(f"{file}: unknown table {name!r}; allowed are {', '.join(tables)}")
    return kind(**{name: _section(table, document, name, file) for name, table in tables.items()})


def _section(kind: type[_T], document: Mapping[str, object], name: str, file: str) -> _T:
    table = document.get(name)
    if not isinstance(table, dict):
        raise UsageError(f"{file}: the table [{name}] is missing")
    wanted = {entry.name: str(entry.type) for entry in fields(kind)}  # type: ignore[arg-type]
    for key in [*table, *wanted]:
        if key not in wanted:
            raise UsageError(f"{file}: {name}.{key}: unknown key; allowed are {', '.join(sorted(wanted))}")
        if key not in table:
            raise UsageError(f"{file}: {name}.{key} is missing")
    return kind(**{key: _value(table[key], wanted[key], f"{file}: {name}.{key}") for key in wanted})


def _value(value: object, kind: str, place: str) -> object:
    if kind == "int":
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise UsageError(f"{place}: {value!r}; allowed is a whole number from 0")
    if kind == "float":
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        raise UsageError(f"{place}: {value!r}; allowed is a number from 0 to 1")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return frozenset(word.casefold() for word in value)
    raise UsageError(f"{place}: {value!r}; allowed is a list of words")
