"""Joins the two halves of a person's name around a nickname in quotation marks.

Before: "Ann" and "Roe" in 'Ann "Red" Roe left'  After: one name, 'Ann "Red" Roe', of the person Ann Roe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.entities import Entity, EntityType, FoundName, MentionMethod
from transforms.entities.local_id import local_id
from transforms.entities.tokens import Tokens

_NICKNAME = re.compile(" [\"\u201c\u201e\u2018'] ?\\w[\\w' .-]{0,20}[\"\u201d\u201c\u2019'] ")


def with_nicknames(names: Sequence[FoundName], tokens: Tokens) -> list[FoundName]:
    """`names`, in order and without overlaps, with such halves as one; what stands between them is no name of its own.

    Only names that no list knows: a person in front, and behind it a person or a single word.
    """
    if _NICKNAME.search(tokens.text) is None:
        return list(names)
    joined: list[FoundName] = []
    for place, name in enumerate(names):
        if joined and name.end <= joined[-1].end:
            continue
        other = next((each for each in names[place + 1 : place + 3] if _are_halves(name, each, tokens.text)), None)
        joined.append(name if other is None else _whole(name, other, tokens.text))
    return joined


def _are_halves(one: FoundName, other: FoundName, text: str) -> bool:
    if one.type is not EntityType.PERSON or one.entity or other.entity or other.start - one.end > 30:
        return False
    person = other.type is EntityType.PERSON or " " not in other.surface
    return person and _NICKNAME.fullmatch(text[one.end : other.start]) is not None


def _whole(one: FoundName, other: FoundName, text: str) -> FoundName:
    name = f"{one.surface} {other.surface}"
    entity = Entity(local_id(name), name, EntityType.PERSON)
    return FoundName(
        one.start, other.end, text[one.start : other.end], EntityType.PERSON, MentionMethod.CHUNK, one.kind, entity
    )
