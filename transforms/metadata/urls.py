"""Normalises an article's URL, so that the same article has one address.

Before: `HTTPS://M.Example.org:443/a/harbour?utm_source=x&id=7#top`. After: `https://example.org/a/harbour?id=7`.
Follows RFC 3986 section 6.2 (case, default ports, empty path); the tracking parameters stand in configs/metadata.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from transforms.metadata.rules import MetadataRules

MAX_URL = 4_000
"""Characters; a longer address is none."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")
_AMP_SUFFIX = re.compile(r"(?<=[^/])(?:/amp/?|\.amp(?=$)|\.amp(?=\.html?$))$|\.amp(?=\.html?$)")
_AMP_PREFIX = re.compile(r"^/amp/(?=.)")


def _split(url: str) -> SplitResult | None:
    text = url.strip()
    return _split_bounded(text) if 0 < len(text) <= MAX_URL else None


@lru_cache(maxsize=1024)
def _split_bounded(text: str) -> SplitResult | None:
    if text.startswith("//"):
        text = "https:" + text
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host or "." not in host or _UNSAFE.search(host):
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"
    return SplitResult(parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment)


def absolute_url(url: str, base: str | None) -> str | None:
    """`url` resolved against `base`, as an http(s) address; None where that makes none."""
    try:
        joined = urljoin(base, url.strip()) if base else url.strip()
    except ValueError:
        return None
    parts = _split(joined)
    return _UNSAFE.sub(lambda match: quote(match.group()), urlunsplit(parts)) if parts else None


@lru_cache(maxsize=1024)
def canonical_url(url: str | None) -> str | None:
    """The normal form of an http(s) address, or None where `url` is none. Idempotent.

    Lower-case scheme and host, no default port, no fragment, no tracking parameters (the others stay in their order), no
    AMP or mobile variant, an empty path as "/".
    """
    parts = _split(url) if url else None
    if parts is None:
        return None
    rules = MetadataRules.load()
    labels = parts.netloc.lower().split(".")
    # m.example.org, but not m.org; "en.m.example.org" loses its second label.
    for place in (0, 1):
        if len(labels) - place >= 3 and labels[place] in rules.mobile_hosts:
            del labels[place]
            break
    path = _UNSAFE.sub(lambda match: quote(match.group()), parts.path) or "/"
    stripped = _AMP_PREFIX.sub("/", _AMP_SUFFIX.sub("", path)) or "/"
    while stripped != path:
        path, stripped = stripped, _AMP_PREFIX.sub("/", _AMP_SUFFIX.sub("", stripped)) or "/"
    return urlunsplit((parts.scheme, ".".join(labels), path, _clean_query(parts.query, rules), ""))


def _clean_query(query: str, rules: MetadataRules) -> str:
    if not query:
        return ""
    kept = []
    for piece in query.split("&"):
        name = unquote(piece.split("=", 1)[0]).lower()
        if piece and name not in rules.tracking and not name.startswith(rules.tracking_prefixes):
            kept.append(_UNSAFE.sub(lambda match: quote(match.group()), piece))
    return "&".join(kept)


def host_of(url: str | None) -> str | None:
    """The host of an address, lower case, without a leading "www." and without port; None where there is none."""
    parts = _split(url) if url else None
    if parts is None:
        return None
    host = parts.netloc.rsplit(":", 1)[0] if ":" in parts.netloc else parts.netloc
    return host[4:] if host.startswith("www.") and host.count(".") > 1 else host
