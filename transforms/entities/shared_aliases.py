"""Finds aliases that two entities share and nothing decides between, which the build refuses.

Before: "Georgia" of the country and of the US state, both with prior 0. After: one line that names both files and lines.
Decides: another required case, no common language, disjoint periods, another prior, or words of context for one of the two; a metonym
is refused nowhere ("Tehran" is the city first, and where two countries share it, neither).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.entities import AliasKind
from transforms.entities.alias_entity import ANY_LANGUAGE, Alias, AliasEntity, Case
from transforms.entities.alias_key import exact_form, spellings
from transforms.entities.tokens import tokenize


class Bearer(NamedTuple):
    """An entity with one of its aliases."""

    alias: Alias
    entity: AliasEntity


class Clash(NamedTuple):
    """Two entities that one text can mean, with nothing to decide."""

    text: str
    one: Bearer
    other: Bearer

    def __str__(self) -> str:
        one, other = self.one.entity, self.other.entity
        return (
            f'{other.file}:{other.line}: "{self.text}" means {other.id} ({other.name}) and, in {one.file}:{one.line}, '
            f"{one.id} ({one.name}); give one of them a higher prior, context words or a period (valid)"
        )


def clashes(bearers: Sequence[Bearer]) -> Iterator[Clash]:
    """The undecided pairs among the bearers of one key; `bearers` are in a fixed order, which the answer keeps."""
    for place, other in enumerate(bearers):
        for one in bearers[:place]:
            if one.entity.id != other.entity.id and not _decided(one.alias, other.alias):
                yield Clash(other.alias.text, one, other)


def _decided(one: Alias, other: Alias) -> bool:
    if one.prior != other.prior or one.context != other.context:
        return True
    if AliasKind.METONYM in (one.kind, other.kind):
        return True
    return not (_languages_meet(one, other) and _periods_meet(one, other) and _cases_meet(one, other))


def _languages_meet(one: Alias, other: Alias) -> bool:
    if ANY_LANGUAGE in (one.language, other.language):
        return True
    short, long = sorted((one.language, other.language), key=len)
    return long == short or long.startswith(short + "-")


def _periods_meet(one: Alias, other: Alias) -> bool:
    for early, late in ((one.valid, other.valid), (other.valid, one.valid)):
        if early.last and late.first and early.last < late.first:
            return False
    return True


def _cases_meet(one: Alias, other: Alias) -> bool:
    """Whether one way of writing satisfies both; the rare headline in capitals does not count."""
    if one.case is Case.EXACT and other.case is Case.EXACT:
        return bool(_forms(one) & _forms(other))
    for exact, title in ((one, other), (other, one)):
        if exact.case is Case.EXACT and title.case is Case.TITLE:
            # "US" of the country, "Us" of a film: all in capitals is the acronym unless the other is written so too.
            return bool(_forms(exact) & _forms(title))
    return True


def _forms(alias: Alias) -> set[str]:
    return {exact_form(tokenize(spelling).words) for spelling in spellings(alias.text)}
