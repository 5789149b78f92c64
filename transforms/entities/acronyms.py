"""Finds where an article says what an acronym stands for, in both orders.

Before: "the Joint Comprehensive Plan of Action (JCPOA) …"  After: Definition("JCPOA", the place of "Joint … Action").
The method is that of Schwartz and Hearst ("A simple algorithm for identifying abbreviation definitions", 2003), with words' initials tried
first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from transforms.entities.link_rules import LinkRules
from transforms.entities.tokens import Tokens

_ACRONYM = re.compile(r"[^\W\d_](?:[^\W_]|[.&-](?=[^\W_])){1,11}\.?")
_IN_BRACKETS = re.compile(r"\(([^()\n]{2,90})\)")
_QUOTES = " \"'“”‘’«»„"
_BREAK = re.compile(r"[.;:()\n]")
_LEAD = re.compile(r"(?:or|also|hereafter|formerly|known as|then|in short|the)\s+", re.IGNORECASE)


class Definition(NamedTuple):
    """`acronym` stands for text[start:end]. `place` is where the acronym itself stands. `named`: the long form is a name, not
    a lower-case term ("intellectual property (IP)")."""

    acronym: str
    start: int
    end: int
    place: int
    named: bool


def find_definitions(tokens: Tokens, rules: LinkRules) -> tuple[Definition, ...]:
    """The definitions in a text, in order; an acronym may be defined twice."""
    text = tokens.text
    if "(" not in text:
        return ()
    found: list[Definition] = []
    for match in _IN_BRACKETS.finditer(text):
        definition = _short_inside(match, tokens, rules) or _long_inside(match, tokens, rules)
        if definition is not None:
            found.append(definition)
    return tuple(found)


def is_acronym(word: str) -> bool:
    """Whether `word` can be an acronym: 2 to 10 letters or digits, at least two capitals, a letter first."""
    return (
        2 <= len(word) <= 12
        and sum(letter.isupper() for letter in word) >= 2
        and sum(letter.islower() for letter in word) <= len(word) / 2
        and _ACRONYM.fullmatch(word) is not None
    )


def stands_for(acronym: str, words: Sequence[str], small: frozenset[str]) -> bool:
    """Whether the letters of `acronym` are the initials of `words`, in order; `small` words may be passed over."""
    return _initials(_letters(acronym), 0, [word.lower() for word in words], 0, small)


def _letters(acronym: str) -> str:
    letters = acronym[:-1] if len(acronym) > 2 and acronym[-1] == "s" and acronym[-2].isupper() else acronym
    return "".join(letter for letter in letters.lower() if letter.isalnum())


def _initials(letters: str, at: int, words: Sequence[str], position: int, small: frozenset[str]) -> bool:
    if position == len(words):
        return at == len(letters)
    if words[position] in small and position and _initials(letters, at, words, position + 1, small):
        return True
    return (
        at < len(letters)
        and words[position].startswith(letters[at])
        and _initials(letters, at + 1, words, position + 1, small)
    )


def _short_inside(match: re.Match[str], tokens: Tokens, rules: LinkRules) -> Definition | None:
    """ "Joint Plan of Action (JPA)"."""
    inside = re.split("[,;]", match.group(1))[0].strip(_QUOTES)
    acronym = _LEAD.sub("", inside).strip(_QUOTES)
    if not is_acronym(acronym):
        return None
    letters = _letters(acronym)
    text = tokens.text
    last = bisect_left(tokens.starts, match.start()) - 1
    if last < 0 or text[tokens.ends[last] : match.start()].strip(_QUOTES):
        return None
    first = last
    longest = min(len(letters) + 5, 2 * len(letters) + 1)
    while (
        first > 0
        and last - first + 1 < longest
        and not _BREAK.search(text, tokens.ends[first - 1], tokens.starts[first])
    ):
        first -= 1
    start = _start_by_initials(letters, tokens, first, last, rules) or _start_by_letters(letters, tokens, first, last)
    if start is None:
        return None
    begins, ends = tokens.starts[start], tokens.ends[last]
    place = text.index(acronym, match.start())
    return Definition(acronym, begins, ends, place, _is_name(tokens.words[start : last + 1], rules))


def _long_inside(match: re.Match[str], tokens: Tokens, rules: LinkRules) -> Definition | None:
    """ "JPA (Joint Plan of Action)"."""
    before = bisect_left(tokens.starts, match.start()) - 1
    if before < 0 or tokens.text[tokens.ends[before] : match.start()] not in ("", " "):
        return None
    acronym = tokens.words[before]
    first, beyond = bisect_left(tokens.starts, match.start()), bisect_left(tokens.starts, match.end())
    if first < beyond and tokens.words[first].lower() == "the":
        first += 1
    words = tokens.words[first:beyond]
    if len(words) < 2 or not is_acronym(acronym) or not stands_for(acronym, words, rules.small):
        return None
    return Definition(
        acronym, tokens.starts[first], tokens.ends[beyond - 1], tokens.starts[before], _is_name(words, rules)
    )


def _start_by_initials(letters: str, tokens: Tokens, first: int, last: int, rules: LinkRules) -> int | None:
    words = [word.lower() for word in tokens.words[first : last + 1]]
    for start in range(last, first - 1, -1):
        if words[start - first] not in rules.small and _initials(letters, 0, words[start - first :], 0, rules.small):
            return start
    return None


def _start_by_letters(letters: str, tokens: Tokens, first: int, last: int) -> int | None:
    """The letters from right to left anywhere in the words, the first one at the start of a word with a capital."""
    text = tokens.text[tokens.starts[first] : tokens.ends[last]].lower()
    offset = tokens.starts[first]
    starts = set(tokens.starts[first : last + 1])
    position = len(text)
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and not (text[position] == letters[index] and (index or (offset + position in starts))):
            position -= 1
        if position < 0:
            return None
    start = bisect_left(tokens.starts, offset + position)
    words = tokens.words[start : last + 1]
    # Letters scattered over lower-case words are chance; a name with its capitals is not.
    capitals = sum(word[0].isupper() for word in words)
    if not words[0][0].isupper() or capitals < 2 or max(capitals, len(words) - 1) > len(letters) + 1:
        return None
    return start


def _is_name(words: Sequence[str], rules: LinkRules) -> bool:
    content = [word for word in words if word.lower() not in rules.small]
    return bool(content) and words[0][0].isupper() and sum(word[0].isupper() for word in content) * 2 > len(content)
