"""Makes text from anywhere safe to print. Before: "\\x1b[2J" (clears the screen). After: the characters `\\x1b[2J`.

Inputs, file names and error messages are strangers' text: control characters in it could move the cursor, recolour the
terminal or, by turning the direction of writing, show something else than what is there.
"""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 controls but tab and newline, lone surrogates, and the bidirectional embeddings, overrides and isolates.
# Plain right-to-left marks and joiners stay: Persian and Arabic words need them.
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """`text` with every character that a terminal would obey written as an escape; tabs and newlines stay."""
    return _UNSAFE.sub(_escape, text)


def one_line(text: str, limit: int = 1000) -> str:
    """`visible(text)` on one line, at most `limit` characters; every run of white space becomes one space."""
    folded = visible(" ".join(text[: 4 * limit].split()))
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
