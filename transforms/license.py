"""Reads licence texts and URLs into SPDX identifiers, and tells copyright notices.

Before: "… under a Creative Commons Attribution-ShareAlike 3.0 Unported License."  After: "CC-BY-SA-3.0".
Identifiers and wordings are configs/licenses.toml; SPDX has none for a Creative Commons licence without its version.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from configs.toml import read_toml, text_list
from transforms.fold import fold_characters, fold_letters

_MAX_TEXT = 4000
_URL = re.compile(
    r"creativecommons\.org/licen[cs]es/((?:by|sa|nc|nd)(?:-(?:by|nc|nd|sa)){0,3})/(\d\.\d)(?:/([a-z]{2,4})\b(?!\.))?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?<![\d.])([1-4]\.\d)(?![\d.]*\d)")
_CODES = re.compile(r"(?<![^\W_])(by|nc|nd|sa)(?![^\W_])", re.IGNORECASE)
# Codes joined by hyphens: what stands among them and is none of Creative Commons' names another licence ("BY-XX").
_CHAIN = re.compile(r"(?<![^\W_])(?:by|nc|nd|sa)(?:-[a-z]{2}(?![^\W_]))+", re.IGNORECASE)
_REACH = 160
"""Characters after the mention in which elements and version stand."""
_AFTER_VERSION = 40
"""Characters after the version in which elements can stand ("Creative Commons 4.0 BY-SA") or the port."""
_SCOPES = re.compile(r"(?:unported|generic|international)+")
_ORDER = ("BY", "NC", "ND", "SA")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
_YEAR = r"(?:19|20)\d\d"
_NOTICE = re.compile(
    rf"(?:©|\(c\)\s*(?=copyright|{_YEAR})|ⓒ|&copy;|\bcopyright\b(?=[\s,:]*(?:©|\(c\)|by\b|{_YEAR}))|{_YEAR}\s*©)",
    re.IGNORECASE,
)
_COPYRIGHT_NAME = re.compile(
    rf"\s*(?i:copyright|\(c\))[:\s]+(?:by\s+)?[A-Z][\w&'.-]*(?: [A-Z][\w&'.,-]*| of| the| and| &){{0,7}}(?:,? {_YEAR})?\W*"
)


@dataclass(frozen=True, slots=True)
class LicenseRules:
    """What names a Creative Commons licence (strongly; weakly), squeezed wordings of its elements, known identifiers,
    squeezed names of ports, other licences, squeezed wordings of copyright notices."""

    mention: re.Pattern[str]
    weak_mention: re.Pattern[str]
    elements: Mapping[str, tuple[str, ...]]
    identifiers: frozenset[str]
    ports: Mapping[str, tuple[str, ...]]
    others: tuple[tuple[str, re.Pattern[str]], ...]
    notices: tuple[str, ...]

    @staticmethod
    def load() -> LicenseRules:
        """The built-in list (cached)."""
        return _load()


def spdx_of(text: str, rules: LicenseRules | None = None) -> str | None:
    """The SPDX identifier of the first licence that `text` (a sentence or a URL) names; None where there is none.

    A Creative Commons licence needs its version. A port ("3.0 Germany", ".../3.0/de/") counts where SPDX has an
    identifier for it; else the licence without the port is given.
    """
    loaded = rules or LicenseRules.load()
    text = fold_characters(text[:_MAX_TEXT]).translate(_DIGITS)
    url = _URL.search(text)
    if url is not None:
        return _identifier(url.group(1).upper().split("-"), url.group(2), (url.group(3) or "").upper(), loaded)
    for spdx, pattern in loaded.others:
        if pattern.search(text):
            return spdx
    for least, mentions in ((1, loaded.mention), (2, loaded.weak_mention)):
        for mention in mentions.finditer(text):
            identifier = _named_identifier(text[mention.start() : mention.end() + _REACH], least, loaded)
            if identifier is not None:
                return identifier
    return None


def copyright_notice_of(line: str, rules: LicenseRules | None = None) -> str | None:
    """`line` with its spaces folded, if it is a copyright notice: it has ©, "Copyright" with a year or nothing but a name,
    or the words of "All rights reserved" in some language; else None."""
    text = " ".join(line[:_MAX_TEXT].split())
    if _NOTICE.search(text) or _COPYRIGHT_NAME.fullmatch(text):
        return text
    squeezed = _squeeze(text)
    return text if any(words in squeezed for words in (rules or LicenseRules.load()).notices) else None


def _named_identifier(stretch: str, least: int, rules: LicenseRules) -> str | None:
    """The identifier of a stretch that begins with the mention of a licence; `least` elements must be named."""
    version = _VERSION.search(stretch)
    if version is None:
        return None
    after = stretch[version.end() : version.end() + _AFTER_VERSION]
    for named in (stretch[: version.start()], after):
        if _has_unknown_code(named, rules):
            return None
        found = _elements(named, rules)
        if len(found) >= least:
            return _identifier(found, version.group(1), _port(after, rules), rules)
    return None


def _has_unknown_code(named: str, rules: LicenseRules) -> bool:
    codes = (code for chain in _CHAIN.findall(named) for code in chain.upper().split("-"))
    return any(code not in _ORDER and code not in rules.ports for code in codes)


def _elements(named: str, rules: LicenseRules) -> list[str]:
    squeezed = _squeeze(named)
    codes = {code.upper() for code in _CODES.findall(named)}
    return [name for name in _ORDER if name in codes or any(wording in squeezed for wording in rules.elements[name])]


def _port(after: str, rules: LicenseRules) -> str:
    code = re.match(r"\W*([A-Z]{2,3})\b", after)
    if code and code.group(1) in rules.ports:
        return code.group(1)
    squeezed = _SCOPES.sub("", _squeeze(after), count=1)
    return next((code for code, names in rules.ports.items() if squeezed.startswith(names) and names), "")


def _identifier(elements: list[str], version: str, port: str, rules: LicenseRules) -> str | None:
    plain = f"CC-{'-'.join(name for name in _ORDER if name in elements)}-{version}"
    return next((name for name in (f"{plain}-{port}", plain) if name in rules.identifiers), None)


def _squeeze(text: str) -> str:
    """Letters only, without case and accents: "No-Comercial" and "NoComercial" become one."""
    if text.isascii():
        return "".join(filter(str.isalpha, text.lower()))
    folded = unicodedata.normalize("NFKD", fold_letters(text).casefold()).replace("\u0131", "i")
    return "".join(filter(str.isalpha, folded))


@lru_cache(maxsize=1)
def _load() -> LicenseRules:
    document: Any = read_toml("licenses.toml")
    elements, spdx, ports = document["elements"], document["spdx"], document["ports"]

    def pattern(key: str) -> re.Pattern[str]:
        return re.compile(fold_letters("|".join(text_list(document, key))), re.IGNORECASE)

    return LicenseRules(
        mention=pattern("mentions"),
        weak_mention=pattern("weak_mentions"),
        elements={name: tuple(map(_squeeze, text_list(elements, name))) for name in _ORDER},
        identifiers=frozenset((*text_list(spdx, "identifiers"), *text_list(spdx, "ported"))),
        ports={code: tuple(map(_squeeze, text_list(ports, code))) for code in ports},
        others=tuple((other["spdx"], re.compile(other["pattern"], re.IGNORECASE)) for other in document["other"]),
        notices=tuple(map(_squeeze, text_list(document["notices"], "words"))),
    )
