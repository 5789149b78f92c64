"""Links the persons of one article: spelling variants of a full name, and surnames to the one person who bears them.

Before: "Amir Hatami", "Sergey Shoygu", "Hatami", "Sergei Shoigu"  After: the third is the first, the fourth the second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.entities import AliasKind, Entity, EntityType, FoundName, MentionMethod
from transforms.entities.bearers import Person, base_names, bearers_of, with_endings, words_of
from transforms.entities.known_names import KnownNames
from transforms.entities.link_rules import LinkRules
from transforms.entities.local_id import local_id
from transforms.entities.name_key import name_key, word_key
from transforms.entities.same_name import same_name
from transforms.entities.spans import first_token, next_token
from transforms.entities.tokens import Tokens

Surnames = Mapping[tuple[str, ...], tuple[Entity, ...]]
"""Who bears a short form: see `bearers`."""


def behind_places(found: Sequence[FoundName], tokens: Tokens, rules: LinkRules) -> list[FoundName]:
    """`found` with "ambassador to Valleyland Ann Roe" as two names, the place and the person, where a list has the place."""
    places = {
        (name.start, name.end) for name in found if name.entity is not None and name.entity.type is EntityType.PLACE
    }
    ends = dict(places)
    parted: list[FoundName] = []
    for name in found:
        end = ends.get(name.start)
        if name.entity is None and end is not None and end < name.end and tokens.text[end] == " ":
            before = first_token(tokens, name) - 1
            titled = (
                before > 0 and tokens.words[before] in rules.small and tokens.words[before - 1].lower() in rules.titles
            )
            rest = tokens.text[end + 1 : name.end]
            if titled and len(words_of(rest)) > 1:
                name = name._replace(start=end + 1, surface=rest, type=EntityType.PERSON)
        parted.append(name)
    return parted


def without_title(name: FoundName, tokens: Tokens, rules: LinkRules) -> FoundName:
    """An unknown person's name without titles before it: "President Ann Roe" → "Ann Roe"."""
    if not _is_unknown_person(name):
        return name
    first, beyond = first_token(tokens, name), next_token(tokens, name)
    words = tokens.words
    titles = [place for place in range(first, beyond - 1) if words[place].lower() in rules.titles]
    if not titles:
        return name
    place = titles[-1] + 1
    if words[place].lower() in rules.small and place + 2 < beyond:
        place += 2  # "Secretary of State Ann Roe"
    start = tokens.starts[place]
    return name._replace(start=start, surface=tokens.text[start : name.end])


def persons_in(names: Iterable[FoundName], known: KnownNames, language: str, rules: LinkRules) -> dict[str, Person]:
    """Who is named in full, by the surface of the name: those of lists first, then unknown ones, each with one entity.

    A spelling variant of a person already there is that person; else of a person of the store, if of one only.
    """
    persons: dict[str, Person] = {}
    for name in names:
        if name.entity is not None and name.entity.type is EntityType.PERSON and name.type is EntityType.PERSON:
            for full in (name.surface, name.entity.name):
                words = words_of(full)
                if len(words) > 1:
                    persons.setdefault(full, Person(words, name.entity, word_key(words[-1])))
    unknown = {name.surface: words_of(name.surface) for name in names if _is_unknown_person(name)}
    spelled = {surface: base_names(surface, language, rules) for surface, words in unknown.items() if len(words) > 1}
    bases = {form for forms in spelled.values() for form in forms[1:]}
    # The longest first; of two cases of one name the first one.
    for surface in sorted(spelled, key=lambda surface: (-len(unknown[surface]), surface not in bases)):
        words = unknown[surface]
        if any(len(person.words) > len(words) and person.words[-len(words) :] == words for person in persons.values()):
            continue  # "Amir Abdollahian" of "Hossein Amir Abdollahian": a surname.
        key = word_key(words[-1])
        same: dict[str, Entity] = {}
        for form in spelled[surface]:
            same = _same_here(form, persons) or {
                entity.id: entity for entity in known.by_name_key(name_key(form)) if same_name(form, entity.name)
            }
            if same:
                break
        entity = next(iter(same.values())) if len(same) == 1 else Entity(local_id(surface), surface, EntityType.PERSON)
        persons[surface] = Person(words, entity, key)
    return persons


def _same_here(name: str, persons: Mapping[str, Person]) -> dict[str, Entity]:
    """The persons of the article whose name `name` is a spelling of, by id."""
    key = word_key(words_of(name)[-1])
    return {
        person.entity.id: person.entity
        for other, person in persons.items()
        if person.key == key and same_name(name, other)
    }


def _is_unknown_person(name: FoundName) -> bool:
    return name.entity is None and name.type is EntityType.PERSON


def with_person(name: FoundName, persons: Mapping[str, Person]) -> FoundName:
    """An unknown person's name with its entity, where it is one in full."""
    person = persons.get(name.surface) if _is_unknown_person(name) else None
    if person is None:
        return name
    plain = person.entity.id == local_id(name.surface)
    return name._replace(entity=person.entity, method=MentionMethod.CHUNK if plain else MentionMethod.VARIANT)


def with_surname(name: FoundName, surnames: Surnames, tokens: Tokens, language: str, rules: LinkRules) -> FoundName:
    """An unknown name that is the surname of one person in the article, as that person."""
    listed = name.entity is not None
    if (listed and name.type is EntityType.PERSON) or (not _is_unknown_person(name) and " " in name.surface):
        return name
    if listed and not (_may_be_surname(name, tokens, rules) or _is_titled(name, tokens, rules)):
        return name
    known = bearers_of(name.surface, surnames, language, rules)
    if len(known) != 1:
        return name
    return name._replace(type=EntityType.PERSON, method=MentionMethod.SURNAME, kind=AliasKind.NAME, entity=known[0])


def _is_titled(name: FoundName, tokens: Tokens, rules: LinkRules) -> bool:
    """Whether a title of persons stands before a name that a list has as another thing: "Mr Jordan"."""
    before = first_token(tokens, name) - 1
    return before >= 0 and tokens.words[before].lower() in rules.person_titles


def _may_be_surname(name: FoundName, tokens: Tokens, rules: LinkRules) -> bool:
    """Whether a town's name may be a surname where it stands: not behind "in" or "the", nor before another name or "Roe, Texas".
    Countries, and capitals that stand for them, are named for themselves."""
    if not _is_town(name) or " " in name.surface:
        return False
    before, behind = first_token(tokens, name) - 1, next_token(tokens, name)
    opens = before < 0 or tokens.opens[before + 1]
    if not opens and tokens.words[before].lower() in rules.town_behind:
        return False
    gap = tokens.text[name.end : tokens.starts[behind]] if behind < len(tokens.words) else ""
    return not gap.startswith("-") and not (gap in (" ", ", ") and tokens.words[behind][0].isupper())


def with_one_sense(
    before: Sequence[FoundName], after: Sequence[FoundName], tokens: Tokens, rules: LinkRules
) -> list[FoundName]:
    """`after` with a town's name as a surname throughout, where `with_surname` made it one in more places of the article than not, and
    none of the rest says "in" it."""
    read = {
        new.surface: new
        for old, new in zip(before, after, strict=True)
        if old.entity and new.method is MentionMethod.SURNAME
    }
    if not read:
        return list(after)
    count = Counter(name.surface for name in after if name.method is MentionMethod.SURNAME)
    left = [name for name in after if _is_town(name) and name.surface in read]
    towns = Counter(name.surface for name in left)
    surely = {
        name.surface
        for name in left
        if (place := first_token(tokens, name)) and tokens.words[place - 1].lower() in rules.town_surely
    }
    return [
        name._replace(type=EntityType.PERSON, method=MentionMethod.SURNAME, entity=read[name.surface].entity)
        if _is_town(name)
        and name.surface in read
        and name.surface not in surely
        and count[name.surface] > towns[name.surface]
        else name
        for name in after
    ]


def _is_town(name: FoundName) -> bool:
    return (
        name.entity is not None
        and name.entity.iso_code is None
        and name.type is EntityType.PLACE
        and name.kind is AliasKind.NAME
    )


def bare_surnames(
    names: Sequence[FoundName], tokens: Tokens, surnames: Surnames, language: str, rules: LinkRules
) -> list[FoundName]:
    """Surnames that no finder has: at the start of a sentence, where every word has a capital."""
    if not surnames:
        return []
    written: set[str] = set()
    for name in names:
        if name.entity is not None and name.entity.type is EntityType.PERSON:
            written.update(tokens.words[first_token(tokens, name) : next_token(tokens, name)])
            written.update(name.entity.name.split())
    forms = with_endings(written, language, rules)
    bearer = {}
    for word in forms.intersection(tokens.words):
        if len(word) > 1 and word[0].isupper():
            entities = bearers_of(word, surnames, language, rules)
            if len(entities) == 1:
                bearer[word] = entities[0]
    if not bearer:
        return []
    starts = [name.start for name in names]
    added: list[FoundName] = []
    for place in [place for place, word in enumerate(tokens.words) if word in bearer]:
        word = tokens.words[place]
        start, end = tokens.starts[place], tokens.ends[place]
        index = bisect_left(starts, end)
        if (index and names[index - 1].end > start) or not _stands_alone(place, tokens, language, rules):
            continue
        added.append(
            FoundName(start, end, word, EntityType.PERSON, MentionMethod.SURNAME, AliasKind.NAME, bearer[word])
        )
    return added


def _stands_alone(place: int, tokens: Tokens, language: str, rules: LinkRules) -> bool:
    """Whether the word at `place` is no part of a longer name, nor a word that happens to be a surname."""
    text, words = tokens.text, tokens.words
    before = (
        words[place - 1] if place and text[tokens.ends[place - 1] : tokens.starts[place]] in (" ", "-", ". ") else ""
    )
    titled = before.lower() in rules.titles
    if before[:1].isupper() and not titled and not tokens.opens[place - 1]:
        return False
    # In German every noun has a capital.
    if (
        language[:2] != "de"
        and place + 1 < len(words)
        and text[tokens.ends[place] : tokens.starts[place + 1]] in (" ", "-")
    ):
        after = words[place + 1]
        if after[0].isupper() and not after.isupper():
            return False
    if words[place].lower() in rules.word_surnames:
        return titled or not tokens.opens[place]
    return True
