"""Reads licence texts and URLs into SPDX identifiers, and tells copyright notices.

Before: "… under a Creative Commons Attribution-ShareAlike 3.0 Unported License."  After: "CC-BY-SA-3.0".
Identifiers and wordings are configs/licenses.toml; SPDX has none for a Creative Commons licence without its version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from transforms.fold import fold_characters, fold_letters

_MAX_TEXT = 4000
_URL = re.compile(
    r"creativecommons\.org/licenses/(by(?:-(?:nc|nd|sa)){0,2})/(\d\.\d)(?:/([a-z]{2,4})\b(?!\.))?", re.IGNORECASE
)
_VERSION = re.compile(r"(?<![\d.])([1-4]\.\d)(?![\d.]*\d)")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_REACH = 160
"""Characters after the mention in which elements and version stand."""
_YEAR = r"(?:19|20)\d\d"
_NOTICE = re.compile(
    rf"(?:©|\(c\)\s*(?=copyright|{_YEAR})|ⓒ|&copy;|\bcopyright\b(?=[\s,:]*(?:©|\(c\)|by\b|{_YEAR}))|{_YEAR}\s*©"
    r"|\ball rights reserved\b)",
    re.IGNORECASE,
)
_COPYRIGHT_NAME = re.compile(
    r"\s*(?i:copyright|\(c\))[:\s]+(?:by\s+)?[A-Z][\w&'.-]*(?: [A-Z][\w&'.,-]*| of| the| and| &){0,7}\W*"
)


@dataclass(frozen=True, slots=True)
class LicenseRules:
    """What names a Creative Commons licence, patterns of its elements (in SPDX order), known identifiers, ports by name,
    other licences."""

    mention: re.Pattern[str]
    elements: tuple[tuple[str, re.Pattern[str]], ...]
    identifiers: frozenset[str]
    ports: Mapping[str, str]
    others: tuple[tuple[str, re.Pattern[str]], ...]

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
    text = fold_characters(text[:_MAX_TEXT])
    url = _URL.search(text)
    if url is not None:
        return _identifier(url.group(1).upper(), url.group(2), (url.group(3) or "").upper(), loaded)
    for spdx, pattern in loaded.others:
        if pattern.search(text):
            return spdx
    for mention in loaded.mention.finditer(text):
        stretch = text[mention.start() : mention.end() + _REACH]
        version = _VERSION.search(stretch)
        if version is None:
            continue
        named = stretch[: version.start()]
        found = [name for name, pattern in loaded.elements if pattern.search(named)]
        if "BY" not in found or ("ND" in found and "SA" in found):
            continue
        after = stretch[version.end() : version.end() + 30].lower()
        port = next(
            (code for name, code in sorted(loaded.ports.items()) if re.match(rf"\W*{re.escape(name)}\b", after)), ""
        )
        identifier = _identifier("-".join(found), version.group(1), port, loaded)
        if identifier is not None:
            return identifier
    return None


def copyright_notice_of(line: str) -> str | None:
    """`line` with its spaces folded, if it is a copyright notice: it has ©, "Copyright" with a year, or "All rights
    reserved"; else None."""
    text = " ".join(line[:_MAX_TEXT].split())
    if _NOTICE.search(text) or _COPYRIGHT_NAME.fullmatch(text):
        return text
    return None


def _identifier(elements: str, version: str, port: str, rules: LicenseRules) -> str | None:
    elements = elements.replace("-SA-NC", "-NC-SA").replace("-ND-NC", "-NC-ND")
    plain = f"CC-{elements}-{version}"
    for candidate in (f"{plain}-{port}", plain):
        if candidate in rules.identifiers:
            return candidate
    return None


def _element_pattern(wordings: Sequence[str]) -> re.Pattern[str]:
    """One expression of a licence element's wordings; those of scripts without spaces may stand inside a word."""
    unspaced = [wording for wording in wordings if _UNSPACED.search(wording)]
    spaced = [fold_letters(wording) for wording in wordings if wording not in unspaced]
    return re.compile("|".join([rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", *unspaced]), re.IGNORECASE)


@lru_cache(maxsize=1)
def _load() -> LicenseRules:
    document = read_toml("licenses.toml")
    elements, spdx, ports, others = (document[key] for key in ("elements", "spdx", "ports", "other"))
    assert isinstance(elements, dict)
    assert isinstance(spdx, dict)
    assert isinstance(ports, dict)
    assert isinstance(others, list)
    return LicenseRules(
        mention=re.compile(fold_letters("|".join(text_list(document, "mentions"))), re.IGNORECASE),
        elements=tuple((name, _element_pattern(text_list(elements, name))) for name in ("BY", "NC", "ND", "SA")),
        identifiers=frozenset((*text_list(spdx, "identifiers"), *text_list(spdx, "ported"))),
        ports=ports,
        others=tuple((other["spdx"], re.compile(other["pattern"], re.IGNORECASE)) for other in others),
    )
