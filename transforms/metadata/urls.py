"""Normalises an article's URL, so that the same article has one address.

Before: `HTTPS://M.Example.org:443/a/harbour?utm_source=x&id=7#top`. After: `https://example.org/a/harbour?id=7`.
Follows RFC 3986 section 6.2 (case, percent-encoding, dot segments, default ports, empty path), then what sites do:
tracking parameters, AMP, mobile and print versions, AMP viewers, session ids and index files. The lists stand in
configs/urls.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from transforms.metadata.url_rules import UrlRules

MAX_URL = 4_000
"""Characters; a longer address is none."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")
_NOT_ASCII = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid|s)=[^/;]*", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[a-zA-Z0-9]")
_SLASHES = re.compile(r"(?<!:)//+")
_COUNTRY_DOMAIN = 2
"""Letters of a country's top-level domain."""


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
        if not host.isascii():
            # Internationalised names as they travel (RFC 3490): "münchen.example" is "xn--mnchen-3ya.example".
            host = host.encode("idna").decode("ascii").lower()
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host or "." not in host or _UNSAFE.search(host):
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"
    return SplitResult(parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment)


def absolute_url(url: str, base: str | None) -> str | None:
    """`url` resolved against `base`, as an http(s) address; None where that makes none."""
    stated = url.strip()
    try:
        # Most are absolute, so that joining, which takes both apart, leaves them as they are; but for an empty ";" at the end.
        joined = urljoin(base, stated) if base and (";" in stated or not _ABSOLUTE.match(stated)) else stated
    except ValueError:
        return None
    parts = _split(joined)
    return _UNSAFE.sub(lambda match: quote(match.group()), urlunsplit(parts)) if parts else None


@lru_cache(maxsize=1024)
def canonical_url(url: str | None) -> str | None:
    """The normal form of an http(s) address, or None where `url` is none. Idempotent.

    Lower-case scheme and host (internationalised names in ASCII), no default port, no fragment, no tracking or session
    parameters, the others sorted by name, no AMP, mobile or print variant, no index file, an empty path as "/". The
    scheme, "www." and a slash at the end stay as stated, so that the address can still be opened; `work_key` folds them.
    """
    parts = _split(url) if url else None
    if parts is None:
        return None
    rules = UrlRules.load()
    normal = _normal(parts, rules)
    # What is left of a viewer's address can be a viewer's again; each round takes something off.
    while (again := _split(normal)) is not None:
        if (shorter := _normal(again, rules)) == normal:
            return normal
        normal = shorter
    return None  # percent-encoding made it longer than an address may be


def _normal(parts: SplitResult, rules: UrlRules) -> str:
    parts = _shown_page(parts, rules) or parts
    host = _clean_host(parts.netloc, rules)
    return urlunsplit((parts.scheme, host, _clean_path(parts.path, rules), _clean_query(parts.query, rules), ""))


def work_key(url: str | None) -> str | None:
    """What all addresses of one article have in common: its normal form without scheme, "www." and slash at the end.

    None where `url` is none, or only a site's front page: that names no article.
    """
    return normal_key(canonical_url(url))


def normal_key(normal: str | None) -> str | None:
    """`work_key` of an address that is in its normal form."""
    parts = _split(normal) if normal else None
    if parts is None or (not parts.path.strip("/") and not parts.query):
        return None
    host = parts.netloc[4:] if parts.netloc.startswith("www.") and parts.netloc.count(".") > 1 else parts.netloc
    return f"{host}{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}"


def _shown_page(parts: SplitResult, rules: UrlRules) -> SplitResult | None:
    """The page that an AMP viewer's address shows, or None where it is no viewer."""
    for host, path in rules.viewers:
        if host.fullmatch(parts.netloc):
            found = path.match(parts.path)
            if found:
                query = f"?{parts.query}" if parts.query else ""
                return _split(f"{'https' if found.group(1) else 'http'}://{parts.path[found.end() :]}{query}")
    return None


def _clean_host(netloc: str, rules: UrlRules) -> str:
    host, colon, port = netloc.partition(":")
    labels = host.split(".")
    # m.example.org, but not m.org nor m.co.uk; "en.m.example.org" loses its second label.
    own = 3 if len(labels[-1]) == _COUNTRY_DOMAIN and labels[-2] in rules.registry_labels else 2
    place = 0
    while place < 2 and len(labels) - place > own:
        if labels[place] in rules.mobile_hosts:
            del labels[place]
            place = 0
        else:
            place += 1
    return ".".join(labels) + colon + port


def _clean_path(path: str, rules: UrlRules) -> str:
    path = _without_dots(_SLASHES.sub("/", _normal_escapes(_SESSION.sub("", path)))) or "/"
    before = ""
    while before != path:
        before = path
        path = rules.first_part.sub(lambda match: (match.group(1) or "") + "/", path)
        path = rules.ending.sub("", rules.last_part.sub("", path))
        folder, slash, name = path.rpartition("/")
        if name.lower() in rules.index_files:
            path = folder + slash
    return path


def _without_dots(path: str) -> str:
    """The path without "." and ".." (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept) + ("/" if parts[-1] in (".", "..") else "")


def _normal_escapes(text: str) -> str:
    """Percent-encoding in one way (RFC 3986, 6.2.2): what needs none has none, the rest in capitals, as UTF-8."""

    def escape(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if _UNRESERVED.fullmatch(character) else match.group().upper()

    plain = _NOT_ASCII.sub(lambda match: quote(match.group().encode("utf-8", "surrogatepass"), safe=""), text)
    return _ESCAPE.sub(escape, plain)


def _clean_query(query: str, rules: UrlRules) -> str:
    if not query:
        return ""
    kept = []
    for piece in query.replace("&amp;", "&").split("&"):
        name, _, value = piece.partition("=")
        name, value = unquote(name).lower(), unquote(value).lower()
        if piece and not rules.is_tracking(name) and not rules.is_version(name, value):
            kept.append(_normal_escapes(piece))
    return "&".join(sorted(kept, key=lambda piece: piece.partition("=")[0]))


def host_of(url: str | None) -> str | None:
    """The host of an address, lower case, without a leading "www." and without port; None where there is none."""
    parts = _split(url) if url else None
    if parts is None:
        return None
    host = parts.netloc.rsplit(":", 1)[0] if ":" in parts.netloc else parts.netloc
    return host[4:] if host.startswith("www.") and host.count(".") > 1 else host
