"""Reads alias files: which entities there are, and every name that text calls them by.

Before: `{"id": "Q7747", "type": "person", "name": "Vladimir Putin", "names": {"*": ["Vladimir Putin"]}, "short": {"*": ["Putin"]}}`
After: `AliasEntity("Q7747", …, aliases=(Alias("Vladimir Putin", …), Alias("Putin", …)))`.

A file is JSON Lines (one entity a line) or TOML (one `[[entity]]` a table) with the same keys; docs/entities.md explains each. What is
wrong is listed with file, line, key and reason, and the rest of the file is read all the same.
"""

from __future__ import annotations

import calendar
import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from configs.toml import TOMLDecodeError, parse_toml
from schemas.codes import Code
from schemas.entities import AliasKind, EntityType
from schemas.errors import UsageError
from transforms.entities.alias_entity import MAX_NAME, Alias, AliasEntity, AliasFile, Case, Period, Problem, Role
from transforms.entities.alias_key import key_of

_KINDS = {
    "names": AliasKind.NAME,
    "short": AliasKind.NAME,
    "acronyms": AliasKind.ACRONYM,
    "demonyms": AliasKind.DEMONYM,
    "metonyms": AliasKind.METONYM,
    "events": AliasKind.EVENT,
}
_TEXT_KEYS = ("id", "type", "name", "iso", "wikidata", "source", "licence")
_KEYS = (
    *_TEXT_KEYS, *_KINDS, "case", "prior", "context", "only_with", "valid", "roles", "shared", "example", "counterexample", "remove",
)  # fmt: skip
_ALIAS_KEYS = ("text", "case", "prior", "context", "only_with", "valid")
_ID = re.compile(r"Q[1-9][0-9]{0,9}|[a-z][a-z0-9-]*:\S{1,150}")
_QID = re.compile(r"Q[1-9][0-9]{0,9}")
_ISO = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"\*|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TYPES = tuple(kind for kind in EntityType if kind not in (EntityType.DATE, EntityType.QUANTITY))
_C = TypeVar("_C", bound=Code)
_PRIORS = range(-1_000_000, 1_000_000_001)


class _WrongError(Exception):
    def __init__(self, key: str, message: str) -> None:
        super().__init__(key, message)
        self.key = key
        self.message = message


def read_alias_file(path: Path, name: str | None = None) -> AliasFile:
    """The entities of a `.jsonl` or `.toml` file; `name` is what problems call it (default: the path as given).

    Raises UsageError where the file can't be read at all.
    """
    shown = str(path) if name is None else name
    if path.suffix not in (".jsonl", ".toml"):
        raise UsageError(f"{shown}: an alias file ends in .jsonl or .toml")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{shown}: can't read the alias file: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown}: not UTF-8 at byte {error.start}; alias files must be UTF-8") from error
    return parse_alias_file(text, shown)


def parse_alias_file(text: str, file: str) -> AliasFile:
    """As `read_alias_file`, for a text already read; `file` is named in problems and ends in .jsonl or .toml."""
    entities: list[AliasEntity] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for line, value in _toml_tables(text, file) if file.endswith(".toml") else _json_lines(text):
        try:
            if isinstance(value, _WrongError):
                raise value
            entity = _entity(value, file, line)
            if entity.id in lines:
                raise _WrongError("id", f'"{entity.id}" stands in line {lines[entity.id]} already')
            lines[entity.id] = line
            entities.append(entity)
        except _WrongError as error:
            problems.append(Problem(file, line, error.key, error.message))
    return AliasFile(tuple(entities), tuple(problems))


def merge_files(files: Iterable[Sequence[AliasEntity]]) -> tuple[AliasEntity, ...]:
    """The entities of several files, sorted by id: a later file's entity replaces an earlier one of its id, or removes it."""
    merged = {entity.id: entity for entities in files for entity in entities}
    return tuple(merged[entity_id] for entity_id in sorted(merged) if not merged[entity_id].removed)


def parse_day(text: str, *, last: bool) -> datetime.date:
    """The first (or last) day of "2012", "2012-05" or "2012-05-07". Raises ValueError."""
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError(text)
    year = int(match[1])
    month = int(match[2]) if match[2] else 12 if last else 1
    if match[3]:
        return datetime.date(year, month, int(match[3]))
    if not 1 <= month <= 12 or not year:
        raise ValueError(text)
    return datetime.date(year, month, calendar.monthrange(year, month)[1] if last else 1)


def _json_lines(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line, object_pairs_hook=_unique)
            except _WrongError as error:
                yield number, error
            except (ValueError, RecursionError) as error:
                yield number, _WrongError("", f"not valid JSON: {error}")


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _WrongError(next(key for key in keys if keys.count(key) > 1), "stands twice in one object")
    return table


def _toml_tables(text: str, file: str) -> Iterator[tuple[int, object]]:
    try:
        document = parse_toml(text)
    except (TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: not valid TOML: {error}") from error
    tables = document.get("entity", [])
    other = [key for key in document if key != "entity"]
    if other or not isinstance(tables, list):
        raise UsageError(f"{file}: {other[0] if other else 'entity'}: an alias file holds tables [[entity]] only")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*entity\s*\]\]", line)]
    for index, table in enumerate(tables):
        yield (lines[index] if index < len(lines) else 1), table


def _entity(value: object, file: str, line: int) -> AliasEntity:
    if not isinstance(value, Mapping):
        raise _WrongError("", f"an entity is an object with keys, not {_shown(value)}")
    for key in value:
        if key not in _KEYS:
            raise _WrongError(str(key), f"no such key; allowed are {', '.join(_KEYS)}")
    entity_id = _text(value, "id", required=True)
    if not _ID.fullmatch(entity_id):
        raise _WrongError(
            "id", f'{_shown(entity_id)}: a Wikidata id ("Q7747") or a scheme and a slug ("local:dana-roe")'
        )
    if _flag(value, "remove"):
        return AliasEntity(entity_id, "", EntityType.PERSON, file, line, removed=True)
    entity_type = _choice(value, "type", _TYPES)
    iso, wikidata = _text(value, "iso"), _text(value, "wikidata")
    if iso and not _ISO.fullmatch(iso):
        raise _WrongError("iso", f"{_shown(iso)}: two capitals of ISO 3166-1 are allowed")
    if wikidata and not _QID.fullmatch(wikidata):
        raise _WrongError("wikidata", f'{_shown(wikidata)}: "Q" and a number is allowed')
    if wikidata and _QID.fullmatch(entity_id):
        raise _WrongError("wikidata", "only where the id is none of Wikidata")
    shared = _text(value, "shared") or "refuse"
    if shared not in ("refuse", "leave"):
        raise _WrongError("shared", f'{_shown(shared)}: "refuse" or "leave" is allowed')
    aliases = tuple(dict.fromkeys(_aliases(value)))
    if not aliases:
        raise _WrongError(
            "names", "no alias at all; names, short, acronyms, demonyms, metonyms or events must hold one"
        )
    return AliasEntity(
        id=entity_id,
        name=_text(value, "name", required=True),
        type=entity_type,
        file=file,
        line=line,
        wikidata_id=entity_id if _QID.fullmatch(entity_id) else wikidata or None,
        iso_code=iso or None,
        aliases=aliases,
        roles=tuple(_roles(value)),
        source=_text(value, "source"),
        licence=_text(value, "licence"),
        examples=_texts(value, "example"),
        counterexamples=_texts(value, "counterexample"),
        leaves_shared=shared == "leave",
    )


def _aliases(entity: Mapping[str, object]) -> Iterator[Alias]:
    shared = Alias("", "", AliasKind.NAME, Case.TITLE)._replace(**_deciding(entity, ""))
    stated = _choice(entity, "case", tuple(Case)) if "case" in entity else None
    for key, kind in _KINDS.items():
        if key not in entity:
            continue
        by_language = entity[key]
        if not isinstance(by_language, Mapping):
            raise _WrongError(key, f'lists by language are allowed, such as {{"*": ["…"]}}, not {_shown(by_language)}')
        # Acronyms in small letters are other words, and which names have capitals differs by kind.
        case = Case.EXACT if kind is AliasKind.ACRONYM else stated or Case.TITLE
        for language, names in by_language.items():
            where = f"{key}.{language}"
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise _WrongError(where, 'a language of BCP 47 ("en", "zh-Hant") or "*" for any is allowed')
            if not isinstance(names, list):
                raise _WrongError(where, f"a list of names is allowed, not {_shown(names)}")
            for name in names:
                yield _alias(
                    name, where, shared._replace(language=language, kind=kind, case=case, short=key == "short")
                )


def _alias(value: object, where: str, shared: Alias) -> Alias:
    alias = shared
    if isinstance(value, Mapping):
        for key in value:
            if key not in _ALIAS_KEYS:
                raise _WrongError(f"{where}.{key}", f"no such key; allowed are {', '.join(_ALIAS_KEYS)}")
        if "case" in value:
            alias = alias._replace(case=_choice(value, "case", tuple(Case), f"{where}."))
        alias = alias._replace(**_deciding(value, f"{where}."))
        value = value.get("text")
    if not isinstance(value, str) or not value.strip():
        raise _WrongError(where, f"a name is a text or an object with the key text, not {_shown(value)}")
    if value != " ".join(value.split()) or any(ord(character) < 32 for character in value):
        raise _WrongError(where, f"{_shown(value)}: one line without spaces around it or doubled ones is allowed")
    if len(value) > MAX_NAME:
        raise _WrongError(where, f"{_shown(value)}: {len(value)} characters; at most {MAX_NAME} are allowed")
    if not key_of(value).strip():
        raise _WrongError(where, f"{_shown(value)}: no letter or digit in it")
    return alias._replace(text=value)


def _deciding(table: Mapping[str, object], prefix: str) -> dict[str, Any]:
    """The keys that decide between readings, those that `table` states."""
    found: dict[str, Any] = {}
    if "prior" in table:
        prior = table["prior"]
        if not isinstance(prior, int) or isinstance(prior, bool) or prior not in _PRIORS:
            raise _WrongError(f"{prefix}prior", f"{_shown(prior)}: a whole number is allowed")
        found["prior"] = prior
    for key in ("context", "only_with"):
        if key in table:
            words = _texts(table, key, prefix)
            folded = tuple(sorted({key_of(word).strip() for word in words}))
            if "" in folded:
                raise _WrongError(f"{prefix}{key}", "a word without a letter or digit is in it")
            found[key] = folded
    if "valid" in table:
        found["valid"] = _period(table["valid"], f"{prefix}valid")
    return found


def _period(value: object, where: str) -> Period:
    if not isinstance(value, Mapping) or not set(value) <= {"from", "to"}:
        raise _WrongError(where, f'an object {{"from": day, "to": day}} is allowed, not {_shown(value)}')
    days: list[datetime.date | None] = []
    for key in ("from", "to"):
        stated = value.get(key)
        if isinstance(stated, datetime.date) and not isinstance(stated, datetime.datetime):
            days.append(stated)
            continue
        try:
            days.append(None if stated is None else parse_day(str(stated), last=key == "to"))
        except ValueError as error:
            raise _WrongError(f"{where}.{key}", f"{_shown(stated)}: YYYY, YYYY-MM or YYYY-MM-DD is allowed") from error
    period = Period(days[0], days[1])
    if period.first and period.last and period.last < period.first:
        raise _WrongError(where, f"ends on {period.last}, before it begins on {period.first}")
    return period


def _roles(entity: Mapping[str, object]) -> Iterator[Role]:
    roles = entity.get("roles", [])
    if not isinstance(roles, list):
        raise _WrongError("roles", f"a list of roles is allowed, not {_shown(roles)}")
    for number, role in enumerate(roles, 1):
        where = f"roles[{number}]"
        if not isinstance(role, Mapping) or not set(role) <= {"role", "of", "from", "to"}:
            raise _WrongError(where, f"an object with the keys role, of, from, to is allowed, not {_shown(role)}")
        period = _period({key: role[key] for key in ("from", "to") if key in role}, where)
        yield Role(_text(role, "role", f"{where}.", required=True), _text(role, "of", f"{where}.") or None, period)


def _text(table: Mapping[str, object], key: str, prefix: str = "", *, required: bool = False) -> str:
    value = table.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value.strip() or "\t" in value or "\n" in value:
        raise _WrongError(
            prefix + key, "is missing" if value is None else f"a text in one line is allowed, not {_shown(value)}"
        )
    return value


def _texts(table: Mapping[str, object], key: str, prefix: str = "") -> tuple[str, ...]:
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
        raise _WrongError(prefix + key, f"a text or a list of texts is allowed, not {_shown(value)}")
    return tuple(values)


def _flag(table: Mapping[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise _WrongError(key, f"true or false is allowed, not {_shown(value)}")
    return value


def _choice(table: Mapping[str, object], key: str, options: Sequence[_C], prefix: str = "") -> _C:
    value = table.get(key)
    for option in options:
        if option.value == value:
            return option
    raise _WrongError(prefix + key, f"{_shown(value)}: one of {', '.join(options)} is allowed")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"
