"""Which tier finds the names that no list knows, and whether it is installed: "rules" (built in), or "spacy", an extra.

Before: `check_tier("spacy")`. After: nothing, or one line that says what to install.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import lru_cache

from configs.toml import read_toml
from schemas.errors import UsageError

SPACY = "spacy"
TIERS = ("rules", SPACY)
"""What `entities.ner` may be."""


@lru_cache(maxsize=1)
def spacy_models() -> Mapping[str, str]:
    """Language → name of its spaCy model, from configs/mentions.toml."""
    table = read_toml("mentions.toml")["spacy"]
    assert isinstance(table, Mapping)
    return {language: str(model) for language, model in table.items()}


def check_tier(name: str) -> None:
    """Raises UsageError, one line, where `name` is "spacy" and that, or its model for English, is not installed."""
    if name != SPACY:
        return
    model = spacy_models()["en"]
    missing = next((each for each in (SPACY, model) if importlib.util.find_spec(each) is None), None)
    if missing:
        raise UsageError(
            f"entities.ner is 'spacy', but {missing} is not installed; pip install 'copydesk[spacy]', then "
            f"python -m spacy download {model}"
        )
