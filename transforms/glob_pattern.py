"""Globs as lists of path components, matched while a folder is walked: `**` stands for any number of folders.

Before: ["**", "*.html"] and the path ("news", "2024", "a.html"). After: it fits; and so may the folder ("news",) hold what fits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Glob = list[re.Pattern[str] | None]
"""One expression a path component; None stands for `**`."""


def compile_glob(parts: Sequence[str]) -> Glob:
    """The components of a glob, compiled."""
    return [None if part == "**" else re.compile(_component(part), re.DOTALL) for part in parts]


def _component(part: str) -> str:
    """One path component of a glob as a regular expression for the whole component. Runs of `*` are one, so it stays linear enough
    for names of at most 255 bytes."""
    out: list[str] = []
    place = 0
    while place < len(part):
        sign = part[place]
        place += 1
        if sign == "*":
            if not out or out[-1] != ".*":
                out.append(".*")
        elif sign == "?":
            out.append(".")
        elif sign == "[" and (close := part.find("]", place + (part[place : place + 1] in ("!", "^")) + 1)) > 0:
            inside = part[place:close]
            negated = inside[0] in "!^"
            body = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[1:] if negated else inside)
            out.append(f"[{'^' if negated else ''}{body}]")
            place = close + 1
        else:
            out.append(re.escape(sign))
    return "".join(out)


def fits(names: tuple[str, ...], pattern: Glob, folder: bool) -> bool:
    """Whether a path is matched by the pattern or lies below a folder that is; for a folder also whether something in it could be."""
    states = {0}
    for name in names:
        following: set[int] = set()
        for state in _closed(states, pattern):
            if state == len(pattern):
                following.add(state)
                continue
            component = pattern[state]
            if component is None:
                following.add(state)
            elif component.fullmatch(name):
                following.add(state + 1)
        if not following:
            return False
        states = following
    return folder or len(pattern) in _closed(states, pattern)


def _closed(states: set[int], pattern: Glob) -> set[int]:
    """The states reached by letting `**` stand for no folder."""
    closed = set(states)
    for state in sorted(states):
        while state < len(pattern) and pattern[state] is None:
            state += 1
            closed.add(state)
    return closed
