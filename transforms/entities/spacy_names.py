"""Finds names by a spaCy model instead of the chunker: the tier `entities.ner = "spacy"`, an extra.

Before: "Ann Roe left Fenwick." After: person "Ann Roe", place "Fenwick", as `find_chunks` gives them.

Which model a language has stands in configs/mentions.toml. In a language without one the chunker finds the names, as ever.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from schemas.entities import EntityType, FoundName, MentionMethod
from schemas.errors import UsageError
from transforms.entities.chunks import ChunkRules, beside_taken, find_chunks
from transforms.entities.name_tiers import SPACY, spacy_models
from transforms.entities.tokens import Tokens

_TYPES: Mapping[str, EntityType] = {
    "PERSON": EntityType.PERSON,
    "PER": EntityType.PERSON,
    "ORG": EntityType.ORGANIZATION,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "FAC": EntityType.PLACE,
    "EVENT": EntityType.EVENT,
}


def find_spacy_names(
    tokens: Tokens, language: str, taken: Sequence[FoundName] = (), rules: ChunkRules | None = None
) -> tuple[FoundName, ...]:
    """The names in a text as spaCy marks them, without entities; what `taken` covers is left out as by `find_chunks`.

    Raises UsageError where spaCy or the language's model is not installed.
    """
    rules = rules or ChunkRules.load()
    model = spacy_models().get(language[:2])
    if model is None:
        return find_chunks(tokens, language, taken, rules)
    found = []
    for span in _pipeline(model)(tokens.text).ents:
        kind = _TYPES.get(span.label_)
        start, end = span.start_char, span.end_char
        if kind is not None and "\n" not in tokens.text[start:end]:
            found.append(FoundName(start, end, tokens.text[start:end], kind, MentionMethod.CHUNK))
    return beside_taken(found, taken, language, rules)


@lru_cache(maxsize=8)
def _pipeline(model: str) -> Any:
    spacy = importlib.import_module(SPACY)
    try:
        return spacy.load(model, disable=["lemmatizer", "parser", "tagger", "attribute_ruler"])
    except OSError as error:
        raise UsageError(
            f"entities.ner is 'spacy', but its model {model} is not installed: python -m spacy download {model}"
        ) from error
