"""Turns a name that is written surname first.

Before: "Roe, Jane A.". After: "Jane A. Roe". "Roe, Springfield" and "Roe, Jane and John Doe" stay: a place or several people may
be meant. What given names are stands in configs/bylines.toml.
"""

from __future__ import annotations

import re

from transforms.author_words import AuthorWords

_INVERTED = re.compile(r"((?:[^\W\d_]['’]?[\w'’-]* ){0,2}[^\W\d_][\w'’-]*), ((?:[^\W\d_][\w'’-]*\.? ?){1,3})")


def turn_around(text: str, words: AuthorWords, *, surely: bool = False) -> str:
    """`text` with the given name first, if all of it is one inverted name; else as it is.

    One comma, a surname before it, a common given name behind it. `surely` says that the source writes names so, as library
    catalogues do: then any given name counts.
    """
    match = _INVERTED.fullmatch(text.strip()) if text.count(",") == 1 else None
    if match is None:
        return text
    surname, given = match.group(1), match.group(2).strip()
    first = given.split()[0].lower()
    if not surely and (" " in surname or surname.lower() in words.given_names or first not in words.given_names):
        return text
    parts = {word.lower().strip(".") for word in (*surname.split(), *given.split())}
    known = words.occupations | words.organization_words | words.unnamed_words | words.degrees | set(words.joiners)
    return text if parts & (known - words.given_names - words.particles) else f"{given} {surname}"
