"""Sets the spelling of a person's name right and tells two spellings of one person.

Before: "JANE MCROE", "Jean DUPONT-ROE", "J. Roe" beside "Jane Roe". After: "Jane McRoe", "Jean Dupont-Roe", "Jane Roe".
Capitals are set right only where they can't be an outlet's or a part of the name ("Jane Roe II", "J. R. Roe"); in
Greek they stay, since capitals there have lost the accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

_SHORT = 4
"""Letters up to which a word in capitals beside others in small letters may be an abbreviation."""

_ROMAN = re.compile("[IVX]+")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’.]+[^\W\d_]+)*\.?")
_VOWEL = re.compile("[AEIOUYÀ-ÆÈ-ÏÒ-ÖØ-ÜÝĀĂĄĒĔĖĘĚĪĬĮİŌŎŐŒŪŬŮŰŲАЕЁИІЇОУЫЭЮЯЄ]")
_SCOTTISH = re.compile(r"(?:Mc|O['’])[a-z]")
_TURKISH = re.compile("[ĞŞİ]")
_GREEK = re.compile("[\u0370-\u03ff]")
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def set_case(name: str, particles: Collection[str]) -> str:
    """`name` with its words in capitals as a name is written; `particles` ("van", "de") become small. Idempotent.

    Only for two words or more: "REUTERS" alone stays. "Jean DUPONT" loses its capitals too, "Jane Roe BBC" doesn't.
    What follows a comma ("MD") stays.
    """
    own, comma, degrees = name.partition(",")
    words = own.split()
    if len(words) < 2 or not all(map(_NAME_WORD.fullmatch, words)) or _GREEK.search(own):
        return name
    capitals = [word.isupper() and len(word.strip(".")) > 1 for word in words]
    throughout = all(word.isupper() for word in words)
    if not any(capitals) or (throughout and any(_is_abbreviation(word) for word in words)):
        return name
    turkish = bool(_TURKISH.search(own))
    written = []
    for place, (word, capital) in enumerate(zip(words, capitals, strict=True)):
        keeps = not capital or "." in word or (_ROMAN.fullmatch(word) and place > 0) or not _VOWEL.search(word)
        if keeps or (not throughout and len(word) <= _SHORT):
            written.append(word)
        elif 0 < place < len(words) - 1 and word.lower() in particles:
            written.append(word.lower())
        else:
            written.append(_PART.sub(lambda match: _capitalised(match.group(), turkish), word))
    return " ".join(written) + comma + degrees


def _is_abbreviation(word: str) -> bool:
    """Whether a word in capitals can't be spoken, so that the name is an outlet's ("XDR NORTH"): no vowel in it."""
    return len(word) > 2 and "." not in word and not _VOWEL.search(word) and not _ROMAN.fullmatch(word)


def _capitalised(word: str, turkish: bool) -> str:
    rest = word[1:].replace("I", "ı").replace("İ", "i") if turkish else word[1:]
    text = word[:1] + rest.lower()
    if _SCOTTISH.match(text) and len(text) > 3:
        text = text[:2] + text[2].upper() + text[3:]
    return text


def same_person(first: str, second: str) -> bool:
    """Whether two names of one byline are one person's: "J. Roe" and "Jane Roe", "José Roe" and "Jose Roe".

    Initials count only with the same surname in full and the same number of words: "J. Roe" may not be "Jane Ann Roe".
    """
    if first == second:
        return True
    a, b = _plain(first), _plain(second)
    if a == b:
        return True
    if len(a) != len(b) or len(a) < 2 or a[-1] != b[-1]:
        return False
    return all(x == y or (x[0] == y[0] and 1 in (len(x), len(y))) for x, y in zip(a[:-1], b[:-1], strict=True))


def without_doubles(names: Sequence[str]) -> tuple[str, ...]:
    """The names in their order, each person once, in the fullest spelling."""
    kept: list[str] = []
    for name in names:
        place = next((i for i, other in enumerate(kept) if same_person(name, other)), None)
        if place is None:
            kept.append(name)
        elif len(name) > len(kept[place]):
            kept[place] = name
    return tuple(kept)


def _plain(name: str) -> tuple[str, ...]:
    """The words of a name without accents, case and points."""
    apart = unicodedata.normalize("NFKD", name.partition(",")[0].casefold())
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return tuple(word for piece in plain.split() if (word := piece.strip(".'’\"()")))
