"""Splits what a page states as its author into names, and takes off what isn't a name.

Before: "Jane Roe and John Doe, Springfield", "Jane Roe (text) | Example News", "記者 山田太郎". After: "Jane Roe" and "John
Doe"; "Jane Roe"; "山田太郎".
Pieces are dropped only behind a full name (two to four capitalised words), since "Example and Sons" or "Roe, Jane" may be
one name. Word lists: configs/bylines.toml, configs/metadata.toml.
"""

from __future__ import annotations

import re

from schemas.codes import AuthorKind
from transforms.agencies import AgencyRules, find_agency
from transforms.fold import fold_line
from transforms.gazetteer import Gazetteer
from transforms.inverted_name import turn_around
from transforms.metadata.rules import MetadataRules

_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,6}", re.IGNORECASE)
_EMAIL = re.compile(r"\s*[(<\[]?[\w.+-]+@[\w-]+\.[\w.]+[)>\]]?|(?<=\w)\s+@\w+")
_LIST_MARK = re.compile(r"\s*[,;、，]\s*")
_LOOSE_MARK = re.compile(r"\s*[|•·]\s*|\s+[-–—/]\s+")
_FULL_NAME = re.compile(r"[^\W\d_][^\d,;:/@]*\s[^\d,;:/@]+")
_PARENTHESES = re.compile(r"\s*\([^()]*\)$")
_HAN_NAME = re.compile("[\u3400-\u9fff]{2,4}")
_WORDS = re.compile(r"[^\W\d_]+")
_LONGEST_ABBREVIATION = 5


def kind_of(name: str, rules: MetadataRules) -> AuthorKind:
    """person, organization or staff, by the words of the name; a news agency is an organization."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if any(word in rules.staff_words for word in words):
        return AuthorKind.STAFF
    if any(word in rules.organization_words for word in words):
        return AuthorKind.ORGANIZATION
    return AuthorKind.ORGANIZATION if _is_agency(name) else AuthorKind.PERSON


def _is_agency(name: str) -> bool:
    """Whether a name is an agency's: one of two words, in capitals, or that stands for nothing else ("Beta" may be a person)."""
    rules = AgencyRules.load()
    if fold_line(name) not in rules.by_name:
        return False
    return (
        " " in name
        or (name.isupper() and len(name) <= _LONGEST_ABBREVIATION)
        or bool(rules.text_pattern.fullmatch(name))
    )


def joined_names(text: str, rules: MetadataRules) -> list[str]:
    """The names of a byline up to the one behind its last joining word: only persons are joined, places and outlets follow.

    "Jane Roe and John Doe, Example Standard" gives Jane Roe and John Doe; "Jane Roe, Example Standard" gives nobody.
    """
    *before, last = rules.joiner_pattern.split(text)
    last = _LIST_MARK.split(last)[0]
    if not before or not _is_joined(last, rules):
        return []
    names = [_without_company(piece, rules) for part in (*before, last) for piece in _LIST_MARK.split(part)]
    return [name for name in names if _is_joined(name, rules)]


def _is_joined(name: str, rules: MetadataRules) -> bool:
    plain = _without_company(name, rules)
    # "Jane Roe, Master Gardener and Garden Educator"
    is_role = any(word.lower() in rules.roles for word in plain.split())
    return _is_full_name(plain, rules) and _is_person(plain, rules) and not is_role


def visible_names(text: str, rules: MetadataRules) -> list[str]:
    """The names of a byline as shown: without pieces that name nobody ("Staff, Agencies"), without a place ("Jane Roe,
    Springfield") and without a desk or outlet in capitals beside people ("Jane Roe, EXAMPLE NORTH")."""
    described = _without_description(text, rules)
    names = [name for name in split_names(described, rules) if not is_unnamed(name, rules)]
    if names and _is_full_name(names[0], rules) and _is_person(names[0], rules):
        names = [name for name in names if " " in name and kind_of(name, rules) is not AuthorKind.ORGANIZATION]
    mixed = [name for name in names if not name.isupper()]
    return mixed if len(mixed) < len(names) and any(" " in name for name in mixed) else names


def split_stated(text: str, rules: MetadataRules) -> list[str]:
    """The names in a string that a page states as the author: split only where every piece is a full name.

    "Jane Roe, John Doe and Ann Poe" is three names; "Roe, Jane" stays whole ("By Roe, Jane" is turned); what an author is is left
    out ("Jane Roe, head of research at Example"), and so are an organisation or the staff after a name ("Jane Roe, Example News").
    """
    if text.lstrip().startswith(","):
        # ", Example Times": the template had no name to put in front.
        return []
    if ";" in text:
        pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
        # Semicolons divide where commas stand inside the names: "Roe, Jane; Doe, John".
        is_inverted = all(piece.count(",") == 1 for piece in pieces)
        return [turn_around(piece, rules.words, surely=is_inverted) for piece in pieces]
    if turn_around(text.strip(), rules.words) != text.strip():
        # A structured field has the name as the page files it; after "By" it is a line for readers.
        return [text.strip()]
    names = split_names(_without_description(text, rules), rules)
    if len(names) < 2 or all(map(_HAN_NAME.fullmatch, names)):
        return names
    if all(is_unnamed(name, rules) for name in names):
        return []
    if _FULL_NAME.fullmatch(names[0]):
        # A single word behind full names is a place: "Jane Roe and John Doe, Springfield".
        names = [name for name in names if " " in name]
    people = [name for name in names if kind_of(name, rules) is AuthorKind.PERSON]
    if not people or not all(_is_full_name(name, rules) for name in people):
        return [text]
    return people


def split_names(text: str, rules: MetadataRules) -> list[str]:
    """The names in one string: "Jane Roe, John Doe and Ann Poe" is three, "Jane Roe, PhD" is one."""
    text = without_places_between(_EMAIL.sub("", text).strip().removesuffix(" ."), rules)
    match = rules.by_pattern.match(text) if rules.may_open(text) else None
    if match and match.end() < len(text):
        text = text[match.end() :]
    turned = turn_around(text, rules.words)
    if turned != text:
        return [turned]
    degrees = {degree.rstrip(".") for degree in rules.degrees}
    names: list[str] = []
    for piece in (piece.strip() for piece in _LIST_MARK.split(_without_outlet(text, rules)) if piece.strip()):
        if names and piece.lower().rstrip(".") in degrees:
            names[-1] = f"{names[-1]}, {piece}"
            continue
        own = _without_company(piece, rules)
        joined = rules.joiner_pattern.split(own)
        # "Simon and Schuster" is one name; two full names with an "and" between them are two.
        if len(joined) > 1 and all(len(part.split()) >= 2 for part in joined):
            names.extend(_without_company(part.strip(), rules) for part in joined)
        else:
            names.append(own)
    return names


def without_places_between(text: str, rules: MetadataRules) -> str:
    """Without the places in front of a further name: "Jane Roe in Paris and John Doe" is "Jane Roe and John Doe".

    Not where another place is joined: "Jane Roe in New York and San Francisco".
    """
    return rules.words.place_between.sub(
        lambda match: match[0] if Gazetteer.load().countries(match[1]) else "",
        text,
    )


def is_unnamed(name: str, rules: MetadataRules) -> bool:
    """Whether a name is made of words that name nobody ("Staff and Agencies")."""
    return all(word.lower() in rules.unnamed_words for word in _WORDS.findall(name))


def _is_full_name(text: str, rules: MetadataRules) -> bool:
    if not _FULL_NAME.fullmatch(text) or not 2 <= len(text.split()) <= 4:
        return False
    return not any(_is_lower(word, rules) for word in text.split())


def _is_lower(word: str, rules: MetadataRules) -> bool:
    return word[:1].islower() and word.lower() not in rules.particles


def _without_description(text: str, rules: MetadataRules) -> str:
    """A full name without the commas' pieces behind it that say who that is: "Jane Roe, head of research at Example".

    A piece says so by a word in small letters that stands in no name, by a role, a figure, or by being an address.
    """
    name, *rest = _LIST_MARK.split(text)
    joined = rules.joiner_pattern.split(name)
    is_one = _FULL_NAME.fullmatch(name) and 2 <= len(name.split()) <= 4
    if not rest or not (is_one or all(_is_full_name(part, rules) for part in joined)):
        return text
    place = next((i for i, piece in enumerate(rest) if _describes(piece, rules)), None)
    return text if place is None else ", ".join([name, *rest[:place]])


def _describes(piece: str, rules: MetadataRules) -> bool:
    words = [word.strip(".()") for word in piece.split()]
    if any(word.lower() in rules.roles or word[:1].isdigit() or _is_lower(word, rules) for word in words):
        return True
    return bool(_HOST.fullmatch(piece))


def _without_outlet(text: str, rules: MetadataRules) -> str:
    """With commas for the marks between full names ("Jane Roe | John Doe"), and without an outlet behind such a mark."""
    first, *rest = _LOOSE_MARK.split(text)
    if not rest or not _is_full_name(first, rules) or not _is_person(first, rules):
        return text
    if all(_is_full_name(piece, rules) and _is_person(piece, rules) for piece in rest):
        return ", ".join([first, *rest])
    return text if any(_is_person(piece, rules) for piece in rest) else first


def _without_company(text: str, rules: MetadataRules) -> str:
    """A full name without what stands behind it in the same piece: "(Reuters)", "in London", "with agencies"."""
    for cut in (_PARENTHESES, rules.behind_name_pattern):
        match = cut.search(text)
        if match and _is_full_name(text[: match.start()].strip(), rules):
            text = text[: match.start()].strip()
    name, *company = rules.companion_pattern.split(text)
    nobody = company and not any(_is_person(piece, rules) for piece in company)
    return name if nobody and _is_full_name(name, rules) else text


def _is_person(text: str, rules: MetadataRules) -> bool:
    return kind_of(text, rules) is AuthorKind.PERSON and not is_unnamed(text, rules) and find_agency(text) is None
