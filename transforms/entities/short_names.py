"""Links the short names of organisations: the first or last word of one that the article names in full.

Before: "Elswick Mining Corp." and, later, "Elswick"  After: both are the company; so are "Fenwick United" and "United".

Only a single word that no list knows is read so, and only where one organisation of the article begins (or else ends) with it. A word
that looks like a place or person is a company's short name only: "Bridgton" is no "Bridgton School".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.entities import Entity, EntityType, FoundName, MentionMethod
from transforms.entities.link_rules import LinkRules


def with_short_names(names: Sequence[FoundName], rules: LinkRules) -> list[FoundName]:
    """`names` with the short names of organisations as those; entities of other names stay."""
    wanted = {name.surface for name in names if _is_open(name)}
    if not wanted:
        return list(names)
    full = [name for name in names if name.type is EntityType.ORGANIZATION and name.entity and " " in name.surface]
    companies = [name for name in full if name.surface.split()[-1].lower().rstrip(".") in rules.company_words]
    first, last, company = (_bearers(*asked, wanted, rules) for asked in ((full, 0), (full, -1), (companies, 0)))
    meant = {word: first.get(word) or last.get(word) for word in wanted}
    return [
        _as(name, (meant if name.type is EntityType.ORGANIZATION else company).get(name.surface))
        if _is_open(name)
        else name
        for name in names
    ]


def _is_open(name: FoundName) -> bool:
    """Whether a name may be a short one: a single unknown word."""
    return name.method is MentionMethod.CHUNK and name.surface.isalpha() and name.surface[0].isupper()


def _bearers(full: Iterable[FoundName], place: int, wanted: set[str], rules: LinkRules) -> dict[str, Entity]:
    """The words of `wanted` that stand at `place` in the names of one organisation alone."""
    found: dict[str, dict[str, Entity]] = {}
    for name in full:
        word = name.surface.split()[place]
        if name.entity and word in wanted and word.lower() not in rules.short_names_not:
            found.setdefault(word, {})[name.entity.id] = name.entity
    return {word: next(iter(known.values())) for word, known in found.items() if len(known) == 1}


def _as(name: FoundName, entity: Entity | None) -> FoundName:
    if entity is None:
        return name
    return name._replace(type=entity.type, method=MentionMethod.VARIANT, entity=entity)
