"""Decodes HTML character references that were left in text: what a page escaped twice, or a feed that was never read as HTML.

Before: "Tom &amp;amp; Ana said &#8220;yes&quot;&nbsp;&hellip;"  After: "Tom & Ana said “yes" …".

Only references with their semicolon, of the names that HTML has: "AT&T; R&D;" stay. Decoded as often as it takes, so that
decoding twice changes nothing.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

_REFERENCE = re.compile("&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSAND = "(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);"
_AMPERSANDS = re.compile(f"&(?:{_AMPERSAND})+")
_NESTED = re.compile(f"&(?:{_AMPERSAND})*(?:#(?:[0-9]{{1,7}}|[xX][0-9a-fA-F]{{1,6}})|[A-Za-z][A-Za-z0-9]{{1,31}});")


def decode_references(text: str) -> str:
    """`text` with its references decoded; the same object where there are none. Idempotent."""
    while "&" in text:
        # At once, because a text may have been escaped as often as it is long.
        decoded = _REFERENCE.sub(_decoded, _AMPERSANDS.sub("&", text))
        if decoded == text:
            break
        text = decoded
    return text


def decode_in_place(text: str) -> str:
    """`text` of the same length with each reference decoded and followed by spaces, so that offsets still hold."""
    return _NESTED.sub(lambda match: decode_references(match.group()).ljust(len(match.group())), text)


def _decoded(match: re.Match[str]) -> str:
    reference = match.group()
    if reference[1] != "#":
        return html5.get(reference[1:], reference)
    character = html.unescape(reference)
    # What is no character, or one that nobody sees but a line end or a tab, is left as it stands.
    return reference if not character or character == "\ufffd" or _is_control(character) else character


def _is_control(character: str) -> bool:
    return character < " " and character not in "\t\n\r"
