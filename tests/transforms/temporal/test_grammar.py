"""Every form of the grammars against its own example and counterexample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from configs.toml import read_toml
from schemas.entities import DateAnchor
from transforms.temporal.find_dates import TemporalRules, find_dates, forms_in
from transforms.temporal.grammar import load_grammar

RULES = TemporalRules.load()


def _forms() -> Iterator[tuple[str, str, str, str]]:
    for file in ("any", *sorted(RULES.languages)):
        table: Any = read_toml(f"temporal/{file}.toml")
        for form in table.get("form", ()):
            yield form["id"], form.get("language", file), form["example"], form["counterexample"]


@pytest.mark.parametrize(("form", "language", "example", "counterexample"), list(_forms()))
def test_a_form_and_its_examples(form: str, language: str, example: str, counterexample: str) -> None:
    assert form in forms_in(example, language, RULES)
    assert form not in forms_in(counterexample, language, RULES)


@pytest.mark.parametrize("language", sorted(RULES.languages - {"en"}))
def test_a_language_and_its_examples(language: str) -> None:
    table: Any = read_toml(f"temporal/{language}.toml")
    told = DateAnchor(date(2020, 8, 23))
    assert find_dates(table["example"], language, told, RULES)
    assert not find_dates(table["counterexample"], language, told, RULES)


def test_form_ids_are_unique() -> None:
    ids = [form for form, *_ in _forms()]
    assert len(set(ids)) == len(ids)


def test_every_language_with_words_compiles() -> None:
    table: Any = read_toml("temporal/words.toml")
    for language in table["words"]:
        assert load_grammar(language).by_digits
