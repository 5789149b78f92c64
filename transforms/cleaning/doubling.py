"""Finds what stands in a text twice: paragraphs of a doubled body, leftovers between copies.

Before: paragraphs A B C A′ X B C, where A′ differs in spaces and X is short  After: A′, B, C are repeats and X an intruder.

All functions are linear: paragraphs are compared by key in a table. Keys come from `paragraph_key`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.cleaning.clean_settings import Doubling

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MAX_DATELINE = 60
"""Characters without spaces: place, agency, date and dash at the start of a first paragraph."""
_DATELINE_ENDS = "-–—―=＝电電讯訊"
"""What a dateline ends with: a dash, in Korean an equals sign, in Chinese "wire" or "dispatch"."""
_STEP = 3
"""How many paragraphs of the first copy a run may skip: leftovers that stand in only one copy."""

SHORTEST_DOUBLED = 200
"""Characters of the shortest paragraph in which `second_copy_within` looks."""


def paragraph_key(text: str) -> str:
    """What two copies of a paragraph share: its characters without spaces, quotes in one form, case kept."""
    key = text.replace(" ", "")
    if key.isascii():
        return key.replace('"', "'")
    for quote in set(_QUOTE.findall(key)):  # Few kinds each: faster than a table over all characters.
        key = key.replace(quote, "'")
    return key


def key_size(key: str) -> int:
    """The length of a key in characters, where a Chinese or Japanese one counts as two: it says as much."""
    return len(key) if key.isascii() else len(key) + len(_CJK.findall(key))


def may_repeat(texts: Sequence[str]) -> bool:
    """Whether two of `texts` have the same `paragraph_key`; makes only few of the keys, which are dear."""
    # What the key leaves as it is: the number of visible characters and of some letters.
    by_length: dict[int, list[str]] = {}
    for text in texts:
        by_length.setdefault(len(text) - text.count(" "), []).append(text)
    for alike in by_length.values():
        if len(alike) > 1:
            signs = [(text.count("e"), text.count("r")) for text in alike]
            if len(set(signs)) < len(signs):
                keys = {paragraph_key(text) for text in alike}
                if len(keys) < len(alike):
                    return True
    return False


_QUOTE = re.compile('[“”„‟«»"‘’‚‛`´]')


def find_repeats(keys: Sequence[str], settings: Doubling) -> tuple[int | None, ...]:
    """For each paragraph the index of the earlier paragraph that it repeats, or None.

    Only what is clearly a doubling counts: a run of two or more paragraphs that repeat such a run, or a single paragraph
    of `min_characters` that follows its original at once or ends the text. A paragraph that comes back elsewhere, such as
    a refrain or the same caution in two sections, is the article's. Empty keys never repeat.
    """
    first: dict[str, int] = {}
    repeats: list[int | None] = [None] * len(keys)
    previous: int | None = None
    skipped = 0
    for index, key in enumerate(keys):
        original = None
        if key:
            if previous is not None:
                near = range(previous + 1, min(previous + 1 + _STEP, index))
                original = next((near_by for near_by in near if keys[near_by] == key), None)
            if original is None and key_size(key) >= settings.min_characters:
                original = first.get(key)
        if original is not None:
            # A third copy repeats the first one, not the second.
            while (earlier := repeats[original]) is not None:
                original = earlier
            repeats[index] = previous = original
            skipped = 0
        else:
            first.setdefault(key, index)
            skipped += 1
            if skipped >= _STEP:
                previous = None
    # Short paragraphs at the start of a second copy: only known once the run behind them is.
    for index in range(len(keys) - 2, -1, -1):
        following = repeats[index + 1]
        if repeats[index] is None and following and keys[index] and following - 1 < index:
            repeats[index] = following - 1 if _opens_alike(keys[following - 1], keys[index], settings) else None
    return _clear_doublings(repeats)


def _opens_alike(original: str, copy: str, settings: Doubling) -> bool:
    """Whether the key of a copy's first paragraph is the original's, also where one of them lacks the dateline.

    The original may have other words before it as well: a line that the copy has on its own. The other way round that
    line would be lost.
    """
    if original == copy:
        return True
    short, long = sorted((original, copy), key=len)
    before = len(long) - len(short)
    if key_size(short) < settings.min_characters or before > _MAX_DATELINE or not long.endswith(short):
        return False
    return long is original or long[before - 1] in _DATELINE_ENDS


def _clear_doublings(repeats: Sequence[int | None]) -> tuple[int | None, ...]:
    """`repeats` without single paragraphs that neither follow their original nor end the text."""
    found = [(index, original) for index, original in enumerate(repeats) if original is not None]
    kept: list[int | None] = [None] * len(repeats)
    for position, (index, original) in enumerate(found):
        # Two on each side: a leftover that stands elsewhere in the second copy may lie between.
        neighbours = found[max(0, position - 2) : position] + found[position + 1 : position + 3]
        in_run = any(
            (index - other) * (original - other_original) > 0
            and max(abs(index - other), abs(original - other_original)) <= _STEP
            for other, other_original in neighbours
        )
        if in_run or index - original == 1 or index == len(repeats) - 1:
            kept[index] = original
    return tuple(kept)


def find_intruders(repeats: Sequence[int | None], words: Sequence[int], settings: Doubling) -> tuple[int, ...]:
    """Indices of short paragraphs that stand in one copy of a doubled stretch and not in the other.

    Both neighbours must be in both copies, side by side in the one that lacks it. `words` are the paragraphs' lengths.
    """
    found: set[int] = set()
    previous: int | None = None
    for index, original in enumerate(repeats):
        if original is None:
            continue
        if previous is not None:
            before = repeats[previous]
            between_copies = range(previous + 1, index)
            if before is not None and original > before and index - previous <= _STEP and original - before <= _STEP:
                if original - before == 1:
                    found.update(between_copies)
                elif index - previous == 1:
                    found.update(i for i in range(before + 1, original) if repeats[i] is None)
        previous = index
    return tuple(sorted(index for index in found if words[index] <= settings.intruder_max_words))


def second_copy_within(text: str) -> int | None:
    """Where in a single long paragraph its second copy starts, when all that follows repeats its beginning.

    Returns a code point offset, or None. Looks at paragraphs of 400 characters or more (a
    Chinese or Japanese one counts as two); linear.
    """
    if len(text) < 400 and (len(text) < SHORTEST_DOUBLED or key_size(text) < 400):
        return None
    opening = text[: 60 if len(text) >= 400 else 30]
    start = text.find(opening, len(opening))
    if start < 0 or start < len(text) * 0.3:
        return None
    copy = text[start:].rstrip()
    return start if text.startswith(copy) and len(copy) >= 0.4 * start else None
