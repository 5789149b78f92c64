"""Plain text → typed blocks: every line with something visible on it is one block of kind `line`.

Before: "A headline\\r\\n\\r\\n By Staff"  After: blocks 0–10 "A headline" and 15–23 "By Staff" of the same text.
"""

from __future__ import annotations

import re

from schemas.codes import BlockKind, RejectCode
from schemas.errors import RecordError
from schemas.records import Block, DecodedDocument, ParsedDocument

# Line ends of all systems, Unicode's line and paragraph separators, next line, vertical tab and form feed.
_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")


MAX_LINES = 50_000
"""The default of the setting input.max_lines."""


def parse_text(document: DecodedDocument, max_lines: int = MAX_LINES) -> ParsedDocument:
    """The lines of `document.text` as blocks, in order, without the white space around them.

    Offsets are code points of the text exactly as decoded; nothing is normalised yet. Raises `RecordError` (no_text) when
    the text is empty or white space only, (too_many_lines) when more than `max_lines` have something on them.
    """
    blocks: list[Block] = []
    for match in _LINE.finditer(document.text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            if len(blocks) == max_lines:
                raise RecordError(
                    RejectCode.TOO_MANY_LINES, f"{document.source.name} has more than {max_lines:,} lines"
                )
            start = match.start() + len(line) - len(line.lstrip())
            blocks.append(Block(start, start + len(stripped), BlockKind.LINE))
    if not blocks:
        raise RecordError(
            RejectCode.NO_TEXT, f"all {len(document.text)} characters of {document.source.name} are white space"
        )
    return ParsedDocument(
        source=document.source,
        charset=document.charset,
        text=document.text,
        blocks=tuple(blocks),
        normalizations=document.normalizations,
    )
