"""Reads settings from a TOML file, from environment variables and from text, each value checked by its kind.

Before: `[input]` / `max_ratio = "big"` in `mine.toml`.
After: UsageError 'mine.toml: [input] max_ratio = "big": must be a whole number from 2 to 1000000'.
Every error is one line: the place, the key, the value, what is allowed, and the nearest right name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.nearest import did_you_mean, nearest
from pipeline.setting_kinds import Choice, Kind, Paths, Value
from schemas.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ENVIRONMENT_PREFIX = "COPYDESK_"

Kinds = Mapping[str, Kind]
"""Every key as "section.key" → what it may be, in the order of the settings."""


def from_file(file: Path, kinds: Kinds) -> dict[str, Value]:
    """The settings that the TOML file `file` states. Raises UsageError where it can't be read or is wrong."""
    try:
        content = file.read_bytes()
    except OSError as error:
        hint = did_you_mean(file.name, _settings_files_in(file.parent)) if isinstance(error, FileNotFoundError) else ""
        raise UsageError(f"{file}: can't read the settings: {error.strerror or error}{hint}") from error
    return from_toml(content, str(file), file.parent, kinds)


def from_toml(content: bytes, place: str, base: Path, kinds: Kinds) -> dict[str, Value]:
    """The settings in TOML text; `place` is named in errors, folders are relative to `base`."""
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{place}: not UTF-8 at line {line}; TOML files must be UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{place}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise UsageError(f"{place}: nested too deeply for settings") from error
    return dict(_from_tree(tree, place, base, "", kinds))


def from_environment(environment: Mapping[str, str], kinds: Kinds) -> dict[str, Value]:
    """The settings in variables `COPYDESK_SECTION__KEY`. Others that start alike (`COPYDESK_HOME`) are not ours, unless
    only the double underscore was missed."""
    variables = {ENVIRONMENT_PREFIX + key.replace(".", "__").upper(): key for key in kinds}
    without_underscores = {variable.replace("_", ""): variable for variable in variables}
    values: dict[str, Value] = {}
    for variable in sorted(environment):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        key = variables.get(variable)
        if key is not None:
            values[key] = from_text(f"environment variable {variable}", key, environment[variable], kinds)
            continue
        meant = without_underscores.get(variable.replace("_", ""))
        if meant or "__" in variable:
            hint = f"; did you mean {meant}?" if meant else did_you_mean(variable, list(variables))
            raise UsageError(f"environment variable {variable}: no such setting{hint}")
    return values


def from_text(place: str, key: str, text: str, kinds: Kinds) -> Value:
    """The value of `key` written as `text` (lists with commas); `place` (a flag, a variable) is named in errors."""
    kind = kinds[key]
    try:
        value = kind.parse(text)
        if isinstance(kind, Paths) and isinstance(value, tuple):
            value = kind.under(Path(), value)
    except ValueError as error:
        raise UsageError(f"{place} {_shown(text)}: {_must_be(kind, text)}") from error
    return value


def _from_tree(
    tree: Mapping[str, object], place: str, base: Path, prefix: str, kinds: Kinds
) -> Iterator[tuple[str, Value]]:
    for name, value in tree.items():
        key = prefix + name
        kind = kinds.get(key)
        if kind is not None:
            yield key, _checked(place, key, kind, value, base)
        elif any(known.startswith(key + ".") for known in kinds):
            if not isinstance(value, Mapping):
                raise UsageError(f"{place}: {name} = {_shown(value)}: {name} is a section, write [{key}]")
            yield from _from_tree(value, place, base, key + ".", kinds)
        else:
            raise UsageError(f"{place}: {_unknown(key, isinstance(value, Mapping), kinds)}")


def _checked(place: str, key: str, kind: Kind, value: object, base: Path) -> Value:
    try:
        checked = kind.check(value)
        if isinstance(kind, Paths) and isinstance(checked, tuple):
            checked = kind.under(base, checked)
    except ValueError as error:
        raise UsageError(f"{place}: {_heading(key)} = {_shown(value)}: {_must_be(kind, value)}") from error
    return checked


def _must_be(kind: Kind, value: object) -> str:
    options = kind.options if isinstance(kind, Choice) else ()
    return f"must be {kind.allowed}{did_you_mean(value, options) if isinstance(value, str) else ''}"


def _unknown(key: str, is_section: bool, kinds: Kinds) -> str:
    """Why `key` is wrong and what was probably meant: the nearest key of its section, else the same key elsewhere."""
    prefix, _, name = key.rpartition(".")
    inside = prefix + "." if prefix else ""
    siblings = list(dict.fromkeys(known[len(inside) :].split(".")[0] for known in kinds if known.startswith(inside)))
    if is_section:
        return f"[{_quoted(key)}]: no such section{did_you_mean(name, siblings) or '; allowed: ' + ', '.join(siblings)}"
    if not nearest(name, siblings):
        elsewhere = {known.rpartition(".")[2]: known for known in reversed(list(kinds))}
        match = nearest(name, list(elsewhere))
        if match:
            return f"{_heading(key)}: no such key here; did you mean {_heading(elsewhere[match])}?"
    return f"{_heading(key)}: no such key{did_you_mean(name, siblings) or '; allowed: ' + ', '.join(siblings)}"


def _heading(key: str) -> str:
    section, _, name = key.rpartition(".")
    return f"[{section}] {_quoted(name)}" if section else _quoted(name)


def _quoted(name: str) -> str:
    """A key as it stands, or quoted where it isn't a bare word (it may hold line breaks)."""
    return name if name and name.replace("_", "").replace("-", "").replace(".", "").isalnum() else _shown(name)


def _shown(value: object) -> str:
    """The offending value as one short line of TOML-like text."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _settings_files_in(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.suffix == ".toml")
    except OSError:
        return []
