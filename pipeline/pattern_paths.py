"""Counts in how many ways a regular expression can be tried on a line that repeats one thing: what a failing match costs.

Before: `(a|aa)+b`  After: on 32 times "a", 9,227,463 ways; on 64 times, more than anyone waits for. `\\d+ (\\w+)` has 33.
A matcher that backtracks goes all of these ways before it gives up. Counting them needs no matching: how many ways lead to each place
of the line is carried from one part of the pattern to the next.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

# The parser of `re` has no public name; its tree is the same under both.
_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
LENGTH = 32
"""Characters of the line."""
_SAMPLES = "a Aé1.,-:;\"'_/©|\t\u00a0中ا()"
"""Tried beside the pattern's own characters: one for each class that patterns name."""
_MOST = 10**12
_FEW = 3
"""Turns; up to them a repeat is part of what is around it, as `\\d{1,3}`."""
_IGNORECASE = 2
_ONE = ("LITERAL", "NOT_LITERAL", "IN", "ANY")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")

Ways = list[int]
"""How many ways lead to each place of the line, 0 … LENGTH."""


def ways_of(pattern: str) -> tuple[int, str]:
    """The number of ways on the worst line, at most about 10^12, and what the line repeats. Raises `re.error`."""
    tree = _PARSER.parse(pattern)
    ignores_case = bool(tree.state.flags & _IGNORECASE)
    all_repeated = (leaf for body in _repeated(tree) for leaf in _leaves(body))
    repeated = tuple({(name, repr(argument)): (name, argument) for name, argument in all_repeated}.values())
    # What no repeat takes costs nothing when repeated; what all repeats take alike costs alike: one of them will do.
    kinds: dict[tuple[bool, ...], str] = {}
    for character in dict.fromkeys((*_literals(repeated), *_SAMPLES)):
        kinds.setdefault(tuple(_accepts(leaf, character, ignores_case) for leaf in repeated), character)
    units = [character for taken, character in kinds.items() if any(taken)]
    units += sorted({first + second for body in _repeated(tree) for first, second in _neighbours(body)})
    return max(((_Counter(unit, ignores_case).count(tree), unit) for unit in units), default=(1, ""))


def _leaves(tree: Any) -> Iterator[tuple[str, Any]]:
    """The parts that take one character."""
    for op, argument in tree:
        name = str(op)
        if name in _ONE:
            yield name, argument
        for child in children(name, argument):
            yield from _leaves(child)


def _literals(leaves: tuple[tuple[str, Any], ...]) -> Iterator[str]:
    for name, argument in leaves:
        if name in ("LITERAL", "NOT_LITERAL"):
            yield chr(argument)
        elif name == "IN":
            for sign, inner in argument:
                if str(sign) == "LITERAL":
                    yield chr(inner)
                elif str(sign) == "RANGE":
                    yield chr(inner[0])


def _repeated(tree: Any) -> Iterator[Any]:
    """The bodies of all repeats of more than a few turns, outermost only."""
    for op, argument in tree:
        name = str(op)
        if name in _REPEATS and argument[1] > _FEW:
            yield argument[2]
        else:
            for child in children(name, argument):
                yield from _repeated(child)


def _neighbours(body: Any) -> Iterator[tuple[str, str]]:
    """Two letters side by side in a body that can go several ways: "ab" of `(?:a|b|ab)*`."""
    if all(str(op) in _ONE for op, _ in body):
        return
    for sequence in _sequences(body):
        for one, other in pairwise(sequence):
            if str(one[0]) == str(other[0]) == "LITERAL" and one[1] != other[1]:
                yield chr(one[1]), chr(other[1])


def _sequences(tree: Any) -> Iterator[list[Any]]:
    yield list(tree)
    for op, argument in tree:
        for child in children(str(op), argument):
            yield from _sequences(child)


def children(op: str, argument: Any) -> list[Any]:
    """The sub-patterns of one node of the parser's tree."""
    if op in _REPEATS:
        return [argument[2]]
    if op == "SUBPATTERN":
        return [argument[-1]]
    if op == "BRANCH":
        return list(argument[1])
    if op in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    if op == "ATOMIC_GROUP":
        return [argument]
    if op == "GROUPREF_EXISTS":
        return [branch for branch in argument[1:] if branch is not None]
    return []


class _Counter:
    """Counts for the line that one unit, a character or two, makes."""

    def __init__(self, unit: str, ignores_case: bool) -> None:
        self._line = (unit * LENGTH)[:LENGTH]
        self._ignores_case = ignores_case
        self._taken: dict[int, tuple[bool, ...]] = {}
        self._steps = 0

    def count(self, tree: Any) -> int:
        """All ways into all parts of the pattern, begun at the line's start."""
        self._through(tree, [1] + [0] * LENGTH)
        return min(self._steps, _MOST)

    def _through(self, tree: Any, ways: Ways) -> Ways:
        """The ways behind `tree` that `ways` before it become."""
        for op, argument in tree:
            ways = self._part(str(op), argument, ways)
            self._steps += sum(ways)
            if not any(ways) or self._steps > _MOST:
                break
        return ways

    def _part(self, op: str, argument: Any, ways: Ways) -> Ways:
        if op in _ONE:
            taken = self._taken_by(op, argument)
            return [0, *(number if takes else 0 for number, takes in zip(ways, taken, strict=False))]
        if op in _REPEATS:
            return self._repeat(argument, ways)
        if op in ("ASSERT", "ASSERT_NOT"):
            self._through(argument[1], list(ways))
            return ways
        if op == "GROUPREF":
            return [min(_MOST, sum(ways[: place + 1])) for place in range(len(ways))]  # as long as anyone likes
        inner = children(op, argument)
        if not inner:  # places: start, end, edges of words
            return ways
        return _sum(self._through(child, list(ways)) for child in inner)

    def _repeat(self, argument: Any, ways: Ways) -> Ways:
        least, most, body = argument
        least, most = int(least), min(int(most), LENGTH + int(least))
        total = list(ways) if least == 0 else [0] * len(ways)
        for number in range(1, most + 1):
            before = ways
            ways = [min(each, _MOST) for each in self._through(body, ways)]
            if number > least and self._is_nullable(body):
                # A turn beyond the least that takes nothing ends the repeat: its ways are not new.
                ways = [max(0, new - old) for new, old in zip(ways, before, strict=True)]
            if not any(ways) or self._steps > _MOST:
                break
            if number >= least:
                total = _sum((total, ways))
        return total

    def _is_nullable(self, body: Any) -> bool:
        return bool(body.getwidth()[0] == 0)

    def _taken_by(self, op: str, argument: Any) -> tuple[bool, ...]:
        """For each place of the line whether this part takes the character there."""
        key = id(argument) if op == "IN" else hash((op, argument))
        if key not in self._taken:
            unit = {character: _accepts((op, argument), character, self._ignores_case) for character in set(self._line)}
            self._taken[key] = tuple(unit[character] for character in self._line)
        return self._taken[key]


def _accepts(leaf: tuple[str, Any], character: str, ignores_case: bool) -> bool:
    name, argument = leaf
    spellings = {character, character.lower(), character.upper()} if ignores_case else {character}
    if name == "ANY":
        return character != "\n"
    if name == "LITERAL":
        return chr(argument) in spellings
    if name == "NOT_LITERAL":
        return chr(argument) not in spellings
    return any(in_class(argument, spelling) for spelling in spellings)


def _sum(all_ways: Any) -> Ways:
    return [min(_MOST, sum(column)) for column in zip(*all_ways, strict=True)]


def in_class(items: Any, character: str) -> bool:
    """Whether a class of the parser's tree holds the character."""
    negated = any(str(op) == "NEGATE" for op, _ in items)
    inside = False
    for op, argument in items:
        name = str(op)
        if name == "LITERAL":
            inside = inside or argument == ord(character)
        elif name == "RANGE":
            inside = inside or argument[0] <= ord(character) <= argument[1]
        elif name == "CATEGORY":
            inside = inside or _in_category(str(argument), character)
    return inside != negated


def _in_category(name: str, character: str) -> bool:
    if "WORD" in name:
        holds = character.isalnum() or character == "_"
    elif "DIGIT" in name:
        holds = character.isdecimal()
    elif "SPACE" in name:
        holds = character.isspace()
    else:
        return True
    return holds != ("NOT" in name)
