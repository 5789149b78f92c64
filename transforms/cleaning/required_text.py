"""Tells from a regular expression which texts any match must contain, so that most expressions need not be tried.

Before: `(?:subscribe|sign up) (?:to|for) our newsletters?`  After: (" our newsletter",)
"""

from __future__ import annotations

import importlib
import sys
from functools import lru_cache
from typing import Any

# The parser of `re` has no public name; its tree is the same under both.
PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
"""Parses an expression into a tree of pairs (operation, argument)."""
_SHORTEST = 2


def fold_case(text: str) -> str:
    """`text` without case as `re.IGNORECASE` sees it, for which the Turkish dotted and dotless i are an i as well."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.replace("\u0307", "").replace("\u0131", "i")


@lru_cache(maxsize=1024)
def required_texts(pattern: str) -> tuple[str, ...] | None:
    """Case-folded texts one of which stands in every case-folded match; None if unknown.

    Holds for lines in which one space stands between words: ` +` counts as one space.
    """
    found = _best(PARSER.parse(pattern))
    return tuple(sorted(found)) if found else None


def _best(tree: Any) -> frozenset[str] | None:
    """The set of alternatives with the longest shortest member."""
    candidates: list[frozenset[str]] = []
    run = ""
    for op, argument in tree:
        name = str(op)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):  # They match no character: the run goes on.
            continue
        if name == "LITERAL":
            run += chr(argument)
            continue
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and is_spaces(argument):
            run += " "
            continue
        candidates.append(frozenset((fold_case(run),)))
        run = ""
        inner = _required_of(name, argument)
        if inner is not None:
            candidates.append(inner)
    candidates.append(frozenset((fold_case(run),)))
    best = max(candidates, key=lambda texts: (min(map(len, texts)), -len(texts), sorted(texts)))
    return best if all(_tells(text) for text in best) else None


def _tells(text: str) -> bool:
    """Whether a text is rare enough to look for: two visible characters, or one that is no letter or digit."""
    return len(text.strip()) >= _SHORTEST or (len(text.strip()) == 1 and not text.strip().isalnum())


def _required_of(name: str, argument: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _best(argument[-1])
    if name == "ATOMIC_GROUP":
        return _best(argument)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _best(argument[2]) if argument[0] >= 1 else None
    if name == "BRANCH":
        branches = [_best(branch) for branch in argument[1]]
        known = [branch for branch in branches if branch is not None]
        return frozenset().union(*known) if len(known) == len(branches) else None
    return None


def is_spaces(argument: Any) -> bool:
    """Whether a repeat's argument is a run of one or more spaces."""
    least, _, inner = argument
    return bool(least == 1 and len(inner) == 1 and str(inner[0][0]) == "LITERAL" and chr(inner[0][1]) == " ")
