"""Reads the JSON-LD of a page, mending what hand-made templates break, into flat typed statements.

Before: `{"@graph": [{"@type": "NewsArticle", "headline": "Harbour reopens", "author": {"@id": "#roe"}}, …]}`.
After: one `Statements` of type NewsArticle with that headline and the author that `#roe` names.
Terms are those of schema.org; the order of nodes is that of the page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from transforms.metadata.rules import ARTICLE, OTHER, MetadataRules

MAX_SCRIPT = 2_000_000
"""Characters of one script that are read; more is no metadata."""

_MAX_NODES = 2_000
_MAX_NESTING = 12
_WRAPPERS = re.compile(
    r"<!--|-->|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/|/\*\s{0,9}\]\]>\s{0,9}\*/|(?://\s{0,9})?<!\[CDATA\[|(?://\s{0,9})?\]\]>"
)
# A string that never ends runs to the end of the text; tried again at each of its escaped quotes, it would take squared time.
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|,(?=\s*[}\]])', re.DOTALL)
# The same with quotation marks inside that nobody escaped: what ends a string is followed by a colon, a bracket or the next one.
_LONG_STRING = re.compile(r'"((?:[^"\\]|\\.|"(?!\s*(?:[:}\]]|,\s*["{\[}\]]|\Z)))*)("|\\?\Z)', re.DOTALL)
_ESCAPE_OR_QUOTE = re.compile(r'\\.|"', re.DOTALL)
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\],]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_BETWEEN = re.compile(r"[\s,;]*")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_MAX_DIGITS = 300
"""Digits of a whole number that means something; of thousands Python makes no number, and the script would be lost."""

# NaN and Infinity are no JSON, yet Python reads them; a headline "nan" is none.
_DECODER = json.JSONDecoder(
    strict=False,
    parse_constant=lambda _: None,
    parse_int=lambda digits: int(digits) if len(digits) <= _MAX_DIGITS else None,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """What one JSON-LD object states, as plain folded strings. `rank` is `MetadataRules.type_rank` of `type`."""

    type: str
    rank: int
    headline: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    alternative_headline: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    author_organizations: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    license: tuple[str, ...] = ()
    copyright: tuple[str, ...] = ()
    image_url: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    is_accessible_for_free: tuple[str, ...] = ()
    article_body: str = ""


def read_json_ld(scripts: Sequence[str], rules: MetadataRules) -> tuple[Statements, ...]:
    """The objects that the scripts state about the page itself, in page order; broken scripts give what can be read."""
    values = [value for script in scripts for value in _parse(script)]
    by_id: dict[str, dict[str, Any]] = {}
    for value in values:
        _index(value, by_id, 0)
    nodes: list[dict[str, Any]] = []
    for value in values:
        _own_nodes(value, rules, nodes, 0)
    return tuple(_statements(node, by_id, rules) for node in nodes)


def fold_text(value: str) -> str:
    """Plain text of a metadata string: entities resolved, tags and control characters dropped, white space folded."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = _TAG.sub(" ", value)
    folded = " ".join(value.split())
    return folded if folded.isprintable() else " ".join(_CONTROL.sub("", folded).split())


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # JSON spells them "\\u0000".


def _parse(script: str) -> list[Any]:
    if not script or len(script) > MAX_SCRIPT:
        return []
    text = script.strip()
    try:
        return [_DECODER.decode(text)]
    except (ValueError, RecursionError):
        pass
    text = _WRAPPERS.sub(" ", text).strip().rstrip(";")
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    text = _STRING_OR_COMMA.sub(lambda match: "" if match.group() == "," else match.group(), text)
    found = _objects(text)
    if not found:
        # A lone backslash ("C:\dir") is the next commonest fault.
        text = _BAD_ESCAPE.sub(r"\\\\", text)
        found = _objects(text)
    if not found:
        text = _LONG_STRING.sub(_escape_quotes, text)
        found = _objects(text) or _objects(_closed(text))
    return found


def _escape_quotes(string: re.Match[str]) -> str:
    """A string in which the quotation marks that don't end it are escaped."""
    inner = _ESCAPE_OR_QUOTE.sub(lambda match: r"\"" if match[0] == '"' else match[0], string[1])
    return f'"{inner}{string[2]}'


def _closed(text: str) -> str:
    """A text that was cut off, up to its last whole member or item, with its brackets closed; "" where there is none."""
    brackets: list[str] = []
    end, missing = 0, ""
    for token in _STRING_OR_BRACKET.finditer(text):
        mark = token[0]
        if mark in _CLOSING:
            brackets.append(_CLOSING[mark])
            if len(brackets) > _MAX_NESTING:
                return ""
        elif mark == "," and brackets:
            end, missing = token.start(), "".join(reversed(brackets))
        elif brackets and mark == brackets[-1]:
            brackets.pop()
    return text[:end] + missing


def _objects(text: str) -> list[Any]:
    """Every JSON value of a text that holds several, up to the first that can't be read."""
    found: list[Any] = []
    at = 0
    while at < len(text):
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text):
            break
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _index(value: Any, by_id: dict[str, dict[str, Any]], depth: int) -> None:
    """Remembers the fullest object of each @id, so that references can be followed."""
    if depth > _MAX_NESTING:
        return
    if isinstance(value, list):
        for item in value:
            _index(item, by_id, depth + 1)
    elif isinstance(value, dict):
        key = value.get("@id")
        if isinstance(key, str) and len(value) > len(by_id.get(key, ())):
            by_id[key] = value
        for item in value.values():
            if isinstance(item, (dict, list)):
                _index(item, by_id, depth + 1)


def _own_nodes(value: Any, rules: MetadataRules, nodes: list[dict[str, Any]], depth: int) -> None:
    if depth > _MAX_NESTING or len(nodes) >= _MAX_NODES:
        return
    if isinstance(value, list):
        for item in value:
            _own_nodes(item, rules, nodes, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            nodes.append(value)
        for key in rules.follow:
            inner = value.get(key)
            if isinstance(inner, (dict, list)):
                _own_nodes(inner, rules, nodes, depth + 1)


def _type_of(node: dict[str, Any], rules: MetadataRules) -> tuple[str, int]:
    """The object's best type: ["WebPage", "NewsArticle"] is a NewsArticle."""
    best, rank = "", OTHER + 1
    for name in _strings(node.get("@type")):
        short = re.split(r"[/#:]", name)[-1]
        this = rules.type_rank(short)
        if this < rank or (this == rank and rules.is_news(short) and not rules.is_news(best)):
            best, rank = short, this
    return best, min(rank, OTHER)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, (str, int, float)):
        text = fold_text(str(value))
        if text:
            yield text
    elif isinstance(value, list):
        for item in value[:200]:
            if not isinstance(item, list):
                yield from _strings(item)
    elif isinstance(value, dict):
        # {"@value": …} is JSON-LD's long form of a string.
        for key in ("@value", "name", "url", "@id"):
            if isinstance(value.get(key), str):
                yield from _strings(value[key])
                return


def _first(node: dict[str, Any], *keys: str) -> tuple[str, ...]:
    for key in keys:
        value = node.get(key)
        if value is None:
            continue
        if type(value) is str:  # as nearly all are
            text = fold_text(value)
            if text:
                return (text,)
            continue
        found = tuple(_strings(value))
        if found:
            return found
    return ()


def _resolve(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterable[Any]:
    items = value if isinstance(value, list) else [value]
    for item in items[:100]:
        if isinstance(item, dict) and isinstance(item.get("@id"), str) and "name" not in item:
            yield by_id.get(item["@id"], item)
        else:
            yield item


def _names(value: Any, by_id: dict[str, dict[str, Any]]) -> tuple[list[str], list[str]]:
    """(people, organisations) of an author or publisher value; an object without a type counts as a person."""
    if value is None:
        return [], []
    people: list[str] = []
    organizations: list[str] = []
    for item in _resolve(value, by_id):
        if isinstance(item, (str, list)):
            people.extend(_strings(item))
        elif isinstance(item, dict):
            types = set(_strings(item.get("@type")))
            target = organizations if any("Organization" in t for t in types) and "Person" not in types else people
            name = item.get("name")
            if isinstance(name, (str, list)):
                target.extend(text for text in _strings(name))
            elif isinstance(item.get("givenName"), str) and isinstance(item.get("familyName"), str):
                target.append(fold_text(f"{item['givenName']} {item['familyName']}"))
    return people, organizations


def _urls(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for item in _resolve(value, by_id) if value is not None else ():
        if isinstance(item, dict):
            yield from _first(item, "url", "contentUrl", "@id")
        else:
            yield from _strings(item)


def _access_of_parts(node: dict[str, Any]) -> tuple[str, ...]:
    """What the object's parts state where it states nothing itself: one closed part closes the article."""
    parts = node.get("hasPart")
    if parts is None:
        return ()
    stated = [
        value
        for part in (parts if isinstance(parts, list) else [parts])[:50]
        if isinstance(part, dict)
        for value in _first(part, "isAccessibleForFree")
    ]
    return tuple(sorted(stated, key=lambda value: "false" not in value.lower()))[:1]


def _countries(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The countries of the publisher's addresses, or of the object's own."""
    for item in [*_resolve(node.get("publisher"), by_id), node]:
        address = item.get("address") if isinstance(item, dict) else None
        for place in _resolve(address, by_id) if address is not None else ():
            if isinstance(place, dict):
                yield from islice(_strings(place.get("addressCountry")), 1)


def _statements(node: dict[str, Any], by_id: dict[str, dict[str, Any]], rules: MetadataRules) -> Statements:
    type_name, rank = _type_of(node, rules)
    people, organizations = _names(node.get("author"), by_id)
    if not people and not organizations:
        people, organizations = _names(node.get("creator"), by_id)
    publisher_people, publishers = _names(node.get("publisher"), by_id)
    return Statements(
        type=type_name,
        rank=rank,
        headline=_first(node, "headline"),
        name=_first(node, "name"),
        alternative_headline=_first(node, "alternativeHeadline", "alternateName"),
        description=_first(node, "description"),
        authors=tuple(people),
        author_organizations=tuple(organizations),
        published=_first(node, "datePublished", "dateCreated"),
        modified=_first(node, "dateModified"),
        url=_first(node, "url") + tuple(_urls(node.get("mainEntityOfPage"), by_id)),
        publisher=tuple(publishers + publisher_people),
        country=tuple(_countries(node, by_id)),
        section=_first(node, "articleSection"),
        keywords=_first(node, "keywords"),
        license=_first(node, "license"),
        copyright=_first(node, "copyrightNotice"),
        image_url=tuple(_urls(node.get("image"), by_id)) or tuple(_urls(node.get("thumbnailUrl"), by_id)),
        language=_first(node, "inLanguage"),
        is_accessible_for_free=_first(node, "isAccessibleForFree") or _access_of_parts(node),
        article_body=_article_body(node) if rank == ARTICLE else "",
    )


def _article_body(node: dict[str, Any]) -> str:
    """The text that the object states as the article's, or nothing where it is longer than any article."""
    body = node.get("articleBody")
    return fold_text(body) if isinstance(body, str) and len(body) <= _MAX_BODY else ""


_MAX_BODY = 200_000
