"""Refuses regular expressions whose matching time can explode, by looking at their structure.

Before: `(\\w+\\s?)*x`  After: "repeats a group that itself repeats". A repeat inside a repeat is let through where the group
starts with a character that the inner repeat can't match, as in `(, \\w+)*`: there is then one way only to match a text.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from pipeline.pattern_paths import children, in_class, ways_of

# The parser of `re` has no public name; its tree is the same under both.
_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_MANY = 8
"""A group repeated more often than this counts as unbounded."""
_MOST_WAYS = 100_000
"""On a line of 32 characters; four repeats in a row that take the same are above it, three are below."""
_MAX_ANY = 3
"""So many unbounded `.` may stand in one pattern: the work grows with the line's length to that power."""


def danger_of(pattern: str) -> str | None:
    """Why `pattern` may hang on some line, or None. Raises `re.error` when it is no regular expression.

    The check is a conservative one: it also refuses some harmless patterns, which can be written in another way.
    """
    tree = _PARSER.parse(pattern)
    wildcards = _count_wildcards(tree)
    if wildcards > _MAX_ANY:
        return f"has {wildcards} unbounded wildcards (at most {_MAX_ANY})"
    nested = _nested(tree)
    if nested:
        return nested
    ways, unit = ways_of(pattern)
    return f"can be tried in {_MOST_WAYS:,} ways and more on {unit!r} again and again" if ways > _MOST_WAYS else None


def _nested(tree: Any) -> str | None:
    for op, argument in tree:
        name = str(op)
        if name in _REPEATS and argument[1] > _MANY:
            lead = _leading_literal(argument[2])
            for inner in _unbounded_repeats(argument[2]):
                if lead is None or _accepts(inner, lead):
                    return "repeats a group that itself repeats"
        for child in children(name, argument):
            found = _nested(child)
            if found:
                return found
    return None


def _unbounded_repeats(tree: Any) -> list[Any]:
    """The bodies of all repeats of variable, large length inside `tree`."""
    found: list[Any] = []
    for op, argument in tree:
        name = str(op)
        if name in _REPEATS and argument[1] > _MANY and argument[0] != argument[1]:
            found.append(argument[2])
        for child in children(name, argument):
            found.extend(_unbounded_repeats(child))
    return found


def _count_wildcards(tree: Any) -> int:
    """How many unbounded repeats of `.` can follow one another in one match: the longest branch counts."""
    total = 0
    for op, argument in tree:
        name = str(op)
        if name in _REPEATS and argument[1] > _MANY and [str(inner) for inner, _ in argument[2]] == ["ANY"]:
            total += 1
            continue
        counts = [_count_wildcards(child) for child in children(name, argument)]
        total += max(counts, default=0)
    return total


def _leading_literal(tree: Any) -> str | None:
    """The character with which every match of `tree` starts, or None where there is no single one."""
    for op, argument in tree:
        name = str(op)
        if name == "LITERAL":
            return chr(argument)
        if name == "SUBPATTERN":
            return _leading_literal(argument[-1])
        if name in _REPEATS and argument[0] >= 1:
            return _leading_literal(argument[2])
        return None
    return None


def _accepts(tree: Any, character: str) -> bool:
    """Whether the body of a repeat can match `character`; True where that is not plain to see."""
    if len(tree) != 1:
        return True
    op, argument = tree[0]
    name = str(op)
    if name == "LITERAL":
        return bool(argument == ord(character))
    if name == "NOT_LITERAL":
        return bool(argument != ord(character))
    if name == "IN":
        return in_class(argument, character)
    return True
