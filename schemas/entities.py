"""The records of names, dates and quotes in a body: what the finders hand on, and the rows of `mentions` and `quotes`.

All offsets are Unicode code points in `body`, half open; `surface` is always exactly `body[start:end]`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from schemas.codes import Code


class EntityType(Code):
    """What an entity is. `group`: people named by nationality, religion or party ("Iranians")."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    AGREEMENT = "agreement"
    EVENT = "event"
    PRODUCT = "product"
    DATE = "date"
    QUANTITY = "quantity"
    GROUP = "group"


class MentionMethod(Code):
    """How a mention was found; each has a measured precision, which is its confidence."""

    ALIAS = "alias"
    ACRONYM = "acronym"
    SURNAME = "surname"
    VARIANT = "variant"
    CHUNK = "chunk"
    DATE = "date"
    QUANTITY = "quantity"


class AliasKind(Code):
    """What an alias is to its entity."""

    NAME = "name"
    ACRONYM = "acronym"
    DEMONYM = "demonym"
    METONYM = "metonym"
    EVENT = "event"


class Entity(NamedTuple):
    """One identity. `id` is the Wikidata id where one is known, else `local:<slug>`; it is never changed once written.

    `iso_code` is ISO 3166-1 alpha-2 for countries and territories.
    """

    id: str
    name: str
    type: EntityType
    wikidata_id: str | None = None
    iso_code: str | None = None


class FoundName(NamedTuple):
    """A name in a body. `entity` is None until one is known: a chunk that nothing links yet.

    `type` is what this mention is: mostly its entity's type; `group` for a demonym.
    """

    start: int
    end: int
    surface: str
    type: EntityType
    method: MentionMethod
    kind: AliasKind = AliasKind.NAME
    entity: Entity | None = None


class FoundDate(NamedTuple):
    """A date in a body. `value` is EDTF (ISO 8601-2): "2019-12", "2020-W34", "2015-07-14/2015-07-20", "199X", "2020-Q3" as
    "2020-33" …; never more precise than what is written."""

    start: int
    end: int
    surface: str
    value: str


class DateAnchor(NamedTuple):
    """What "Sunday" is relative to: the dateline's date, else the publication's; None where neither is known."""

    day: date | None


class FoundQuantity(NamedTuple):
    """A quantity or an amount of money. `value` is "<number> <unit>", the unit an ISO 4217 code for money."""

    start: int
    end: int
    surface: str
    value: str


class FoundQuote(NamedTuple):
    """Words in quotation marks with who said them. `start`, `end` enclose the words without the marks; `speaker_start` and
    `speaker_end` the speaker as it stands beside them ("Zarif", "he"); `speaker` is who that is, None where it isn't known."""

    start: int
    end: int
    quote: str
    speaker_start: int
    speaker_end: int
    speaker: Entity | None = None


class Mention(NamedTuple):
    """One row of the table `mentions`. (A NamedTuple: an article has some eighty, and a frozen dataclass takes five times as
    long to make.)"""

    article_id: str
    seq: int
    start: int
    end: int
    surface: str
    entity_id: str | None
    entity_type: EntityType
    canonical_name: str | None
    wikidata_id: str | None
    iso_code: str | None
    method: MentionMethod
    kind: AliasKind
    confidence: float
    value: str | None
    published_at: datetime | None
    language: str
    published_month: str | None


class Quote(NamedTuple):
    """One row of the table `quotes`."""

    article_id: str
    seq: int
    start: int
    end: int
    quote: str
    speaker_entity_id: str | None
    speaker_surface: str
    language: str
    published_month: str | None


class Mentions(NamedTuple):
    """All that was found in one article's body: the rows of `mentions` and of `quotes`, each in the order of the text."""

    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()


NO_MENTIONS = Mentions()
