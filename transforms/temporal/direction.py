"""Tells whether a date without a year, or a weekday, is before or after the day it is told on.

Before: "will travel there on Sunday". After: FUTURE. "said on Sunday that it will" is PAST: the verb next before the date decides,
else the one next behind it; a verb of speech counts only right before or behind the date, since what is said has a time of its own.
"""

from __future__ import annotations

import re

from schemas.codes import Code
from transforms.temporal.grammar import DirectionWords

_SENTENCE_END = re.compile(r"[.!?;\n。！？؟](?=\s|$)|\n|[。！？؟]")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Col|Jr|Sr|Inc|Ltd|Co|Corp|No|vs|[A-Z][a-z]{2}))\Z"
)
_BEFORE = 110
_BEHIND = 60
_ADJACENT = 14
_BESIDE = 2
"""Characters that are looked at before and behind; between a verb of speech and its date ("said late on "); behind a date before
a verb of speech (", said")."""


class Direction(Code):
    """Where a date lies from the day on which it is told."""

    PAST = "past"
    FUTURE = "future"
    OPEN = "open"


def direction_of(text: str, start: int, end: int, words: DirectionWords | None) -> Direction:
    """The direction that the words of the sentence around `text[start:end]` give; OPEN where none speaks."""
    if words is None:
        return Direction.OPEN
    before = text[max(0, start - _BEFORE) : start]
    before = before[_last_stop(before) :]
    ahead = words.ahead.search(before) if words.ahead is not None else None
    if ahead is not None:
        # "By Friday the ship was out at sea" opens a sentence of the past.
        opens = not before[: ahead.start()].strip()
        return Direction.PAST if opens and _behind(text, end, words) is Direction.PAST else Direction.FUTURE
    found = Direction.OPEN
    for cue in words.cue.finditer(before):
        if cue.lastgroup != "speech":
            found = Direction(cue.lastgroup or "open")
        elif len(before) - cue.end() <= _ADJACENT:
            found = Direction.PAST
    return _behind(text, end, words) if found is Direction.OPEN else found


def _behind(text: str, end: int, words: DirectionWords) -> Direction:
    """What the rest of the sentence says from `end` on."""
    behind = text[end : end + _BEHIND]
    stop = _SENTENCE_END.search(behind)
    for cue in words.cue.finditer(behind, 0, stop.start() if stop else len(behind)):
        if cue.lastgroup != "speech":
            return Direction(cue.lastgroup or "open")
        if cue.start() <= _BESIDE:
            return Direction.PAST
    return Direction.OPEN


def _last_stop(text: str) -> int:
    """Where the last sentence of `text` begins."""
    begin = 0
    for stop in _SENTENCE_END.finditer(text):
        if stop.group() != "." or not _ABBREVIATED.search(text[: stop.start()]):
            begin = stop.end()
    return begin
