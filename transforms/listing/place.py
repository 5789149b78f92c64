"""One file that an input means, before it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A listed file. `path` opens it, `uri` is what rows show, `name` is relative to its input. `size` is in bytes, `modified` in
    nanoseconds since 1970, `version` what tells this content from later ones (an object's etag); `size` is -1 where nothing of
    this could be asked."""

    path: str
    uri: str
    name: str
    size: int = -1
    modified: int = 0
    version: str = ""


@dataclass
class Walk:
    """What one listing found beside its files. `lake` is the identity of the folder that is never read."""

    lake: tuple[int, int] | None = None
    unreadable: list[tuple[Place, str]] = field(default_factory=list)
    hidden: int = 0
    lakes: int = 0
