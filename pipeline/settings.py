"""The settings of a run: frozen, typed, and checked before anything starts.

Built-in defaults (`configs/copydesk.toml`, where every key is explained) < the file given with `--config`, or
`./copydesk.toml` if there is one < environment variables `COPYDESK_SECTION__KEY` < flags of the command line.

Before: `[input]` / `max_ration = 5` in `mine.toml`.
After: UsageError "mine.toml: [input] max_ration: no such key; did you mean max_ratio?"
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from pipeline.nearest import did_you_mean, nearest
from pipeline.setting_kinds import Choice, Folders, Kind, Number, Switch, Value, Whole, Words
from schemas.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_FILE = "copydesk.toml"
"""Read from the current folder when `--config` names no other file."""

ENVIRONMENT_PREFIX = "COPYDESK_"

_NAMES = Annotated[tuple[str, ...], Words()]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """[input.fields]: which fields of a JSON object, row or feed item hold what; empty means the built-in guesses."""

    text: _NAMES
    html: _NAMES
    headline: _NAMES
    standfirst: _NAMES
    description: _NAMES
    byline: _NAMES
    authors: _NAMES
    published: _NAMES
    modified: _NAMES
    url: _NAMES
    publisher: _NAMES
    language: _NAMES
    section: _NAMES
    keywords: _NAMES
    license: _NAMES
    image_url: _NAMES


@dataclass(frozen=True, slots=True)
class InputSettings:
    """[input]: the limits of what is read. Sizes in bytes, after decompression."""

    max_file_bytes: Annotated[int, Whole(1, 2**60, "bytes")]
    max_ratio: Annotated[int, Whole(2, 1_000_000)]
    max_record_bytes: Annotated[int, Whole(1024, 2**31 - 1, "bytes")]
    max_depth: Annotated[int, Whole(16, 250, "nested elements")]
    fields: FieldNames


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """[clean]: what becomes of an article's text."""

    quotes: Annotated[str, Choice(("keep", "ascii"))]
    dashes: Annotated[str, Choice(("keep", "ascii"))]
    standfirst_in_body: Annotated[bool, Switch()]
    rule_folders: Annotated[tuple[str, ...], Folders()]


@dataclass(frozen=True, slots=True)
class DescribeSettings:
    """[describe]: when a guess is good enough to be written down."""

    language_min_letters: Annotated[int, Whole(1, 10_000, "letters")]
    language_min_confidence: Annotated[float, Number(0, 1)]


@dataclass(frozen=True, slots=True)
class LakeSettings:
    """[lake]: the shape of the Parquet files. Sizes in MiB."""

    target_file_mib: Annotated[int, Whole(1, 4096, "MiB")]
    row_group_mib: Annotated[int, Whole(1, 1024, "MiB")]
    buffer_mib: Annotated[int, Whole(1, 1024, "MiB")]


@dataclass(frozen=True, slots=True)
class RunSettings:
    """[run]: how the run is carried out; nothing here changes a row."""

    runner: Annotated[str, Choice(("local",))]
    workers: Annotated[int, Whole(1, 256)]
    max_reject_share: Annotated[float, Number(0, 1)]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run, checked."""

    input: InputSettings
    clean: CleanSettings
    describe: DescribeSettings
    lake: LakeSettings
    run: RunSettings


class Flag(NamedTuple):
    """A setting given on the command line: the flag as the user wrote it, the key it sets ("run.workers"), its text."""

    name: str
    key: str
    text: str


SHAPES_NO_ROW = frozenset({"lake.buffer_mib", "run.runner", "run.workers", "run.max_reject_share"})
"""The keys that neither rows nor files depend on; all others take part in `settings_hash`."""


def load_settings(
    config: str | None = None, *, environment: Mapping[str, str] | None = None, flags: Sequence[Flag] = ()
) -> Settings:
    """The settings of a run, from all four places in their order.

    `config` is the path of a settings file; without it `./copydesk.toml` is read if it exists. `environment` is
    `os.environ` unless given. Raises UsageError (one line: place, key, value, what is allowed) at the first mistake.
    """
    values = dict(_defaults())
    file = Path(DEFAULT_FILE) if config is None else Path(config)
    if config is not None or file.is_file():
        values.update(_from_file(file))
    values.update(_from_environment(os.environ if environment is None else environment))
    for flag in flags:
        values[flag.key] = _parsed(flag.name, flag.key, flag.text)
    settings = _build(Settings, values, "")
    assert isinstance(settings, Settings)
    return settings


@lru_cache(maxsize=1)
def default_settings() -> Settings:
    """The built-in defaults alone: no file, no environment."""
    settings = _build(Settings, _defaults(), "")
    assert isinstance(settings, Settings)
    return settings


def row_settings(settings: Settings) -> dict[str, Value]:
    """Every setting that rows or files depend on, as `section.key` → value, sorted: what a manifest records.

    Rule folders are stated by the digest of the rule files in them: where they lie says nothing, what they hold does.
    """
    values = dict(sorted((key, value) for key, value in _flatten(settings, "") if key not in SHAPES_NO_ROW))
    values["clean.rule_folders"] = tuple(_digest_of_rules(Path(folder)) for folder in settings.clean.rule_folders)
    return values


def settings_hash(settings: Settings) -> str:
    """SHA-256 (hexadecimal) of `row_settings`: equal for two runs that must give the same rows for the same input."""
    text = json.dumps(row_settings(settings), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def setting_keys() -> tuple[str, ...]:
    """Every key as "section.key", in the order of the classes."""
    return tuple(_kinds())


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind]:
    return dict(_kinds_of(Settings, ""))


def _kinds_of(section: type, prefix: str) -> Iterator[tuple[str, Kind]]:
    hints = get_type_hints(section, include_extras=True)
    for field in fields(section):
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            yield prefix + field.name, get_args(hint)[1]
        else:
            yield from _kinds_of(hint, f"{prefix}{field.name}.")


def _build(section: Any, values: Mapping[str, Value], prefix: str) -> object:
    """`section` (one of the classes above) filled from `values`, its sections first."""
    hints = get_type_hints(section)
    return section(
        **{
            field.name: _build(hints[field.name], values, f"{prefix}{field.name}.")
            if is_dataclass(hints[field.name])
            else values[prefix + field.name]
            for field in fields(section)
        }
    )


def _flatten(section: Any, prefix: str) -> Iterator[tuple[str, Value]]:
    for field in fields(section):
        value = getattr(section, field.name)
        if is_dataclass(value):
            yield from _flatten(value, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, value


@lru_cache(maxsize=1)
def _defaults() -> Mapping[str, Value]:
    resource = package_files("configs").joinpath("copydesk.toml")
    return dict(_from_toml(resource.read_bytes(), "the built-in defaults", Path()))


def _from_file(file: Path) -> dict[str, Value]:
    try:
        content = file.read_bytes()
    except OSError as error:
        hint = did_you_mean(file.name, _names_beside(file)) if isinstance(error, FileNotFoundError) else ""
        raise UsageError(f"{file}: can't read the settings: {error.strerror or error}{hint}") from error
    return dict(_from_toml(content, str(file), file.parent))


def _names_beside(file: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in file.parent.iterdir() if entry.suffix == ".toml")
    except OSError:
        return []


def _from_toml(content: bytes, place: str, base: Path) -> Iterator[tuple[str, Value]]:
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{place}: not UTF-8 at line {line}; TOML files must be UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{place}: not valid TOML: {error}") from error
    yield from _from_tree(tree, place, base, "")


def _from_tree(tree: Mapping[str, object], place: str, base: Path, prefix: str) -> Iterator[tuple[str, Value]]:
    for name, value in tree.items():
        key = prefix + name
        kind = _kinds().get(key)
        if kind is not None:
            yield key, _checked(place, key, kind, value, base)
        elif any(known.startswith(key + ".") for known in _kinds()):
            if not isinstance(value, Mapping):
                raise UsageError(f"{place}: {name} = {_shown(value)}: {name} is a section, write [{key}]")
            yield from _from_tree(value, place, base, key + ".")
        else:
            raise UsageError(f"{place}: {_unknown(key, isinstance(value, Mapping))}")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Value]:
    """Variables with a section's name; others that start alike (`COPYDESK_EVAL`) are none of our business."""
    sections = tuple(field.name for field in fields(Settings))
    values: dict[str, Value] = {}
    for variable in sorted(environment):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        name = variable[len(ENVIRONMENT_PREFIX) :].lower()
        key = name.replace("__", ".")
        if key in _kinds():
            values[key] = _parsed(f"environment variable {variable}", key, environment[variable])
        elif "__" in name or name.startswith(tuple(f"{section}_" for section in sections)):
            variables = [ENVIRONMENT_PREFIX + known.replace(".", "__").upper() for known in _kinds()]
            raise UsageError(f"environment variable {variable}: no such setting{did_you_mean(variable, variables)}")
    return values


def _checked(place: str, key: str, kind: Kind, value: object, base: Path) -> Value:
    try:
        checked = kind.check(value)
        if isinstance(kind, Folders) and isinstance(checked, tuple):
            checked = kind.under(base, checked)
    except ValueError as error:
        raise UsageError(f"{place}: {_heading(key)} = {_shown(value)}: {_must_be(kind, value)}") from error
    return checked


def _parsed(place: str, key: str, text: str) -> Value:
    kind = _kinds()[key]
    try:
        value = kind.parse(text)
        if isinstance(kind, Folders) and isinstance(value, tuple):
            value = kind.under(Path(), value)
    except ValueError as error:
        raise UsageError(f"{place} {_shown(text)}: {_must_be(kind, text)}") from error
    return value


def _must_be(kind: Kind, value: object) -> str:
    options = kind.options if isinstance(kind, Choice) else ()
    return f"must be {kind.allowed}{did_you_mean(value, options) if isinstance(value, str) else ''}"


def _unknown(key: str, is_section: bool) -> str:
    """Why `key` is wrong and what was probably meant: the nearest key of its section, else the same key elsewhere."""
    prefix, _, name = key.rpartition(".")
    inside = prefix + "." if prefix else ""
    siblings = list(dict.fromkeys(known[len(inside) :].split(".")[0] for known in _kinds() if known.startswith(inside)))
    if is_section:
        return f"[{key}]: no such section{did_you_mean(name, siblings) or f'; allowed: {_listed(siblings)}'}"
    if not nearest(name, siblings):
        elsewhere = {known.rpartition(".")[2]: known for known in reversed(_kinds())}
        match = nearest(name, list(elsewhere))
        if match:
            return f"{_heading(key)}: no such key here; did you mean {_heading(elsewhere[match])}?"
    return f"{_heading(key)}: no such key{did_you_mean(name, siblings) or f'; allowed: {_listed(siblings)}'}"


def _heading(key: str) -> str:
    section, _, name = key.rpartition(".")
    return f"[{section}] {name}" if section else name


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _shown(value: object) -> str:
    """The offending value as one short line of TOML-like text."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _digest_of_rules(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.toml"), key=lambda path: path.relative_to(folder).as_posix()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
