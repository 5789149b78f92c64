"""Runs the examples of alias files: each example must name its entity, each counterexample must not.

Before: an entity "Putin" with the counterexample "Ms Putin's bakery". After: nothing, or "mine.jsonl:3: counterexample: …".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.entities.alias_entity import AliasEntity, Problem
from transforms.entities.aliases import find_aliases
from transforms.entities.store import AliasStore
from transforms.entities.tokens import tokenize


def check_examples(entities: Iterable[AliasEntity], store: AliasStore) -> Iterator[Problem]:
    """The sentences that `store` does not treat as their lines say. They are read as of unknown language and day."""
    for entity in entities:
        for key, sentences, wanted in (
            ("example", entity.examples, True),
            ("counterexample", entity.counterexamples, False),
        ):
            for sentence in sentences:
                found = find_aliases(tokenize(sentence), "und", store, None)
                named = [name.surface for name in found if name.entity and name.entity.id == entity.id]
                if bool(named) is not wanted:
                    others = ", ".join(f"{name.surface!r} as {name.entity.id}" for name in found if name.entity)
                    what = f"names it as {named[0]!r}" if named else f"does not name it; found is {others or 'nothing'}"
                    yield Problem(entity.file, entity.line, key, f"{sentence!r} {what}")
