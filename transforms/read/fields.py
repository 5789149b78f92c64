"""Picks the article's text and what else is stated out of a JSON object, a CSV row or a Parquet row.

Before: {"Title": "Harbour reopens", "articleBody": "The harbour ...", "author": [{"name": "Ada Brook"}]}.
After: content "The harbour ...", payload text, headline "Harbour reopens", authors ("Ada Brook",). Which names mean what stands in
`configs/fields.toml`.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

from schemas.codes import Payload, RejectCode
from schemas.errors import RecordError, UsageError
from schemas.records import SuppliedFields
from transforms.read.markup import looks_like_html

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = (
    "text",
    "html",
    "headline",
    "standfirst",
    "description",
    "byline",
    "authors",
    "published",
    "modified",
    "url",
    "publisher",
    "language",
    "section",
    "keywords",
    "license",
    "image_url",
)
"""What a field can mean: the two forms of the article itself, then the fields of `SuppliedFields`."""

_T = TypeVar("_T")
_MAX_NESTING = 6
_NAME_KEYS = ("name", "full_name", "text", "value", "url", "href", "title", "content")
"""Inside an object that stands where a string is expected: JSON-LD's {"@type": "Person", "name": ...} and the like."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """For each key of `KEYS`, in their order, the folded paths that hold it, best first; and the wrapper objects' names."""

    paths: tuple[tuple[tuple[str, ...], ...], ...]
    wrappers: tuple[str, ...]

    def of(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The paths for one key of `KEYS`."""
        return self.paths[KEYS.index(key)]


class FieldExample(NamedTuple):
    """One list of `configs/fields.toml` with its own proof: a name it must find and one it must not."""

    key: str
    example: str
    counterexample: str


class Picked(NamedTuple):
    """A record's article: its text or markup and what the record states beside it."""

    content: str
    payload: Payload
    supplied: SuppliedFields


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """A field name as it is compared: lower case, letters and digits only ("article_Body" is "articlebody")."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _path(name: str) -> tuple[str, ...]:
    return tuple(folded(part) for part in name.split("."))


@lru_cache(maxsize=1)
def _stated() -> dict[str, object]:
    with files("configs").joinpath("fields.toml").open("rb") as stream:
        loaded: dict[str, object] = tomllib.load(stream)
    return loaded


def field_examples() -> tuple[FieldExample, ...]:
    """The examples and counterexamples of `configs/fields.toml`."""
    tables = ((key, _stated()[key]) for key in KEYS)
    return tuple(
        FieldExample(key, str(table["example"]), str(table["counterexample"]))
        for key, table in tables
        if isinstance(table, dict)
    )


def field_names(overrides: Mapping[str, Sequence[str]] | None = None) -> FieldNames:
    """The guesses of `configs/fields.toml` behind the user's own names (`[input.fields]`: key → names, best first).

    Raises UsageError for a key that is none of `KEYS`.
    """
    chosen = overrides or {}
    for key in chosen:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; allowed are {', '.join(KEYS)}"
            raise UsageError(f"input.fields.{key} is no known field{hint}")
    return _field_names(tuple((key, tuple(chosen[key])) for key in KEYS if key in chosen))


@lru_cache(maxsize=64)
def _field_names(overrides: tuple[tuple[str, tuple[str, ...]], ...]) -> FieldNames:
    stated = _stated()
    first = dict(overrides)
    paths = []
    for key in KEYS:
        table = stated[key]
        names = table["names"] if isinstance(table, dict) else []
        paths.append(tuple(dict.fromkeys(_path(name) for name in (*first.get(key, ()), *names))))
    wrappers = stated["wrapper"]
    return FieldNames(tuple(paths), tuple(folded(str(name)) for name in wrappers) if isinstance(wrappers, list) else ())


def known_columns(columns: Sequence[str], names: FieldNames) -> int:
    """How many of a table's columns mean something; a header row has at least one that does."""
    found = {folded(column.strip()) for column in columns}
    return sum(any(path[0] in found for path in paths) for paths in names.paths)


def pick(record: Mapping[str, object], names: FieldNames) -> Picked:
    """The article in one record. A text field wins over an HTML field: where a source states both, the text is the article and
    the HTML its page.

    Raises RecordError missing_text where no field holds text.
    """
    levels = [_level(record)]
    for wrapper in names.wrappers:
        inner = levels[0].get(wrapper)
        if isinstance(inner, Mapping):
            levels.append(_level(inner))
    content, payload = "", Payload.TEXT
    for key, kind in (("text", Payload.TEXT), ("html", Payload.HTML)):
        content = next((text for text in _values(levels, names.of(key), _joined) if text.strip()), "")
        if content:
            payload = Payload.HTML if kind is Payload.HTML or looks_like_html(content) else Payload.TEXT
            break
    if not content:
        shown = ", ".join(sorted(str(key) for key in record)[:12])
        raise RecordError(RejectCode.MISSING_TEXT, f"the record has no text; its fields are: {shown or 'none'}")
    return Picked(content, payload, _supplied(levels, names))


def _supplied(levels: list[dict[str, object]], names: FieldNames) -> SuppliedFields:
    def one(key: str) -> str | None:
        return next((value for value in _values(levels, names.of(key), scalar) if value), None)

    def several(key: str) -> tuple[str, ...]:
        return next((found for found in _values(levels, names.of(key), strings) if found), ())

    return SuppliedFields(
        headline=one("headline"),
        standfirst=one("standfirst"),
        description=one("description"),
        byline=one("byline"),
        authors=several("authors"),
        published=one("published"),
        modified=one("modified"),
        url=one("url"),
        publisher=one("publisher"),
        language=one("language"),
        section=one("section"),
        keywords=several("keywords"),
        license=one("license"),
        image_url=one("image_url"),
    )


def _level(record: Mapping[str, object]) -> dict[str, object]:
    """The object with folded names; of two that fold alike the first counts."""
    level: dict[str, object] = {}
    for name, value in record.items():
        level.setdefault(folded(name if isinstance(name, str) else str(name)), value)
    return level


def _values(
    levels: list[dict[str, object]], paths: tuple[tuple[str, ...], ...], read: Callable[[object], _T]
) -> Iterator[_T]:
    for level in levels:
        for path in paths:
            value: object = level
            for depth, part in enumerate(path):
                inner = value if depth == 0 else _level(value) if isinstance(value, Mapping) else {}
                value = inner.get(part) if isinstance(inner, dict) else None
                if value is None:
                    break
            if value is not None:
                yield read(value)


def clean(text: str) -> str:
    """Stated text that can be written as UTF-8: a lone surrogate (JSON's "\\ud800" alone) becomes U+FFFD."""
    return _SURROGATE.sub("�", text) if _SURROGATE.search(text) else text


def scalar(value: object, depth: int = 0) -> str | None:
    """One string out of a stated value: a number as written, the name inside an object, the first of a list."""
    if value is None or isinstance(value, bool) or depth > _MAX_NESTING:
        return None
    if isinstance(value, str):
        return clean(value).strip() or None
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        level = _level(value)
        named = (scalar(level.get(folded(key)), depth + 1) for key in _NAME_KEYS)
        return next((name for name in named if name), None)
    if isinstance(value, Sequence):
        return next((found for item in value if (found := scalar(item, depth + 1))), None)
    return str(value)


def strings(value: object) -> tuple[str, ...]:
    """All strings of a stated value: a list's items, or the one string; repeated ones once, order kept."""
    items: Sequence[object] = value if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else (value,)
    return tuple(dict.fromkeys(found for item in items if (found := scalar(item))))


def _joined(value: object, depth: int = 0) -> str:
    """A text value as one string: paragraphs that are stated one by one are joined by a blank line."""
    if isinstance(value, str):
        return value
    if depth > _MAX_NESTING:
        return ""
    if isinstance(value, Mapping):
        level = _level(value)
        for key in ("text", "value", "content", "body", "html", "paragraphs"):
            found = _joined(level.get(key), depth + 1)
            if found.strip():
                return found
        return ""
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        parts = (_joined(item, depth + 1) for item in value)
        return "\n\n".join(part for part in parts if part.strip())
    return ""
