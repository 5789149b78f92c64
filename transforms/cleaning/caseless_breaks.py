"""Finds lines broken in mid-sentence in scripts without capitals, where no letter tells how a sentence begins.

Before: "两岸居民自今年春天大桥关闭以来一直" / "要求提供这项服务。"  After: the second line goes on from the first.

Two signs, both only between lines that no blank line parts and where the first has no end mark: broken lines are equally
long, which subheads, captions and items of a list are not; or the line has a comma or a full stop inside, as running text
has, in a text whose paragraphs stand apart by blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.cleaning.clean_settings import Joining
from transforms.cleaning.shapes import ends_sentence, is_list_item

# Letters without capitals: Hebrew to Tibetan, Myanmar, Korean, Ethiopic, Khmer, Japanese and Chinese.
_LETTER = re.compile(
    "[\u0590-\u0fff\u1000-\u109f\u1100-\u137f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_AMONG_LETTERS = "，、；（）《》「」“”0123456789"
"""What may stand between such letters where a line ends or begins."""
_CJK = re.compile("[，、；（）《》「」“”\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MARK = re.compile("[，。、；،؛؟।॥.,](?=.)")
_MARKED_SHARE = 0.3
_MIN_EQUAL = 3
"""So many broken lines must be equally long: two may be so by chance."""
_EQUAL_SHARE = 0.8
_CJK_ROOM = 2
"""Characters that a full line may lack: a mark that may not begin a line takes its neighbour with it to the next."""
_MIN_GAPS = 2


def find_caseless_breaks(texts: Sequence[str], gaps: Sequence[bool], settings: Joining) -> frozenset[int]:
    """Indices of `texts` that go on from the line before; `gaps` tells before which a blank line stands.

    Linear in the number of characters.
    """
    breaks = [
        index
        for index in range(1, len(texts))
        if not gaps[index] and _may_go_on(texts[index - 1], texts[index], settings)
    ]
    found: set[int] = set()
    if len(breaks) >= _MIN_EQUAL:
        width = max(len(texts[index - 1]) for index in breaks)
        full = [index for index in breaks if _is_full(texts[index - 1], texts[index], width)]
        if len(full) >= max(_MIN_EQUAL, _EQUAL_SHARE * len(breaks)) and _has_marks_inside(texts, full):
            # The first line may be a headline, which is as long as the others by chance only.
            found.update(index for index in full if index > 1 or len(texts[0]) >= width - 1)
    if sum(gaps) >= _MIN_GAPS:
        ends = _ends_in_sentence(texts, gaps)
        found.update(index for index in breaks if index > 1 and ends[index] and _MARK.search(texts[index - 1]))
    return frozenset(found)


def _may_go_on(before: str, after: str, settings: Joining) -> bool:
    minimum = settings.caseless_min if _CJK.match(before[-1:]) else 2 * settings.caseless_min
    last, first = before[-1], after[0]
    if len(before) < minimum or not (_is_caseless(last) and _is_caseless(first)):
        return False
    if not _LETTER.search(before[-3:] + after[:3]) or (last.isdigit() and first.isdigit()):
        return False  # English quotations; rows of a table.
    return not (ends_sentence(before) or is_list_item(before) or is_list_item(after))


def _is_caseless(character: str) -> bool:
    return character in _AMONG_LETTERS or _LETTER.match(character) is not None


def _is_full(before: str, after: str, width: int) -> bool:
    """Whether what `after` begins with had no room in a line of `width` characters."""
    room = width - len(before)
    return room <= _CJK_ROOM if _CJK.match(before[-1:]) else len(after.split(" ", 1)[0]) + 1 > room


def _has_marks_inside(texts: Sequence[str], full: Sequence[int]) -> bool:
    """Whether sentences end or pause inside the lines, as in running text: in verse they do at the ends, in lists nowhere."""
    lines = {place for index in full for place in (index - 1, index)}
    return sum(_MARK.search(texts[place]) is not None for place in lines) >= _MARKED_SHARE * len(lines)


def _ends_in_sentence(texts: Sequence[str], gaps: Sequence[bool]) -> list[bool]:
    """For each line whether the last one before the next blank line ends a sentence: in a list of headlines it doesn't."""
    ends = [False] * len(texts)
    for index in range(len(texts) - 1, -1, -1):
        is_last = index + 1 == len(texts) or gaps[index + 1]
        ends[index] = ends_sentence(texts[index]) if is_last else ends[index + 1]
    return ends
