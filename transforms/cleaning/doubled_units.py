"""Finds the units of a document that say again what others say, and what was put between two copies.

Before: the paragraphs A B "Share" A B  After: the cuts of the second A and B, and of the line that only one copy has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.codes import BlockKind
from schemas.records import Cut
from transforms.cleaning import cuts
from transforms.cleaning.clean_settings import CleaningSettings
from transforms.cleaning.doubling import find_intruders, find_repeats, may_repeat, paragraph_key
from transforms.cleaning.near_doubling import find_near_repeats, may_nearly_repeat
from transforms.cleaning.shapes import ends_sentence
from transforms.cleaning.units import Lines


def find_doubled(lines: Lines, decided: Sequence[Cut | None]) -> Mapping[int, Cut]:
    """The cuts of repeated units and, in a text without markup, of short lines that stand in one copy only, by index.

    `decided` runs parallel to the units of `lines`. On a page nothing goes unless much of it is repeated: there the same
    caution or list may stand under several headings.
    """
    settings = lines.rules.settings
    limits = settings.doubling
    open_units = [
        index
        for index, unit in enumerate(lines.units)
        if decided[index] is None and unit.kind is not BlockKind.HEADLINE
    ]
    repeats = _repeats([lines.units[index].text for index in open_units], settings)
    if repeats is None:
        return {}
    words = [lines.units[index].words for index in open_units]
    if not lines.is_plain and _share(words, repeats) < limits.page_min_share:
        return {}
    found = {
        open_units[position]: cuts.BODY_REPEAT for position, original in enumerate(repeats) if original is not None
    }
    if not lines.is_plain:
        return found
    for position in find_intruders(repeats, words, limits):
        unit = lines.units[open_units[position]]
        if not ends_sentence(unit.text) or lines.is_cue(unit.text, unit.words, at_edge=True):
            found[open_units[position]] = cuts.INTRUDER
    return found


def _repeats(texts: Sequence[str], settings: CleaningSettings) -> tuple[int | None, ...] | None:
    """For each of `texts` the one it repeats, letter for letter or nearly; None where none does."""
    exact: tuple[int | None, ...] = (None,) * len(texts)
    if may_repeat(texts):
        keys = [paragraph_key(text) for text in texts]
        if len(set(keys)) < len(keys):
            exact = find_repeats(keys, settings.doubling)
    near = settings.near_doubling
    repeats = find_near_repeats(texts, exact, near) if may_nearly_repeat(texts, exact, near) else exact
    return repeats if any(original is not None for original in repeats) else None


def _share(words: Sequence[int], repeats: Sequence[int | None]) -> float:
    """How much of the open text, by words, are repeated paragraphs; 0 to 1."""
    repeated = sum(number for number, original in zip(words, repeats, strict=True) if original is not None)
    return repeated / max(1, sum(words))
