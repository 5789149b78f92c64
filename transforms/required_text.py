"""Tells from a regular expression which texts any match must contain, so that most expressions need not be tried.

Before: `(?:subscribe|sign up) (?:to|for) our newsletters?`  After: (" our newsletter",)
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

# The parser of `re` has no public name; its tree is the same under both.
_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_GRAM = 4
_SHORTEST = 2


def fold_case(text: str) -> str:
    """`text` without case as `re.IGNORECASE` sees it, for which the Turkish dotted and dotless i are an i as well."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.replace("\u0307", "").replace("\u0131", "i")


def required_texts(pattern: str) -> tuple[str, ...] | None:
    """Case-folded texts one of which stands in every case-folded match; None if unknown.

    Holds for lines in which one space stands between words: ` +` counts as one space.
    """
    found = _best(_PARSER.parse(pattern))
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
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and _is_spaces(argument):
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


def _is_spaces(argument: Any) -> bool:
    least, _, inner = argument
    return bool(least == 1 and len(inner) == 1 and str(inner[0][0]) == "LITERAL" and chr(inner[0][1]) == " ")


class RequiredTexts:
    """Names the expressions of a list that may match a line, by four-character pieces of what they require."""

    def __init__(self, patterns: Sequence[str]) -> None:
        required = [required_texts(pattern) for pattern in patterns]
        counts = Counter(gram for texts in required for text in texts or () for gram in _grams(text))
        always: list[int] = []
        by_gram: dict[str, list[tuple[str, int]]] = {}
        by_text: dict[str, list[int]] = {}
        for number, texts in enumerate(required):
            if texts is None:
                always.append(number)
            for text in texts or ():
                if len(text) < _GRAM:
                    by_text.setdefault(text, []).append(number)
                else:  # The piece that the fewest expressions share says the most.
                    gram = min(_grams(text), key=lambda gram: (counts[gram], gram))
                    by_gram.setdefault(gram, []).append((text, number))
        self._always = tuple(always)
        self._by_gram = {gram: tuple(found) for gram, found in by_gram.items()}
        self._known = frozenset(by_gram)
        self._by_text = tuple((text, tuple(numbers)) for text, numbers in sorted(by_text.items()))

    def candidates(self, folded: str) -> list[int]:
        """Positions, ascending, of the expressions that may match the line; the others surely don't. `folded` is its `fold_case`."""
        numbers = set(self._always)
        for gram in self._known.intersection(_grams(folded)):
            numbers.update(number for text, number in self._by_gram[gram] if text in folded)
        numbers.update(*[found for text, found in self._by_text if text in folded])
        return sorted(numbers)


def _grams(text: str) -> list[str]:
    return [text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)]
