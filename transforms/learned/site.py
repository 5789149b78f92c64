"""Which site an article belongs to: the host of its address, else the folder it lies in.

Before: a page that names https://m.example.org/a  After: "example.org". Before: "north/2024/a.txt" without an address  After:
"north/2024/". Hosts have no slash, folders end in one, so the two never meet.
"""

from __future__ import annotations

import re

from schemas.codes import Payload
from schemas.records import ParsedDocument, RawDocument
from transforms.metadata.urls import canonical_url, host_of

_HEAD = 128 * 1024
_CANONICAL = re.compile(rb"<(?:link|meta)\s[^>]{0,200}?(?:canonical|og:url)[^>]{0,1000}>", re.I)
_ADDRESS = re.compile(rb"https?://[^\s\"'<>]{1,1000}", re.I)


def site_of(parsed: ParsedDocument) -> str:
    """The site of an article: its host without "www." and mobile prefixes, else its folder."""
    source, stated = parsed.source, parsed.metadata.url
    return _site(source.url or source.supplied.url or (stated[0].value if stated else None), source)


def guess_site(document: RawDocument) -> str:
    """The site of a record before it is parsed: what `site_of` says of nearly all pages, at a hundredth of the time."""
    address = document.url or document.supplied.url
    if address is None and document.payload is Payload.HTML:
        named = _CANONICAL.search(document.raw, 0, _HEAD)
        found = _ADDRESS.search(named.group()) if named else None
        address = found.group().decode("ascii", "replace") if found else None
    return _site(address, document)


def _site(address: str | None, source: RawDocument) -> str:
    host = host_of(canonical_url(address) or address) if address else None
    return host or folder_of(source.name)


def folder_of(name: str) -> str:
    """The folder of a record's name, with a slash at its end; "./" for the input itself. A container's record lies where the
    container does."""
    folder, slash, _ = name.partition("#")[0].rpartition("/")
    return folder + slash if slash else "./"
