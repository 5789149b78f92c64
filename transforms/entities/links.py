"""Gives every name in an article its identity, from what the article itself says.

Before: "Amir Hatami" (unknown name), "Hatami", "JCPOA", "Roe administration"  After: one entity for the first two, the agreement that "(JCPOA)"
stood behind for the third, an organization of its own for the last.

Order: overlaps → acronyms that the article defines → offices ("Roe administration") → national teams → metonyms → persons in full → surnames → ids for the
rest → short names of organisations. Word lists: configs/entities/links.toml.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.entities import AliasKind, Entity, EntityType, FoundName, MentionMethod
from transforms.entities.acronyms import Definition, find_definitions, stands_for
from transforms.entities.bearers import bearers, words_of
from transforms.entities.company_forms import with_company_forms
from transforms.entities.known_names import KnownNames, NoKnownNames
from transforms.entities.link_rules import LinkRules
from transforms.entities.local_id import local_id
from transforms.entities.national_teams import with_national_teams
from transforms.entities.nicknames import with_nicknames
from transforms.entities.persons import (
    bare_surnames,
    behind_places,
    persons_in,
    with_one_sense,
    with_person,
    with_surname,
    without_title,
)
from transforms.entities.short_names import with_short_names
from transforms.entities.spans import first_token, next_token, without_overlaps
from transforms.entities.tokens import Tokens


def link_names(
    found: Sequence[FoundName],
    tokens: Tokens,
    language: str,
    known: KnownNames | None = None,
    rules: LinkRules | None = None,
) -> tuple[FoundName, ...]:
    """The names of an article with their entities, in order of place, none overlapping.

    `found` are aliases (with entity) and chunks (without), in any order. A surname that two persons bear, and a single word
    that may be anybody's surname, stay without an entity. Names that only their context shows (a later bare acronym or
    surname) are added.
    """
    rules = rules or LinkRules.load()
    known = known or NoKnownNames()
    names = without_overlaps(with_company_forms(behind_places(found, tokens, rules), tokens, rules))
    names = with_nicknames(names, tokens)
    names = _defined(names, tokens, rules)
    names = _offices(names, tokens, language, rules)
    names = with_national_teams(names, tokens, language)
    names = [_kind_of(name, tokens, known, rules) for name in names]
    names = [without_title(name, tokens, rules) for name in names]
    persons = persons_in(names, known, language, rules)
    names = [with_person(name, persons) for name in names]
    surnames = bearers(persons.values(), language, rules)
    if surnames:
        read = [with_surname(name, surnames, tokens, language, rules) for name in names]
        names = with_one_sense(names, read, tokens, rules)
    added = bare_surnames(names, tokens, surnames, language, rules)
    linked = [_with_entity(name) for name in (without_overlaps([*names, *added]) if added else names)]
    return tuple(with_short_names(linked, rules))


def _defined(names: list[FoundName], tokens: Tokens, rules: LinkRules) -> list[FoundName]:
    """Long forms as one name each, and their acronyms with the same entity; a definition beats what lists say."""
    definitions = find_definitions(tokens, rules)
    if not definitions:
        return names
    meaning: dict[str, FoundName | None] = {}
    places: dict[str, int] = {}
    added: list[FoundName] = []
    for definition in definitions:
        long = _long_form(definition, names, tokens, rules)
        if long is not None:
            added.append(long)
        if definition.acronym not in meaning:
            places[definition.acronym] = min(definition.place, definition.start)
            meaning[definition.acronym] = long
    kept = []
    for name in names:
        if any(name.start < long.end and long.start < name.end for long in added):
            continue
        if name.surface in meaning and name.start >= places[name.surface]:
            continue
        kept.append(name)
    for place, word in enumerate(tokens.words):
        long = meaning.get(word)
        if long is not None and tokens.starts[place] >= places[word]:
            added.append(
                FoundName(
                    tokens.starts[place],
                    tokens.ends[place],
                    word,
                    long.type,
                    MentionMethod.ACRONYM,
                    AliasKind.ACRONYM,
                    long.entity,
                )
            )
    return without_overlaps([*kept, *added])


def _long_form(
    definition: Definition, names: Sequence[FoundName], tokens: Tokens, rules: LinkRules
) -> FoundName | None:
    """The name that `definition` spells out, with its entity; None where it is no name."""
    surface = tokens.text[definition.start : definition.end]
    by_list = next((name.entity for name in names if name.start == definition.place and name.entity is not None), None)
    for name in names:
        if name.entity is not None and name.start <= definition.start and name.end == definition.end:
            return name
    if by_list is not None and _may_be(by_list, definition.acronym, surface, rules):
        return FoundName(
            definition.start, definition.end, surface, by_list.type, MentionMethod.ACRONYM, AliasKind.NAME, by_list
        )
    if not definition.named:
        return None
    chunk = next((name for name in names if name.start <= definition.start and name.end == definition.end), None)
    kind = EntityType.ORGANIZATION
    if surface.lower().endswith(rules.agreements):
        kind = EntityType.AGREEMENT
    elif chunk is not None and chunk.type not in (EntityType.PERSON, EntityType.PLACE):
        kind = chunk.type
    entity = Entity(local_id(surface, kind), surface, kind)
    return FoundName(definition.start, definition.end, surface, kind, MentionMethod.CHUNK, AliasKind.NAME, entity)


def _may_be(entity: Entity, acronym: str, long: str, rules: LinkRules) -> bool:
    """Whether a list's reading of `acronym` can be what the article spells out as `long`.

    It can where half of the words are the same, or where its own name has other initials, as names in another language have.
    """
    one = {word for word in entity.name.lower().split() if word not in rules.small}
    other = {word for word in long.lower().split() if word not in rules.small}
    if 2 * len(one & other) >= max(len(one), len(other)):
        return True
    return long[:1].isupper() and not stands_for(acronym, entity.name.split(), rules.small)


def _offices(names: list[FoundName], tokens: Tokens, language: str, rules: LinkRules) -> list[FoundName]:
    """ "Roe administration" in place of "Roe"."""
    widened: list[FoundName] = []
    for name in names:
        widened.append(name)
        if name.type is not EntityType.PERSON:
            continue
        behind, before = next_token(tokens, name), first_token(tokens, name) - 1
        surname = tokens.words[behind - 1] if behind else name.surface
        if behind < len(tokens.words) and tokens.text[name.end : tokens.starts[behind]] in (
            " ",
            "-",
            "\u2010",
            "\u2011",
        ):
            word = tokens.words[behind]
            office = rules.offices_after.get(word.lower())
            if office is not None and (not office.capital or word[0].isupper()):
                widened[-1] = _office(name, name.start, tokens.ends[behind], f"{surname} {word}", office.type, tokens)
                continue
        if before >= 0 and language[:2] != "en" and tokens.text[tokens.ends[before] : name.start] == " ":
            word = tokens.words[before]
            office = rules.offices_before.get(word.lower())
            if office is not None:
                named = f"{word} {surname}"
                widened[-1] = _office(name, tokens.starts[before], name.end, named, office.type, tokens)
    return names if widened == names else without_overlaps(widened)


def _office(name: FoundName, start: int, end: int, called: str, kind: EntityType, tokens: Tokens) -> FoundName:
    entity = Entity(local_id(called, kind), called, kind)
    return FoundName(start, end, tokens.text[start:end], kind, MentionMethod.CHUNK, AliasKind.NAME, entity)


def _kind_of(name: FoundName, tokens: Tokens, known: KnownNames, rules: LinkRules) -> FoundName:
    """Demonyms as groups; a capital as its government where what follows says so."""
    if name.kind is AliasKind.DEMONYM:
        return name._replace(type=EntityType.GROUP)
    if name.type is not EntityType.PLACE or name.entity is None or name.kind is not AliasKind.NAME:
        return name
    behind, before = next_token(tokens, name), first_token(tokens, name) - 1
    if before >= 0 and tokens.words[before].lower() in rules.metonym_not_before:
        return name
    while behind < len(tokens.words) and tokens.words[behind] in rules.metonym_between:
        behind += 1
    if behind >= len(tokens.words) or tokens.words[behind] not in rules.metonym_after:
        return name
    if tokens.text[name.end : tokens.starts[behind]].strip(" abcdefghijklmnopqrstuvwxyz"):
        return name
    entity = known.metonym(name.surface)
    return name if entity is None else name._replace(kind=AliasKind.METONYM, entity=entity)


def _with_entity(name: FoundName) -> FoundName:
    """An id of its own for a name that nothing links; a person's single name stays without, since anybody may bear it."""
    if name.entity is not None or (name.type is EntityType.PERSON and len(words_of(name.surface)) < 2):
        return name
    identity = local_id(name.surface, name.type)
    return name._replace(entity=Entity(identity, name.surface, name.type)) if identity else name
