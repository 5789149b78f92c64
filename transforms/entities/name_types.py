"""Settles what a name is where its own words say more than the model, which knows persons, organisations and places only.

Before: organization "Fenwick Jazz Festival", place "Treaty of Fenwick", organization "P-51 Kestrel".
After: event, agreement, product. Words: configs/names.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.entities import EntityType
from transforms.entities.name_words import NameWords

_BY_HEAD = (
    ("event_words", EntityType.EVENT),
    ("agreement_words", EntityType.AGREEMENT),
    ("work_words", EntityType.PRODUCT),
)
# Types of aircraft, engines, roads and rifles: "P-51", "F-94 Starfire", "AK-47".
_MODEL = re.compile(r"[A-Z]{1,3}-?\d{2,4}[A-Z]?$")
# Small words that end a person's name and begin something else.
_JOINERS = {
    "en": frozenset(("of", "and", "for", "in", "at", "on", "the")),
    "de": frozenset(("und", "für", "im", "am", "an", "in", "aus")),
    "fr": frozenset(("et", "pour", "en", "au", "aux", "sur")),
    "es": frozenset(("para", "en")),
    "pt": frozenset(("para", "em")),
    "it": frozenset(("e", "ed", "per", "in")),
    "ru": frozenset(("и", "по", "на")),
}
_OPENING = frozenset("\"\u201c\u201e\u00ab\u2018'")
_CLOSING = frozenset("\"\u201c\u201d\u00bb\u2019'")
_CAPITAL_LINE = 4
"""Words: a shorter line may be a name by itself."""
_TITLE_AND_NAME = 3
_HEADLINE_SPACES = 3
_HEADLINE = 160
_SMALL_WORD = 4
_YEAR_DIGITS = 4
_LINE_ENDS = frozenset('.!?:;,"\u201d\u00bb\u2026')
_OF = frozenset(["of", "de", "du", "des", "del", "della", "di", "da", "do", "von", "der"])


def type_by_words(words: Sequence[str], surface: str, kind: EntityType, language: str, lists: NameWords) -> EntityType:
    """The type of a name with these words; `kind` where they say nothing."""
    if len(words) > 1:
        counting = lists.words("counting_words", language)
        head, first, second = words[-1].lower(), words[0].lower(), words[1]
        if head in counting or (head.isdecimal() and len(head) == _YEAR_DIGITS):
            head = words[-2].lower()
        if first in counting and len(words) > 2:
            first, second = words[1].lower(), words[2]
        if first in lists.words("event_openings", language):
            return EntityType.EVENT
        if second not in _OF and language != "ru":
            first = ""
        for name, found in _BY_HEAD:
            known = lists.words(name, language)
            if head in known or first in known:
                return found
    if kind is not EntityType.PERSON and _MODEL.match(surface.partition(" ")[0]):
        return EntityType.PRODUCT
    return kind


def person_part(words: Sequence[str], language: str, lists: NameWords) -> tuple[int, int]:
    """Which of the words of a person's name are the name: without titles before it and places behind it.

    "Russian Foreign Minister Elena Orlova" is its words 3 to 5, "Daniel Whitcombe of Harrow" its words 0 to 2. A title that is
    a given name as well ("Earl Whitcombe") stays where nothing but it stands before the name.
    """
    titles = lists.words("titles", language)
    first = 0
    for place, word in enumerate(words[:-1]):
        if word.lower() in titles and not (place == first and "g" in lists.people.get(word, "")):
            first = place + 1
    end = len(words)
    for place in range(first + 1, len(words)):
        if words[place] in _JOINERS.get(language, frozenset()):
            end = place
            break
    return first, end


def person_behind_title(words: Sequence[str], language: str, lists: NameWords) -> int | None:
    """Where a person's name begins behind a title inside a name taken for something else, None if there is none.

    "U.S. Secretary of State Michael Harrow" is a person from word 4 on; "President Lindqvist University" is none.
    """
    if len(words) < _TITLE_AND_NAME or _is_carried(words[-1], language, lists):
        return None
    titles = lists.words("titles", language)
    titled = next((place for place, word in enumerate(words) if word.lower() in titles), len(words))
    for place in range(titled + 1, len(words) - 1):
        if "g" in lists.people.get(words[place], "") and words[place].lower() not in titles:
            return place
    return None


def begins_person(words: Sequence[str], language: str, lists: NameWords) -> bool:
    """Whether these words are a given name and more, and no organisation or place: "Karim Jalal"."""
    return len(words) > 1 and "g" in lists.people.get(words[0], "") and not _is_carried(words[-1], language, lists)


def _is_carried(word: str, language: str, lists: NameWords) -> bool:
    folded = word.lower()
    return folded in lists.words("organization_words", language) or folded in lists.words("place_words", language)


def is_in_title_case(text: str, start: int, end: int) -> bool:
    """Whether a long name stands in a line in which every longer word has a capital and no sentence ends: a headline."""
    if text.count(" ", start, end) < _HEADLINE_SPACES:
        return False
    stop = text.find("\n", end)
    line = text[text.rfind("\n", 0, start) + 1 : stop if stop >= 0 else len(text)].rstrip()
    if not line or line[-1] in _LINE_ENDS or len(line) > _HEADLINE:
        return False
    return not any(word[0].islower() and len(word) > _SMALL_WORD for word in line.split())


def is_title_in_quotes(text: str, start: int, end: int) -> bool:
    """Whether exactly this stands between quotation marks: the title of a song, film or book, or a nickname."""
    before = text[max(0, start - 2) : start].rstrip(" ")[-1:]
    after = text[end : end + 2].lstrip(" ,.")[:1]
    return before in _OPENING and after in _CLOSING


def is_in_capitals(text: str, start: int, end: int) -> bool:
    """Whether a name in capitals stands in a line in capitals, where capitals say nothing: a headline, a label."""
    if not text[start:end].isupper():
        return False
    stop = text.find("\n", end)
    line = text[text.rfind("\n", 0, start) + 1 : stop if stop >= 0 else len(text)]
    return line.isupper() and len(line.split()) >= _CAPITAL_LINE
