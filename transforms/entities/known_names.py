"""What links ask of the alias store: who else may be meant.

Before: the key of "Sergey Shoygu"  After: the person whom a list calls "Sergei Shoigu".
"""

from __future__ import annotations

from typing import Protocol

from schemas.entities import Entity


class KnownNames(Protocol):
    """What links ask of the alias store."""

    def by_name_key(self, key: str, /) -> tuple[Entity, ...]:
        """The persons with a name of this `name_key`."""

    def metonym(self, name: str, /) -> Entity | None:
        """What a place's name stands for as a government: "Washington" → the United States."""


class NoKnownNames:
    """Knows nobody: for texts without an alias store."""

    def by_name_key(self, key: str, /) -> tuple[Entity, ...]:
        """Nobody."""
        return ()

    def metonym(self, name: str, /) -> Entity | None:
        """Nothing."""
        return None
