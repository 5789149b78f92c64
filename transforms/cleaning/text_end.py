"""Finds leftovers on the last line of an article, behind its last sentence.

Before: "… have written letters in opposition. NA/PA     All Content by Example Agency is licensed under …"
After: two stretches, the desk's mark and the licence sentence.

Text that lost its line breaks keeps leftovers in its last paragraph. They begin where a sentence ends, or behind a gap of
several spaces, which is all that is left of a break; and a rule must describe them from there to the end.
"""

from __future__ import annotations

import re

from schemas.records import Cut
from schemas.rules import Where
from transforms.cleaning.assemble import Stretch
from transforms.cleaning.boilerplate import cut_of, in_place
from transforms.cleaning.shapes import count_words
from transforms.cleaning.units import Lines, Unit
from transforms.normalize import normalize_text

_LOOK_BACK = 800
"""Characters before the paragraph's end in which leftovers are looked for."""
_SENTENCES = 4
"""Of how many sentences one leftover may consist."""
_MAX_STRETCHES = 12
_SENTENCE_START = re.compile("[.!?…。！？؟][\"'”’»)\\]]* +(?=[^\\W\\d_a-z]|[^\\w\\s])")
_WIDE_GAP = re.compile(r"\s{3,}|\t+")


def find_end_stretches(lines: Lines, unit: Unit, start: int) -> tuple[Stretch, ...]:
    """The leftovers at the end of `unit`, last one first; nothing before code point `start` of its text is taken."""
    text = unit.text
    end = len(text)
    breaks = [at for at in _breaks(lines, unit) if at > start]
    found: list[Stretch] = []
    while breaks and len(found) < _MAX_STRETCHES:
        for at in reversed(breaks[-_SENTENCES:]):
            cut = _cut_of(lines, text[at:end].strip())
            if cut is not None:
                found.append(Stretch(at, end, cut))
                end = at
                break
        else:
            break
        breaks = [at for at in breaks if at < end]
    return tuple(found)


def _cut_of(lines: Lines, sentences: str) -> Cut | None:
    rules = lines.rules_of(sentences, count_words(sentences))
    return next((cut_of(rule) for rule in rules if in_place(rule, Where.TAIL)), None)


def _breaks(lines: Lines, unit: Unit) -> list[int]:
    """Code points of the unit's text, ascending, at which a leftover could begin."""
    text = unit.text
    low = max(0, len(text) - _LOOK_BACK)
    found = {match.end() for match in _SENTENCE_START.finditer(text, low)}
    piece = unit.paragraph.pieces[-1]
    raw = lines.parsed.text[piece.start : piece.end]
    gaps = list(_WIDE_GAP.finditer(raw, max(0, len(raw) - 2 * _LOOK_BACK)))
    for gap in gaps[-8 * _SENTENCES :]:
        # Counted from the end: the paragraph may be long.
        found.add(len(text) - len(normalize_text(raw[gap.end() :], lines.rules.normalize)[0]))
    return sorted(at for at in found if low <= at < len(text))
