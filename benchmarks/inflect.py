"""Writes out the forms of names of territories that grammar makes: what people and things are called in German and the Romance languages, and the
cases of Russian.

Before: ("fr", "iranien"). After: iranien, iraniens, iranienne, iraniennes.
Rules of school grammars; irregular words stand in full in the tables.
"""

from __future__ import annotations

_VOWELS = "aeiouáéíóú"
_ACCENTLESS = str.maketrans("áéíóú", "aeiou")


def demonym_forms(language: str, word: str) -> tuple[str, ...]:
    """The forms of a demonym in its base form; itself alone for languages without rules here."""
    rules = {"de": _german, "fr": _french, "es": _spanish, "pt": _portuguese, "it": _italian, "ru": _russian_adjective}
    return tuple(dict.fromkeys(rules[language](word))) if language in rules else (word,)


def russian_cases(name: str) -> tuple[str, ...]:
    """A Russian name of one word in its cases, by its ending; others stay as they are."""
    if not name.isalpha() or not "а" <= name[-1] <= "я" or len(name) < 4:
        return (name,)
    stem, last = name[:-1], name[-1]
    if name.endswith("ия"):
        return (name, stem + "и", stem + "ю", stem + "ей")
    if last == "а":
        genitive = stem + ("и" if stem[-1] in "гкхжчшщ" else "ы")
        return (name, genitive, stem + "е", stem + "у", stem + "ой")
    if last == "я":
        return (name, stem + "и", stem + "е", stem + "ю", stem + "ей")
    if last == "й":
        return (name, stem + "я", stem + "ю", stem + "ем", stem + "е")
    if last == "ь":
        return (name, stem + "и", stem + "ю", name + "ю", stem + "я", stem + "ем", stem + "е")
    if last in "бвгджзклмнпрстфхцчшщ":
        return (name, name + "а", name + "у", name + "ом", name + "е")
    return (name,)


def _german(word: str) -> list[str]:
    if not word[0].isupper() or word.startswith("US-am"):
        return [word, *(word + ending for ending in ("e", "er", "en", "es", "em"))]
    if word.endswith("er"):
        return [word, word + "n", word + "s", word + "in", word + "innen"]
    if word.endswith("e"):
        return [word, word + "n", word[:-1] + "in", word[:-1] + "innen"]
    return [word, word + "n", word + "in", word + "innen"]


def _french(word: str) -> list[str]:
    for ending, feminine in (
        ("ien", "ienne"),
        ("éen", "éenne"),
        ("grec", "grecque"),
        ("turc", "turque"),
        ("ain", "aine"),
    ):
        if word.endswith(ending):
            stem = word[: -len(ending)] + feminine
            return [word, word + "s", stem, stem + "s"]
    if word.endswith("e"):
        return [word, word + "s"]
    return [word, word + "e", word + "es"] if word.endswith("s") else [word, word + "s", word + "e", word + "es"]


def _spanish(word: str) -> list[str]:
    if word.endswith("o"):
        return [word, word + "s", word[:-1] + "a", word[:-1] + "as"]
    if word[-1] in "íú":
        return [word, word + "es", word + "s"]
    if word[-1] in _VOWELS:
        return [word, word + "s"]
    stem = word[:-2] + word[-2:].translate(_ACCENTLESS)
    return [word, stem + "es", stem + "a", stem + "as"]


def _portuguese(word: str) -> list[str]:
    if word.endswith("o") and not word.endswith("ão"):
        return [word, word + "s", word[:-1] + "a", word[:-1] + "as"]
    if word.endswith("ão"):
        return [word, word[:-2] + "ães", word[:-1], word[:-1] + "s"]
    if word.endswith("ês"):
        return [word, word[:-2] + "eses", word[:-2] + "esa", word[:-2] + "esas"]
    if word.endswith("ol"):
        return [word, word[:-2] + "óis", word + "a", word + "as"]
    return [word, word + "s"]


def _italian(word: str) -> list[str]:
    if word.endswith("co"):
        return [word, word[:-1] + "hi", word[:-1] + "i", word[:-1] + "a", word[:-1] + "he"]
    if word.endswith("o"):
        return [word, word[:-1] + "i", word[:-1] + "a", word[:-1] + "e"]
    return [word, word[:-1] + "i"]


def _russian_adjective(word: str) -> list[str]:
    stem = word[:-2]
    return [word, *(stem + ending for ending in ("ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими"))]
