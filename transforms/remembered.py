"""A function of one text with its answers kept in a dict, for looking up many texts at once.

Before: `[is_open(gap) for gap in gaps]`, a call each. After: `list(map(is_open_of.__getitem__, gaps))`, a look into a dict each, which is
several times as fast as `functools.lru_cache` too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_LONGEST = 64
"""Characters: answers for longer texts are worked out anew, so that odd ones can't fill the memory."""


class Remembered(dict[str, Answer]):
    """`answers[text]` is `function(text)`, worked out at most once while it is kept; `function` must depend on nothing else.

    At most `limit` answers are kept; then all are forgotten. Threads may share it: at worst an answer is worked out twice.
    """

    def __init__(self, function: Callable[[str], Answer], limit: int = 16384) -> None:
        super().__init__()
        self._function = function
        self._limit = limit

    def __missing__(self, text: str) -> Answer:
        answer = self._function(text)
        if len(text) <= _LONGEST:
            if len(self) >= self._limit:
                self.clear()
            self[text] = answer
        return answer
