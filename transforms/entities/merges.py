"""Says which local ids are another spelling of an earlier id: new rows with `same_as`, nothing rewritten.

Before: earlier "local:kassem-suleimani", now "local:qassem-soleimani"; nobody else's name is near.
After: SameAs("local:qassem-soleimani", "local:kassem-suleimani").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from schemas.entities import Entity, EntityType
from transforms.entities.local_id import PREFIX
from transforms.entities.name_key import name_key
from transforms.entities.person_words import person_words
from transforms.entities.same_name import same_name


class SameAs(NamedTuple):
    """The entity `entity_id` is the one that already has the id `same_as`."""

    entity_id: str
    same_as: str


def merges(new_entities: Iterable[Entity], known_entities: Iterable[Entity]) -> tuple[SameAs, ...]:
    """Which of `new_entities` (persons with a local id) are one of `known_entities`, sorted by id.

    Only where exactly one known person bears the name, and where that one bears no second new name that is not the first's: a
    new name near two known ones, and two new names near one known but not near each other, stay apart. The order of neither
    input matters.
    """
    by_key: dict[str, dict[str, Entity]] = {}
    known_ids: set[str] = set()
    for entity in known_entities:
        known_ids.add(entity.id)
        if entity.type is EntityType.PERSON and _is_full(entity.name):
            by_key.setdefault(name_key(entity.name), {})[entity.id] = entity
    chosen: dict[str, list[Entity]] = {}
    for entity in sorted(set(new_entities)):
        if entity.type is not EntityType.PERSON or not entity.id.startswith(PREFIX) or entity.id in known_ids:
            continue
        if not _is_full(entity.name):
            continue
        near = by_key.get(name_key(entity.name), {})
        same = [other.id for other in near.values() if same_name(entity.name, other.name)]
        if len(same) == 1:
            chosen.setdefault(same[0], []).append(entity)
    return tuple(
        sorted(
            SameAs(entity.id, known)
            for known, entities in chosen.items()
            if all(same_name(entities[0].name, other.name) for other in entities[1:])
            for entity in entities
        )
    )


def _is_full(name: str) -> bool:
    """Two words at least that are no initials: "J. Roe" may be anybody."""
    return sum(len(word) > 1 for word in person_words(name).plain) > 1
