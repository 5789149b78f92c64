"""Cuts a body into tokens once, for every finder of names.

Before: "U.S. envoy Brian Hook met al-Assad." After: words U.S. · envoy · Brian · Hook · met · al · Assad with their places and
whether a sentence starts there.

A token is a run of letters, digits and the marks that belong to them; an abbreviation with inner full stops ("U.S.", "J.K.") is
one token with its last stop; hyphens and apostrophes part tokens; in Chinese, Japanese kana, Thai, Lao, Khmer and Burmese each
character is a token of its own, since no spaces part words there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"(?:[^\W\d_]\.){{2,}}|[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
_SENTENCE_END = re.compile('[.!?\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f\n:;\u201c\u201e\u00ab"]')


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`, in order: `words[i]` is `text[starts[i]:ends[i]]`.

    `opens[i]` says that token i may have its capital from its place: it is the first of a line, sentence or quotation, or
    follows a colon.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    opens: tuple[bool, ...]


def tokenize(text: str) -> Tokens:
    """The tokens of a text of any script; offsets are code points."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    opens: list[bool] = []
    previous = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        words.append(match.group())
        starts.append(start)
        ends.append(end)
        opens.append(
            previous == 0 or (start - previous > 1 and _SENTENCE_END.search(text, previous, start) is not None)
        )
        previous = end
    return Tokens(text, tuple(words), tuple(starts), tuple(ends), tuple(opens))
