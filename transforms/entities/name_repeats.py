"""Finds further places where an article repeats a name of one word, or the surname of a person it named in full.

Before: "Lena Orlova arrived. … Orlova power was felt."  After: also the second "Orlova", a person.
A word that the article writes in lower case as well is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from schemas.entities import EntityType, FoundName, MentionMethod
from transforms.entities.name_runs import Run
from transforms.entities.tokens import Tokens

_TYPES = frozenset((EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE))
_SHORTEST = 3
"""Letters: shorter words are too often something else."""
_surface, _surface_and_type = attrgetter("surface"), attrgetter("surface", "type")


def with_repeats(found: Sequence[FoundName], tokens: Tokens, runs: Sequence[Run]) -> list[FoundName]:
    """`found` (in order, not overlapping) with the repeats, in order, not overlapping."""
    types = _types_of_words(found)
    if not types:
        return list(found)
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    everything = frozenset(words)
    types = {word: kind for word, kind in types.items() if word.lower() not in everything}
    added: list[FoundName] = []
    at = 0
    for place in [place for run in runs for place in range(run.first, run.end) if words[place] in types]:
        start, end = starts[place], ends[place]
        while at < len(found) and found[at].end <= start:
            at += 1
        if at >= len(found) or found[at].start >= end:
            word = words[place]
            added.append(FoundName(start, end, word, types[word], MentionMethod.CHUNK))
    return sorted((*found, *added)) if added else list(found)


def with_one_type(found: Sequence[FoundName]) -> list[FoundName]:
    """`found` with one type for each surface: the most frequent, the first where two are equally frequent."""
    if len(set(map(_surface_and_type, found))) == len(set(map(_surface, found))):
        return list(found)
    counts: dict[str, Counter[EntityType]] = {}
    for name in found:
        counts.setdefault(name.surface, Counter())[name.type] += 1
    return [
        name if len(counts[name.surface]) == 1 else name._replace(type=counts[name.surface].most_common(1)[0][0])
        for name in found
    ]


def _types_of_words(found: Sequence[FoundName]) -> dict[str, EntityType]:
    """Words that name something by themselves, with the type they have most often; a person's surname is a person."""
    counts: dict[str, dict[EntityType, int]] = {}
    for name in found:
        kind = name.type
        if kind not in _TYPES:
            continue
        word = name.surface
        if kind is EntityType.PERSON and " " in word:
            word = word.rpartition(" ")[2]
        if word.isalnum() and len(word) >= _SHORTEST:
            known = counts.setdefault(word, {})
            known[kind] = known.get(kind, 0) + 1
    # Of equal counts the first: dicts keep their order.
    return {word: max(count, key=count.__getitem__) for word, count in counts.items()}
