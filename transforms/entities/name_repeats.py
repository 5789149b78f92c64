"""Finds further places where an article repeats a name of one word, or the surname of a person it named in full.

Before: "Lena Orlova arrived. … Orlova power was felt."  After: also the second "Orlova", a person.
A word that the article writes in lower case as well is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schemas.entities import EntityType, FoundName, MentionMethod
from transforms.entities.name_runs import Run
from transforms.entities.tokens import Tokens

_TYPES = frozenset((EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE))
_SHORTEST = 3
"""Letters: shorter words are too often something else."""


def with_repeats(found: Sequence[FoundName], tokens: Tokens, runs: Sequence[Run]) -> list[FoundName]:
    """`found` (in order, not overlapping) with the repeats, in order, not overlapping."""
    types = _types_of_words(found)
    if not types:
        return list(found)
    everything = frozenset(tokens.words)
    added: list[FoundName] = []
    at = 0
    for run in runs:
        for place in range(run.first, run.end):
            start = tokens.starts[place]
            while at < len(found) and found[at].end <= start:
                at += 1
            word = tokens.words[place]
            kind = types.get(word)
            if kind is None or (at < len(found) and found[at].start < tokens.ends[place]):
                continue
            if word.lower() not in everything:
                added.append(FoundName(start, tokens.ends[place], word, kind, MentionMethod.CHUNK))
    return sorted((*found, *added)) if added else list(found)


def with_one_type(found: Sequence[FoundName]) -> list[FoundName]:
    """`found` with one type for each surface: the most frequent, the first where two are equally frequent."""
    counts: dict[str, Counter[EntityType]] = {}
    for name in found:
        counts.setdefault(name.surface, Counter())[name.type] += 1
    return [
        name if len(counts[name.surface]) == 1 else name._replace(type=counts[name.surface].most_common(1)[0][0])
        for name in found
    ]


def _types_of_words(found: Sequence[FoundName]) -> dict[str, EntityType]:
    """Words that name something by themselves, with the type they have most often; a person's surname is a person."""
    counts: dict[str, Counter[EntityType]] = {}
    for name in found:
        if name.type not in _TYPES:
            continue
        word = name.surface
        if " " in word and name.type is EntityType.PERSON:
            word = word.rpartition(" ")[2]
        if word.isalnum() and len(word) >= _SHORTEST:
            counts.setdefault(word, Counter())[name.type] += 1
    # `most_common` keeps the order of first appearance where counts are equal.
    return {word: count.most_common(1)[0][0] for word, count in counts.items()}
