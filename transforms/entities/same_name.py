"""Tells whether two names are spellings of one person's name.

Before: "Sergey Shoygu" and "Sergei Shoigu"; "Ali Larijani" and "Sadeq Larijani"  After: True; False.

Words are compared in order by what it costs to read one for the other (configs/name_keys.toml, `[costs]`). Single words must be
equal; a word may be missing on one side only where two others and the surname stay; initials and "Jr" agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.entities.name_key import sounds_of
from transforms.entities.name_rules import NameRules
from transforms.entities.person_words import PersonWords, person_words

_INFINITE = 99.0
_VOWELS = frozenset("aeiou")
_ENDINGS = frozenset("aeo")
_ENDINGS_ABROAD = frozenset("ao")
_ENDINGS_OF_SURNAMES = frozenset("aio")
_INITIAL_COST = 0.2
_GIVEN_COST = 0.4


class _Guard(NamedTuple):
    """How two names are written: whether both have their vowels, whether in two scripts, and what vowels at the end part two
    given names. Another script
    spells sounds, so that a silent "e" is missing there: "Bruce", "Брус"."""

    vowels: bool
    abroad: bool
    endings: frozenset[str]


def _guard(a: PersonWords, b: PersonWords) -> _Guard:
    chinese = NameRules.load().chinese_given
    abroad = a.latin != b.latin and a.plain[0] not in chinese and b.plain[0] not in chinese
    return _Guard(a.vowels and b.vowels, abroad, _ENDINGS_ABROAD if abroad else _ENDINGS)


def same_name(a: str, b: str) -> bool:
    """Whether `a` and `b` are spellings of one person's name. Symmetric; every name is the same as itself."""
    if a == b:
        return True
    first, second = person_words(a), person_words(b)
    if first.plain == second.plain:
        return first.suffix == second.suffix and bool(first.plain)
    if first.suffix and second.suffix and first.suffix != second.suffix:
        return False
    if len(first.plain) < 2 or len(second.plain) < 2:
        return False
    if len(first.plain) > len(second.plain):
        first, second = second, first
    rules = NameRules.load()
    groups = rules.apart.get(first.plain), rules.apart.get(second.plain)
    if groups[0] is not None and groups[0] == groups[1]:
        return False
    return min(_cost(first, second), _shortened_cost(first, second, rules)) <= rules.name_limit


def _cost(short: PersonWords, long: PersonWords) -> float:
    """The least cost of reading `short` as `long`, words in order; beyond any limit where a guard forbids it."""
    rules = NameRules.load()
    guard = _guard(short, long)
    a, b = short.sounded, long.sounded
    # Surnames: without this word nothing else counts.
    last = _surname_cost(a[-1], b[-1], guard, rules)
    if last >= _INFINITE:
        return _joined_cost(a, b, guard, rules)
    missing = len(b) - len(a)
    rest = _rest_cost(a[:-1], b[:-1], guard, rules)
    if rest >= _INFINITE and missing:
        return _joined_cost(a, b, guard, rules)
    if missing and sum(len(word) > 1 for word in a) < 2:
        return _INFINITE
    return last + rest


def _surname_cost(a: str, b: str, guard: _Guard, rules: NameRules) -> float:
    """As `_word_cost`; a last "a", "o" or "i" tells two surnames apart where it stands on one side only: "Petrov", "Petrova"."""
    ends = {sounds_of(a)[-1], sounds_of(b)[-1]}
    if guard.vowels and len(ends) > 1 and ends & _ENDINGS_OF_SURNAMES and not ends <= _VOWELS:
        return _INFINITE
    return _word_cost(a, b, guard)


def _shortened_cost(short: PersonWords, long: PersonWords, rules: NameRules) -> float:
    """The least cost where `long` goes on behind the surname: a second one ("Roe-Marsh", "Pedro Roe Marín"), or a Chinese given
    name behind another ("Anna Wong Mei-lin")."""
    further = len(long.plain) - len(short.plain)
    if further < 1 or min(len(short.plain[0]), len(short.plain[-1])) < 2:
        return _INFINITE
    chinese = long.plain[0] in rules.chinese_given
    ends = {long.second_surname} if long.second_surname and not chinese else set()
    if long.plain[0] in rules.two_surnames:
        ends |= {1, 2}
    if len(short.plain) == 2 and long.plain[1] in rules.chinese_given:
        ends.add(2)
    return min(
        (
            _cost(short, long._replace(plain=long.plain[:-end], sounded=long.sounded[:-end], second_surname=0))
            for end in sorted(ends)
            if end <= further
        ),
        default=_INFINITE,
    )


def _rest_cost(a: Sequence[str], b: Sequence[str], guard: _Guard, rules: NameRules) -> float:
    """The least cost of finding all words of `a` in `b`, in order."""
    if not a:
        return 0.0
    best = _INFINITE
    for position in range(len(b) - len(a) + 1):
        cost = _given_cost(a[0], b[position], guard, rules)
        if cost < _INFINITE:
            best = min(best, cost + _rest_cost(a[1:], b[position + 1 :], guard, rules))
    return best


def _joined_cost(a: Sequence[str], b: Sequence[str], guard: _Guard, rules: NameRules) -> float:
    """The cost where one side writes as two words what the other writes as one: "Jong Un", "Jongun"."""
    if len(b) != len(a) + 1:
        return _INFINITE
    best = _INFINITE
    for position in range(len(b) - 1):
        if len(b[position]) < 2 or len(b[position + 1]) < 2:
            continue
        joined = (*b[:position], b[position] + b[position + 1], *b[position + 2 :])
        costs = [_word_cost(one, other, guard) for one, other in zip(a, joined, strict=True)]
        best = min(best, sum(costs))
    return best


def _given_cost(a: str, b: str, guard: _Guard, rules: NameRules) -> float:
    if len(a) == 1 or len(b) == 1:
        return _INITIAL_COST if a[0] == b[0] and len(a) != len(b) else 0.0 if a == b else _INFINITE
    groups, others = rules.given.get(a), rules.given.get(b)
    if groups and others and a != b:
        if groups.isdisjoint(others):
            return _INFINITE  # Two names that are known, and known to be two: "Hassan", "Hussein".
        return min(_GIVEN_COST, _word_cost(a, b, guard))
    # What ends in a vowel is another given name without it, or with another: "Daniela", "Daniel", "Daniele".
    ends = {sounds_of(a)[-1], sounds_of(b)[-1]}
    if guard.vowels and len(ends) > 1 and ends & guard.endings and ends != {"e", "i"}:
        return _INFINITE
    return _word_cost(a, b, guard)


@lru_cache(maxsize=65536)
def _word_cost_cached(a: str, b: str, vowels: bool, abroad: bool) -> float:
    rules = NameRules.load()
    group = rules.apart_words.get(a)
    if group is not None and group == rules.apart_words.get(b):
        return _INFINITE
    one, other = sounds_of(a), sounds_of(b)
    if one == other:
        return 0.0
    length = min(len(one), len(other))
    limit = rules.limits[min(length, len(rules.limits) - 1)]
    if abroad:
        limit = max(limit, rules.abroad)
    if abs(len(one) - len(other)) > 3:
        return _INFINITE
    cost = _distance(one, other, vowels, abroad, rules)
    return cost if cost <= limit else _INFINITE


def _word_cost(a: str, b: str, guard: _Guard) -> float:
    """The cost of reading `a` as `b`, or one beyond any limit where they differ too much for their length."""
    if a == b:
        return 0.0
    return _word_cost_cached(min(a, b), max(a, b), guard.vowels, guard.abroad)


def _distance(a: str, b: str, vowels: bool, abroad: bool, rules: NameRules) -> float:
    """The weighted edit distance of two words in sounds."""
    factor = rules.abroad if abroad else rules.short if min(len(a), len(b)) <= 4 else 1.0
    previous = [0.0]
    for j in range(len(b)):
        previous.append(previous[-1] + _gap(b, j, vowels, abroad, rules))
    for i, sound in enumerate(a):
        gap = _gap(a, i, vowels, abroad, rules)
        row = [previous[0] + gap]
        for j, other in enumerate(b):
            if sound == other:
                change = previous[j]
            else:
                at_end = i == len(a) - 1 and j == len(b) - 1
                cost = _change(sound, other, i == j == 0, at_end, rules)
                change = previous[j] + (cost * factor if sound in _VOWELS and other in _VOWELS else cost)
            row.append(min(change, previous[j + 1] + gap, row[j] + _gap(b, j, vowels, abroad, rules)))
        previous = row
    return previous[-1]


def _change(a: str, b: str, at_start: bool, at_end: bool, rules: NameRules) -> float:
    if at_end and a in _VOWELS and b in _VOWELS and {a, b} != {"e", "i"}:
        return rules.last_a_e if {a, b} == {"a", "e"} else rules.last_vowel
    cost = rules.pair_costs.get((a, b))
    if a in _VOWELS and b in _VOWELS:
        return (rules.vowel if cost is None else cost) + (rules.first_vowel if at_start else 0.0)
    return cost if cost is not None else rules.other + (rules.first if at_start else 0.0)


def _gap(word: str, position: int, vowels: bool, abroad: bool, rules: NameRules) -> float:
    cost = _gap_at_home(word, position, vowels, rules)
    return cost * rules.abroad if abroad and word[position] in _VOWELS else cost


def _gap_at_home(word: str, position: int, vowels: bool, rules: NameRules) -> float:
    sound = word[position]
    if sound in _VOWELS:
        if not vowels and position:
            return 0.05
        if position == len(word) - 1:
            return rules.last_vowel if sound != "e" else rules.vowel_gap
        if not position:
            return rules.vowel_gap + rules.first_vowel
        if word[position - 1] in _VOWELS or word[position + 1] in _VOWELS:
            return rules.vowel_beside
        return rules.vowel_weak if word[position + 1] in "rlmn" else rules.vowel_gap
    return rules.gap_costs.get(sound, rules.gap) + (rules.first if position == 0 else 0.0)
