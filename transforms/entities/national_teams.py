"""Tells the team of a country from the country in reports of matches.

Before: "England" → Q21 in "England beat Samoa 44-22"  After: the organisation "England national team", kind metonym.

The team has an entity of its own, whatever the sport: "local:england-national-team". Which words make a report, and which a team, is
in configs/mentions.toml.
"""

from __future__ import annotations

import re

from schemas.entities import AliasKind, Entity, EntityType, FoundName
from transforms.entities.local_id import local_id
from transforms.entities.spans import first_token, next_token
from transforms.entities.team_rules import TeamRules, TeamWords
from transforms.entities.tokens import Tokens

_SCORE = re.compile(r",? \(?\d{1,3}[-\u2013:]\d{1,3}\b")
_POSSESSIVE = re.compile("['\u2019]s\\b")
_SUFFIX = "national team"


def with_national_teams(
    names: list[FoundName], tokens: Tokens, language: str, rules: TeamRules | None = None
) -> list[FoundName]:
    """`names` with countries as their teams where the text is a report of a match and a word beside one of their names says so."""
    rules = rules or TeamRules.load()
    words = rules.languages.get(language[:2])
    if words is None or len(words.report.intersection(tokens.words)) < rules.least:
        return names
    teams = {name.entity.id for name in names if name.entity and _plays(name, tokens, words, rules)}
    if not teams:
        return names
    return [
        _team(name, name.entity)
        if name.entity and name.entity.id in teams and _may_play(name, tokens, words, rules)
        else name
        for name in names
    ]


def _may_play(name: FoundName, tokens: Tokens, words: TeamWords, rules: TeamRules) -> bool:
    """Whether a name can be a team's where it stands: not in "in England", but in "to England 2-1"; nor in "England's Ann
    Roe", who is from there."""
    if not _is_country(name, rules) or _POSSESSIVE.match(tokens.text, name.end):
        return False
    return _before(name, tokens, rules) not in words.place or _SCORE.match(tokens.text, name.end) is not None


def _is_country(name: FoundName, rules: TeamRules) -> bool:
    entity = name.entity
    if entity is None or name.type is not EntityType.PLACE or name.kind not in (AliasKind.NAME, AliasKind.ACRONYM):
        return False
    return entity.iso_code is not None or entity.wikidata_id in rules.also


def _plays(name: FoundName, tokens: Tokens, words: TeamWords, rules: TeamRules) -> bool:
    if not _may_play(name, tokens, words, rules):
        return False
    if _before(name, tokens, rules) in words.before or _SCORE.match(tokens.text, name.end):
        return True
    behind = next_token(tokens, name)
    return (
        behind < len(tokens.words)
        and tokens.words[behind] in words.behind
        and tokens.text[name.end : tokens.starts[behind]] == " "
    )


def _before(name: FoundName, tokens: Tokens, rules: TeamRules) -> str:
    """The word directly before a name, past an article; empty where none stands there."""
    place = first_token(tokens, name)
    for _ in range(2):
        if not place or tokens.gaps[place] not in (" ", "'", "\u2019"):
            return ""
        place -= 1
        if tokens.words[place].lower() not in rules.articles:
            return tokens.words[place].lower()
    return ""


def _team(name: FoundName, country: Entity) -> FoundName:
    called = f"{country.name} {_SUFFIX}"
    entity = Entity(local_id(called, EntityType.ORGANIZATION), called, EntityType.ORGANIZATION)
    return name._replace(type=EntityType.ORGANIZATION, kind=AliasKind.METONYM, entity=entity)
