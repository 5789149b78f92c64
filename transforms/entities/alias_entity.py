"""What alias files state: entities, the names that text calls them by, and what decides between entities of one name.

Before: a line of an alias file (`alias_file`). After: `AliasEntity("Q7747", …, aliases=(Alias("Vladimir Putin", …),))`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from schemas.codes import Code
from schemas.entities import AliasKind, EntityType

ANY_LANGUAGE = "*"
MAX_NAME = 200
"""Characters of an alias; longer ones are descriptions, not names."""


class Case(Code):
    """How an alias must be written. `title`: a capital wherever the alias has one at a word's start, or all in capitals;
    `exact`: as written; `any`: also in small letters."""

    TITLE = "title"
    EXACT = "exact"
    ANY = "any"


class Period(NamedTuple):
    """From the first to the last day, both included; None where it is open."""

    first: datetime.date | None = None
    last: datetime.date | None = None


ALWAYS = Period()


class Alias(NamedTuple):
    """One name of an entity. `short`: a surname or short form that means it even where the full name is absent.

    `prior`, `context` and `valid` decide where several entities share the alias; with `only_with` it counts only in articles that
    hold one of these words or phrases.
    """

    text: str
    language: str
    kind: AliasKind
    case: Case
    short: bool = False
    prior: int = 0
    context: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    valid: Period = ALWAYS


class Role(NamedTuple):
    """A term of office: what, of what (an id or a name, None if of nothing), and when."""

    role: str
    of: str | None
    valid: Period


@dataclass(frozen=True, slots=True)
class AliasEntity:
    """One line of an alias file. `leaves_shared`: an alias that it shares undecided with another is left without a link instead of
    refusing the build. `removed`: deletes the entity of this id that earlier files state."""

    id: str
    name: str
    type: EntityType
    file: str
    line: int
    wikidata_id: str | None = None
    iso_code: str | None = None
    aliases: tuple[Alias, ...] = ()
    roles: tuple[Role, ...] = ()
    source: str = ""
    licence: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    leaves_shared: bool = False
    removed: bool = False


class Problem(NamedTuple):
    """What is wrong in an alias file: `key` is "" where it is about the whole line."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {f'{self.key}: ' if self.key else ''}{self.message}"


class AliasFile(NamedTuple):
    """The entities of one file, in its order, and what is wrong with the lines that are not among them."""

    entities: tuple[AliasEntity, ...]
    problems: tuple[Problem, ...]
