"""Reads RSS 2.0, RSS 1.0 (RDF) and Atom, one record an item.

Before: `<item><title>Harbour reopens</title><description>&lt;p&gt;The harbour ...</description></item>`. After: the RawDocument
`feed.xml#I1`, payload HTML, content "<p>The harbour ...", headline "Harbour reopens". Elements: RSS 2.0 specification, RFC 4287, the RSS modules
content, Dublin Core and Media. No entity, DTD or network is ever followed.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject, SuppliedFields
from transforms.decoding.charset import decode_bytes
from transforms.read.entry import Entry
from transforms.read.fields import clean
from transforms.read.jsonl import too_large
from transforms.read.markup import has_entities, looks_like_html
from transforms.read.source import ByteSource

_TOKEN = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?:[A-Za-z_][\w.-]*:)?(item|entry)(?=[\s/>])")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_SURROGATE = re.compile(
    r"&#(?:0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3])|[xX]0*[dD][89A-Fa-f][0-9A-Fa-f]{2});"
)
"""References to surrogates, which are no characters; a forgiving parser keeps them, and their text can't be decoded."""
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(?:\[.{0,65536}?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DOCTYPE_START = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{1,2000}>")
_MAIL_NAME = re.compile(r"\S+@\S+\s*\(([^()]+)\)\s*$")

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_XML = "{http://www.w3.org/XML/1998/namespace}"


class _Slice(NamedTuple):
    start: int
    end: int


def read_feed(source: ByteSource, entry: Entry, kind: SourceFormat) -> Iterator[RawDocument | Reject]:
    """One record an item, ids I1, I2 … in the feed's order. An item that the file's end cuts is a corrupt_container reject (or part of
    the damage that the caller tells)."""
    limit = entry.settings.max_record_bytes
    raw = source.read(limit + 1)
    if len(raw) > limit:
        yield too_large(entry, "I1", source.skip(head=raw), 0)
        return
    slices, open_at = _slices(raw)
    whole = raw
    if open_at is not None:
        whole = raw[: slices[-1].end] if slices else b""
    if source.damage is not None:
        last = slices[-1].end if slices else 0
        whole = raw[:last]
        source.unread(raw[last:])
    number = 0
    if whole.strip():
        root = _parse(whole)
        if root is None:
            yield entry.reject("I1", RejectCode.CORRUPT_CONTAINER, "the feed is no XML that can be read", raw)
            return
        items = list(root.iter("{*}item", "{*}entry"))
        if len(items) != len(slices) and open_at is not None:
            items = items[: len(slices)] if slices else items
        about = _Channel(root)
        for number, element in enumerate(items, 1):
            piece = slices[number - 1] if len(items) == len(slices) else None
            own = raw[piece.start : piece.end] if piece else etree.tostring(element, encoding="utf-8", with_tail=False)
            yield _record(entry, element, about, kind, f"I{number}", own, piece.start if piece else 0)
    if open_at is not None and source.damage is None:
        message = "the file ends inside this item"
        yield entry.reject(f"I{number + 1}", RejectCode.CORRUPT_CONTAINER, message, raw[open_at:], open_at)


def _slices(raw: bytes) -> tuple[list[_Slice], int | None]:
    """Where each item's bytes lie, and where an item starts that is never closed."""
    found: list[_Slice] = []
    place, depth, start = 0, 0, 0
    while match := _TOKEN.search(raw, place):
        place = match.end()
        if match[2] is None:
            stop = b"]]>" if match[0].startswith(b"<![") else b"-->"
            end = raw.find(stop, place)
            if end < 0:
                break
            place = end + 3
        elif match[1]:
            close = raw.find(b">", place)
            depth -= depth > 0
            if depth == 0 and close >= 0 and start >= 0:
                found.append(_Slice(start, close + 1))
                start = -1
        else:
            close = raw.find(b">", place)
            if close < 0:
                return found, match.start() if depth == 0 else start
            if raw[close - 1 : close] == b"/":
                if depth == 0:
                    found.append(_Slice(match.start(), close + 1))
                continue
            if depth == 0:
                start = match.start()
            depth += 1
    return found, start if depth > 0 else None


def _parse(raw: bytes) -> etree._Element | None:
    text = decode_bytes(raw, markup=True).text
    text = _DECLARATION.sub("", text[:1000], count=1) + text[1000:]
    doctype = _DOCTYPE_START.search(text, 0, 65536)
    # Tried at one place only: a search for the whole pattern would start again at each of a million "<!DOCTYPE".
    doctype = _DOCTYPE.match(text, doctype.start()) if doctype else None
    if doctype:
        text = text[: doctype.start()] + text[doctype.end() :]
    text = _SURROGATE.sub("\ufffd", _NAMED.sub(_numeric, text))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _numeric(match: re.Match[str]) -> str:
    """HTML's named characters, which XML doesn't know and a forgiving parser would drop ("caf&eacute;")."""
    if match[1] in _XML_OWN:
        return match[0]
    known = html.entities.html5.get(match[1] + ";")
    return known if known and "<" not in known and "&" not in known else match[0]


class _Channel:
    """What the feed states for all its items."""

    def __init__(self, root: etree._Element) -> None:
        channel = root.find("{*}channel")
        top = root if channel is None else channel
        self.publisher = _stated(top, "{*}title", _DC + "publisher")
        self.language = _stated(top, "{*}language", _DC + "language") or root.get(_XML + "lang")
        self.license = _stated(top, _DC + "rights", "{http://www.w3.org/2005/Atom}rights", "{*}license")
        self.author = tuple(_names(top.findall("{http://www.w3.org/2005/Atom}author")))


def _stated(element: etree._Element, *names: str) -> str | None:
    """The text of the first of these children that has any, free of markup."""
    for name in names:
        for child in element.findall(name):
            text = _plain("".join(child.itertext()))
            if text:
                return text
    return None


def _plain(text: str) -> str | None:
    """Text as it would be shown: a title's own tags and character references undone, white space folded."""
    if "<" in text:
        text = _TAGS.sub(" ", text) if looks_like_html(text) or _TAGS.search(text) else text
    if "&" in text:
        text = html.unescape(text)
    return clean(" ".join(text.split())) or None


def _names(elements: list[etree._Element]) -> Iterator[str]:
    for element in elements:
        name = _stated(element, "{*}name") or _plain("".join(element.itertext()))
        if name:
            mail = _MAIL_NAME.search(name)
            yield mail[1].strip() if mail else name


def _body(element: etree._Element) -> tuple[str, Payload, str | None]:
    """The item's text or markup, which of both it is, and the tag it came from."""
    for name in (_CONTENT, "{*}content", "{*}description", "{*}summary", _MEDIA + "description", _DC + "description"):
        for child in element.findall(name):
            if child.tag == _MEDIA + "content":
                continue
            if child.get("type") == "xhtml" or (
                len(child) and child.find("{http://www.w3.org/1999/xhtml}*") is not None
            ):
                text = (child.text or "") + "".join(
                    etree.tostring(inner, encoding="unicode", method="html") for inner in child
                )
                payload = Payload.HTML
            else:
                text = "".join(child.itertext())
                html_like = looks_like_html(text) or has_entities(text) or child.get("type") in ("html", "text/html")
                payload = Payload.HTML if html_like else Payload.TEXT
            if text.strip():
                return text, payload, str(child.tag)
    return "", Payload.TEXT, None


def _link(element: etree._Element) -> str | None:
    for child in element.findall("{*}link"):
        if child.get("href") and child.get("rel", "alternate") == "alternate":
            return clean(str(child.get("href")).strip()) or None
        if child.text and child.text.strip() and not child.get("href"):
            return clean(child.text.strip())
    guid = element.find("{*}guid")
    if guid is not None and guid.get("isPermaLink") != "false" and (guid.text or "").strip().startswith("http"):
        return clean((guid.text or "").strip())
    return None


def _image(element: etree._Element) -> str | None:
    for child in (
        *element.iter(_MEDIA + "content"),
        *element.iter(_MEDIA + "thumbnail"),
        *element.findall("{*}enclosure"),
    ):
        kind = child.get("medium") or child.get("type") or ""
        if child.get("url") and (kind.startswith("image") or child.tag == _MEDIA + "thumbnail"):
            return clean(str(child.get("url")).strip())
    return None


def _record(
    entry: Entry, element: etree._Element, about: _Channel, kind: SourceFormat, number: str, raw: bytes, offset: int
) -> RawDocument | Reject:
    record_id = entry.record_id(number)
    content, payload, tag = _body(element)
    if not content:
        error = RecordError(RejectCode.MISSING_TEXT, "the feed item has no content, description or summary")
        return entry.reject(record_id, error.code, error.message, raw, offset)
    url = _link(element)
    summary = _stated(element, "{*}description", "{*}summary") if tag not in (None, *_summary_tags(element)) else None
    authors = tuple(dict.fromkeys(_names([*element.findall("{*}author"), *element.findall(_DC + "creator")])))
    keywords = (
        _plain(child.get("term") or child.get("label") or "".join(child.itertext()))
        for child in (*element.findall("{*}category"), *element.findall(_DC + "subject"))
    )
    return RawDocument(
        source_uri=entry.uri(record_id),
        name=entry.name(record_id),
        format=kind,
        payload=payload,
        raw=raw,
        content=content,
        byte_offset=offset,
        url=url,
        supplied=SuppliedFields(
            headline=_stated(element, "{*}title"),
            description=summary,
            authors=authors or about.author,
            published=_stated(
                element, "{*}pubDate", "{*}published", "{*}issued", _DC + "date", _DCTERMS + "issued", "{*}created"
            ),
            modified=_stated(element, "{*}updated", "{*}modified", _DCTERMS + "modified"),
            url=url,
            publisher=_stated(element, "{*}source/{*}title", "{*}source") or about.publisher,
            language=_stated(element, _DC + "language") or element.get(_XML + "lang") or about.language,
            keywords=tuple(dict.fromkeys(word for word in keywords if word)),
            license=_stated(element, _DC + "rights", "{*}rights", "{*}license") or about.license,
            image_url=_image(element),
        ),
    )


def _summary_tags(element: etree._Element) -> tuple[str, ...]:
    return tuple(str(child.tag) for name in ("{*}description", "{*}summary") for child in element.findall(name))
