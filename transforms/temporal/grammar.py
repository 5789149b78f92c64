"""Reads a language's grammar of dates from configs/temporal: its words, and the forms that are made of them.

Before: `pattern = "{month} {day}"`, the words of `month`. After: a compiled form that is tried where a month's name stands.
Every form begins with a class of words or a number, so that the finder jumps from one such word to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

from configs.toml import read_toml
from schemas.codes import Code
from transforms.remembered import Remembered

GENERAL = "any"
"""Names the file whose forms count in every language."""


class Kind(Code):
    """What a form states, which says how it is resolved."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    NEAR = "near"
    UNIT = "unit"
    AGO = "ago"
    QUARTER = "quarter"
    HALF = "half"
    SEASON = "season"
    DECADE = "decade"
    CENTURY = "century"
    NUMERIC = "numeric"
    DAY_OF_MONTH = "day_of_month"
    FIXED = "fixed"
    NOTHING = "nothing"


class Form(NamedTuple):
    """One way to write a date, its patterns to be `compiled` when they are needed. `before` must, `not_before` must not match what stands in front of it; `parts` are the numbers that
    the form itself states (`step`: how many units from now), `value` a fixed EDTF value."""

    id: str
    kind: Kind
    pattern: str
    before: str | None
    not_before: str | None
    parts: Mapping[str, int | str]
    value: str | None


NOTHING, WHOLE, IN_PART = 0, 1, 2
"""Whether a token of a text can begin a form: not, as it is, or some number or word in it."""


class Batch(NamedTuple):
    """Some forms, and a pattern that matches wherever one of them does."""

    any: str
    forms: tuple[Form, ...]


class DirectionWords(NamedTuple):
    """What tells past from future around a date. `cue` has the groups past, future and speech."""

    cue: re.Pattern[str]
    ahead: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled grammar of one language. `unspaced`: no spaces part its words.

    `scan` finds the words at which forms begin, `by_word` and, for a number of so many digits,
    `by_digits` say which, and `telling` whether to look at all; `followers` are the first words of all classes,
    one of which stands behind a short number that begins a form (None where no spaces part words). `words` gives each class's words their
    values. `qualifier` matches what belongs to a date before it ("early "), `range_gap` what stands between the ends of a range,
    `weekday_gap` between a weekday and its date.
    """

    language: str
    unspaced: bool
    scan: re.Pattern[str]
    by_word: Mapping[str, tuple[Form, ...]]
    by_digits: Mapping[int, tuple[Batch, ...]]
    telling: Remembered[int]
    followers: frozenset[str] | None
    words: Mapping[str, Mapping[str, int | str]]
    qualifier: re.Pattern[str] | None
    range_gap: re.Pattern[str]
    range_and: re.Pattern[str] | None
    weekday_gap: re.Pattern[str]
    direction: DirectionWords | None

    def read(self, group: str, written: str) -> int | str:
        """The value of a word or number in a form's group: "month2" is of the class month."""
        known = self.words.get(group.rstrip("23"), {}).get(written)
        return int(written) if known is None else known


_NUMBERS = {
    "day": r"(?:0?[1-9]|[12]\d|3[01])(?!\d)",
    "monthnumber": r"(?:0?[1-9]|1[0-2])(?!\d)",
    "year": r"(?:1[1-9]\d\d|20\d\d)(?!\d)",
    "fouryear": r"\d{4}(?!\d)",
    "shortyear": r"\d\d(?!\d)",
    "anyyear": r"\d{1,4}(?!\d)",
    "decade": r"(?:1[1-9]|20)\d0(?!\d)",
    "count": r"\d{1,3}(?!\d)",
}
"""What is written in digits. Digits of other scripts are made ASCII before."""
_DIGITS: Mapping[str, tuple[int, ...]] = {
    "day": (1, 2),
    "monthnumber": (1, 2),
    "year": (4,),
    "fouryear": (4,),
    "shortyear": (2,),
    "anyyear": (1, 2, 3, 4),
    "decade": (4,),
    "count": (1, 2, 3),
}
"""How many digits each of them has."""
_BATCH = 8

_LETTER_APOSTROPHE = "ʼ"
"""Counts as a letter, but is read as an apostrophe."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)([23]?)\}")
_LOOKAHEAD = re.compile(r"(?:\(\?[=!].*\))?")
_FIRST_WORD = re.compile(r"\d+|[^\W\d_]+")
_WORD_END = r"(?!\w)(?![.,:/]\d)"


@lru_cache(maxsize=4)
def _shared_table(name: str) -> Any:
    """A file that several languages need, read once: parsing it takes as long as all the rest."""
    return read_toml(name)


@lru_cache(maxsize=64)
def load_grammar(language: str) -> Grammar:
    """The grammar of a language (ISO 639-1 code); of one without a file of its own, what counts in any language."""
    general = _shared_table(f"temporal/{GENERAL}.toml")
    shared = _shared_table("temporal/words.toml")
    own: Any = read_toml(f"temporal/{language}.toml") if language in general["languages"] else {}
    capital = bool(own.get("capital", False))
    words = _words(language, own, shared["words"].get(language, {}), capital=capital)
    fragments: dict[str, str] = {**general.get("fragments", {}), **own.get("fragments", {})}
    unspaced = bool(own.get("unspaced", False))
    without = frozenset(own.get("without", ()))
    tables = [*own.get("form", ()), *(table for table in general["form"] if table["id"] not in without)]
    by_word: dict[str, list[Form]] = {}
    by_digits: dict[int, list[Form]] = {}
    for table in tables:
        form = compile_form(table, words, fragments, unspaced=unspaced)
        if form is None:
            continue
        for lead in _leads(_with_fragments(table["pattern"], fragments), words):
            if isinstance(lead, int):
                listed = by_digits.setdefault(lead, [])
            else:
                listed = by_word.setdefault(lead[0] if unspaced else lead, [])
            if form not in listed:
                listed.append(form)
    starts = "".join(re.escape(key) for key in sorted(by_word)) if unspaced else ""
    return Grammar(
        language=language,
        unspaced=unspaced,
        scan=re.compile(rf"\d+|[{starts}]" if starts else r"\d+|[^\W\d_]+"),
        by_word={word: tuple(forms) for word, forms in by_word.items()},
        by_digits={digits: _batches(forms) for digits, forms in by_digits.items()},
        telling=Remembered(partial(_telling, frozenset(by_word))),
        followers=None if unspaced else _first_words(words),
        words=words,
        qualifier=_behind(_fill(own["qualifier"], words, fragments)) if "qualifier" in own else None,
        range_gap=re.compile(own.get("range_gap", " ?- ?")),
        range_and=_behind(own["range_and"]) if "range_and" in own else None,
        weekday_gap=re.compile(own.get("weekday_gap", r",? (?:\()?")),
        direction=_direction(own["direction"]) if "direction" in own else None,
    )


def _telling(firsts: frozenset[str], token: str) -> int:
    if not token.isalpha() or _LETTER_APOSTROPHE in token:
        return IN_PART
    return WHOLE if token in firsts else NOTHING


def _batches(forms: Sequence[Form]) -> tuple[Batch, ...]:
    """The forms in their order; trying a batch at once is faster than form by form where none of it matches, as is usual."""
    batches: list[Batch] = []
    for start in range(0, len(forms), _BATCH):
        batch = tuple(forms[start : start + _BATCH])
        # A group that another part of the pattern refers to keeps a name, of its own.
        tried = "|".join(
            re.sub(r"\(\?P(?:<(\w+)>|=(\w+)\))", partial(_renamed, number, "(?P=" in form.pattern), form.pattern)
            for number, form in enumerate(batch)
        )
        batches.append(Batch(tried, batch))
    return tuple(batches)


def _renamed(number: int, referred: bool, match: re.Match[str]) -> str:
    if not referred:
        return "(?:"
    return f"(?P<{match[1]}_{number}>" if match[1] else f"(?P={match[2]}_{number})"


def compile_form(
    table: Mapping[str, Any],
    words: Mapping[str, Mapping[str, int | str]],
    fragments: Mapping[str, str],
    *,
    unspaced: bool,
) -> Form | None:
    """The form that a table states; None where the language has no words of a class that it asks for."""
    patterns = (table[key] for key in ("pattern", "before", "not_before") if key in table)
    for name, _ in _PLACEHOLDER.findall(" ".join(patterns)):
        if name not in _NUMBERS and name not in fragments and not words.get(name):
            return None
    pattern = _fill(table["pattern"], words, fragments)
    return Form(
        id=table["id"],
        kind=Kind(table["kind"]),
        pattern=pattern if unspaced else pattern + _WORD_END,
        before=_at_end(_fill(table["before"], words, fragments)) if "before" in table else None,
        not_before=_at_end(_fill(table["not_before"], words, fragments)) if "not_before" in table else None,
        parts=dict(table.get("parts", {})),
        value=table.get("value"),
    )


@lru_cache(maxsize=8192)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern of a form, made when a text first asks for it: most languages' forms are hardly ever tried, and making all takes
    as long as dozens of articles."""
    return re.compile(pattern)


def _at_end(pattern: str) -> str:
    return rf"(?:{pattern})\Z"


def _behind(pattern: str) -> re.Pattern[str]:
    return re.compile(_at_end(pattern))


def _with_fragments(pattern: str, fragments: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: fragments.get(match[1], match[0]), pattern)


def _fill(pattern: str, words: Mapping[str, Mapping[str, int | str]], fragments: Mapping[str, str]) -> str:
    """The pattern with its {placeholders} filled in: numbers and words as named groups, fragments as they are."""

    def filled(match: re.Match[str]) -> str:
        name, number = match.groups()
        if name in fragments:
            return _fill(fragments[name], words, fragments)
        inner = _NUMBERS.get(name, "")
        if words.get(name):
            listed = "|".join(re.escape(word) for word in sorted(words[name], key=lambda word: (-len(word), word)))
            inner = f"{inner}|{listed}" if inner else listed
        return f"(?P<{name}{number}>{inner})"

    return _PLACEHOLDER.sub(filled, pattern)


def _leads(pattern: str, words: Mapping[str, Mapping[str, int | str]]) -> Iterator[str | int]:
    """The first words with which a form can begin; how many digits it can have stands for a number."""
    match = _PLACEHOLDER.search(pattern)
    if match is None or not _LOOKAHEAD.fullmatch(pattern, 0, match.start()):
        raise ValueError(f"a form must begin with a class of words or a number, not {pattern!r}")
    name = match[1]
    yield from _DIGITS.get(name, ())
    for word in words.get(name, {}):
        first = _FIRST_WORD.match(word)
        if first is None:
            raise ValueError(f"{name}: {word!r} does not begin with a letter or digit")
        yield len(first.group()) if first.group().isdigit() else first.group()


def _first_words(words: Mapping[str, Mapping[str, int | str]]) -> frozenset[str]:
    matches = (_FIRST_WORD.match(word) for listed in words.values() for word in listed)
    return frozenset(match.group() for match in matches if match)


def _words(
    language: str, own: Mapping[str, Any], shared: Mapping[str, Any], *, capital: bool
) -> Mapping[str, Mapping[str, int | str]]:
    """Class → word as it may be written → value. A class of the language's file adds to the shared one, unless it is for replacing."""
    table = _shared_table("months.toml")
    classes: dict[str, dict[str, int | str]] = {}
    for number, row in enumerate(table["names"].get(language, ()), 1):
        full = [name for name in row if not any(other != name and other.startswith(name) for other in row)]
        _add(classes, "month", number, row, capital=capital)
        _add(classes, "fullmonth", number, full, capital=capital)
    for calendar, months in table["calendars"].items():
        for number, row in enumerate(months, 1):
            _add(classes, f"{calendar}month", number, (name for name in row if not name.isascii()), capital=False)
    replaced = set(own.get("replaces", ()))
    for source in ({key: value for key, value in shared.items() if key not in replaced}, own.get("words", {})):
        for name, by_value in source.items():
            for value, listed in by_value.items():
                for target in (name, "fullmonth") if name == "month" else (name,):
                    _add(classes, target, _number_or_text(value), listed, capital=False)
    return classes


def _add(
    classes: dict[str, dict[str, int | str]], name: str, value: int | str, listed: Iterable[str], *, capital: bool
) -> None:
    known = classes.setdefault(name, {})
    for word in listed:
        for form in _spellings(word.title() if capital else word):
            known.setdefault(form, value)


def _spellings(word: str) -> tuple[str, ...]:
    """As written, with a capital at the start of a sentence, in capitals."""
    return (word, word[:1].upper() + word[1:], word.upper())


def _number_or_text(value: str) -> int | str:
    return int(value) if value.lstrip("-").isdecimal() else value


def _direction(table: Mapping[str, Any]) -> DirectionWords:
    groups = "|".join(
        f"(?P<{name}>{'|'.join(table[name])})" for name in ("future", "speech", "past") if table.get(name)
    )
    ahead = "|".join(table.get("ahead", ()))
    return DirectionWords(re.compile(rf"\b(?:{groups})\b"), _behind(rf"\b(?:{ahead}) ?") if ahead else None)
