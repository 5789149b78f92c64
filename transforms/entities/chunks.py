"""Finds names that no alias file knows: capitalised runs of words, cut to the name and typed.

Before: "Russian Foreign Minister Lena Orlova left Fenwick University." After: person "Lena Orlova", organization "Fenwick
University". Which part of a run is a name is said by the model of transforms/entities/name_model.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.entities import EntityType, FoundName, MentionMethod
from transforms.entities.name_model import LABELS, NameModel, find_runs, labels_of_runs, rows_of_runs, shared_scores
from transforms.entities.name_repeats import with_one_type, with_repeats
from transforms.entities.name_runs import Run
from transforms.entities.name_types import (
    begins_person,
    is_in_capitals,
    is_in_title_case,
    is_title_in_quotes,
    person_behind_title,
    person_part,
    type_by_words,
)
from transforms.entities.name_words import NameWords
from transforms.entities.tokens import Tokens

_SHARE = 0.5
_TYPES = (None, *(EntityType(label.partition("-")[2]) for label in LABELS[1:]))


@dataclass(frozen=True, slots=True)
class ChunkRules:
    """The model with its word lists."""

    model: NameModel

    @staticmethod
    def load() -> ChunkRules:
        """The built-in rules (cached)."""
        return _load()


def find_chunks(
    tokens: Tokens, language: str, taken: Sequence[FoundName] = (), rules: ChunkRules | None = None
) -> tuple[FoundName, ...]:
    """The names of persons, organisations and places in a text, in order, not overlapping, without entities.

    What `taken` covers is left out unless the name found is longer at either end and holds it whole ("Iran" inside "Bank of
    Iran"). `language` is ISO 639-1; for scripts without capitals nothing is found. Raises nothing on any text.
    """
    loaded = rules or ChunkRules.load()
    model = loaded.model
    runs = find_runs(tokens, language, model)
    if not runs.runs:
        return ()
    rows = rows_of_runs(runs)
    scores = shared_scores(model.scores(rows), rows.words[:, 0], _SHARE)
    found: list[FoundName] = []
    for run, labels in zip(runs.runs, labels_of_runs(scores, runs.runs), strict=True):
        if any(labels):
            found += _names_in(tokens, run, labels, language, model.words)
    return tuple(_outside(with_one_type(with_repeats(found, tokens, runs.runs)), taken, language, model.words))


def beside_taken(
    found: Sequence[FoundName], taken: Sequence[FoundName], language: str, rules: ChunkRules
) -> tuple[FoundName, ...]:
    """Those of `found`, in order and without overlaps, that are kept beside known names, as `find_chunks` keeps its own."""
    return tuple(_outside(found, taken, language, rules.model.words))


def _names_in(tokens: Tokens, run: Run, labels: list[int], language: str, lists: NameWords) -> list[FoundName]:
    names: list[FoundName] = []
    place = 0
    size = len(labels)
    while place < size:
        kind = _TYPES[labels[place]]
        end = place + 1
        if kind is not None:
            while end < size and labels[end] and labels[end] % 2 == 0:
                end += 1
            first, stop = run.first + place, run.first + end
            if kind is not EntityType.PERSON and stop - first > 1:
                person = person_behind_title(tokens.words[first:stop], language, lists)
                if person is not None:
                    first, kind = first + person, EntityType.PERSON
            if kind is EntityType.PERSON:
                before, behind = person_part(tokens.words[first:stop], language, lists)
                first, stop = first + before, first + behind
            first, stop = _trimmed(tokens, first, stop, language, lists)
            name = _name(tokens, first, stop, kind, language, lists) if first < stop else None
            if name is not None:
                names.append(name)
        place = end
    return names


def _trimmed(tokens: Tokens, first: int, stop: int, language: str, lists: NameWords) -> tuple[int, int]:
    """The tokens without small words at either end, but for those that begin names ("al-Haddad", "de Wit")."""
    words = tokens.words
    if stop - first > 1 and tokens.opens[first] and words[first].lower() in lists.words("sentence_openings", language):
        first += 1
    particles = lists.words("particles", language)
    opening = lists.words("leading_particles", language)
    while first < stop and words[first] in particles and words[first] not in opening:
        first += 1
    while first < stop and words[stop - 1] in particles:
        stop -= 1
    return first, stop


def _name(tokens: Tokens, first: int, stop: int, kind: EntityType, language: str, lists: NameWords) -> FoundName | None:
    """The name of these tokens; None for a title in quotation marks and in a line in capitals."""
    start, end = tokens.starts[first], tokens.ends[stop - 1]
    text = tokens.text
    if is_title_in_quotes(text, start, end) or is_in_capitals(text, start, end) or is_in_title_case(text, start, end):
        return None
    # "the Minister", "the Fenwick Ambassador": a title is nobody's name.
    if kind is EntityType.PERSON and tokens.words[stop - 1].lower() in lists.words("titles", language):
        return None
    surface = tokens.text[start:end]
    kind = type_by_words(tokens.words[first:stop], surface, kind, language, lists)
    return FoundName(start, end, surface, kind, MentionMethod.CHUNK)


def _outside(
    found: Sequence[FoundName], taken: Sequence[FoundName], language: str, lists: NameWords
) -> list[FoundName]:
    """Those of `found` that no name of `taken` touches, or that hold all they touch and more.

    A person behind a taken name is cut from it ("Russia | Karim Jalal"), unless that is a given name as well ("Chad Fenwick"); what
    is made of taken names alone ("Tehran-Moscow"), or of one and an office ("Russian Senator"), is left to them.
    """
    kept: list[FoundName] = []
    at = 0
    for name in found:
        while at < len(taken) and taken[at].end <= name.start:
            at += 1
        ahead = at
        inside: list[FoundName] = []
        while ahead < len(taken) and taken[ahead].start < name.end:
            inside.append(taken[ahead])
            ahead += 1
        if not inside:
            kept.append(name)
            continue
        if any(other.start < name.start or other.end > name.end for other in inside):
            continue
        if _adds_only_a_title(name, inside, language, lists):
            continue
        rest = name.surface[inside[0].end - name.start :]
        given = name.type is EntityType.PERSON and "g" in lists.people.get(inside[0].surface, "")
        if inside[0].start == name.start and not given and begins_person(rest.split(), language, lists):
            start = name.end - len(rest.lstrip())
            if len(inside) == 1:
                kept.append(name._replace(start=start, surface=rest.lstrip(), type=EntityType.PERSON))
        elif sum(other.end - other.start for other in inside) + len(inside) - 1 < len(name.surface):
            kept.append(name)
    return kept


def _adds_only_a_title(name: FoundName, inside: Sequence[FoundName], language: str, lists: NameWords) -> bool:
    """Whether `name` is known names with an office or small words: "Valleyland Senator", "Governor of Valleyland".

    An office may have a hyphen: "League Secretary-General".
    """
    left = name.surface
    for other in reversed(inside):
        left = left[: other.start - name.start] + " " + left[other.end - name.start :]
    small, titles = lists.words("particles", language), lists.words("titles", language)
    return all(word.lower() in titles or word.lower() in small for word in left.replace("-", " ").split())


@lru_cache(maxsize=1)
def _load() -> ChunkRules:
    return ChunkRules(NameModel.load())
