r"""Reads the escapes of a text that was written as a string of a programming language and never read as one.

Before: `First line.\nShe said \"no\" in the caf\u00e9.`  After: two lines, `She said "no" in the café.`

Only a text without real line breaks, in which several escaped ones stand where sentences end: a path such as
`C:\new\notes` is none.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:([nrt\"'/\\“”‘’])|u([0-9a-fA-F]{4}))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_BREAK = re.compile(r"(?:\\r)?\\n")
_AT_SENTENCE = re.compile(r"(?:(?:^|[\s.!?…。！？।؟\"'”’»)\]:nr])(?:\\r)?\\n)|\\n(?=\s|\\|$|[^\W\d_a-z])")
_MIN_BREAKS = 2


def read_escapes(text: str) -> str:
    """`text` with its escapes read; the same object where it has none or isn't such a text. Linear."""
    if "\\n" not in text or "\n" in text.strip():
        return text
    breaks = len(_BREAK.findall(text))
    if breaks < _MIN_BREAKS or 2 * len(_AT_SENTENCE.findall(text)) < breaks:
        return text
    read = _ESCAPE.sub(_read, text)
    # Escaped surrogate pairs become the characters they stand for.
    return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _read(match: re.Match[str]) -> str:
    sign, code = match.groups()
    if code:
        return chr(int(code, 16)) if int(code, 16) >= 0x20 else " "
    return _PLAIN.get(sign, sign)
