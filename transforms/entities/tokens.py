"""Cuts a body into tokens once, for every finder of names.

Before: "U.S. envoy Brian Hook met al-Assad." After: words U.S. · envoy · Brian · Hook · met · al · Assad with their places and
whether a sentence starts there.

A token is a run of letters, digits and the marks that belong to them (accents, Arabic and Hebrew vowel points, Indic vowel signs, a
zero-width joiner or non-joiner between letters); an abbreviation with inner full stops ("U.S.", "J.K.") is one token with its last
stop; hyphens and apostrophes part tokens; in Chinese, Japanese kana, Thai, Lao, Khmer and Burmese each character is a token of its
own, since no spaces part words there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from transforms.remembered import Remembered

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Combining marks (Mn, Mc) of the scripts that news is written in; Python's \w does not count them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc-\u0acd\u0ae2\u0ae3"
    "\u0b01-\u0b03\u0b3c-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c62\u0c63\u0c81-\u0c83"
    "\u0cbc-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3\u0f18\u0f19"
    "\u0f35\u0f37\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u135d-\u135f\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_JOINERS = "\u200c\u200d"
# Split at their tokens, texts give gaps and tokens in turn. Few texts need the loops over marks, and most not even the pattern for scripts
# without spaces: see `_simple`.
_PLAIN = re.compile(rf"((?:[^\W\d_]\.){{2,}}|[^\W_{_UNSPACED}]+|[{_UNSPACED}])")
_MARKED = re.compile(
    rf"((?:[^\W\d_]\.){{2,}}|[^\W_{_UNSPACED}]+(?:[{_MARKS}]+[^\W_{_UNSPACED}]*|[{_JOINERS}]+[^\W_{_UNSPACED}]+)*|[{_UNSPACED}])"
)
_HAS_MARKS = re.compile(f"[{_MARKS}{_JOINERS}]")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED[:-3]}]")
# A stop or a colon alone may stand inside a word ("example.com", "3:15"); a line break, a quotation mark or a full-width stop not.
_OPENING_GAP = re.compile(
    '[\n\u3002\uff01\uff1f\u2026\u06d4\u0964\u201c\u201e\u00ab"]|[.!?\u061f:;](?=.)|(?<=.)[.!?\u061f:;]'
)
_INNER_GAPS = frozenset((" ", "-", ", ", "'", "\u2019", "."))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`, in order: `words[i]` is `text[starts[i]:ends[i]]`.

    `opens[i]` says that token i may have its capital from its place: it is the first of a line, sentence or quotation, or
    follows a colon. `gaps[i]` is what stands before token i; one more stands behind the last. `simple` says that each token is letters and
    digits alone, or an abbreviation, as far as such reach.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    opens: tuple[bool, ...]
    gaps: tuple[str, ...]
    simple: bool


def tokenize(text: str) -> Tokens:
    """The tokens of a text of any script; offsets are code points."""
    simple = is_simple(text)
    pattern = _simple() if simple else _MARKED if _HAS_MARKS.search(text) else _PLAIN
    parts = pattern.split(text)
    words = tuple(parts[1::2])
    gaps = tuple(parts[::2])
    places = tuple(accumulate(map(len, parts)))
    opens = tuple(map(_OPENS.__getitem__, gaps))
    return Tokens(text, words, places[:-1:2], places[1::2], (True, *opens[1:-1]) if words else (), gaps, simple)


def is_simple(text: str) -> bool:
    """Whether a text has no marks on letters of their own, no script without spaces, and nothing beyond the basic plane."""
    if text.isascii():
        return True
    beyond = len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)
    return not (beyond or _HAS_MARKS.search(text) or _HAS_UNSPACED.search(text))


@lru_cache(maxsize=1)
def _simple() -> re.Pattern[str]:
    """What `_PLAIN` is for simple texts, in half the time: the letters and digits are written out, so that each character is looked up
    in one table."""
    marks = [place for place in range(0x10000) if chr(place).isalnum()]
    firsts = [place for place in marks if not chr(place - 1).isalnum()]
    lasts = [place for place in marks if not chr(place + 1).isalnum()]
    alike = "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in zip(firsts, lasts, strict=True)
    )
    return re.compile(rf"([{alike}]+(?:\.(?<=(?<![^\W_])[^\W\d_]\.)(?:[^\W\d_]\.)+)?)")


def _opens(gap: str) -> bool:
    # Nearly all gaps are one space or one hyphen, which open nothing.
    return gap not in _INNER_GAPS and _OPENING_GAP.search(gap) is not None


_OPENS = Remembered(_opens, limit=4096)
