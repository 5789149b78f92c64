"""Who bears a surname in an article: full names → the short forms by which the article may go on naming them.

Before: "Hossein Amir Abdollahian"  After: ("amir", "abdollahian") and ("abdollahian",) mean him; of "Kim Jong-un" ("kim",) does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from schemas.entities import Entity
from transforms.entities.link_rules import LinkRules
from transforms.entities.local_id import spelled_words
from transforms.entities.name_rules import NameRules


class Person(NamedTuple):
    """A person whom an article names in full: the words of one of the full names, as ids spell them, and the
    `word_key` of the last."""

    words: tuple[str, ...]
    entity: Entity
    key: str


def short_forms(words: tuple[str, ...], language: str, rules: LinkRules) -> list[tuple[str, ...]]:
    """The shorter names that a bearer of `words` (in the spelling of ids) may go by, longest first."""
    forms = [words[place:] for place in range(1, len(words)) if len(words[-1]) > 1]
    if 2 <= len(words) <= 3 and is_family_first(words, rules):
        forms = [*forms[:-1], words[:1]]
    elif len(words) > 2 and language[:2] in ("es", "pt") and len(words[-2]) > 1:
        forms.append(words[-2:-1])  # Of two surnames the first is the one in use.
    return forms


def is_family_first(words: tuple[str, ...], rules: LinkRules) -> bool:
    """Whether a name begins with the family's, as Chinese and Korean names do."""
    if words[0] in rules.korean and len(words) == 3:
        return True
    return words[0] in rules.chinese and words[-1] not in rules.chinese and all(len(word) <= 8 for word in words)


def bearers(persons: Iterable[Person], language: str, rules: LinkRules) -> Mapping[tuple[str, ...], tuple[Entity, ...]]:
    """For each short form the persons who bear it, each once, in the order of `persons`."""
    found: dict[tuple[str, ...], dict[str, Entity]] = {}
    for person in persons:
        for form in short_forms(person.words, language, rules):
            found.setdefault(form, {}).setdefault(person.entity.id, person.entity)
    return {form: tuple(entities.values()) for form, entities in found.items()}


@lru_cache(maxsize=16384)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a person's name as ids spell them, without initials before others and without a small word that it begins
    with in lower case: "de Roe" is a surname."""
    first, _, rest = name.partition(" ")
    while rest and first.islower() and first in NameRules.load().inner_particles:
        first, _, rest = (name := rest).partition(" ")
    words = spelled_words(name)
    return tuple(word for word in words if len(word) > 1) or words


def bearers_of(
    name: str, surnames: Mapping[tuple[str, ...], tuple[Entity, ...]], language: str, rules: LinkRules
) -> tuple[Entity, ...]:
    """The persons whom a surname in a sentence can mean, with the endings that the language adds taken off."""
    found = surnames.get(words_of(name), ())
    if found:
        return found
    for ending, base in rules.endings.get(language[:2], ()):
        if name.endswith(ending) and len(name) > len(ending) + 2:
            found = surnames.get(words_of(name[: -len(ending)] + base), ())
            if found:
                return found
    return ()


def base_names(name: str, language: str, rules: LinkRules) -> list[str]:
    """`name`, then what it can be without the endings of the language ("Сергея Лаврова" → "Сергей Лавров"), at most 64 in all."""
    endings = rules.endings.get(language[:2], ())
    words = name.split()
    if not endings or language[:2] not in rules.inflected or not 2 <= len(words) <= 3:
        return [name]
    forms = [
        [
            word,
            *(
                word[: -len(ending)] + base
                for ending, base in endings
                if word.endswith(ending) and len(word) > len(ending) + 2
            ),
        ]
        for word in words
    ]
    return [" ".join(chosen) for chosen in islice(product(*forms), 64)]


def with_endings(words: Iterable[str], language: str, rules: LinkRules) -> set[str]:
    """`words` as a sentence may write them: as they are, in capitals, and with the endings of the language."""
    forms = set(words)
    for word in tuple(forms):
        forms.add(word.upper())
        for ending, base in rules.endings.get(language[:2], ()):
            if word.endswith(base):
                forms.add(word[: len(word) - len(base)] + ending)
    return forms
