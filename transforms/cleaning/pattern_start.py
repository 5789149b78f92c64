"""Tells from a regular expression with which characters a match may start, so that most expressions need not be tried.

Before: `(?:please )?(?:subscribe|sign up) to \\w+`  After: {"ple", "sub", "sig"}
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Any

from transforms.cleaning.required_text import PARSER, fold_case, is_spaces

LENGTH = 4
"""Characters of a start; a start may be shorter where what follows is unknown."""
_MAX_STARTS = 6000
_MAX_CLASS = 40
DIGIT = "0"
"""Stands for every decimal digit in a start."""

_Starts = frozenset[tuple[str, bool]]
"""Starts, each with whether what follows in the expression goes on from it."""
_ANYTHING: _Starts = frozenset([("", False)])
_NOTHING: _Starts = frozenset([("", True)])


@lru_cache(maxsize=1024)
def first_texts(pattern: str) -> frozenset[str]:
    """Case-folded texts of up to `LENGTH` characters with one of which every case-folded match starts.

    The empty text is among them where a match may start with anything. Digits are `DIGIT`, as `start_key` has them. Holds
    for lines in which one space stands between words: ` +` counts as one space.
    """
    return frozenset(text for text, _ in _starts(PARSER.parse(pattern)))


def start_key(folded: str) -> str:
    """The first `LENGTH` characters of a line, to be compared with `first_texts`; `folded` is its `fold_case`."""
    key = folded[:LENGTH]
    return key if key.isalpha() else "".join(DIGIT if character.isdecimal() else character for character in key)


def _starts(tree: Any) -> _Starts:
    """The starts of a sequence."""
    found = _NOTHING
    for op, argument in tree:
        going_on = [text for text, is_open in found if is_open]
        if not going_on:
            break
        following = _starts_of(str(op), argument)
        joined = (
            ((text + more)[:LENGTH], is_open and len(text + more) < LENGTH)
            for text in going_on
            for more, is_open in following
        )
        found = frozenset(chain(((text, False) for text, is_open in found if not is_open), joined))
        if len(found) > _MAX_STARTS:
            return _ANYTHING
    return found


def _starts_of(name: str, argument: Any) -> _Starts:
    if name == "LITERAL":
        return frozenset([(start_key(fold_case(chr(argument))), True)])
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING
    if name == "IN":
        return _starts_of_class(argument)
    if name == "SUBPATTERN":
        return _starts(argument[-1])
    if name == "ATOMIC_GROUP":
        return _starts(argument)
    if name == "BRANCH":
        return frozenset(chain.from_iterable(_starts(branch) for branch in argument[1]))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        found = _starts(inner)
        if most > 1 and not is_spaces(argument):  # What it repeats or what follows it: both may come next.
            found = frozenset((text, False) for text, _ in found)
        return found | _NOTHING if least == 0 else found
    return _ANYTHING


def _starts_of_class(items: Any) -> _Starts:
    found: set[str] = set()
    for op, argument in items:
        if str(op) == "LITERAL":
            found.add(start_key(fold_case(chr(argument))))
        elif str(op) == "CATEGORY" and str(argument) == "CATEGORY_DIGIT":
            found.add(DIGIT)
        elif str(op) == "RANGE" and argument[1] - argument[0] < _MAX_CLASS:
            found.update(start_key(fold_case(chr(code))) for code in range(argument[0], argument[1] + 1))
        else:
            return _ANYTHING
    return frozenset((text, True) for text in found)
