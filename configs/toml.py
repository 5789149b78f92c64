"""Reads the TOML files of this package; one place for the parser, which Python has of its own from 3.11 on."""

from __future__ import annotations

import importlib.resources
import sys
from collections.abc import Mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOMLDecodeError = tomllib.TOMLDecodeError


def parse_toml(text: str) -> Mapping[str, object]:
    """The document that `text` states. Raises `TOMLDecodeError`."""
    document: Mapping[str, object] = tomllib.loads(text)
    return document


def read_toml(name: str) -> Mapping[str, object]:
    """The document of the file `name` of this package, such as "agencies.toml"."""
    return parse_toml(read_text(name))


def read_text(name: str) -> str:
    """The text of the file `name` of this package."""
    return importlib.resources.files("configs").joinpath(name).read_text(encoding="utf-8")


def text_list(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    """`table[key]` as a tuple of texts; missing is empty. Raises `TypeError` on anything but a list of texts."""
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{key}: a list of texts is allowed, not {values!r}")
    return tuple(values)
